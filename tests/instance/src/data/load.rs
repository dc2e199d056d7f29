//! Turns an event log into records: labels become choices, names become users, groups and items.

use std::collections::HashMap;

use crate::clock::{seconds_of_log_time, stamp};
use crate::identity::sys_id_of;
use crate::numbers::reached;
use crate::store::{
    CREATED_BY, CREATED_ON, Full, Kind, MOD_COUNT, RowId, SYS_ID, Store, TableId, Text, UPDATED_BY, UPDATED_ON,
};

use super::event_log::{Event, EventLog};
use super::filling::{put, put_choice, put_choices};
use super::people::put_integration_user;

const BASE_DATA: &str = "2016-01-01 00:00:00";

/// Column names that differ between logs and the platform.
const RENAMED: [(&str, &str); 4] = [
    ("incident_state", "state"),
    ("closed_code", "close_code"),
    ("sys_created_at", "sys_created_on"),
    ("sys_updated_at", "sys_updated_on"),
];

/// The states of the log's time, with the numbers that the base system then used.
const STATES: [(&str, &str); 8] = [
    ("1", "New"),
    ("2", "Active"),
    ("3", "Awaiting Problem"),
    ("4", "Awaiting User Info"),
    ("5", "Awaiting Evidence"),
    ("6", "Resolved"),
    ("7", "Closed"),
    ("8", "Awaiting Vendor"),
];

/// Loads the last state of every incident.
pub(crate) fn load(store: &mut Store, log: &EventLog, user_name: &str) -> Result<(), Full> {
    let mut writer = EventWriter::of(store, log, user_name)?;
    let mut last: HashMap<&str, &Event> = HashMap::new();
    let mut order = Vec::new();
    for event in &log.events {
        let number = log.number_of(event);
        if last.insert(number, event).is_none() {
            order.push(number);
        }
    }
    for number in order {
        if let Some(event) = last.get(number) {
            writer.write(store, log, event, None)?;
        }
    }
    Ok(())
}

/// Writes events into the incident table and records which incidents exist.
pub(super) struct EventWriter {
    table: TableId,
    /// The column of the table for each column of the log.
    columns: Vec<Option<(usize, Kind)>>,
    rows: HashMap<Text, RowId>,
}

impl EventWriter {
    /// Removes the base system's choices of columns whose labels come from the log.
    pub(super) fn of(store: &mut Store, log: &EventLog, user_name: &str) -> Result<Self, Full> {
        put_integration_user(store, user_name, BASE_DATA)?;
        // The incident table is one of the base system's.
        let table = store.find("incident").unwrap_or_default();
        let definition = store.table(table).definition;
        let place = |name: &String| {
            let renamed = RENAMED.iter().find(|(from, _)| from == name);
            let column = definition.column(renamed.map_or(name.as_str(), |(_, to)| to))?;
            Some((column, definition.columns.get(column)?.kind))
        };
        let columns: Vec<_> = log.columns.iter().map(place).collect();
        let states = STATES.map(|(value, label)| Some((store.texts.intern(value)?, store.texts.intern(label)?)));
        for name in ["state", "category", "contact_type", "close_code"] {
            let column = definition.column(name);
            let named = column.filter(|column| columns.iter().flatten().any(|(other, _)| other == column));
            let table = store.tables.get_mut(table.place());
            if let (Some(table), Some(column)) = (table, named)
                && let Some(choices) = table.choices.get_mut(column)
            {
                choices.clear();
                if name == "state" {
                    choices.extend(states.iter().flatten());
                }
            }
        }
        put_choices(store, BASE_DATA)?;
        Ok(Self { table, columns, rows: HashMap::new() })
    }

    /// Writes an event: inserts a row for a new number, else updates. `stamped`, in milliseconds since 1970, replaces the log's
    /// `sys_` times.
    pub(super) fn write(
        &mut self,
        store: &mut Store,
        log: &EventLog,
        event: &Event,
        stamped: Option<u64>,
    ) -> Result<(), Full> {
        let mut cells: Vec<(usize, Text)> = Vec::with_capacity(40);
        for (place, cell) in self.columns.iter().zip(&event.cells) {
            if let Some((column, kind)) = place {
                let value = self.value(store, *column, *kind, cell)?;
                cells.push((*column, store.intern(&value)?));
            }
        }
        let number = log.number_of(event).to_owned();
        let key = store.intern(&number)?;
        self.derive(store, &mut cells, key);
        let known = self.rows.get(&key).copied();
        self.settle(store, &mut cells, event, stamped, known)?;
        match known {
            Some(row) => store.update(row, &cells),
            None => {
                cells.push((SYS_ID, store.intern(&sys_id_of("incident", &number))?));
                let row = store.insert(self.table, &cells)?;
                self.rows.insert(key, row);
                let digits: String = number.chars().filter(char::is_ascii_digit).collect();
                reached(store, self.table, digits.parse().unwrap_or(0), stamped.unwrap_or_default());
            }
        }
        Ok(())
    }

