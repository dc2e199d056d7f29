//! No reply came.

use super::Row;
use super::instance_causes::ASLEEP;
use super::token_causes::{KEY_CANNOT_SIGN, SOURCE_WITHOUT_TOKEN};
use crate::diagnose::diagnosis::{Cause, Explanation, Kind, Retry};
#[cfg(feature = "circumstances")]
use crate::diagnose::facts::Seen;
use crate::diagnose::facts::{Stage, Transport};

#[cfg(feature = "circumstances")]
/// Whether a page in a browser is refused a reply that the instance gives to others.
fn blocked(seen: &Seen<'_>) -> bool {
    seen.around.in_browser && seen.around.answers_unreadably
}

pub(super) const ROWS: &[Row] = &[
    Row {
        code: "token.source-failed",
        kind: Kind::Authentication,
        title: "The token source that this instance was opened with gave no token",
        retry: Retry::Backoff,
        fits: |seen| seen.outcome.err() == Some(Transport::SourceFailed),
        causes: &[SOURCE_WITHOUT_TOKEN],
    },
    Row {
        code: "token.not-signed",
        kind: Kind::Authentication,
        title: "The assertion could not be signed with the key that this instance was opened with",
        retry: Retry::Never,
        fits: |facts| facts.outcome.err() == Some(Transport::SigningFailed),
        causes: &[KEY_CANNOT_SIGN],
    },
    Row {
        code: "write.unknown-outcome",
        kind: Kind::Network,
        title: "A write may have been sent, and no answer came: it may have happened",
        retry: Retry::LookFirst,
        fits: |seen| seen.outcome.is_err() && seen.stage == Stage::Api && seen.method.writes(),
        causes: &[
            Cause::new(
                "write.answer-lost",
                50,
                Explanation {
                    title: "The connection broke or the time ran out after the request had left",
                    tell_apart: "Look the record up by its correlation_id or another value that you sent.",
                    fix: &[
                        "Look the record up before you repeat the write.",
                        "Send a correlation_id with every write so that it can be found.",
                    ],
                    source: "RFC 9110 section 9.2.2",
                },
            ),
            UNREACHABLE.at(25),
            NO_CORS_RULE.at(20),
        ],
    },
    #[cfg(feature = "circumstances")]
    Row {
        code: "network.cut-at-five-minutes",
        kind: Kind::Network,
        title: "The connection was cut after five minutes",
        retry: Retry::Never,
        fits: |seen| seen.outcome.is_err() && seen.around.lasted_five_minutes(),
        causes: &[Cause::new(
            "instance.load-balancer",
            85,
            Explanation {
                title: "The load balancer in front of the instance drops a connection after 300 s",
                tell_apart: "It happens after the same time again; a smaller unit of work passes.",
                fix: &["Split the work into smaller requests: fewer rows, a narrower query, fewer items."],
                source: "KB0546187",
            },
        )],
    },
    #[cfg(feature = "circumstances")]
    Row {
        code: "network.mixed-content",
        kind: Kind::Network,
        title: "A page that came by https may not call an http address",
        retry: Retry::Never,
        fits: |seen| seen.outcome.is_err() && seen.around.mixed_content,
        causes: &[Cause::new(
            "network.mixed-content",
            90,
            Explanation {
                title: "The browser blocks mixed content before anything is sent",
                tell_apart: "The browser's console says \"Mixed Content\".",
                fix: &["Use the instance's https address; http is for the practice instance and a page on loopback."],
                source: "W3C Mixed Content",
            },
        )],
    },
    // The instance answers, and the page may not read what it says: nothing but CORS stands between them.
    #[cfg(feature = "circumstances")]
    Row {
        code: "cors.refused",
        kind: Kind::Network,
        title: "The instance answers, and the browser keeps the token endpoint's reply from this page",
        retry: Retry::Never,
        fits: |seen| seen.outcome.is_err() && seen.stage == Stage::Token && blocked(seen),
        causes: &[NO_TOKEN_ORIGIN.at(90)],
    },
    #[cfg(feature = "circumstances")]
    Row {
        code: "cors.refused",
        kind: Kind::Network,
        title: "The instance answers, and the browser keeps the reply from this page",
        retry: Retry::Never,
        fits: |seen| seen.outcome.is_err() && blocked(seen),
        causes: &[NO_CORS_RULE.at(70), CORS_HEADER.at(20)],
    },
    Row {
        code: "network.timeout",
        kind: Kind::Network,
        title: "No answer came in time",
        retry: Retry::Backoff,
        fits: |seen| seen.outcome.err() == Some(Transport::TimedOut),
        causes: &[
            Cause::new(
                "instance.slow",
                60,
                Explanation {
                    title: "The instance is overloaded or the query is too heavy for it",
                    tell_apart: "A read of one row with sysparm_limit=1 answers quickly.",
                    fix: &["Ask for fewer rows or fields, or query on indexed fields.", "Try again later."],
                    source: "KB0546297",
                },
            ),
            Cause::new(
                "network.silent",
                30,
                Explanation {
                    title: "A firewall or proxy swallows the requests",
                    tell_apart: "Nothing of this instance answers, not even its login page.",
                    fix: &["Open the instance's address in a browser on the same network."],
                    source: "KB0546187",
                },
            ),
        ],
    },
    Row {
        code: "network.unreachable",
        kind: Kind::Network,
        title: "The token endpoint could not be reached",
        retry: Retry::Backoff,
        fits: |seen| seen.outcome.is_err() && seen.stage == Stage::Token,
        causes: &[UNREACHABLE, NO_TOKEN_ORIGIN, ASLEEP.at(10)],
    },
    Row {
        code: "network.unreachable",
        kind: Kind::Network,
        title: "The instance could not be reached",
        retry: Retry::Backoff,
        fits: |seen| seen.outcome.is_err(),
        causes: &[UNREACHABLE, NO_CORS_RULE, ASLEEP.at(10)],
    },
];

