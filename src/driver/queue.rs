//! A bounded prefetch queue, as the npm package has it. Pages are requested before the caller asks for them, replies arrive in any order,
//! and pages are delivered in the table's order.
//!
//! ```text
//! caller <- accepted pages | requested pages: the first is due, the others are ahead of it | not requested yet
//! ```
//!
//! - The first requested page is accepted once its reply is there: the state machine is given its keys and names the page that is due next.
//! - Offset pagination: a page requested ahead is valid if its path is the one that is due. Keyset pagination: it begins a few rows early,
//!   and is valid if those include the last row of the page before it. An invalid page is requested again.
//! - While the caller works on a page, at most `ahead` pages are accepted or requested. While it waits, pages that overtake the one that is
//!   due do not count, up to twice `ahead`. At most `ahead` requests are in flight.
//! - A page that fails is reported to the state machine, which may name a smaller one. Otherwise the reading fails after the pages accepted
//!   before.

use core::cell::RefCell;
use core::future::poll_fn;
use core::task::{Poll, Waker};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

use js_sys::Array;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;

use super::call_failed::CallFailed;
use super::finished::{CallOutcome, Finished, Replied};
use super::host::Host;
use super::options::Call;
use super::rows::{keys_of, stored};
use crate::code::Code;
use crate::page::RowKeys;
use crate::request::Expect;

/// An instance serves fewer requests of one client at a time, so more pages would only occupy memory.
const MOST_AHEAD: u8 = 8;

/// The state machine of a reading.
pub(super) trait PageSource {
    /// What is delivered of a page.
    type Batch;
    /// The path of the page that is due, or of a later one; none at the end, and where it is not known yet.
    fn path(&self, ahead: u64) -> Option<String>;
    /// None where `sys_id` alone is the key.
    fn key_field(&self) -> Option<&str>;
    /// The `sys_id` of the last row accepted; none where the reading begins.
    fn behind(&self) -> Option<&str>;
    /// Whether a page that was requested ahead follows without a gap.
    fn joins(&mut self, joint: RowKeys<'_>, last: RowKeys<'_>) -> bool;
    /// Whether another page is due instead of the one that failed with this code.
    fn failed(&mut self, code: &str) -> bool;
    /// Takes a page.
    fn accept(&mut self, rows: Array, counted: Option<u64>) -> Result<Self::Batch, CallFailed>;
}

/// Checks the number of pages that are requested ahead.
pub(super) fn checked_ahead(ahead: u8) -> Result<usize, CallFailed> {
    if ahead <= MOST_AHEAD {
        return Ok(usize::from(ahead));
    }
    let words = format!("Invalid option `ahead`: {ahead}. Pass a whole number from 0 to {MOST_AHEAD}");
    Err(CallFailed::invalid(Code::OPTIONS_AHEAD, &words))
}

/// The queue of one reading. Dropping it ends the requests in flight.
pub(super) struct PrefetchQueue<S: PageSource> {
    state: Rc<RefCell<QueueState<S>>>,
}

struct QueueState<S: PageSource> {
    /// What tasks hold that wait for a reply.
    itself: Weak<RefCell<Self>>,
    host: Host,
    stream: u32,
    source: S,
    ahead: usize,
    /// Pages accepted while the caller works: 0 where accepting one changes what the caller is working on.
    most_accepted: usize,
    accepted: VecDeque<S::Batch>,
    requested: VecDeque<PageRequest>,
    /// The request that is no page.
    asked: Option<u32>,
    due: Option<String>,
    failure: Option<CallFailed>,
    /// Present while the caller waits for a page.
    waker: Option<Waker>,
}

struct PageRequest {
    call: u32,
    path: String,
    /// Requested behind a row by keyset pagination, so its first rows are those before it.
    joins: bool,
    outcome: Option<CallOutcome>,
}

impl<S: PageSource + 'static> PrefetchQueue<S> {
    pub(super) fn new(host: Host, stream: u32, source: S, ahead: usize, most_accepted: usize) -> Self {
        let due = source.path(0);
        let state = Rc::new_cyclic(|itself| {
            RefCell::new(QueueState {
                itself: itself.clone(),
                host,
                stream,
                source,
                ahead,
                most_accepted,
                accepted: VecDeque::new(),
                requested: VecDeque::new(),
                asked: None,
                due,
                failure: None,
                waker: None,
            })
        });
        Self { state }
    }

    /// The next page; none after the last. After a failure another call requests the failed page again.
    pub(super) async fn next(&self) -> Result<Option<S::Batch>, CallFailed> {
        let _waiting = Waiting(&self.state);
        poll_fn(|context| {
            let mut state = self.state.borrow_mut();
            state.waker = Some(context.waker().clone());
            state.advance();
            if let Some(page) = state.accepted.pop_front() {
                state.waker = None;
                state.advance();
                return Poll::Ready(Ok(Some(page)));
            }
            match state.failure.take() {
                Some(failure) => Poll::Ready(Err(failure)),
                None if state.due.is_none() => Poll::Ready(Ok(None)),
                None => Poll::Pending,
            }
        })
        .await
    }

    /// Reads or changes the state machine between pages.
    pub(super) fn with<T>(&self, act: impl FnOnce(&mut S) -> T) -> T {
        act(&mut self.state.borrow_mut().source)
    }

    /// A request of this reading that is no page. Its answer changes the state machine, unless the reading is over by then.
    pub(super) fn ask(&self, path: String, answered: impl FnOnce(&mut S, &Array) + 'static) {
        let mut state = self.state.borrow_mut();
        let running = state.host.begin(Call::get(path, Expect::Rows), state.stream);
        state.asked = Some(running.id());
        let itself = state.itself.clone();
        spawn_local(async move {
            let Ok(replied) = running.await.and_then(Finished::into_reply) else { return };
            if let Some(state) = itself.upgrade() {
                answered(&mut state.borrow_mut().source, &replied.value.unchecked_into());
            }
        });
    }
}

