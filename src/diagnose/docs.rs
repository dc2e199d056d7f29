//! Generates documentation from the catalogue: `SYMPTOMS.md`, an HTML page, and the explanations that the package loads.

use crate::code::Code;
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::catalogue::{self, Row};
use super::classify::diagnose_in;
use super::model::circumstances::Circumstances;
use super::model::diagnosis::{Cause, Kind, Retry};
use super::model::facts::{Facts, Stage, Transport};
use super::model::release_terms::{RELEASES, TERMS, Term, filled};
use crate::request::Method;
use crate::time::Millis;

/// One row of the catalogue.
#[derive(Debug, Clone, Copy)]
pub struct Symptom {
    /// Stable name; several rows may share it, with causes ranked by what else is known.
    pub code: Code,
    /// The kind of failure.
    pub kind: Kind,
    /// What happened, in one sentence without a full stop.
    pub title: &'static str,
    /// The retry advice.
    pub retry: Retry,
    /// Most likely first.
    pub causes: &'static [Cause],
    /// Whether it is a silent failure.
    pub silent: bool,
}

/// Every row in the order of evaluation; silent failures last.
pub fn symptoms() -> impl Iterator<Item = Symptom> {
    let failures = catalogue::failures().map(|row| symptom(row, false));
    let after_lookup = catalogue::after_lookup().map(|row| symptom(row, false));
    let silent = catalogue::suspicions().map(|row| symptom(row, true));
    failures.chain(after_lookup).chain(silent)
}

const fn symptom<F>(row: &Row<F>, silent: bool) -> Symptom {
    Symptom { code: row.code, kind: row.kind, title: row.title, retry: row.retry, causes: row.causes, silent }
}

/// Every cause once, by its code, in alphabetical order.
#[must_use]
pub fn causes() -> Vec<Cause> {
    let mut causes: Vec<Cause> = symptoms().flat_map(|symptom| symptom.causes.iter().copied()).collect();
    causes.sort_by_key(|cause| cause.code);
    causes.dedup_by_key(|cause| cause.code);
    causes
}

/// Data for explaining a diagnosis in a program that was built without texts: the texts of every cause by its code, menu names by
/// release, and the ranking of causes after a page's own probe of an address that gave no reply.
#[derive(Debug, Clone, Copy)]
pub struct Explanations;

impl Serialize for Explanations {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_map(None)?;
        out.serialize_entry("causes", &Causes)?;
        let terms: Vec<_> = TERMS.iter().map(|term| (term.name, by_release(term))).collect();
        out.serialize_entry("terms", &terms)?;
        out.serialize_entry("releases", &RELEASES)?;
        let views: Vec<View> = VIEWS.iter().flat_map(|(view, around)| of_view(view, around)).collect();
        out.serialize_entry("views", &views)?;
        out.end()
    }
}

struct Causes;

impl Serialize for Causes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let causes = causes();
        let mut out = serializer.serialize_map(Some(causes.len()))?;
        for cause in &causes {
            out.serialize_entry(cause.code, &Words(cause))?;
        }
        out.end()
    }
}

/// The term of each release from which it is valid, newest first. The last entry is for an unknown release.
fn by_release(term: &Term) -> Vec<(&'static str, &'static str)> {
    term.since.iter().copied().chain([("otherwise", term.otherwise)]).collect()
}

/// Results of a page's probe, in the mode "no-cors", of an address that gave it no reply.
const VIEWS: &[(&str, Circumstances<'static>)] = &[
    ("answers", Circumstances { in_browser: true, answers_unreadably: true, ..Circumstances::UNKNOWN }),
    ("silent", Circumstances { in_browser: true, is_silent: true, ..Circumstances::UNKNOWN }),
];

/// For the diagnosis of this code, of the token endpoint or of an API: the causes as the catalogue ranks them in this view.
type View = (&'static str, &'static str, bool, String, Vec<(&'static str, u8)>);

fn of_view(view: &'static str, around: &Circumstances<'_>) -> Vec<View> {
    let of = |stage, method| {
        let outcome = Err(Transport::Unreachable);
        let facts = Facts { stage, method, path: "", outcome };
        let plain = diagnose_in(&facts, &Circumstances::UNKNOWN, 1, Millis(0)).diagnosis.code.as_str();
        let seen = diagnose_in(&facts, around, 1, Millis(0)).diagnosis;
        let ranked = seen.causes.iter().map(|cause| (cause.code, cause.percent)).collect();
        (view, plain, stage == Stage::Token, seen.title.to_owned(), ranked)
    };
    vec![of(Stage::Api, Method::Get), of(Stage::Api, Method::Post), of(Stage::Token, Method::Post)]
}

struct Words<'a>(&'a Cause);

impl Serialize for Words<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_map(None)?;
        out.serialize_entry("title", self.0.title)?;
        out.serialize_entry("tellApart", self.0.tell_apart)?;
        out.serialize_entry("fix", self.0.fix)?;
        out.serialize_entry("source", self.0.source)?;
        out.end()
    }
}

