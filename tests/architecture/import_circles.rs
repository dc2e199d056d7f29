//! Resolves every `crate::`, `super::` and `self::` path of the crate to the file that defines what it names. No two files may import
//! each other, directly or by others; a module may use its own children.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::graph::Graph;
use crate::{files, is_test};

/// Imports that are still part of a circle. The list only shrinks.
const KNOWN: &[(&str, &str)] = &[];

/// A path, or one of an import tree, with the name by which it is known in its file; `*` for a glob.
#[derive(Clone)]
struct Named<'a> {
    path: Vec<&'a str>,
    name: &'a str,
}

/// Words and `::`, and every other sign alone.
fn tokens(code: &str) -> Vec<&str> {
    let mut found = vec![];
    let mut rest = code.trim_start();
    while let Some(first) = rest.chars().next() {
        let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
        let length = match rest.find(|letter| !is_word(letter)) {
            Some(0) if rest.starts_with("::") => 2,
            Some(0) => first.len_utf8(),
            end => end.unwrap_or(rest.len()),
        };
        found.push(&rest[..length]);
        rest = rest[length..].trim_start();
    }
    found
}

/// The paths of the import tree `a::{b, c::D as E}` that begins at this token, and the place after it.
fn tree<'a>(tokens: &[&'a str], mut at: usize) -> (Vec<Named<'a>>, usize) {
    let token = |at: usize| tokens.get(at).copied().unwrap_or_default();
    let is_part = |text: &str| {
        text == "{" || text == "*" || text.starts_with(|letter: char| letter.is_alphabetic() || letter == '_')
    };
    let word = token(at);
    at += 1;
    if word == "{" {
        let mut found = vec![];
        while !["}", ""].contains(&token(at)) {
            let (inner, end) = tree(tokens, at);
            found.extend(inner);
            at = end + usize::from(token(end) == ",");
        }
        return (found, at + 1);
    }
    if token(at) == "::" && is_part(token(at + 1)) {
        let (mut found, end) = tree(tokens, at + 1);
        for named in &mut found {
            named.path.insert(0, word);
            // `a::{self}` is a.
            if named.name == "self" {
                named.path.pop();
                named.name = word;
            }
        }
        return (found, end);
    }
    if token(at) == "as" {
        (vec![Named { path: vec![word], name: token(at + 1) }], at + 2)
    } else {
        (vec![Named { path: vec![word], name: word }], at)
    }
}

struct File {
    path: String,
    /// Every path from the crate's root or from a module above.
    paths: Vec<Vec<String>>,
    /// What the file imports, by its name here.
    imports: BTreeMap<String, Vec<String>>,
}

impl File {
    fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap();
        let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let code: String =
            lines.take_while(|line| !line.starts_with("mod tests {")).map(|line| format!("{line}\n")).collect();
        let tokens = tokens(&code);
        let owned = |path: &[&str]| path.iter().map(|part| (*part).to_owned()).collect::<Vec<_>>();
        let begins = |at: &usize| {
            ["crate", "super", "self"].contains(&tokens[*at])
                && tokens.get(at + 1) == Some(&"::")
                && (*at == 0 || tokens[at - 1] != "::")
        };
        let paths = (0..tokens.len()).filter(begins).flat_map(|at| tree(&tokens, at).0).map(|named| owned(&named.path));
        let uses = (0..tokens.len()).filter(|at| tokens[*at] == "use").flat_map(|at| tree(&tokens, at + 1).0);
        Self {
            path: path.to_string_lossy().into_owned(),
            paths: paths.collect(),
            imports: uses.map(|named| (named.name.to_owned(), owned(&named.path))).collect(),
        }
    }
}

/// Every file by its module path: `page::walk`, and nothing for the root.
struct Modules(BTreeMap<String, File>);

impl Modules {
    fn read() -> Self {
        let all = files(Path::new("src"), ".rs");
        let for_tests: BTreeSet<String> = all.iter().flat_map(|path| test_modules(path)).collect();
        let is_of_tests = |path: &Path| {
            let module = module_of(path);
            is_test(path) || for_tests.iter().any(|test| module == *test || module.starts_with(&format!("{test}::")))
        };
        Self(all.iter().filter(|path| !is_of_tests(path)).map(|path| (module_of(path), File::read(path))).collect())
    }

