//! Cases of human resources and of customer service, configuration items that depend on each other, and the roles that they
//! need ("HR roles", "Customer Service Management roles", "CMDB roles" in the product documentation).

use crate::identity::{hash, sys_id_of};
use crate::records;
use crate::store::{Full, Store};

use super::administration::{grant, rule};
use super::filling::put;
use super::generator::BASE_DATA;

/// Users with exactly the role in their name. `practice.visitor` has no role.
const USERS: [(&str, &str, &[&str]); 3] = [
    ("practice.csm", "Practice Customer Service", &["sn_customerservice_agent"]),
    ("practice.hr.agent", "Practice HR Agent", &["sn_hr_core.case_writer", "sn_hr_core.profile_reader"]),
    ("practice.cmdb", "Practice Configuration Reader", &["cmdb_read"]),
];

const HR_READ: &[&str] = &["sn_hr_core.case_reader", "sn_hr_core.case_writer", "sn_hr_core.basic", "sn_hr_core.admin"];
const HR_WRITE: &[&str] = &["sn_hr_core.case_writer", "sn_hr_core.basic", "sn_hr_core.admin"];
const PROFILE_READ: &[&str] = &["sn_hr_core.profile_reader", "sn_hr_core.basic", "sn_hr_core.admin"];
const CUSTOMER: &[&str] = &["sn_customerservice_agent", "sn_customerservice_manager", "csm_ws_integration"];

/// The roles that may read and write.
const TABLES: [(&[&str], &[&str], &[&str]); 4] = [
    (&["sn_hr_core_case", "sn_hr_core_service"], HR_READ, HR_WRITE),
    (&["sn_hr_core_profile"], PROFILE_READ, &["sn_hr_core.admin"]),
    (&["sn_customerservice_case", "customer_account", "customer_contact"], CUSTOMER, CUSTOMER),
    (&["cmdb_rel_ci", "cmdb_rel_type"], &["itil", "asset", "cmdb_read"], &["itil", "asset"]),
];

const SERVICES: [(&str, &str, &str); 5] = [
    ("Payroll Discrepancy", "Payroll", "My last payslip misses the overtime of {}"),
    ("Employment Verification", "Employee Relations", "A letter for the bank of {}"),
    ("Parental Leave", "Leave", "Leave from March on for {}"),
    ("Onboarding", "Lifecycle Events", "New colleague: {}"),
    ("Benefits Inquiry", "Total Rewards", "Which dental plan does {} have?"),
];
const ACCOUNTS: [(&str, &str, &str); 6] = [
    ("Boxeo", "San Diego", "US"),
    ("Brightwater Energy", "London", "GB"),
    ("Hafenkontor", "Hamburg", "DE"),
    ("Northwind Textiles", "Porto", "PT"),
    ("Kitano Instruments", "Osaka", "JP"),
    ("Gallo & Figli", "Torino", "IT"),
];
const QUESTIONS: [&str; 4] = [
    "The portal shows last month's invoice",
    "Replacement part has not arrived",
    "How do we add a second administrator?",
    "Router restarts every night at two",
];
const TYPES: [(&str, &str); 4] =
    [("Depends on", "Used by"), ("Runs on", "Runs"), ("Hosted on", "Hosts"), ("Connects to", "Connected by")];

const CASES: u64 = 60;
const PROFILES: usize = 200;

/// Inserts all of it into the store, which already holds users and configuration items.
pub(crate) fn put_casework(store: &mut Store, created: u64) -> Result<(), Full> {
    for (user_name, name, roles) in USERS {
        let password = format!("{}-password", user_name.replace('.', "-"));
        let fields = [
            ("user_name", user_name),
            ("name", name),
            ("active", "true"),
            ("locked_out", "false"),
            ("password_needs_reset", "false"),
            ("web_service_access_only", "true"),
            ("identity_type", "machine"),
            ("time_zone", "GMT"),
            ("user_password", &password),
        ];
        put(store, "sys_user", &sys_id_of("sys_user", user_name), BASE_DATA, &fields)?;
        for role in roles {
            grant(store, user_name, role, created);
        }
    }
    for (tables, read, write) in TABLES {
        for table in tables {
            rule(store, table, "record", "read", read, true, created);
            for operation in ["create", "write", "delete"] {
                rule(store, table, "record", operation, write, true, created);
            }
        }
    }
    let people = people(store);
    human_resources(store, &people)?;
    customer_service(store)?;
    relations(store)
}

/// A person: `sys_id`, name, e-mail address, department, location and manager.
type Person = [String; 6];

fn people(store: &Store) -> Vec<Person> {
    let people = records::all(store, "sys_user").filter(|user| !user.text("email").is_empty()).take(PROFILES);
    let columns = ["sys_id", "name", "email", "department", "location", "manager"];
    people.map(|user| columns.map(|column| user.text(column).to_owned())).collect()
}

