//! The diagnosis, its kind, its causes and its retry advice.

use crate::code::Code;
use crate::diagnose::redaction::Secrets;
use crate::request::Headers;
use crate::time::Millis;

/// The kind of failure. It decides the class of the JavaScript error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The credentials are not accepted.
    Authentication,
    /// The user is known and not allowed.
    Authorization,
    /// An hourly rule is used up.
    Rate,
    /// The instance has no thread left for this, or took too long.
    Capacity,
    /// The request cannot succeed as sent.
    Request,
    /// The record does not exist or is hidden.
    Record,
    /// No reply came.
    Network,
    /// The reply is not that of a working instance.
    Instance,
    /// The evidence does not decide.
    Unknown,
}

impl Kind {
    /// The name in JavaScript.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Authentication => "authentication",
            Self::Authorization => "authorization",
            Self::Rate => "rate",
            Self::Capacity => "capacity",
            Self::Request => "request",
            Self::Record => "record",
            Self::Network => "network",
            Self::Instance => "instance",
            Self::Unknown => "unknown",
        }
    }
}

/// The retry advice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// The same request would fail the same way.
    Never,
    /// Once a new token is held.
    AfterRenewal,
    /// After the time that the instance names.
    After(Millis),
    /// Later, with backoff.
    Backoff,
    /// A write may have happened: look before repeating it.
    LookFirst,
}

impl Retry {
    /// The name in JavaScript.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::AfterRenewal => "after-renewal",
            Self::After(_) => "after",
            Self::Backoff => "backoff",
            Self::LookFirst => "look-first",
        }
    }
}

/// One possible cause and its fix. The texts come with the feature `explanations`; without it a cause is its name and its
/// likelihood; the caller takes the texts from the generated table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cause {
    /// Stable name.
    pub code: &'static str,
    /// In percent; the causes of one diagnosis sum to at most 100.
    pub percent: u8,
    /// What is wrong, in one sentence.
    #[cfg(feature = "explanations")]
    pub title: &'static str,
    /// How to confirm that it is this cause.
    #[cfg(feature = "explanations")]
    pub tell_apart: &'static str,
    /// The fix as steps, in ServiceNow's menu names. Terms that differ by release are in braces ([`Cause::steps`]).
    #[cfg(feature = "explanations")]
    pub fix: &'static [&'static str],
    /// The documentation of the fact.
    #[cfg(feature = "explanations")]
    pub source: &'static str,
}

/// The texts of a cause in the catalogue.
#[derive(Debug, Clone, Copy)]
#[cfg_attr(not(feature = "explanations"), expect(dead_code, reason = "the words are left out on purpose"))]
pub(crate) struct Explanation {
    pub(crate) title: &'static str,
    pub(crate) tell_apart: &'static str,
    pub(crate) fix: &'static [&'static str],
    pub(crate) source: &'static str,
}

impl Cause {
    /// A cause. Evaluated while the crate is compiled, so that words left out here are in no file.
    #[cfg_attr(not(feature = "explanations"), expect(unused_variables, reason = "the words are left out on purpose"))]
    pub(crate) const fn new(code: &'static str, percent: u8, words: Explanation) -> Self {
        Self {
            code,
            percent,
            #[cfg(feature = "explanations")]
            title: words.title,
            #[cfg(feature = "explanations")]
            tell_apart: words.tell_apart,
            #[cfg(feature = "explanations")]
            fix: words.fix,
            #[cfg(feature = "explanations")]
            source: words.source,
        }
    }

    /// The same cause with the likelihood of another symptom.
    pub(crate) const fn at(self, percent: u8) -> Self {
        Self { percent, ..self }
    }

    /// The steps of the fix on this release ("zurich"; empty if unknown), in its menu names.
    #[cfg(feature = "explanations")]
    #[must_use]
    pub fn steps(&self, release: &str) -> Vec<String> {
        super::release_terms::steps(self.fix, &super::release_terms::plain(release), &[])
    }

    /// The first step of the fix, if the texts are compiled in, and the next cause where it is at least three quarters as likely: a reader of
    /// the message alone would else miss it.
    #[cfg_attr(
        not(feature = "explanations"),
        expect(clippy::unused_self, reason = "the words are left out on purpose")
    )]
    pub(crate) fn advice(&self, next: Option<&Self>) -> Option<String> {
        #[cfg(feature = "explanations")]
        {
            let step = self.steps("").into_iter().next()?;
            Some(match next {
                Some(next) if u32::from(next.percent) * 4 >= u32::from(self.percent) * 3 => {
                    format!("{step} About as likely: {}.", next.title)
                }
                _ => step,
            })
        }
        #[cfg(not(feature = "explanations"))]
        {
            let _ = next;
            None
        }
    }
}

/// Whether rows carry title and causes. The client's file decides without them: its glue loads them with the first failure.
pub(crate) const WORDED: bool = cfg!(any(feature = "explanations", feature = "circumstances"));

/// The meaning of a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// Stable name, never renamed.
    pub code: Code,
    /// Tells the rows of one code apart, where there are several; 0 for what is no row of the catalogue.
    pub key: u16,
    /// The kind of failure.
    pub kind: Kind,
    /// What happened, in one sentence without a full stop; empty where it is not compiled in.
    pub title: &'static str,
    /// The retry advice.
    pub retry: Retry,
    /// Most likely first; empty where they are not compiled in.
    pub causes: &'static [Cause],
    /// The evidence, quoted by field.
    pub evidence: Vec<String>,
}

impl Diagnosis {
    /// Takes these out of the evidence, which is all of a diagnosis that others have said.
    pub fn hide(&mut self, secrets: &Secrets) {
        for (place, line) in self.evidence.iter_mut().enumerate() {
            // The status and the name of a header are this crate's own words.
            let request = line.trim_end_matches(|letter: char| letter.is_ascii_digit()).len();
            let name = line.split(':').next().filter(|name| Headers::WANTED.contains(name)).map_or(0, str::len);
            let answered = place == 0 && line.as_bytes().get(..request).is_some_and(|own| own.ends_with(b" answered "));
            let end = if answered { request } else { line.len() };
            let (own, said, behind) = (line.get(..name), line.get(name..end), line.get(end..));
            if let Some(masked) = said.and_then(|said| secrets.masked(said)) {
                *line = [own.unwrap_or_default(), &masked, behind.unwrap_or_default()].concat();
            }
        }
    }
}
