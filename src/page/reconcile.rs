//! Compares a whole copy with its source, by identifiers and versions: both in the order of `sys_id`, a page of each at a time.
//!
//! ```text
//!   source (a walk by sys_id) ---\
//!                                 merge --> missing, stale, surplus, pending --> over: what was set aside
//!   copy (in the order of ids) --/
//! ```
//!
//! It finds what no stamp shows: rows deleted without a record, written without a stamp, restored with an old one, or out of sight
//! since an access rule changed. What the copy has and the source does not show is surplus: it was deleted, it is hidden, or the
//! query no longer finds it, and which of these cannot be known from outside, unless nothing is hidden. A row that the next sync will
//! bring is pending and no difference. Where the walk ends without proof that it saw all, what the copy has behind the last row is
//! counted as unknown and never called surplus.
//!
//! Identifiers of 32 lower-case hexadecimal digits stand in one order in every database and in every copy. Others (`global`, those
//! of older imports) are sorted as the collation likes it: they are set aside, up to a bound, and compared when all is over.
//!
//! Its position is the last identifier that was compared, so a caller who resumes gives what the copy has behind it.
//!
//! How it is driven: while it is not over, ask for [`Reconcile::path`] where it [`Reconcile::wants_page`], hand over more of the copy
//! where it [`Reconcile::wants_copy`], and take [`Reconcile::found`] when there is something.

use std::iter::Peekable;
use std::vec::IntoIter;

use super::checkpoint::{Delivered, before, fingerprint};
use super::compared::{CannotReconcile, Compared, Differences};
use super::keyset::{Key, Position, is_plain};
use super::reading::Reading;
use super::types::{Page, PageError, Pagination, Range, RowKeys};
use super::walk::Walk;
use crate::request::DisplayValue;

/// Identifiers set aside, of each side.
const MOST_ASIDE: usize = 5000;

/// Seconds before a sync's last row that its next run reads again.
const OVERLAP_SECONDS: u64 = 2;

/// A comparison under way.
#[derive(Debug)]
pub struct Reconcile {
    walk: Walk,
    /// Rows written from this moment on will come with the next sync, but for those that it has brought; empty when there is none.
    pending_from: String,
    brought: Vec<Delivered>,
    compared: Compared,
    source: Peekable<IntoIter<Delivered>>,
    copy: Peekable<IntoIter<Delivered>>,
    latest_copied: String,
    copy_over: bool,
    complete: bool,
    over: bool,
    found: Differences,
}

impl Reconcile {
    /// A comparison from its beginning, or from where another one stopped. `synced_to` is the stamp of the last row that a sync has
    /// brought, and `brought` what it has within its overlap; empty when rows written since are to count as differences.
    ///
    /// # Errors
    /// Why it cannot begin.
    pub fn begin(
        reading: Reading,
        compared: Option<Compared>,
        synced_to: &str,
        brought: Vec<Delivered>,
    ) -> Result<Self, CannotReconcile> {
        let fields = "sys_id,sys_updated_on,sys_mod_count".to_owned();
        let reading = Reading { fields, display_value: DisplayValue::Raw, limit: u64::MAX, ..reading };
        let query = fingerprint(&reading);
        let compared = compared.unwrap_or_else(|| Compared::begin(query.clone()));
        compared.check(&query)?;
        let after = Some(&compared.after).filter(|after| !after.is_empty());
        let after = after.map(|after| Position { value: String::new(), id: after.clone() });
        let walk = Walk::within(reading, Key::SYS_ID, Range::default(), after, false).ok_or(CannotReconcile::Query)?;
        let pending_from = if synced_to.is_empty() { String::new() } else { before(synced_to, OVERLAP_SECONDS) };
        Ok(Self {
            walk,
            pending_from,
            brought,
            latest_copied: compared.after.clone(),
            compared,
            source: vec![].into_iter().peekable(),
            copy: vec![].into_iter().peekable(),
            copy_over: false,
            complete: false,
            over: false,
            found: Differences::default(),
        })
    }

    /// The path of the source's next page; none when it has been read.
    #[must_use]
    pub fn path(&self) -> Option<String> {
        self.walk.path()
    }

    /// The walk through the source: what it can be asked for ahead, and whether that joins.
    #[must_use]
    pub const fn walk(&self) -> &Walk {
        &self.walk
    }

    /// The same, to be given pages ahead.
    pub const fn walk_mut(&mut self) -> &mut Walk {
        &mut self.walk
    }

    /// Goes on as far as it can, and says whether it needs another page of the source.
    pub fn wants_page(&mut self) -> bool {
        self.merge();
        self.source.peek().is_none() && self.walk.path().is_some() && !self.found.is_full()
    }

    /// Whether it needs more of the copy.
    pub fn wants_copy(&mut self) -> bool {
        self.copy.peek().is_none() && !self.copy_over && !self.found.is_full()
    }

