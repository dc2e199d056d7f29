//! What the platform records about changes: journal entries, audits, deletions and history sets ("Viewing Sys Audit and Audit
//! Relationship Change tables" and "Knowing about History sets" in the product documentation).

use super::{Column, Declaration, Kind, column, define, integer, reference, text, time};

/// "Journal field type": this table holds the entries, and the field shows them joined.
const JOURNAL: &[Column] = &[text("name"), text("element"), column("element_id", Kind::Id), text("value")];

const AUDIT: &[Column] = &[
    text("tablename"),
    text("fieldname"),
    column("documentkey", Kind::Id),
    text("user"),
    text("oldvalue"),
    text("newvalue"),
    text("reason"),
    integer("record_checkpoint"),
    integer("internal_checkpoint"),
];
const DELETION: &[Column] =
    &[text("tablename"), column("documentkey", Kind::Id), text("display_value"), text("payload")];

const HISTORY_SET: &[Column] = &[
    text("table"),
    column("id", Kind::Id),
    integer("last_update_recorded"),
    integer("internal_checkpoint"),
    integer("load_time"),
    integer("line_count"),
];
const HISTORY_LINE: &[Column] = &[
    reference("set", "sys_history_set"),
    text("field"),
    text("label"),
    text("old"),
    text("new"),
    text("old_value"),
    text("new_value"),
    text("type"),
    integer("update"),
    time("update_time"),
    // The name under which the user signs in.
    text("user_id"),
    text("user_name"),
    column("relationship", Kind::Text),
];

pub(super) static TABLES: [Declaration; 5] = [
    define("sys_journal_field", "", "element", JOURNAL),
    define("sys_audit", "", "fieldname", AUDIT),
    define("sys_audit_delete", "", "display_value", DELETION),
    define("sys_history_set", "", "table", HISTORY_SET),
    define("sys_history_line", "", "label", HISTORY_LINE),
];
