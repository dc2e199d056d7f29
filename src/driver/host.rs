//! The host of one client: performs what its state machine asks for, and resumes the machine with the result.
//!
//! No code of the page runs while something here is borrowed: events, requests and their ends leave in tasks of their own.

use core::cell::RefCell;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::rc::{Rc, Weak};

use futures_channel::oneshot;
use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;
use web_sys::AbortController;

use super::call_failed::CallFailed;
use super::fetch::{NoReply, fetch};
use super::finished::{CallOutcome, Finished, Replied};
use super::options::{Call, HostOptions};
use super::shared::{Shared, WaitingCaller};
use crate::call::{
    CallId, Client, ClientEvent, ClientSettings, Completion, Effect, EffectId, Input, Request, Status, from_number,
};
use crate::code::Code;
use crate::diagnose::Failure;
use crate::request::Outgoing;
use crate::secret::Secret;
use crate::time::Millis;

/// The stream of all calls that nobody waits for; readings are numbered from 1.
const BACKGROUND: u32 = u32::MAX;

/// The host of one client. Clones share it.
#[derive(Clone)]
pub(super) struct Host {
    inner: Rc<Inner>,
}

struct Inner {
    options: HostOptions,
    shared: RefCell<Shared>,
}

impl fmt::Debug for Host {
    /// Bodies of calls may hold a person's password.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Host")
    }
}

impl Drop for Inner {
    /// An abandoned instance has no calls, but perhaps a renewal under way.
    fn drop(&mut self) {
        for (_, controller) in self.shared.get_mut().fetches.drain() {
            controller.abort();
        }
    }
}

impl Host {
    pub(super) fn open(settings: ClientSettings, options: HostOptions) -> Self {
        Self { inner: Rc::new(Inner { options, shared: RefCell::new(Shared::of(Client::new(settings))) }) }
    }

    /// The number of a new reading. Its pages are a stream of their own, so that readings share the instance evenly and let interactive
    /// calls go first.
    pub(super) fn new_reading(&self) -> u32 {
        let mut shared = self.inner.shared.borrow_mut();
        shared.readings = shared.readings.wrapping_add(1).max(1);
        shared.readings
    }

    /// Begins a call. `stream` is the number of the reading that it is a page of; 0 for an interactive call.
    pub(super) fn begin(&self, call: Call, stream: u32) -> Running {
        let Call { method, path, expect, body, is_background } = call;
        let stream = if is_background { BACKGROUND } else { stream };
        let request = Request { method, path, expect, repeatable: true };
        self.start(body, |client, now| match stream {
            0 => client.start(request, now),
            _ => client.start_bulk(request, stream, now),
        })
    }

    pub(super) fn token(&self, refused: Option<Secret>) -> Running {
        self.start(None, |client, now| client.start_token(refused, now))
    }

    pub(super) fn sign_out(&self, revoke: bool) -> Running {
        self.start(None, |client, now| client.start_sign_out(revoke, now))
    }

    fn start(&self, body: Option<String>, start: impl FnOnce(&mut Client, Millis) -> CallId) -> Running {
        let (sender, receiver) = oneshot::channel();
        let mut shared = self.inner.shared.borrow_mut();
        if shared.closed {
            drop(sender.send(Err(CallFailed::invalid(Code::INSTANCE_CLOSED, "The instance is closed. Open it again"))));
            return Running { host: self.clone(), id: 0, receiver };
        }
        let id = start(&mut shared.client, now()).0;
        shared.calls.insert(id, WaitingCaller { sender, body, replied: Replied::default(), cause: None });
        drop(shared);
        self.pump();
        Running { host: self.clone(), id, receiver }
    }

    pub(super) fn status(&self) -> Status {
        self.inner.shared.borrow().client.status()
    }

    pub(super) fn limited_until(&self) -> Option<Millis> {
        self.inner.shared.borrow().limited_until.filter(|until| *until > now())
    }

    /// Ends a call whose caller does not wait any more, and its request.
    pub(super) fn abort(&self, call: u32) {
        let mut shared = self.inner.shared.borrow_mut();
        if shared.calls.remove(&call).is_some() {
            shared.client.abort(CallId(call));
            drop(shared);
            self.pump();
        }
    }

