//! Compares a whole copy with its source: every identifier and version, by a walk through `sys_id` that reads nothing else.
//!
//! It finds what no stamp shows: rows deleted without a record, written without a stamp, restored with an old one, or out of sight
//! since an access rule changed. What is missing from the source may be called gone only when the walk was complete; where access
//! rules hide rows it may also be hidden, and [`Differences::certain`] says which.

use super::checkpoint::Delivered;
use super::facts::{Passed, Range};
use super::keyset::Key;
use super::reading::Reading;
use super::walk::Walk;
use crate::request::DisplayValue;

/// The walk of a reconciliation: give its pages' versions to [`differences`] when it is over. None when no bound can be put into
/// the query.
#[must_use]
pub fn reconciliation(reading: Reading) -> Option<Walk> {
    let fields = "sys_id,sys_updated_on,sys_mod_count".to_owned();
    let reading = Reading { fields, display_value: DisplayValue::Raw, limit: u64::MAX, ..reading };
    Walk::within(reading, Key::SYS_ID, Range::default(), None, false)
}

/// How a copy differs from its source. Identifiers, each kind in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Differences {
    /// In the source and not in the copy.
    pub missing: Vec<String>,
    /// In both, at another version.
    pub changed: Vec<String>,
    /// In the copy and not in the source, as far as the user may read it.
    pub gone: Vec<String>,
    /// Whether what is in `gone` was deleted: the walk was complete and no row is hidden.
    pub certain: bool,
    /// Rows of the source by its own count, before access rules.
    pub total: Option<u64>,
}

/// Compares what the walk brought with what the copy holds. Nothing is called gone after a walk that was not complete.
#[must_use]
pub fn differences(mut source: Vec<Delivered>, mut copy: Vec<Delivered>, end: &Passed) -> Differences {
    source.sort_unstable_by(|one, other| one.id.cmp(&other.id));
    copy.sort_unstable_by(|one, other| one.id.cmp(&other.id));
    let mut found =
        Differences { certain: end.complete && end.hidden == Some(0), total: end.total, ..Differences::default() };
    let mut held = copy.into_iter().peekable();
    for row in source {
        while let Some(gone) = held.next_if(|copied| copied.id < row.id) {
            found.gone.push(gone.id);
        }
        match held.next_if(|copied| copied.id == row.id) {
            None => found.missing.push(row.id),
            Some(copied) if copied != row => found.changed.push(row.id),
            Some(_) => {}
        }
    }
    found.gone.extend(held.map(|gone| gone.id));
    if !end.complete {
        found.gone.clear();
    }
    found
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    const END: Passed = Passed { keep: 0, seen: 0, total: Some(3), hidden: Some(0), complete: true, more: false };

    fn versions(rows: &BTreeMap<u8, u8>) -> Vec<Delivered> {
        let version = |(id, changes): (&u8, &u8)| Delivered {
            id: format!("{id:03}"),
            at: "2026-03-01 12:00:00".to_owned(),
            changes: changes.to_string(),
        };
        // Not in order: a copy has none.
        rows.iter().rev().map(version).collect()
    }

    #[test]
    fn only_identifiers_and_versions_are_read() {
        let reading = Reading { fields: "number,description".to_owned(), ..Reading::of("incident".to_owned()) };
        let path = reconciliation(reading).unwrap().path().unwrap();
        assert!(path.contains("sysparm_fields=sys_id%2Csys_updated_on%2Csys_mod_count&"), "{path}");
        assert!(path.contains("ORDERBYsys_id"), "{path}");
    }

    #[test]
    fn what_a_walk_did_not_see_is_gone_only_if_it_saw_everything() {
        let copy = versions(&BTreeMap::from([(1, 0), (2, 0)]));
        let gone = |end: &Passed| differences(versions(&BTreeMap::from([(1, 0)])), copy.clone(), end);
        assert_eq!((gone(&END).gone, gone(&END).certain), (vec!["002".to_owned()], true));
        let hidden = Passed { hidden: Some(4), ..END };
        assert_eq!((gone(&hidden).gone, gone(&hidden).certain), (vec!["002".to_owned()], false));
        let broken_off = Passed { complete: false, ..END };
        assert_eq!((gone(&broken_off).gone, gone(&broken_off).certain), (vec![], false));
    }

    proptest! {
        #[test]
        fn every_difference_is_found_and_nothing_else(
            source in prop::collection::btree_map(0_u8..60, 0_u8..3, 0..50),
            copy in prop::collection::btree_map(0_u8..60, 0_u8..3, 0..50),
        ) {
            let found = differences(versions(&source), versions(&copy), &END);
            let name = |id: &u8| format!("{id:03}");
            let missing: Vec<String> = source.keys().filter(|id| !copy.contains_key(*id)).map(name).collect();
            let gone: Vec<String> = copy.keys().filter(|id| !source.contains_key(*id)).map(name).collect();
            let changed = source.iter().filter(|(id, changes)| copy.get(*id).is_some_and(|held| held != *changes));
            let changed: Vec<String> = changed.map(|(id, _)| name(id)).collect();
            prop_assert_eq!((found.missing, found.gone, found.changed), (missing, gone, changed));
        }
    }
}
