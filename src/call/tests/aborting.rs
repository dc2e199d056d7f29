//! The cost of aborting thousands of calls: constant per call.

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

/// The shortest of five runs, to exclude the load of other processes.
#[expect(clippy::disallowed_methods, reason = "how long it takes is what is measured, and not on wasm32")]
fn aborting(calls: usize, in_line: bool, order: AbortOrder) -> Duration {
    let once = || {
        let mut world = World::replying(if in_line { vec![token("one", 1799)] } else { vec![] });
        let mut begun: Vec<CallId> = (0..calls).map(|_| world.read()).collect();
        order(&mut begun);
        let began = std::time::Instant::now();
        for call in begun {
            world.client.abort(call);
            while world.client.poll(world.now).is_some() {}
        }
        let took = began.elapsed();
        assert_eq!(world.client.status().pending_calls, 0);
        took
    };
    (0..5).map(|_| once()).min().unwrap()
}

#[test]
fn aborting_calls_takes_linear_time() {
    for in_line in [false, true] {
        for (name, order) in ORDERS {
            let (few, many) = (aborting(2_500, in_line, order), aborting(10_000, in_line, order));
            println!("{name}, in line {in_line}: {few:?}, then {many:?}");
            // Quadratic time would be a factor of sixteen.
            assert!(many < few * 8 + Duration::from_millis(60), "{name}, in line {in_line}: {few:?}, then {many:?}");
        }
    }
}
