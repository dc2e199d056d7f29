//! HTML pages of proxies, gateways and portals, which answer any request.

use sysparm::diagnose::Kind;

use crate::faults::{Advice, Fault, PLAIN};

pub(crate) const PAGES: &[Fault] = &[
    Fault {
        name: "filter",
        statuses: &[403],
        says: &[
            ("Zscaler: Internet Security by Zscaler", "This page is blocked"),
            ("Access Denied", "Reference #18.{n}"),
            ("Attention Required! | Cloudflare", "You have been blocked"),
        ],
        kinds: &[Kind::Authorization],
        ..PLAIN
    },
    Fault {
        name: "proxy sign-in",
        statuses: &[407, 511],
        headers: "Proxy-Authenticate: Basic realm=\"squid\"",
        says: &[("ERR_CACHE_ACCESS_DENIED", "Squid"), ("Network sign-in", "Accept the terms")],
        kinds: &[Kind::Network],
        ..PLAIN
    },
    Fault {
        name: "gateway sign-in",
        statuses: &[401],
        headers: "WWW-Authenticate: Negotiate",
        says: &[("401 Authorization Required", "nginx"), ("Sign in", "BIG-IP logout page")],
        kinds: &[Kind::Authentication],
        ..PLAIN
    },
    Fault {
        name: "portal",
        statuses: &[200],
        says: &[("Log in | ServiceNow", "User name"), ("Wi-Fi portal", "Welcome")],
        kinds: &[Kind::Instance],
        ..PLAIN
    },
    Fault {
        name: "asleep",
        statuses: &[200, 503],
        says: &[
            ("Instance Hibernating page", "Your instance is hibernating"),
            ("Instance Hibernating page", "This instance is hibernating."),
        ],
        kinds: &[Kind::Instance],
        advice: Advice::Later,
        to_writes: Advice::Later,
        ..PLAIN
    },
    Fault {
        name: "gateway",
        statuses: &[502, 503, 504, 520, 522, 524],
        says: &[
            ("502 Bad Gateway", "nginx"),
            ("Service unavailable", "The server is temporarily unable to service your request."),
            ("upstream request timeout", ""),
        ],
        kinds: &[Kind::Instance],
        advice: Advice::Later,
        to_writes: Advice::LookFirst,
        may_be_done: true,
        ..PLAIN
    },
    Fault {
        name: "gateway's limit",
        statuses: &[429],
        says: &[("Too Many Requests", "cloudflare"), ("429", "Slow down")],
        kinds: &[Kind::Capacity, Kind::Rate],
        advice: Advice::Later,
        to_writes: Advice::Later,
        ..PLAIN
    },
    Fault {
        name: "another server",
        statuses: &[404],
        says: &[("Apache Tomcat/9 - Error report", "{n}"), ("404 Not Found", "nginx")],
        kinds: &[Kind::Instance],
        ..PLAIN
    },
    Fault {
        name: "gateway's size",
        statuses: &[400, 413, 414, 431],
        says: &[("413 Request Entity Too Large", "nginx"), ("400 Request Header Or Cookie Too Large", "")],
        kinds: &[Kind::Request],
        ..PLAIN
    },
];
