//! A megabyte of hostile text: no panic, and no more than a constant times the time of half of it.

#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]
#![allow(clippy::disallowed_methods, reason = "it measures real time")]

use std::hint::black_box;
use std::time::Instant;

use sysparm::query::{Column, Dictionary, Query, Table, build, lint};

/// Linear work doubles from half to whole; quadratic work quadruples. A busy machine needs room between.
const MOST: f64 = 3.2;

fn is_linear(name: &str, run: &dyn Fn(usize)) {
    const WHOLE: usize = 1 << 20;
    let timed = |length| {
        let began = Instant::now();
        run(length);
        began.elapsed().as_secs_f64()
    };
    // One measurement that another process disturbed proves nothing; three do.
    let ratios = || timed(WHOLE) / timed(WHOLE / 2);
    assert!(
        (0..3).any(|_| ratios() < MOST),
        "{name}: twice the text takes more than {MOST} times as long, three times"
    );
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
fn parsing_takes_time_in_proportion_to_the_text() {
    for piece in PIECES {
        is_linear(piece, &|length| {
            let text = piece.repeat(length / piece.len());
            let _ = black_box(Query::parse(&text));
            let (query, _, _) = Query::parse_losslessly(&text, &|_| false);
            let _ = black_box(query.print());
            black_box(query.explain());
        });
    }
}

#[test]
fn linting_takes_time_in_proportion_to_the_text() {
    let columns = (0..100).map(|_| Column { name: "short_description", kind: "integer", ..Column::default() });
    let table = Table { name: "incident", columns: columns.collect(), ..Table::default() };
    let dictionary = Dictionary { tables: vec![table] };
    for piece in PIECES {
        is_linear(piece, &|length| {
            black_box(lint(&piece.repeat(length / piece.len()), "incident", &dictionary));
        });
    }
}

#[test]
fn building_takes_time_in_proportion_to_the_form() {
    for piece in
        ["!\0", "&\x001\0", "n\0", "o\0a\0", "c\0a\0=\x001\0tx\0", "&\0999999999\0", "|\x002\0c\0a\0=\x001\0tx\0"]
    {
        is_linear(piece, &|length| {
            let _ = black_box(build(&piece.repeat(length / piece.len())));
        });
    }
}
