//! Generates varied replies from a seed. In any wording of an instance, a language or a proxy the kind of a fault and the retry advice
//! must be right, a write that may have happened must never be called safe to repeat, and thin evidence must give "unknown".

#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failing test may panic")]

mod cases;
mod faults;
mod pages;
mod random;

use std::collections::BTreeMap;

use cases::{Case, case};
use faults::Advice;
use random::Random;
use sysparm::diagnose::{Circumstances, Diagnosis, Exchange, Kind, Retry, classify};
use sysparm::request::{Body, Headers, Reply};
use sysparm::time::Millis;

const CASES: usize = 20_000;

fn diagnose(case: &Case) -> Option<Diagnosis> {
    let reply = case.reply.as_ref().map(|(status, headers, text)| Reply {
        status: *status,
        headers: Headers::from_lines(headers),
        body: Body::Text(text.clone()),
    });
    let exchange = Exchange {
        method: case.method,
        path: &case.path,
        headers: &[],
        body: None,
        outcome: reply.as_ref().map_err(|transport| **transport),
        at: Millis(1_772_366_400_000),
        duration: None,
        around: Circumstances::default(),
    };
    classify(&exchange, &[])
}

const fn advice(retry: Retry) -> Advice {
    match retry {
        Retry::Never => Advice::Never,
        Retry::AfterRenewal => Advice::AfterRenewal,
        Retry::After(_) | Retry::Backoff => Advice::Later,
        Retry::LookFirst => Advice::LookFirst,
    }
}

#[test]
fn varied_replies_get_right_advice_and_no_unsafe_retry() {
    let seed = std::env::var("SYSPARM_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(6);
    let mut random = Random::of(seed);
    let (mut right, mut unknown, mut unsafe_retries) = (0_usize, 0_usize, Vec::new());
    let mut misses: BTreeMap<String, usize> = BTreeMap::new();
    for _ in 0..CASES {
        let case = case(&mut random);
        let found = diagnose(&case);
        let kind = found.as_ref().map_or(Kind::Unknown, |diagnosis| diagnosis.kind);
        let advised = found.as_ref().map_or(Advice::Later, |diagnosis| advice(diagnosis.retry));
        if case.unsafe_to_repeat && !matches!(advised, Advice::Never | Advice::LookFirst) {
            unsafe_retries.push(format!("{} {:?} {:?}", case.name, case.method, found));
        }
        if case.kinds.contains(&kind) && advised == case.advice {
            right += 1;
        } else {
            unknown += usize::from(kind == Kind::Unknown);
            let code = found.map_or("nothing", |diagnosis| diagnosis.code.as_str());
            *misses.entry(format!("{}: {code} {advised:?}, not {:?}", case.name, case.advice)).or_default() += 1;
        }
    }
    let mut worst: Vec<_> = misses.into_iter().collect();
    worst.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    println!(
        "seed {seed}: {right} of {CASES} right, {unknown} called unknown, {} unsafe retries",
        unsafe_retries.len()
    );
    for (miss, count) in worst.iter().take(12) {
        println!("  {count} x {miss}");
    }
    assert!(unsafe_retries.is_empty(), "{}", unsafe_retries.join("\n"));
    assert!(right * 10 >= CASES * 9, "{right} of {CASES}");
}

#[test]
fn equal_seeds_give_equal_cases() {
    let cases = |seed| {
        let mut random = Random::of(seed);
        (0..50)
            .map(|_| case(&mut random))
            .map(|case| format!("{} {} {:?}", case.name, case.path, case.reply))
            .collect::<Vec<_>>()
    };
    assert_eq!(cases(1), cases(1));
    assert_ne!(cases(1), cases(2));
}

#[test]
fn status_that_no_instance_uses_is_unknown() {
    for status in [402, 418, 422, 451, 499, 101] {
        let reply = Ok((status, String::new(), String::new()));
        let case = Case {
            name: String::new(),
            method: sysparm::request::Method::Get,
            path: "/api/now/table/task".into(),
            reply,
            kinds: vec![],
            advice: Advice::Never,
            unsafe_to_repeat: false,
        };
        let found = diagnose(&case).unwrap();
        assert_eq!(
            (found.code.as_str(), found.kind, found.retry, found.causes.len()),
            ("unknown", Kind::Unknown, Retry::Never, 0),
            "{status}"
        );
    }
}
