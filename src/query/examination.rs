//! The problems of a query and the changes that fix them, as an examination gathers them.

use super::dictionary::Dictionary;
use super::fix_effect::FixEffect;

/// More problems than this help nobody, and looking for them must end.
pub(super) const MOST: usize = 100;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Stable: "field.unknown".
    pub code: &'static str,
    /// Whether the query would find other rows than it says. A write by query must not run with one of these.
    pub error: bool,
    /// Where it begins, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// In words.
    pub message: String,
    /// Changes, each of which fixes it, the likeliest first.
    pub fixes: Vec<Fix>,
}

/// A change of the text: what stands from `start` to `end` is replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// In words: "Write short_description".
    pub title: String,
    /// Where the replaced text begins, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// What stands there afterwards.
    pub text: String,
    /// What it does to the rows that are found.
    pub effect: FixEffect,
}

/// The query under examination and what was found so far.
pub(super) struct Examination<'q, 'a> {
    pub(super) text: &'q str,
    pub(super) dictionary: &'q Dictionary<'a>,
    pub(super) problems: Vec<Problem>,
    /// Of the term that is examined: what it does to the rows when the instance no longer passes over it.
    pub(super) restored: FixEffect,
    /// Whether every term can be read. A term that the instance leaves out takes the joint behind it along.
    pub(super) read: bool,
}

impl Examination<'_, '_> {
    #[inline(never)]
    pub(super) fn report(
        &mut self,
        code: &'static str,
        error: bool,
        (start, end): (usize, usize),
        words: &[&str],
        fixes: Vec<Fix>,
    ) {
        if self.problems.len() < MOST {
            // In the order of their places; of a hundred, one by one.
            let at = self.problems.iter().rposition(|problem| problem.start <= start).map_or(0, |before| before + 1);
            self.problems.insert(at, Problem { code, error, start, end, message: words.concat(), fixes });
        }
    }

    /// The effect of a fix that relies on how the conditions are joined.
    pub(super) fn as_read(&self, effect: FixEffect) -> FixEffect {
        if self.read { effect } else { FixEffect::Changes }
    }

    pub(super) fn shown(&self, start: usize, end: usize) -> &str {
        self.text.get(start..end).unwrap_or_default()
    }
}

/// The text with a fix applied.
#[must_use]
pub fn apply_fix(text: &str, fix: &Fix) -> String {
    let before = text.get(..fix.start).unwrap_or_default();
    let behind = text.get(fix.end..).unwrap_or_default();
    [before, &fix.text, behind].concat()
}

#[inline(never)]
pub(super) fn replace(effect: FixEffect, title: &str, start: usize, end: usize, text: &str) -> Fix {
    Fix { title: title.to_owned(), start, end, text: text.to_owned(), effect }
}
