//! A long reading and somebody who waits, before an instance that is away, asleep, at its hourly limit or out of threads: the
//! reading ends whole and hardly later than the rules allow, and whoever waits is served or told within a minute.

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
/// How often those who read and those who wait look at what has come.
const TICK: u64 = 20;

/// What came of a reading and of the calls beside it.
struct Outcome {
    rows: usize,
    /// How long it took.
    took: u64,
    /// Calls of somebody who waits: how long each took, and its failure.
    beside: Vec<(u64, Option<Box<Failure>>)>,
}

fn world(pages: usize, switches: Switches, seed: u64) -> World {
    let settings = Settings { rows: pages * PAGE, seed, switches, ..Settings::default() };
    World::new(Instance::new(settings, START), START, Faults::default(), seed)
}

/// Reads so many pages, eight asked for at a time, while somebody asks for a row now and then; `at` is called at each tick with the
/// time since the start.
fn read(world: &mut World, pages: usize, every: u64, at: &mut dyn FnMut(&mut World, u64)) -> Outcome {
    let begun = world.now;
    let (mut next, mut rows, mut out) = (0, 0, Vec::<CallId>::new());
    let (mut asked, mut beside) = (Vec::<(CallId, u64)>::new(), vec![]);
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
            beside.push((took, world.finish(call).err()));
        }
        if let Some(ended) = ended
            && asked.is_empty()
        {
            return Outcome { rows, took: ended - begun, beside };
        }
    }
    panic!("it never ends:\n{}", world.trace[world.trace.len().saturating_sub(40)..].join("\n"));
}

