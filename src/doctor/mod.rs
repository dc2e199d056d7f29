//! Examines an instance with probes that only read. Each probe answers one question, the cheapest first. What may not be
//! examined is reported as unknown, never as in order.
//!
//! ```text
//! poll --> Probe --(the host sends it)--> resume --> findings --> poll ... --> nothing left to probe --> report
//! ```
//!
//! A check is a row of a table (`checks::all`): its question, the role needed, when it is due, its request and what the
//! reply proves. The examination ends when a cause is proven and every check that elaborates it is done, when all rows are
//! done, or at the limits of requests and time. The only POST is the token request.

mod case;
mod causes;
mod check;
mod checks;
mod guide;
mod options;
mod probe;
mod record_probes;
mod report;
mod roles;

pub use crate::diagnose::RELEASES;
pub use case::{Change, Finding, RankedCause, State};
pub use guide::{Guide, Step, guide};
pub use options::{AuthMethod, ExaminationOptions, InvalidOptions, Limits, Operation, Place};
pub use probe::{Filled, FormField, Identity, Probe, ProbeOutcome, SecretName};
pub use report::Report;

use crate::time::Millis;
use case::Case;
use check::{InstanceCheck, When};

/// An examination in progress.
pub struct Doctor {
    case: Case,
    checks: Vec<InstanceCheck>,
    asked: Vec<u32>,
    waiting: Option<(u32, usize)>,
    requests: u32,
    started: Option<Millis>,
    reported: usize,
    ended: bool,
}

impl Doctor {
    /// An examination with these options; nothing is sent yet.
    ///
    /// # Errors
    /// Names the option that is invalid and what is wrong with it.
    pub fn new(options: ExaminationOptions) -> Result<Self, InvalidOptions> {
        let options = options.checked()?;
        let checks = checks::all();
        let asked = vec![0; checks.len()];
        let mut case = Case::new(options);
        checks::before_anything(&mut case);
        Ok(Self { case, checks, asked, waiting: None, requests: 0, started: None, reported: 0, ended: false })
    }

    /// The next probe. `None` while one is in progress and after the end of the examination.
    pub fn poll(&mut self, now: Millis) -> Option<Probe> {
        if self.waiting.is_some() || self.ended {
            return None;
        }
        let started = *self.started.get_or_insert(now);
        let limits = self.case.options.limits;
        // A clock that stands still or runs backwards is caught by the bound on requests.
        if self.requests >= limits.requests || now.0.saturating_sub(started.0) >= limits.ms {
            check::report_left_out(&mut self.case, &self.checks, &self.asked);
            self.ended = true;
            return None;
        }
        let proven = self.case.proven().filter(|_| !self.case.options.thorough);
        for (at, check) in self.checks.iter().enumerate() {
            if proven.is_some_and(|cause| !check.elaborates.contains(&cause)) {
                continue;
            }
            let times = self.asked.get(at).copied().unwrap_or_default();
            match (check.when)(&self.case, times) {
                When::Due => {
                    self.requests += 1;
                    if let Some(count) = self.asked.get_mut(at) {
                        *count += 1;
                    }
                    self.waiting = Some((self.requests, at));
                    return Some((check.ask)(&self.case).of_check(self.requests, check.code, check.question));
                }
                When::Cannot(need) => check.cannot(&mut self.case, need),
                When::NotDue => {}
            }
        }
        check::report_needless(&mut self.case, &self.checks, &self.asked);
        self.ended = true;
        None
    }

    /// Takes the outcome of a probe. An unexpected outcome is ignored.
    pub fn resume(&mut self, id: u32, outcome: &ProbeOutcome, now: Millis) {
        let Some((_, at)) = self.waiting.take_if(|(waiting, _)| *waiting == id) else {
            return;
        };
        self.case.now = now;
        if let Some(check) = self.checks.get(at) {
            (check.read)(&mut self.case, outcome);
        }
    }

    /// Findings since the previous call, in order.
    pub fn findings(&mut self) -> Vec<Finding> {
        let fresh = self.case.findings.get(self.reported..).unwrap_or_default().to_vec();
        self.reported = self.case.findings.len();
        fresh
    }

    /// Whether the examination has ended.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.ended
    }

    /// What is known so far: causes, findings, and the set-up steps for the release.
    #[must_use]
    pub fn report(&self) -> Report {
        Report::of(&self.case, self.requests)
    }
}
