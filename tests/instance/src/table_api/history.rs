//! The history of the records of audited tables: one row of `sys_history_set` for a record and one of `sys_history_line` for each change
//! ("Knowing about History sets"). A platform brings a set up to date when somebody looks at the record. Nobody does here, so each write
//! does.

use crate::clock::stamp;
use crate::data::label;
use crate::records;
use crate::search::path_of;
use crate::store::{Full, MOD_COUNT, RowId, SYS_ID, Store};

use super::audit::{Change, kept};
use super::shape::display_value;
use super::write::Author;

const SETS: &str = "sys_history_set";
const LINES: &str = "sys_history_line";

/// The sets and the lines that are kept; the oldest make space for the next.
const MOST_SETS: u64 = 2000;
const MOST_LINES: u64 = 20_000;

/// "A value of -1 indicates when the record was created or deleted."
const CREATED: &str = "-1";

/// Begins the history of a new record with its values.
pub(super) fn begin(store: &mut Store, row: RowId, changes: &[Change], author: &Author<'_>) -> Result<(), Full> {
    write(store, row, changes, CREATED, author)
}

/// Adds the changes of an update.
pub(super) fn add(store: &mut Store, row: RowId, changes: &[Change], author: &Author<'_>) -> Result<(), Full> {
    let update = store.text(row, MOD_COUNT).to_owned();
    write(store, row, changes, &update, author)
}

fn write(store: &mut Store, row: RowId, changes: &[Change], update: &str, author: &Author<'_>) -> Result<(), Full> {
    let set = set(store, row, author)?;
    let user = records::by_id(store, "sys_user", author.user_id);
    let user = user.map_or(author.user_name, |user| user.text("name")).to_owned();
    let at = stamp(author.now);
    for change in changes {
        let Some(column) = store.class(row).columns.get(change.column) else { continue };
        let path = path_of(store, row.table(), column.name);
        let shown = |raw: &str| path.as_ref().map_or(raw, |path| display_value(store, path, raw)).to_owned();
        let (old, new) = (shown(&change.old), shown(&change.new));
        let fields = [
            ("set", set.as_str()),
            ("field", column.name),
            ("label", &label(column.name)),
            ("old", &old),
            ("new", &new),
            ("old_value", &change.old),
            ("new_value", &change.new),
            ("type", "audit"),
            ("update", update),
            ("update_time", &at),
            ("user_id", author.user_name),
            ("user_name", &user),
            ("sys_created_by", author.user_name),
        ];
        kept(store, LINES, MOST_LINES, author.now, &fields)?;
    }
    let (count, updates) = (changes.len() as u64, store.text(row, MOD_COUNT).to_owned());
    if let Some(found) = records::by_id(store, SETS, &set) {
        let (place, lines) = (found.row, found.number("line_count").unwrap_or_default() + count);
        let fields = [("line_count", lines.to_string()), ("last_update_recorded", updates)];
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        records::set(store, SETS, place, &fields, author.now);
    }
    Ok(())
}

/// The set of a record. A new one takes the place of the oldest, whose lines go with it.
fn set(store: &mut Store, row: RowId, author: &Author<'_>) -> Result<String, Full> {
    let (table, sys_id) = (store.class(row).name, store.text(row, SYS_ID).to_owned());
    let known = records::with(store, SETS, "id", &sys_id).find(|set| set.text("table") == table);
    if let Some(set) = known {
        return Ok(set.id().to_owned());
    }
    let fields = [("table", table), ("id", &sys_id), ("load_time", "0"), ("sys_created_by", author.user_name)];
    let set = kept(store, SETS, MOST_SETS, author.now, &fields)?;
    let lines: Vec<String> = records::with(store, LINES, "set", &set).map(|line| line.id().to_owned()).collect();
    for line in lines {
        records::remove(store, LINES, &line);
    }
    Ok(set)
}
