//! The folders of the package's TypeScript are its bundles: one folder for each import path or lazily loaded file. This test reads the imports
//! and fails when a bundle would carry the code of another one a second time.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::files;
use crate::graph::Graph;

const ROOT: &str = "www/glue/src";

/// Folders that every bundle may carry: declarations of what crosses, and code without state or classes of its own.
const SHARED: [&str; 2] = ["protocol", "shared"];

/// The classes of errors: a file of the package that every bundle imports and none contains. It imports nothing.
const ERRORS: &str = "errors";

/// Each folder, and the folders whose files it may load with `import()`.
const FOLDERS: [(&str, &[&str]); 31] = [
    (ERRORS, &[]),
    ("protocol", &[]),
    ("shared", &[]),
    (
        "client",
        &[
            "additions",
            "calls",
            "catalog",
            "classify",
            "conditions",
            "hooks",
            "name-check",
            "recovery",
            "schema",
            "sign-in",
            "worker-requests",
        ],
    ),
    ("additions", &[]),
    ("calls", &["additions", "conditions", "recovery"]),
    ("catalog", &["recovery"]),
    ("hooks", &[]),
    ("recovery", &[]),
    ("sign-in", &[]),
    ("explanations", &[]),
    ("query", &[]),
    ("sync", &["conditions"]),
    ("doctor", &[]),
    ("classify", &["explanations"]),
    ("schema", &[]),
    ("values", &[]),
    ("openapi", &[]),
    ("model", &["mapping"]),
    ("mapping", &[]),
    ("stores", &[]),
    ("durable-object", &[]),
    ("node-http", &[]),
    ("otel", &[]),
    ("codegen", &[]),
    ("environments", &["explanations"]),
    ("worker-requests", &[]),
    ("cli", &[]),
    ("testing", &[]),
    ("conditions", &[]),
    ("name-check", &["schema"]),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Value,
    Type,
    Lazy,
}

/// An import of another file of these folders.
struct Import {
    file: PathBuf,
    kind: Kind,
    target: PathBuf,
}

impl Import {
    fn from(&self) -> String {
        folder(&self.file)
    }

    fn to(&self) -> String {
        folder(&self.target)
    }
}

/// The first folder below the root.
fn folder(path: &Path) -> String {
    path.strip_prefix(ROOT).unwrap().components().next().unwrap().as_os_str().to_string_lossy().into_owned()
}

fn resolved(file: &Path, target: &str) -> PathBuf {
    let mut path = file.parent().unwrap().to_path_buf();
    for part in Path::new(target).components() {
        match part {
            Component::ParentDir => assert!(path.pop(), "{} imports {target}", file.display()),
            Component::Normal(name) => path.push(name),
            _ => (),
        }
    }
    path
}

/// Type imports are erased, so they cost a bundle nothing.
fn kind_of(before: &str) -> Kind {
    if before.ends_with("typeof import(") {
        return Kind::Type;
    }
    if before.ends_with("import(") {
        return Kind::Lazy;
    }
    let start = before.rfind("import ").max(before.rfind("export ")).unwrap_or_default();
    let statement = &before[start..];
    let names = statement.split_once('{').and_then(|(_, rest)| rest.split_once('}')).map(|(names, _)| names);
    let only_types = names.is_some_and(|names| {
        names.split(',').map(str::trim).filter(|name| !name.is_empty()).all(|name| name.starts_with("type "))
    });
    let is_type = statement.starts_with("import type") || statement.starts_with("export type") || only_types;
    if is_type { Kind::Type } else { Kind::Value }
}

fn imports() -> Vec<Import> {
    let mut found = vec![];
    for file in files(Path::new(ROOT), ".ts") {
        let text = fs::read_to_string(&file).unwrap();
        for (at, _) in text.match_indices("\".") {
            let before = text[..at].trim_end();
            let is_import = before.ends_with("from") || before.ends_with("import(") || before.ends_with("import");
            let target = text[at + 1..].split('"').next().unwrap();
            // The build writes the copies of WebAssembly.
            let is_built = target.contains("/dist/") || target.ends_with("-embedded.js");
            let is_source = target.ends_with(".js") && !is_built;
            if is_import && is_source {
                let target = resolved(&file, target);
                assert!(target.with_extension("ts").is_file(), "{}: no {}", file.display(), target.display());
                found.push(Import { file: file.clone(), kind: kind_of(before), target });
            }
        }
    }
    assert!(found.len() > 100, "only {} imports were found", found.len());
    found
}

/// What is loaded with `import()` may import types of what loads it.
#[test]
fn files_of_the_glue_import_no_circle() {
    let mut graph = Graph::default();
    for import in imports().iter().filter(|import| import.kind != Kind::Lazy) {
        let target = import.target.with_extension("ts");
        graph.add(&import.file.to_string_lossy(), &target.to_string_lossy());
    }
    graph.assert_no_circles(&[]);
}

#[test]
fn folders_of_the_package_are_listed() {
    let present: BTreeSet<String> = files(Path::new(ROOT), "")
        .iter()
        .filter(|file| file.parent().is_some_and(|parent| parent != Path::new(ROOT)))
        .map(|file| folder(file))
        .collect();
    let listed: BTreeSet<String> = FOLDERS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(present, listed);
}

#[test]
fn bundles_import_values_of_shared_folders_only() {
    for import in imports().iter().filter(|import| import.kind == Kind::Value && import.from() != import.to()) {
        let allowed = SHARED.contains(&import.to().as_str()) || import.to() == ERRORS;
        assert!(allowed, "{} imports a value of {}", import.file.display(), import.target.display());
    }
}

#[test]
fn shared_folders_import_nothing_of_a_bundle() {
    for import in imports().iter().filter(|import| SHARED.contains(&import.from().as_str())) {
        let allowed =
            SHARED.contains(&import.to().as_str()) || [ERRORS, "explanations"].contains(&import.to().as_str());
        assert!(allowed, "{} imports {}", import.file.display(), import.target.display());
    }
}

#[test]
fn errors_import_nothing_and_have_one_file() {
    assert!(imports().iter().all(|import| import.from() != ERRORS));
    assert!(imports().iter().filter(|import| import.to() == ERRORS).all(|import| import.target.ends_with("index.js")));
}

#[test]
fn lazy_imports_are_listed_and_used() {
    let mut seen: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for import in imports().iter().filter(|import| import.kind == Kind::Lazy && import.from() != import.to()) {
        seen.entry(import.from()).or_default().insert(import.to());
    }
    for (name, lazy) in FOLDERS {
        let listed: BTreeSet<String> = lazy.iter().map(|target| (*target).to_owned()).collect();
        assert_eq!(seen.remove(name).unwrap_or_default(), listed, "lazy imports of {name}");
    }
}

#[test]
fn entries_are_imported_by_no_other_folder() {
    for import in imports() {
        let stem = import.target.file_stem().unwrap().to_string_lossy().into_owned();
        let is_entry = ["browser", "node", "workerd"].contains(&stem.as_str());
        let from_entry = import.file.components().any(|part| part.as_os_str() == "entries");
        assert!(!is_entry || from_entry, "{} imports {}", import.file.display(), import.target.display());
    }
}
