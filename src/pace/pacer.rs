//! Admission control for one instance: combines everything that delays or refuses a request.

use super::Class;
use super::backoff::{Allowed, Backoff, Then};
use super::breaker::{Breaker, OpenBreaker, Passage};
use super::budget::RetryBudget;
use super::concurrency::Concurrency;
use super::queue::{Queue, Ticket};
use super::rates::{Rates, Rule};
use crate::request::Headers;
use crate::time::Millis;

/// Bulk reading keeps one place free for this long after an interactive call.
const RECENTLY: Millis = Millis::from_seconds(30);

/// No place is kept free if one becomes free this soon on average: the wait is hardly noticed, and a reading of short requests
/// would lose an eighth of its speed. Below a tenth of a second an answer seems immediate, below a second no thought is
/// interrupted (Nielsen, "Response Times: The 3 Important Limits").
const SOON: Millis = Millis(150);

/// Settings of a pacer.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Requests in flight at once, initially and at most.
    pub concurrency: Concurrency,
    /// How interactive calls are repeated.
    pub interactive: Backoff,
    /// How the pages of long readings are repeated.
    pub bulk: Backoff,
    /// Whether the circuit breaker is used.
    pub breaker: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            concurrency: Concurrency::default(),
            interactive: Backoff::INTERACTIVE,
            bulk: Backoff::BULK,
            breaker: true,
        }
    }
}

/// The next step for queued calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Send this call now.
    Start(u32),
    /// End this call. It may be tried again at this time.
    Reject(u32, Reason, Millis),
    /// Nothing to do before this time, unless a request in flight ends. [`Millis::NEVER`] if only that changes anything.
    Nothing(Millis),
}

/// Why a call is rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The circuit breaker is open.
    CircuitOpen,
    /// The hourly limit is used up.
    RateLimited,
}

/// The result of a request, as far as pacing needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// A working instance answered, perhaps with a refusal of this request.
    Served,
    /// The hourly limit is used up. This does not reduce concurrency if the rule is known.
    Limited,
    /// The instance is overloaded.
    Throttled,
    /// The instance is overloaded or unavailable.
    Unavailable,
    /// No answer, or an answer that is not from a working instance.
    Failed,
}

/// The status of a pacer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pacing {
    /// Requests that may be in flight at once.
    pub limit: u32,
    /// Requests in flight.
    pub out: usize,
    /// Queued calls.
    pub waiting: usize,
    /// When the breaker allows a request again. None while it is closed.
    pub opens_at: Option<Millis>,
}

/// The pacer of one instance.
#[derive(Debug)]
pub struct Pacer {
    settings: Settings,
    concurrency: Concurrency,
    breaker: Breaker,
    rates: Rates,
    budget: RetryBudget,
    queue: Queue,
    /// Requests in flight, and when they were sent.
    out: Vec<(Ticket, Millis)>,
    probe: Option<u32>,
    interactive_at: Option<Millis>,
    /// The average time of a reading's requests. Zero before the first success.
    taken: Millis,
    /// When an hourly rule allows queued calls again.
    allowed_at: Option<Millis>,
}

impl Pacer {
    /// A new pacer, with a saved circuit breaker if there is one.
    #[must_use]
    pub fn new(settings: Settings, saved: Option<OpenBreaker>, now: Millis) -> Self {
        Self {
            concurrency: settings.concurrency,
            settings,
            breaker: saved.map_or_else(Breaker::default, |saved| Breaker::restored(saved, now)),
            rates: Rates::default(),
            budget: RetryBudget::default(),
            queue: Queue::default(),
            out: Vec::new(),
            probe: None,
            interactive_at: None,
            taken: Millis(0),
            allowed_at: None,
        }
    }

    /// The state to save when it has changed.
    #[must_use]
    pub const fn saved(&self) -> Option<OpenBreaker> {
        self.breaker.saved()
    }

    /// The status of the pacer.
    #[must_use]
    pub fn pacing(&self) -> Pacing {
        Pacing {
            limit: self.concurrency.limit(),
            out: self.out.len(),
            waiting: self.queue.len(),
            opens_at: self.breaker.saved().map(|open| Millis(open.until_ms)),
        }
    }