impl<S: PageSource> Drop for PrefetchQueue<S> {
    fn drop(&mut self) {
        let mut state = self.state.borrow_mut();
        state.drop_requested();
        if let Some(call) = state.asked.take() {
            state.host.abort(call);
        }
    }
}

/// A caller that drops its future does not wait any more.
struct Waiting<'a, S: PageSource>(&'a RefCell<QueueState<S>>);

impl<S: PageSource> Drop for Waiting<'_, S> {
    fn drop(&mut self) {
        self.0.borrow_mut().waker = None;
    }
}

impl<S: PageSource + 'static> QueueState<S> {
    /// Runs whenever a reply arrives, the caller begins to wait, or a page was taken.
    fn advance(&mut self) {
        while self.can_accept() {
            if let Err(failure) = self.accept_first() {
                self.drop_requested();
                self.failure = Some(failure);
            }
        }
        if !self.is_ready() {
            self.request();
        }
    }

    /// Whether a caller that waits gets an answer.
    fn is_ready(&self) -> bool {
        self.waker.is_some() && (!self.accepted.is_empty() || self.is_over())
    }

    fn can_accept(&self) -> bool {
        let most = if self.waker.is_some() { 1 } else { self.most_accepted };
        let has_come = self.requested.front().is_some_and(|first| first.outcome.is_some());
        has_come && !self.is_over() && self.accepted.len() < most
    }

    fn accept_first(&mut self) -> Result<(), CallFailed> {
        let Some(PageRequest { path, joins, outcome: Some(outcome), .. }) = self.requested.pop_front() else {
            return Ok(());
        };
        let Replied { value, headers, .. } = match outcome.and_then(Finished::into_reply) {
            Ok(replied) => replied,
            Err(failed) => return self.replace(failed),
        };
        let mut rows: Array = value.unchecked_into();
        if joins {
            let Some(place) = self.joint(&rows) else {
                // Those that were requested behind it may join it.
                if let Some(due) = self.due.clone() {
                    let again = self.begin(due, false);
                    self.requested.push_front(again);
                }
                return Ok(());
            };
            rows = rows.slice(place + 1, rows.length());
        }
        let batch = self.source.accept(rows, headers.counted(&path))?;
        self.accepted.push_back(batch);
        self.due = self.source.path(0);
        // Where a reading of other rows begins, there is no row to join.
        let is_valid = self.requested.front().is_some_and(|first| {
            if first.joins { self.source.behind().is_some() } else { Some(&first.path) == self.due.as_ref() }
        });
        if !is_valid {
            self.drop_requested();
        }
        Ok(())
    }

    /// The place of the last accepted row in a page that was requested ahead, if the page joins.
    fn joint(&mut self, rows: &Array) -> Option<u32> {
        let behind = self.source.behind();
        let place = rows.iter().position(|row| behind.is_some() && stored(&row, "sys_id").as_deref() == behind);
        let last = rows.length().saturating_sub(1);
        // Where no row has that key the last one is given, which has another.
        let place = place.and_then(|place| u32::try_from(place).ok()).unwrap_or(last);
        let keys = |place| keys_of(&rows.get(place), self.source.key_field());
        let (joint, last) = (keys(place), keys(last));
        let joint = RowKeys { value: &joint.0, id: &joint.1 };
        self.source.joins(joint, RowKeys { value: &last.0, id: &last.1 }).then_some(place)
    }

    /// The pages that follow were requested for the size of the one that failed.
    fn replace(&mut self, failed: CallFailed) -> Result<(), CallFailed> {
        self.drop_requested();
        if !self.source.failed(failed.code()) {
            return Err(failed);
        }
        self.due = self.source.path(0);
        Ok(())
    }

    fn request(&mut self) {
        let Some(due) = self.due.clone().filter(|_| !self.is_over()) else { return };
        let left = self.ahead.saturating_sub(self.accepted.len());
        let waits = self.waker.is_some();
        let places = if waits && self.ahead > 1 { 2 * self.ahead } else { left };
        if self.requested.is_empty() && (waits || left > 0) {
            let first = self.begin(due, false);
            self.requested.push_back(first);
        }
        while self.in_flight() < left && self.requested.len() < places {
            let Some(path) = self.source.path(self.requested.len() as u64) else { break };
            let request = self.begin(path, self.source.behind().is_some());
            self.requested.push_back(request);
        }
    }

    fn begin(&self, path: String, joins: bool) -> PageRequest {
        let running = self.host.begin(Call::get(path.clone(), Expect::Rows), self.stream);
        let (call, itself) = (running.id(), self.itself.clone());
        spawn_local(async move {
            let outcome = running.await;
            let Some(state) = itself.upgrade() else { return };
            let mut state = state.borrow_mut();
            if let Some(request) = state.requested.iter_mut().find(|request| request.call == call) {
                request.outcome = Some(outcome);
                state.advance();
                if let Some(waker) = state.waker.as_ref().filter(|_| state.is_ready()) {
                    waker.wake_by_ref();
                }
            }
        });
        PageRequest { call, path, joins, outcome: None }
    }
}

impl<S: PageSource> QueueState<S> {
    fn is_over(&self) -> bool {
        self.due.is_none() || self.failure.is_some()
    }

    fn in_flight(&self) -> usize {
        self.requested.iter().filter(|request| request.outcome.is_none()).count()
    }

    /// Pages that no one will be given are not waited for.
    fn drop_requested(&mut self) {
        for request in self.requested.drain(..).filter(|request| request.outcome.is_none()) {
            self.host.abort(request.call);
        }
    }
}
