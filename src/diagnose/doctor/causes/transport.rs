//! The way to the instance, its state, and what a browser withholds.

use super::{Cause, cause};

pub(super) static CAUSES: [Cause; 21] = [
    cause(
        "network.unreachable",
        "Nothing answers at {url}",
        &[
            "Compare the address with the one in the browser's address bar after a login.",
            "Open {url}/stats.do from the machine that runs the integration.",
            "Ask the network's owner whether a firewall or proxy lets https to the instance through.",
        ],
        "RFC 9110; KB0546297",
    ),
    cause(
        "network.name",
        "The name in {url} is not known to the name service",
        &[
            "Correct the spelling of the instance's name.",
            "Look the name up where the integration runs: its resolver may differ from yours.",
        ],
        "RFC 1035",
    ),
    cause(
        "network.timeout",
        "{url} takes the connection and does not answer in time",
        &[
            "Try again; then look at Status on support.servicenow.com.",
            "Ask whether a proxy between holds replies back.",
        ],
        "KB1297438",
    ),
    cause(
        "network.mixed-content",
        "A page that came by https may not ask an address by http",
        &["Use the instance's https address."],
        "W3C Mixed Content",
    ),
    cause(
        "instance.hibernating",
        "The developer instance is asleep",
        &["Sign in at developer.servicenow.com and choose Wake instance.", "Wait some minutes, then ask again."],
        "developer.servicenow.com, Personal developer instances",
    ),
    cause(
        "instance.address-blocked",
        "The instance refuses this machine's address",
        &[
            "All > System Security > IP Address Access Control: allow the address that the integration calls from.",
            "Look also at Adaptive Authentication > Policies for a global policy that denies.",
        ],
        "Product documentation, IP range based authentication",
    ),
    cause(
        "instance.unavailable",
        "The instance, or a gateway before it, says that it is not available",
        &[
            "Wait and ask again: a node restarts, an upgrade or maintenance is under way.",
            "Look at the instance's status on support.servicenow.com.",
        ],
        "REST API HTTP response codes",
    ),
    cause(
        "instance.login-page",
        "The address leads to a login page and not to the API",
        &[
            "Correct the base address: no path, no vanity host of a portal or of single sign-on.",
            "Send a token or Basic with every request, and follow no redirects.",
        ],
        "KB0546297",
    ),
    cause(
        "clock.skew",
        "The clock here and the instance's clock disagree",
        &[
            "Set the clock of the machine that runs the integration by NTP.",
            "For assertions, raise Clock Skew on the registry record until it is mended.",
        ],
        "Create a JWT API endpoint; RFC 7519 section 4.1.4",
    ),
    cause(
        "capacity.threads",
        "The instance has no thread left for API calls",
        &[
            "Send fewer requests at the same time; wait after a 429.",
            "All > System Diagnostics > Semaphores: look at API_INT for what holds the threads.",
        ],
        "KB1297438",
    ),
    cause(
        "capacity.session",
        "The session's queue is full, so the request was put aside with 202",
        &[
            "Send no cookies, so that every request has a session of its own.",
            "Or send one request at a time on a session.",
        ],
        "Performance considerations for integrations",
    ),
    cause(
        "rate.rule",
        "A rate rule allows too few requests an hour",
        &[
            "All > System Web Services > REST > Rate Limit Rules: raise the limit, or make a rule for {user} alone.",
            "Until then wait as long as Retry-After says.",
        ],
        "Inbound REST API rate limiting",
    ),
    cause(
        "api.timeout",
        "An API call does not end within its time",
        &[
            "Ask for smaller pages and fewer fields, and no display values.",
            "Look at Transaction Quotas and at the gateway's limit of 300 s.",
        ],
        "KB1297438; Transaction quotas",
    ),
    cause(
        "api.cut",
        "The connection ends in the middle of an API call",
        &["Ask for smaller pages: gateways end what takes 300 s.", "Ask the network's owner about proxies between."],
        "KB0546297",
    ),
    cause(
        "cors.rule",
        "No CORS rule lets {origin} call the Table API",
        &[
            "All > System Web Services > REST > CORS Rules > New.",
            "REST API: Table API. Domain: {origin}. HTTP Methods: what the page uses.",
            "Other HTTP Headers > Access-Control-Allow-Headers: Authorization, Content-Type, Accept.",
            "Access-Control-Expose-Headers: X-Total-Count, Link, Location, Retry-After, X-RateLimit-Limit, X-RateLimit-Reset, X-RateLimit-Rule.",
            "The role that may do so is cors_rule_admin, web_service_admin or admin.",
        ],
        "Define a CORS rule; CORS domain requirements",
    ),
    cause(
        "cors.header",
        "The CORS rule for {origin} does not let the page send Authorization",
        &[
            "All > System Web Services > REST > CORS Rules: open the rule for {origin}.",
            "Access-Control-Allow-Headers: Authorization, Content-Type, Accept.",
        ],
        "Define a CORS rule; Fetch standard, CORS-preflight fetch",
    ),
    cause(
        "cors.exposed",
        "The CORS rule for {origin} hides headers that a client counts with",
        &[
            "All > System Web Services > REST > CORS Rules: open the rule for {origin}.",
            "Access-Control-Expose-Headers: X-Total-Count, Link, Location, Retry-After, X-RateLimit-Limit, X-RateLimit-Reset, X-RateLimit-Rule.",
        ],
        "Define a CORS rule; Fetch standard, CORS-safelisted response-header name",
    ),
    cause(
        "cors.disabled",
        "CORS is switched off for the whole instance",
        &["All > sys_properties.list: set glide.rest.cors.enabled to true."],
        "Available system properties",
    ),
    cause(
        "cors.token-property",
        "The token endpoint lets no page of {origin} read its replies",
        &[
            "All > sys_properties.list > New (or open it): Name glide.oauth.cors.allowed.origin, Type string.",
            "Value: {origin}. One origin only; CORS rules do not count here.",
            "Where the release has no such property, get the token on a server or through a worker.",
        ],
        "Allow CORS Origins for OAuth Endpoints",
    ),
    cause(
        "api.disabled",
        "The API is switched off, or its plugin is not active",
        &[
            "All > sys_properties.list: take the API out of glide.rest.apis.disabled.",
            "All > System Definition > Plugins: activate the plugin that the API comes with.",
        ],
        "Available system properties; REST API HTTP response codes",
    ),
    cause(
        "api.other",
        "The Table API answers with a status that nothing here explains",
        &[
            "Repeat the request in All > System Web Services > REST API Explorer as {user}.",
            "Look into All > System Logs > Errors at that time.",
        ],
        "REST API HTTP response codes",
    ),
];
