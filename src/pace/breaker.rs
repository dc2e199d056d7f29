//! Stops asking an instance that does not answer, and lets one request find out when it does again.
//!
//! ```text
//!             half of at least 10 calls in 30 s failed           the pause is over
//!  Closed -------------------------------------------> Open ---------------------------> Probing
//!    ^                                                  ^                                   |
//!    |                                                  `--failed: 5 % of the time away-----|
//!    `-------------------------------------------------------------------------served-------'
//! ```
//!
//! A pause is a twentieth of the time that the instance has been away, at least 30 s and at most 5 min: whoever sits an outage out
//! waits at most 5 % longer than it lasts, and an instance that is away gets two requests a minute at most. Pauses that double say
//! less: after an outage of 20 minutes they cost up to 5 more.
//!
//! While it is open nothing is sent. While it probes exactly one request is out, and the others wait for its verdict: they are
//! neither sent nor failed. A probe that is never heard of again counts as failed after the longest time that a call may take.

use crate::time::Millis;

const WINDOW: Millis = Millis::from_seconds(30);
/// The window is counted in so many parts, so that it takes no memory for each call.
const PARTS: usize = 6;
const PART: u64 = WINDOW.0 / PARTS as u64;
const FEWEST_CALLS: u32 = 10;
const FIRST_PAUSE: Millis = Millis::from_seconds(30);
const LONGEST_PAUSE: Millis = Millis::from_seconds(300);
/// A pause is one part in so many of the time before it.
const SHARE: u64 = 20;
/// An instance cancels what takes longer than 60 s.
const LONGEST_PROBE: Millis = Millis::from_seconds(75);

/// The breaker of one instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Breaker {
    /// Requests pass, and failures are counted.
    Closed(Window),
    /// Nothing passes.
    Open {
        /// When one request may find out.
        until: Millis,
        /// How long the pause is that ends then.
        pause: Millis,
        /// Since when the instance has been away.
        away: Millis,
    },
    /// One request has passed to find out.
    Probing {
        /// When it was sent.
        since: Millis,
        /// How long the pause was before it.
        pause: Millis,
        /// Since when the instance has been away.
        away: Millis,
    },
}

impl Default for Breaker {
    fn default() -> Self {
        Self::Closed(Window::default())
    }
}

/// Calls and failures of the last half minute, by parts of five seconds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Window {
    parts: [(u64, u32, u32); PARTS],
}

/// Whether a request may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passage {
    /// Yes.
    Free,
    /// One, which decides for all.
    Probe,
    /// Not before the verdict of the one that is out, which comes by this time.
    AwaitVerdict(Millis),
    /// Not before this time.
    Shut(Millis),
}

/// What is kept of an open breaker between two lives of a program: when it may be asked again, and how long the pause was. Times
/// are the host's, in milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OpenBreaker {
    /// When one request may find out.
    pub until_ms: u64,
    /// How long the pause is that ends then.
    pub pause_ms: u64,
}

impl Breaker {
    /// A breaker as it was saved. What lies too far ahead is brought nearer: clocks are set back, and states come from elsewhere.
    /// The pause tells how long the instance has been away; the shortest one tells nothing of what lies before it.
    #[must_use]
    pub fn restored(saved: OpenBreaker, now: Millis) -> Self {
        let pause = Millis(saved.pause_ms).clamp(FIRST_PAUSE, LONGEST_PAUSE);
        let until = Millis(saved.until_ms).min(now + pause);
        let before = if pause > FIRST_PAUSE { Millis(pause.0 * SHARE) } else { Millis(0) };
        Self::Open { until, pause, away: until.less(pause).less(before) }
    }

    /// What is worth saving; nothing while requests pass. A probe under way is saved as one that is due.
    #[must_use]
    pub const fn saved(&self) -> Option<OpenBreaker> {
        match self {
            Self::Closed(_) => None,
            Self::Open { until, pause, .. } => Some(OpenBreaker { until_ms: until.0, pause_ms: pause.0 }),
            Self::Probing { since, pause, .. } => Some(OpenBreaker { until_ms: since.0, pause_ms: pause.0 }),
        }
    }

    /// Whether a request may be sent at `now`.
    #[must_use]
    pub fn passage(&self, now: Millis) -> Passage {
        match self {
            Self::Closed(_) => Passage::Free,
            Self::Open { until, .. } if now < *until => Passage::Shut(*until),
            Self::Probing { since, .. } if now < *since + LONGEST_PROBE => {
                Passage::AwaitVerdict(*since + LONGEST_PROBE)
            }
            Self::Open { .. } | Self::Probing { .. } => Passage::Probe,
        }
    }

    /// The request that finds out has been sent.
    pub fn probing(&mut self, now: Millis) {
        let (pause, away) = match self {
            Self::Open { pause, away, .. } => (*pause, *away),
            // The probe before it was never heard of again.
            Self::Probing { away, .. } => (share_of(now.less(*away)), *away),
            Self::Closed(_) => return,
        };
        *self = Self::Probing { since: now, pause, away };
    }

    /// The request that was to find out was taken back before it could.
    pub fn probe_withdrawn(&mut self, now: Millis) {
        if let Self::Probing { pause, away, .. } = *self {
            *self = Self::Open { until: now, pause, away };
        }
    }

    /// A request ended. `probe`: it was the one that finds out. Late verdicts of earlier requests change nothing while the
    /// breaker is not closed.
    pub fn ended(&mut self, served: bool, probe: bool, now: Millis) {
        if let Self::Probing { away, .. } = *self
            && probe
        {
            let pause = share_of(now.less(away));
            *self = if served { Self::default() } else { Self::Open { until: now + pause, pause, away } };
            return;
        }
        if let Self::Closed(window) = self {
            window.note(served, now);
            if !served && window.is_failing(now) {
                *self = Self::Open { until: now + FIRST_PAUSE, pause: FIRST_PAUSE, away: now };
            }
        }
    }
}

impl Window {
    fn note(&mut self, served: bool, now: Millis) {
        let number = now.0 / PART;
        if let Some((part, calls, failures)) = self.parts.get_mut(number as usize % PARTS) {
            if *part != number {
                (*part, *calls, *failures) = (number, 0, 0);
            }
            *calls += 1;
            *failures += u32::from(!served);
        }
    }

    fn is_failing(&self, now: Millis) -> bool {
        let oldest = (now.0 / PART).saturating_sub(PARTS as u64 - 1);
        let recent = self.parts.iter().filter(|(part, ..)| *part >= oldest);
        let (calls, failures) = recent.fold((0, 0), |sum, part| (sum.0 + part.1, sum.1 + part.2));
        calls >= FEWEST_CALLS && failures * 2 >= calls
    }
}

fn share_of(away: Millis) -> Millis {
    Millis(away.0 / SHARE).clamp(FIRST_PAUSE, LONGEST_PAUSE)
}

#[cfg(test)]
#[path = "breaker_tests.rs"]
mod tests;
