//! Holds one token and decides when it must be renewed. Sends nothing and reads no clock.

use super::grant::Grant;
use super::grant_table::Obtains;
use super::random::Random;
use crate::secret::Secret;
use crate::time::Millis;

/// A token that expires within this time is not used if it can be renewed: a request may wait a minute before it is checked.
const MARGIN: Millis = Millis::from_seconds(30);

/// A renewal in the background starts `LATEST` plus a random part of `SPREAD` (ms) before the token expires: late enough to
/// use most of its lifetime, early enough to survive a minute of failures, and at different times in different tabs.
const LATEST: Millis = Millis::from_seconds(60);
const SPREAD: u64 = 120_000;

/// The lifetime of a token if the reply has no `expires_in`: ServiceNow's default.
const DEFAULT_LIFETIME: Millis = Millis::from_seconds(1800);

/// Pause after a failed renewal; it doubles with each failure.
const FIRST_PAUSE: Millis = Millis::from_seconds(1);
const LONGEST_PAUSE: Millis = Millis::from_seconds(60);

/// Whether a token is held, and whether another is requested.
///
/// ```text
///                    none held                             one held
///
///  no request   Absent <----- refused, expired ------- Fresh
///                 | requested   granted                  | ^    requested, in the background
///                 v     .------------------------------. | |    or shortly before expiry
///  requested    Obtaining <--- refused, expired ---- Renewing
///                 | ^                                    | ^
///           failed| |requested, pause over         failed| |requested, pause over
///                 v |                                    v |
///  paused       Failed <------ refused, expired ---- Struggling      the token is used until it expires
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenPhase {
    /// No token, no request.
    Absent,
    /// No token, requested: the first one, or one after a refusal.
    Obtaining,
    /// No token, the last request failed.
    Failed,
    /// A token, no request.
    Fresh,
    /// A token, its successor requested.
    Renewing,
    /// A token, the last request for its successor failed.
    Struggling,
}

/// The current token.
#[derive(Debug)]
pub struct HeldToken {
    /// The token.
    pub token: Secret,
    /// When it expires.
    pub expires_at: Millis,
    /// End of its use: 30 s before it expires, or at its expiry if it was granted with little time left.
    usable_until: Millis,
    /// Start of its renewal in the background.
    renew_at: Millis,
    /// Until this time a refusal causes no renewal, because its predecessor was refused too and no API has accepted it yet.
    /// Zero for any other token.
    suspect_until: Millis,
    /// Whether a call has used it. An unused token is not renewed, so an idle tab sends nothing.
    used: bool,
}

/// The state of the renewal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RenewalState {
    Idle,
    Pending,
    Paused { until: Millis },
}

/// The reply to a token request.
#[derive(Debug)]
pub struct Granted {
    /// The access token.
    pub token: Secret,
    /// Its lifetime; `None` if the reply has no `expires_in`.
    pub lifetime: Option<Millis>,
    /// The refresh token of the reply, or the one that was sent if the reply has none.
    pub refresh: Option<Secret>,
    /// When the request was sent. The lifetime is counted from here, to be on the safe side.
    pub requested_at: Millis,
}

/// When a call can be sent.
#[derive(Debug, PartialEq, Eq)]
pub enum Availability {
    /// Now.
    Usable,
    /// After a token request, which is due now.
    Due,
    /// After the pending token request.
    Pending,
    /// After a token request, which is due at this time.
    Paused(Millis),
    /// Not without a sign-in.
    Unobtainable,
}

/// One token and its state.
#[derive(Debug)]
pub struct TokenState {
    held: Option<HeldToken>,
    renewal: RenewalState,
    refresh: Option<Secret>,
    generation: u32,
    failures: u32,
    /// Consecutive refused tokens, none accepted in between.
    refusals: u32,
    /// Whether the requested token replaces a refused one.
    after_refusal: bool,
}

