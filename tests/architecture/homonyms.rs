//! No two types of one name, in the crate or in the package's TypeScript: a name that stands for two things explains neither.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::{files, is_test};

/// Names of more than one type of the crate, still to be changed. The list only shrinks.
const IN_THE_CRATE: &[&str] = &[];

/// Files of which a bundle holds one: each exports the same names for its platform or module.
const ONE_A_BUNDLE: [&str; 4] = ["browser.ts", "node.ts", "workerd.ts", "wasm.ts"];

/// The word behind the first of these keywords that the line declares something with, after modifiers.
fn declared<'a>(line: &'a str, modifiers: &[&str], keywords: &[&str]) -> Option<&'a str> {
    let mut rest = line;
    while let Some((word, behind)) = rest.split_once(' ') {
        if keywords.contains(&word) {
            return behind
                .split(|letter: char| !letter.is_alphanumeric() && letter != '_')
                .next()
                .filter(|name| !name.is_empty());
        }
        if !modifiers.iter().any(|modifier| word.starts_with(modifier)) {
            return None;
        }
        rest = behind;
    }
    None
}

/// The types that a file of the crate declares outside tests. An associated `type` is indented and no type of its own.
fn types_of_rust(text: &str) -> impl Iterator<Item = &str> {
    text.lines().take_while(|line| !line.starts_with("mod tests {")).filter_map(|line| {
        let keywords: &[&str] = if line.starts_with(' ') {
            &["struct", "enum", "trait", "union"]
        } else {
            &["struct", "enum", "trait", "union", "type"]
        };
        declared(line.trim_start(), &["pub", "unsafe"], keywords)
    })
}

/// The types of a file of the glue, and what it exports besides.
fn names_of_typescript(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| {
        declared(line, &["export", "declare", "abstract"], &["class", "interface", "type", "enum"])
            .or_else(|| declared(line.strip_prefix("export ")?, &["async"], &["function", "function*", "const", "let"]))
    })
}

fn assert_unique<'a>(known: &[&str], declarations: impl Iterator<Item = (&'a str, &'a Path)>) {
    let mut places: BTreeMap<&str, BTreeSet<&Path>> = BTreeMap::new();
    for (name, path) in declarations {
        places.entry(name).or_default().insert(path);
    }
    assert!(places.len() > 100, "only {} names were found", places.len());
    places.retain(|_, files| files.len() > 1);
    let found: BTreeSet<&str> = places.keys().copied().collect();
    let gone: Vec<_> = known.iter().filter(|name| !found.contains(*name)).collect();
    assert!(gone.is_empty(), "these names are unique now: remove them from the list: {gone:?}");
    places.retain(|name, _| !known.contains(name));
    assert!(places.is_empty(), "names of more than one thing: {places:#?}");
}

fn texts(paths: impl Iterator<Item = PathBuf>) -> Vec<(PathBuf, String)> {
    paths.map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect()
}

/// Whether a file is only compiled for tests, as its module's file says.
fn is_for_tests(path: &Path) -> bool {
    let stem = path.file_stem().unwrap().to_string_lossy();
    let above = path.with_file_name("mod.rs");
    let declaration = format!("#[cfg(test)]\nmod {stem};");
    is_test(path) || fs::read_to_string(above).is_ok_and(|text| text.contains(&declaration))
}

#[test]
fn type_names_of_the_crate_are_unique() {
    let texts = texts(files(Path::new("src"), ".rs").into_iter().filter(|path| !is_for_tests(path)));
    let all = texts.iter().flat_map(|(path, text)| types_of_rust(text).map(move |name| (name, path.as_path())));
    assert_unique(IN_THE_CRATE, all);
}

#[test]
fn names_of_the_glue_are_unique() {
    let is_shared = |path: &PathBuf| ONE_A_BUNDLE.contains(&path.file_name().unwrap().to_string_lossy().as_ref());
    let texts = texts(files(Path::new("www/glue/src"), ".ts").into_iter().filter(|path| !is_shared(path)));
    let all = texts.iter().flat_map(|(path, text)| names_of_typescript(text).map(move |name| (name, path.as_path())));
    assert_unique(&[], all);
}

#[test]
fn declarations_are_recognised() {
    let rust = "pub(super) struct A<'a> {\n    type B = u8;\ntype C = u8;\nlet struct_ = 1;\n    enum D {\nmod tests {\nstruct E;\n";
    assert_eq!(types_of_rust(rust).collect::<Vec<_>>(), ["A", "C", "D"]);
    let script = "export async function a() {}\nfunction b() {}\ninterface C {\nexport type D = 1;\nexport const e = 1;\nexport { F };\n";
    assert_eq!(names_of_typescript(script).collect::<Vec<_>>(), ["a", "C", "D", "e"]);
}
