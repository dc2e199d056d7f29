//! Packages of other authors, installed once under the target folder by the registry's own client.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Mutex, PoisonError};

static INSTALLING: Mutex<()> = Mutex::new(());

/// The location of a package, or the reason why it is unavailable.
pub(crate) enum Installed {
    At(PathBuf),
    /// The registry does not answer.
    OutOfReach(String),
}

/// Messages of the registries' clients when the registry does not answer, unlike those for a missing or broken package.
const NO_ANSWER: [&str; 9] = [
    "NewConnectionError",
    "Temporary failure in name resolution",
    "Name or service not known",
    "ConnectTimeoutError",
    "ReadTimeoutError",
    "ProxyError",
    "ENOTFOUND",
    "ETIMEDOUT",
    "ECONNREFUSED",
];

/// Skips a test whose packages are unavailable, visibly. With `SYSPARM_REQUIRE_ALL=1` nothing is skipped: the test fails.
pub(crate) fn skip(test: &str, reason: &str) {
    let required = std::env::var_os("SYSPARM_REQUIRE_ALL").is_some_and(|value| !value.is_empty() && value != "0");
    assert!(!required, "{test} cannot run, and SYSPARM_REQUIRE_ALL allows no skipped test: {reason}");
    eprintln!("\n*** SKIPPED {test}: {reason}\n");
}

pub(crate) fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

/// A Python of its own with these packages.
pub(crate) fn python(name: &str, packages: &[&str]) -> Installed {
    let folder = folder(&format!("python-{name}"));
    let python = folder.join("bin/python");
    let _one_at_a_time = INSTALLING.lock().unwrap_or_else(PoisonError::into_inner);
    let done = folder.join(marker(packages));
    if done.exists() {
        return Installed::At(python);
    }
    ran(Command::new("python3").args(["-m", "venv"]).arg(&folder));
    let install =
        ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--timeout", "20", "--retries", "1"];
    if let Some(reason) = refused(Command::new(&python).args(install).args(packages)) {
        return Installed::OutOfReach(reason);
    }
    let _ = std::fs::write(&done, "");
    Installed::At(python)
}

/// A folder of its own with these packages for Node, and with `alone`, "name@version", whose dependencies are not installed. No script
/// of a package runs.
#[allow(dead_code, reason = "each test file uses its own part")]
pub(crate) fn node(name: &str, packages: &[&str], alone: Option<&str>) -> Installed {
    let folder = folder(&format!("node-{name}"));
    let _one_at_a_time = INSTALLING.lock().unwrap_or_else(PoisonError::into_inner);
    let done = folder.join(marker(&[packages, alone.as_slice()].concat()));
    if done.exists() {
        return Installed::At(folder);
    }
    std::fs::create_dir_all(&folder).unwrap_or_else(|error| unreachable!("{error}"));
    let manifest = "{ \"private\": true }";
    std::fs::write(folder.join("package.json"), manifest).unwrap_or_else(|error| unreachable!("{error}"));
    let npm = |first: &[&str]| {
        let mut command = Command::new("npm");
        command.current_dir(&folder).args(first).args(["--fetch-retries=1", "--fetch-timeout=20000"]);
        command
    };
    let install = ["install", "--ignore-scripts", "--no-audit", "--no-fund"];
    if let Some(reason) = refused(npm(&install).args(packages)) {
        return Installed::OutOfReach(reason);
    }
    if let Some((package, version)) = alone.and_then(|alone| alone.split_once('@')) {
        if let Some(reason) = refused(npm(&["pack", "--silent"]).arg(format!("{package}@{version}"))) {
            return Installed::OutOfReach(reason);
        }
        let inside = folder.join("node_modules").join(package);
        std::fs::create_dir_all(&inside).unwrap_or_else(|error| unreachable!("{error}"));
        let archive = folder.join(format!("{package}-{version}.tgz"));
        ran(Command::new("tar").arg("xzf").arg(archive).args(["--strip-components", "1", "-C"]).arg(inside));
    }
    let _ = std::fs::write(&done, "");
    Installed::At(folder)
}

/// The file that says that these packages are installed.
fn marker(packages: &[&str]) -> String {
    packages.join("-").replace(|letter: char| !letter.is_ascii_alphanumeric(), "-") + "installed"
}

/// Runs an installation: `None` on success, the reason when the registry does not answer; any other result fails the test.
fn refused(command: &mut Command) -> Option<String> {
    let output = command.output().unwrap_or_else(|error| unreachable!("{command:?}: {error}"));
    let said = said(&output);
    if output.status.success() {
        return None;
    }
    let unreachable = NO_ANSWER.iter().find(|words| said.contains(*words));
    assert!(unreachable.is_some(), "{command:?}: {said}");
    Some(format!("the package registry cannot be reached ({})", unreachable.copied().unwrap_or_default()))
}

fn ran(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| unreachable!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}: {}", said(&output));
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}
