//! What a comparison of a copy with its source finds, why it cannot go on, and where it stands, as plain data to be kept.

use super::checkpoint::{Delivered, InvalidCheckpoint};
use super::keyset::is_plain;
use crate::code::Code;

/// Identifiers handed over at a time: a copy can have a million rows that the source has not.
const MOST_FOUND: usize = 1000;

/// The form of [`Compared`]; another number is another form.
const FORM: u8 = 1;

/// How a copy differs from its source: identifiers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Differences {
    /// In the source and not in the copy.
    pub missing: Vec<String>,
    /// In both, at another version.
    pub stale: Vec<String>,
    /// In the copy, and not to be seen in the source.
    pub surplus: Vec<String>,
}

impl Differences {
    pub(super) fn is_full(&self) -> bool {
        self.missing.len() + self.stale.len() + self.surplus.len() >= MOST_FOUND
    }
}

/// What was compared so far, as plain data to be kept: where to go on. Its JSON is that of the npm package.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Compared {
    /// The form of this data.
    pub form: u8,
    /// The fingerprint of table and query.
    pub query: String,
    /// The last identifier compared; empty before the first.
    pub after: String,
    /// Rows of the source by its first count, before access rules.
    pub total: Option<u64>,
    /// Rows of the source compared.
    pub rows: u64,
    /// Identifiers found missing so far.
    pub missing: u64,
    /// Found stale.
    pub stale: u64,
    /// Found surplus.
    pub surplus: u64,
    /// Rows that differ and that the next sync will bring.
    pub pending: u64,
    /// Rows of the copy behind the last row of a walk that does not know whether it saw all.
    pub unknown: u64,
    /// Versions of the source that are set aside.
    pub source_aside: Vec<Delivered>,
    /// Versions of the copy that are.
    pub copy_aside: Vec<Delivered>,
}

/// Why a copy cannot be compared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CannotReconcile {
    /// The checkpoint does not fit.
    #[error(transparent)]
    Checkpoint(#[from] InvalidCheckpoint),
    /// No bound can be put into the query.
    #[error(
        "Invalid option `query`: its ^NQ groups are not certain. Pass a query whose groups `sysparm/query` can read"
    )]
    Query,
    /// The instance does not sort by `sys_id`, or shows none.
    #[error("Rows come without sys_id or not in its order. Grant this user read access to the field")]
    Order,
    /// The copy does not come in the order of its identifiers.
    #[error(
        "Invalid option `copy`: {0} comes after a later identifier, or twice. Pass the copy in the order of its identifiers"
    )]
    Copy(String),
    /// More than can be set aside.
    #[error(
        "Too many identifiers are not 32 hexadecimal digits. Compare a smaller part of the table, restricted by `query`"
    )]
    Aside,
}

impl CannotReconcile {
    /// Stable.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::Checkpoint(InvalidCheckpoint::OtherQuery) => Code::RECONCILE_OTHER_QUERY,
            Self::Checkpoint(InvalidCheckpoint::Unreadable(_)) => Code::RECONCILE_CHECKPOINT,
            Self::Query => Code::RECONCILE_QUERY,
            Self::Order => Code::RECONCILE_ORDER,
            Self::Copy(_) => Code::RECONCILE_COPY,
            Self::Aside => Code::RECONCILE_IDENTIFIERS,
        }
    }
}

impl Compared {
    pub(super) fn begin(query: String) -> Self {
        Self {
            form: FORM,
            query,
            after: String::new(),
            total: None,
            rows: 0,
            missing: 0,
            stale: 0,
            surplus: 0,
            pending: 0,
            unknown: 0,
            source_aside: vec![],
            copy_aside: vec![],
        }
    }

    pub(super) fn check(&self, query: &str) -> Result<(), InvalidCheckpoint> {
        match () {
            () if self.form != FORM => Err(InvalidCheckpoint::Unreadable("its form is another")),
            () if self.query != query => Err(InvalidCheckpoint::OtherQuery),
            () if !self.after.is_empty() && !is_plain(&self.after) => {
                Err(InvalidCheckpoint::Unreadable("its position is none"))
            }
            () => Ok(()),
        }
    }
}