/// Who waits is served within a minute, or told within a minute when to come back.
fn nobody_waits_for_nothing(beside: &[(u64, Option<Box<Failure>>)]) {
    assert!(!beside.is_empty());
    for (took, failure) in beside {
        assert!(*took <= MINUTE + TICK, "somebody waited {took} ms: {failure:?}");
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
fn a_rule_of_a_hundred_requests_an_hour_is_used_to_the_last_and_hardly_ever_met() {
    for (seed, lag) in [(1, 0), (2, 30_000)] {
        let mut world = world(270, Switches { rate_lag_ms: lag, ..Switches::default() }, seed);
        rule(&mut world, 100);
        // A call every ten minutes takes its share: 100, 100, and the rest in the third hour.
        let Outcome { rows, took, beside } = read(&mut world, 270, 10 * MINUTE, &mut |_, _| {});
        assert_eq!(rows, 2700);
        nobody_waits_for_nothing(&beside);
        let served = beside.iter().filter(|(_, failure)| failure.is_none()).count();
        println!(
            "rule: {} min, {served} of {} calls beside it served, {} refused",
            took / MINUTE,
            beside.len(),
            refused(&world)
        );
        // 270 pages and the calls beside them fill two hours, and the rest fits into the third.
        assert!(took <= (2 * HOUR) * 105 / 100, "{} min", took / MINUTE);
        assert_eq!(refused(&world), 0);
        // Five requests of each hour are kept for whoever comes first; six ask.
        assert!(served * 4 >= beside.len() * 3, "calls stay possible: {served} of {}", beside.len());
        for (_, failure) in &beside {
            assert!(failure.as_ref().is_none_or(|failure| failure.resumes_at > Some(Millis(START))));
        }
    }
}

/// How long the reading takes when nothing is in its way.
fn undisturbed(pages: usize, every: u64, seed: u64) -> u64 {
    read(&mut world(pages, Switches::default(), seed), pages, every, &mut |_, _| {}).took
}

/// A reading that sits something out ends within a twentieth of the least that it can take: what it takes undisturbed, and the
/// time in which the instance was not there.
fn hardly_later(took: u64, undisturbed: u64, away: u64) {
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
fn an_outage_is_sat_out_and_hardly_longer() {
    for (seed, minutes) in [(0, 20), (1, 20), (2, 20), (3, 11), (4, 37), (5, 60)] {
        let mut world = world(400, Switches::default(), seed);
        let (from, until) = (3_000, 3_000 + minutes * MINUTE);
        let Outcome { rows, took, beside } = read(&mut world, 400, 15_000, &mut |world, passed| {
            world.faults.lost = if (from..until).contains(&passed) { 100 } else { 0 };
        });
        assert_eq!(rows, 4000);
        nobody_waits_for_nothing(&beside);
        hardly_later(took, undisturbed(400, 15_000, seed), minutes * MINUTE);
        let open = beside.iter().filter_map(|(_, failure)| failure.as_ref());
        let told = open.filter(|failure| failure.diagnosis.code == "instance.circuit-open").collect::<Vec<_>>();
        assert!(told.len() > 30 && told.iter().all(|failure| failure.resumes_at.is_some()), "{}", told.len());
        // A handful until the breaker opens, and then two a minute at most.
        let lost = world.trace.iter().filter(|line| line.ends_with(": lost")).count() as u64;
        assert!(lost < 60 + 3 * minutes, "{lost} requests into an outage of {minutes} minutes");
    }
}

#[test]
#[cfg_attr(debug_assertions, ignore = "make test runs it optimised")]
fn a_sleeping_instance_is_waited_for() {
    for (seed, minutes) in [(3, 10), (4, 20)] {
        let mut world = world(200, Switches::default(), seed);
        let (from, until) = (2_000, 2_000 + minutes * MINUTE);
        let Outcome { rows, took, beside } = read(&mut world, 200, 20_000, &mut |world, passed| {
            world.instance.switches_mut().hibernating = (from..until).contains(&passed);
        });
        assert_eq!(rows, 2000);
        nobody_waits_for_nothing(&beside);
        hardly_later(took, undisturbed(200, 20_000, seed), minutes * MINUTE);
    }
}

/// Four threads, a queue of four, and work that takes so long.
fn four_threads(work: u64) -> Switches {
    let switches = serde_json::json!({ "semaphore": { "threads": 4, "queue": 4 }, "delay_ms": work });
    Switches::default().changed(&switches).unwrap()
}

/// The share of calls beside a reading, in hundredths, that took no longer than is given.
fn within(beside: &[(u64, Option<Box<Failure>>)], hundredths: usize) -> u64 {
    let mut times: Vec<u64> = beside.iter().map(|(took, _)| *took).collect();
    times.sort_unstable();
    times[(times.len() * hundredths / 100).min(times.len() - 1)]
}

#[test]
#[cfg_attr(debug_assertions, ignore = "make test runs it optimised")]
fn four_threads_are_kept_busy_their_queue_of_four_is_not_flooded_and_nobody_waits_long() {
    for (work, every, seed) in [(300, 1_000, 4), (300, 1_000, 5), (600, 1_000, 4), (1500, 5_000, 4)] {
        let mut world = world(2000, four_threads(work), seed);
        let Outcome { rows, took, beside } = read(&mut world, 2000, every, &mut |_, _| {});
        assert_eq!(rows, 20_000);
        nobody_waits_for_nothing(&beside);
        assert!(beside.iter().all(|(_, failure)| failure.is_none()));
        let (half, most, longest) = (within(&beside, 50), within(&beside, 95), within(&beside, 100));
        println!(
            "threads: work of {work} ms, {} refused, calls beside it took {half} ms, 95 % {most} ms, the longest {longest} ms",
            refused(&world)
        );
        assert!(refused(&world) <= 20, "{} refused", refused(&world));
        // What four threads need for it all; nobody can have it sooner.
        hardly_later(took, (2000 + beside.len() as u64) * work / 4, 0);
        // A full queue of the instance's own takes as long as the work does, and the way 420 ms at most; what is more was
        // spent in line here.
        assert!(half <= 2 * work + 220 + 150 && most <= 2 * work + 420 + 150, "half {half} ms, 95 % {most} ms");
        assert!(longest <= 3 * work + 420 + TICK, "{longest} ms");
    }
}

/// Requests of others, at once and beside the client: how many were served, and how many refused.
fn others_ask(world: &mut World, count: u64) -> (u64, u64) {
    let look = Request::new("GET", "/api/now/table/sys_user?sysparm_limit=1")
        .with_header("Host", "practice.example")
        .with_header("Authorization", ADMINISTRATOR);
    let now = world.now;
    let served = (0..count).filter(|_| world.instance.handle(&look, now).status == 200).count() as u64;
    (served, count - served)
}

/// Other users fill the same threads and their queue again and again: what they are refused, the reading hardly adds to, and it
/// takes most of what they leave.
#[test]
#[cfg_attr(debug_assertions, ignore = "make test runs it optimised")]
fn a_queue_that_others_fill_is_given_way_to_and_what_they_leave_is_used() {
    // Six at once each third second leave room for two more; eight at once each tenth second leave none, for a while.
    for (at_once, each, share) in [(6, 3_000, 260), (8, 10_000, 160)] {
        let (mut took, mut least) = (0, 0);
        for seed in 5..9 {
            let mut world = world(600, four_threads(300), seed);
            let (mut served, mut turned_away) = (0, 0);
            let outcome = read(&mut world, 600, 1_000, &mut |world, passed| {
                if passed.is_multiple_of(each) {
                    let (more, fewer) = others_ask(world, at_once);
                    (served, turned_away) = (served + more, turned_away + fewer);
                }
            });
            assert_eq!(outcome.rows, 6000);
            nobody_waits_for_nothing(&outcome.beside);
            let beside = outcome.beside.len() as u64;
            let failed = outcome.beside.iter().filter(|(_, failure)| failure.is_some()).count();
            println!(
                "queue: {at_once} each {each} ms: {} s, {} refused, {failed} of {beside} calls failed, others {turned_away} of {}",
                outcome.took / 1000,
                refused(&world),
                served + turned_away
            );
            assert!(refused(&world) <= 60 && failed == 0, "{} refused, {failed} failed", refused(&world));
            took += outcome.took;
            least += (600 + beside + served) * 300 / 4;
        }
        println!("queue: {at_once} each {each} ms: {} % of the least", took * 100 / least);
        assert!(took <= least * share / 100, "{took} ms, at least {least} ms");
    }
}

/// For a minute others ask for all that four threads can do, and more; then they leave.
#[test]
#[cfg_attr(debug_assertions, ignore = "make test runs it optimised")]
fn a_reading_is_soon_as_fast_as_before_when_others_leave() {
    for seed in 1..5 {
        let mut world = world(1000, four_threads(300), seed);
        let outcome = read(&mut world, 1000, 1_000, &mut |world, passed| {
            if passed < MINUTE && passed.is_multiple_of(300) {
                others_ask(world, 5);
            }
        });
        assert_eq!(outcome.rows, 10_000);
        nobody_waits_for_nothing(&outcome.beside);
        let least = MINUTE + (1000 + (outcome.took - MINUTE) / 1000) * 300 / 4;
        println!("left: {} s, at least {} s, {} refused", outcome.took / 1000, least / 1000, refused(&world));
        // What was refused last rests for up to half a minute.
        assert!(outcome.took <= least * 105 / 100 + 30_000, "{} ms, at least {least} ms", outcome.took);
    }
}
