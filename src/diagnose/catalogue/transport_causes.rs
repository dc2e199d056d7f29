//! Causes of missing replies.

#![cfg_attr(not(feature = "circumstances"), allow(dead_code, reason = "fewer rows, fewer causes"))]

use crate::diagnose::model::diagnosis::{Cause, Explanation};

pub(crate) const LOAD_BALANCER: Cause = Cause::new(
    "instance.load-balancer",
    85,
    Explanation {
        title: "The load balancer in front of the instance drops a connection after 300 s",
        tell_apart: "It happens after the same time again; a smaller unit of work passes.",
        fix: &["Split the work into smaller requests: fewer rows, a narrower query, fewer items."],
        source: "KB0546187",
    },
);

pub(crate) const MIXED_CONTENT: Cause = Cause::new(
    "network.mixed-content",
    90,
    Explanation {
        title: "The browser blocks mixed content before anything is sent",
        tell_apart: "The browser's console says \"Mixed Content\".",
        fix: &[
            "Use the instance's https address; http is for the practice instance and a page on loopback.",
            "Safari may block loopback too, and Chromium lets a page from the internet reach it only where the person allows it: open the page by http on loopback.",
        ],
        source: "W3C Mixed Content; Secure Contexts, section 3.1",
    },
);

pub(crate) const LOCAL_NETWORK: Cause = Cause::new(
    "network.local-access",
    5,
    Explanation {
        title: "In Chromium: the page may not reach addresses of the local network, which the person has to allow (Local Network Access)",
        tell_apart: "The instance's name leads to an address of the company's network or of this machine, and the browser asked, or the page's permissions deny \"Local network access\".",
        fix: &[
            "Allow \"Local network access\" for this page: the icon left of the address, Site settings. For all machines: the enterprise policy LocalNetworkAccessAllowedForUrls.",
            "Only pages by https can ask; serve the page from the same network otherwise.",
        ],
        source: "W3C WICG Local Network Access; Chrome 142 release notes",
    },
);

pub(crate) const CERTIFICATE_UNTRUSTED: Cause = Cause::new(
    "network.certificate-untrusted",
    5,
    Explanation {
        title: "The program does not trust the certificate: it keeps a list of authorities of its own, or a company's proxy signs anew",
        tell_apart: "A browser on the same machine opens the instance; the error's cause names the certificate (UNABLE_TO_VERIFY_LEAF_SIGNATURE and the like).",
        fix: &[
            "Add the company's authority to the list that this program reads (Node: NODE_EXTRA_CA_CERTS).",
            "Never switch the verification off.",
        ],
        source: "KB0743591",
    },
);

pub(crate) const SLOW: Cause = Cause::new(
    "instance.slow",
    60,
    Explanation {
        title: "The instance is overloaded or the query is too heavy for it",
        tell_apart: "A read of one row with sysparm_limit=1 answers quickly.",
        fix: &["Ask for fewer rows or fields, or query on indexed fields.", "Try again later."],
        source: "KB0546297",
    },
);

pub(crate) const SWALLOWED: Cause = Cause::new(
    "network.silent",
    30,
    Explanation {
        title: "A firewall or proxy swallows the requests",
        tell_apart: "Nothing of this instance answers, not even its login page.",
        fix: &["Open the instance's address in a browser on the same network."],
        source: "KB0546187",
    },
);

pub(crate) const ANSWER_LOST: Cause = Cause::new(
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
);

pub(crate) const UNREACHABLE: Cause = Cause::new(
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

pub(crate) const NO_CORS_RULE: Cause = Cause::new(
    "cors.api",
    40,
    Explanation {
        title: "In a browser: no CORS rule lets {origin} call {api} with this method",
        tell_apart: "The same request works from curl, and the browser's console names CORS.",
        fix: &[
            "Under System Web Services > REST > CORS Rules > New: REST API: {api}. Domain: {origin}. HTTP Methods: what the page uses.",
            "Other HTTP Headers > Access-Control-Allow-Headers: Authorization, Content-Type, Accept; Access-Control-Expose-Headers: X-Total-Count, Link, Location, Retry-After, X-RateLimit-Limit, X-RateLimit-Reset, X-RateLimit-Rule.",
            "It takes the role cors_rule_admin, web_service_admin or admin.",
        ],
        source: "documentation page \"Define a CORS rule\"",
    },
);

pub(crate) const NO_TOKEN_ORIGIN: Cause = Cause::new(
    "cors.token-endpoint",
    40,
    Explanation {
        title: "In a browser: the token endpoint lets no page of {origin} read its replies (CORS rules do not cover it)",
        tell_apart: "The same request works from curl, and the browser's console names CORS.",
        fix: &[
            "Set the system property glide.oauth.cors.allowed.origin (sys_properties.list > New, type string) to {origin}: one origin only, and documented from Australia on.",
            "Where the release has no such property, get the token on a server, or go through the worker.",
        ],
        source: "documentation page \"Allow CORS Origins for OAuth Endpoints\"",
    },
);

pub(crate) const CORS_HEADER: Cause = Cause::new(
    "cors.header",
    20,
    Explanation {
        title: "The CORS rule does not allow a header that this page sends, or is not for this method",
        tell_apart: "A bare GET without custom headers is readable.",
        fix: &[
            "Under System Web Services > REST > CORS Rules open the rule for {origin}: add the method to HTTP Methods and the header to Access-Control-Allow-Headers (Authorization, Content-Type, Accept).",
        ],
        source: "documentation page \"Define a CORS rule\"",
    },
);
