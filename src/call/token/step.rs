//! The steps of one token renewal, with what each needs.
//!
//! ```text
//!  ReadingStore --newer token------------------------------> Idle    once, and after each change of the store
//!     | none
//!     v
//!  WaitingForLock --> RereadingStore --newer token---------> Idle    the previous holder of the lock has renewed
//!                        | none
//!                        v
//!                     Signing --> Requesting --granted--> Saving --> Idle    Signing: for an assertion only
//!                        ^           | refused
//!                        `-----------' with the other client secret; without the refresh token, once
//!
//!  without a store: Signing --> Requesting --> Idle
//!  a sign-out:      WaitingForLock --> RereadingStore --> Revoking --> SavingSignOut --> Idle
//! ```

use crate::auth::Granted;
use crate::call::context::Context;
use crate::call::effect::EffectId;
use crate::secret::Secret;
use crate::time::Millis;

/// The effect that a step waits for.
#[derive(Debug, Clone, Copy)]
pub(super) struct PendingEffect {
    pub(super) id: EffectId,
    /// When the step began, and when it times out.
    pub(super) since: Millis,
    pub(super) deadline: Millis,
}

impl PendingEffect {
    pub(super) fn begin(limit: Millis, context: &mut Context) -> Self {
        let (id, since) = (context.next_effect(), context.time());
        Self { id, since, deadline: since + limit }
    }
}

/// What the lock is needed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Goal {
    Token,
    SignOut { revoke: bool },
}

/// The credentials tried so far.
#[derive(Debug, Default)]
pub(super) struct Attempt {
    /// The refresh token that was sent last.
    pub(super) sent: Option<Secret>,
    /// Whether the refresh token was refused, so that the grant itself is sent.
    pub(super) fell_back: bool,
    /// The number of client secrets tried.
    pub(super) secrets: usize,
}

#[derive(Debug, Default)]
pub(super) enum RenewalStep {
    #[default]
    Idle,
    /// `wanted`: a token is needed if the store has no newer one. `stale`: the store has changed since the reading began.
    ReadingStore {
        pending: PendingEffect,
        wanted: bool,
        stale: bool,
    },
    WaitingForLock {
        pending: PendingEffect,
        goal: Goal,
    },
    RereadingStore {
        pending: PendingEffect,
        goal: Goal,
    },
    /// `text`: the signing input of the assertion.
    Signing {
        pending: PendingEffect,
        attempt: Attempt,
        text: String,
    },
    Requesting {
        pending: PendingEffect,
        attempt: Attempt,
    },
    Revoking {
        pending: PendingEffect,
    },
    /// The granted tokens are used once they are stored.
    Saving {
        pending: PendingEffect,
        granted: Granted,
    },
    SavingSignOut {
        pending: PendingEffect,
        revoke: bool,
    },
}

impl RenewalStep {
    pub(super) const fn pending(&self) -> Option<&PendingEffect> {
        match self {
            Self::Idle => None,
            Self::ReadingStore { pending, .. }
            | Self::WaitingForLock { pending, .. }
            | Self::RereadingStore { pending, .. }
            | Self::Signing { pending, .. }
            | Self::Requesting { pending, .. }
            | Self::Revoking { pending, .. }
            | Self::Saving { pending, .. }
            | Self::SavingSignOut { pending, .. } => Some(pending),
        }
    }

    /// The refresh token that was sent last.
    pub(super) const fn sent(&self) -> Option<&Secret> {
        match self {
            Self::Signing { attempt, .. } | Self::Requesting { attempt, .. } => attempt.sent.as_ref(),
            _ => None,
        }
    }

    pub(super) const fn granted(&self) -> Option<&Granted> {
        if let Self::Saving { granted, .. } = self { Some(granted) } else { None }
    }

    /// For a sign-out: whether it revokes the tokens.
    pub(super) const fn sign_out(&self) -> Option<bool> {
        match self {
            Self::WaitingForLock { goal: Goal::SignOut { revoke }, .. }
            | Self::RereadingStore { goal: Goal::SignOut { revoke }, .. }
            | Self::SavingSignOut { revoke, .. } => Some(*revoke),
            Self::Revoking { .. } => Some(true),
            _ => None,
        }
    }

    /// Whether it ends if no call waits for it: otherwise an unrelated later call would fail with its error. A request with a refresh
    /// token does not: if the server rotates it, the reply holds the only valid one. Reading a changed store never had a waiting call.
    pub(super) const fn needs_a_call(&self) -> bool {
        match self {
            Self::Idle | Self::Saving { .. } | Self::SavingSignOut { .. } => false,
            Self::ReadingStore { wanted, .. } => *wanted,
            Self::Requesting { attempt, .. } => attempt.sent.is_none(),
            _ => true,
        }
    }
}