const UNREACHABLE: Cause = Cause::new(
    "network.down",
    50,
    Explanation {
        title: "The address is wrong, the instance is down, or this network does not reach it",
        tell_apart: "The instance's login page does not open in a browser either.",
        fix: &[
            "Check the instance's address and that it answers in a browser.",
            "Check the network, its proxy and its name service.",
        ],
        source: "WHATWG Fetch, \"network error\"",
    },
);

const NO_CORS_RULE: Cause = Cause::new(
    "cors.api",
    40,
    Explanation {
        title: "In a browser: no CORS rule of the instance covers this API, this page's origin and this method",
        tell_apart: "The same request works from curl, and the browser's console names CORS.",
        fix: &[
            "Add a rule under System Web Services > REST > CORS Rules for this API, origin and method.",
            "Expose the headers X-Total-Count, Link, Location, Retry-After and X-RateLimit-*.",
        ],
        source: "documentation page \"Define a CORS rule\"",
    },
);

const NO_TOKEN_ORIGIN: Cause = Cause::new(
    "cors.token-endpoint",
    40,
    Explanation {
        title: "In a browser: the instance allows no other origin at its OAuth endpoints (CORS rules do not cover them)",
        tell_apart: "The same request works from curl, and the browser's console names CORS.",
        fix: &[
            "On Australia or later set the system property glide.oauth.cors.allowed.origin to this page's origin.",
            "On earlier releases get the token on a server, or go through the worker.",
        ],
        source: "documentation page \"Allow CORS Origins for OAuth Endpoints\"",
    },
);

#[cfg(feature = "circumstances")]
const CORS_HEADER: Cause = Cause::new(
    "cors.header",
    20,
    Explanation {
        title: "The CORS rule does not allow a header that this page sends, or is not for this method",
        tell_apart: "A bare GET without custom headers is readable.",
        fix: &["Add the method to HTTP Methods and the header to Access-Control-Allow-Headers of the CORS rule."],
        source: "documentation page \"Define a CORS rule\"",
    },
);
