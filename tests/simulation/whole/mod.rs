//! The whole client - machine, tokens, pacing, diagnosis, walks and syncs - against the practice instance in virtual time: random
//! tables and access rules, others who write, every fault and trouble that the instance has, crashes at every effect.
//!
//! `SYSPARM_SEEDS=10000 cargo test --profile fast --test simulation loses_nothing` is the nightly form, and `SYSPARM_SEED=n` in
//! place of that replays one seed and prints what happened, a line for each effect.

mod copied;
mod copying;
mod host;
mod laws;
mod network;
mod others;
mod plan;
mod replayed;
mod walking;
mod weather;

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
use crate::world::Chance;

/// What happened in a run, and the law that was broken.
type Ended = Result<Vec<String>, (String, Vec<String>)>;

/// What is read besides the keys.
const FIELDS: &str = "number,state,impact,close_notes,sys_updated_on,sys_mod_count";
/// A run ends so long after the last trouble: two hours of patience for one page, and an hour for each limit's worth of pages.
const PATIENCE: u64 = 12 * 3_600_000;
const MOST_STEPS: u64 = 2_000_000;

fn run(seed: u64, mistake: Mistake) -> Ended {
    let mut chance = Chance(seed.wrapping_mul(0x2545_F491_4F6C_DD1D));
    let plan = Plan::of(seed, &mut chance);
    let mut host = Host::new(plan.instance(seed), seed, chance, mistake);
    let outcome = lived(&mut host, &plan);
    let mut trace = plan.told(seed);
    trace.append(&mut host.trace);
    match outcome {
        Ok(()) => Ok(trace),
        Err(law) => Err((law, trace)),
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
    let mut weather = plan.weather.clone();
    let mut callers = Callers::new(plan);
    let reading = Reading {
        query: [plan.query, plan.order].join("^").trim_matches('^').to_owned(),
        fields: FIELDS.to_owned(),
        page_size: plan.page_size,
        ..Reading::of("incident".to_owned())
    };
    let calm = START + plan.weather.calm_after;
    let mut copying = plan.copies.then(|| {
        let reading = Reading { query: plan.query.to_owned(), ..reading.clone() };
        Copying::new(reading, plan)
    });
    let mut walking = plan.walks.then(|| Walking::new(reading, plan));
    // Nobody writes any more from then on.
    let mut quiet = calm;
    for _ in 0..MOST_STEPS {
        weather.go_on(host)?;
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
        if let Some(law) = host.laws.broken.take() {
            return Err(law);
        }
        let copied = copying.as_ref().is_none_or(Copying::is_over);
        if copied && walking.as_ref().is_none_or(Walking::is_over) && callers.is_over() && host.now >= calm {
            return judged(host, plan, &writers, &callers, copying.as_ref(), walking.as_ref());
        }
        if host.now > calm + PATIENCE {
            return Err("it never ends".to_owned());
        }
        if !host.step() {
            return Err("everybody waits and nothing is due".to_owned());
        }
    }
    Err("it never comes to rest".to_owned())
}

fn prepare(host: &mut Host, plan: &Plan) {
    if plan.deletions {
        host.admit_to_deletions();
    }
    if let Forbidden::Ranges(field) = plan.forbidden {
        host.forbid_ranges(field);
    }
    // Many rows of one second.
    if host.chance.below(2) == 0 {
        let share = 2 + host.chance.below(5);
        for id in host.all_ids().iter().take(60) {
            if host.chance.below(share) == 0 {
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
            Some(code) => return Err(format!("nothing is forbidden, and the sync is told {code}")),
            None => copying.compared(&readable(host, plan.query, FIELDS))?,
        }
    }
    let creates = !plan.walks || plan.writes == Writes::Arrive;
    if let Some(walking) = walking {
        walking.held_to_the_laws(plan, writers, creates && plan.calls_every.is_some())?;
    }
    callers.created_once(host, plan)?;
    let (laws, passed) = (&host.laws, host.now - START);
    let deaths = 10 + 2 * laws.refusals + 6 * u64::from(host.life);
    // A token is used until 30 s before its end.
    let most = deaths + passed / 12_000 + passed / (plan.token_lifetime * 1000 - 30_000).clamp(2_000, 900_000) * 2;
    if laws.tokens_asked_for > most {
        return Err(format!("{} requests for tokens in {passed} ms", laws.tokens_asked_for));
    }
    Ok(())
}

/// Every row of a query as the integration user may read it, asked for at once and without the client.
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

/// Mistakes that every one of the laws above is there for, and the seed from which on the search for one that tells is short.
const MISTAKES: [(Mistake, u64); 24] = [
    // Of a walk.
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
    (Mistake::TellALaterCheckpoint, 90),
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
    (Mistake::TellASecret, 0),
];

#[test]
#[cfg_attr(debug_assertions, ignore = "make test runs it optimised")]
fn every_mistake_of_the_whole_client_is_caught() {
    let mut uncaught = vec![];
    for (mistake, from) in MISTAKES {
        match (from..from + 1000).find_map(|seed| Some((seed, run(seed, mistake).err()?.0))) {
            Some((seed, law)) => println!("{mistake:?}: caught by seed {seed}: {law}"),
            None => uncaught.push(mistake),
        }
    }
    assert!(uncaught.is_empty(), "not caught: {uncaught:?}");
}

#[test]
#[cfg_attr(debug_assertions, ignore = "make test runs it optimised")]
fn the_whole_client_loses_nothing_and_ends_whatever_happens() {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().expect("a seed is a number"));
    let only = number("SYSPARM_SEED");
    let seeds = only.map_or_else(|| 0..number("SYSPARM_SEEDS").unwrap_or(500), |seed| seed..seed + 1);
    let mut broken = vec![];
    for seed in seeds {
        match run(seed, Mistake::None) {
            Ok(trace) if only.is_some() => println!("{}", trace.join("\n")),
            Ok(_) => {}
            Err((law, trace)) => broken.push((seed, law, trace)),
        }
    }
    if let Some((seed, _, trace)) = broken.first() {
        let told: Vec<String> = broken.iter().map(|(seed, law, _)| format!("seed {seed}: {law}")).collect();
        panic!(
            "{}\n{}\nreplay: SYSPARM_SEED={seed} cargo test --profile fast --test simulation loses_nothing -- --nocapture",
            trace.join("\n"),
            told.join("\n")
        );
    }
}
