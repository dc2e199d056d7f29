//! Options that cannot work end the program with the next step.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failing test may panic")]

use std::net::TcpListener;
use std::process::Command;

/// What the program says on standard error when it ends with a failure.
fn refused(options: &[&str]) -> String {
    let ended = Command::new(env!("CARGO_BIN_EXE_sysparm-instance"))
        .args(["--rows", "1", "--quiet"])
        .args(options)
        .output()
        .expect("the program runs");
    assert!(!ended.status.success(), "{options:?}");
    String::from_utf8(ended.stderr).expect("UTF-8")
}

#[test]
fn unknown_scenario_is_refused_with_the_supported_ones() {
    let said = refused(&["--port", "0", "--scenario", "token-expird"]);
    assert!(said.contains("`token-expird`") && said.contains(", token-expired,"), "{said}");
}

#[test]
fn port_in_use_is_refused_with_the_option_to_change() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let said = refused(&["--port", &port]);
    assert!(said.contains(&port) && said.contains("--port"), "{said}");
}
