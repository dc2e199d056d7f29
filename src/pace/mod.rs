//! Decides when a request may be sent and when it may be repeated, so that the instance is not overloaded and no call waits without
//! reason. Never waits, never sends, never reads a clock.
//!
//! One [`Pacer`] per instance holds what its callers share:
//!
//! ```text
//!  enter --> queued --next: Start--> in flight --left--> ended    breaker      does the instance answer?
//!               |                                                 rates        is the hourly limit used up?
//!               `----next: Reject (with the time to retry)        concurrency  how many may be in flight?
//!                                                                 queue        which call is next?
//! ```
//!
//! How the machine of calls drives it:
//!
//! 1. A call with a token is queued by [`Pacer::enter`] instead of being sent.
//! 2. Whenever it is polled, the machine calls [`Pacer::next`] until it returns [`Next::Nothing`]. The machine sends calls that may
//!    start, ends calls that are rejected (`CircuitOpenError`, `RateLimitError`, with `resumesAt`), and sleeps at most until the
//!    returned time.
//! 3. When a request ends, with or without a reply, it calls [`Pacer::left`] with the [`Outcome`]. When the caller gives up, it calls
//!    [`Pacer::withdraw`].
//! 4. For a failed call whose diagnosis allows another attempt it calls [`Pacer::again`], keeps the call until the returned time and
//!    continues with 1. The host supplies a random number with the effect that reports the failure.
//!
//! Token requests are not queued, because everything else waits for them.

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

/// The priority of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// A person may be waiting: it goes first, and it fails early if it cannot be served.
    Interactive,
    /// A page of a long reading, which waits as long as necessary.
    Bulk,
}
