//! The words of causes travel beside the client's WebAssembly, in a file that this keeps current:
//! `SYSPARM_GENERATE=1 cargo test explanations` writes it anew.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use super::{TABLES, causes, silent};

#[test]
fn the_explanations_that_the_package_carries_are_those_of_the_table() {
    let words: BTreeMap<&str, Value> = causes()
        .into_iter()
        .map(|cause| {
            let words = json!({ "title": cause.title, "tellApart": cause.tell_apart, "fix": cause.fix, "source": cause.source });
            (cause.code, words)
        })
        .collect();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/glue/src/explanations.json");
    let current = serde_json::to_string_pretty(&words).unwrap() + "\n";
    if std::env::var_os("SYSPARM_GENERATE").is_some() {
        std::fs::write(&path, &current).unwrap();
    }
    assert!(
        std::fs::read_to_string(&path).is_ok_and(|carried| carried == current),
        "www/glue/src/explanations.json is not current: SYSPARM_GENERATE=1 cargo test explanations"
    );
}

#[test]
fn a_cause_has_the_same_words_wherever_it_is_named() {
    let failures = TABLES.iter().flat_map(|rows| rows.iter()).map(|row| row.causes);
    let all = failures.chain(silent::ROWS.iter().map(|row| row.causes)).flat_map(|causes| causes.iter());
    let mut words = BTreeMap::new();
    for cause in all {
        let said = (cause.title, cause.tell_apart, cause.fix, cause.source);
        assert_eq!(*words.entry(cause.code).or_insert(said), said, "{}", cause.code);
    }
}
