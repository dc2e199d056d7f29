//! Inserting and updating. PUT behaves exactly like PATCH (KB0534905); a write that changes nothing updates no system fields.

use crate::access::allows;
use crate::clock::stamp;
use crate::exchange::Reply;
use crate::identity::sys_id_of;
use crate::numbers;
use crate::refusal::Refusal;
use crate::search::Caller;
use crate::store::{
    CREATED_BY, CREATED_ON, Full, MOD_COUNT, RowId, SYS_ID, Store, TableId, Text, UPDATED_BY, UPDATED_ON,
};
use crate::switches::Switches;

use super::Call;
use super::audit;
use super::body::{Sent, sent, suppresses};
use super::business_rules::{self, Action};
use super::calculated::calculated;
use super::change_feed::Watch;
use super::group_roles;
use super::journal::{self, is_journal};
use super::permissions::{check_fields, check_mandatory, may};
use super::record::{find, shown};
use super::rules::{complete, follow};
use super::transitions;
use super::unique;

/// The user who writes, and the time.
#[derive(Clone, Copy)]
pub(crate) struct Author<'a> {
    pub(crate) user_name: &'a str,
    pub(crate) user_id: &'a str,
    pub(crate) now: u64,
    /// Whether a transform map writes. "Updates made through import sets" are not audited ("Exploring Auditing").
    pub(crate) imports: bool,
}

impl<'a> Author<'a> {
    pub(crate) fn of(caller: &Caller<'a>, now: u64) -> Self {
        Self { user_name: caller.user_name, user_id: caller.user_id, now, imports: false }
    }

    pub(crate) fn importing(caller: &Caller<'a>, now: u64) -> Self {
        Self { imports: true, ..Self::of(caller, now) }
    }
}

pub(crate) fn insert(
    store: &mut Store,
    call: &Call<'_>,
    switches: &Switches,
    unique: u64,
    now: u64,
) -> Result<Reply, Refusal> {
    let Sent { class, mut fields, emptied } = sent(store, call, None, switches)?;
    let author = Author::of(&call.caller, now);
    let definition = store.table(class).definition;
    if class != call.table && !allows(store, call.principal, "record", definition.name, "create") {
        return Err(Refusal::write_denied("Insert"));
    }
    complete(definition, &mut fields, &call.caller, &author);
    check_fields(store, call, (class, &fields), true)?;
    business_rules::before(store, call, Action::Insert(class), &mut fields)?;
    check_mandatory(store, class, (&fields, &emptied), &|_| String::new())?;
    unique::check(store, class, None, &fields)?;
    let sys_id = new_id(store, call, &mut fields)?;
    let sys_id = sys_id.unwrap_or_else(|| sys_id_of(definition.name, &format!("inserted {unique}")));
    let number = numbered(store, class, &fields, now);
    let row =
        written(store, class, &sys_id, &fields, number.as_deref(), &author).map_err(|Full| Refusal::store_full())?;
    group_roles::grant(store, definition.name, &sys_id, now).map_err(|Full| Refusal::store_full())?;
    let location = format!("{}{sys_id}", call.address_of(store.table(call.table).definition.name));
    // A row that the caller may create but not read is created all the same (KB2697679).
    if !allows(store, call.principal, "record", definition.name, "read") {
        return Err(Refusal::write_denied("Insert"));
    }
    Ok(shown(store, call, row, 201).with_header("Location", location))
}

pub(crate) fn update(
    store: &mut Store,
    call: &Call<'_>,
    switches: &Switches,
    sys_id: &str,
    now: u64,
) -> Result<Reply, Refusal> {
    let row = find(store, call, sys_id)?;
    if !may(store, call, row.table(), "write") {
        return Err(Refusal::write_denied("Update"));
    }
    let Sent { class, mut fields, emptied } = sent(store, call, Some(row), switches)?;
    fields.retain(|(column, _)| *column != SYS_ID);
    let author = Author::of(&call.caller, now);
    let definition = store.table(class).definition;
    let current = |store: &Store, name: &str| {
        let column = definition.column(name);
        column.map_or("", |column| store.text(row, column)).to_owned()
    };
    follow(definition, &mut fields, &author, &|name| current(store, name));
    check_fields(store, call, (class, &fields), false)?;
    transitions::check(store, row, &fields)?;
    business_rules::before(store, call, Action::Update(row), &mut fields)?;
    check_mandatory(store, class, (&fields, &emptied), &|name| current(store, name))?;
    unique::check(store, class, Some(row), &fields)?;
    let outcome = match suppresses(call) {
        true => unstamped(store, row, &fields, &author),
        false => changed(store, row, &fields, &author),
    };
    outcome.map_err(|Full| Refusal::store_full())?;
    Ok(shown(store, call, row, 200))
}

/// The `sys_id` that the body of a new record sets, if that is allowed. An invalid one is ignored. The database compares without
/// case, so one that differs from a row's only in case is taken.
fn new_id(store: &Store, call: &Call<'_>, fields: &mut Vec<(usize, String)>) -> Result<Option<String>, Refusal> {
    let given = fields.iter().position(|(column, _)| *column == SYS_ID).map(|place| fields.swap_remove(place).1);
    let valid = |id: &String| id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    let Some(id) = given.filter(valid) else { return Ok(None) };
    let spellings = [&id, &id.to_ascii_lowercase(), &id.to_ascii_uppercase()];
    if spellings.iter().any(|id| store.row(store.root(call.table), id).is_some()) {
        return Err(unique::violation(&id, "PRIMARY"));
    }
    Ok(Some(id))
}

