//! Something answered that is not a working instance: asleep, overloaded, in maintenance, or another server.

use super::Row;
use crate::diagnose::diagnosis::{Cause, Explanation, Kind, Retry};
use crate::request::Body;

pub(super) const ROWS: &[Row] = &[
    Row {
        code: "instance.hibernating",
        kind: Kind::Instance,
        title: "The instance is asleep",
        retry: Retry::Backoff,
        // A page of the instance's own, or a gateway that says so in its place.
        fits: |facts| facts.says("hibernating") && (facts.is_html() || matches!(facts.status(), Some(502 | 503))),
        causes: &[Cause::new(
            "instance.developer-asleep",
            95,
            Explanation {
                title: "A personal developer instance sleeps after some hours without use",
                tell_apart: "Every address of it answers the same page.",
                fix: &["Sign in at developer.servicenow.com and wake the instance; it takes a few minutes."],
                source: "ServiceNow developer site, \"Instance hibernation\"",
            },
        )],
    },
    Row {
        code: "instance.address-refused",
        kind: Kind::Authorization,
        title: "A page refuses this request before any API has seen it",
        retry: Retry::Never,
        fits: |facts| facts.is(403) && facts.is_html(),
        causes: &[Cause::new(
            "instance.ip-access-control",
            70,
            Explanation {
                title: "IP address access control of the instance, or a firewall in front of it, does not let this address in",
                tell_apart: "Every path answers alike, the login page too; from another network it works.",
                fix: &[
                    "Add this address under System Security > IP Address Access Control, or ask whoever runs the firewall.",
                ],
                source: "documentation page \"IP range based authentication\"",
            },
        )],
    },
    Row {
        code: "write.unknown-outcome",
        kind: Kind::Instance,
        title: "A write was sent, and the answer does not say whether it happened",
        retry: Retry::LookFirst,
        fits: |facts| facts.writes() && matches!(facts.status(), Some(500 | 502 | 504)),
        causes: &[Cause::new(
            "write.failed-under-way",
            80,
            Explanation {
                title: "The instance or a gateway gave up while the write was being worked on",
                tell_apart: "Look the record up by its correlation_id or another value that you sent.",
                fix: &["Look the record up before you repeat the write."],
                source: "RFC 9110 section 9.2.2",
            },
        )],
    },
    Row {
        code: "quota.cancelled",
        kind: Kind::Capacity,
        title: "The instance cancelled the request at its time limit, so the reply is cut",
        retry: Retry::Never,
        fits: |facts| facts.says("maximum execution time exceeded"),
        causes: &[Cause::new(
            "quota.too-heavy",
            90,
            Explanation {
                title: "The query took longer than the transaction quota (60 s for the Table API)",
                tell_apart: "The same query with a small sysparm_limit and few sysparm_fields succeeds.",
                fix: &[
                    "Ask for fewer rows at a time and only the fields you need.",
                    "Query and order by indexed fields; leave display values out.",
                ],
                source: "KB1297438",
            },
        )],
    },
    Row {
        code: "instance.redirected",
        kind: Kind::Instance,
        title: "The address answers with a redirect, which is not followed",
        retry: Retry::Never,
        fits: |facts| facts.is(0) || facts.status().is_some_and(|status| (300..400).contains(&status) && status != 304),
        causes: &[Cause::new(
            "instance.wrong-address",
            80,
            Explanation {
                title: "The address is not the instance's own (a vanity address, single sign-on, or a login page)",
                tell_apart: "Opening it in a browser ends at another address.",
                fix: &["Use the instance's own address, such as https://dev12345.service-now.com."],
                source: "RFC 9110 section 15.4",
            },
        )],
    },
    Row {
        code: "instance.unavailable",
        kind: Kind::Instance,
        title: "A gateway answers in the instance's place",
        retry: Retry::Backoff,
        fits: |facts| matches!(facts.status(), Some(502..=504)),
        causes: &[Cause::new(
            "instance.restart",
            70,
            Explanation {
                title: "A node restarts, or the instance is being upgraded or maintained",
                tell_apart: "It passes within minutes, and every path shows it.",
                fix: &[
                    "Try again in a few minutes.",
                    "Look for a planned change of this instance on the support site.",
                ],
                source: "KB0546297",
            },
        )],
    },
    Row {
        code: "rate.rule",
        kind: Kind::Rate,
        title: "The hourly limit of a rate limit rule is used up",
        retry: Retry::Backoff,
        // A browser sees the headers only where a CORS rule exposes them; the body says it all the same.
        fits: |facts| {
            facts.is(429) && (facts.headers().value("x-ratelimit-limit").is_some() || facts.says("Rate limit exceeded"))
        },
        causes: &[Cause::new(
            "rate.rule-reached",
            95,
            Explanation {
                title: "A rule in sys_rate_limit_rules covers this user and API",
                tell_apart: "X-RateLimit-Rule names the rule.",
                fix: &[
                    "Wait until the time given in Retry-After.",
                    "Ask for a rule of this user's own under System Web Services > REST > Rate Limit Rules: it goes before role and all-users rules.",
                ],
                source: "documentation page \"Inbound REST API rate limiting\"",
            },
        )],
    },
    Row {
        code: "capacity.queue-full",
        kind: Kind::Capacity,
        title: "The instance's queue for integrations is full",
        retry: Retry::Backoff,
        fits: |facts| facts.is(429),
        causes: &[Cause::new(
            "capacity.api-int",
            80,
            Explanation {
                title: "All threads of the semaphore pool API_INT are busy and its queue is full",
                tell_apart: "The reply has no X-RateLimit headers, and stats.do shows the pool.",
                fix: &["Send fewer requests at the same time.", "Look for synchronous import sets that hold the pool."],
                source: "KB1297438",
            },
        )],
    },
    Row {
        code: "capacity.session-queue",
        kind: Kind::Capacity,
        title: "The session's own queue is full, and the request was not processed",
        retry: Retry::Backoff,
        fits: |facts| facts.is(202) && !matches!(facts.outcome.map(|reply| &reply.body), Ok(Body::Untouched)),
        causes: &[Cause::new(
            "capacity.shared-session",
            80,
            Explanation {
                title: "More than ten requests wait on one session cookie",
                tell_apart: "The requests carry a Cookie header.",
                fix: &["Send no cookies, so that every request has a session of its own."],
                source: "KB0546297",
            },
        )],
    },
    Row {
        code: "instance.not-its-api",
        kind: Kind::Instance,
        title: "A web page came where the API should answer",
        retry: Retry::Never,
        fits: |facts| facts.is_html() && (facts.is_success() || facts.is(404)),
        causes: &[
            Cause::new(
                "instance.wrong-host",
                60,
                Explanation {
                    title: "The address is not a ServiceNow instance, or a login page stands in front of it",
                    tell_apart: "The page's title names another product, or a login.",
                    fix: &["Check the instance's address: its origin only, such as https://dev12345.service-now.com."],
                    source: "KB0725643",
                },
            ),
            Cause::new(
                "instance.portal-in-front",
                30,
                Explanation {
                    title: "A proxy or gateway in front of the instance answers with its own page",
                    tell_apart: "The page appears from one network only.",
                    fix: &["Ask whoever runs the proxy to let /api/ and /oauth_token.do pass."],
                    source: "KB0725643",
                },
            ),
        ],
    },
];
