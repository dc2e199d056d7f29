//! A long reading and interactive calls at an instance that is unavailable, hibernating, at its hourly limit or out of threads. The
//! reading must be complete and hardly later than the limits allow. Interactive calls must be answered or fail within a minute.

use sysparm::call::CallId;
use sysparm::diagnose::Failure;
use sysparm::time::Millis;
use sysparm_instance::{Instance, Request, Settings, Switches};

use super::administration::ADMINISTRATOR;
use super::world::{Faults, World};

const HOUR: u64 = 3_600_000;
const MINUTE: u64 = 60_000;
/// The beginning of an hour.
const START: u64 = 1_699_999_200_000;
const PAGE: usize = 10;
/// The interval at which readers and callers check for results.
const TICK: u64 = 20;

/// The result of a reading and of the interactive calls during it.
struct Outcome {
    rows: usize,
    /// How long it took.
    took: u64,
    /// Interactive calls: the time of each, and its failure.
    interactive: Vec<(u64, Option<Box<Failure>>)>,
}

fn world(pages: usize, switches: Switches, seed: u64) -> World {
    let settings = Settings { rows: pages * PAGE, seed, switches, ..Settings::default() };
    World::new(Instance::new(settings, START), START, Faults::default(), seed)
}

/// Reads pages, eight at a time, and sends an interactive call every `every` milliseconds. Calls `at` at each tick with the time since
/// the start.
fn read(world: &mut World, pages: usize, every: u64, at: &mut dyn FnMut(&mut World, u64)) -> Outcome {
    let begun = world.now;
    let (mut next, mut rows, mut out) = (0, 0, Vec::<CallId>::new());
    let (mut asked, mut interactive) = (Vec::<(CallId, u64)>::new(), vec![]);
    let mut ended = None;
    for tick in 0..2_000_000_u64 {
        at(world, world.now - begun);
        while out.len() < 8 && next < pages {
            let query = format!("sysparm_query=ORDERBYsys_id&sysparm_limit={PAGE}&sysparm_offset={}", next * PAGE);
            out.push(world.start_page(format!("/api/now/table/incident?sysparm_fields=sys_id&{query}")));
            next += 1;
        }
        if ended.is_none() && (tick * TICK).is_multiple_of(every) {
            asked.push((world.start("/api/now/table/incident?sysparm_limit=1".to_owned()), world.now));
        }
        world.pass(TICK);
        let (over, still): (Vec<_>, Vec<_>) = out.into_iter().partition(|call| world.is_over(*call));
        out = still;
        for call in over {
            rows += world.finish(call).expect("no page of a reading fails").rows.len();
        }
        if ended.is_none() && out.is_empty() && next == pages {
            ended = Some(world.now);
        }
        let (over, still): (Vec<_>, Vec<_>) = asked.into_iter().partition(|(call, _)| world.is_over(*call));
        asked = still;
        for (call, since) in over {
            let took = world.now - since;
            interactive.push((took, world.finish(call).err()));
        }
        if let Some(ended) = ended
            && asked.is_empty()
        {
            return Outcome { rows, took: ended - begun, interactive };
        }
    }
    panic!("the reading does not end:\n{}", world.trace[world.trace.len().saturating_sub(40)..].join("\n"));
}

/// Every interactive call is answered within a minute, or fails within a minute with the time to retry.
fn assert_answered_within_a_minute(interactive: &[(u64, Option<Box<Failure>>)]) {
    assert!(!interactive.is_empty());
    for (took, failure) in interactive {
        assert!(*took <= MINUTE + TICK, "an interactive call took {took} ms: {failure:?}");
    }
}

fn rule(world: &mut World, limit: u64) {
    let row = format!(
        r#"{{"name":"hourly","active":"true","rest_api":"Table API","request_limit":"{limit}","apply_to":"all","table":"incident"}}"#
    );
    let add = Request::new("POST", "/api/now/table/sys_rate_limit_rules")
        .with_header("Host", "practice.example")
        .with_header("Authorization", ADMINISTRATOR)
        .with_body("application/json", row);
    let now = world.now;
    assert_eq!(world.instance.handle(&add, now).status, 201);
}

fn refused(world: &World) -> usize {
    world.trace.iter().filter(|line| line.ends_with(": 429")).count()
}

