//! Which roles an integration of each product needs, and which roles bring others with them.
//!
//! Source: product documentation, "Base system roles", and the role pages of ITSM, HR Service Delivery, Customer Service
//! Management and CMDB.

/// Reading roles by product; every one of them is wanted.
const PRESETS: &[(&str, &[&str])] = &[
    ("ITSM", &["sn_incident_read", "sn_problem_read", "sn_change_read"]),
    ("HRSD", &["sn_hr_core.case_reader", "sn_hr_core.profile_reader"]),
    ("CSM", &["sn_customerservice_agent"]),
    ("CMDB", &["cmdb_read"]),
];

const CONTAINED: &[(&str, &[&str])] = &[
    ("itil", &["snc_platform_rest_api_access", "cmdb_read", "sn_incident_read", "sn_problem_read", "sn_change_read"]),
    ("asset", &["cmdb_read"]),
];

/// Presets by their roles, everything else as it stands.
pub(super) fn wanted(names: &[String]) -> Vec<String> {
    let mut roles: Vec<String> = vec![];
    for name in names {
        match PRESETS.iter().find(|(preset, _)| preset.eq_ignore_ascii_case(name)) {
            Some((_, preset)) => roles.extend(preset.iter().map(|role| (*role).to_owned())),
            None => roles.push(name.clone()),
        }
    }
    roles.sort_unstable();
    roles.dedup();
    roles
}

/// Whether these roles include this one, directly or through another.
pub(super) fn has(held: &[String], role: &str) -> bool {
    let through = |held: &String| CONTAINED.iter().any(|(outer, inner)| outer == held && inner.contains(&role));
    held.iter().any(|held| held == role || held == "admin" || through(held))
}
