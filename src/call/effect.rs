//! What the machine asks for, and what it is told.

use super::event::ClientEvent;
use crate::diagnose::Failure;
use crate::request::{Outgoing, Reply};
use crate::secret::Secret;
use crate::time::Millis;

/// Names a call from its start to its finish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallId(pub u32);

/// Ties an answer to the effect that it answers; an answer to an effect that nobody waits for any more is harmless.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EffectId(pub u32);

/// One thing for the host to do.
#[derive(Debug)]
pub enum Effect {
    /// Send this, without cookies and without following redirects, and report [`Input::Reply`] or
    /// [`Input::Unreachable`]. With a `call`, the caller's own body goes with it.
    Fetch {
        /// To answer with.
        id: EffectId,
        /// The call it is for; none for a token.
        call: Option<CallId>,
        /// The request.
        outgoing: Outgoing,
    },
    /// Ask the source of tokens, and report [`Input::Supplied`] or [`Input::SourceFailed`].
    AskSource {
        /// To answer with.
        id: EffectId,
        /// The token that was refused, if that is why.
        refused: Option<Secret>,
    },
    /// Wait for the lock of this client's tokens, which one context holds at a time, and report [`Input::Done`] when it is
    /// held. It is held until [`Effect::Cancel`] comes with the same id; a context that ends lets go of it.
    Lock {
        /// To answer with.
        id: EffectId,
    },
    /// Read the tokens from the store, and report [`Input::Loaded`].
    Load {
        /// To answer with.
        id: EffectId,
    },
    /// Put this in the store in place of what is there, whole or not at all, and report [`Input::Done`].
    Save {
        /// To answer with.
        id: EffectId,
        /// The text.
        envelope: Secret,
        /// From when it is of no use to anyone, by the host's clock.
        expires_at: Millis,
    },
    /// Sign this text with the key that the host holds, and report [`Input::Signed`].
    Sign {
        /// To answer with.
        id: EffectId,
        /// The text.
        text: String,
    },
    /// Tell whoever listens; no answer is expected.
    Emit(ClientEvent),
    /// Stop working on this effect, or let go of the lock that it holds; no answer is expected.
    Cancel {
        /// The effect.
        id: EffectId,
    },
    /// Report [`Input::Slept`] after this long. One sleep at a time: it takes the place of an earlier one.
    Sleep {
        /// To answer with.
        id: EffectId,
        /// How long.
        length: Millis,
        /// Whether nobody waits for it: it must not keep a program from ending.
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
    /// What the host answers with, for what it answers.
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

/// How a call ended well.
#[derive(Debug)]
pub enum Completion {
    /// The reply last reported for the call is the answer; the host kept it.
    Reply,
    /// The token that was asked for.
    Token(Secret),
    /// The sign-out is complete.
    SignedOut,
}

/// What became of an effect.
#[derive(Debug)]
pub enum Input {
    /// A reply came.
    Reply(Reply),
    /// None came.
    Unreachable,
    /// The source supplied a token.
    Supplied {
        /// The token.
        token: Secret,
        /// When it dies, by the host's clock.
        expires_at: Option<Millis>,
    },
    /// The source failed.
    SourceFailed,
    /// The store held this; nothing for what it does not have.
    Loaded(Option<Secret>),
    /// The host has signed.
    Signed(Vec<u8>),
    /// What was asked for is done.
    Done,
    /// What was asked for cannot be done: the store, the lock or the key failed, or nothing of a request left the host.
    Failed,
    /// The time is over.
    Slept,
}
