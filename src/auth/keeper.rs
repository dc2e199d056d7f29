//! Keeps one token and says when another is due. Asks for nothing itself, and never looks at a clock.

use super::chance::Chance;
use super::grant::Grant;
use super::grants::Obtains;
use crate::secret::Secret;
use crate::time::Millis;

/// A token with less than this left is not used while another can be had (a request takes up to a minute to be looked at).
const MARGIN: Millis = Millis::from_seconds(30);

/// A renewal in the background begins at a random moment between these two before the token's death: so late that little of
/// its life is lost, so early that a minute of failures does not show, and not at the same moment in every tab.
const LATEST: Millis = Millis::from_seconds(60);
const SPREAD: u64 = 120_000;

/// What a server means that names no lifetime: ServiceNow's default.
const DEFAULT_LIFETIME: Millis = Millis::from_seconds(1800);

/// After a failed renewal the next one waits this long, doubled with each failure, up to a minute.
const FIRST_PAUSE: Millis = Millis::from_seconds(1);
const LONGEST_PAUSE: Millis = Millis::from_seconds(60);

/// Where the token stands: whether one is held, and whether another is being asked for.
///
/// ```text
///                    none held                             one held
///
///  nothing      Absent <----- refused, too old ------- Fresh
///  asked for      | asked       granted                  | ^    asked, in the background,
///                 v     .------------------------------. | |    or because it is nearly dead
///  asked for    Obtaining <--- refused, too old ---- Renewing
///                 | ^                                    | ^
///           failed| |asked, pause over             failed| |asked, pause over
///                 v |                                    v |
///  paused       Failed <------ refused, too old ---- Struggling      a token held is used while it lives
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// None is held and none asked for.
    Absent,
    /// The first, or one after a refusal, has been asked for.
    Obtaining,
    /// None is held, and the last request for one failed.
    Failed,
    /// One is held.
    Fresh,
    /// One is held and its successor has been asked for.
    Renewing,
    /// One is held, and the last request for its successor failed.
    Struggling,
}

/// A token in hand.
#[derive(Debug)]
pub struct Held {
    /// The token.
    pub token: Secret,
    /// When it dies.
    pub expires_at: Millis,
    /// Until when it is used: 30 s before its death, or to its death if it came nearly dead.
    usable_until: Millis,
    /// From when another is asked for in the background.
    renew_at: Millis,
    /// Until when a refusal of it brings no renewal: its predecessor was refused too, and nothing has accepted it yet. In the
    /// past for a token that is above suspicion.
    suspect_until: Millis,
    /// Whether a call has used it. A token that nobody uses is not renewed: a forgotten tab comes to rest.
    used: bool,
}

/// What goes on beside the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Renewal {
    Idle,
    UnderWay,
    Paused { until: Millis },
}

/// A token as it was granted.
#[derive(Debug)]
pub struct Granted {
    /// The access token.
    pub token: Secret,
    /// How long it lives; none when the server did not say.
    pub lifetime: Option<Millis>,
    /// The refresh token: the reply's, or the one that was sent if the reply left it out.
    pub refresh: Option<Secret>,
    /// When the request for it left: its life is counted from there, on the safe side.
    pub asked_at: Millis,
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
    /// No, and none can be had without a person.
    Gone,
}

/// One token and its state.
#[derive(Debug)]
pub struct Keeper {
    held: Option<Held>,
    renewal: Renewal,
    refresh: Option<Secret>,
    generation: u32,
    failures: u32,
    /// Tokens refused in a row without one being accepted in between.
    refusals: u32,
    /// Whether the token asked for now replaces a refused one.
    after_refusal: bool,
}

impl Keeper {
    /// A keeper for tokens of this grant; `expires_at` is for one that was brought along.
    #[must_use]
    pub fn new(grant: &Grant, expires_at: Option<Millis>) -> Self {
        let dies = expires_at.unwrap_or(Millis::NEVER);
        let held = grant.brought().map(|token| Held {
            token: token.clone(),
            expires_at: dies,
            usable_until: dies,
            renew_at: Millis::NEVER,
            suspect_until: Millis(0),
            used: false,
        });
        let renewal = Renewal::Idle;
        Self { held, renewal, refresh: None, generation: 0, failures: 0, refusals: 0, after_refusal: false }
    }

    /// The state, for those who show it.
    #[must_use]
    pub const fn standing(&self) -> Standing {
        match (&self.held, self.renewal) {
            (None, Renewal::Idle) => Standing::Absent,
            (None, Renewal::UnderWay) => Standing::Obtaining,
            (None, Renewal::Paused { .. }) => Standing::Failed,
            (Some(_), Renewal::Idle) => Standing::Fresh,
            (Some(_), Renewal::UnderWay) => Standing::Renewing,
            (Some(_), Renewal::Paused { .. }) => Standing::Struggling,
        }
    }

    /// The token in hand, fit for use or not.
    #[must_use]
    pub const fn held(&self) -> Option<&Held> {
        self.held.as_ref()
    }

    /// The token in hand, fit for use or not.
    #[must_use]
    pub fn token(&self) -> Option<&Secret> {
        self.held.as_ref().map(|held| &held.token)
    }

    /// The refresh token.
    #[must_use]
    pub const fn refresh(&self) -> Option<&Secret> {
        self.refresh.as_ref()
    }

    /// Replaces the refresh token, or forgets it.
    pub fn keep_refresh(&mut self, token: Option<Secret>) {
        self.refresh = token;
    }

    /// Until when no other token may be asked for.
    #[must_use]
    pub const fn paused_until(&self) -> Option<Millis> {
        match self.renewal {
            Renewal::Paused { until } => Some(until),
            _ => None,
        }
    }

