//! The gate before one instance: everything that keeps a request from being sent, asked in one place.

use super::Class;
use super::backoff::{Allowed, Backoff, Then};
use super::breaker::{Breaker, OpenBreaker, Passage};
use super::budget::RetryBudget;
use super::concurrency::Concurrency;
use super::queue::{Queue, Ticket};
use super::rates::{Rates, Rule};
use crate::request::Headers;
use crate::time::Millis;

/// While somebody was waiting for an answer this recently, bulk reading leaves one place free.
const RECENTLY: Millis = Millis::from_seconds(30);

/// A place that comes free this soon, on average, is not kept for anybody: who waits for it hardly notices, and a reading of short
/// requests would lose an eighth of its speed. Below a tenth of a second an answer seems immediate, below a second no thought is
/// interrupted (Nielsen, "Response Times: The 3 Important Limits").
const SOON: Millis = Millis(150);

/// What can be set.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Requests out at once, at the beginning and at most.
    pub concurrency: Concurrency,
    /// How interactive calls are repeated.
    pub interactive: Backoff,
    /// How the pages of long readings are repeated.
    pub bulk: Backoff,
    /// Whether an instance that does not answer is left alone for a while.
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

/// What is due before the gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// This call is to be sent now.
    Start(u32),
    /// This call is to end; it could be tried again at the time given.
    TurnAway(u32, Reason, Millis),
    /// Nothing before this time, unless a request that is out ends; [`Millis::NEVER`] when only that can change anything.
    Nothing(Millis),
}

/// Why a call is not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The breaker is open.
    CircuitOpen,
    /// The hour's requests are used up.
    RateLimited,
}

/// How a request ended, as far as pacing goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// A working instance answered, be it with a refusal of this one request.
    Served,
    /// The hour's requests are used up, which says little of how many may be out at once.
    Limited,
    /// It has enough.
    Throttled,
    /// It has enough, or is not there.
    Unavailable,
    /// No answer, or none of a working instance.
    Failed,
}

/// What a pacer shows of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pacing {
    /// Requests that may be out at once.
    pub limit: u32,
    /// Requests that are out.
    pub out: usize,
    /// Calls in line.
    pub waiting: usize,
    /// When the breaker lets a request through again; none while it is closed.
    pub opens_at: Option<Millis>,
}

/// The gate of one instance.
#[derive(Debug)]
pub struct Pacer {
    settings: Settings,
    concurrency: Concurrency,
    breaker: Breaker,
    rates: Rates,
    budget: RetryBudget,
    queue: Queue,
    /// Requests that are out, and since when.
    out: Vec<(Ticket, Millis)>,
    probe: Option<u32>,
    interactive_at: Option<Millis>,
    /// How long the requests of readings take, on average; zero as long as none was served.
    taken: Millis,
    /// Until when callers in line wait for an hourly rule.
    wall: Option<Millis>,
}

