//! Checks the generated `www/glue/error-codes.d.ts`, and that each listed code is used. `SYSPARM_WRITE=1 cargo test --test error_codes`
//! writes the file. That no code is used which is not listed, the compilers check: nothing but `src/code` makes a `Code`, and the
//! package's TypeScript makes errors of a `KnownErrorCode` only.

#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failing test may panic")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use sysparm::code::{all, typescript};

const DECLARATIONS: &str = "www/glue/error-codes.d.ts";

/// The text of every source file below a folder that is neither a test nor the list itself, without the tests at its end.
fn sources(folder: &Path, end: &str) -> String {
    let mut text = String::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && name != "tests" && path != Path::new("src/code") {
            text.push_str(&sources(&path, end));
        } else if name.ends_with(end) && !name.ends_with("tests.rs") {
            let whole = fs::read_to_string(&path).unwrap();
            text.push_str(whole.split("\nmod tests {").next().unwrap_or_default());
        }
    }
    text
}

#[test]
fn generated_declarations_are_current() {
    let expected = typescript();
    if std::env::var_os("SYSPARM_WRITE").is_some() {
        fs::write(DECLARATIONS, &expected).unwrap();
    }
    let found = fs::read_to_string(DECLARATIONS).unwrap_or_default();
    assert!(found == expected, "{DECLARATIONS} differs from src/code: SYSPARM_WRITE=1 cargo test --test error_codes");
}

#[test]
fn codes_are_unique_and_each_has_one_sentence() {
    let mut seen = BTreeSet::new();
    for listed in all() {
        let code = listed.code.as_str();
        assert!(seen.insert(code), "{code} is listed twice");
        assert_eq!(listed.name, code.to_uppercase().replace(['.', '-'], "_"));
        let meaning = listed.meaning.trim();
        assert!(meaning.ends_with('.') && !meaning.contains(". "), "{code}: {meaning}");
    }
}

#[test]
fn every_listed_code_is_used() {
    let rust = sources(Path::new("src"), ".rs");
    let glue = sources(Path::new("www/glue/src"), ".ts");
    let words: BTreeSet<&str> = rust.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').collect();
    for listed in all() {
        let code = listed.code.as_str();
        assert!(words.contains(listed.name) || glue.contains(&format!("\"{code}\"")), "{code} is used nowhere");
    }
}

#[test]
fn decisions_name_codes_by_their_constants() {
    let rust = sources(Path::new("src"), ".rs");
    for listed in all() {
        for comparison in ["== ", "!= "] {
            let literal = format!("code {comparison}\"{}\"", listed.code);
            assert!(!rust.contains(&literal), "{literal}: compare the constant");
        }
    }
}
