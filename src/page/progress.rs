//! How far a run of a sync is, and what it knows of deletions.

use crate::time::Millis;

/// What was learned about deletions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deletions {
    /// They are handed over, as far as the user may read them.
    Read,
    /// They are not on record any more since the last run: compare all identifiers.
    Trimmed,
    /// The user may not read `sys_audit_delete`, or they were not asked for.
    Unread,
}

/// Who may read deletions: the documentation names the role admin for the module Deleted Records ("Use the Deleted Records module to restore
/// a deleted record"), and `audit_viewer` reads other tables ("Granular admin roles for Audit tables").
pub(super) const CLOSED: &str = "Deletions are not read: this user may not read sys_audit_delete, so rows that were deleted may still be in the copy. The role admin reads it; for another user an administrator adds a read ACL on that table. reconcile() finds such rows without it.";

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SyncProgress {
    /// Rows of the run by the instance's count, before access rules.
    pub total: Option<u64>,
    /// Rows passed, those handed over before included.
    pub passed: u64,
    /// Of those, handed over by an earlier run.
    pub repeated: u64,
    /// Rows of the run that access rules hide; known at the end.
    pub hidden: Option<u64>,
    /// What is known of deletions.
    pub deletions: Deletions,
    /// Records of deletions that access rules hide; known once they have been read.
    pub hidden_deletions: Option<u64>,
    /// Whether the run is over and kept its promise.
    pub complete: bool,
    /// What the reading of the rows could not promise, or who may read the deletions that this user may not.
    pub caveat: Option<&'static str>,
}

impl SyncProgress {
    /// How long the rest will take, by the pace so far.
    #[must_use]
    pub fn remaining(&self, elapsed: Millis) -> Option<Millis> {
        // Hidden rows are counted and never pass: at the end nothing is left, whatever the difference.
        let left = if self.complete { 0 } else { self.total?.saturating_sub(self.passed) };
        let needed = u128::from(elapsed.0) * u128::from(left);
        Some(Millis(u64::try_from(needed / u128::from(self.passed.max(1))).unwrap_or(u64::MAX)))
            .filter(|_| self.passed > 0 || self.complete)
    }
}
