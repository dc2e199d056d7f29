//! Measures round trips (parse, then print) of typical queries with five conditions in native code: `cargo bench --bench queries`.

#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark may panic")]
#![allow(clippy::disallowed_methods, reason = "it measures real time")]

use std::hint::black_box;
use std::time::Instant;

use sysparm::query::Query;

const QUERIES: [&str; 3] = [
    "active=true^priority<=2^ORstate=6^assigned_toISEMPTY^short_descriptionLIKEvpn^ORDERBYDESCsys_updated_on",
    "active=true^stateIN1,2,3^caller_id.name=Joe Doe^opened_at>=2026-09-29 07:30:40^category=network",
    "assignment_group=d625dccec0a8016700a222a0f7900d06^state!=7^priority=1^ORpriority=2^close_notesISNOTEMPTY",
];
const ROUNDS: usize = 9;
const TRIPS: usize = 300_000;

fn main() {
    let mut rates = Vec::new();
    for _ in 0..ROUNDS {
        let began = Instant::now();
        let mut text = String::new();
        for number in 0..TRIPS {
            text.clear();
            Query::parse(black_box(QUERIES[number % 3])).unwrap().print_to(&mut text).unwrap();
            black_box(&text);
        }
        rates.push(TRIPS as f64 / began.elapsed().as_secs_f64() / 1e6);
    }
    rates.sort_by(f64::total_cmp);
    println!(
        "round trips, native code  {:.2} million a second (median of {ROUNDS}; {:.2} to {:.2})",
        rates[ROUNDS / 2],
        rates[0],
        rates[ROUNDS - 1]
    );
}
