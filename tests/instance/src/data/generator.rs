//! Generates incidents of two years up to the end of 2025, with the users, groups and configuration items that they refer to. Equal
//! seeds give equal data. Bulk updates give hundreds of rows the same second, because a simple synchronisation loses rows there.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

use crate::clock::stamp;
use crate::identity::sys_id_of;
use crate::store::{CREATED_BY, CREATED_ON, Full, MOD_COUNT, SYS_ID, Store, Text, UPDATED_BY, UPDATED_ON};

use super::filling::put_choices;
use super::people::put_integration_user;
use super::references::{References, pick, word};
use super::words::{CLOSE_NOTES, COMPLAINTS};

/// 2024-01-01 00:00:00 and 2025-12-31 00:00:00 UTC, in seconds.
const FIRST: u64 = 1_704_067_200;
const LAST: u64 = 1_767_139_200;
pub(super) const BASE_DATA: &str = "2023-06-01 08:00:00";

/// Incidents per bulk update, and rows of one bulk update.
const BULK_EVERY: usize = 1000;
const BULK_SIZE: usize = 120;

pub(crate) fn generate(store: &mut Store, rows: usize, seed: u64, user_name: &str) -> Result<(), Full> {
    let mut random = Pcg64::seed_from_u64(seed);
    put_integration_user(store, user_name, BASE_DATA)?;
    let references = References::of(store, rows, &mut random)?;
    incidents(store, rows, &references, &mut random)?;
    put_choices(store, BASE_DATA)
}

fn incidents(store: &mut Store, rows: usize, references: &References, random: &mut Pcg64) -> Result<(), Full> {
    let Some(table) = store.find("incident") else {
        return Ok(());
    };
    let definition = store.table(table).definition;
    let column = |name: &str| definition.column(name).unwrap_or(SYS_ID);
    let columns = Columns::of(column);
    let mut digits = Vec::new();
    for number in 0..=20 {
        digits.push(store.intern(&number.to_string())?);
    }
    let digit = |number: usize| digits.get(number).copied().unwrap_or_default();
    let (yes, no) = (store.intern("true")?, store.intern("false")?);
    let mut bulk = Text::EMPTY;
    let span = LAST - 86_400 - FIRST;
    for number in 0..rows {
        let label = format!("INC{:07}", number + 1);
        let opened = FIRST + span * number as u64 / rows.max(1) as u64 + random.random_range(0..900);
        let created = opened + random.random_range(0..600);
        let updated = created + random.random_range(0..400_000_u64).pow(2) / 400_000;
        let updated_at = updated.min(LAST);
        let (category, subcategory, complaint, more) = pick(&COMPLAINTS, random);
        let item = pick(&references.items, random);
        let age = (LAST - opened) as f64 / span as f64;
        let state: usize = match random.random_range(0..100) {
            0..3 => 8,
            roll if f64::from(roll) < 92.0 * age.sqrt() => 7,
            10..40 => 6,
            40..55 => 3,
            55..80 => 2,
            _ => 1,
        };
        let (impact, urgency) = (level(random), level(random));
        let stamped = match number % BULK_EVERY {
            0 => {
                // After the creation of the batch's last row, because a row cannot be updated before.
                let created_by_then = FIRST + span * (number + BULK_SIZE).min(rows) as u64 / rows.max(1) as u64 + 1500;
                bulk = store.intern(&stamp(updated_at.max(created_by_then).min(LAST) * 1000))?;
                bulk
            }
            place if place < BULK_SIZE => bulk,
            _ => store.intern(&stamp(updated_at * 1000))?,
        };
        let opened_at = store.intern(&stamp(opened * 1000))?;
        let number_text = store.intern(&label)?;
        let mut cells: Vec<(usize, Text)> = Vec::with_capacity(48);
        cells.extend([
            (SYS_ID, store.intern(&sys_id_of("incident", &label))?),
            (CREATED_ON, store.intern(&stamp(created * 1000))?),
            (CREATED_BY, *pick(&references.authors, random)),
            (UPDATED_ON, stamped),
            (UPDATED_BY, *pick(&references.authors, random)),
            (MOD_COUNT, digit(random.random_range(0..20))),
            (columns.number, number_text),
            (columns.effective, number_text),
            (columns.state, digit(state)),
            (columns.twin, digit(state)),
            (columns.severity, digit(impact)),
            (columns.active, if matches!(state, 7 | 8) { no } else { yes }),
            (columns.impact, digit(impact)),
            (columns.urgency, digit(urgency)),
            (columns.priority, digit(impact + urgency - 1)),
            (columns.short_description, store.intern(&complaint.replace("{}", &item.1))?),
            (columns.description, store.intern(&more.replace("{}", &item.1))?),
            (columns.category, store.intern(category)?),
            (columns.subcategory, store.intern(subcategory)?),
            (columns.contact_type, store.intern(word(&["phone", "email", "self-service", "chat"], random))?),
            (columns.caller_id, *pick(&references.users, random)),
            (columns.opened_by, *pick(&references.users, random)),
            (columns.opened_at, opened_at),
            (columns.assignment_group, *pick(&references.groups, random)),
            (columns.cmdb_ci, item.0),
            (columns.location, *pick(&references.locations, random)),
            (columns.company, *pick(&references.companies, random)),
            (columns.reassignment_count, digit(random.random_range(0..6_usize).pow(2) / 6)),
            (columns.reopen_count, digit(random.random_range(0..20) / 18)),
            (columns.made_sla, if random.random_ratio(4, 5) { yes } else { no }),
            (columns.knowledge, if random.random_ratio(1, 12) { yes } else { no }),
            (columns.notify, digit(1)),
        ]);
        if state != 1 {
            cells.push((columns.assigned_to, *pick(&references.users, random)));
        }
        if state == 3 {
            cells.push((columns.hold_reason, digit(*pick(&[1, 3, 4, 5], random))));
        }
        if random.random_ratio(1, 25) {
            cells.push((columns.problem_id, *pick(&references.problems, random)));
        }
        if random.random_ratio(1, 40) {
            cells.push((columns.rfc, *pick(&references.changes, random)));
        }
        if matches!(state, 6 | 7) {
            cells.extend([
                (
                    columns.close_code,
                    store.intern(word(&["Solution provided", "Workaround provided", "Resolved by caller"], random))?,
                ),
                (columns.close_notes, store.intern(word(&CLOSE_NOTES, random))?),
                (columns.resolved_by, *pick(&references.users, random)),
                (columns.resolved_at, stamped),
            ]);
        }
        // Drawn from the number, so that the values above stay those of the seed.
        if let Some(service) = references.services.get(number % (2 * references.services.len()).max(1)) {
            cells.push((columns.business_service, *service));
        }
        if matches!(state, 1..=3) {
            cells.push((columns.activity_due, stamped));
        }
        if cells.iter().any(|(column, text)| *column == columns.reopen_count && *text != digit(0)) {
            cells.extend([(columns.reopened_time, stamped), (columns.reopened_by, references.user(number))]);
        }
        if matches!(state, 7 | 8) {
            cells.extend([(columns.closed_by, *pick(&references.users, random)), (columns.closed_at, stamped)]);
        }
        store.insert(table, &cells)?;
    }
    if let Some(table) = store.tables.get_mut(table.place()) {
        table.last_number = rows as u64;
        let subcategories: Vec<_> = COMPLAINTS.iter().map(|complaint| complaint.1).collect();
        let texts = &mut store.texts;
        if let Some(choices) = table.choices.get_mut(columns.subcategory) {
            for subcategory in subcategories {
                let text = texts.intern(subcategory).ok_or(Full)?;
                if !choices.contains(&(text, text)) {
                    choices.push((text, text));
                }
            }
        }
    }
    Ok(())
}