    /// The known rules and the use of their hours.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        self.rates.rules()
    }

    /// Whether the breaker's probe is in flight.
    #[must_use]
    pub const fn is_probing(&self) -> bool {
        matches!(self.breaker, Breaker::Probing { .. })
    }

    /// When an hourly rule allows queued calls again, as of the last [`Self::next`].
    #[must_use]
    pub const fn allowed_at(&self) -> Option<Millis> {
        self.allowed_at
    }

    /// How calls of a class are repeated.
    #[must_use]
    pub const fn policy(&self, class: Class) -> &Backoff {
        match class {
            Class::Interactive => &self.settings.interactive,
            Class::Bulk => &self.settings.bulk,
        }
    }

    /// Queues a call. False if the queue is full: the call must end.
    pub fn enter(&mut self, id: u32, class: Class, stream: u32, resource: u32, now: Millis) -> bool {
        if class == Class::Interactive {
            self.interactive_at = Some(now);
        }
        self.queue.push(Ticket { id, class, stream, resource })
    }

    /// Returns the next step. Call it until it returns [`Next::Nothing`].
    pub fn next(&mut self, now: Millis) -> Next {
        self.allowed_at = None;
        if self.queue.is_empty() {
            return Next::Nothing(Millis::NEVER);
        }
        let passage = if self.settings.breaker { self.breaker.passage(now) } else { Passage::Free };
        match passage {
            Passage::Free | Passage::Probe => {}
            Passage::AwaitVerdict(at) => return Next::Nothing(at),
            Passage::Shut(at) => {
                let ticket = self.queue.take_rejected(&|_| true);
                return ticket.map_or(Next::Nothing(at), |ticket| Next::Reject(ticket.id, Reason::CircuitOpen, at));
            }
        }
        let longest_wait = self.settings.interactive.longest_wait;
        let rates = &self.rates;
        let allowed_at = |ticket: &Ticket| rates.allowed_at(ticket.resource, ticket.class, now);
        let is_rejected = |ticket: &Ticket| allowed_at(ticket).is_some_and(|at| at > now + longest_wait);
        // Thousands of calls may be queued, and this runs whenever one leaves: they are searched only if an hour is used up.
        if let Some(ticket) = self.rates.is_used_up().then(|| self.queue.take_rejected(&is_rejected)).flatten() {
            let at = allowed_at(&ticket).unwrap_or(now);
            return Next::Reject(ticket.id, Reason::RateLimited, at);
        }
        let limit = self.concurrency.limit() as usize;
        if self.out.len() >= limit {
            return Next::Nothing(Millis::NEVER);
        }
        // An interactive call should not wait for a page of a long reading, so one place is kept for it, unless there is only one
        // place or one becomes free soon.
        let soon = (1..SOON.0 * limit as u64).contains(&self.taken.0);
        let recent = self.interactive_at.is_some_and(|at| now < at + RECENTLY) && limit > 1 && !soon;
        let bulk_out = self.out.iter().filter(|(ticket, _)| ticket.class == Class::Bulk).count();
        let bulk_may = bulk_out < limit - usize::from(recent);
        let mut nearest = None;
        let mut earliest = if bulk_may { Millis::NEVER } else { self.interactive_at.unwrap_or(now) + RECENTLY };
        let out = &self.out;
        let taken = self.queue.take(
            &mut |ticket| {
                if ticket.class == Class::Bulk && !bulk_may {
                    return false;
                }
                let allowed_at = allowed_at(ticket);
                earliest = earliest.min(allowed_at.unwrap_or(Millis::NEVER));
                nearest = nearest.into_iter().chain(allowed_at).min();
                allowed_at.is_none()
            },
            &|stream| out.iter().filter(|(ticket, _)| ticket.stream == stream).count(),
        );
        let Some(ticket) = taken else {
            self.allowed_at = nearest;
            return Next::Nothing(earliest);
        };
        if passage == Passage::Probe {
            self.breaker.probing(now);
            self.probe = Some(ticket.id);
        }
        self.rates.sent(ticket.resource, now);
        self.out.push((ticket, now));
        Next::Start(ticket.id)
    }

    /// A request ended.
    pub fn left(&mut self, id: u32, outcome: Outcome, headers: &Headers, now: Millis) {
        let Some((ticket, sent_at)) = self.take_out(id) else { return };
        let probe = self.probe == Some(id);
        if probe {
            self.probe = None;
        }
        if self.rates.replied(ticket.resource, headers, outcome == Outcome::Limited, now) {
            // The first reply names the rule. Requests sent at the same time also count.
            for (other, _) in self.out.iter().filter(|(other, _)| other.resource == ticket.resource) {
                self.rates.sent(other.resource, now);
            }
        }
        match outcome {
            Outcome::Served => {
                self.concurrency.succeeded(sent_at);
                self.budget.succeeded();
                if ticket.class == Class::Bulk {
                    let taken = now.less(sent_at).0;
                    self.taken.0 = if self.taken.0 == 0 { taken } else { (7 * self.taken.0 + taken) / 8 };
                }
            }
            // A known rule holds requests back by itself. An unknown limit is reached later with fewer requests.
            Outcome::Limited if self.rates.allowed_at(ticket.resource, ticket.class, now).is_some() => {}
            Outcome::Limited | Outcome::Throttled | Outcome::Unavailable => self.concurrency.overloaded(sent_at, now),
            Outcome::Failed => {}
        }
        if self.settings.breaker {
            let there = !matches!(outcome, Outcome::Unavailable | Outcome::Failed);
            self.breaker.ended(there, probe, now);
        }
    }

    /// Removes an abandoned call, queued or in flight. True if the next step may have changed.
    pub fn withdraw(&mut self, id: u32, now: Millis) -> bool {
        let was_out = self.take_out(id).is_some();
        if !was_out {
            self.queue.remove(id);
        }
        if self.probe == Some(id) {
            self.probe = None;
            self.breaker.probe_withdrawn(now);
        }
        was_out || self.queue.is_empty()
    }

    /// The calls in flight.
    pub fn out(&self) -> impl Iterator<Item = u32> + '_ {
        self.out.iter().map(|(ticket, _)| ticket.id)
    }

    /// Decides what follows the failed `attempts`-th request of a call that began at `began`. All calls share one retry budget.
    /// If it is empty, the call ends; a bulk reading waits for its longest pause instead.
    pub fn again(
        &mut self,
        class: Class,
        attempts: u8,
        began: Millis,
        allowed: Allowed,
        random: u32,
        now: Millis,
    ) -> Then {
        let policy = *self.policy(class);
        let then = policy.after(attempts, began, allowed, random, now);
        match then {
            Then::Send(at) if !matches!(allowed, Allowed::ForAll(_)) && !self.budget.take(now) => match class {
                Class::Interactive => Then::End(Some(now + policy.cap)),
                Class::Bulk => Then::Send(at.max(now + policy.cap)),
            },
            then => then,
        }
    }

    fn take_out(&mut self, id: u32) -> Option<(Ticket, Millis)> {
        let at = self.out.iter().position(|(ticket, _)| ticket.id == id)?;
        Some(self.out.swap_remove(at))
    }
}

#[cfg(test)]
mod tests;
