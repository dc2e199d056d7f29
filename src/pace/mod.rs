//! Decides when a request may be sent, and when again: never more than the instance can take, and nobody waits for nothing. Never
//! waits, never sends, never looks at a clock.
//!
//! One [`Pacer`] per instance holds what its callers share:
//!
//! ```text
//!  enter --> in line --next: Start--> out --left--> gone          breaker      is the instance there at all?
//!               |                                                 rates        is this hour's share used up?
//!               `----next: TurnAway (with the time to come back)  concurrency  how many may be out at once?
//!                                                                 queue        who is next?
//! ```
//!
//! How the machine of calls drives it:
//!
//! 1. a call that has its token stands in line with [`Pacer::enter`] instead of being sent;
//! 2. whenever it is polled, the machine asks [`Pacer::next`] until that answers [`Next::Nothing`]. It sends what may start, ends
//!    what is turned away (`CircuitOpenError`, `RateLimitError`, with `resumesAt`), and sleeps no longer than until the time
//!    told;
//! 3. when a reply comes, or none, it tells [`Pacer::left`] with the [`Outcome`]; when the caller gives up, [`Pacer::withdraw`];
//! 4. for a call that failed and whose diagnosis allows another try it asks [`Pacer::again`], keeps the call until that time and
//!    goes on with 1. Chance comes from the host with the effect that reports the failure.
//!
//! Requests for tokens do not stand in line: everything else waits for them.

mod backoff;
mod breaker;
mod budget;
mod concurrency;
mod pacer;
mod queue;
mod rates;

pub use backoff::{Allowed, Backoff, Then};
pub use breaker::{Breaker, OpenBreaker, Passage, Window};
pub use budget::RetryBudget;
pub use concurrency::Concurrency;
pub use pacer::{Next, Outcome, Pacer, Pacing, Reason, Settings};
pub use queue::{MOST_WAITING, Queue, Ticket};
pub use rates::{Rates, Rule, resource_of};

/// Whether somebody waits for a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Yes: it goes first, and is told soon when it cannot be served.
    Interactive,
    /// No: a page of a long reading, which waits as long as it takes.
    Bulk,
}