    /// How many tokens were obtained.
    #[must_use]
    pub const fn generation(&self) -> u32 {
        self.generation
    }

    /// How many renewals failed in a row.
    #[must_use]
    pub const fn failures(&self) -> u32 {
        self.failures
    }

    /// Whether another token can be had without a person.
    #[must_use]
    pub fn is_renewable(&self, grant: &Grant) -> bool {
        grant.obtains() == Obtains::Supplied || grant.is_ready() || self.refresh.is_some()
    }

    /// Whether the token held has just replaced a refused one and nothing has accepted it yet.
    #[must_use]
    pub fn is_suspect(&self, now: Millis) -> bool {
        self.held.as_ref().is_some_and(|held| now < held.suspect_until)
    }

    /// Whether a call can be sent at `now`.
    #[must_use]
    pub fn look(&self, now: Millis, renewable: bool) -> TokenState {
        let until = self.held.as_ref().map(|held| (held.usable_until, held.expires_at));
        match (until, self.renewal) {
            (Some((usable, _)), _) if now < usable => TokenState::Usable,
            // The last good token is used while it lives, when another cannot be had.
            (Some((_, dies)), Renewal::Paused { until }) if now < dies && now < until => TokenState::Usable,
            (_, Renewal::UnderWay) => TokenState::OnItsWay,
            (_, Renewal::Paused { until }) if now < until => TokenState::Paused(until),
            (Some((_, dies)), _) if now < dies && !renewable => TokenState::Usable,
            _ if renewable => TokenState::Due,
            _ => TokenState::Gone,
        }
    }

    /// Whether the token in hand lives.
    #[must_use]
    pub fn is_alive(&self, now: Millis) -> bool {
        self.held.as_ref().is_some_and(|held| now < held.expires_at)
    }

    /// When another token is due in the background; none while one is on its way, or while nobody uses the one held.
    #[must_use]
    pub fn renewal_due(&self) -> Option<Millis> {
        let held = self.held.as_ref().filter(|held| held.used && held.renew_at != Millis::NEVER)?;
        match self.renewal {
            Renewal::UnderWay => None,
            Renewal::Idle => Some(held.renew_at),
            Renewal::Paused { until } => Some(held.renew_at.max(until)),
        }
    }

    /// A call uses the token in hand.
    pub const fn used(&mut self) {
        if let Some(held) = &mut self.held {
            held.used = true;
        }
    }

    /// A token has been asked for.
    pub const fn asked(&mut self) {
        self.renewal = Renewal::UnderWay;
    }

    /// The one that was asked for is not wanted any more.
    pub const fn unasked(&mut self) {
        self.renewal = Renewal::Idle;
    }

    /// A token came, and with it the refresh token that counts from now on.
    pub fn granted(&mut self, granted: Granted, chance: &mut Chance) {
        let Granted { token, lifetime, refresh, asked_at } = granted;
        let lifetime = lifetime.unwrap_or(DEFAULT_LIFETIME);
        let expires_at = asked_at + lifetime;
        // ServiceNow hands out a live token again with the seconds it has left (documentation page "OAuth API request
        // parameters"). Asking once more would bring the same, so it is used to its end.
        let same = self
            .held
            .as_ref()
            .is_some_and(|held| held.token.is(token.expose()) && expires_at <= held.expires_at + LATEST);
        let suspect_until = if self.after_refusal { asked_at + pause(self.refusals) } else { Millis(0) };
        let early = LATEST + Millis(chance.next() % SPREAD);
        self.held = Some(Held {
            token,
            expires_at,
            usable_until: if same || lifetime <= MARGIN { expires_at } else { expires_at.less(MARGIN) },
            renew_at: if same { Millis::NEVER } else { expires_at.less(early).max(asked_at + Millis(lifetime.0 / 2)) },
            suspect_until,
            used: same,
        });
        self.refresh = refresh;
        self.renewal = Renewal::Idle;
        self.after_refusal = false;
        self.generation = self.generation.wrapping_add(1);
        self.failures = 0;
    }

    /// No token came, and the instance asked for a pause of this length.
    pub fn failed(&mut self, asked: Millis, now: Millis) {
        self.failures = self.failures.saturating_add(1);
        self.renewal = Renewal::Paused { until: now + asked.max(pause(self.failures)) };
    }

    /// An API accepted the token of this generation.
    pub const fn proved(&mut self, used: u32) {
        if let Some(held) = &mut self.held
            && used == self.generation
        {
            held.suspect_until = Millis(0);
            self.refusals = 0;
        }
    }

    /// An API refused the token of this generation. True: repeat the call, with whatever token [`Self::look`] then leads
    /// to. False: repeating is no use, for the token cannot be renewed, or has just been and was never accepted. A process
    /// that only hands tokens out never sees one accepted; so the suspicion ends by itself, after 1 to 60 s.
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
            // A late answer to an older token, or one whose renewal is under way: the next token is the answer to it.
            _ => renewable,
        }
    }

    /// Forgets the tokens, whatever is under way.
    pub fn forget_tokens(&mut self) {
        self.held = None;
        self.refresh = None;
    }

    /// Forgets the tokens. What has been asked for is not wanted any more.
    pub fn forget(&mut self) {
        self.forget_tokens();
        self.renewal = Renewal::Idle;
    }
}

/// After so many failures in a row.
fn pause(failures: u32) -> Millis {
    Millis(FIRST_PAUSE.0 << failures.saturating_sub(1).min(6)).min(LONGEST_PAUSE)
}

#[cfg(test)]
#[path = "keeper_tests.rs"]
mod tests;
