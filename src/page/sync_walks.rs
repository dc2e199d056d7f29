//! The readings that a run of a sync consists of, each within its bounds.

use super::checkpoint::{Checkpoint, before};
use super::keyset::Key;
use super::reading::Reading;
use super::sync_options::Options;
use super::types::Range;
use super::walk::Walk;
use crate::request::{DisplayValue, List};

const DELETIONS: &str = "sys_audit_delete";

/// The path of the oldest record of deletions.
pub(super) fn oldest_deletion_path() -> String {
    let list = List {
        table: DELETIONS,
        query: "ORDERBYsys_created_on",
        fields: "sys_created_on,sys_id",
        display_value: DisplayValue::Raw,
        limit: 1,
        offset: 0,
        count: false,
    };
    list.path()
}

/// The records of deletions since the checkpoint.
pub(super) fn deletions_walk(options: &Options, checkpoint: &Checkpoint, upper: &str) -> Option<Walk> {
    let mut reading = Reading::of(DELETIONS.to_owned());
    reading.query = ["tablenameIN", &options.classes.join(",")].concat();
    "sys_id,sys_created_on,tablename,documentkey".clone_into(&mut reading.fields);
    reading.page_size = options.reading.page_size;
    let key = Key { field: Some("sys_created_on".to_owned()), ..Key::SYS_ID };
    let from = before(&checkpoint.deletions, options.overlap);
    let range = Range { from: ["sys_created_on>=", &from].concat(), to: ["sys_created_on<=", upper].concat() };
    Walk::within(reading, key, range, None, false)
}

/// The rows since the checkpoint. None if no bound can be put into the query.
pub(super) fn rows_walk(options: &Options, checkpoint: &Checkpoint, upper: &str) -> Option<Walk> {
    let from = checkpoint.rows.as_ref().map(|row| before(&row.value, options.overlap));
    let range = Range {
        from: from.map_or_else(String::new, |from| ["sys_updated_on>=", &from].concat()),
        to: ["sys_updated_on<=", upper].concat(),
    };
    let mut walk = Walk::within(options.reading.clone(), Key::updated(), range, None, !checkpoint.unstamped_read)?;
    walk.fenced(upper);
    Some(walk)
}
