//! Published clients of other authors, unchanged, from the package registries. A registry that cannot be reached is reported loudly and
//! passes; a client that is there and does not work fails.

mod installed;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use installed::{Installed, node_clients, python};

/// Runs a client's script against a new instance and returns its output.
fn run(python: &Path, script: &str) -> Result<String, String> {
    let mut instance = Command::new(env!("CARGO_BIN_EXE_sysparm-instance"))
        .args(["--port", "0", "--rows", "300", "--quiet", "--host", "practice.service-now.test"])
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| error.to_string())?;
    let mut line = String::new();
    if let Some(out) = instance.stdout.take() {
        BufReader::new(out).read_line(&mut line).map_err(|error| error.to_string())?;
    }
    let host = line.trim().rsplit('/').next().unwrap_or_default();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients").join(script);
    let output = Command::new(python)
        .arg(script)
        .arg(host)
        .env("NODE_CLIENTS", installed::folder("node-clients"))
        .output()
        .map_err(|error| error.to_string());
    let _ = instance.kill();
    let _ = instance.wait();
    let output = output?;
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if output.status.success() { Ok(said) } else { Err(said) }
}

/// One Python for them all: an environment for each would take most of the test's time. PySNC needs requests-oauthlib to sign in by
/// OAuth and takes the one that pysnow asks for.
const CLIENTS: [&str; 5] =
    ["pysnow==0.7.17", "pysnc==1.2.1", "snowloader==0.8.1", "aiosnow==0.6.0", "servicenow-cli==0.5.3"];

fn is_content(client: &str) {
    let python = match python("clients", &CLIENTS) {
        Installed::At(python) => python,
        Installed::OutOfReach(reason) => return installed::skip(client, &reason),
    };
    let said = run(&python, &format!("{client}_client.py"));
    let content = said.as_ref().is_ok_and(|said| said.contains("is content"));
    assert!(content, "{client}: {}", said.unwrap_or_else(|said| said));
}

#[test]
fn pysnow_signs_in_pages_queries_and_writes() {
    is_content("pysnow");
}

#[test]
fn pysnc_signs_in_pages_queries_writes_and_batches() {
    is_content("pysnc");
}

#[test]
fn snowloader_verifies_its_sweeps_and_downloads_attachments() {
    is_content("snowloader");
}

#[test]
fn aiosnow_streams_writes_and_attaches() {
    is_content("aiosnow");
}

#[test]
fn servicenow_cli_diagnoses_pages_writes_and_attaches() {
    is_content("servicenow_cli");
}

#[test]
fn servicenow_rest_api_reads_and_writes_by_display_values() {
    match node_clients(&["servicenow-rest-api@1.2.2"]) {
        Installed::At(_) => is_content("servicenow_rest_api"),
        Installed::OutOfReach(reason) => installed::skip("servicenow-rest-api", &reason),
    }
}