#[test]
#[cfg_attr(debug_assertions, ignore = "make test runs it optimised")]
fn hourly_limit_is_used_up_without_refusals() {
    for (seed, lag) in [(1, 0), (2, 30_000)] {
        let mut world = world(270, Switches { rate_lag_ms: lag, ..Switches::default() }, seed);
        rule(&mut world, 100);
        // With a call every ten minutes: 100 requests, 100 requests, and the rest in the third hour.
        let Outcome { rows, took, interactive } = read(&mut world, 270, 10 * MINUTE, &mut |_, _| {});
        assert_eq!(rows, 2700);
        assert_answered_within_a_minute(&interactive);
        let served = interactive.iter().filter(|(_, failure)| failure.is_none()).count();
        println!(
            "rule: {} min, {served} of {} interactive calls served, {} refused",
            took / MINUTE,
            interactive.len(),
            refused(&world)
        );
        // 270 pages and the interactive calls fill two hours, and the rest fits into the third.
        assert!(took <= (2 * HOUR) * 105 / 100, "{} min", took / MINUTE);
        assert_eq!(refused(&world), 0);
        // Five requests of each hour are reserved for interactive calls. Six are made.
        assert!(served * 4 >= interactive.len() * 3, "calls stay possible: {served} of {}", interactive.len());
        for (_, failure) in &interactive {
            assert!(failure.as_ref().is_none_or(|failure| failure.resumes_at > Some(Millis(START))));
        }
    }
}

/// The time of the reading without any faults.
fn undisturbed(pages: usize, every: u64, seed: u64) -> u64 {
    read(&mut world(pages, Switches::default(), seed), pages, every, &mut |_, _| {}).took
}

/// A reading with an outage takes at most 5 % more than the minimum: its undisturbed time and the time of the outage.
fn assert_within_5_percent(took: u64, undisturbed: u64, away: u64) {
    let least = undisturbed + away;
    println!(
        "{} s, at least {} s: {:.1} % more",
        took / 1000,
        least / 1000,
        (took as f64 / least as f64 - 1.0) * 100.0
    );
    assert!(took <= least * 105 / 100, "{took} ms, at least {least} ms");
}

#[test]
#[cfg_attr(debug_assertions, ignore = "make test runs it optimised")]
fn reading_continues_soon_after_an_outage() {
    for (seed, minutes) in [(0, 20), (1, 20), (2, 20), (3, 11), (4, 37), (5, 60)] {
        let mut world = world(400, Switches::default(), seed);
        let (from, until) = (3_000, 3_000 + minutes * MINUTE);
        let Outcome { rows, took, interactive } = read(&mut world, 400, 15_000, &mut |world, passed| {
            world.faults.lost = if (from..until).contains(&passed) { 100 } else { 0 };
        });
        assert_eq!(rows, 4000);
        assert_answered_within_a_minute(&interactive);
        assert_within_5_percent(took, undisturbed(400, 15_000, seed), minutes * MINUTE);
        let open = interactive.iter().filter_map(|(_, failure)| failure.as_ref());
        let refused = open.filter(|failure| failure.diagnosis.code == "instance.circuit-open").collect::<Vec<_>>();
        assert!(refused.len() > 30 && refused.iter().all(|failure| failure.resumes_at.is_some()), "{}", refused.len());
        // A few until the breaker opens, then at most two a minute.
        let lost = world.trace.iter().filter(|line| line.ends_with(": lost")).count() as u64;
        assert!(lost < 60 + 3 * minutes, "{lost} requests into an outage of {minutes} minutes");
    }
}

#[test]
#[cfg_attr(debug_assertions, ignore = "make test runs it optimised")]
fn reading_continues_after_hibernation() {
    for (seed, minutes) in [(3, 10), (4, 20)] {
        let mut world = world(200, Switches::default(), seed);
        let (from, until) = (2_000, 2_000 + minutes * MINUTE);
        let Outcome { rows, took, interactive } = read(&mut world, 200, 20_000, &mut |world, passed| {
            world.instance.switches_mut().hibernating = (from..until).contains(&passed);
        });
        assert_eq!(rows, 2000);
        assert_answered_within_a_minute(&interactive);
        assert_within_5_percent(took, undisturbed(200, 20_000, seed), minutes * MINUTE);
    }
}

/// Four threads, a queue of four, and requests that take `work` milliseconds.
fn four_threads(work: u64) -> Switches {
    let switches = serde_json::json!({ "semaphore": { "threads": 4, "queue": 4 }, "delay_ms": work });
    Switches::default().changed(&switches).unwrap()
}

/// The time within which this percentage of the interactive calls was answered.
fn percentile(interactive: &[(u64, Option<Box<Failure>>)], percent: usize) -> u64 {
    let mut times: Vec<u64> = interactive.iter().map(|(took, _)| *took).collect();
    times.sort_unstable();
    times[(times.len() * percent / 100).min(times.len() - 1)]
}

