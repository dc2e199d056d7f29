//! What the machine asks for, and what it is told.

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
    /// Stop working on this effect; no answer is expected.
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
    },
    /// The call is over.
    Finish {
        /// The call.
        call: CallId,
        /// Its outcome.
        outcome: Result<Answer, Box<Failure>>,
    },
}

/// How a call ended well.
#[derive(Debug)]
pub enum Answer {
    /// The reply last reported for the call is the answer; the host kept it.
    Reply,
    /// The token that was asked for.
    Token(Secret),
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
    /// The time is over.
    Slept,
}
