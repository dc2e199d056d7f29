//! Checks the generated `www/glue/model-kinds.d.ts`. `SYSPARM_WRITE=1 cargo test --test model` writes it.

#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failing test may panic")]

use std::fs;

use sysparm::model::typescript;

const DECLARATIONS: &str = "www/glue/model-kinds.d.ts";

#[test]
fn generated_declarations_of_the_model_are_current() {
    let expected = typescript();
    if std::env::var_os("SYSPARM_WRITE").is_some() {
        fs::write(DECLARATIONS, &expected).unwrap();
    }
    let found = fs::read_to_string(DECLARATIONS).unwrap_or_default();
    assert!(found == expected, "{DECLARATIONS} differs from src/model: SYSPARM_WRITE=1 cargo test --test model");
}
