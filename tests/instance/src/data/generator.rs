//! Incidents that nobody had, the same ones for the same seed: two years of them up to the end of 2025, with the users, groups
//! and configuration items that they refer to. Now and then a bulk update puts hundreds of rows on one second, because
//! that is where naive synchronisation loses rows.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

use crate::clock::stamp;
use crate::identity::sys_id_of;
use crate::store::{CREATED_BY, CREATED_ON, Full, MOD_COUNT, SYS_ID, Store, Text, UPDATED_BY, UPDATED_ON};

use super::filling::{put, put_choices};
use super::people::put_integration_user;
use super::words::{
    CLOSE_NOTES, COMPANIES, COMPLAINTS, DEPARTMENTS, FIRST_NAMES, GROUPS, ITEMS, LAST_NAMES, LOCATIONS, TITLES,
};

/// 2024-01-01 00:00:00 and 2025-12-31 00:00:00 UTC, in seconds.
const FIRST: u64 = 1_704_067_200;
const LAST: u64 = 1_767_139_200;
const BASE_DATA: &str = "2023-06-01 08:00:00";

/// One bulk update in so many incidents, of so many at once.
const BULK_EVERY: usize = 1000;
const BULK_SIZE: usize = 120;

pub(crate) fn generate(store: &mut Store, rows: usize, seed: u64, user_name: &str) -> Result<(), Full> {
    let mut random = Pcg64::seed_from_u64(seed);
    put_integration_user(store, user_name, BASE_DATA)?;
    let cast = Cast::of(store, rows, &mut random)?;
    incidents(store, rows, &cast, &mut random)?;
    put_choices(store, BASE_DATA)
}

/// What incidents refer to: interned `sys_id`s, and the names that appear in texts.
struct Cast {
    users: Vec<Text>,
    groups: Vec<Text>,
    items: Vec<(Text, String)>,
    locations: Vec<Text>,
    companies: Vec<Text>,
    problems: Vec<Text>,
    changes: Vec<Text>,
    authors: Vec<Text>,
}

impl Cast {
    fn of(store: &mut Store, rows: usize, random: &mut Pcg64) -> Result<Self, Full> {
        let locations = named(store, "cmn_location", &LOCATIONS)?;
        let departments = named(store, "cmn_department", &DEPARTMENTS)?;
        let companies = named(store, "core_company", &COMPANIES)?;
        let groups = named(store, "sys_user_group", &GROUPS)?;
        let mut users: Vec<Text> = Vec::new();
        let mut authors = vec![store.intern("system")?];
        for number in 0..(rows / 40).clamp(60, 8000) {
            let first = word(&FIRST_NAMES, random);
            let last = word(&LAST_NAMES, random);
            let user_name = format!("{}.{}{number}", ascii(first), ascii(last));
            let sys_id = sys_id_of("sys_user", &user_name);
            let manager = users.get(number / 9).map_or("", |manager| store.texts.of(*manager)).to_owned();
            let [department, location, company] =
                [&departments, &locations, &companies].map(|ids| store.texts.of(*pick(ids, random)).to_owned());
            let fields = [
                ("user_name", user_name.as_str()),
                ("name", &format!("{first} {last}")),
                ("first_name", first),
                ("last_name", last),
                ("email", &format!("{user_name}@example.com")),
                ("phone", &format!("+49 30 {:07}", random.random_range(0..10_000_000))),
                ("title", word(&TITLES, random)),
                ("employee_number", &format!("E{number:06}")),
                ("department", &department),
                ("manager", &manager),
                ("location", &location),
                ("company", &company),
                ("active", if random.random_ratio(19, 20) { "true" } else { "false" }),
                ("locked_out", "false"),
                ("vip", if random.random_ratio(1, 40) { "true" } else { "false" }),
                ("web_service_access_only", "false"),
            ];
            put(store, "sys_user", &sys_id, BASE_DATA, &fields)?;
            users.push(store.intern(&sys_id)?);
            if number % 9 == 0 {
                authors.push(store.intern(&user_name)?);
            }
            if number % 4 == 0 {
                let group = store.texts.of(*pick(&groups, random)).to_owned();
                let id = sys_id_of("sys_user_grmember", &user_name);
                put(store, "sys_user_grmember", &id, BASE_DATA, &[("user", &sys_id), ("group", &group)])?;
            }
        }
        let mut items = Vec::new();
        for number in 0..(rows / 30).clamp(40, 20_000) {
            let (class, stem) = pick(&ITEMS, random);
            let name = format!("{stem}-{number:05}");
            let sys_id = sys_id_of("cmdb_ci", &name);
            let group = store.texts.of(*pick(&groups, random)).to_owned();
            let location = store.texts.of(*pick(&locations, random)).to_owned();
            let fields = [
                ("name", name.as_str()),
                ("sys_class_name", class),
                ("asset_tag", &format!("P{:07}", 1_000_000 + number)),
                ("serial_number", &format!("SN-{:010X}", random.random_range(0..1_u64 << 40))),
                ("ip_address", &format!("10.{}.{}.{}", number >> 16 & 255, number >> 8 & 255, number & 255)),
                ("install_status", "1"),
                ("operational_status", "1"),
                ("support_group", &group),
                ("location", &location),
            ];
            put(store, "cmdb_ci", &sys_id, BASE_DATA, &fields)?;
            items.push((store.intern(&sys_id)?, name));
        }
        let problems = tasks(store, "problem", "PRB", rows / 200, &[("state", "103"), ("known_error", "false")])?;
        let changes = tasks(store, "change_request", "CHG", rows / 100, &[("state", "-1"), ("type", "normal")])?;
        Ok(Self { users, groups, items, locations, companies, problems, changes, authors })
    }
}

