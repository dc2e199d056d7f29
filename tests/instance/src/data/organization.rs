//! The places, companies, departments and groups that generated records refer to, with the people who lead them.

use crate::identity::sys_id_of;
use crate::store::{Full, Store, Text};

use super::filling::put;
use super::generator::BASE_DATA;
use super::words::{COMPANIES, DEPARTMENTS, GROUPS, LOCATIONS};

/// Country, time zone, latitude and longitude of the cities in which [`LOCATIONS`] are.
const CITIES: [(&str, &str, &str, &str, &str); 8] = [
    ("Amsterdam", "NL", "Europe/Amsterdam", "52.367", "4.904"),
    ("Berlin", "DE", "Europe/Berlin", "52.520", "13.405"),
    ("Chicago", "US", "America/Chicago", "41.878", "-87.630"),
    ("Dublin", "IE", "Europe/Dublin", "53.350", "-6.260"),
    ("Hyderabad", "IN", "Asia/Kolkata", "17.385", "78.487"),
    ("Kraków", "PL", "Europe/Warsaw", "50.065", "19.945"),
    ("London", "GB", "Europe/London", "51.507", "-0.128"),
    ("Madrid", "ES", "Europe/Madrid", "40.417", "-3.704"),
];

/// The `sys_id`s of rows with these names.
pub(super) fn named(store: &mut Store, table: &str, names: &[&str]) -> Result<Vec<Text>, Full> {
    names.iter().map(|name| store.intern(&sys_id_of(table, name))).collect()
}

/// Inserts the rows. Users lead them in turn.
pub(super) fn put_organization(store: &mut Store, users: &[Text]) -> Result<(), Full> {
    let leads: Vec<String> = users.iter().map(|user| store.texts.of(*user).to_owned()).collect();
    let lead = |number: usize| leads.get(number * 9 % leads.len().max(1)).map_or("", String::as_str);
    for (number, name) in LOCATIONS.iter().enumerate() {
        let (city, street) = name.split_once(", ").unwrap_or((name, ""));
        let known = CITIES.iter().find(|known| known.0 == city);
        let (_, country, zone, latitude, longitude) = known.copied().unwrap_or_default();
        let fields = [
            ("name", *name),
            ("full_name", name),
            ("city", city),
            ("street", street),
            ("country", country),
            ("time_zone", zone),
            ("latitude", latitude),
            ("longitude", longitude),
            ("contact", lead(number)),
        ];
        put(store, "cmn_location", &sys_id_of("cmn_location", name), BASE_DATA, &fields)?;
    }
    for (number, name) in COMPANIES.iter().enumerate() {
        let own = name.starts_with("ACME");
        let (own, other) = if own { ("true", "false") } else { ("false", "true") };
        let fields = [
            ("name", *name),
            ("primary", if number == 0 { "true" } else { "false" }),
            ("customer", own),
            ("vendor", other),
            ("manufacturer", other),
            ("publicly_traded", other),
            ("contact", lead(number)),
        ];
        put(store, "core_company", &sys_id_of("core_company", name), BASE_DATA, &fields)?;
    }
    let company = sys_id_of("core_company", COMPANIES.first().copied().unwrap_or_default());
    for (number, name) in DEPARTMENTS.iter().enumerate() {
        let center = sys_id_of("cmn_cost_center", name);
        let code = format!("CC{:04}", 1000 + number);
        let fields = [("name", *name), ("code", &code), ("account_number", &code), ("manager", lead(number))];
        put(store, "cmn_cost_center", &center, BASE_DATA, &fields)?;
        let fields = [
            ("name", *name),
            ("id", &format!("{:04}", 3000 + number)),
            ("dept_head", lead(number)),
            ("primary_contact", lead(number + 1)),
            ("company", &company),
            ("cost_center", &center),
            ("head_count", &(leads.len() / DEPARTMENTS.len()).to_string()),
        ];
        put(store, "cmn_department", &sys_id_of("cmn_department", name), BASE_DATA, &fields)?;
    }
    for name in GROUPS {
        let mail = format!("{}@example.com", name.to_lowercase().replace(' ', "."));
        let fields = [("name", name), ("active", "true"), ("email", mail.as_str())];
        put(store, "sys_user_group", &sys_id_of("sys_user_group", name), BASE_DATA, &fields)?;
    }
    Ok(())
}
