//! The effects that the host performs, and the results that it reports.

use super::event::ClientEvent;
use crate::diagnose::Failure;
use crate::request::{Outgoing, Reply};
use crate::secret::Secret;
use crate::time::Millis;

/// Identifies a call from its start to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallId(pub u32);

/// Identifies an effect in its result. The result of an effect that is no longer needed is ignored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EffectId(pub u32);

/// An action for the host to perform.
#[derive(Debug)]
pub enum Effect {
    /// Send this, without cookies and without following redirects, and report [`Input::Reply`] or
    /// [`Input::Unreachable`]. With a `call`, the caller's own body goes with it.
    Fetch {
        /// For the result.
        id: EffectId,
        /// Its call; `None` for a token request.
        call: Option<CallId>,
        /// The request.
        outgoing: Outgoing,
    },
    /// Ask the token source, and report [`Input::Supplied`] or [`Input::SourceFailed`].
    AskSource {
        /// For the result.
        id: EffectId,
        /// The token that was refused, if a refusal is the reason.
        refused: Option<Secret>,
    },
    /// Acquire the lock of this client's tokens, which one context holds at a time, and report [`Input::Done`] when it is
    /// held. [`Effect::Cancel`] with the same id, or the end of the context, releases it.
    Lock {
        /// For the result.
        id: EffectId,
    },
    /// Read the tokens from the store, and report [`Input::Loaded`].
    Load {
        /// For the result.
        id: EffectId,
    },
    /// Replace the content of the store atomically, and report [`Input::Done`].
    Save {
        /// For the result.
        id: EffectId,
        /// The text.
        envelope: Secret,
        /// When it may be deleted, by the host's clock.
        expires_at: Millis,
    },
    /// Sign this text with the host's key, and report [`Input::Signed`].
    Sign {
        /// For the result.
        id: EffectId,
        /// The text.
        text: String,
    },
    /// Pass the event to the caller's listeners; no result is expected.
    Emit(ClientEvent),
    /// Stop this effect, or release the lock that it holds; no result is expected.
    Cancel {
        /// The effect.
        id: EffectId,
    },
    /// Report [`Input::Slept`] after this time. There is one sleep at a time: it replaces an earlier one.
    Sleep {
        /// For the result.
        id: EffectId,
        /// How long.
        length: Millis,
        /// Whether no call waits for it: then it must not keep a process alive.
        background: bool,
    },
    /// The call is over.
    Finish {
        /// The call.
        call: CallId,
        /// Its outcome.
        outcome: Result<Completion, Box<Failure>>,
    },
}

impl Effect {
    /// The id for the result, for an effect that has one.
    #[must_use]
    pub const fn id(&self) -> Option<EffectId> {
        match self {
            Self::Fetch { id, .. }
            | Self::AskSource { id, .. }
            | Self::Lock { id }
            | Self::Load { id }
            | Self::Save { id, .. }
            | Self::Sign { id, .. }
            | Self::Sleep { id, .. } => Some(*id),
            Self::Cancel { .. } | Self::Emit(_) | Self::Finish { .. } => None,
        }
    }
}

/// The outcome of a successful call.
#[derive(Debug)]
pub enum Completion {
    /// The reply last reported for the call, which the host has kept.
    Reply,
    /// The requested token.
    Token(Secret),
    /// The sign-out is complete.
    SignedOut,
}

/// The result of an effect.
#[derive(Debug)]
pub enum Input {
    /// A reply came.
    Reply(Reply),
    /// No reply came.
    Unreachable,
    /// The source supplied a token.
    Supplied {
        /// The token.
        token: Secret,
        /// When it expires, by the host's clock.
        expires_at: Option<Millis>,
    },
    /// The source failed.
    SourceFailed,
    /// The content of the store; `None` if it is empty.
    Loaded(Option<Secret>),
    /// The signature in base64url without padding.
    Signed(String),
    /// The effect succeeded.
    Done,
    /// The effect failed: the store, the lock or the key, or a request that never left the host.
    Failed,
    /// The sleep has ended.
    Slept,
    /// What performed a step of a token renewal has ended, and no result will come: on an edge platform an effect ends with the incoming
    /// request that performs it.
    Lost,
}