impl Pacer {
    /// A gate that has seen nothing yet; with the breaker of an earlier life, if one was saved.
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
            wall: None,
        }
    }

    /// What is worth saving when it has changed.
    #[must_use]
    pub const fn saved(&self) -> Option<OpenBreaker> {
        self.breaker.saved()
    }

    /// What it shows of itself.
    #[must_use]
    pub fn pacing(&self) -> Pacing {
        Pacing {
            limit: self.concurrency.limit(),
            out: self.out.len(),
            waiting: self.queue.len(),
            opens_at: self.breaker.saved().map(|open| Millis(open.until_ms)),
        }
    }

    /// The rules known, and how far their hours are.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        self.rates.rules()
    }

    /// Whether the breaker has one request out to find out.
    #[must_use]
    pub const fn is_probing(&self) -> bool {
        matches!(self.breaker, Breaker::Probing { .. })
    }

    /// Until when callers wait for an hourly rule, as the last [`Self::next`] found it.
    #[must_use]
    pub const fn wall(&self) -> Option<Millis> {
        self.wall
    }

    /// How calls of a class are repeated.
    #[must_use]
    pub const fn policy(&self, class: Class) -> &Backoff {
        match class {
            Class::Interactive => &self.settings.interactive,
            Class::Bulk => &self.settings.bulk,
        }
    }

    /// A call stands in line. False: too many do already, and this one is to end.
    pub fn enter(&mut self, id: u32, class: Class, stream: u32, resource: u32, now: Millis) -> bool {
        if class == Class::Interactive {
            self.interactive_at = Some(now);
        }
        self.queue.push(Ticket { id, class, stream, resource })
    }

    /// What is due. Call it until nothing is.
    pub fn next(&mut self, now: Millis) -> Next {
        self.wall = None;
        if self.queue.is_empty() {
            return Next::Nothing(Millis::NEVER);
        }
        let passage = if self.settings.breaker { self.breaker.passage(now) } else { Passage::Free };
        match passage {
            Passage::Free | Passage::Probe => {}
            Passage::AwaitVerdict(at) => return Next::Nothing(at),
            Passage::Shut(at) => {
                let ticket = self.queue.take_hopeless(&|_| true);
                return ticket.map_or(Next::Nothing(at), |ticket| Next::TurnAway(ticket.id, Reason::CircuitOpen, at));
            }
        }
        let patience = self.settings.interactive.longest_wait;
        let rates = &self.rates;
        let wall = |ticket: &Ticket| rates.wall(ticket.resource, ticket.class, now);
        let hopeless = |ticket: &Ticket| wall(ticket).is_some_and(|at| at > now + patience);
        // Thousands may be in line, and it is asked whenever one leaves: they are looked at when an hour is used up.
        if let Some(ticket) = self.rates.is_used_up().then(|| self.queue.take_hopeless(&hopeless)).flatten() {
            let at = wall(&ticket).unwrap_or(now);
            return Next::TurnAway(ticket.id, Reason::RateLimited, at);
        }
        let limit = self.concurrency.limit() as usize;
        if self.out.len() >= limit {
            return Next::Nothing(Millis::NEVER);
        }
        // A page load is not to wait for a page of somebody's long reading, so one place is kept for it, while there is one and
        // none comes free soon.
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
                let wall = wall(ticket);
                earliest = earliest.min(wall.unwrap_or(Millis::NEVER));
                nearest = nearest.into_iter().chain(wall).min();
                wall.is_none()
            },
            &|stream| out.iter().filter(|(ticket, _)| ticket.stream == stream).count(),
        );
        let Some(ticket) = taken else {
            self.wall = nearest;
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
            // The first reply names the rule; what was sent together with it counts too.
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
            // The wall of its hour keeps requests back; a limit that nobody can see is met less often by fewer.
            Outcome::Limited if self.rates.wall(ticket.resource, ticket.class, now).is_some() => {}
            Outcome::Limited | Outcome::Throttled | Outcome::Unavailable => self.concurrency.overloaded(sent_at, now),
            Outcome::Failed => {}
        }
        if self.settings.breaker {
            let there = !matches!(outcome, Outcome::Unavailable | Outcome::Failed);
            self.breaker.ended(there, probe, now);
        }
    }

    /// The caller gave a call up, in line or out. True: what is due may be another now.
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

    /// The calls whose requests are out.
    pub fn out(&self) -> impl Iterator<Item = u32> + '_ {
        self.out.iter().map(|(ticket, _)| ticket.id)
    }

    /// What follows the `attempts`-th request of a call that began at `began` and failed. Repetitions of all callers draw on one
    /// budget: when it is empty the call ends, except a reading, which waits for its longest pause instead.
    pub fn again(
        &mut self,
        class: Class,
        attempts: u8,
        began: Millis,
        allowed: Allowed,
        chance: u32,
        now: Millis,
    ) -> Then {
        let policy = *self.policy(class);
        let then = policy.after(attempts, began, allowed, chance, now);
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
#[path = "pacer_tests.rs"]
mod tests;
