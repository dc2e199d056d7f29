//! The state of an examination: facts, findings, and suspected causes with their weights.

use serde::Serialize;
use serde_json::Value;

use super::causes::ReportedCause;
use super::options::ExaminationOptions;
use crate::diagnose::release_terms;
use crate::time::Millis;

/// The result of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Examined and in order.
    Passed,
    /// Examined and not in order.
    Failed,
    /// Could not be examined, or the reply does not decide.
    Unknown,
}

/// The finding of one check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// The check's stable name.
    pub code: &'static str,
    /// The result.
    pub state: State,
    /// The question that it answers.
    pub question: &'static str,
    /// The evidence.
    pub evidence: String,
    /// What an unknown result needs, such as "role admin".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needs: Option<String>,
    /// What to do, in order; empty unless it failed.
    pub fix: Vec<String>,
}

/// A change to one record that fixes a cause, for programs that apply it. The doctor itself never writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// "sys_properties" and the like.
    pub table: &'static str,
    /// An encoded query that finds the record; nothing is found where the record has yet to be made.
    pub query: String,
    /// The fields and their values.
    pub set: Vec<(&'static str, String)>,
}

/// A cause with its likelihood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RankedCause {
    /// Stable name.
    pub code: String,
    /// What is wrong, in one sentence.
    pub title: String,
    /// In percent; all causes together at most 100.
    pub percent: u8,
    /// Whether a probe proved it.
    pub proven: bool,
    /// The evidence.
    pub evidence: String,
    /// What to do, in order, with this instance's values and in the menu words of its release.
    pub fix: Vec<String>,
    /// The public source of the fact.
    pub source: &'static str,
    /// The record to change, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<Change>,
}

pub(super) struct Suspect {
    pub(super) cause: &'static ReportedCause,
    /// 100 means proven.
    pub(super) weight: u8,
    pub(super) evidence: String,
    pub(super) change: Option<Change>,
}

/// The facts that the probes have found.
#[derive(Default)]
pub(super) struct Known {
    pub(super) reached: bool,
    /// The token call: granted, refused, or not answered.
    pub(super) token: Option<bool>,
    pub(super) token_reply: String,
    pub(super) client_is_good: bool,
    /// Status of the call that says who is signed in, and of the plain list.
    pub(super) who: Option<u16>,
    pub(super) listed: Option<u16>,
    pub(super) list_error: String,
    pub(super) total: u64,
    pub(super) user_id: String,
    pub(super) user_name: String,
    pub(super) challenge: String,
    pub(super) one_time_code: bool,
    pub(super) first_ids: Option<String>,
    /// Conditions of the query that were refused or dropped by themselves.
    pub(super) refused_conditions: Vec<String>,
    pub(super) query_refused: bool,
    pub(super) query_total: Option<u64>,
    pub(super) administrator: Option<bool>,
    pub(super) properties: Option<Vec<(String, String)>>,
    pub(super) entity: Option<Value>,
    pub(super) user: Option<Value>,
    pub(super) roles: Option<Vec<String>>,
    /// In a page: whether a plain cross-origin GET can be read.
    pub(super) readable: Option<bool>,
}

pub(super) struct Case {
    pub(super) options: ExaminationOptions,
    pub(super) known: Known,
    pub(super) release: String,
    pub(super) now: Millis,
    pub(super) findings: Vec<Finding>,
    pub(super) suspects: Vec<Suspect>,
}

impl Case {
    pub(super) fn new(options: ExaminationOptions) -> Self {
        let release = options.release.clone();
        Self { options, known: Known::default(), release, now: Millis(0), findings: vec![], suspects: vec![] }
    }

    pub(super) fn passed(&mut self, code: &'static str, question: &'static str, evidence: impl Into<String>) {
        self.find(code, question, State::Passed, evidence.into(), None, vec![]);
    }

    pub(super) fn unknown(&mut self, code: &'static str, question: &'static str, evidence: impl Into<String>) {
        self.find(code, question, State::Unknown, evidence.into(), None, vec![]);
    }

    /// Records a failure and suspects its cause with this weight; 100 means proven.
    pub(super) fn failed(
        &mut self,
        code: &'static str,
        question: &'static str,
        evidence: impl Into<String>,
        cause: &'static ReportedCause,
        weight: u8,
        change: Option<Change>,
    ) {
        let evidence = evidence.into();
        self.suspect(cause, weight, evidence.clone(), change);
        let fix = self.steps(cause);
        self.find(code, question, State::Failed, evidence, None, fix);
    }

