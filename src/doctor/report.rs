//! The report of an examination as data and as Markdown: the most likely cause first, then every finding, then the set-up guide.

use core::fmt::Write;

use serde::Serialize;

use super::case::{Case, Finding, RankedCause, State};
use super::guide::{self, Guide};

/// The report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The instance's origin.
    pub instance: String,
    /// The release that the instance reported; empty if unknown.
    pub release: String,
    /// Requests that were made.
    pub requests: u32,
    /// Most likely first; empty when nothing was found wrong.
    pub causes: Vec<RankedCause>,
    /// In the order in which they were made.
    pub findings: Vec<Finding>,
    /// The set-up, step by step.
    pub guide: Guide,
}

impl Report {
    pub(super) fn of(case: &Case, requests: u32) -> Self {
        Self {
            instance: case.options.url.clone(),
            release: case.release.clone(),
            requests,
            causes: case.ranked(),
            findings: case.findings.clone(),
            guide: guide::of(case, &case.release),
        }
    }

    /// As JSON text.
    #[must_use]
    pub fn json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// As Markdown, for a ticket or a chat. What replies said is quoted as code, so that no page can write into the report.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut text = String::new();
        // Writing into a text cannot fail.
        let _ = self.write(&mut text);
        text
    }

    fn write(&self, text: &mut String) -> core::fmt::Result {
        writeln!(text, "# ServiceNow connection report: {}\n", self.instance)?;
        let release = if self.release.is_empty() { "not reported by the instance" } else { &self.release };
        writeln!(text, "Release: {release}. Requests made: {}, all of them reading.\n", self.requests)?;
        match self.causes.first() {
            None => writeln!(text, "## Nothing was found wrong\n\nWhat could not be examined is listed below.\n")?,
            Some(cause) => {
                let how = if cause.proven { "proven by a probe" } else { "most likely" };
                writeln!(text, "## {}\n\n{} % likely, {how} (`{}`).\n", cause.title, cause.percent, cause.code)?;
                write_cause(text, cause)?;
            }
        }
        if self.causes.len() > 1 {
            writeln!(text, "## Other possible causes\n")?;
            for cause in self.causes.iter().skip(1) {
                writeln!(text, "### {} ({} %)\n", cause.title, cause.percent)?;
                write_cause(text, cause)?;
            }
        }
        writeln!(text, "## Checks\n\n| | question | evidence |\n|---|---|---|")?;
        for finding in &self.findings {
            let state = match finding.state {
                State::Passed => "passed",
                State::Failed => "**failed**",
                State::Unknown => "not known",
            };
            writeln!(text, "| {state} | {} | {} |", finding.question, quoted(&finding.evidence))?;
        }
        let guide = &self.guide;
        let newest =
            if guide.release_known { "" } else { ", the newest known: the instance did not report its release" };
        writeln!(text, "\n## The whole set-up, in order ({}{newest})\n", guide.release)?;
        if !guide.obstacle.is_empty() {
            writeln!(text, "**{}**\n", guide.obstacle)?;
        }
        for (number, step) in guide.steps.iter().enumerate() {
            writeln!(text, "{}. {}: {}", number + 1, step.place, step.action)?;
            writeln!(text, "   Without it: {}. Role: {}. Source: {}.", step.otherwise, step.role, step.source)?;
        }
        Ok(())
    }
}

fn write_cause(text: &mut String, cause: &RankedCause) -> core::fmt::Result {
    writeln!(text, "Evidence: {}\n", quoted(&cause.evidence))?;
    for (number, step) in cause.fix.iter().enumerate() {
        writeln!(text, "{}. {step}", number + 1)?;
    }
    writeln!(text, "\nSource: {}.\n", cause.source)
}

/// One line of code text: no line break, no backtick, no cell border.
fn quoted(text: &str) -> String {
    let plain: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).take(400).collect();
    format!("`{}`", plain.replace('`', "'").replace('|', "/"))
}