    /// Whether everything has been compared.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        self.over
    }

    /// Whether the source was seen whole. What is surplus then was deleted, if [`Self::hidden`] is none.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.complete
    }

    /// Rows of the source that access rules hide, by its first count; known at the end.
    #[must_use]
    pub fn hidden(&self) -> Option<u64> {
        self.compared.total.filter(|_| self.over && self.complete).map(|total| total.saturating_sub(self.compared.rows))
    }

    /// Where to go on: to be stored with what [`Self::found`] gave, or after it.
    #[must_use]
    pub const fn compared(&self) -> &Compared {
        &self.compared
    }

    /// What was found since this was last asked; [`Self::compared`] stands right behind it.
    pub fn found(&mut self) -> Differences {
        core::mem::take(&mut self.found)
    }

    /// A page of the source came: its number of rows, its count, and the versions of all of them.
    ///
    /// # Errors
    /// When the rows do not show what they are compared by.
    pub fn received(&mut self, counted: Option<u64>, versions: Vec<Delivered>) -> Result<(), CannotReconcile> {
        if versions.iter().any(|row| row.id.is_empty()) {
            return Err(CannotReconcile::Order);
        }
        let keys = |row: Option<&Delivered>| row.map(|row| row.id.clone());
        let (first, last) = (keys(versions.first()), keys(versions.last()));
        fn row_keys(id: Option<&String>) -> Option<RowKeys<'_>> {
            id.map(|id| RowKeys { value: "", id })
        }
        let rows = versions.len() as u64;
        let shared = versions.windows(2).any(|pair| matches!(pair, [one, next] if one.id == next.id));
        let page = Page {
            rows,
            counted,
            first: row_keys(first.as_ref()),
            last: row_keys(last.as_ref()),
            shared,
            ..Page::default()
        };
        let passed = self.walk.received(&page);
        if self.walk.pagination() != Pagination::Keyset {
            return Err(CannotReconcile::Order);
        }
        if passed.keep > 0 {
            let (plain, aside): (Vec<_>, Vec<_>) = versions.into_iter().partition(|row| is_plain(&row.id));
            set_aside(&mut self.compared.source_aside, aside)?;
            self.source = plain.into_iter().peekable();
        }
        self.compared.total = self.compared.total.or(passed.total);
        self.complete = passed.complete;
        self.merge();
        Ok(())
    }

    /// A page could not be read. True: [`Self::path`] now asks in a way that may work.
    pub fn failed(&mut self, code: &str) -> bool {
        PageError::of(code).is_some_and(|error| error != PageError::Forbidden && self.walk.failed(error))
    }

    /// More of the copy, in the order of its identifiers; `over` when this was all. A version that is not known is empty.
    ///
    /// # Errors
    /// When it is not in order.
    pub fn copied(&mut self, versions: Vec<Delivered>, over: bool) -> Result<(), CannotReconcile> {
        let (mut plain, aside): (Vec<_>, Vec<_>) = versions.into_iter().partition(|row| is_plain(&row.id));
        set_aside(&mut self.compared.copy_aside, aside)?;
        // A caller who resumes may give the whole copy again.
        plain.retain(|row| row.id > self.compared.after);
        for row in &plain {
            if row.id <= self.latest_copied {
                return Err(CannotReconcile::Copy(row.id.clone()));
            }
            self.latest_copied.clone_from(&row.id);
        }
        self.copy = plain.into_iter().peekable();
        self.copy_over = over;
        self.merge();
        Ok(())
    }

    fn merge(&mut self) {
        let source_over = self.walk.path().is_none();
        while !self.found.is_full() {
            match (self.source.peek(), self.copy.peek()) {
                (None, _) if !source_over => return,
                (_, None) if !self.copy_over => return,
                (None, None) => return self.end(),
                (Some(row), Some(held)) if row.id == held.id => {
                    let pair = self.source.next().zip(self.copy.next());
                    self.pair(pair);
                }
                (Some(row), held) if held.is_none_or(|held| row.id < held.id) => {
                    let row = self.source.next();
                    self.missing(row);
                }
                _ => {
                    let (held, behind_the_last) = (self.copy.next(), self.source.peek().is_none());
                    self.surplus(held, behind_the_last);
                }
            }
        }
    }

    fn pair(&mut self, pair: Option<(Delivered, Delivered)>) {
        let Some((row, held)) = pair else { return };
        let differ = |one: &str, other: &str| !one.is_empty() && !other.is_empty() && one != other;
        let stale = differ(&row.at, &held.at) || differ(&row.changes, &held.changes);
        let kept = !stale || self.is_pending(&row);
        self.passed(&row.id);
        self.compared.rows += 1;
        if stale && !kept {
            self.compared.stale += 1;
            self.found.stale.push(row.id);
        }
    }

    fn missing(&mut self, row: Option<Delivered>) {
        let Some(row) = row else { return };
        self.passed(&row.id);
        self.compared.rows += 1;
        if !self.is_pending(&row) {
            self.compared.missing += 1;
            self.found.missing.push(row.id);
        }
    }

    fn surplus(&mut self, held: Option<Delivered>, behind_the_last: bool) {
        let Some(held) = held else { return };
        self.passed(&held.id);
        if behind_the_last && !self.complete {
            self.compared.unknown += 1;
        } else {
            self.compared.surplus += 1;
            self.found.surplus.push(held.id);
        }
    }

    fn is_pending(&mut self, row: &Delivered) -> bool {
        let pending = !self.pending_from.is_empty() && row.at >= self.pending_from && !self.brought.contains(row);
        self.compared.pending += u64::from(pending);
        pending
    }

    fn passed(&mut self, id: &str) {
        if is_plain(id) {
            id.clone_into(&mut self.compared.after);
        }
    }

    /// Compares what was set aside.
    fn end(&mut self) {
        if core::mem::replace(&mut self.over, true) {
            return;
        }
        let mut held = core::mem::take(&mut self.compared.copy_aside);
        for row in core::mem::take(&mut self.compared.source_aside) {
            match held.iter().position(|copied| copied.id == row.id) {
                Some(place) => self.pair(Some((row, held.swap_remove(place)))),
                None => self.missing(Some(row)),
            }
        }
        for copied in held {
            self.surplus(Some(copied), true);
        }
    }
}

fn set_aside(aside: &mut Vec<Delivered>, rows: Vec<Delivered>) -> Result<(), CannotReconcile> {
    for row in rows {
        aside.retain(|kept| kept.id != row.id);
        aside.push(row);
    }
    if aside.len() > MOST_ASIDE { Err(CannotReconcile::Aside) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