    fn find(
        &mut self,
        code: &'static str,
        question: &'static str,
        state: State,
        evidence: String,
        needs: Option<String>,
        fix: Vec<String>,
    ) {
        self.findings.push(Finding { code, state, question, evidence, needs, fix });
    }

    /// Raises a cause to at least this weight.
    pub(super) fn suspect(
        &mut self,
        cause: &'static ReportedCause,
        weight: u8,
        evidence: String,
        change: Option<Change>,
    ) {
        match self.suspects.iter_mut().find(|suspect| suspect.cause == cause) {
            Some(suspect) => {
                if weight >= suspect.weight {
                    suspect.evidence = evidence;
                }
                suspect.weight = suspect.weight.max(weight);
                suspect.change = change.or_else(|| suspect.change.take());
            }
            None => self.suspects.push(Suspect { cause, weight, evidence, change }),
        }
    }

    pub(super) fn clear(&mut self, cause: &ReportedCause) {
        self.suspects.retain(|suspect| suspect.cause != cause);
    }

    pub(super) fn is_suspected(&self, cause: &ReportedCause) -> bool {
        self.suspects.iter().any(|suspect| suspect.cause == cause)
    }

    /// The first cause that is proven.
    pub(super) fn proven(&self) -> Option<&'static ReportedCause> {
        self.suspects.iter().find(|suspect| suspect.weight >= 100).map(|suspect| suspect.cause)
    }

    /// Reports a check that was not made, where nothing of it is reported yet. `needs` names what it lacks.
    pub(super) fn not_examined(
        &mut self,
        code: &'static str,
        question: &'static str,
        evidence: String,
        needs: Option<String>,
    ) {
        if !self.findings.iter().any(|finding| finding.code == code) {
            self.find(code, question, State::Unknown, evidence, needs, vec![]);
        }
    }

    /// This instance's values by the terms that they replace.
    fn values(&self) -> [(&'static str, &str); 9] {
        let user = match self.known.user_name.as_str() {
            "" => &self.options.user_name,
            known => known,
        };
        [
            ("api", "the Table API"),
            ("clientId", &self.options.client_id),
            ("operation", self.options.operation.name()),
            ("origin", &self.options.origin),
            ("redirectUri", &self.options.redirect_uri),
            ("scope", &self.options.scope),
            ("table", &self.options.table),
            ("url", &self.options.url),
            ("user", user),
        ]
    }

    /// A text with this instance's values in it.
    pub(super) fn filled(&self, text: &str) -> String {
        release_terms::filled(text, &self.release, &self.values()).unwrap_or_default()
    }

    /// The fix of a cause in the terms of this release.
    fn steps(&self, cause: &ReportedCause) -> Vec<String> {
        release_terms::steps(cause.fix, &self.release, &self.values())
    }

    /// Most likely first. A proven cause leaves a share to the others, because two faults can coexist.
    pub(super) fn ranked(&self) -> Vec<RankedCause> {
        let mut suspects: Vec<&Suspect> = self.suspects.iter().collect();
        // Causes of the same weight keep the order in which they were suspected.
        let place = |one: &Suspect| self.suspects.iter().position(|suspect| suspect.cause == one.cause);
        suspects.sort_unstable_by_key(|suspect| (core::cmp::Reverse(suspect.weight), place(suspect)));
        // Once a cause is proven, suspicions count a tenth.
        let proven = suspects.iter().any(|suspect| suspect.weight >= 100);
        let counts = |suspect: &Suspect| match proven && suspect.weight < 100 {
            true => u32::from(suspect.weight) / 10,
            false => u32::from(suspect.weight),
        };
        let sum: u32 = suspects.iter().map(|suspect| counts(suspect)).sum::<u32>().max(100);
        let ranked = suspects.iter().map(|suspect| {
            let cause = suspect.cause;
            let share = counts(suspect) * 97 / sum;
            RankedCause {
                code: cause.code.to_owned(),
                title: self.filled(cause.title),
                percent: u8::try_from(share).unwrap_or(97),
                proven: suspect.weight >= 100,
                evidence: suspect.evidence.clone(),
                fix: self.steps(cause),
                source: cause.source,
                change: suspect.change.clone(),
            }
        });
        ranked.collect()
    }
}
