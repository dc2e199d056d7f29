//! Calls that have started and not finished.

use super::effect::{CallId, EffectId};
use crate::pace::Class;
use crate::request::{Body, Expect, Method, Reply};
use crate::secret::Secret;
use crate::time::Millis;

/// What a caller asks for.
#[derive(Debug, Clone)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// Path and query string.
    pub path: String,
    /// What to do with the reply.
    pub expect: Expect,
    /// Whether it can be sent a second time: a streamed body cannot.
    pub repeatable: bool,
}

/// What a call is for.
#[derive(Debug)]
pub(super) enum Purpose {
    Token { refused: Option<Secret> },
    SignOut,
    Request(Request),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CallStage {
    /// Waits for a token, or until another may be asked for.
    Waiting,
    /// Stands before the gate of the instance; `fit`: with a token that was fit for use.
    Queued { usable: bool },
    /// Its request is out, with the token of this generation.
    Sent { effect: EffectId, generation: u32 },
    /// Its request has ended; it is tried again when its deadline comes.
    BackingOff,
}

#[derive(Debug)]
pub(super) struct PendingCall {
    pub(super) id: CallId,
    pub(super) purpose: Purpose,
    pub(super) stage: CallStage,
    pub(super) began: Millis,
    /// The reading that it is a page of; 0 for a call that somebody waits for.
    pub(super) stream: u32,
    /// When its stage has taken too long, or its rest is over.
    pub(super) deadline: Millis,
    /// Requests sent.
    pub(super) attempts: u8,
    /// Refusals of its token in a row, whichever token it was.
    pub(super) refusals: u8,
    /// Whether a token was refused for this call already, while it was the one held.
    pub(super) renewed: bool,
    /// Whether it was sent again because its credential had been accepted a moment before.
    pub(super) resent: bool,
    /// What its requests show of who is asking: the token last sent, and what its caller has put into it.
    pub(super) shown: Vec<Secret>,
}

impl PendingCall {
    pub(super) const fn class(&self) -> Class {
        if self.stream == 0 { Class::Interactive } else { Class::Bulk }
    }

    /// A sign-out waits for something else.
    pub(super) const fn wants_token(&self) -> bool {
        !matches!(self.purpose, Purpose::SignOut)
    }

    pub(super) fn is_sent_as(&self, id: EffectId) -> bool {
        matches!(self.stage, CallStage::Sent { effect, .. } if effect == id)
    }
}

/// The sleep that is under way.
#[derive(Debug, Clone, Copy)]
pub(super) struct PendingSleep {
    pub(super) id: EffectId,
    /// What the host's clock said when it began.
    pub(super) heard: Option<Millis>,
    pub(super) until: Millis,
    pub(super) background: bool,
}

/// Whether a reply is what was asked for.
pub(super) fn is_answer(reply: &Reply, expect: Expect) -> bool {
    match (&reply.body, expect) {
        (Body::Rows(_), Expect::Rows) | (Body::Record, Expect::Record) | (Body::Untouched, Expect::Untouched) => {
            (200..300).contains(&reply.status)
        }
        _ => false,
    }
}