impl TokenState {
    /// The initial state for this grant; `expires_at` is the expiry of a token given in the options.
    #[must_use]
    pub fn new(grant: &Grant, expires_at: Option<Millis>) -> Self {
        let expires_at = expires_at.unwrap_or(Millis::NEVER);
        let held = grant.given_token().map(|token| HeldToken {
            token: token.clone(),
            expires_at,
            usable_until: expires_at,
            renew_at: Millis::NEVER,
            suspect_until: Millis(0),
            used: false,
        });
        let renewal = RenewalState::Idle;
        Self { held, renewal, refresh: None, generation: 0, failures: 0, refusals: 0, after_refusal: false }
    }

    /// The phase, for the status of the client.
    #[must_use]
    pub const fn phase(&self) -> TokenPhase {
        match (&self.held, self.renewal) {
            (None, RenewalState::Idle) => TokenPhase::Absent,
            (None, RenewalState::Pending) => TokenPhase::Obtaining,
            (None, RenewalState::Paused { .. }) => TokenPhase::Failed,
            (Some(_), RenewalState::Idle) => TokenPhase::Fresh,
            (Some(_), RenewalState::Pending) => TokenPhase::Renewing,
            (Some(_), RenewalState::Paused { .. }) => TokenPhase::Struggling,
        }
    }

    /// The current token and its times, usable or not.
    #[must_use]
    pub const fn held(&self) -> Option<&HeldToken> {
        self.held.as_ref()
    }

    /// The current token, usable or not.
    #[must_use]
    pub fn token(&self) -> Option<&Secret> {
        self.held.as_ref().map(|held| &held.token)
    }

    /// The refresh token.
    #[must_use]
    pub const fn refresh(&self) -> Option<&Secret> {
        self.refresh.as_ref()
    }

    /// Replaces or removes the refresh token.
    pub fn set_refresh(&mut self, token: Option<Secret>) {
        self.refresh = token;
    }

    /// End of the pause after a failed renewal.
    #[must_use]
    pub const fn paused_until(&self) -> Option<Millis> {
        match self.renewal {
            RenewalState::Paused { until } => Some(until),
            _ => None,
        }
    }

    /// The number of tokens obtained.
    #[must_use]
    pub const fn generation(&self) -> u32 {
        self.generation
    }

    /// The number of consecutive failed renewals.
    #[must_use]
    pub const fn failures(&self) -> u32 {
        self.failures
    }

    /// Whether a token can be obtained without a sign-in.
    #[must_use]
    pub fn is_renewable(&self, grant: &Grant) -> bool {
        grant.obtains() == Obtains::Supplied || grant.is_ready() || self.refresh.is_some()
    }

    /// Whether the token has replaced a refused one a short time ago and was not accepted yet.
    #[must_use]
    pub fn is_suspect(&self, now: Millis) -> bool {
        self.held.as_ref().is_some_and(|held| now < held.suspect_until)
    }

    /// When a call can be sent, seen from `now`.
    #[must_use]
    pub fn availability(&self, now: Millis, renewable: bool) -> Availability {
        let until = self.held.as_ref().map(|held| (held.usable_until, held.expires_at));
        match (until, self.renewal) {
            (Some((usable, _)), _) if now < usable => Availability::Usable,
            // If another cannot be obtained, the current token is used until it expires.
            (Some((_, expires_at)), RenewalState::Paused { until }) if now < expires_at && now < until => {
                Availability::Usable
            }
            (_, RenewalState::Pending) => Availability::Pending,
            (_, RenewalState::Paused { until }) if now < until => Availability::Paused(until),
            (Some((_, expires_at)), _) if now < expires_at && !renewable => Availability::Usable,
            _ if renewable => Availability::Due,
            _ => Availability::Unobtainable,
        }
    }

    /// Whether a token is held and has not expired.
    #[must_use]
    pub fn is_unexpired(&self, now: Millis) -> bool {
        self.held.as_ref().is_some_and(|held| now < held.expires_at)
    }

