//! The records that generated incidents refer to: users, groups, configuration items, locations, problems and changes.

use rand::RngExt;
use rand_pcg::Pcg64;

use crate::identity::sys_id_of;
use crate::store::{Full, Store, Text};

use super::filling::put;
use super::generator::BASE_DATA;
use super::organization::{named, put_organization};
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
        let centers = named(store, "cmn_cost_center", &DEPARTMENTS)?;
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
            let center = departments.iter().position(|id| store.texts.of(*id) == department);
            let center = center.and_then(|place| centers.get(place)).map_or("", |id| store.texts.of(*id)).to_owned();
            // Few users have one, as in the demonstration data.
            let mobile = if number < WITH_MOBILE_PHONE { format!("+49 170 {number:07}") } else { String::new() };
            let fields = [
                ("user_name", user_name.as_str()),
                ("name", &format!("{first} {last}")),
                ("first_name", first),
                ("last_name", last),
                ("email", &format!("{user_name}@example.com")),
                ("phone", &format!("+49 30 {:07}", random.random_range(0..10_000_000))),
                ("mobile_phone", &mobile),
                ("cost_center", &center),
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
        put_organization(store, &users)?;
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
            let fields = [&fields[..], equipment(class)].concat();
            put(store, class, &sys_id, BASE_DATA, &fields)?;
            let sys_id = store.intern(&sys_id)?;
            if *class == "cmdb_ci_service" {
                services.push(sys_id);
            }
            items.push((sys_id, name));
        }
        let involved = (&users[..], &groups[..], &items[..]);
        let problem = [("state", "103"), ("problem_state", "103"), ("known_error", "false")];
        let problems = tasks(store, "problem", "PRB", rows / 200, &problem, involved)?;
        let change = [
            ("state", "-1"),
            ("type", "normal"),
            ("start_date", "2025-12-30 18:00:00"),
            ("end_date", "2025-12-30 20:00:00"),
            ("backout_plan", "Restore the configuration that was saved before the change."),
            ("test_plan", "Sign in and open one record of each kind."),
        ];
        let changes = tasks(store, "change_request", "CHG", rows / 100, &change, involved)?;
        Ok(Self { users, groups, items, services, locations, companies, problems, changes, authors })
    }
}

impl References {
    /// The user of a number, the same in every run.
    pub(super) fn user(&self, number: usize) -> Text {
        self.users.get(number % self.users.len().max(1)).copied().unwrap_or_default()
    }
}

/// The number of generated users with a mobile phone.
const WITH_MOBILE_PHONE: usize = 8;

/// What the items of a class have in common.
fn equipment(class: &str) -> &'static [(&'static str, &'static str)] {
    match class {
        "cmdb_ci_server" => &[
            ("os", "Linux Red Hat"),
            ("os_version", "9.4"),
            ("ram", "32768"),
            ("cpu_count", "2"),
            ("cpu_core_count", "8"),
            ("disk_space", "500"),
            ("environment", "production"),
            ("classification", "Production"),
        ],
        "cmdb_ci_computer" => &[
            ("os", "Windows 11 Enterprise"),
            ("ram", "16384"),
            ("cpu_count", "1"),
            ("cpu_core_count", "8"),
            ("disk_space", "512"),
        ],
        "cmdb_ci_netgear" => &[("device_type", "switch"), ("ports", "48"), ("can_switch", "true")],
        "cmdb_ci_printer" => &[("can_print", "true"), ("duplex", "true")],
        "cmdb_ci_service" => &[("busines_criticality", "1 - most critical"), ("service_status", "operational")],
        "cmdb_ci_appl" => &[("version", "7.50"), ("used_for", "Production")],
        _ => &[],
    }
}

/// Tasks with one state. Users, groups and items are involved in turn.
fn tasks(
    store: &mut Store,
    table: &str,
    prefix: &str,
    count: usize,
    more: &[(&str, &str)],
    (users, groups, items): (&[Text], &[Text], &[(Text, String)]),
) -> Result<Vec<Text>, Full> {
    let mut ids = Vec::new();
    for number in 1..=count.clamp(4, 2000) {
        let number_text = format!("{prefix}{number:07}");
        let sys_id = sys_id_of(table, &number_text);
        let (_, _, complaint, description) = COMPLAINTS.get(number % COMPLAINTS.len()).copied().unwrap_or_default();
        let in_turn = |store: &Store, all: &[Text], place: usize| {
            all.get(place % all.len().max(1)).map_or("", |id| store.texts.of(*id)).to_owned()
        };
        let (item, name) = items.get(number % items.len().max(1)).cloned().unwrap_or_default();
        let [opened_by, assigned_to] = [number, number * 7].map(|place| in_turn(store, users, place));
        let (group, item) = (in_turn(store, groups, number), store.texts.of(item).to_owned());
        let mut fields = vec![
            ("number", number_text.as_str()),
            ("task_effective_number", &number_text),
            ("short_description", complaint),
            ("active", "true"),
            ("priority", "3"),
            ("impact", "2"),
            ("urgency", "2"),
            ("opened_by", &opened_by),
            ("opened_at", BASE_DATA),
            ("requested_by", &opened_by),
            ("assigned_to", &assigned_to),
            ("assignment_group", &group),
            ("cmdb_ci", &item),
        ];
        let description = description.replace("{}", &name);
        fields.push(("description", &description));
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
