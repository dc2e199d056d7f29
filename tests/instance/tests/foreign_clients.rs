//! Clients that nobody here wrote, from the package registry and unchanged. Where Python or the registry is not to be had the test
//! says so and passes.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A Python with the clients installed, made once under the target folder.
fn python() -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python-clients");
    let python = folder.join("bin/python");
    let works = |command: &mut Command| command.output().is_ok_and(|output| output.status.success());
    if !works(Command::new(&python).args(["-c", "import pysnow, pysnc"])) {
        if !works(Command::new("python3").args(["-m", "venv"]).arg(&folder)) {
            return Err("python3 with venv is not installed".into());
        }
        let install =
            ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--timeout", "15", "--retries", "1"];
        if !works(Command::new(&python).args(install).args(["pysnow==0.7.17", "pysnc==1.2.1"])) {
            return Err("the package registry cannot be reached".into());
        }
    }
    Ok(python)
}

/// Runs a client's script against an instance of its own and gives what it printed.
fn run(python: &Path, script: &str) -> Result<String, String> {
    let mut instance = Command::new(env!("CARGO_BIN_EXE_sysparm-instance"))
        .args(["--port", "0", "--rows", "300", "--quiet"])
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| error.to_string())?;
    let mut line = String::new();
    if let Some(out) = instance.stdout.take() {
        BufReader::new(out).read_line(&mut line).map_err(|error| error.to_string())?;
    }
    let host = line.trim().rsplit('/').next().unwrap_or_default();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients").join(script);
    let output = Command::new(python).arg(script).arg(host).output().map_err(|error| error.to_string());
    let _ = instance.kill();
    let _ = instance.wait();
    let output = output?;
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if output.status.success() { Ok(said) } else { Err(said) }
}

#[test]
fn pysnow_and_pysnc_sign_in_page_query_and_write() {
    let python = match python() {
        Ok(python) => python,
        Err(reason) => {
            eprintln!("skipped: {reason}");
            return;
        }
    };
    for (script, last) in [("pysnow_client.py", "pysnow is content"), ("pysnc_client.py", "PySNC is content")] {
        let said = run(&python, script);
        assert!(said.as_ref().is_ok_and(|said| said.contains(last)), "{script}: {said:?}");
    }
}
