//! Mutual TLS: a client certificate that is mapped to a user ("Certificate-based authentication").
//!
//! The platform's load balancer ends TLS and checks the chain; the instance sees only the certificate. The practice instance has no
//! TLS, so it takes the certificate from the header in which such a balancer sends it, `Client-Cert` (RFC 9440), and trusts it:
//! it listens on loopback only. It checks no chain.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::exchange::Request;
use crate::instance::Instance;
use crate::records;

use super::{Means, Unknown};

/// The user to whom the certificate of the connection is mapped; `None` when there is no certificate.
pub(super) fn user(instance: &Instance, request: &Request) -> Option<Result<(String, Means), Unknown>> {
    let header = request.header("client-cert")?.trim();
    let given = header.strip_prefix(':').and_then(|rest| rest.strip_suffix(':'));
    let given = given.and_then(|text| STANDARD.decode(text).ok()).filter(|bytes| !bytes.is_empty());
    let store = &instance.store;
    let plugin = records::one(store, "v_plugin", "id", "com.glide.auth.mutual");
    let usable = plugin.is_some_and(|plugin| plugin.text("active") == "active");
    let mut mapped = records::with(store, "sys_user_certificate", "active", "true");
    let found = mapped.find(|row| given.is_some() && decoded(row.text("pem_certificate")) == given);
    Some(match found.filter(|_| usable) {
        Some(row) => Ok((row.text("user").to_owned(), Means::Certificate)),
        None => Err(Unknown::plainly()),
    })
}

/// The bytes between the lines of a certificate in text form (RFC 7468).
fn decoded(text: &str) -> Option<Vec<u8>> {
    let (_, rest) = text.split_once("-----BEGIN CERTIFICATE-----")?;
    let (body, _) = rest.split_once("-----END CERTIFICATE-----")?;
    let letters: String = body.split_whitespace().collect();
    STANDARD.decode(letters).ok()
}
