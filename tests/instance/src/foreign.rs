//! Requests that reach the socket through a visitor's browser: from a web site whose name resolves to this machine (DNS rebinding), and
//! from a foreign page whose requests need no preflight. The port is on loopback, but a browser on this machine can reach it for anybody.

use serde_json::json;

use crate::cors;
use crate::exchange::{Reply, Request};
use crate::instance::Instance;

/// The refusal of a request whose Host is no name of this machine, or whose Origin is neither one nor admitted by a CORS rule.
/// Programs that send neither are not browsers, and are served.
pub(crate) fn refusal(instance: &Instance, request: &Request) -> Option<Reply> {
    let all = |name: &'static str| {
        request
            .headers
            .iter()
            .filter(move |(other, _)| other.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    };
    let is_known = |host: &str| {
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        cors::is_loopback(host) || instance.settings.hosts.iter().any(|known| known.eq_ignore_ascii_case(name))
    };
    if !all("host").all(is_known) {
        return Some(refused("Host names another machine; ask for 127.0.0.1 or localhost, or start it with --host"));
    }
    let is_admitted = |origin| cors::is_loopback(origin) || cors::admits(request, instance);
    let origins = all("origin");
    match origins.clone().count() > 1 || !origins.clone().all(is_admitted) {
        true => {
            Some(refused("Origin is no page of this machine; open the page by localhost, or add a CORS rule for it"))
        }
        false => None,
    }
}

fn refused(reason: &str) -> Reply {
    Reply::json(
        403,
        json!({ "error": format!("the practice instance serves this machine only: {reason}") }).to_string(),
    )
}