#[test]
#[cfg_attr(debug_assertions, ignore = "make test runs it optimised")]
fn four_threads_are_kept_busy_without_flooding_their_queue() {
    for (work, every, seed) in [(300, 1_000, 4), (300, 1_000, 5), (600, 1_000, 4), (1500, 5_000, 4)] {
        let mut world = world(2000, four_threads(work), seed);
        let Outcome { rows, took, interactive } = read(&mut world, 2000, every, &mut |_, _| {});
        assert_eq!(rows, 20_000);
        assert_answered_within_a_minute(&interactive);
        assert!(interactive.iter().all(|(_, failure)| failure.is_none()));
        let (half, most, longest) =
            (percentile(&interactive, 50), percentile(&interactive, 95), percentile(&interactive, 100));
        println!(
            "threads: work of {work} ms, {} refused, interactive calls took {half} ms, 95 % {most} ms, the longest {longest} ms",
            refused(&world)
        );
        assert!(refused(&world) <= 20, "{} refused", refused(&world));
        // The least time that four threads need.
        assert_within_5_percent(took, (2000 + interactive.len() as u64) * work / 4, 0);
        // A full queue of the instance takes as long as the work, and the network takes 420 ms at most. The rest was spent in the
        // client's queue.
        assert!(half <= 2 * work + 220 + 150 && most <= 2 * work + 420 + 150, "half {half} ms, 95 % {most} ms");
        assert!(longest <= 3 * work + 420 + TICK, "{longest} ms");
    }
}

/// Sends requests of other users at once. Returns how many were served and how many refused.
fn send_as_others(world: &mut World, count: u64) -> (u64, u64) {
    let look = Request::new("GET", "/api/now/table/sys_user?sysparm_limit=1")
        .with_header("Host", "practice.example")
        .with_header("Authorization", ADMINISTRATOR);
    let now = world.now;
    let served = (0..count).filter(|_| world.instance.handle(&look, now).status == 200).count() as u64;
    (served, count - served)
}

/// Other users fill the same threads and their queue again and again. The reading hardly adds refusals and uses most of the remaining
/// capacity.
#[test]
#[cfg_attr(debug_assertions, ignore = "make test runs it optimised")]
fn reading_yields_to_others_and_uses_what_they_leave() {
    // Six at once every three seconds leave two places. Eight at once every ten seconds leave none for a while.
    for (at_once, each, share) in [(6, 3_000, 260), (8, 10_000, 160)] {
        let (mut took, mut least) = (0, 0);
        for seed in 5..9 {
            let mut world = world(600, four_threads(300), seed);
            let (mut served, mut turned_away) = (0, 0);
            let outcome = read(&mut world, 600, 1_000, &mut |world, passed| {
                if passed.is_multiple_of(each) {
                    let (more, fewer) = send_as_others(world, at_once);
                    (served, turned_away) = (served + more, turned_away + fewer);
                }
            });
            assert_eq!(outcome.rows, 6000);
            assert_answered_within_a_minute(&outcome.interactive);
            let interactive = outcome.interactive.len() as u64;
            let failed = outcome.interactive.iter().filter(|(_, failure)| failure.is_some()).count();
            println!(
                "queue: {at_once} each {each} ms: {} s, {} refused, {failed} of {interactive} calls failed, others {turned_away} of {}",
                outcome.took / 1000,
                refused(&world),
                served + turned_away
            );
            assert!(refused(&world) <= 60 && failed == 0, "{} refused, {failed} failed", refused(&world));
            took += outcome.took;
            least += (600 + interactive + served) * 300 / 4;
        }
        println!("queue: {at_once} each {each} ms: {} % of the least", took * 100 / least);
        assert!(took <= least * share / 100, "{took} ms, at least {least} ms");
    }
}

/// For a minute others request more than four threads can do, then stop.
#[test]
#[cfg_attr(debug_assertions, ignore = "make test runs it optimised")]
fn reading_recovers_its_speed_when_others_stop() {
    for seed in 1..5 {
        let mut world = world(1000, four_threads(300), seed);
        let outcome = read(&mut world, 1000, 1_000, &mut |world, passed| {
            if passed < MINUTE && passed.is_multiple_of(300) {
                send_as_others(world, 5);
            }
        });
        assert_eq!(outcome.rows, 10_000);
        assert_answered_within_a_minute(&outcome.interactive);
        let least = MINUTE + (1000 + (outcome.took - MINUTE) / 1000) * 300 / 4;
        println!("left: {} s, at least {} s, {} refused", outcome.took / 1000, least / 1000, refused(&world));
        // The last overload slows the reading for up to half a minute.
        assert!(outcome.took <= least * 105 / 100 + 30_000, "{} ms, at least {least} ms", outcome.took);
    }
}
