//! What a sync asks for, also ahead: several pages of a stage are under way at once, and each becomes a batch when its turn comes.
//!
//! A checkpoint is made when a page is taken, of the pages up to that one, and goes with its batch. A host that takes further pages
//! before the caller has stored this batch therefore holds several batches, each with a checkpoint of its own: stored in their order,
//! a crash between any two of them leaves the copy where one of the checkpoints says that it is.
//!
//! Why no row is lost that one page after the other would find: within a run the range has an upper end, so a row that is changed
//! leaves for a moment behind it, where the next run finds it. Only a change that was stamped before that end and is committed after
//! the run began moves a row within the range, and a row is stamped no more than two seconds before that: so pages ahead are taken up to two
//! seconds before the end only, and what is behind is read when all before it has been. Records of deletions never change.

use super::keyset::Position;
use super::sync::{DELETIONS, Sync, SyncStage};
use super::types::RowKeys;
use super::walk::Walk;
use crate::request::{DisplayValue, List};

impl Sync {
    /// The path of the next page; none when the run is over.
    #[must_use]
    pub fn path(&self) -> Option<String> {
        self.path_ahead(0)
    }

    /// The path of the page `pages` behind the next one, if it can be asked for already: within one stage, as the walk says it.
    #[must_use]
    pub fn path_ahead(&self, pages: u64) -> Option<String> {
        match &self.stage {
            _ if self.over => None,
            SyncStage::Oldest if pages > 0 => None,
            SyncStage::Oldest => {
                let list = List {
                    table: DELETIONS,
                    query: "ORDERBYsys_created_on",
                    fields: "sys_created_on,sys_id",
                    display_value: DisplayValue::Raw,
                    limit: 1,
                    offset: 0,
                    count: false,
                };
                Some(list.path())
            }
            SyncStage::Deletions(walk) | SyncStage::Rows(walk) => walk.path_ahead(pages),
        }
    }

    /// Whether the page that is due holds records of deletions.
    #[must_use]
    pub const fn reads_deletions(&self) -> bool {
        !matches!(self.stage, SyncStage::Rows(_))
    }

    /// The field that the pages which are due are ordered by, before `sys_id`.
    #[must_use]
    pub const fn key_field(&self) -> &'static str {
        if self.reads_deletions() { "sys_created_on" } else { "sys_updated_on" }
    }

    /// The row that the page which is due lies behind; none at the beginning of a stage, where nothing can have been asked for ahead.
    #[must_use]
    pub fn after(&self) -> Option<&Position> {
        match &self.stage {
            SyncStage::Oldest => None,
            SyncStage::Deletions(walk) | SyncStage::Rows(walk) => walk.after(),
        }
    }

    /// Whether a page that was asked for ahead follows without a gap, as [`Walk::joins`] says it: the rows behind the joint are then
    /// what [`Self::received`] is given.
    pub fn joins(&mut self, joint: Option<RowKeys<'_>>, last: Option<RowKeys<'_>>) -> bool {
        match &mut self.stage {
            SyncStage::Oldest => false,
            SyncStage::Deletions(walk) | SyncStage::Rows(walk) => Walk::joins(walk, joint, last),
        }
    }
}

#[cfg(test)]
mod tests;