    /// Ends all calls. Replies that arrive later are dropped.
    pub(super) fn close(&self) {
        let mut shared = self.inner.shared.borrow_mut();
        shared.closed = true;
        shared.client.close();
        shared.sleeping = None;
        let fetches = core::mem::take(&mut shared.fetches);
        let calls = core::mem::take(&mut shared.calls);
        drop(shared);
        for controller in fetches.into_values() {
            controller.abort();
        }
        for call in calls.into_values() {
            drop(call.sender.send(Err(CallFailed::closed_meanwhile())));
        }
    }

    /// Performs all due effects. Holds no borrow while it performs one.
    fn pump(&self) {
        {
            let mut shared = self.inner.shared.borrow_mut();
            if shared.polling || shared.closed {
                return;
            }
            shared.polling = true;
        }
        loop {
            let due = self.inner.shared.borrow_mut().client.poll(now());
            match due {
                None => break,
                Some(Effect::Fetch { id, call, outgoing }) => self.fetch(id, call.map(|call| call.0), outgoing),
                Some(Effect::AskSource { id, refused }) => self.ask_source(id, refused),
                // Rust apps have no store, lock or key. The machine handles these effects as failed.
                Some(Effect::Lock { id } | Effect::Load { id } | Effect::Save { id, .. } | Effect::Sign { id, .. }) => {
                    self.resume(id, Input::Failed);
                }
                Some(Effect::Emit(event)) => self.emit(event),
                Some(Effect::Cancel { id }) => self.cancel(id),
                Some(Effect::Sleep { id, length, .. }) => self.sleep(id, length),
                Some(Effect::Finish { call, outcome }) => self.finish(call.0, outcome),
            }
        }
        self.inner.shared.borrow_mut().polling = false;
    }

    fn finish(&self, id: u32, outcome: Result<Completion, Box<Failure>>) {
        let mut shared = self.inner.shared.borrow_mut();
        let Some(call) = shared.calls.remove(&id) else { return };
        let outcome = match outcome {
            Ok(Completion::Token(token)) => Ok(Finished::Token(token)),
            Ok(Completion::Reply | Completion::SignedOut) => Ok(Finished::Reply(call.replied)),
            Err(failure) => {
                let cause = if failure.of_token { shared.token_cause.clone() } else { call.cause };
                Err(CallFailed { failure, cause })
            }
        };
        drop(shared);
        // The caller may have dropped its future.
        drop(call.sender.send(outcome));
    }

    fn fetch(&self, id: EffectId, call: Option<u32>, outgoing: Outgoing) {
        let Ok(controller) = AbortController::new() else { return self.resume(id, Input::Unreachable) };
        let signal = controller.signal();
        let mut shared = self.inner.shared.borrow_mut();
        shared.fetches.insert(id.0, controller);
        let body = call.and_then(|call| shared.calls.get(&call)?.body.clone());
        if call.is_none() {
            shared.token_cause = None;
        }
        drop(shared);
        let (options, host) = (self.inner.options.clone(), self.weak());
        spawn_local(async move {
            // It may have been cancelled before this task ran.
            if !host.upgrade().is_some_and(|host| host.inner.shared.borrow().fetches.contains_key(&id.0)) {
                return;
            }
            let fetched = fetch(&outgoing, body.as_deref(), &signal, &options).await;
            let Some(host) = host.upgrade() else { return };
            host.fetched(id, call, fetched);
        });
    }

    fn fetched(&self, id: EffectId, call: Option<u32>, fetched: Result<super::fetch::Fetched, NoReply>) {
        let mut shared = self.inner.shared.borrow_mut();
        // Absent after an abort: what came is of no use.
        if shared.fetches.remove(&id.0).is_none() {
            return;
        }
        let input = match fetched {
            Ok(fetched) => {
                if fetched.repaired > 0 {
                    let detail = Some(format!("{} raw control characters", fetched.repaired));
                    self.pass(ClientEvent { name: "reply.repaired", at: now(), detail, until: None, failure: None });
                }
                if let Some(call) = call.and_then(|call| shared.calls.get_mut(&call)) {
                    (call.replied, call.cause) = (fetched.replied, None);
                }
                fetched.input
            }
            Err(NoReply::Lost(cause)) => {
                let cause = shared.masked(call, cause);
                match call {
                    None => shared.token_cause = Some(cause),
                    Some(call) => drop(shared.calls.get_mut(&call).map(|call| call.cause = Some(cause))),
                }
                Input::Unreachable
            }
            Err(NoReply::TooLarge(failure)) => return self.end(shared, call, failure.into()),
            Err(NoReply::Refused(why)) => {
                let why = shared.masked(call, why);
                let words = [
                    "The fetch refused the request before it was sent (",
                    &why,
                    "). Check the address, the path and the token",
                ];
                let failed = CallFailed::invalid(Code::REQUEST_REFUSED, &words.concat());
                if call.is_some() {
                    return self.end(shared, call, failed);
                }
                shared.token_cause = Some(why);
                Input::Failed
            }
        };
        drop(shared);
        self.resume(id, input);
        self.pump();
    }

