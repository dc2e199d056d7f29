//! Reads the imports of every file. Fails when a module imports more, or less, than the map in the crate's documentation says. The other
//! files here read what is finer: circles of imports, and the bundles of the package.

#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failing test may panic")]

mod documentation;
mod glue_folders;
mod graph;
mod homonyms;
mod import_circles;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Each module and the modules that it imports. A module imports only modules listed before it.
const MODULES: [(&str, &[&str]); 16] = [
    ("time", &[]),
    ("secret", &[]),
    ("json", &[]),
    ("code", &[]),
    ("protocol", &[]),
    ("query", &["code", "json", "protocol"]),
    ("request", &["secret", "time"]),
    ("auth", &["request", "secret", "time"]),
    ("diagnose", &["auth", "code", "json", "request", "secret", "time"]),
    ("doctor", &["auth", "diagnose", "request", "time"]),
    ("model", &["code"]),
    ("pace", &["request", "time"]),
    ("page", &["code", "query", "request", "time"]),
    ("call", &["auth", "code", "diagnose", "json", "pace", "request", "secret", "time"]),
    (
        "boundary",
        &[
            "call", "code", "diagnose", "doctor", "json", "model", "page", "protocol", "query", "request", "secret",
            "time",
        ],
    ),
    ("driver", &["call", "code", "diagnose", "page", "request", "secret", "time"]),
];

/// Crates that only `boundary` and `driver` may name.
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

/// Clocks and randomness. No module may call them: time and random numbers are arguments.
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

/// A file's code without its comments, because a comment may name what code may not.
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

fn module_of(path: &Path) -> String {
    let inside = path.strip_prefix("src").unwrap();
    inside.components().next().unwrap().as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned()
}

fn is_test(path: &Path) -> bool {
    path.with_extension("").iter().any(|part| part == "tests")
}

#[test]
fn modules_import_exactly_what_the_map_allows() {
    let mut imports: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in
        files(Path::new("src"), ".rs").into_iter().filter(|path| path != Path::new("src/lib.rs") && !is_test(path))
    {
        let module = module_of(&path);
        let (_, allowed) = MODULES
            .iter()
            .find(|(name, _)| *name == module)
            .unwrap_or_else(|| panic!("{module} is missing in MODULES and in the map of src/lib.rs"));
        let code = code(&path);
        let used = imports.entry(module.clone()).or_default();
        for import in words_after(&code, "crate::").into_iter().filter(|import| *import != module) {
            assert!(allowed.contains(&import), "{}: {module} must not import {import}", path.display());
            used.insert(import.to_owned());
        }
        assert!(
            !code.contains("crate::{"),
            "{}: import modules one by one, so that this test can read them",
            path.display()
        );
        if !["boundary", "driver"].contains(&module.as_str()) {
            for name in JAVASCRIPT {
                assert!(!code.contains(name), "{}: only boundary and driver may name {name}", path.display());
            }
        }
        for clock in CLOCKS {
            assert!(!code.contains(clock), "{}: {clock} is an argument here, never a call", path.display());
        }
    }
    let allowed = MODULES.map(|(name, allowed)| (name.to_owned(), allowed.iter().map(|it| (*it).to_owned()).collect()));
    assert_eq!(imports, BTreeMap::from(allowed), "MODULES lists an import that no file has, or a module without files");
}

#[test]
fn modules_import_only_modules_below_them() {
    for (index, (module, allowed)) in MODULES.iter().enumerate() {
        for import in *allowed {
            let is_below = MODULES.iter().take(index).any(|(below, _)| below == import);
            assert!(is_below, "{module} stands below {import}");
        }
    }
}

#[test]
fn map_of_the_crate_lists_every_module_with_its_imports() {
    let map = fs::read_to_string("src/lib.rs").unwrap();
    for (module, imports) in MODULES {
        let row = map.lines().find_map(|line| line.strip_prefix(&format!("//! {module:<9} "))).unwrap_or_default();
        let listed = row.split("  ").next().unwrap_or_default();
        assert_eq!(listed, imports.join(", "), "src/lib.rs, row of {module}");
    }
}

#[test]
fn practice_instance_imports_only_the_query_module() {
    for path in files(Path::new("tests/instance/src"), ".rs") {
        for module in words_after(&code(&path), "sysparm::") {
            assert_eq!(module, "query", "{}", path.display());
        }
    }
}

