//! The whole client - calls, tokens, pacing, diagnosis, readings and syncs - with the practice instance in virtual time: random tables
//! and access rules, concurrent writers, every fault that the instance can have, crashes at every effect.
//!
//! `SYSPARM_SEEDS=10000 cargo test --profile fast --test simulation loses_nothing` is the long run. `SYSPARM_SEED=n` instead replays
//! one seed and prints its trace, a line for each effect.

mod copied;
mod copying;
mod drawn;
mod fault_plan;
mod host;
mod intermediaries;
mod invariants;
mod network;
mod others;
mod peculiarities;
mod plan;
mod replayed;
mod walking;

use copying::Copying;
use host::Host;
use others::{Callers, Writers, without_trouble};
use plan::{Forbidden, Plan, Writes};
use serde_json::Value;
use sysparm::page::Reading;
use sysparm_instance::Request;
use walking::Walking;

use crate::administration::Administration;
use crate::reading::sabotage::Mistake;
use crate::reading::source::{START, Version};
use crate::world::Random;

/// The trace of a run, with the violated invariant if there is one.
type Ended = Result<Vec<String>, (String, Vec<String>)>;

/// The fields read in addition to the keys.
const FIELDS: &str = "number,state,impact,close_notes,sys_updated_on,sys_mod_count";
/// A run must end this long after the last fault: two hours for one page, and an hour for each hourly limit of pages.
const LONGEST_RECOVERY: u64 = 12 * 3_600_000;
const MOST_STEPS: u64 = 2_000_000;

fn run(seed: u64, mistake: Mistake) -> Ended {
    let mut random = Random(seed.wrapping_mul(0x2545_F491_4F6C_DD1D));
    let plan = Plan::of(seed, &mut random);
    let mut host = Host::new(plan.instance(seed), seed, random, mistake);
    let outcome = lived(&mut host, &plan);
    let mut trace = plan.describe(seed);
    trace.append(&mut host.trace);
    match outcome {
        Ok(()) => Ok(trace),
        Err(violation) => Err((violation, trace)),
    }
}

fn lived(host: &mut Host, plan: &Plan) -> Result<(), String> {
    prepare(host, plan);
    let stay = if plan.walks { readable(host, plan.query, FIELDS) } else { vec![] };
    let stay = stay.iter().map(Version::of).collect();
    let mut writers = Writers::new(host, plan, stay);
    if let Some(limit) = plan.limit {
        host.limit_requests(limit);
    }
    if let Forbidden::Field(field) = plan.forbidden {
        host.hide_field(field);
    }
    host.crashes = plan.crashes;
    let mut fault_plan = plan.fault_plan.clone();
    let mut callers = Callers::new(plan);
    let reading = Reading {
        query: [plan.query, plan.order].join("^").trim_matches('^').to_owned(),
        fields: FIELDS.to_owned(),
        page_size: plan.page_size,
        ..Reading::of("incident".to_owned())
    };
    let calm = START + plan.fault_plan.calm_after;
    let mut copying = plan.copies.then(|| {
        let reading = Reading { query: plan.query.to_owned(), ..reading.clone() };
        Copying::new(reading, plan)
    });
    let mut walking = plan.walks.then(|| Walking::new(reading, plan));
    // No more writes from then on.
    let mut quiet = calm;
    for _ in 0..MOST_STEPS {
        fault_plan.go_on(host)?;
        writers.go_on(host);
        callers.go_on(host);
        if let Some(copying) = &mut copying {
            if !callers.is_over() {
                quiet = quiet.max(host.now);
            }
            copying.settled = quiet + 12_000;
            copying.go_on(host)?;
        }
        if let Some(walking) = &mut walking {
            walking.go_on(host, plan)?;
        }
        if let Some(violation) = host.invariants.broken.take() {
            return Err(violation);
        }
        let copied = copying.as_ref().is_none_or(Copying::is_over);
        if copied && walking.as_ref().is_none_or(Walking::is_over) && callers.is_over() && host.now >= calm {
            return judged(host, plan, &writers, &callers, copying.as_ref(), walking.as_ref());
        }
        if host.now > calm + LONGEST_RECOVERY {
            return Err("the run does not end".to_owned());
        }
        if !host.step() {
            return Err("everything waits and no event is due".to_owned());
        }
    }
    Err("the run takes too many steps".to_owned())
}

