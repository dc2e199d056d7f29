//! Import sets that wait for the transform job, and the history of what it did.

use std::collections::VecDeque;

use crate::clock::stamp;
use crate::data::put;
use crate::identity::sys_id_of;
use crate::records;
use crate::search::Domain;
use crate::sign_in::Principal;
use crate::store::{Full, Store};

use super::transform::{Outcome, transform};

/// A loaded import set, to be transformed with the rights of its sender.
#[derive(Debug)]
pub(crate) struct Waiting {
    pub(super) import_set: String,
    pub(super) staging: String,
    pub(super) principal: Principal,
    pub(super) domain: Option<Domain>,
    /// The import set that must be processed first (`run_after`).
    pub(super) after: String,
    pub(super) due: u64,
}

/// Transforms every due import set, in the order of arrival. One that runs after another waits for it.
pub(crate) fn advance(store: &mut Store, waiting: &mut VecDeque<Waiting>, now: u64) {
    let mut at = 0;
    while let Some(set) = waiting.get(at) {
        let first = !set.after.is_empty() && waiting.iter().any(|other| other.import_set == set.after);
        if set.due > now || first {
            at += 1;
            continue;
        }
        let Some(set) = waiting.remove(at) else {
            return;
        };
        run(store, &set, set.due);
        // Sets that wait for this one may stand before it.
        at = 0;
    }
}

/// Transforms the rows of an import set.
pub(super) fn run(store: &mut Store, set: &Waiting, now: u64) {
    let rows = records::with(store, &set.staging, "sys_import_set", &set.import_set);
    let rows: Vec<String> = rows.map(|row| row.id().to_owned()).collect();
    let mut outcomes = Vec::new();
    for row in rows {
        // A full store leaves the remaining rows untransformed.
        let Ok(of_row) = transform(store, (&set.principal, set.domain.as_ref()), (&set.staging, &row), now) else {
            break;
        };
        outcomes.extend(of_row);
    }
    let _ = close(store, &set.import_set, &outcomes, now);
}

/// Marks an import set as processed and adds its transform history: one row of `sys_import_set_run` for each map.
pub(super) fn close(store: &mut Store, set: &str, outcomes: &[Outcome], now: u64) -> Result<(), Full> {
    if let Some(row) = records::by_id(store, "sys_import_set", set).map(|record| record.row) {
        records::set(store, "sys_import_set", row, &[("state", "processed"), ("load_completed", &stamp(now))], now);
    }
    let mut maps: Vec<&str> = outcomes.iter().map(|outcome| outcome.map.as_str()).collect();
    maps.sort_unstable();
    maps.dedup();
    for map in maps.into_iter().filter(|map| !map.is_empty()) {
        let count = |state: &str| {
            let of_map = outcomes.iter().filter(|outcome| outcome.map == map);
            of_map.filter(|outcome| state.is_empty() || outcome.state == state).count()
        };
        let errors = count("error");
        let counts = [count(""), count("inserted"), count("updated"), count("ignored"), count("skipped"), errors];
        let [total, inserts, updates, ignored, skipped, errors_text] = counts.map(|count| count.to_string());
        let fields = [
            ("set", set),
            ("sys_transform_map", map),
            ("state", if errors == 0 { "complete" } else { "complete_with_errors" }),
            ("total", &total),
            ("inserts", &inserts),
            ("updates", &updates),
            ("ignored", &ignored),
            ("skipped", &skipped),
            ("errors", &errors_text),
            ("completed", &stamp(now)),
        ];
        put(
            store,
            "sys_import_set_run",
            &sys_id_of("sys_import_set_run", &format!("{set}.{map}")),
            &stamp(now),
            &fields,
        )?;
    }
    Ok(())
}
