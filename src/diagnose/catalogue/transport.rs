//! No reply came.

use super::Row;
use super::instance_causes::ASLEEP;
use super::token_causes::{KEY_CANNOT_SIGN, SOURCE_WITHOUT_TOKEN};
use super::transport_causes::*;
use crate::code::Code;
use crate::diagnose::model::diagnosis::{Kind, Retry};
use crate::diagnose::model::facts::{Seen, Stage, Transport};

fn lost_write(seen: &Seen<'_>) -> bool {
    let may_have_left = matches!(seen.outcome, Err(Transport::Unreachable | Transport::TimedOut));
    may_have_left && seen.stage == Stage::Api && seen.method.writes()
}

#[cfg(feature = "circumstances")]
/// Whether a page in a browser is refused a reply that the instance gives to others.
fn blocked(seen: &Seen<'_>) -> bool {
    seen.around.in_browser && seen.around.answers_unreadably
}

pub(super) const ROWS: &[Row] = &[
    Row {
        code: Code::TOKEN_SOURCE_FAILED,
        kind: Kind::Authentication,
        title: "The token source that this instance was opened with gave no token",
        retry: Retry::Backoff,
        fits: |seen| seen.outcome.err() == Some(Transport::SourceFailed),
        causes: &[SOURCE_WITHOUT_TOKEN],
    },
    Row {
        code: Code::TOKEN_NOT_SIGNED,
        kind: Kind::Authentication,
        title: "The assertion could not be signed with the key that this instance was opened with",
        retry: Retry::Never,
        fits: |facts| facts.outcome.err() == Some(Transport::SigningFailed),
        causes: &[KEY_CANNOT_SIGN],
    },
    // A plain form is sent before the browser looks at the rule, so even what CORS keeps back may have happened.
    #[cfg(feature = "circumstances")]
    Row {
        title: "A write may have been sent, and the browser keeps its answer from this page",
        fits: |seen| lost_write(seen) && blocked(seen),
        causes: &[NO_CORS_RULE.at(55), ANSWER_LOST.at(25), CORS_HEADER.at(15)],
        ..UNKNOWN_OUTCOME
    },
    #[cfg(feature = "circumstances")]
    Row {
        fits: |seen| lost_write(seen) && seen.around.is_silent,
        causes: &[UNREACHABLE.at(55), ANSWER_LOST.at(35), LOCAL_NETWORK],
        ..UNKNOWN_OUTCOME
    },
    UNKNOWN_OUTCOME,
    Row {
        code: Code::NETWORK_CUT_AT_FIVE_MINUTES,
        kind: Kind::Network,
        title: "The connection was cut after five minutes",
        retry: Retry::Never,
        fits: |seen| seen.outcome.is_err() && seen.around.lasted_five_minutes(),
        causes: &[LOAD_BALANCER],
    },
    #[cfg(feature = "circumstances")]
    Row {
        code: Code::NETWORK_MIXED_CONTENT,
        kind: Kind::Network,
        title: "A page that came by https may not call an http address",
        retry: Retry::Never,
        fits: |seen| seen.outcome.is_err() && seen.around.mixed_content,
        causes: &[MIXED_CONTENT],
    },
    // The instance answers, and the page may not read what it says: nothing but CORS stands between them.
    #[cfg(feature = "circumstances")]
    Row {
        code: Code::CORS_REFUSED,
        kind: Kind::Network,
        title: "The instance answers, and the browser keeps the token endpoint's reply from this page",
        retry: Retry::Never,
        fits: |seen| seen.outcome.is_err() && seen.stage == Stage::Token && blocked(seen),
        causes: &[NO_TOKEN_ORIGIN.at(85), ASLEEP.at(10)],
    },
    #[cfg(feature = "circumstances")]
    Row {
        code: Code::CORS_REFUSED,
        kind: Kind::Network,
        title: "The instance answers, and the browser keeps the reply from this page",
        retry: Retry::Never,
        fits: |seen| seen.outcome.is_err() && blocked(seen),
        causes: &[NO_CORS_RULE.at(65), CORS_HEADER.at(15), ASLEEP.at(10)],
    },
    Row {
        code: Code::NETWORK_TIMEOUT,
        kind: Kind::Network,
        title: "No answer came in time",
        retry: Retry::Backoff,
        fits: |seen| seen.outcome.err() == Some(Transport::TimedOut),
        causes: &[SLOW, SWALLOWED],
    },
    #[cfg(feature = "circumstances")]
    Row {
        title: "Nothing answers at the instance's address, not even what every page may ask for",
        fits: |seen| seen.outcome.is_err() && seen.around.is_silent,
        causes: &[UNREACHABLE.at(85), LOCAL_NETWORK, ASLEEP.at(5)],
        ..UNREACHED
    },
    Row {
        title: "The token endpoint could not be reached",
        fits: |seen| seen.outcome.is_err() && seen.stage == Stage::Token,
        causes: &[UNREACHABLE, NO_TOKEN_ORIGIN, ASLEEP.at(10)],
        ..UNREACHED
    },
    UNREACHED,
];

const UNKNOWN_OUTCOME: Row = Row {
    code: Code::WRITE_UNKNOWN_OUTCOME,
    kind: Kind::Network,
    title: "A write may have been sent, and no answer came: it may have happened",
    retry: Retry::LookFirst,
    fits: lost_write,
    causes: &[ANSWER_LOST, UNREACHABLE.at(25), NO_CORS_RULE.at(20)],
};

const UNREACHED: Row = Row {
    code: Code::NETWORK_UNREACHABLE,
    kind: Kind::Network,
    title: "The instance could not be reached",
    retry: Retry::Backoff,
    fits: |seen| seen.outcome.is_err(),
    causes: &[UNREACHABLE, NO_CORS_RULE, ASLEEP.at(5), CERTIFICATE_UNTRUSTED.at(5)],
};