const fn advice(retry: Retry) -> &'static str {
    match retry {
        Retry::Never => "Do not repeat it unchanged.",
        Retry::AfterRenewal => "Repeat it once with a new token.",
        Retry::After(_) | Retry::Backoff => "Repeat it later: when the reply says, or after growing pauses.",
        Retry::LookFirst => "Look whether it happened before you repeat it.",
    }
}

const OPENING: &str = "What a reply of a ServiceNow instance means, its possible causes, and how to fix each. Causes are sorted by \
likelihood. The likelihood is an estimate from the named sources, not a measurement. Where one reply fits several causes, \
\"How to confirm\" says what decides. A code can have several entries: they differ in what else was known when the reply came.";

/// The catalogue as Markdown.
#[must_use]
pub fn markdown() -> String {
    let mut out = String::from(
        "<!-- Made from src/diagnose/catalogue: SYSPARM_WRITE=1 cargo test --test symptoms -->\n\n# Symptoms, causes and fixes\n\n",
    );
    out.push_str(OPENING);
    for silent in [false, true] {
        out.push_str(if silent { "\n\n## Successful replies that are wrong\n" } else { "\n\n## Failures\n" });
        for symptom in symptoms().filter(|symptom| symptom.silent == silent) {
            let parts = [
                "\n### ",
                symptom.title,
                "\n\n`",
                symptom.code.as_str(),
                "` (",
                symptom.kind.as_str(),
                "). ",
                advice(symptom.retry),
                "\n",
            ];
            out.extend(parts);
            for cause in symptom.causes {
                out.extend([
                    "\n* **",
                    &headline(cause),
                    "** (",
                    &cause.percent.to_string(),
                    " %, `",
                    cause.code,
                    "`)\n",
                ]);
                out.extend(["  * How to confirm: ", cause.tell_apart, "\n"]);
                for step in cause.steps("") {
                    out.extend(["  * Fix: ", &step, "\n"]);
                }
                out.extend(["  * Source: ", cause.source, "\n"]);
            }
        }
    }
    // The repository allows one blank line in a row and one line end at the end of a file.
    while out.contains("\n\n\n") {
        out = out.replace("\n\n\n", "\n\n");
    }
    out
}

/// The catalogue as a page without scripts.
#[must_use]
pub fn page() -> String {
    let mut out = String::from(
        "<!doctype html>\n<!-- Made from src/diagnose/catalogue: SYSPARM_WRITE=1 cargo test --test symptoms -->\n\
        <html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
        <title>Symptoms, causes and fixes</title>\n<link rel=\"stylesheet\" href=\"symptoms.css\">\n</head>\n<body>\n<main>\n\
        <h1>Symptoms, causes and fixes</h1>\n",
    );
    out.extend(["<p>", OPENING, "</p>\n"]);
    for silent in [false, true] {
        out.push_str(if silent { "<h2>Successful replies that are wrong</h2>\n" } else { "<h2>Failures</h2>\n" });
        for symptom in symptoms().filter(|symptom| symptom.silent == silent) {
            let title = escaped(symptom.title);
            out.extend([
                "<section>\n<h3>",
                &title,
                "</h3>\n<p><code>",
                symptom.code.as_str(),
                "</code> (",
                symptom.kind.as_str(),
                "). ",
            ]);
            out.extend([advice(symptom.retry), "</p>\n"]);
            for cause in symptom.causes {
                out.extend([
                    "<h4>",
                    &escaped(&headline(cause)),
                    " <small>",
                    &cause.percent.to_string(),
                    " %</small></h4>\n<dl>\n",
                ]);
                out.extend(["<dt>How to confirm</dt><dd>", &escaped(cause.tell_apart), "</dd>\n<dt>Fix</dt>"]);
                for step in cause.steps("") {
                    out.extend(["<dd>", &escaped(&step), "</dd>"]);
                }
                out.extend(["\n<dt>Source</dt><dd>", &escaped(cause.source), "</dd>\n</dl>\n"]);
            }
            out.push_str("</section>\n");
        }
    }
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

fn headline(cause: &Cause) -> String {
    filled(cause.title, "", &[]).unwrap_or_default()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
