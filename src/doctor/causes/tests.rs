use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::diagnose::{RELEASES, causes, release_terms};

fn all() -> impl Iterator<Item = &'static ReportedCause> {
    FROM_CATALOGUE.iter().chain(OWN).copied()
}

#[test]
fn every_cause_has_a_name_of_its_own_a_fix_and_a_source() {
    let mut names = BTreeSet::new();
    for cause in all() {
        assert!(names.insert(cause.code), "{} stands twice", cause.code);
        assert!(!cause.fix.is_empty() && !cause.source.is_empty() && !cause.title.ends_with('.'), "{}", cause.code);
    }
    assert!(names.len() > 60);
    // What the catalogue has is taken from it.
    let catalogue: BTreeSet<&str> = causes().iter().map(|cause| cause.code).collect();
    assert!(OWN.iter().all(|cause| !catalogue.contains(cause.code)));
}

#[test]
fn no_text_of_a_fix_stands_twice() {
    let mut known: BTreeMap<&str, &str> = BTreeMap::new();
    let words = |cause: &ReportedCause| (cause.code, cause.fix, cause.title);
    let catalogue = causes();
    let all = catalogue.iter().map(|cause| (cause.code, cause.fix, cause.title)).chain(OWN.iter().copied().map(words));
    for (code, fix, title) in all {
        for text in fix.iter().chain([&title]) {
            if let Some(other) = known.insert(text, code) {
                assert_eq!(other, code, "{text}");
            }
        }
    }
    assert!(known.len() > 250, "{}", known.len());
}

#[test]
fn every_cause_has_complete_steps_on_every_release() {
    let catalogue = causes();
    let all =
        catalogue.iter().map(|cause| (cause.code, cause.fix)).chain(OWN.iter().map(|cause| (cause.code, cause.fix)));
    for (code, fix) in all {
        for release in RELEASES.iter().map(|(name, _)| *name).chain(["", "later"]) {
            let steps = release_terms::steps(fix, release, &[]);
            assert!(!steps.is_empty(), "{code} {release}");
            assert!(!steps.concat().contains(['{', '}']), "{code} {release}: {steps:?}");
        }
    }
}
