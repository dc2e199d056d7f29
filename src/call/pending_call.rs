//! A call from its start to its end.

use super::effect::{CallId, EffectId};
use super::settings::ClientSettings;
use crate::pace::Class;
use crate::request::{BATCH_PATH, Body, Expect, LONGEST_URL, Method, Outgoing, Reply, batch_of_one};
use crate::secret::Secret;
use crate::time::Millis;

/// A request of the caller.
#[derive(Debug, Clone)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// Path and query string.
    pub path: String,
    /// The expected form of the reply.
    pub expect: Expect,
    /// Whether it can be sent twice: a streamed body cannot.
    pub repeatable: bool,
}

impl Request {
    /// What is sent with this token.
    pub(super) fn outgoing(&self, token: &Secret, settings: &ClientSettings) -> Outgoing {
        let mut outgoing = Outgoing {
            method: self.method,
            url: [settings.instance.as_str(), &self.path].concat(),
            headers: vec![("Accept", "application/json".to_owned())],
            authorization: None,
            query: None,
            form: None,
            expect: self.expect,
        };
        // A request with the caller's own headers stays as it is: a Batch cannot carry all of them.
        if self.method == Method::Get && self.expect != Expect::Untouched && outgoing.url.len() > LONGEST_URL {
            outgoing.method = Method::Post;
            outgoing.url = [settings.instance.as_str(), BATCH_PATH].concat();
            outgoing.headers.push(("Content-Type", "application/json".to_owned()));
            outgoing.form = Some(Secret::new(batch_of_one(&self.path)));
        }
        settings.grant.present(token, &mut outgoing);
        outgoing
    }
}

/// The purpose of a call.
#[derive(Debug)]
pub(super) enum Purpose {
    Token { refused: Option<Secret> },
    SignOut,
    Request(Request),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CallStage {
    /// Waits for a token, or for the end of a pause after a failed renewal.
    Waiting,
    /// Waits for admission by the pacer; `usable`: the token was usable when the call was queued.
    Queued { usable: bool },
    /// Its request is in flight, with the token of this generation.
    Sent { effect: EffectId, generation: u32 },
    /// Its request has ended; it is sent again at its deadline.
    BackingOff,
}

#[derive(Debug)]
pub(super) struct PendingCall {
    pub(super) id: CallId,
    pub(super) purpose: Purpose,
    pub(super) stage: CallStage,
    pub(super) began: Millis,
    /// The reading that it is a page of; 0 for an interactive call.
    pub(super) stream: u32,
    /// When its stage times out, or its backoff ends.
    pub(super) deadline: Millis,
    /// Requests sent.
    pub(super) attempts: u8,
    /// Consecutive refusals, of any token.
    pub(super) refusals: u8,
    /// Whether the current token was refused for this call before.
    pub(super) renewed: bool,
    /// Whether it was sent again because its credential had just been accepted.
    pub(super) resent: bool,
    /// The credentials in its requests: tokens, and secrets in headers of the caller.
    pub(super) credentials: Vec<Secret>,
}

impl PendingCall {
    pub(super) const fn class(&self) -> Class {
        if self.stream == 0 { Class::Interactive } else { Class::Bulk }
    }

    /// Whether it waits for a token. A sign-out does not.
    pub(super) const fn wants_token(&self) -> bool {
        !matches!(self.purpose, Purpose::SignOut)
    }

    pub(super) fn is_sent_as(&self, id: EffectId) -> bool {
        matches!(self.stage, CallStage::Sent { effect, .. } if effect == id)
    }
}

/// The timer that the host runs.
#[derive(Debug, Clone, Copy)]
pub(super) struct PendingSleep {
    pub(super) id: EffectId,
    /// How often the host's clock had moved when it began.
    pub(super) moves: u32,
    pub(super) until: Millis,
    pub(super) background: bool,
}

/// Whether a reply has the expected form.
pub(super) fn is_answer(reply: &Reply, expect: Expect) -> bool {
    match (&reply.body, expect) {
        (Body::Rows(_), Expect::Rows) | (Body::Record, Expect::Record) | (Body::Untouched, Expect::Untouched) => {
            (200..300).contains(&reply.status)
        }
        _ => false,
    }
}
