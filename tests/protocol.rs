//! Checks the generated `www/glue/src/protocol/codes.ts`. `SYSPARM_WRITE=1 cargo test --test protocol` writes it.

#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failing test may panic")]

use std::fs;

use sysparm::protocol::{Due, UnknownCode, typescript};
use sysparm::request::Headers;

const CODES: &str = "www/glue/src/protocol/codes.ts";

#[test]
fn generated_codes_are_current() {
    let expected = typescript(Headers::WANTED);
    if std::env::var_os("SYSPARM_WRITE").is_some() {
        fs::write(CODES, &expected).unwrap();
    }
    let found = fs::read_to_string(CODES).unwrap_or_default();
    assert!(found == expected, "{CODES} differs from src/protocol: SYSPARM_WRITE=1 cargo test --test protocol");
}

#[test]
fn generated_codes_have_names_numbers_and_documentation() {
    let text = typescript(Headers::WANTED);
    assert!(text.contains("\nexport enum Due {\n"), "{text}");
    assert!(text.contains("\n  /** Sign `text` with the host's key. */\n  sign = 11,\n"), "{text}");
    assert!(text.contains("\n  fetchSameHeaders = 14,\n"), "{text}");
    assert!(text.contains("\n  /** Another field. */\n  field = \"f\",\n"), "{text}");
}

/// Lists that cross have no gaps, and their readers count on it.
#[test]
fn numbers_of_a_table_begin_at_0_and_have_no_gap() {
    let (mut next, mut count) = (0, 0);
    for line in typescript(Headers::WANTED).lines() {
        if line.starts_with("export enum ") {
            next = 0;
        } else if let Some(number) =
            line.strip_suffix(',').and_then(|code| code.rsplit(" = ").next()?.parse::<u8>().ok())
        {
            assert_eq!(number, next, "{line}");
            next += 1;
            count += 1;
        }
    }
    assert!(count > 80, "{count} numbers were found");
}

#[test]
fn unknown_code_is_an_error_that_names_the_table() {
    assert_eq!(Due::try_from(15), Ok(Due::FetchBatch));
    let unknown = Due::try_from(17).unwrap_err();
    assert_eq!(unknown, UnknownCode { table: "Due", number: 17 });
    assert!(unknown.to_string().starts_with("Unknown code 17 of Due: "), "{unknown}");
}
