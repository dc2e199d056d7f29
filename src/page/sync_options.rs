//! What a sync keeps up to date, and why it cannot begin.

use super::checkpoint::InvalidCheckpoint;
use super::reading::Reading;
use crate::code::Code;

/// What is to be kept up to date, and how.
#[derive(Debug, Clone)]
pub struct Options {
    /// The rows. Its limit and its query's order are of no account.
    pub reading: Reading,
    /// The tables under whose names deletions are on record: the real class of a row, so a parent's name finds none of its
    /// children's. Empty when deletions are not to be read.
    pub classes: Vec<String>,
    /// Seconds before the last row that are read again.
    pub overlap: u64,
    /// Seconds before the instance's time at which a run ends.
    pub lag: u64,
}

impl Options {
    /// With the usual overlap of 2 s and lag of 1 s, and the deletions of the table itself.
    #[must_use]
    pub fn of(reading: Reading) -> Self {
        Self { classes: vec![reading.table.clone()], reading, overlap: 2, lag: 1 }
    }
}

/// Why a sync cannot begin, or has to stop.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CannotSync {
    /// The checkpoint does not fit.
    #[error(transparent)]
    Checkpoint(#[from] InvalidCheckpoint),
    /// No bound can be put into the query.
    #[error(
        "Invalid option `query`: its ^NQ groups are not certain. Pass a query whose groups `sysparm/query` can read"
    )]
    Query,
    /// Labels hold times in the user's own time zone.
    #[error("Invalid option `displayValue`: a sync needs stored values. Pass false or \"all\"")]
    Labels,
    /// A field access rule hides what the sync goes by.
    #[error("Rows come without sys_id or sys_updated_on. Grant this user read access to both fields")]
    KeysHidden,
}

impl CannotSync {
    /// Stable.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::Checkpoint(InvalidCheckpoint::OtherQuery) => Code::SYNC_OTHER_QUERY,
            Self::Checkpoint(InvalidCheckpoint::Unreadable(_)) => Code::SYNC_CHECKPOINT,
            Self::Query => Code::SYNC_QUERY,
            Self::Labels => Code::SYNC_LABELS,
            Self::KeysHidden => Code::SYNC_KEYS_HIDDEN,
        }
    }
}
