//! The simulation draws every switch and every fault of the practice instance, or its absence has a reason.

use std::collections::BTreeSet;

use sysparm_instance::{Switches, documented_faults, documented_switches};

use super::intermediaries;
use super::plan::Plan;
use crate::world::Random;

/// Switches and faults that no run of this client meets.
const NOT_DRAWN: [(&str, &str); 15] = [
    ("application_user_missing", "the registry record has its user"),
    ("batch_ms", "no batch is sent"),
    ("cors", "no browser is involved"),
    ("echo", "tests/secrets.rs sends every form of it"),
    ("fail_next", "faults fail requests at random"),
    ("longest_url", "a query that is too long fails for good"),
    ("loopback_port", "nobody signs in with a browser"),
    ("oauth_cors_origin", "no browser is involved"),
    ("quota_ms", "the trouble Quota cancels requests"),
    ("roles_lost", "no session cookie is sent"),
    ("secrets_by_display_value", "no password field is written"),
    ("truncate_next", "writers set it during a run"),
    ("faults", "their kinds are checked one by one"),
    ("semaphore", "the trouble Threads sets it"),
    ("unauthenticated_message", "it follows from the release"),
];

#[test]
fn every_switch_and_fault_is_drawn_or_has_a_reason() {
    let standard = serde_json::to_value(Switches::default()).unwrap();
    let mut drawn = BTreeSet::new();
    let mut forms = BTreeSet::new();
    for seed in 0..3000 {
        let plan = Plan::of(seed, &mut Random(seed.wrapping_mul(0x2545_F491_4F6C_DD1D)));
        let mut switches = plan.switches();
        plan.fault_plan.episodes.iter().for_each(|one| one.trouble.strike(&mut switches));
        let switches = serde_json::to_value(switches).unwrap();
        let changed = switches.as_object().unwrap().iter().filter(|(name, value)| standard[*name] != **value);
        drawn.extend(changed.map(|(name, _)| name.clone()));
        for kind in &plan.fault_plan.kinds {
            let kind = serde_json::to_value(kind).unwrap();
            let name = kind.as_str().map(str::to_owned);
            drawn.extend(name.or_else(|| kind.as_object()?.keys().next().cloned()));
            forms.insert(kind.to_string());
        }
    }
    for (name, _) in documented_switches().into_iter().chain(documented_faults()) {
        let excused = NOT_DRAWN.iter().find(|(other, _)| *other == name);
        assert!(drawn.contains(&name) || excused.is_some(), "{name} is neither drawn nor listed in NOT_DRAWN");
    }
    for kind in intermediaries::kinds(false) {
        let kind = serde_json::to_value(kind).unwrap().to_string();
        assert!(forms.contains(&kind), "{kind} is not drawn");
    }
}
