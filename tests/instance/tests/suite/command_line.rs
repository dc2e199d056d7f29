//! What the program prints at the start. Options that cannot work end it with the next step.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failing test may panic")]

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Command, Stdio};

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

/// What the program prints before it is stopped.
fn printed(options: &[&str], enough: &str) -> String {
    let mut program = Command::new(env!("CARGO_BIN_EXE_sysparm-instance"))
        .args(["--port", "0", "--rows", "3"])
        .args(options)
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut lines = BufReader::new(program.stdout.take().expect("piped")).lines();
    let mut said = String::new();
    while !said.contains(enough) {
        said.push_str(&lines.next().expect("more output").expect("UTF-8"));
        said.push('\n');
    }
    program.kill().expect("it runs");
    program.wait().expect("it ends");
    let rest: Vec<String> = lines.map(|line| line.expect("UTF-8")).collect();
    said + &rest.join("\n")
}

#[test]
fn start_prints_who_can_sign_in_and_where() {
    let said = printed(&["--release", "brazil", "--client-secret", "another-secret"], "Ctrl-C");
    let first = said.lines().next().unwrap_or_default();
    let address = first.strip_prefix("practice instance listening on ").expect("the address comes first");
    for wanted in [
        "Brazil, seed 7\n",
        &format!("{address}/__practice\n"),
        &format!("{address}/__practice/openapi.json\n"),
        "practice.admin        practice-admin-password ",
        "practice.integration  practice-password ",
        "practice-client  another-secret  practice.integration  http://localhost:8080/callback\n",
        "http://[::1]:8080/callback\n",
        "any port",
        &format!(
            "curl --user practice.admin:practice-admin-password '{address}/api/now/table/incident?sysparm_limit=1'\n"
        ),
        "\nsys_dictionary ",
    ] {
        assert!(said.contains(wanted), "{wanted}: {said}");
    }
    assert!(said.lines().all(|line| line == line.trim_end()), "{said}");
}

#[test]
fn quiet_start_prints_the_address_and_nothing_else() {
    let said = printed(&["--quiet"], "listening");
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn unknown_release_is_refused_with_the_supported_ones() {
    let said = refused(&["--port", "0", "--release", "berlin"]);
    assert!(said.contains("berlin") && said.contains("washingtondc") && said.contains("zurich"), "{said}");
}
