//! Checks what is generated from `src/model`: the declarations of the kinds and the JSON Schema of maps.
//! `SYSPARM_WRITE=1 cargo test --features model --test model` writes them.

#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failing test may panic")]

use std::fs;

use sysparm::model::{json_schema, typescript};

#[test]
fn generated_files_of_the_model_are_current() {
    for (path, expected) in
        [("www/glue/model-kinds.d.ts", typescript()), ("www/glue/model-map.schema.json", json_schema())]
    {
        if std::env::var_os("SYSPARM_WRITE").is_some() {
            fs::write(path, &expected).unwrap();
        }
        let found = fs::read_to_string(path).unwrap_or_default();
        assert!(
            found == expected,
            "{path} differs from src/model: SYSPARM_WRITE=1 cargo test --features model --test model"
        );
    }
}
