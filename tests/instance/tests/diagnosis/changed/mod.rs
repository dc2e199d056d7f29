//! Causes whose fix changes the request, or a state that a person changes outside of the records: the failing request is sent, the
//! diagnosis names the cause, the change is made, and what is sent then has nothing against it.

mod acts;
mod asking;
mod kept;
mod outcomes;
mod sign_in;

pub(crate) use acts::agent;

use std::collections::BTreeSet;

use sysparm_instance::Reply;

use crate::classified;
use crate::client::Client;

/// The cause; what is so before anybody asks; the request that fails, and the request with the fix applied.
pub(crate) type Change = (&'static str, fn(&mut Client), fn(&mut Client) -> Reply, fn(&mut Client) -> Reply);

fn changes() -> impl Iterator<Item = &'static Change> {
    [sign_in::CHANGES, asking::CHANGES, outcomes::CHANGES, kept::CHANGES].into_iter().flatten()
}

#[test]
fn the_change_that_the_cause_asks_for_makes_the_failure_go_away() {
    let mut wrong = Vec::new();
    for (cause, before, failing, changed) in changes() {
        let mut client = Client::with_rows(60);
        before(&mut client);
        let seen = classified(&mut client, *failing);
        let named = seen.as_ref().is_some_and(|found| found.causes.iter().any(|known| known.code == *cause));
        if !named {
            let told = seen
                .as_ref()
                .map(|found| (found.code, found.causes.iter().map(|known| known.code).collect::<Vec<_>>()));
            wrong.push(format!("{cause} is not named: {told:?}"));
            continue;
        }
        if let Some(left) = classified(&mut client, *changed) {
            wrong.push(format!("{cause}: changed, it is {} {:?}", left.code, left.evidence));
        }
    }
    println!("{} fixes that change the request were applied", changes().count());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Causes whose fix no test can apply to an instance, and why.
const CANNOT: &[(&str, &str)] = &[
    ("gateway.waits-less", OUTSIDE),
    ("instance.gateway-sign-in", OUTSIDE),
    ("instance.portal-in-front", OUTSIDE),
    ("network.down", OUTSIDE),
    ("network.filtered", OUTSIDE),
    ("network.gateway-limit", OUTSIDE),
    ("network.mixed-content", OUTSIDE),
    ("network.proxy-sign-in", OUTSIDE),
    ("network.silent", OUTSIDE),
    ("instance.wrong-address", ANOTHER),
    ("instance.wrong-host", ANOTHER),
    (
        "instance.session-over",
        "the practice instance sends every API call away, whoever asks: it has no single sign-on to come from",
    ),
    ("instance.load-balancer", NO_COST),
    ("instance.slow", NO_COST),
    ("quota.query-too-heavy", NO_COST),
    ("instance.script-failed", "the practice instance runs no scripts, so none of them fails"),
    ("path.plugin-inactive", "the practice instance has no API that comes with a plugin of its own"),
    ("query.cut", "what was cut off on the way is not in the request that was seen"),
    (
        "query.script-refused",
        "no reply shows that a script was refused: the cause is named beside others that a reply shows",
    ),
    (
        "rows.out-of-sight",
        "who may not see a row does not see that it is there: only its owner knows that the fix was one",
    ),
    ("token.source", IN_THE_PROGRAM),
    ("oauth.key-cannot-sign", IN_THE_PROGRAM),
    ("catalog.ordered-by-table", "the practice instance has no Service Catalog API to order by"),
    ("write.changed-by-rule", "the practice instance runs no scripts, so no rule sets a field after a write"),
    ("core.fault", IN_THE_PROGRAM),
    ("core.memory", IN_THE_PROGRAM),
    ("core.stack", IN_THE_PROGRAM),
    ("write.database-view", "the practice instance has no database views"),
    ("network.certificate-untrusted", OUTSIDE),
    ("record.changed-by-another", BY_LOOKING),
    ("record.changed-meanwhile", BY_LOOKING),
    ("write.key-shared", BY_LOOKING),
    ("write.sent-twice", BY_LOOKING),
    ("attachment.transfer-cut", BY_LOOKING),
    ("attachment.changed-on-the-way", BY_LOOKING),
    ("gateway.method", OUTSIDE),
    ("request.early-data", OUTSIDE),
    ("certificate.not-mapped", OUTSIDE),
    ("reply.nothing-came", ANOTHER),
    ("record.lock-held", NOT_ITS_STATUS),
    ("record.other-state", NOT_ITS_STATUS),
    ("record.key-taken", NOT_ITS_STATUS),
    ("request.method-unknown", NOT_ITS_STATUS),
    ("core.fault", IN_THE_PROGRAM),
    ("core.memory", IN_THE_PROGRAM),
    ("core.stack", IN_THE_PROGRAM),
];

const OUTSIDE: &str =
    "it lies between the program and the instance: no request to the instance and no record of it changes that";
const ANOTHER: &str =
    "the request goes to another server: at the right address there is nothing wrong, as every other test shows";
const NO_COST: &str = "the practice instance charges nothing for a row, so a smaller page is not quicker there";
const BY_LOOKING: &str =
    "no reply shows it: the package finds it by looking again after a write or a transfer, and its own cases try it";
const NOT_ITS_STATUS: &str = "no API of the practice instance answers 409, 423 or 501: none of them is documented to";
const IN_THE_PROGRAM: &str = "nothing is sent: the fault is in what the program hands over";

#[test]
fn every_cause_of_the_catalogue_has_its_fix_applied_by_a_test_or_stands_among_those_that_cannot() {
    let scenarios = crate::mended::MENDS.iter().map(|(row, _)| *row).chain([9]);
    let of_scenarios =
        scenarios.filter_map(|row| crate::TRUTHS.iter().find(|truth| truth.0 == row).map(|truth| truth.2));
    let applied: BTreeSet<&str> = changes().map(|change| change.0).chain(of_scenarios).collect();
    let cannot: BTreeSet<&str> = CANNOT.iter().map(|(cause, _)| *cause).collect();
    let known: BTreeSet<&str> = sysparm::diagnose::causes().iter().map(|cause| cause.code).collect();
    let missing: Vec<_> = known.iter().filter(|cause| !applied.contains(*cause) && !cannot.contains(*cause)).collect();
    assert!(missing.is_empty(), "no test applies the fix of {missing:?}");
    let idle: Vec<_> = applied.union(&cannot).filter(|cause| !known.contains(*cause)).collect();
    assert!(idle.is_empty(), "the catalogue has no {idle:?}");
    let both: Vec<_> = applied.intersection(&cannot).collect();
    assert!(both.is_empty(), "applied, and said to be impossible: {both:?}");
    println!("of {} causes {} have their fix applied, {} cannot", known.len(), applied.len(), cannot.len());
}
