//! The instance that the page reads. No secret is in the page: its own server supplies access tokens.

use std::rc::Rc;

use gloo_net::http::Request;
use serde::Deserialize;
use sysparm::auth::Grant;
use sysparm::call::{ClientSettings, from_number};
use sysparm::driver::{HostOptions, Instance, SuppliedToken, TokenSource};
use sysparm::request::InstanceUrl;
use sysparm::secret::Secret;

/// What `/token` of the page's own server answers.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Token {
    token: String,
    /// In milliseconds since 1970.
    expires_at: f64,
}

/// The instance whose address is in `<meta name="instance">`.
pub fn open() -> Instance {
    let url = InstanceUrl::parse(&address()).expect("index.html names an instance in <meta name=\"instance\">");
    let source: TokenSource = Rc::new(|_refused| Box::pin(supplied()));
    let options = HostOptions { source: Some(source), ..HostOptions::default() };
    Instance::open_with(ClientSettings::new(url, Grant::source()), options)
}

async fn supplied() -> Result<SuppliedToken, String> {
    let reply = Request::post("/token").send().await.map_err(|error| error.to_string())?;
    if !reply.ok() {
        return Err(format!("/token answered {}", reply.status()));
    }
    let Token { token, expires_at } = reply.json().await.map_err(|error| error.to_string())?;
    Ok(SuppliedToken { token: Secret::new(token), expires_at: Some(from_number(expires_at)) })
}

fn address() -> String {
    let document = web_sys::window().and_then(|window| window.document());
    let meta = document.and_then(|document| document.query_selector("meta[name=instance]").ok().flatten());
    meta.and_then(|meta| meta.get_attribute("content")).unwrap_or_default()
}