fn human_resources(store: &mut Store, people: &[Person]) -> Result<(), Full> {
    for (name, ..) in SERVICES {
        let id = sys_id_of("sn_hr_core_service", name);
        put(store, "sn_hr_core_service", &id, BASE_DATA, &[("name", name), ("active", "true")])?;
    }
    for (number, [user, _, email, department, location, manager]) in people.iter().enumerate() {
        let employee = format!("E{number:06}");
        let started = format!("20{:02}-{:02}-01", 10 + number % 14, 1 + number % 12);
        let fields = [
            ("user", user.as_str()),
            ("employee_number", &employee),
            ("employment_start_date", &started),
            ("employment_status", "active"),
            ("employment_type", if number % 7 == 0 { "part_time" } else { "full_time" }),
            ("position", "Analyst"),
            ("department", department),
            ("location", location),
            ("manager", manager),
            ("work_email", email),
        ];
        put(store, "sn_hr_core_profile", &sys_id_of("sn_hr_core_profile", user), BASE_DATA, &fields)?;
    }
    for number in 1..=CASES {
        let label = format!("HRC{number:07}");
        let (service, topic, line) = one(&SERVICES, &label);
        let [user, name, ..] = people.get(draw(&label, people.len())).cloned().unwrap_or_default();
        let state = one(&["10", "18", "24", "3", "3"], &format!("{label} state"));
        let fields = [
            ("number", label.as_str()),
            ("state", state),
            ("active", if state == "3" { "false" } else { "true" }),
            ("priority", one(&["1", "2", "3", "4"], &format!("{label} priority"))),
            ("short_description", &line.replace("{}", &name)),
            ("opened_for", &user),
            ("subject_person", &user),
            ("hr_service", &sys_id_of("sn_hr_core_service", service)),
            ("topic_category", topic),
            ("hr_profile", &sys_id_of("sn_hr_core_profile", &user)),
            ("opened_at", BASE_DATA),
            ("sys_class_name", "sn_hr_core_case"),
        ];
        put(store, "sn_hr_core_case", &sys_id_of("sn_hr_core_case", &label), BASE_DATA, &fields)?;
    }
    numbered(store, "sn_hr_core_case", CASES);
    Ok(())
}

fn customer_service(store: &mut Store) -> Result<(), Full> {
    for (number, (name, city, country)) in ACCOUNTS.iter().enumerate() {
        let account = sys_id_of("customer_account", name);
        let label = format!("ACCT{:07}", number + 1);
        let fields =
            [("number", label.as_str()), ("name", name), ("customer", "true"), ("city", city), ("country", country)];
        put(store, "customer_account", &account, BASE_DATA, &fields)?;
        let mail =
            format!("service@{}.example", name.to_lowercase().replace(|letter: char| !letter.is_alphanumeric(), "-"));
        let full = format!("Contact of {name}");
        let fields = [("name", full.as_str()), ("email", &mail), ("account", &account), ("active", "true")];
        put(store, "customer_contact", &sys_id_of("customer_contact", name), BASE_DATA, &fields)?;
    }
    for number in 1..=CASES {
        let label = format!("CS{number:07}");
        let (account, ..) = one(&ACCOUNTS, &label);
        let state = one(&["1", "10", "18", "6", "3"], &format!("{label} state"));
        let fields = [
            ("number", label.as_str()),
            ("state", state),
            ("active", if state == "3" { "false" } else { "true" }),
            ("priority", one(&["1", "2", "3", "4"], &format!("{label} priority"))),
            ("short_description", one(&QUESTIONS, &format!("{label} line"))),
            ("account", &sys_id_of("customer_account", account)),
            ("contact", &sys_id_of("customer_contact", account)),
            ("category", one(&["1", "2", "3"], &format!("{label} category"))),
            ("opened_at", BASE_DATA),
            ("sys_class_name", "sn_customerservice_case"),
        ];
        put(store, "sn_customerservice_case", &sys_id_of("sn_customerservice_case", &label), BASE_DATA, &fields)?;
    }
    numbered(store, "customer_account", ACCOUNTS.len() as u64);
    numbered(store, "sn_customerservice_case", CASES);
    Ok(())
}

/// Services and applications depend on servers. Computers connect to network gear.
fn relations(store: &mut Store) -> Result<(), Full> {
    for (parent, child) in TYPES {
        let name = format!("{parent}::{child}");
        let fields = [("name", name.as_str()), ("parent_descriptor", parent), ("child_descriptor", child)];
        put(store, "cmdb_rel_type", &sys_id_of("cmdb_rel_type", &name), BASE_DATA, &fields)?;
    }
    let of_class = |class: &str| -> Vec<String> {
        let items = records::with(store, "cmdb_ci", "sys_class_name", class).take(MAX_RELATED);
        items.map(|item| item.id().to_owned()).collect()
    };
    let [services, applications, servers, computers, gear] =
        ["cmdb_ci_service", "cmdb_ci_appl", "cmdb_ci_server", "cmdb_ci_computer", "cmdb_ci_netgear"].map(of_class);
    for (parents, children, kind) in [
        (&services, &applications, "Depends on::Used by"),
        (&applications, &servers, "Runs on::Runs"),
        (&computers, &gear, "Connects to::Connected by"),
    ] {
        let kind = sys_id_of("cmdb_rel_type", kind);
        for (number, parent) in parents.iter().enumerate() {
            for child in children.iter().cycle().skip(number).take(children.len().min(2)) {
                let id = sys_id_of("cmdb_rel_ci", &format!("{parent} {child}"));
                let fields = [("parent", parent.as_str()), ("child", child), ("type", &kind)];
                put(store, "cmdb_rel_ci", &id, BASE_DATA, &fields)?;
            }
        }
    }
    Ok(())
}

const MAX_RELATED: usize = 100;

/// A choice that is the same in every run.
fn draw(name: &str, from: usize) -> usize {
    usize::try_from(hash(name, 0xca5e) % from.max(1) as u64).unwrap_or_default()
}

#[allow(clippy::indexing_slicing, reason = "the lists drawn from are the constants here and at least one row long")]
fn one<T: Copy>(all: &[T], name: &str) -> T {
    all[draw(name, all.len())]
}

fn numbered(store: &mut Store, table: &str, last: u64) {
    if let Some(table) = store.find(table).and_then(|id| store.tables.get_mut(id.place())) {
        table.last_number = last;
    }
}
