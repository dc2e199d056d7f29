//! A person at a browser: logs in, reads the consent page and decides.

use sysparm_instance::{Reply, Request};

use crate::client::{Client, FORM};

pub(crate) fn page(reply: &Reply) -> String {
    String::from_utf8_lossy(reply.bytes()).into_owned()
}

/// The text between two texts.
pub(crate) fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    text.split_once(before).and_then(|(_, rest)| rest.split_once(after)).map_or("", |(found, _)| found)
}

/// Logs in and decides; returns the address of the redirect, or an empty text without one.
pub(crate) fn browse(client: &mut Client, ask: &str, decision: &str) -> String {
    let login = Request::new("POST", &format!("/oauth_login.do?{ask}"))
        .with_body(FORM, "user_name=practice.agent&user_password=practice-agent-password");
    let reply = client.instance.handle(&login, client.now);
    let cookie = reply.header("Set-Cookie").unwrap_or_default().split(';').next().unwrap_or_default().to_owned();
    let target = reply.header("Location").unwrap_or_default().to_owned();
    let consent = client.instance.handle(&Request::new("GET", &target).with_header("Cookie", &cookie), client.now);
    let token = between(&page(&consent), "name=\"sysparm_ck\" value=\"", "\"").to_owned();
    let decide = Request::new("POST", &target)
        .with_header("Cookie", &cookie)
        .with_body(FORM, format!("sysparm_ck={token}&decision={decision}"));
    let reply = client.instance.handle(&decide, client.now);
    reply.header("Location").unwrap_or_default().to_owned()
}

/// A parameter of the address that the browser was sent to.
pub(crate) fn parameter(location: &str, name: &str) -> String {
    let query = location.split_once('?').map_or("", |(_, query)| query);
    let found = form_urlencoded::parse(query.as_bytes()).find(|(other, _)| other == name);
    found.map_or_else(String::new, |(_, value)| value.into_owned())
}
