//! A megabyte of hostile text: no panic, and time linear in the length of the text.

#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used, reason = "a failing test may panic")]
#![allow(clippy::disallowed_methods, reason = "it measures real time")]

use std::hint::black_box;
use std::time::Instant;

use sysparm::query::{Column, Dictionary, DictionaryTable, Query, build, lint};

/// Linear work doubles from half to whole, quadratic work quadruples. The limit lies between, because other work disturbs the times.
const MOST: f64 = 3.2;

/// Quadratic work over the 50,000 pieces or more of a text is over a billion steps. It takes longer than this, whatever the machine's
/// caches do to the half and not to the whole.
const SURELY_LINEAR_S: f64 = 0.05;

/// Rounds before the test concludes that the time grows faster than the text.
const MOST_ROUNDS: u32 = 25;

fn is_linear(piece: &str, run: &dyn Fn(&str)) {
    const WHOLE: usize = 1 << 20;
    // The texts are allocated before timing, because allocating a megabyte takes longer than refusing a text at once.
    let [text, half_of_it] = [WHOLE, WHOLE / 2].map(|length| piece.repeat(length / piece.len()));
    let timed = |text: &str| {
        let began = Instant::now();
        run(text);
        began.elapsed().as_secs_f64()
    };
    // Other work on the machine only adds time, so the fastest round counts. The half is timed twice at first, because a disturbed
    // half would make any growth look linear.
    let (mut whole, mut half) = (f64::MAX, timed(&half_of_it));
    for _ in 0..MOST_ROUNDS {
        (whole, half) = (whole.min(timed(&text)), half.min(timed(&half_of_it)));
        if whole < SURELY_LINEAR_S || whole < MOST * half {
            return;
        }
    }
    let times = whole / half;
    assert!(times < MOST, "{piece}: twice the text takes {times:.1} times as long, by the fastest of {MOST_ROUNDS}");
}

const PIECES: [&str; 12] = [
    "^",
    "a",
    "a=1^",
    "NOT ",
    "^NQ",
    "a=1^OR",
    "RLQUERYa.b,>=1,c=1^",
    "aBETWEEN1@",
    "aIN1,",
    "ORDERBYa^",
    "😀",
    "isempty ",
];

#[test]
fn parsing_takes_linear_time() {
    for piece in PIECES {
        is_linear(piece, &|text| {
            let _ = black_box(Query::parse(text));
            let (query, _, _) = Query::parse_losslessly(text, &|_| false);
            let _ = black_box(query.print());
            black_box(query.explain());
        });
    }
}

#[test]
fn linting_takes_linear_time() {
    let columns = (0..100).map(|_| Column { name: "short_description", kind: "integer", ..Column::default() });
    let table = DictionaryTable { name: "incident", columns: columns.collect(), ..DictionaryTable::default() };
    let dictionary = Dictionary { tables: vec![table] };
    for piece in PIECES {
        is_linear(piece, &|text| {
            black_box(lint(text, "incident", &dictionary));
        });
    }
}

#[test]
fn building_takes_linear_time() {
    for piece in
        ["!\0", "&\x001\0", "n\0", "o\0a\0", "c\0a\0=\x001\0tx\0", "&\0999999999\0", "|\x002\0c\0a\0=\x001\0tx\0"]
    {
        is_linear(piece, &|text| {
            let _ = black_box(build(text));
        });
    }
}