    /// The calculated columns: the older twin of the state, and the number.
    fn derive(&self, store: &Store, cells: &mut Vec<(usize, Text)>, number: Text) {
        let definition = store.table(self.table).definition;
        let state = definition.column("state").and_then(|state| cells.iter().find(|(column, _)| *column == state));
        let twin = definition.column("incident_state").zip(state.map(|(_, text)| *text));
        let effective = definition.column("task_effective_number").map(|column| (column, number));
        cells.extend(twin.into_iter().chain(effective));
    }

    /// The values that the log lacks: the creation time (at the latest that of the first event), the class, and, in a replay, the
    /// times of the instance's clock.
    fn settle(
        &self,
        store: &mut Store,
        cells: &mut Vec<(usize, Text)>,
        event: &Event,
        stamped: Option<u64>,
        known: Option<RowId>,
    ) -> Result<(), Full> {
        let at = u64::try_from(event.at).unwrap_or_default() * 1000;
        let updated = store.intern(&stamp(stamped.unwrap_or(at)))?;
        cells.retain(|(column, text)| {
            let open = text == &Text::EMPTY && matches!(*column, CREATED_ON | CREATED_BY | UPDATED_BY);
            let own = matches!(*column, UPDATED_ON) || (stamped.is_some() && *column == CREATED_ON);
            !open && !own
        });
        cells.push((UPDATED_ON, updated));
        if known.is_none() {
            let has = |cells: &[(usize, Text)], column| cells.iter().any(|(other, _)| *other == column);
            let system = store.intern("system")?;
            for (column, text) in [(CREATED_ON, updated), (CREATED_BY, system), (UPDATED_BY, system)] {
                if !has(cells, column) {
                    cells.push((column, text));
                }
            }
            let none = store.intern("0")?;
            if !has(cells, MOD_COUNT) {
                cells.push((MOD_COUNT, none));
            }
        }
        Ok(())
    }

    fn value(&self, store: &mut Store, column: usize, kind: Kind, cell: &str) -> Result<String, Full> {
        if cell == "?" || cell.is_empty() {
            return Ok(String::new());
        }
        Ok(match kind {
            Kind::Boolean => cell.to_ascii_lowercase(),
            Kind::DateTime => seconds_of_log_time(cell)
                .map_or_else(String::new, |seconds| stamp(u64::try_from(seconds).unwrap_or_default() * 1000)),
            Kind::Choice | Kind::NumberChoice => self.choice(store, column, kind, cell)?,
            Kind::Reference(target) => reference(store, target, cell)?,
            Kind::Id | Kind::Text | Kind::Secret | Kind::Integer | Kind::Decimal | Kind::Currency => cell.to_owned(),
            Kind::Date | Kind::Duration | Kind::List(_) | Kind::Journal => cell.to_owned(),
        })
    }

    /// The value of a label: the known one, else its leading number ("2 - Medium"), else the next free number for numbered choices,
    /// else the label itself.
    fn choice(&self, store: &mut Store, column: usize, kind: Kind, label: &str) -> Result<String, Full> {
        let text = store.intern(label)?;
        let choices = store.table(self.table).choices.get(column).map_or(&[][..], Vec::as_slice);
        if let Some((value, _)) = choices.iter().find(|(_, known)| *known == text) {
            return Ok(store.texts.of(*value).to_owned());
        }
        let leading = label.split_once(" - ").map(|(number, _)| number).filter(|number| number.parse::<i64>().is_ok());
        let value = match (leading, kind) {
            (Some(number), _) => number.to_owned(),
            (None, Kind::NumberChoice) if label.parse::<i64>().is_err() => {
                let number = |(value, _): &(Text, Text)| store.texts.of(*value).parse::<i64>().ok();
                let largest = choices.iter().filter_map(number).max().unwrap_or(0);
                (largest + 1).to_string()
            }
            _ => label.to_owned(),
        };
        let sequence = choices.len();
        let pair = (store.intern(&value)?, text);
        let Some(table) = store.tables.get_mut(self.table.place()) else {
            return Ok(value);
        };
        let definition = table.definition;
        if let (Some(choices), Some(column)) = (table.choices.get_mut(column), definition.columns.get(column)) {
            choices.push(pair);
            put_choice(store, BASE_DATA, [definition.name, column.name, &value, label], sequence)?;
        }
        Ok(value)
    }
}

/// The row of a name. Creates it if it is missing.
fn reference(store: &mut Store, target: &str, name: &str) -> Result<String, Full> {
    let sys_id = sys_id_of(target, name);
    let Some(table) = store.find(target) else {
        return Ok(String::new());
    };
    // An interned text of this form is the sys_id of an existing row.
    if store.texts.find(&sys_id).is_none() {
        let definition = store.table(table).definition;
        let display = definition.display;
        let user_name = name.split_whitespace().collect::<Vec<_>>().join(".").to_lowercase();
        let fields = [(display, name), ("user_name", &user_name), ("active", "true"), ("sys_class_name", target)];
        put(store, target, &sys_id, BASE_DATA, &fields)?;
    }
    Ok(sys_id)
}