fn named(store: &mut Store, table: &str, names: &[&str]) -> Result<Vec<Text>, Full> {
    let mut ids = Vec::new();
    for name in names {
        let sys_id = sys_id_of(table, name);
        put(store, table, &sys_id, BASE_DATA, &[("name", name), ("active", "true")])?;
        ids.push(store.intern(&sys_id)?);
    }
    Ok(ids)
}

fn tasks(store: &mut Store, table: &str, prefix: &str, count: usize, more: &[(&str, &str)]) -> Result<Vec<Text>, Full> {
    let mut ids = Vec::new();
    for number in 1..=count.clamp(4, 2000) {
        let number_text = format!("{prefix}{number:07}");
        let sys_id = sys_id_of(table, &number_text);
        let (_, _, complaint, _) = COMPLAINTS.get(number % COMPLAINTS.len()).copied().unwrap_or_default();
        let mut fields = vec![
            ("number", number_text.as_str()),
            ("short_description", complaint),
            ("active", "true"),
            ("priority", "3"),
            ("sys_class_name", table),
        ];
        fields.extend(more);
        put(store, table, &sys_id, BASE_DATA, &fields)?;
        ids.push(store.intern(&sys_id)?);
        if let Some(table) = store.find(table).and_then(|id| store.tables.get_mut(id.0)) {
            table.last_number = number as u64;
        }
    }
    Ok(ids)
}