macro_rules! columns {
    ($($field:ident = $name:literal),* $(,)?) => {
        /// The columns that the generator writes, resolved once for all rows.
        struct Columns { $($field: usize),* }

        impl Columns {
            fn of(column: impl Fn(&str) -> usize) -> Self {
                Self { $($field: column($name)),* }
            }
        }
    };
}

columns! {
    number = "number", state = "state", active = "active", impact = "impact", urgency = "urgency", priority = "priority",
    short_description = "short_description", description = "description", category = "category",
    subcategory = "subcategory", contact_type = "contact_type", caller_id = "caller_id", opened_by = "opened_by",
    opened_at = "opened_at", assigned_to = "assigned_to", assignment_group = "assignment_group", cmdb_ci = "cmdb_ci",
    location = "location", company = "company", hold_reason = "hold_reason", problem_id = "problem_id", rfc = "rfc",
    reassignment_count = "reassignment_count", reopen_count = "reopen_count", made_sla = "made_sla",
    knowledge = "knowledge", notify = "notify", close_code = "close_code", close_notes = "close_notes",
    resolved_by = "resolved_by", resolved_at = "resolved_at", closed_by = "closed_by", closed_at = "closed_at",
    effective = "task_effective_number", twin = "incident_state", severity = "severity", business_service = "business_service",
    activity_due = "activity_due", reopened_by = "reopened_by", reopened_time = "reopened_time",
}

/// The frequencies of high, medium and low.
fn level(random: &mut Pcg64) -> usize {
    match random.random_range(0..10) {
        0 => 1,
        1..5 => 2,
        _ => 3,
    }
}
