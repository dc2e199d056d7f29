//! One check of the examination: its question, when it is due, its request, and what the reply proves.

use super::case::Case;
use super::causes::ReportedCause;
use super::probe::{Probe, ProbeOutcome};

/// Whether a check is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// Now.
    Due,
    /// It may not be made; names what it needs.
    Cannot(&'static str),
    /// It does not apply, has been made, or waits for another check.
    NotDue,
}

/// A row of the table of checks.
pub(super) struct InstanceCheck {
    /// Stable name.
    pub(super) code: &'static str,
    /// The question.
    pub(super) question: &'static str,
    /// Causes that it elaborates: it is made even when one of them is proven.
    pub(super) elaborates: &'static [&'static ReportedCause],
    /// Whether it is due, by the number of times it was made.
    pub(super) when: fn(&Case, u32) -> When,
    pub(super) ask: fn(&Case) -> Probe,
    pub(super) read: fn(&mut Case, &ProbeOutcome),
}

impl InstanceCheck {
    /// Reports that the check may not be made. Once, as unknown.
    pub(super) fn cannot(&self, case: &mut Case, need: &str) {
        case.not_examined(self.code, self.question, format!("Cannot know without {need}."), Some(need.to_owned()));
    }
}

/// Reports the checks that a proven cause has made needless.
pub(super) fn report_needless(case: &mut Case, checks: &[InstanceCheck], asked: &[u32]) {
    if case.proven().is_some() {
        report_the_rest(case, checks, asked, "Not examined: a cause was proven before. Fix it and examine again.");
    }
}

/// Reports the checks that the limits left out.
pub(super) fn report_left_out(case: &mut Case, checks: &[InstanceCheck], asked: &[u32]) {
    report_the_rest(case, checks, asked, "Not examined: the limit on requests or time was reached.");
}

fn report_the_rest(case: &mut Case, checks: &[InstanceCheck], asked: &[u32], words: &str) {
    // Checks that wait for the administrator's credentials to be tried would have come.
    case.known.administrator.get_or_insert(case.options.administrator);
    for (check, times) in checks.iter().zip(asked) {
        if *times == 0 && (check.when)(case, 0) != When::NotDue {
            case.not_examined(check.code, check.question, words.to_owned(), None);
        }
    }
}