/// Updates a row but not its system fields, as `sysparm_suppress_auto_sys_field` asks.
fn unstamped(store: &mut Store, row: RowId, fields: &[(usize, String)], author: &Author<'_>) -> Result<(), Full> {
    let mut cells = Vec::new();
    let definition = store.class(row);
    let calculated = calculated(store, row.table(), Some(row), fields);
    let written = fields.iter().filter(|(column, _)| !is_journal(definition, *column));
    for (column, text) in written.chain(&calculated) {
        if store.text(row, *column) != text {
            cells.push((*column, store.intern(text)?));
        }
    }
    let changes = audit::of_update(store, row, &cells, &[], author);
    store.update(row, &cells);
    audit::updated(store, row, &changes, author);
    Ok(())
}

/// Updates a row and its system fields if anything differs.
pub(crate) fn changed(
    store: &mut Store,
    row: RowId,
    fields: &[(usize, String)],
    author: &Author<'_>,
) -> Result<(), Full> {
    let mut cells = Vec::new();
    let definition = store.class(row);
    let calculated = calculated(store, row.table(), Some(row), fields);
    let overwritten = |column: &usize| calculated.iter().any(|(other, _)| other == column);
    let written = fields.iter().filter(|(column, _)| !is_journal(definition, *column) && !overwritten(column));
    for (column, text) in written.chain(&calculated) {
        if store.text(row, *column) != text {
            cells.push((*column, store.intern(text)?));
        }
    }
    let sys_id = store.text(row, SYS_ID).to_owned();
    let entries = journal::keep(store, row.table(), &sys_id, fields, author)?;
    if cells.is_empty() && entries == 0 {
        return Ok(());
    }
    let count = store.text(row, MOD_COUNT).parse::<u64>().unwrap_or(0);
    cells.push((MOD_COUNT, store.intern(&count.saturating_add(1).to_string())?));
    cells.push((UPDATED_ON, store.intern(&stamp(author.now))?));
    cells.push((UPDATED_BY, store.intern(author.user_name)?));
    let watch = Watch::of(store, Action::Update(row));
    let changes = audit::of_update(store, row, &cells, fields, author);
    store.update(row, &cells);
    audit::updated(store, row, &changes, author);
    watch.map_or(Ok(()), |watch| watch.report(store, row, author))
}

/// Writes a new row with its system fields.
pub(crate) fn written(
    store: &mut Store,
    table: TableId,
    sys_id: &str,
    fields: &[(usize, String)],
    number: Option<&str>,
    author: &Author<'_>,
) -> Result<RowId, Full> {
    let now = store.intern(&stamp(author.now))?;
    let by = store.intern(author.user_name)?;
    let mut cells: Vec<(usize, Text)> = vec![
        (SYS_ID, store.intern(sys_id)?),
        (CREATED_ON, now),
        (CREATED_BY, by),
        (UPDATED_ON, now),
        (UPDATED_BY, by),
        (MOD_COUNT, store.intern("0")?),
    ];
    let definition = store.table(table).definition;
    let number = definition.column("number").zip(number.map(str::to_owned));
    let kept = fields.iter().filter(|(column, _)| !is_journal(definition, *column)).cloned().chain(number);
    let mut kept: Vec<(usize, String)> = kept.collect();
    kept.extend(calculated(store, table, None, &kept));
    for (column, text) in &kept {
        cells.push((*column, store.intern(text)?));
    }
    journal::keep(store, table, sys_id, fields, author)?;
    let row = store.insert(table, &cells)?;
    audit::inserted(store, row, fields, author);
    if let Some(watch) = Watch::of(store, Action::Insert(table)) {
        watch.report(store, row, author)?;
    }
    Ok(row)
}

/// Adds a record as the platform's own scripts do: with defaults, number and rules, but without the access checks of a caller.
/// Unknown names are ignored. Returns the record's `sys_id`, which follows from its table and `unique`.
pub(crate) fn added(
    store: &mut Store,
    table: &str,
    values: &[(&str, &str)],
    caller: &Caller<'_>,
    unique: &str,
    now: u64,
) -> Result<String, Full> {
    let sys_id = sys_id_of(table, unique);
    let Some(id) = store.find(table) else {
        return Ok(sys_id);
    };
    let definition = store.table(id).definition;
    let named = values.iter().filter_map(|(name, value)| Some((definition.column(name)?, (*value).to_owned())));
    let fields = named.filter(|(column, _)| *column > MOD_COUNT).collect();
    completed(store, id, &sys_id, fields, caller, &Author::of(caller, now))?;
    Ok(sys_id)
}

/// Like [`added`], for fields by column.
pub(crate) fn completed(
    store: &mut Store,
    table: TableId,
    sys_id: &str,
    mut fields: Vec<(usize, String)>,
    caller: &Caller<'_>,
    author: &Author<'_>,
) -> Result<RowId, Full> {
    complete(store.table(table).definition, &mut fields, caller, author);
    let number = numbered(store, table, &fields, author.now);
    written(store, table, sys_id, &fields, number.as_deref(), author)
}

/// The next number of a table whose rows are numbered, unless the body has one.
fn numbered(store: &mut Store, table: TableId, fields: &[(usize, String)], now: u64) -> Option<String> {
    let definition = store.table(table).definition;
    let column = definition.column("number")?;
    match fields.iter().any(|(given, _)| *given == column) {
        true => None,
        false => numbers::next(store, definition, now),
    }
}
