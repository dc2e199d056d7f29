//! The cost of aborting thousands of calls: no search of all calls for each.

use std::time::Duration;

use super::super::effect::CallId;
use super::super::scripted_host::{World, token};

type AbortOrder = fn(&mut Vec<CallId>);

const ORDERS: [(&str, AbortOrder); 3] = [
    ("as they began", |_| {}),
    ("the last first", |calls| calls.reverse()),
    // A step that is coprime to the number of calls visits each call once.
    ("in disorder", |calls| *calls = (0..calls.len()).map(|at| calls[at * 3_701 % calls.len()]).collect()),
];

#[expect(clippy::disallowed_methods, reason = "how long it takes is what is measured, and not on wasm32")]
fn aborting(clients: usize, calls: usize, in_line: bool, order: AbortOrder) -> Duration {
    let begun = |_| {
        let mut world = World::replying(if in_line { vec![token("one", 1799)] } else { vec![] });
        let mut begun: Vec<CallId> = (0..calls).map(|_| world.read()).collect();
        order(&mut begun);
        (world, begun)
    };
    let mut clients: Vec<(World, Vec<CallId>)> = (0..clients).map(begun).collect();
    let began = std::time::Instant::now();
    for (world, begun) in &mut clients {
        for call in begun {
            world.client.abort(*call);
            while world.client.poll(world.now).is_some() {}
        }
    }
    let took = began.elapsed();
    assert!(clients.iter().all(|(world, _)| world.client.status().pending_calls == 0));
    took
}

/// Other processes only add time. So the shortest runs are compared, and pairs are repeated while they show too much.
const MOST_PAIRS: usize = 20;

#[test]
fn aborting_calls_takes_linear_time() {
    for in_line in [false, true] {
        for (name, order) in ORDERS {
            let (mut twenty, mut one) = (Duration::MAX, Duration::MAX);
            // The same number of calls in twenty clients and in one: a shorter run would be interrupted less under load. A search
            // of all calls for each would be a factor of twenty. Moving the pointers after each removed one is one of up to three
            // under load.
            let is_linear = (0..MOST_PAIRS).any(|_| {
                twenty = twenty.min(aborting(20, 500, in_line, order));
                one = one.min(aborting(1, 10_000, in_line, order));
                one < twenty * 6
            });
            assert!(is_linear, "{name}, in line {in_line}: {twenty:?} in twenty clients, {one:?} in one");
        }
    }
}
