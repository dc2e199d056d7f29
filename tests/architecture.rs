//! The house as the crate's documentation draws it: every arrow points down. Reads the imports and fails when one does not.

#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may stop where it stands")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Each room and the rooms that it may know.
const ROOMS: [(&str, &[&str]); 11] = [
    ("time", &[]),
    ("secret", &[]),
    ("query", &[]),
    ("request", &["secret", "time"]),
    ("auth", &["request", "secret", "time"]),
    ("diagnose", &["request", "time"]),
    ("pace", &["request", "time"]),
    ("page", &["query", "request", "time"]),
    ("call", &["auth", "diagnose", "pace", "page", "query", "request", "secret", "time"]),
    ("boundary", &["auth", "call", "diagnose", "pace", "page", "query", "request", "secret", "time"]),
    ("driver", &["auth", "call", "diagnose", "pace", "page", "query", "request", "secret", "time"]),
];

/// What only `boundary` and `driver` may name.
const JAVASCRIPT: [&str; 8] = [
    "wasm_bindgen",
    "wasm_bindgen_futures",
    "js_sys",
    "web_sys",
    "gloo_net",
    "gloo_timers",
    "serde_wasm_bindgen",
    "futures_channel",
];

/// Clocks and chance, which no room may call: they are arguments.
const CLOCKS: [&str; 3] = ["Instant::now", "SystemTime", "rand::"];

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = vec![];
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && !["node_modules", "dist", "target", "pkg"].contains(&name.as_str()) {
            found.extend(files(&path, ending));
        } else if name.ends_with(ending) {
            found.push(path);
        }
    }
    found
}

/// A file's code: its comments left out, so that prose may name what code may not.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).map(|line| format!("{line}\n")).collect()
}

/// Every word that follows this prefix.
fn words_after<'a>(code: &'a str, prefix: &str) -> BTreeSet<&'a str> {
    let word_end =
        |text: &str| text.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(text.len());
    code.match_indices(prefix).map(|(at, _)| &code[at + prefix.len()..]).map(|rest| &rest[..word_end(rest)]).collect()
}

fn room_of(path: &Path) -> String {
    let inside = path.strip_prefix("src").unwrap();
    inside.components().next().unwrap().as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned()
}

fn is_test(path: &Path) -> bool {
    path.file_stem().is_some_and(|stem| stem == "tests" || stem.to_string_lossy().ends_with("_tests"))
}

#[test]
fn every_arrow_points_down() {
    let mut seen = BTreeSet::new();
    for path in
        files(Path::new("src"), ".rs").into_iter().filter(|path| path != Path::new("src/lib.rs") && !is_test(path))
    {
        let room = room_of(&path);
        let (_, may_know) =
            ROOMS.iter().find(|(name, _)| *name == room).unwrap_or_else(|| panic!("{room} is no room of the map"));
        let code = code(&path);
        for known in words_after(&code, "crate::") {
            let below = known == room || may_know.contains(&known);
            assert!(below, "{}: {room} must not know {known}", path.display());
        }
        assert!(
            !code.contains("crate::{"),
            "{}: import rooms one by one, so that this test can read them",
            path.display()
        );
        if !["boundary", "driver"].contains(&room.as_str()) {
            for name in JAVASCRIPT {
                assert!(!code.contains(name), "{}: only boundary and driver may name {name}", path.display());
            }
        }
        for clock in CLOCKS {
            assert!(!code.contains(clock), "{}: {clock} is an argument here, never a call", path.display());
        }
        seen.insert(room);
    }
    let drawn: BTreeSet<String> = ROOMS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(seen, drawn, "the map lists the rooms that there are");
}

#[test]
fn the_map_of_the_house_names_every_room() {
    let map = fs::read_to_string("src/lib.rs").unwrap();
    let drawn: BTreeSet<&str> = map.split(|letter: char| !letter.is_alphanumeric()).collect();
    for (room, _) in ROOMS {
        assert!(drawn.contains(room), "src/lib.rs draws no {room}");
    }
}

#[test]
fn the_practice_instance_shares_only_the_query_room() {
    for path in files(Path::new("tests/instance/src"), ".rs") {
        for room in words_after(&code(&path), "sysparm::") {
            assert_eq!(room, "query", "{}", path.display());
        }
    }
}

#[test]
fn console_and_worker_import_the_package_by_its_name_only() {
    let mut imports = 0;
    for folder in ["www/console/src", "www/worker/src"] {
        for path in files(Path::new(folder), ".ts").into_iter().chain(files(Path::new(folder), ".tsx")) {
            let code = code(&path);
            assert!(!code.contains("glue/") && !code.contains("/pkg/"), "{}", path.display());
            imports += usize::from(code.contains("from \"sysparm\""));
        }
    }
    assert!(imports >= 2, "both import it");
}

#[test]
fn no_file_is_longer_than_four_hundred_lines_without_saying_why() {
    let folders = ["src", "tests", "tools", "www", "benches"];
    let present = folders.iter().map(Path::new).filter(|folder| folder.is_dir());
    let all = present
        .flat_map(|folder| ["rs", "ts", "tsx", "css"].map(|ending| files(folder, &format!(".{ending}"))))
        .flatten();
    for path in all {
        let text = fs::read_to_string(&path).unwrap();
        let reason = text.lines().take(12).any(|line| line.contains("Longer than 400 lines because"));
        assert!(text.lines().count() <= 400 || reason, "{} has {} lines", path.display(), text.lines().count());
    }
}

#[test]
fn nothing_is_called_by_a_name_that_says_nothing() {
    let folders = ["src", "tests", "tools", "www"];
    for path in
        folders.iter().flat_map(|folder| ["rs", "ts", "tsx"].map(|ending| files(Path::new(folder), ending))).flatten()
    {
        let empty = |part: &str| ["utils", "util", "helpers", "helper", "common", "misc"].contains(&part);
        let named = path.iter().any(|part| empty(part.to_string_lossy().split('.').next().unwrap_or_default()));
        assert!(!named, "{}", path.display());
    }
}

/// `SYSPARM_REQUIRE_ALL=1` makes every skipped test a failure, which holds only where skipping goes through one function.
#[test]
fn tests_are_skipped_in_one_place_only() {
    let forms = [("rs", vec!["SKIPPED"]), ("ts", vec!["SKIPPED", "t.skip(", "test.skip(", "skip: true", "test.todo"])];
    for (ending, forms) in forms {
        for path in files(Path::new("tests"), ending).into_iter().chain(files(Path::new("www"), ending)) {
            let code = code(&path);
            let is_the_place = path == Path::new("tests/architecture.rs") || path.ends_with("installed/mod.rs");
            let found = forms.iter().find(|form| code.contains(**form));
            assert!(is_the_place || found.is_none(), "{}: {found:?}", path.display());
        }
    }
}
