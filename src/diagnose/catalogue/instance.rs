//! The reply is not that of a working instance: it hibernates, is overloaded or in maintenance, or another server replied.

use super::Row;
use super::instance_causes::*;
use super::request::names_script;
use super::request_causes::SCRIPT_FAILED;
use crate::code::Code;
use crate::diagnose::model::body_text::contains_ignoring_case;
use crate::diagnose::model::diagnosis::{Kind, Retry};
use crate::diagnose::model::facts::{Seen, Stage};
use crate::request::Body;

pub(in crate::diagnose) fn is_html_page(seen: &Seen<'_>) -> bool {
    seen.is_html() && (seen.is_success() || seen.is(404))
}

/// Whether an envelope stands among the rows of a list: so a cancelled transaction ends its reply, in any language.
pub(in crate::diagnose) fn is_list_broken_off(seen: &Seen<'_>) -> bool {
    let lists = seen.stage == Stage::Api && seen.is_success() && seen.named().names_record() == Some(false);
    let rows = seen.text().strip_suffix(seen.explanation()).unwrap_or_default().trim_ascii_end();
    lists && seen.is_enveloped() && (rows.ends_with("},") || rows.ends_with("[,"))
}

const UNKNOWN_OUTCOME: Row = Row {
    code: Code::WRITE_UNKNOWN_OUTCOME,
    kind: Kind::Instance,
    title: "A write was sent, and the answer does not say whether it happened",
    retry: Retry::LookFirst,
    fits: |_| false,
    causes: &[WRITE_UNDER_WAY.at(80)],
};

const CANCELLED: Row = Row {
    code: Code::QUOTA_CANCELLED,
    kind: Kind::Capacity,
    title: "The instance cancelled the request at its time limit, so the reply is cut",
    retry: Retry::Never,
    fits: |seen| seen.says("maximum execution time exceeded") || is_list_broken_off(seen),
    causes: &[QUERY_TOO_HEAVY.at(70), QUEUED_PAST_QUOTA.at(20)],
};

const REDIRECTED: Row = Row {
    code: Code::INSTANCE_REDIRECTED,
    kind: Kind::Instance,
    title: "The instance redirects where an API answers",
    retry: Retry::Never,
    fits: |seen| seen.is(0) || matches!(seen.status(), Some(300..=399)),
    causes: &[WRONG_ADDRESS.at(80)],
};

pub(super) const ROWS: &[Row] = &[
    Row {
        code: Code::INSTANCE_HIBERNATING,
        kind: Kind::Instance,
        title: "The instance is asleep",
        retry: Retry::Backoff,
        // A page of the instance's own, or a gateway that says so in its place.
        fits: |seen| seen.says("hibernating") && (seen.is_html() || matches!(seen.status(), Some(502 | 503))),
        causes: &[ASLEEP.at(95)],
    },
    Row {
        code: Code::NETWORK_PROXY_SIGN_IN,
        kind: Kind::Network,
        title: "A proxy on the way wants a sign-in of its own",
        retry: Retry::Never,
        fits: |seen| matches!(seen.status(), Some(407 | 511)),
        causes: &[PROXY_SIGN_IN.at(90)],
    },
    Row {
        code: Code::INSTANCE_ADDRESS_REFUSED,
        kind: Kind::Authorization,
        title: "A page refuses this request before any API has seen it",
        retry: Retry::Never,
        fits: |seen| seen.is(403) && seen.is_html(),
        causes: &[ADDRESS_REFUSED.at(70), FILTERED.at(20)],
    },
    Row {
        title: "A write was sent, and a script of the instance failed while it was worked on",
        fits: |seen| seen.writes() && seen.status().is_some_and(|status| status >= 500) && names_script(seen),
        causes: &[SCRIPT_FAILED.at(65), WRITE_UNDER_WAY.at(25)],
        ..UNKNOWN_OUTCOME
    },
    // 503 is among them: a gateway that loses the instance in the middle of a request says so too.
    Row {
        fits: |seen| seen.writes() && (seen.is(408) || seen.status().is_some_and(|status| status >= 500)),
        ..UNKNOWN_OUTCOME
    },
    Row {
        title: "The write was taken, and its answer is not whole",
        fits: |seen| seen.writes() && seen.says("maximum execution time exceeded"),
        ..UNKNOWN_OUTCOME
    },
    Row {
        title: "The request waited for a thread until its time was over, and was never worked on",
        fits: |seen| seen.is(500) && seen.says("maximum execution time exceeded"),
        causes: &[QUEUED_PAST_QUOTA.at(70), QUERY_TOO_HEAVY.at(25)],
        ..CANCELLED
    },
    CANCELLED,
    Row {
        title: "The instance redirects to its logout page",
        fits: |seen| {
            matches!(seen.status(), Some(300..=399))
                && seen.headers().value("location").is_some_and(|to| contains_ignoring_case(to, "logout"))
        },
        causes: &[SESSION_OVER.at(65), WRONG_ADDRESS.at(25)],
        ..REDIRECTED
    },
    REDIRECTED,
    Row {
        code: Code::INSTANCE_UNAVAILABLE,
        kind: Kind::Instance,
        title: "A gateway answers in the instance's place",
        retry: Retry::Backoff,
        fits: |seen| matches!(seen.status(), Some(502..=504)),
        causes: &[RESTART.at(70), GATEWAY_LIMIT.at(15)],
    },
    Row {
        code: Code::RATE_RULE,
        kind: Kind::Rate,
        title: "The hourly limit of a rate limit rule is used up",
        retry: Retry::Backoff,
        // A browser sees the headers only where a CORS rule exposes them; the body says it all the same.
        fits: |seen| seen.is(429) && (seen.headers().value("x-ratelimit-limit").is_some() || seen.says("Rate limit")),
        causes: &[RATE_RULE.at(95)],
    },
    Row {
        code: Code::CAPACITY_QUEUE_FULL,
        kind: Kind::Capacity,
        title: "The instance's queue for integrations is full",
        retry: Retry::Backoff,
        fits: |seen| seen.is(429),
        causes: &[QUEUE_FULL.at(80), GATEWAY_LIMIT.at(15)],
    },
    Row {
        code: Code::CAPACITY_SESSION_QUEUE,
        kind: Kind::Capacity,
        title: "The session's own queue is full, and the request was not processed",
        retry: Retry::Backoff,
        fits: |seen| seen.is(202) && seen.is_empty(),
        causes: &[SHARED_SESSION.at(80)],
    },
    // An answer of its own kind: an asynchronous API may have taken the write.
    Row {
        title: "A write was accepted, and the answer does not say that it is done",
        fits: |seen| {
            let kept = matches!(seen.outcome.map(|reply| &reply.body), Ok(Body::Untouched));
            seen.writes() && seen.is(202) && !kept && !seen.is_html()
        },
        ..UNKNOWN_OUTCOME
    },
    Row {
        code: Code::INSTANCE_NOT_ITS_API,
        kind: Kind::Instance,
        title: "A web page came where the API should answer",
        retry: Retry::Never,
        fits: is_html_page,
        causes: &[WRONG_HOST.at(60), GATEWAY_PAGE.at(30)],
    },
    Row {
        title: "The write was taken, and its answer is not whole",
        fits: |seen| {
            let unserved = seen.endpoint().ends_with("/batch") && seen.is_unserviced_batch();
            seen.writes() && seen.stage == Stage::Api && seen.is_success() && !unserved
        },
        causes: &[ANSWER_CUT.at(70)],
        ..UNKNOWN_OUTCOME
    },
];
