//! What the documentation names in backticks exists: files, commands, import paths of the package, functions. A reader who follows a checklist
//! must not look for a file that was moved.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::files;

/// Endings of names that are files also without a folder.
const ENDINGS: [&str; 8] = [".rs", ".ts", ".tsx", ".toml", ".json", ".jsonc", ".md", ".css"];

/// What a build writes.
const GENERATED: [&str; 5] = ["target", "pkg", "node_modules", "www/glue/*/dist", "www/glue/pages-wasm/dist"];

fn documents() -> Vec<PathBuf> {
    let named = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "tests/README.md", "benches/README.md"];
    let mut all: Vec<PathBuf> = named.iter().map(PathBuf::from).collect();
    all.extend(["docs", "www/glue/docs"].iter().flat_map(|folder| files(Path::new(folder), ".md")));
    all.extend(["glue", "console", "worker"].map(|folder| Path::new("www").join(folder).join("README.md")));
    all.retain(|path| path.is_file());
    all
}

/// The texts between backticks, code blocks left out.
fn quoted(text: &str) -> Vec<String> {
    let prose: Vec<&str> = text.split("```").step_by(2).collect();
    prose.iter().flat_map(|part| part.split('`').skip(1).step_by(2)).map(str::to_owned).collect()
}

/// `a/{b,c}.rs` as `a/b.rs` and `a/c.rs`.
fn expanded(name: &str) -> Vec<String> {
    let parts = name.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)));
    match parts {
        Some((before, (list, after))) => list.split(',').map(|part| [before, part, after].concat()).collect(),
        None => vec![name.to_owned()],
    }
}

/// Whether a name is a path of the repository rather than an address, a query or code.
fn is_path(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-./{},*<>".contains(&byte);
    let folders = ["src/", "tests/", "www/", "tools/", "docs/", "benches/", "examples/"];
    name.bytes().all(plain)
        && !name.starts_with(['/', '.', '<'])
        && (ENDINGS.iter().any(|ending| name.len() > ending.len() && name.ends_with(ending))
            || folders.iter().any(|folder| name.starts_with(folder)))
}

struct Tree {
    files: Vec<String>,
}

impl Tree {
    fn read() -> Self {
        let folders = ["src", "tests", "www", "tools", "docs", "benches", "examples"];
        let inside = folders.iter().flat_map(|folder| files(Path::new(folder), ""));
        let root = fs::read_dir(".").unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
        let all = inside.chain(root.map(|path| path.strip_prefix(".").unwrap().to_owned()));
        Self { files: all.map(|path| path.to_string_lossy().into_owned()).collect() }
    }

    /// A file, a folder, or the end of a file's path: texts may leave out folders that the paragraph has named.
    fn has(&self, name: &str) -> bool {
        let name = name.trim_end_matches('/');
        let pattern = name.contains(['*', '<']);
        let end = name.rsplit(['*', '>']).next().unwrap_or_default();
        let start = name.split(['*', '<']).next().unwrap_or_default();
        self.files.iter().any(|file| match pattern {
            true => file.ends_with(end) && [start, &["tests/", start].concat()].iter().any(|it| file.starts_with(it)),
            false => {
                file == name
                    || file.ends_with(&["/", name].concat())
                    || file.starts_with(&[name, "/"].concat())
                    || file.contains(&["/", name, "/"].concat())
            }
        })
    }
}

#[test]
fn documented_paths_exist() {
    let tree = Tree::read();
    let mut named = 0;
    let mut missing = vec![];
    for document in documents() {
        for name in quoted(&fs::read_to_string(&document).unwrap()) {
            for path in expanded(&name).into_iter().filter(|path| is_path(path)) {
                named += 1;
                if !GENERATED.iter().any(|made| path.starts_with(made)) && !tree.has(&path) {
                    missing.push(format!("{}: `{path}`", document.display()));
                }
            }
        }
    }
    assert!(missing.is_empty(), "no such file or folder:\n{}", missing.join("\n"));
    assert!(named > 150, "only {named} paths were recognised");
}

#[test]
fn documented_links_exist() {
    for document in documents() {
        let text = fs::read_to_string(&document).unwrap();
        let targets = text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
        for target in targets.filter(|target| !target.is_empty() && !target.contains(':')) {
            let path = document.parent().unwrap().join(target);
            assert!(path.exists(), "{}: {target}", document.display());
        }
    }
}

