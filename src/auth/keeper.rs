//! Keeps one token and says when another is due. Asks for nothing itself, and never looks at a clock.

use super::grant::Grant;
use crate::secret::Secret;
use crate::time::Millis;

/// A token with less than this left is not used (a request takes up to a minute to be looked at).
const MARGIN: Millis = Millis::from_seconds(30);

/// What a server means that names no lifetime: ServiceNow's default.
const DEFAULT_LIFETIME: Millis = Millis::from_seconds(1800);

/// After a failed request for a token the next one waits this long, doubled with each failure, up to a minute.
const FIRST_PAUSE: Millis = Millis::from_seconds(1);
const LONGEST_PAUSE: Millis = Millis::from_seconds(60);

/// Where the token stands.
///
/// ```text
///  Absent --asked--> Renewing --granted--> Held --too old, or refused--> Absent
///                       |  ^
///                 failed|  |asked, once the pause is over
///                       v  |
///                      Failed
/// ```
#[derive(Debug)]
pub enum State {
    /// None is held.
    Absent,
    /// One has been asked for.
    Renewing,
    /// One is held.
    Held {
        /// The token.
        token: Secret,
        /// When it dies.
        expires_at: Millis,
        /// Until when it is used: 30 s before its death, or to its death if it came nearly dead.
        usable_until: Millis,
        /// Until when a refusal of it brings no renewal: its predecessor was refused too, and nothing has accepted it yet.
        /// In the past for a token that is above suspicion.
        suspect_until: Millis,
    },
    /// The last request for one failed.
    Failed {
        /// When another may be asked for.
        retry_at: Millis,
    },
}

/// Whether a call can be sent now.
#[derive(Debug, PartialEq, Eq)]
pub enum TokenState {
    /// Yes.
    Usable,
    /// No: ask for a token.
    Due,
    /// No: one is on its way.
    OnItsWay,
    /// No, and none may be asked for before this time.
    Paused(Millis),
    /// No, and none can be had: the token that was supplied is used up.
    Gone,
}

/// One token and its state.
#[derive(Debug)]
pub struct Keeper {
    state: State,
    renewable: bool,
    generation: u32,
    failures: u32,
    /// Tokens refused in a row without one being accepted in between.
    refusals: u32,
    /// Whether the token asked for now replaces a refused one.
    after_refusal: bool,
}

impl Keeper {
    /// A keeper for tokens of this grant.
    #[must_use]
    pub fn new(grant: &Grant) -> Self {
        let (state, renewable) = match grant {
            Grant::ClientCredentials(_) | Grant::Source => (State::Absent, true),
            Grant::Supplied { token, expires_at } => {
                let dies = expires_at.unwrap_or(Millis::NEVER);
                (
                    State::Held {
                        token: token.clone(),
                        expires_at: dies,
                        usable_until: dies,
                        suspect_until: Millis(0),
                    },
                    false,
                )
            }
        };
        Self { state, renewable, generation: 0, failures: 0, refusals: 0, after_refusal: false }
    }

    /// The state, for those who show it.
    #[must_use]
    pub const fn state(&self) -> &State {
        &self.state
    }

    /// How many tokens were obtained.
    #[must_use]
    pub const fn generation(&self) -> u32 {
        self.generation
    }

    /// Whether this grant can obtain another token.
    #[must_use]
    pub const fn is_renewable(&self) -> bool {
        self.renewable
    }

    /// Whether the token held has just replaced a refused one and nothing has accepted it yet.
    #[must_use]
    pub fn is_suspect(&self, now: Millis) -> bool {
        matches!(self.state, State::Held { suspect_until, .. } if now < suspect_until)
    }

    /// The token held, fit for use or not.
    #[must_use]
    pub const fn token(&self) -> Option<&Secret> {
        match &self.state {
            State::Held { token, .. } => Some(token),
            _ => None,
        }
    }

    /// Whether a call can be sent at `now`.
    #[must_use]
    pub fn look(&self, now: Millis) -> TokenState {
        match &self.state {
            State::Held { usable_until, .. } if now < *usable_until => TokenState::Usable,
            State::Renewing => TokenState::OnItsWay,
            State::Failed { retry_at } if now < *retry_at => TokenState::Paused(*retry_at),
            _ if self.renewable => TokenState::Due,
            _ => TokenState::Gone,
        }
    }

    /// A token has been asked for.
    pub fn asked(&mut self) {
        self.state = State::Renewing;
    }

    /// A token came. `asked_at` is when the request for it left: its life is counted from there, on the safe side.
    pub fn granted(&mut self, token: Secret, expires_in: Option<Millis>, asked_at: Millis) {
        let lifetime = expires_in.unwrap_or(DEFAULT_LIFETIME);
        let expires_at = asked_at + lifetime;
        // ServiceNow hands out a live token again with the seconds it has left. Fetching once more would bring the same.
        let usable_until = if lifetime <= MARGIN { expires_at } else { expires_at.less(MARGIN) };
        let suspect_until = if self.after_refusal { asked_at + pause(self.refusals) } else { Millis(0) };
        self.state = State::Held { token, expires_at, usable_until, suspect_until };
        self.after_refusal = false;
        self.generation = self.generation.wrapping_add(1);
        self.failures = 0;
    }

    /// No token came.
    pub fn failed(&mut self, now: Millis) {
        self.failures = self.failures.saturating_add(1);
        self.state = State::Failed { retry_at: now + pause(self.failures) };
    }

    /// An API accepted the token of this generation.
    pub const fn proved(&mut self, used: u32) {
        if let State::Held { suspect_until, .. } = &mut self.state
            && used == self.generation
        {
            *suspect_until = Millis(0);
            self.refusals = 0;
        }
    }

    /// An API refused the token of this generation. True: repeat the call, with whatever token [`Self::look`] then leads
    /// to. False: repeating is no use, for the token cannot be renewed, or has just been and was never accepted. A process
    /// that only hands tokens out never sees one accepted; so the suspicion ends by itself, after 1 to 60 s.
    pub fn refused(&mut self, used: u32, now: Millis) -> bool {
        match &self.state {
            State::Held { suspect_until, .. } if used == self.generation => {
                if now < *suspect_until || !self.renewable {
                    return false;
                }
                self.state = State::Absent;
                self.after_refusal = true;
                self.refusals = self.refusals.saturating_add(1);
                true
            }
            // A late answer to an older token, or one whose renewal is under way: the next token is the answer to it.
            _ => self.renewable,
        }
    }

    /// Forgets the token, if there is one that could be obtained again.
    pub fn forget(&mut self) {
        self.state = State::Absent;
    }
}

/// After so many failures in a row.
fn pause(failures: u32) -> Millis {
    Millis(FIRST_PAUSE.0 << failures.saturating_sub(1).min(6)).min(LONGEST_PAUSE)
}

#[cfg(test)]
#[path = "keeper_tests.rs"]
mod tests;
