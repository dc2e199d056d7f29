//! Circuit breaker: stops sending to an instance that does not answer, and lets one request probe when it answers again.
//!
//! ```text
//!             half of at least 10 calls in 30 s failed           the pause is over
//!  Closed -------------------------------------------> Open ---------------------------> Probing
//!    ^                                                  ^                                   |
//!    |                                                  `--failed: 5 % of the outage--------|
//!    `-------------------------------------------------------------------------served-------'
//! ```
//!
//! A pause is a twentieth of the outage so far, at least 30 s and at most 5 min. A waiting client waits at most 5 % longer than the
//! outage, and an unavailable instance gets at most two requests a minute. Doubling pauses would be worse: after an outage of 20
//! minutes they would add up to 5 minutes.
//!
//! An open breaker sends nothing. While probing exactly one request is in flight, and other calls wait for its result: they are
//! neither sent nor failed. A probe without a result counts as failed after the longest time that a call may take.

use crate::time::Millis;

const WINDOW: Millis = Millis::from_seconds(30);
/// The window counts in this many parts, so that it needs no memory for each call.
const PARTS: usize = 6;
const PART: u64 = WINDOW.0 / PARTS as u64;
const FEWEST_CALLS: u32 = 10;
const FIRST_PAUSE: Millis = Millis::from_seconds(30);
const LONGEST_PAUSE: Millis = Millis::from_seconds(300);
/// A pause is this fraction of the outage so far.
const SHARE: u64 = 20;
/// An instance cancels requests that take longer than 60 s.
const LONGEST_PROBE: Millis = Millis::from_seconds(75);

/// The breaker of one instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Breaker {
    /// Requests are sent, and failures are counted.
    Closed(Window),
    /// No request is sent.
    Open {
        /// When one request may find out.
        until: Millis,
        /// How long the pause is that ends then.
        pause: Millis,
        /// Since when the instance has been away.
        away: Millis,
    },
    /// One request was sent to probe the instance.
    Probing {
        /// When the probe was sent.
        since: Millis,
        /// The pause before the probe.
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

/// Calls and failures of the last 30 seconds, in parts of five seconds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Window {
    parts: [(u64, u32, u32); PARTS],
}

/// Whether a request may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passage {
    /// Yes.
    Free,
    /// One request, which probes.
    Probe,
    /// Not before the result of the probe in flight, which comes by this time.
    AwaitVerdict(Millis),
    /// Not before this time.
    Shut(Millis),
}

/// The saved state of an open breaker: when a request may be sent again, and the length of the pause. Times are in milliseconds
/// since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OpenBreaker {
    /// When one request may find out.
    pub until_ms: u64,
    /// How long the pause is that ends then.
    pub pause_ms: u64,
}

impl Breaker {
    /// Restores a saved breaker. A time too far in the future is reduced, because clocks can be set back and saved states can come
    /// from other machines. The length of the outage follows from the pause; for the shortest pause it is unknown.
    #[must_use]
    pub fn restored(saved: OpenBreaker, now: Millis) -> Self {
        let pause = Millis(saved.pause_ms).clamp(FIRST_PAUSE, LONGEST_PAUSE);
        let until = Millis(saved.until_ms).min(now + pause);
        let before = if pause > FIRST_PAUSE { Millis(pause.0 * SHARE) } else { Millis(0) };
        Self::Open { until, pause, away: until.less(pause).less(before) }
    }

    /// The state to save. None while closed. A probe in flight is saved as a due probe.
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

    /// The probe has been sent.
    pub fn probing(&mut self, now: Millis) {
        let (pause, away) = match self {
            Self::Open { pause, away, .. } => (*pause, *away),
            // The earlier probe had no result.
            Self::Probing { away, .. } => (share_of(now.less(*away)), *away),
            Self::Closed(_) => return,
        };
        *self = Self::Probing { since: now, pause, away };
    }

    /// The probe was withdrawn before it had a result.
    pub fn probe_withdrawn(&mut self, now: Millis) {
        if let Self::Probing { pause, away, .. } = *self {
            *self = Self::Open { until: now, pause, away };
        }
    }

    /// A request ended. `probe` is true for the probe. Late results of other requests change nothing unless the breaker is
    /// closed.
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
mod tests;
