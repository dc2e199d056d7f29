//! Any text either is a map that compiles to a plan, or has problems that say where: every request of the plan is a list of plain names.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sysparm::model::compile;

fuzz_target!(|text: &str| {
    for table in ["incident", "u_ticket"] {
        match compile(table, Some(text)) {
            Ok(plan) => {
                let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.';
                assert!(
                    plan.fields.iter().all(|field| !field.is_empty() && field.bytes().all(plain)),
                    "{:?}",
                    plan.fields
                );
                assert!(plan.lines.iter().all(|line| !line.column.contains('.') || line.read_only));
            }
            Err((_, problems)) => {
                assert!(!problems.is_empty() && problems.iter().all(|problem| !problem.path.is_empty()))
            }
        }
    }
});
