//! The records that generated incidents refer to: users, groups, configuration items, locations, problems and changes.

use rand::RngExt;
use rand_pcg::Pcg64;

use crate::identity::sys_id_of;
use crate::store::{Full, Store, Text};

use super::filling::put;
use super::generator::BASE_DATA;
use super::words::{COMPANIES, COMPLAINTS, DEPARTMENTS, FIRST_NAMES, GROUPS, ITEMS, LAST_NAMES, LOCATIONS, TITLES};

/// The targets of references: interned `sys_id`s, and the names that appear in texts.
pub(super) struct References {
    pub(super) users: Vec<Text>,
    pub(super) groups: Vec<Text>,
    pub(super) items: Vec<(Text, String)>,
    /// Those of the items that are services.
    pub(super) services: Vec<Text>,
    pub(super) locations: Vec<Text>,
    pub(super) companies: Vec<Text>,
    pub(super) problems: Vec<Text>,
    pub(super) changes: Vec<Text>,
    pub(super) authors: Vec<Text>,
}

impl References {
    pub(super) fn of(store: &mut Store, rows: usize, random: &mut Pcg64) -> Result<Self, Full> {
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
        let (mut items, mut services) = (Vec::new(), Vec::new());
        for number in 0..(rows / 30).clamp(40, 20_000) {
            let (class, stem) = pick(&ITEMS, random);
            let name = format!("{stem}-{number:05}");
            let sys_id = sys_id_of("cmdb_ci", &name);
            let group = store.texts.of(*pick(&groups, random)).to_owned();
            let location = store.texts.of(*pick(&locations, random)).to_owned();
            let fields = [
                ("name", name.as_str()),
                ("asset_tag", &format!("P{:07}", 1_000_000 + number)),
                ("serial_number", &format!("SN-{:010X}", random.random_range(0..1_u64 << 40))),
                ("ip_address", &format!("10.{}.{}.{}", number >> 16 & 255, number >> 8 & 255, number & 255)),
                ("install_status", "1"),
                ("operational_status", "1"),
                ("support_group", &group),
                ("location", &location),
            ];
            put(store, class, &sys_id, BASE_DATA, &fields)?;
            let sys_id = store.intern(&sys_id)?;
            if *class == "cmdb_ci_service" {
                services.push(sys_id);
            }
            items.push((sys_id, name));
        }
        let problems = tasks(store, "problem", "PRB", rows / 200, &[("state", "103"), ("known_error", "false")])?;
        let changes = tasks(store, "change_request", "CHG", rows / 100, &[("state", "-1"), ("type", "normal")])?;
        Ok(Self { users, groups, items, services, locations, companies, problems, changes, authors })
    }
}

impl References {
    /// The user of a number, the same in every run.
    pub(super) fn user(&self, number: usize) -> Text {
        self.users.get(number % self.users.len().max(1)).copied().unwrap_or_default()
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
        if let Some(table) = store.find(table).and_then(|id| store.tables.get_mut(id.place())) {
            table.last_number = number as u64;
        }
    }
    Ok(ids)
}

#[allow(clippy::indexing_slicing, reason = "the lists picked from are the constants here and at least one row long")]
pub(super) fn pick<'a, T>(all: &'a [T], random: &mut Pcg64) -> &'a T {
    &all[random.random_range(0..all.len())]
}

pub(super) fn word(all: &[&'static str], random: &mut Pcg64) -> &'static str {
    let word: &&'static str = pick(all, random);
    word
}

/// A name in the form of a user name or an address.
fn ascii(name: &str) -> String {
    let letters = name.chars().filter_map(|letter| match letter {
        'í' => Some('i'),
        'ë' => Some('e'),
        letter if letter.is_ascii_alphanumeric() => Some(letter.to_ascii_lowercase()),
        _ => None,
    });
    letters.collect()
}
