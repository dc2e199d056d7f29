//! Causes of replies that are not those of a working instance.

use crate::diagnose::model::diagnosis::{Cause, Explanation};

pub(crate) const ASLEEP: Cause = Cause::new(
    "instance.developer-asleep",
    95,
    Explanation {
        title: "A personal developer instance sleeps after some hours without use; its page carries no CORS headers",
        tell_apart: "Opening the instance's address in a tab shows the page Instance Hibernating, whatever the path.",
        fix: &["Sign in at developer.servicenow.com and wake the instance; it takes a few minutes."],
        source: "ServiceNow developer site, \"Instance hibernation\"",
    },
);

pub(crate) const PROXY_SIGN_IN: Cause = Cause::new(
    "network.proxy-sign-in",
    90,
    Explanation {
        title: "This network lets requests out only after a sign-in at its proxy or portal",
        tell_apart: "Other sites answer the same, and from another network it works.",
        fix: &["Sign in at the network's portal, or give this program the proxy's credentials."],
        source: "RFC 9110 section 15.5.8, RFC 6585 section 6",
    },
);

pub(crate) const ADDRESS_REFUSED: Cause = Cause::new(
    "instance.ip-access-control",
    70,
    Explanation {
        title: "IP address access control of the instance, or a firewall in front of it, does not let this address in",
        tell_apart: "Every path answers alike, the login page too; from another network it works.",
        fix: &[
            "Add this address under System Security > IP Address Access Control, or ask the administrator of the firewall.",
            "Look also for a global policy that denies, under Adaptive Authentication > Policies.",
        ],
        source: "documentation page \"IP range based authentication\"",
    },
);

pub(crate) const FILTERED: Cause = Cause::new(
    "network.filtered",
    20,
    Explanation {
        title: "A web filter or application firewall on the way takes exception to this request",
        tell_apart: "The page names another product, and a plainer request passes.",
        fix: &["Ask the administrator of the filter to let the instance's address pass."],
        source: "RFC 9110 section 15.5.4",
    },
);

pub(crate) const WRITE_UNDER_WAY: Cause = Cause::new(
    "write.failed-under-way",
    80,
    Explanation {
        title: "The instance or a gateway gave up while the write was being worked on",
        tell_apart: "Look the record up by its correlation_id or another value that you sent.",
        fix: &["Wait until the instance answers again, and look the record up before you repeat the write."],
        source: "RFC 9110 section 9.2.2",
    },
);

pub(crate) const ANSWER_CUT: Cause = Cause::new(
    "write.answer-cut",
    70,
    Explanation {
        title: "The write was carried out, and the connection broke or a proxy cut in while the answer was under way",
        tell_apart: "Look the record up by its correlation_id or another value that you sent.",
        fix: &["Take the write as done until a look at the record says otherwise."],
        source: "RFC 9110 section 9.2.2",
    },
);

pub(crate) const QUERY_TOO_HEAVY: Cause = Cause::new(
    "quota.query-too-heavy",
    70,
    Explanation {
        title: "The query runs longer than the transaction quota rule of this API allows (60 s by default)",
        tell_apart: "It fails after the same time again, and a smaller page passes.",
        fix: &[
            "Ask for fewer rows a page and only the fields you need (sysparm_fields).",
            "Query and order by indexed fields only, and leave out sysparm_display_value.",
        ],
        source: "KB1297438",
    },
);

pub(crate) const QUEUED_PAST_QUOTA: Cause = Cause::new(
    "capacity.queued-past-quota",
    70,
    Explanation {
        title: "All threads of the semaphore pool API_INT were busy until the request's time was over",
        tell_apart: "The same request alone passes quickly; stats.do shows the pool and its queue.",
        fix: &["Send fewer requests at the same time, and the heavy ones off-peak."],
        source: "KB1297438",
    },
);

pub(crate) const WRONG_ADDRESS: Cause = Cause::new(
    "instance.wrong-address",
    80,
    Explanation {
        title: "The address is not the instance's own (a vanity address, single sign-on, or a login page)",
        tell_apart: "Opening it in a browser ends at another address.",
        fix: &["Use the instance's own address, such as https://dev12345.service-now.com."],
        source: "RFC 9110 section 15.4",
    },
);

pub(crate) const SESSION_OVER: Cause = Cause::new(
    "instance.session-over",
    65,
    Explanation {
        title: "The request ran in a cookie session that has ended, or was sent to single sign-on",
        tell_apart: "Without cookies and with a token the same path answers JSON.",
        fix: &["Send no cookies, use OAuth, and do not follow redirects on API calls."],
        source: "documentation page \"Invalidate session after OAuth token expiration\"",
    },
);

pub(crate) const RESTART: Cause = Cause::new(
    "instance.restart",
    70,
    Explanation {
        title: "A node restarts, or the instance is being upgraded or maintained",
        tell_apart: "It passes within minutes, and every path shows it.",
        fix: &["Try again in a few minutes.", "Look for a planned change of this instance on the support site."],
        source: "KB0546297",
    },
);

pub(crate) const GATEWAY_LIMIT: Cause = Cause::new(
    "network.gateway-limit",
    15,
    Explanation {
        title: "A proxy or gateway on the way has a limit of its own, in time or in requests",
        tell_apart: "The page or the headers name another product, and the instance's transaction log has no such call.",
        fix: &["Ask the administrator of the gateway for its limits, or go around it."],
        source: "RFC 9110 section 15.6.5",
    },
);

pub(crate) const RATE_RULE: Cause = Cause::new(
    "rate.rule-reached",
    95,
    Explanation {
        title: "A rule in sys_rate_limit_rules covers this user and API",
        tell_apart: "X-RateLimit-Rule names the rule.",
        fix: &[
            "Wait until the time given in Retry-After.",
            "Ask for a rule of {user} alone under System Web Services > REST > Rate Limit Rules: it goes before role and all-users rules.",
        ],
        source: "documentation page \"Inbound REST API rate limiting\"",
    },
);

pub(crate) const QUEUE_FULL: Cause = Cause::new(
    "capacity.api-int",
    80,
    Explanation {
        title: "All threads of the semaphore pool API_INT are busy and its queue is full",
        tell_apart: "The reply has no X-RateLimit headers, and stats.do shows the pool.",
        fix: &[
            "Send fewer requests at the same time.",
            "Look under System Diagnostics > Semaphores for what holds API_INT, such as synchronous import sets.",
        ],
        source: "KB1297438",
    },
);

pub(crate) const SHARED_SESSION: Cause = Cause::new(
    "capacity.shared-session",
    80,
    Explanation {
        title: "Requests share one session cookie, and a session works on one at a time",
        tell_apart: "The requests carry a Cookie header; without it they run side by side.",
        fix: &["Send no cookies: each request then has a session of its own."],
        source: "KB0546297",
    },
);

pub(crate) const WRONG_HOST: Cause = Cause::new(
    "instance.wrong-host",
    60,
    Explanation {
        title: "The address is not a ServiceNow instance, or a login page stands in front of it",
        tell_apart: "The page's title names another product, or a login.",
        fix: &["Check the instance's address: its origin only, such as https://dev12345.service-now.com."],
        source: "KB0725643",
    },
);

pub(crate) const GATEWAY_PAGE: Cause = Cause::new(
    "instance.portal-in-front",
    30,
    Explanation {
        title: "A proxy or gateway in front of the instance answers with its own page",
        tell_apart: "The page appears from one network only.",
        fix: &["Ask the administrator of the proxy to let /api/ and /oauth_token.do pass."],
        source: "KB0725643",
    },
);