    /// When a renewal in the background is due; `None` if one is pending or the token is unused.
    #[must_use]
    pub fn renewal_due(&self) -> Option<Millis> {
        let held = self.held.as_ref().filter(|held| held.used && held.renew_at != Millis::NEVER)?;
        match self.renewal {
            RenewalState::Pending => None,
            RenewalState::Idle => Some(held.renew_at),
            RenewalState::Paused { until } => Some(held.renew_at.max(until)),
        }
    }

    /// Records that a call uses the token.
    pub const fn mark_used(&mut self) {
        if let Some(held) = &mut self.held {
            held.used = true;
        }
    }

    /// Records a token request.
    pub const fn requested(&mut self) {
        self.renewal = RenewalState::Pending;
    }

    /// Drops the pending token request.
    pub const fn cancel_request(&mut self) {
        self.renewal = RenewalState::Idle;
    }

    /// Records a granted token and its refresh token.
    pub fn granted(&mut self, granted: Granted, random: &mut Random) {
        let Granted { token, lifetime, refresh, requested_at } = granted;
        let lifetime = lifetime.unwrap_or(DEFAULT_LIFETIME);
        let expires_at = requested_at + lifetime;
        // ServiceNow returns an unexpired token again, with the seconds it has left (documentation page "OAuth API request
        // parameters"). Another request would return the same one, so it is used until it expires.
        let same = self
            .held
            .as_ref()
            .is_some_and(|held| held.token.is(token.expose()) && expires_at <= held.expires_at + LATEST);
        let suspect_until = if self.after_refusal { requested_at + pause(self.refusals) } else { Millis(0) };
        let early = LATEST + Millis(random.next() % SPREAD);
        self.held = Some(HeldToken {
            token,
            expires_at,
            usable_until: if same || lifetime <= MARGIN { expires_at } else { expires_at.less(MARGIN) },
            renew_at: if same {
                Millis::NEVER
            } else {
                expires_at.less(early).max(requested_at + Millis(lifetime.0 / 2))
            },
            suspect_until,
            used: same,
        });
        self.refresh = refresh;
        self.renewal = RenewalState::Idle;
        self.after_refusal = false;
        self.generation = self.generation.wrapping_add(1);
        self.failures = 0;
    }

    /// Records a failed token request; the instance asked for a pause of this length.
    pub fn failed(&mut self, retry_after: Millis, now: Millis) {
        self.failures = self.failures.saturating_add(1);
        self.renewal = RenewalState::Paused { until: now + retry_after.max(pause(self.failures)) };
    }

    /// Records that an API accepted the token of this generation.
    pub const fn accepted(&mut self, used: u32) {
        if let Some(held) = &mut self.held
            && used == self.generation
        {
            held.suspect_until = Millis(0);
            self.refusals = 0;
        }
    }

    /// Records that an API refused the token of this generation. True: repeat the call when [`Self::availability`] allows it.
    /// False: a repetition cannot succeed, because the token cannot be renewed, or was just renewed and never accepted. A
    /// process that only hands out tokens never sees one accepted, so the suspicion ends after 1 to 60 s.
    pub fn refused(&mut self, used: u32, now: Millis, renewable: bool) -> bool {
        match &self.held {
            Some(held) if used == self.generation => {
                if now < held.suspect_until || !renewable {
                    return false;
                }
                self.held = None;
                self.after_refusal = true;
                self.refusals = self.refusals.saturating_add(1);
                true
            }
            // A late reply to an older token, or to one whose renewal is pending: repeat with the next token.
            _ => renewable,
        }
    }

    /// Removes the tokens. A pending request continues.
    pub fn forget_tokens(&mut self) {
        self.held = None;
        self.refresh = None;
    }

    /// Removes the tokens and drops the pending request.
    pub fn forget(&mut self) {
        self.forget_tokens();
        self.renewal = RenewalState::Idle;
    }
}

/// The pause after this number of consecutive failures.
fn pause(failures: u32) -> Millis {
    Millis(FIRST_PAUSE.0 << failures.saturating_sub(1).min(6)).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests;