fn prepare(host: &mut Host, plan: &Plan) {
    if plan.deletions {
        host.admit_to_deletions();
    }
    if let Forbidden::Ranges(field) = plan.forbidden {
        host.forbid_ranges(field);
    }
    // Many rows with the same second.
    if host.random.below(2) == 0 {
        let share = 2 + host.random.below(5);
        for id in host.all_ids().iter().take(60) {
            if host.random.below(share) == 0 {
                host.administer("PATCH", &format!("/api/now/table/incident/{id}"), r#"{"close_notes":"bulk"}"#, 0);
            }
        }
    }
    host.now += 5_000;
    host.trace.clear();
}

fn judged(
    host: &mut Host,
    plan: &Plan,
    writers: &Writers,
    callers: &Callers,
    copying: Option<&Copying>,
    walking: Option<&Walking>,
) -> Result<(), String> {
    host.lift_limits();
    if let Some(copying) = copying {
        let kept_from_it = plan.forbidden != Forbidden::Nothing;
        match &copying.refused {
            Some(_) if kept_from_it => {}
            Some(code) => return Err(format!("nothing is forbidden, and the sync fails with {code}")),
            None => copying.compared(&readable(host, plan.query, FIELDS))?,
        }
    }
    let creates = !plan.walks || plan.writes == Writes::Arrive;
    if let Some(walking) = walking {
        walking.check_invariants(plan, writers, creates && plan.calls_every.is_some())?;
    }
    callers.created_once(host, plan)?;
    let (invariants, passed) = (&host.invariants, host.now - START);
    let deaths = 10 + 2 * invariants.refusals + 6 * u64::from(host.life);
    // A token is used until 30 s before its expiry.
    let most = deaths + passed / 12_000 + passed / (plan.token_lifetime * 1000 - 30_000).clamp(2_000, 900_000) * 2;
    if invariants.tokens_asked_for > most {
        return Err(format!("{} requests for tokens in {passed} ms", invariants.tokens_asked_for));
    }
    Ok(())
}

/// Every row of a query that the integration user may read, requested in one page and without the client.
fn readable(host: &mut Host, query: &str, fields: &str) -> Vec<Value> {
    let troubled = without_trouble(host);
    let sign_in = Request::new("POST", "/oauth_token.do").with_body(
        "application/x-www-form-urlencoded",
        "grant_type=client_credentials&client_id=practice-client&client_secret=practice-secret",
    );
    let token = host.instance.handle(&sign_in, host.now).as_json()["access_token"].as_str().unwrap().to_owned();
    let mut path = format!(
        "/api/now/table/incident?sysparm_limit=1000000&sysparm_exclude_reference_link=true&sysparm_fields={fields},sys_id,sys_updated_on,sys_mod_count&sysparm_query="
    );
    sysparm::request::percent_encode(query, &mut path);
    let list = Request::new("GET", &path)
        .with_header("Host", "practice.example")
        .with_header("Authorization", &format!("Bearer {token}"));
    let rows = host.instance.handle(&list, host.now).as_json();
    *host.instance.switches_mut() = troubled;
    rows["result"].as_array().unwrap().clone()
}

/// Mistakes that the invariants must detect, and a seed from which the search for a detecting seed is short.
const MISTAKES: [(Mistake, u64); 24] = [
    // Of a reading.
    (Mistake::SkipTheTieBreak, 0),
    (Mistake::BindTheTieBreakWrongly, 0),
    (Mistake::ForgetABranch, 2),
    (Mistake::StopOnAShortPage, 8),
    (Mistake::StopOnAnEmptyPage, 8),
    (Mistake::KeepTheOffset, 9),
    (Mistake::TakeWhatIsAskedForAgain, 39),
    // Of a sync.
    (Mistake::DropTheOverlap, 215),
    (Mistake::DropTheLag, 760),
    (Mistake::TrustTheHostsClock, 0),
    (Mistake::ForgetTheVersion, 0),
    (Mistake::StoreTheCheckpointFirst, 200),
    (Mistake::StoreALaterCheckpoint, 90),
    (Mistake::TakeWithoutJoint, 170),
    (Mistake::SkipTheOpening, 0),
    (Mistake::ForgetDeletions, 0),
    (Mistake::DropTheOverlapOfDeletions, 0),
    // Of a client.
    (Mistake::RepeatEvery401, 0),
    (Mistake::IgnoreRetryAfter, 0),
    (Mistake::LeaveOutTheBreaker, 275),
    (Mistake::ProbeWithSeveral, 13),
    (Mistake::SendAsMuchAsThereIs, 0),
    (Mistake::CreateOnceMore, 180),
    (Mistake::ReportASecret, 0),
];

#[test]
#[cfg_attr(debug_assertions, ignore = "make test runs it optimised")]
fn every_mistake_of_the_whole_client_is_caught() {
    let mut uncaught = vec![];
    for (mistake, from) in MISTAKES {
        match (from..from + 1000).find_map(|seed| Some((seed, run(seed, mistake).err()?.0))) {
            Some((seed, violation)) => println!("{mistake:?}: caught by seed {seed}: {violation}"),
            None => uncaught.push(mistake),
        }
    }
    assert!(uncaught.is_empty(), "not caught: {uncaught:?}");
}

#[test]
#[cfg_attr(debug_assertions, ignore = "make test runs it optimised")]
fn whole_client_loses_nothing_and_ends_despite_faults() {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().expect("a seed is a number"));
    let only = number("SYSPARM_SEED");
    let seeds = only.map_or_else(|| 0..number("SYSPARM_SEEDS").unwrap_or(500), |seed| seed..seed + 1);
    let mut broken = vec![];
    for seed in seeds {
        match run(seed, Mistake::None) {
            Ok(trace) if only.is_some() => println!("{}", trace.join("\n")),
            Ok(_) => {}
            Err((violation, trace)) => broken.push((seed, violation, trace)),
        }
    }
    if let Some((seed, _, trace)) = broken.first() {
        let summary: Vec<String> =
            broken.iter().map(|(seed, violation, _)| format!("seed {seed}: {violation}")).collect();
        panic!(
            "{}\n{}\nreplay: SYSPARM_SEED={seed} cargo test --profile fast --test simulation loses_nothing -- --nocapture",
            trace.join("\n"),
            summary.join("\n")
        );
    }
}