#[test]
fn documented_commands_exist() {
    let makefile = fs::read_to_string("Makefile").unwrap();
    let manifest = ["Cargo.toml", "tests/instance/Cargo.toml"].map(|path| fs::read_to_string(path).unwrap()).concat();
    let is_test = |name: &str| {
        let targets = ["tests", "tests/instance/tests"].map(|folder| Path::new(folder).join(name));
        manifest.contains(&format!("name = \"{name}\""))
            || targets.iter().any(|path| path.with_extension("rs").is_file() || path.join("main.rs").is_file())
    };
    let mut commands = 0;
    for document in documents() {
        let text = fs::read_to_string(&document).unwrap();
        let words: Vec<&str> = text.split(|letter: char| letter.is_whitespace() || "`,;()".contains(letter)).collect();
        for pair in words.windows(2) {
            let command = pair[1].trim_end_matches(['.', ':']);
            let known = match pair[0] {
                "--test" if !command.starts_with('-') && !command.contains('/') => is_test(command),
                "make" if text.contains(&format!("`make {command}")) => {
                    makefile.lines().any(|line| line.starts_with(&format!("{command}:")))
                }
                _ => continue,
            };
            commands += 1;
            assert!(known, "{}: {} {command}", document.display(), pair[0]);
        }
    }
    assert!(commands > 30, "only {commands} commands were recognised");
}

#[test]
fn documented_imports_of_the_package_are_declared() {
    for document in documents() {
        for name in quoted(&fs::read_to_string(&document).unwrap()) {
            let entry = name
                .strip_prefix("sysparm/")
                .filter(|rest| rest.bytes().all(|it| it.is_ascii_lowercase() || it == b'-'));
            if let Some(entry) = entry {
                assert!(
                    Path::new("www/glue").join(format!("{entry}.d.ts")).is_file(),
                    "{}: {name}",
                    document.display()
                );
            }
        }
    }
}

/// Names of tests and functions, which checklists give as what fails. A name with two underscores or more is one.
#[test]
fn documented_functions_exist() {
    let all = ["src", "tests"].iter().flat_map(|folder| files(Path::new(folder), ".rs"));
    let code: String = all.map(|path| fs::read_to_string(path).unwrap()).collect();
    let defined = crate::words_after(&code, "fn ");
    let is_name = |name: &str| {
        name.matches('_').count() >= 2 && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
    };
    let mut missing = BTreeSet::new();
    for document in files(Path::new("docs"), ".md") {
        let names = quoted(&fs::read_to_string(&document).unwrap());
        missing.extend(names.into_iter().filter(|name| is_name(name) && !defined.contains(name.as_str())));
    }
    let of_oauth = ["grant_types_supported", "unsupported_grant_type"];
    missing.retain(|name| !of_oauth.contains(&name.as_str()));
    assert!(missing.is_empty(), "no function has the name {missing:?}");
}

/// `page::Walk` is a file or an item of that module.
#[test]
fn documented_modules_and_types_exist() {
    let mut missing = vec![];
    for document in documents() {
        for name in quoted(&fs::read_to_string(&document).unwrap()) {
            let name = name.strip_prefix("sysparm::").unwrap_or(&name).to_owned();
            let Some((module, item)) = name.split_once("::") else { continue };
            let folder = Path::new("src").join(module);
            if !folder.is_dir() || !item.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
                continue;
            }
            let code: String = files(&folder, ".rs").iter().map(|path| fs::read_to_string(path).unwrap()).collect();
            let is_item = ["struct", "enum", "fn", "trait"]
                .iter()
                .any(|kind| crate::words_after(&code, &format!("pub {kind} ")).contains(item));
            if !is_item && !folder.join(item).with_extension("rs").is_file() {
                missing.push(format!("{}: `{name}`", document.display()));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

/// A merge that keeps the lines of both sides can bring back lines that one side has rewritten.
#[test]
fn changelog_has_known_sections_and_lists_each_change_once() {
    let text = fs::read_to_string("CHANGELOG.md").unwrap();
    let kinds = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"];
    let (mut sections, mut changes) = (vec![], vec![]);
    for line in text.lines() {
        if let Some(version) = line.strip_prefix("## ") {
            assert!(version.starts_with('['), "{version}");
            sections.clear();
            changes.clear();
        } else if let Some(kind) = line.strip_prefix("### ") {
            let place =
                kinds.iter().position(|known| *known == kind).unwrap_or_else(|| panic!("unknown section {kind}"));
            assert!(sections.last().is_none_or(|last| *last < place), "CHANGELOG.md: {kind} is in the wrong place");
            sections.push(place);
        } else if line.starts_with("* ") {
            assert!(!sections.is_empty(), "CHANGELOG.md: a change stands in no section: {line}");
            assert!(!changes.contains(&line), "CHANGELOG.md: twice: {line}");
            changes.push(line);
        }
    }
    assert!(text.contains("## [Unreleased]"), "changes are listed under Unreleased first");
}
