//! Causes whose fix changes the request, or a state outside of the records. Sends the failing request, expects the diagnosis to name
//! the cause, applies the fix, and expects no diagnosis of the request sent then.

mod limits_and_records;
mod orders;
mod queries;
mod requests;
mod sign_in;
mod writes;

pub(crate) use requests::agent;

use std::collections::BTreeSet;

use sysparm_instance::Reply;

use crate::classified;
use crate::client::Client;

/// The cause, the set-up, the request that fails, and the request with the fix applied.
pub(crate) type RequestFix = (&'static str, fn(&mut Client), fn(&mut Client) -> Reply, fn(&mut Client) -> Reply);

fn fixes() -> impl Iterator<Item = &'static RequestFix> {
    [sign_in::FIXES, queries::FIXES, limits_and_records::FIXES, writes::FIXES, orders::FIXES].into_iter().flatten()
}

#[test]
fn request_fix_of_named_cause_removes_diagnosis() {
    let mut wrong = Vec::new();
    for (cause, set_up, failing, fixed) in fixes() {
        let mut client = Client::with_rows(60);
        set_up(&mut client);
        let seen = classified(&mut client, *failing);
        let named = seen.as_ref().is_some_and(|found| found.causes.iter().any(|known| known.code == *cause));
        if !named {
            let diagnosis = seen
                .as_ref()
                .map(|found| (found.code, found.causes.iter().map(|known| known.code).collect::<Vec<_>>()));
            wrong.push(format!("{cause} is not named: {diagnosis:?}"));
            continue;
        }
        if let Some(left) = classified(&mut client, *fixed) {
            wrong.push(format!("{cause}: fixed, it is {} {:?}", left.code, left.evidence));
        }
    }
    println!("{} fixes that change the request were applied", fixes().count());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Causes whose fix no test can apply to an instance, and why.
const UNTESTABLE: &[(&str, &str)] = &[
    ("gateway.waits-less", OUTSIDE),
    ("instance.gateway-sign-in", OUTSIDE),
    ("instance.portal-in-front", OUTSIDE),
    ("network.down", OUTSIDE),
    ("network.filtered", OUTSIDE),
    ("network.local-access", OUTSIDE),
    ("network.gateway-limit", OUTSIDE),
    ("network.mixed-content", OUTSIDE),
    ("network.proxy-sign-in", OUTSIDE),
    ("network.silent", OUTSIDE),
    ("instance.wrong-address", ANOTHER),
    ("instance.wrong-host", ANOTHER),
    (
        "instance.session-over",
        "the practice instance redirects every API call, of any user: it has no single sign-on to come from",
    ),
    ("instance.load-balancer", NO_COST),
    ("instance.slow", NO_COST),
    ("quota.query-too-heavy", NO_COST),
    ("instance.script-failed", "the practice instance runs no scripts, so none of them fails"),
    ("reply.not-json", "the practice instance sends XML only to a client that asks for it, and no other text"),
    ("reply.other-form", "the practice instance runs no scripted REST resource that answers in a form of its own"),
    ("text.control-character", "the practice instance escapes control characters in every reply"),
    ("path.plugin-inactive", "the practice instance has no API that comes with a plugin of its own"),
    ("query.cut", "what was cut off on the way is not in the request that was seen"),
    (
        "query.script-refused",
        "no reply shows that a script was refused: the cause is named along with others that a reply shows",
    ),
    (
        "rows.out-of-sight",
        "a user who may not see a row cannot know that it exists: only its owner can confirm the fix",
    ),
    ("token.source", IN_THE_PROGRAM),
    ("oauth.key-cannot-sign", IN_THE_PROGRAM),
    ("write.changed-by-rule", "the practice instance runs no scripts, so no rule sets a field after a write"),
    ("core.fault", IN_THE_PROGRAM),
    ("core.memory", IN_THE_PROGRAM),
    ("core.stack", IN_THE_PROGRAM),
    ("write.database-view", "the practice instance has no database views"),
    ("network.certificate-untrusted", OUTSIDE),
    ("record.changed-by-another", BY_LOOKUP),
    ("record.changed-meanwhile", BY_LOOKUP),
    ("write.key-shared", BY_LOOKUP),
    ("write.sent-twice", BY_LOOKUP),
    ("attachment.transfer-cut", BY_LOOKUP),
    ("attachment.changed-on-the-way", BY_LOOKUP),
    ("gateway.method", OUTSIDE),
    ("request.early-data", OUTSIDE),
    ("certificate.not-mapped", OUTSIDE),
    ("reply.nothing-came", ANOTHER),
    ("record.lock-held", NOT_ITS_STATUS),
    ("record.other-state", NOT_ITS_STATUS),
    ("record.key-taken", NOT_ITS_STATUS),
    ("request.method-unknown", NOT_ITS_STATUS),
];

const OUTSIDE: &str =
    "it lies between the program and the instance: no request to the instance and no record of it changes that";
const ANOTHER: &str =
    "the request goes to another server: at the right address there is nothing wrong, as every other test shows";
const NO_COST: &str = "the practice instance charges nothing for a row, so a smaller page is not quicker there";
const BY_LOOKUP: &str =
    "no reply shows it: the package finds it by looking again after a write or a transfer, and its own cases try it";
const NOT_ITS_STATUS: &str = "no API of the practice instance answers 409, 423 or 501: none of them is documented to";
const IN_THE_PROGRAM: &str = "nothing is sent: the fault is in what the program hands over";

#[test]
fn every_cause_has_a_tested_fix_or_is_listed_as_untestable() {
    let scenarios = crate::record_fixes::RECORD_FIXES.iter().map(|(name, _)| *name).chain(["token-of-guest"]);
    let of_scenarios = scenarios.filter_map(|name| {
        crate::EXPECTED_CAUSES.iter().find(|expected| expected.0 == name).map(|expected| expected.2)
    });
    let applied: BTreeSet<&str> = fixes().map(|fix| fix.0).chain(of_scenarios).collect();
    let untestable: BTreeSet<&str> = UNTESTABLE.iter().map(|(cause, _)| *cause).collect();
    assert_eq!(untestable.len(), UNTESTABLE.len(), "each cause once");
    let known: BTreeSet<&str> = sysparm::diagnose::causes().iter().map(|cause| cause.code).collect();
    let missing: Vec<_> =
        known.iter().filter(|cause| !applied.contains(*cause) && !untestable.contains(*cause)).collect();
    assert!(missing.is_empty(), "no test applies the fix of {missing:?}");
    let idle: Vec<_> = applied.union(&untestable).filter(|cause| !known.contains(*cause)).collect();
    assert!(idle.is_empty(), "the catalogue has no {idle:?}");
    let both: Vec<_> = applied.intersection(&untestable).collect();
    assert!(both.is_empty(), "applied, and said to be impossible: {both:?}");
    println!("of {} causes {} have their fix applied, {} cannot", known.len(), applied.len(), untestable.len());
}
