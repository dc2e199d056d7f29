//! Checks the generated files of the catalogue: SYMPTOMS.md, the console's page, and the texts that the package loads.
//! `SYSPARM_WRITE=1 cargo test --test symptoms` writes them.

#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failing test may panic")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use sysparm::diagnose::{Explanations, causes, markdown, page, symptoms};

const MARKDOWN: &str = "SYMPTOMS.md";
const PAGE: &str = "www/console/public/symptoms.html";
const WORDS: &str = "www/glue/src/explanations/causes.json";

fn is_current(path: &str, made: &str, is_same: impl Fn(&str) -> bool) {
    if std::env::var_os("SYSPARM_WRITE").is_some() {
        fs::create_dir_all(Path::new(path).parent().unwrap()).unwrap();
        fs::write(path, made).unwrap();
    }
    let found = fs::read_to_string(path).unwrap_or_default();
    assert!(is_same(&found), "{path} is not what the catalogue says: SYSPARM_WRITE=1 cargo test --test symptoms");
}

#[test]
fn pages_say_what_the_catalogue_says() {
    is_current(MARKDOWN, &markdown(), |found| found == markdown());
    is_current(PAGE, &page(), |found| found == page());
    let words = serde_json::to_value(Explanations).unwrap();
    let written = format!("{}\n", serde_json::to_string_pretty(&words).unwrap());
    // As data: the repository's formatter may break its lines elsewhere.
    is_current(WORDS, &written, |found| {
        serde_json::from_str::<serde_json::Value>(found).is_ok_and(|found| found == words)
    });
}

#[test]
fn cause_has_the_same_words_wherever_it_stands() {
    let mut known = BTreeMap::new();
    for cause in symptoms().flat_map(|symptom| symptom.causes) {
        let words = (cause.title, cause.tell_apart, cause.fix, cause.source);
        assert_eq!(*known.entry(cause.code).or_insert(words), words, "{}", cause.code);
    }
    assert_eq!(known.len(), causes().len());
}

#[test]
fn every_row_is_well_formed() {
    for symptom in symptoms() {
        let sum: u32 = symptom.causes.iter().map(|cause| u32::from(cause.percent)).sum();
        assert!(sum <= 100, "{}: likelihoods sum to {sum}", symptom.code);
        assert!(symptom.causes.windows(2).all(|pair| pair[0].percent >= pair[1].percent), "{}: order", symptom.code);
        assert!(!symptom.title.ends_with('.') && symptom.code.as_str().is_ascii(), "{}", symptom.code);
        for cause in symptom.causes {
            assert!(!cause.fix.is_empty() && cause.fix.iter().all(|step| step.ends_with('.')), "{}", cause.code);
            assert!(cause.tell_apart.ends_with('.') && !cause.source.is_empty(), "{}", cause.code);
        }
    }
}
