//! How far a sync has come, as plain data to be kept with the copy. A caller who stores it together with its batch loses nothing by
//! any crash, and resuming with it repeats nothing that its keys remember.

use super::keyset::Position;
use super::reading::Reading;
use crate::time::calendar::{from_stamp, stamp};

/// More keys than this are not kept: rows of an older second of the overlap then come once more in the next run.
const MOST_KEYS: usize = 2000;

/// The form of this data; another number is another form.
const FORM: u8 = 1;

/// Where to go on.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Checkpoint {
    /// The form of this data.
    pub form: u8,
    /// The fingerprint of table, query, fields and form of values.
    pub query: String,
    /// The last row handed over.
    pub rows: Option<Position>,
    /// Whether rows that were never stamped have been read.
    pub unstamped_read: bool,
    /// Deletions up to this moment have been handed over.
    pub deletions: String,
    /// The versions of rows that were handed over within the overlap.
    pub row_keys: Vec<Delivered>,
    /// The records of deletions that were handed over within the overlap.
    pub deletion_keys: Vec<Delivered>,
}

/// One version of a row.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delivered {
    /// Its `sys_id`.
    pub id: String,
    /// When it was written.
    pub at: String,
    /// Its `sys_mod_count`; two changes within a second differ in nothing else.
    pub changes: String,
}

/// Why a checkpoint cannot be resumed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidCheckpoint {
    /// Another reading.
    #[error(
        "The checkpoint belongs to another table, query, list of fields or form of values. Pass the options it was made with, or begin without it"
    )]
    OtherQuery,
    /// Not what a sync has written.
    #[error("Invalid checkpoint: {0}. Pass what a batch has, unchanged, or begin without it")]
    Unreadable(&'static str),
}

impl Checkpoint {
    /// Before the first row. Deletions count from `now` on, the instance's own time: what was deleted before is in no copy.
    #[must_use]
    pub fn begin(reading: &Reading, now: &str) -> Self {
        Self {
            form: FORM,
            query: fingerprint(reading),
            rows: None,
            unstamped_read: false,
            deletions: now.to_owned(),
            row_keys: Vec::new(),
            deletion_keys: Vec::new(),
        }
    }

    /// Whether a sync of this reading can go on from here.
    ///
    /// # Errors
    /// Why it cannot.
    pub fn check(&self, reading: &Reading) -> Result<(), InvalidCheckpoint> {
        let readable = |text: &str| from_stamp(text).is_some();
        match () {
            () if self.form != FORM => Err(InvalidCheckpoint::Unreadable("its form is another")),
            () if self.query != fingerprint(reading) => Err(InvalidCheckpoint::OtherQuery),
            () if !self.rows.as_ref().is_none_or(|row| readable(&row.value)) || !readable(&self.deletions) => {
                Err(InvalidCheckpoint::Unreadable("a moment in it is none"))
            }
            () => Ok(()),
        }
    }
}

/// Remembers a version once.
pub(super) fn remember(keys: &mut Vec<Delivered>, version: Delivered) {
    if !keys.contains(&version) {
        keys.push(version);
    }
}

/// Forgets what lies before `from`, and the oldest when there are too many.
pub(super) fn forget(keys: &mut Vec<Delivered>, from: &str) {
    keys.retain(|key| key.at.as_str() >= from);
    if keys.len() > MOST_KEYS {
        keys.sort_by(|one, other| one.at.cmp(&other.at));
        keys.drain(..keys.len() - MOST_KEYS);
    }
}

/// The moment `seconds` earlier. A text that is no moment stays as it is.
pub(super) fn before(moment: &str, seconds: u64) -> String {
    from_stamp(moment).map_or_else(|| moment.to_owned(), |at| stamp(at.saturating_sub(seconds)))
}

/// FNV-1a over what decides which rows come and what is in them.
pub(super) fn fingerprint(reading: &Reading) -> String {
    // Every field is named: a new one must be hashed, or left out knowingly.
    let Reading { table, query, fields, display_value, page_size: _, limit: _ } = reading;
    let form = [b'0' + *display_value as u8];
    let parts = [table.as_bytes(), query.as_bytes(), fields.as_bytes(), &form];
    let mut hash = 0xCBF2_9CE4_8422_2325_u64;
    for byte in parts.into_iter().flat_map(|part| part.iter().chain(&[0])) {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01B3);
    }
    let digit = |place: u32| char::from_digit((hash >> (place * 4)) as u32 & 15, 16).unwrap_or('0');
    (0..16).rev().map(digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(query: &str) -> Reading {
        Reading { query: query.to_owned(), ..Reading::of("incident".to_owned()) }
    }

    #[test]
    fn checkpoint_is_plain_json_and_belongs_to_one_reading() {
        let checkpoint = Checkpoint::begin(&reading("active=true"), "2026-03-01 12:00:00");
        let text = serde_json::to_string(&checkpoint).unwrap();
        assert_eq!(serde_json::from_str::<Checkpoint>(&text).unwrap(), checkpoint);
        assert_eq!(checkpoint.check(&reading("active=true")), Ok(()));
        assert_eq!(checkpoint.check(&reading("active=false")), Err(InvalidCheckpoint::OtherQuery));
        let fields = Reading { fields: "number".to_owned(), ..reading("active=true") };
        assert_eq!(checkpoint.check(&fields), Err(InvalidCheckpoint::OtherQuery));
        let shifted = Reading { query: "t".to_owned(), ..Reading::of("inciden".to_owned()) };
        assert_ne!(fingerprint(&shifted), fingerprint(&reading("")));
    }

    #[test]
    fn checkpoint_that_was_tampered_with_is_refused() {
        let good = Checkpoint::begin(&reading(""), "2026-03-01 12:00:00");
        let position = Some(Position { value: "01/03/2026 12:00".to_owned(), id: "a".to_owned() });
        for bad in [
            Checkpoint { form: 2, ..good.clone() },
            Checkpoint { rows: position, ..good.clone() },
            Checkpoint { deletions: "^NQactive=true".to_owned(), ..good },
        ] {
            assert!(matches!(bad.check(&reading("")), Err(InvalidCheckpoint::Unreadable(_))));
        }
    }

    #[test]
    fn no_more_keys_are_kept_than_fit_and_the_newest_are() {
        let mut keys = vec![];
        for number in 0..3000_u64 {
            let (id, at) = (number.to_string(), stamp(1_700_000_000 + number / 100));
            remember(&mut keys, Delivered { id, at, changes: "0".to_owned() });
        }
        forget(&mut keys, &stamp(1_700_000_000));
        assert_eq!((keys.len(), keys[0].at.clone()), (MOST_KEYS, stamp(1_700_000_010)));
        forget(&mut keys, &stamp(1_700_000_029));
        assert_eq!(keys.len(), 100);
    }
}
