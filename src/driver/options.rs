//! What an instance takes from its page, and what can be asked of it.

use core::fmt;
use core::pin::Pin;
use std::rc::Rc;

use wasm_bindgen::JsValue;
use web_sys::{Request, Response};

use crate::call::ClientEvent;
use crate::request::{Expect, Method};
use crate::secret::Secret;
use crate::time::Millis;

/// A future of a page, which has one thread.
pub type LocalFuture<T> = Pin<Box<dyn Future<Output = T>>>;

/// Sends a request in place of the browser's `fetch`: through a proxy, or in a test. An error is a failure of the network.
pub type Fetch = Rc<dyn Fn(Request) -> LocalFuture<Result<Response, JsValue>>>;

/// Supplies access tokens, for [`Grant::source`](crate::auth::Grant::source). It is given the token that was refused, if a refusal is the
/// reason. One question serves all calls that wait. An error is `token.source-failed`, with its text as the cause.
pub type TokenSource = Rc<dyn Fn(Option<Secret>) -> LocalFuture<Result<SuppliedToken, String>>>;

/// Receives what happens.
pub type Listener = Rc<dyn Fn(&ClientEvent)>;

/// What a [`TokenSource`] supplies.
#[derive(Debug, Clone)]
pub struct SuppliedToken {
    /// The access token.
    pub token: Secret,
    /// When it expires, in milliseconds since 1970 by the browser's clock; none if unknown.
    pub expires_at: Option<Millis>,
}

/// What an instance takes from its page. The default sends with the browser's own `fetch`.
#[derive(Clone)]
pub struct HostOptions {
    /// Sends in place of the browser's `fetch`.
    pub fetch: Option<Fetch>,
    /// Supplies tokens.
    pub source: Option<TokenSource>,
    /// Receives every event: renewals, retries, rate limits, the circuit breaker. It is called outside the driver and may close the instance.
    /// An instance that one of these functions owns has no last clone: it ends with [`Instance::close`](super::Instance::close).
    pub on_event: Option<Listener>,
    /// The largest body of a reply, in decoded bytes; 64 MiB by default, never more than 512 MiB. A larger one ends its call with
    /// `reply.too-large`; a page is requested again in parts.
    pub max_body_bytes: u64,
}

impl Default for HostOptions {
    fn default() -> Self {
        Self { fetch: None, source: None, on_event: None, max_body_bytes: 64 * 1024 * 1024 }
    }
}

impl fmt::Debug for HostOptions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("HostOptions").field("max_body_bytes", &self.max_body_bytes).finish_non_exhaustive()
    }
}

/// One call of the page.
#[derive(Debug, Clone)]
pub struct Call {
    /// The method.
    pub method: Method,
    /// Path and query string, percent-encoded, from its slash on: `/api/now/table/incident?sysparm_limit=1`.
    pub path: String,
    /// The expected form of the reply.
    pub expect: Expect,
    /// A body of JSON, for methods that have one.
    pub body: Option<String>,
    /// Whether nobody waits for it: calls that somebody waits for go first.
    pub is_background: bool,
}

impl Call {
    /// A GET without a body.
    #[must_use]
    pub const fn get(path: String, expect: Expect) -> Self {
        Self { method: Method::Get, path, expect, body: None, is_background: false }
    }
}