    /// Ends a call with an error that the state machine does not know.
    fn end(&self, mut shared: core::cell::RefMut<'_, Shared>, call: Option<u32>, failed: CallFailed) {
        if let Some((id, call)) = call.and_then(|id| Some((id, shared.calls.remove(&id)?))) {
            shared.client.abort(CallId(id));
            drop(call.sender.send(Err(failed)));
        }
        drop(shared);
        self.pump();
    }

    fn ask_source(&self, id: EffectId, refused: Option<Secret>) {
        let Some(source) = self.inner.options.source.clone() else { return self.resume(id, Input::SourceFailed) };
        self.inner.shared.borrow_mut().token_cause = None;
        let host = self.weak();
        spawn_local(async move {
            let supplied = source(refused).await;
            let Some(host) = host.upgrade() else { return };
            let input = match supplied {
                Ok(supplied) => Input::Supplied { token: supplied.token, expires_at: supplied.expires_at },
                Err(cause) => {
                    let mut shared = host.inner.shared.borrow_mut();
                    shared.token_cause = Some(shared.masked(None, cause));
                    Input::SourceFailed
                }
            };
            host.resume(id, input);
            host.pump();
        });
    }

    fn emit(&self, event: ClientEvent) {
        if event.name == "rate.limited" {
            self.inner.shared.borrow_mut().limited_until = event.until;
        }
        self.pass(event);
    }

    fn pass(&self, event: ClientEvent) {
        if let Some(listener) = self.inner.options.on_event.clone() {
            spawn_local(async move { listener(&event) });
        }
    }

    fn sleep(&self, id: EffectId, length: Millis) {
        let host = self.weak();
        let timer = Timeout::new(u32::try_from(length.0).unwrap_or(u32::MAX), move || {
            if let Some(host) = host.upgrade() {
                host.resume(id, Input::Slept);
                host.pump();
            }
        });
        self.inner.shared.borrow_mut().sleeping = Some((id.0, timer));
    }

    fn cancel(&self, id: EffectId) {
        let mut shared = self.inner.shared.borrow_mut();
        shared.sleeping.take_if(|(sleep, _)| *sleep == id.0);
        if let Some(controller) = shared.fetches.remove(&id.0) {
            // It calls listeners of the page's own fetch.
            spawn_local(async move { controller.abort() });
        }
    }

    fn resume(&self, id: EffectId, input: Input) {
        self.inner.shared.borrow_mut().client.resume(id, input, now());
    }

    /// What timers and requests hold: an instance that its page has dropped must not live on by renewing its token.
    fn weak(&self) -> WeakHost {
        WeakHost(Rc::downgrade(&self.inner))
    }
}

struct WeakHost(Weak<Inner>);

impl WeakHost {
    fn upgrade(&self) -> Option<Host> {
        self.0.upgrade().map(|inner| Host { inner })
    }
}

/// A call under way. Dropping it ends the call and its request; a write that was sent may have happened all the same.
#[derive(Debug)]
#[must_use = "dropping it ends the call"]
pub(super) struct Running {
    host: Host,
    id: u32,
    receiver: oneshot::Receiver<CallOutcome>,
}

impl Running {
    pub(super) const fn id(&self) -> u32 {
        self.id
    }
}

impl Future for Running {
    type Output = CallOutcome;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<CallOutcome> {
        // The sender is dropped with a call that was aborted.
        Pin::new(&mut self.receiver)
            .poll(context)
            .map(|ended| ended.unwrap_or_else(|_| Err(CallFailed::closed_meanwhile())))
    }
}

impl Drop for Running {
    /// A call that has ended is not known any more.
    fn drop(&mut self) {
        self.host.abort(self.id);
    }
}

/// By the browser's clock.
pub(super) fn now() -> Millis {
    from_number(js_sys::Date::now())
}
