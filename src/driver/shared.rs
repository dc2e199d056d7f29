//! What the host of one client knows between two effects.

use std::collections::HashMap;

use futures_channel::oneshot;
use gloo_timers::callback::Timeout;
use web_sys::AbortController;

use super::finished::{CallOutcome, Replied};
use crate::call::{CallId, Client};
use crate::diagnose::Secrets;
use crate::time::Millis;

pub(super) struct Shared {
    pub(super) client: Client,
    pub(super) calls: HashMap<u32, WaitingCaller>,
    pub(super) fetches: HashMap<u32, AbortController>,
    /// The running sleep. Dropping the timer stops it.
    pub(super) sleeping: Option<(u32, Timeout)>,
    /// The browser's error message for a token request without a reply.
    pub(super) token_cause: Option<String>,
    /// Until when an hourly limit holds calls back.
    pub(super) limited_until: Option<Millis>,
    pub(super) readings: u32,
    pub(super) polling: bool,
    pub(super) closed: bool,
}

pub(super) struct WaitingCaller {
    pub(super) sender: oneshot::Sender<CallOutcome>,
    pub(super) body: Option<String>,
    pub(super) replied: Replied,
    /// The browser's error message for its request without a reply.
    pub(super) cause: Option<String>,
}

impl Shared {
    pub(super) fn of(client: Client) -> Self {
        Self {
            client,
            calls: HashMap::new(),
            fetches: HashMap::new(),
            sleeping: None,
            token_cause: None,
            limited_until: None,
            readings: 0,
            polling: false,
            closed: false,
        }
    }

    /// A text without the secrets of a call, or of a token request.
    pub(super) fn masked(&self, call: Option<u32>, text: String) -> String {
        Secrets::of(&self.client.secrets(call.map(CallId))).masked(&text).unwrap_or(text)
    }
}
