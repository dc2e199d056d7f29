//! No reply came.

use super::Row;
use crate::diagnose::diagnosis::{Cause, Explanation, Kind, Retry};
use crate::diagnose::facts::{Stage, Transport};

pub(super) const ROWS: &[Row] = &[
    Row {
        code: "token.source-failed",
        kind: Kind::Authentication,
        title: "The token source that this instance was opened with gave no token",
        retry: Retry::Backoff,
        fits: |facts| facts.outcome.err() == Some(Transport::SourceFailed),
        causes: &[],
    },
    Row {
        code: "write.unknown-outcome",
        kind: Kind::Network,
        title: "A write may have been sent, and no answer came: it may have happened",
        retry: Retry::LookFirst,
        fits: |facts| facts.outcome.is_err() && facts.stage == Stage::Api && facts.method.writes(),
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
    Row {
        code: "network.timeout",
        kind: Kind::Network,
        title: "No answer came in time",
        retry: Retry::Backoff,
        fits: |facts| facts.outcome.err() == Some(Transport::TimedOut),
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
        fits: |facts| facts.outcome.is_err() && facts.stage == Stage::Token,
        causes: &[
            UNREACHABLE,
            Cause::new(
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
            ),
            ASLEEP,
        ],
    },
    Row {
        code: "network.unreachable",
        kind: Kind::Network,
        title: "The instance could not be reached",
        retry: Retry::Backoff,
        fits: |facts| facts.outcome.is_err(),
        causes: &[UNREACHABLE, NO_CORS_RULE, ASLEEP],
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

const ASLEEP: Cause = Cause::new(
    "instance.developer-asleep",
    10,
    Explanation {
        title: "In a browser: a personal developer instance is asleep, and its page carries no CORS headers",
        tell_apart: "Opening the instance's address in a tab shows the page Instance Hibernating.",
        fix: &["Sign in at developer.servicenow.com and wake the instance; it takes a few minutes."],
        source: "ServiceNow developer site, \"Instance hibernation\"",
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