/// The features that a list of a manifest names: `start` up to its last bracket.
fn features(manifest: &str, start: &str) -> Vec<String> {
    let manifest = fs::read_to_string(manifest).unwrap();
    let list = manifest.lines().find_map(|line| line.strip_prefix(start)).unwrap();
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// A Rust app has no second file that explains a failure, and no failure of it may carry its exchange. The npm package has that file.
#[test]
fn only_rust_apps_have_the_catalogue_in_the_client() {
    let driver = features("Cargo.toml", "driver = [");
    for feature in ["circumstances", "explanations"] {
        assert!(driver.iter().any(|listed| listed == feature), "driver lacks {feature}");
    }
    let start = "sysparm = { path = \"../../..\", default-features = false, features = [";
    for (module, feature) in [
        ("wasm", "client"),
        ("pages-wasm", "pages"),
        ("query-wasm", "queries"),
        ("sync-wasm", "sync"),
        ("doctor-wasm", "doctor"),
        ("model-wasm", "model"),
    ] {
        assert_eq!(features(&format!("www/glue/{module}/Cargo.toml"), start), [feature]);
    }
    assert_eq!(features("Cargo.toml", "client = ["), Vec::<String>::new());
}

#[test]
fn console_and_worker_import_the_package_by_name() {
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
fn files_over_400_lines_state_a_reason() {
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

/// `walk.rs` ends with `#[cfg(test)] mod tests;`, and `walk/tests.rs` holds them. Tests of a whole module stand in its `tests.rs` or `tests/`.
#[test]
fn tests_of_a_file_are_its_module_tests() {
    for path in files(Path::new("src"), ".rs") {
        let is_bound = !code(&path).contains("#[path") && !path.to_string_lossy().ends_with("_tests.rs");
        assert!(is_bound, "{}: tests of x.rs stand in x/tests.rs", path.display());
    }
}

/// A file that no module declares is not compiled, so nothing notices that it is out of date.
#[test]
fn files_are_declared_as_modules() {
    for path in ["src", "tests"].iter().flat_map(|folder| files(Path::new(folder), ".rs")) {
        let place = if path.ends_with("mod.rs") { path.parent().unwrap() } else { &path };
        let stem = place.file_stem().unwrap().to_string_lossy();
        let folder = place.parent().unwrap();
        let above = ["mod.rs", "lib.rs", "main.rs"].map(|name| folder.join(name));
        let above = above.into_iter().chain([folder.with_extension("rs")]);
        let above: Vec<_> = above.filter(|file| file.is_file() && *file != path).collect();
        // A file without one above is the root of a crate.
        let is_declared = above.iter().any(|file| code(file).contains(&format!("mod {stem};")));
        assert!(is_declared || above.is_empty() || ["lib", "main"].contains(&&*stem), "{}", path.display());
    }
}

#[test]
fn file_names_say_what_the_file_holds() {
    let folders = ["src", "tests", "tools", "www"];
    for path in
        folders.iter().flat_map(|folder| ["rs", "ts", "tsx"].map(|ending| files(Path::new(folder), ending))).flatten()
    {
        let empty = |part: &str| ["utils", "util", "helpers", "helper", "common", "misc"].contains(&part);
        let named = path.iter().any(|part| empty(part.to_string_lossy().split('.').next().unwrap_or_default()));
        assert!(!named, "{}", path.display());
    }
}

/// `SYSPARM_REQUIRE_ALL=1` turns every skipped test into a failure. This works only if all tests skip through one function.
#[test]
fn tests_are_skipped_through_one_function() {
    let forms = [("rs", vec!["SKIPPED"]), ("ts", vec!["SKIPPED", "t.skip(", "test.skip(", "skip: true", "test.todo"])];
    for (ending, forms) in forms {
        for path in files(Path::new("tests"), ending).into_iter().chain(files(Path::new("www"), ending)) {
            let code = code(&path);
            // The instance itself answers with words of the platform: an identification attempt is SKIPPED.
            let is_the_place = path == Path::new("tests/architecture/main.rs")
                || path.ends_with("installed/mod.rs")
                || path.starts_with("tests/instance/src");
            let found = forms.iter().find(|form| code.contains(**form));
            assert!(is_the_place || found.is_none(), "{}: {found:?}", path.display());
        }
    }
}