fn incidents(store: &mut Store, rows: usize, cast: &Cast, random: &mut Pcg64) -> Result<(), Full> {
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
    let incident = store.intern("incident")?;
    let mut bulk = Text::EMPTY;
    let span = LAST - 86_400 - FIRST;
    for number in 0..rows {
        let label = format!("INC{:07}", number + 1);
        let opened = FIRST + span * number as u64 / rows.max(1) as u64 + random.random_range(0..900);
        let created = opened + random.random_range(0..600);
        let updated = created + random.random_range(0..400_000_u64).pow(2) / 400_000;
        let updated_at = updated.min(LAST);
        let (category, subcategory, complaint, more) = pick(&COMPLAINTS, random);
        let item = pick(&cast.items, random);
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
                bulk = store.intern(&stamp(updated_at * 1000))?;
                bulk
            }
            place if place < BULK_SIZE => bulk,
            _ => store.intern(&stamp(updated_at * 1000))?,
        };
        let opened_at = store.intern(&stamp(opened * 1000))?;
        let mut cells: Vec<(usize, Text)> = Vec::with_capacity(40);
        cells.extend([
            (SYS_ID, store.intern(&sys_id_of("incident", &label))?),
            (CREATED_ON, store.intern(&stamp(created * 1000))?),
            (CREATED_BY, *pick(&cast.authors, random)),
            (UPDATED_ON, stamped),
            (UPDATED_BY, *pick(&cast.authors, random)),
            (MOD_COUNT, digit(random.random_range(0..20))),
            (columns.number, store.intern(&label)?),
            (columns.state, digit(state)),
            (columns.active, if matches!(state, 7 | 8) { no } else { yes }),
            (columns.impact, digit(impact)),
            (columns.urgency, digit(urgency)),
            (columns.priority, digit(impact + urgency - 1)),
            (columns.short_description, store.intern(&complaint.replace("{}", &item.1))?),
            (columns.description, store.intern(&more.replace("{}", &item.1))?),
            (columns.category, store.intern(category)?),
            (columns.subcategory, store.intern(subcategory)?),
            (columns.contact_type, store.intern(word(&["phone", "email", "self-service", "chat"], random))?),
            (columns.caller_id, *pick(&cast.users, random)),
            (columns.opened_by, *pick(&cast.users, random)),
            (columns.opened_at, opened_at),
            (columns.assignment_group, *pick(&cast.groups, random)),
            (columns.cmdb_ci, item.0),
            (columns.location, *pick(&cast.locations, random)),
            (columns.company, *pick(&cast.companies, random)),
            (columns.reassignment_count, digit(random.random_range(0..6_usize).pow(2) / 6)),
            (columns.reopen_count, digit(random.random_range(0..20) / 18)),
            (columns.made_sla, if random.random_ratio(4, 5) { yes } else { no }),
            (columns.knowledge, if random.random_ratio(1, 12) { yes } else { no }),
            (columns.notify, digit(1)),
            (columns.class, incident),
        ]);
        if state != 1 {
            cells.push((columns.assigned_to, *pick(&cast.users, random)));
        }
        if state == 3 {
            cells.push((columns.hold_reason, digit(*pick(&[1, 3, 4, 5], random))));
        }
        if random.random_ratio(1, 25) {
            cells.push((columns.problem_id, *pick(&cast.problems, random)));
        }
        if random.random_ratio(1, 40) {
            cells.push((columns.rfc, *pick(&cast.changes, random)));
        }
        if matches!(state, 6 | 7) {
            cells.extend([
                (
                    columns.close_code,
                    store.intern(word(&["Solution provided", "Workaround provided", "Resolved by caller"], random))?,
                ),
                (columns.close_notes, store.intern(word(&CLOSE_NOTES, random))?),
                (columns.resolved_by, *pick(&cast.users, random)),
                (columns.resolved_at, stamped),
            ]);
        }
        if matches!(state, 7 | 8) {
            cells.extend([(columns.closed_by, *pick(&cast.users, random)), (columns.closed_at, stamped)]);
        }
        store.insert(table, &cells);
    }
    if let Some(table) = store.tables.get_mut(table.0) {
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
        /// Where the generator writes; resolved once, not once a row.
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
    class = "sys_class_name",
}

#[allow(clippy::indexing_slicing, reason = "the lists picked from are the constants here and at least one row long")]
fn pick<'a, T>(all: &'a [T], random: &mut Pcg64) -> &'a T {
    &all[random.random_range(0..all.len())]
}

fn word(all: &[&'static str], random: &mut Pcg64) -> &'static str {
    let word: &&'static str = pick(all, random);
    word
}

/// High, medium and low as they come in practice.
fn level(random: &mut Pcg64) -> usize {
    match random.random_range(0..10) {
        0 => 1,
        1..5 => 2,
        _ => 3,
    }
}

/// A name as it stands in a user name or an address.
fn ascii(name: &str) -> String {
    let letters = name.chars().filter_map(|letter| match letter {
        'í' => Some('i'),
        'ë' => Some('e'),
        letter if letter.is_ascii_alphanumeric() => Some(letter.to_ascii_lowercase()),
        _ => None,
    });
    letters.collect()
}