    /// The module that defines what a path in `module` names. Re-exports are followed.
    fn resolved(&self, module: &str, path: &[String], depth: u8) -> String {
        let mut at = module.to_owned();
        let mut parts = path.iter();
        while let Some(part) = parts.next() {
            match part.as_str() {
                "crate" => at.clear(),
                "super" => at = at.rsplit_once("::").map(|(above, _)| above.to_owned()).unwrap_or_default(),
                "self" => {}
                name => {
                    if self.0.contains_key(&child(&at, name)) {
                        at = child(&at, name);
                        continue;
                    }
                    let import = self.0.get(&at).and_then(|file| file.imports.get(name)).filter(|_| depth < 8);
                    let Some(import) = import.filter(|import| self.is_local(&at, import)) else { break };
                    let whole: Vec<String> = import.iter().chain(parts).cloned().collect();
                    return self.resolved(&at, &whole, depth + 1);
                }
            }
        }
        at
    }

    /// Whether an import in `module` is of this crate.
    fn is_local(&self, module: &str, import: &[String]) -> bool {
        import.first().is_some_and(|first| {
            ["crate", "super", "self"].contains(&first.as_str()) || self.0.contains_key(&child(module, first))
        })
    }

    fn graph(&self) -> Graph {
        let mut graph = Graph::default();
        for (module, file) in &self.0 {
            for path in &file.paths {
                let target = self.resolved(module, path, 0);
                let is_own_child = module.is_empty() || target.starts_with(&format!("{module}::"));
                if let Some(target) = self.0.get(&target).filter(|_| !is_own_child) {
                    graph.add(&file.path, &target.path);
                }
            }
        }
        graph
    }
}

fn child(module: &str, name: &str) -> String {
    if module.is_empty() { name.to_owned() } else { format!("{module}::{name}") }
}

fn module_of(path: &Path) -> String {
    let inside = path.strip_prefix("src").unwrap().with_extension("");
    let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
    let end = parts.len() - usize::from(parts.last().is_some_and(|last| last == "mod" || last == "lib"));
    parts[..end].join("::")
}

/// The modules that a file declares for tests only.
fn test_modules(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let pairs = lines.windows(2).filter(|pair| pair[0].starts_with("#[cfg(") && pair[0].contains("test"));
    let names = pairs.filter_map(|pair| pair[1].split_once("mod ")?.1.strip_suffix(';'));
    names.map(|name| child(&module_of(path), name)).collect()
}

#[test]
fn files_of_the_crate_import_no_circle() {
    let graph = Modules::read().graph();
    assert!(graph.imports().count() > 500, "only {} imports were found", graph.imports().count());
    graph.assert_no_circles(KNOWN);
}

#[test]
fn layers_of_diagnose_import_only_layers_below() {
    const LAYERS: [&str; 5] = ["redaction", "model", "catalogue", "classify", "docs"];
    let layer = |path: &str| {
        let inside = path.strip_prefix("src/diagnose/")?;
        LAYERS.iter().position(|layer| inside.split(['/', '.']).next() == Some(layer))
    };
    let graph = Modules::read().graph();
    let pairs: Vec<_> = graph.imports().filter_map(|(from, to)| Some((from, to, layer(from)?, layer(to)?))).collect();
    assert!(pairs.len() > 100, "only {} imports were found", pairs.len());
    let above: Vec<_> = pairs.iter().filter(|(_, _, from, to)| to > from).collect();
    assert!(above.is_empty(), "a layer imports one above it: {above:#?}");
}

#[test]
fn paths_of_an_import_tree_are_read() {
    let code = tokens("a::{self, b::C, d::{*, e as F}} ; x");
    let found: Vec<_> = tree(&code, 0).0.iter().map(|named| (named.path.join("::"), named.name)).collect();
    let expected = [("a", "a"), ("a::b::C", "C"), ("a::d::*", "*"), ("a::d::e", "F")];
    assert_eq!(found, expected.map(|(path, name)| (path.to_owned(), name)));
}
