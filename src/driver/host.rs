//! The host of one client: performs what its state machine asks for, and resumes the machine with the result.

use crate::code::Code;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use futures_channel::oneshot;
use gloo_timers::callback::Timeout;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::AbortController;

use super::fetch::fetch;
use crate::call::{CallId, Client, ClientSettings, Completion, Effect, EffectId, Input, Request, Status, from_number};
use crate::diagnose::{Failure, Secrets};
use crate::request::{Expect, Headers, Method, Outgoing};
use crate::secret::Secret;
use crate::time::Millis;

/// The result of a successful call.
#[derive(Debug)]
pub enum Finished {
    /// Rows, a record or a body's text as a JavaScript value, and the headers in [`Headers::WANTED`].
    Reply(JsValue, Headers),
    /// The requested token.
    Token(Secret),
}

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
#[error("{failure}")]
pub struct CallFailed {
    /// The diagnosis: what it means and what to do.
    pub failure: Box<Failure>,
    /// The browser's error message, for a failed fetch.
    pub cause: Option<String>,
}

impl From<Box<Failure>> for CallFailed {
    fn from(failure: Box<Failure>) -> Self {
        Self { failure, cause: None }
    }
}

/// How a call ended.
pub(super) type CallOutcome = Result<Finished, CallFailed>;

/// The host of one client. Clones share it.
#[derive(Debug, Clone)]
pub(super) struct Host {
    shared: Rc<RefCell<Shared>>,
}

#[derive(Debug)]
struct Shared {
    client: Client,
    waiting: HashMap<u32, oneshot::Sender<CallOutcome>>,
    results: HashMap<u32, (JsValue, Headers)>,
    fetches: HashMap<u32, AbortController>,
    /// The running sleep. Dropping the timer stops it.
    sleeping: Option<(u32, Timeout)>,
    /// The browser's error messages for requests without a reply, by call; the key of token requests is none.
    causes: HashMap<Option<u32>, String>,
}

impl Host {
    pub(super) fn open(settings: ClientSettings) -> Self {
        let client = Client::new(settings);
        let (waiting, results, fetches) = (HashMap::new(), HashMap::new(), HashMap::new());
        Self {
            shared: Rc::new(RefCell::new(Shared {
                client,
                waiting,
                results,
                fetches,
                sleeping: None,
                causes: HashMap::new(),
            })),
        }
    }

    pub(super) async fn token(&self) -> Result<Secret, CallFailed> {
        let call = self.shared.borrow_mut().client.start_token(None, now());
        match self.finish(call.0).await? {
            Finished::Token(token) => Ok(token),
            Finished::Reply(..) => Err(lost()),
        }
    }

    pub(super) async fn request(&self, path: String, expect: Expect) -> CallOutcome {
        let request = Request { method: Method::Get, path, expect, repeatable: true };
        let call = self.shared.borrow_mut().client.start(request, now());
        self.finish(call.0).await
    }

    pub(super) fn status(&self) -> Status {
        self.shared.borrow().client.status()
    }

    async fn finish(&self, call: u32) -> CallOutcome {
        let (sender, receiver) = oneshot::channel();
        self.shared.borrow_mut().waiting.insert(call, sender);
        self.pump();
        receiver.await.unwrap_or_else(|_| Err(lost()))
    }

    /// Performs all due effects. Holds no borrow while it performs one.
    fn pump(&self) {
        loop {
            let due = self.shared.borrow_mut().client.poll(now());
            match due {
                None => return,
                Some(Effect::Fetch { id, call, outgoing }) => self.fetch(id, call.map(|call| call.0), outgoing),
                Some(Effect::AskSource { id, .. }) => self.resume(id, Input::SourceFailed),
                // Rust apps have no store, lock or key. The machine handles these effects as failed.
                Some(Effect::Lock { id } | Effect::Load { id } | Effect::Save { id, .. } | Effect::Sign { id, .. }) => {
                    self.resume(id, Input::Failed);
                }
                Some(Effect::Emit(_)) => {}
                Some(Effect::Cancel { id }) => self.cancel(id),
                Some(Effect::Sleep { id, length, .. }) => self.sleep(id, length),
                Some(Effect::Finish { call, outcome }) => {
                    let mut shared = self.shared.borrow_mut();
                    let reply = shared.results.remove(&call.0);
                    let own_cause = shared.causes.remove(&Some(call.0));
                    let token_cause = || shared.causes.get(&None).cloned();
                    let outcome = outcome.map_err(|failure| {
                        let cause = if failure.of_token { token_cause() } else { own_cause };
                        CallFailed { failure, cause }
                    });
                    let outcome = outcome.map(|answer| match answer {
                        Completion::Token(token) => Finished::Token(token),
                        Completion::Reply | Completion::SignedOut => {
                            let (result, headers) = reply.unwrap_or_default();
                            Finished::Reply(result, headers)
                        }
                    });
                    if let Some(sender) = shared.waiting.remove(&call.0) {
                        // The caller may have dropped its future.
                        drop(sender.send(outcome));
                    }
                }
            }
        }
    }

    fn fetch(&self, id: EffectId, call: Option<u32>, outgoing: Outgoing) {
        let Ok(controller) = AbortController::new() else { return self.resume(id, Input::Unreachable) };
        let signal = controller.signal();
        self.shared.borrow_mut().fetches.insert(id.0, controller);
        let host = self.clone();
        spawn_local(async move {
            let fetched = fetch(&outgoing, &signal).await;
            host.shared.borrow_mut().fetches.remove(&id.0);
            let input = match fetched {
                Ok(fetched) => {
                    if let Some(call) = call {
                        host.shared.borrow_mut().results.insert(call, (fetched.result, fetched.headers));
                    }
                    fetched.input
                }
                Err(cause) => {
                    let mut shared = host.shared.borrow_mut();
                    let cause = cause.to_string();
                    let masked = Secrets::of(&shared.client.secrets(call.map(CallId))).masked(&cause);
                    shared.causes.insert(call, masked.unwrap_or(cause));
                    Input::Unreachable
                }
            };
            host.resume(id, input);
            host.pump();
        });
    }

    fn sleep(&self, id: EffectId, length: Millis) {
        let host = self.clone();
        let timer = Timeout::new(u32::try_from(length.0).unwrap_or(u32::MAX), move || {
            host.resume(id, Input::Slept);
            host.pump();
        });
        self.shared.borrow_mut().sleeping = Some((id.0, timer));
    }

    fn cancel(&self, id: EffectId) {
        let mut shared = self.shared.borrow_mut();
        shared.sleeping.take_if(|(sleep, _)| *sleep == id.0);
        if let Some(controller) = shared.fetches.remove(&id.0) {
            controller.abort();
        }
    }

    fn resume(&self, id: EffectId, input: Input) {
        self.shared.borrow_mut().client.resume(id, input, now());
    }
}

fn now() -> Millis {
    from_number(js_sys::Date::now())
}

/// The machine finishes every call. This failure is for a driver that was dropped before that.
fn lost() -> CallFailed {
    Failure::invalid(Code::INSTANCE_CLOSED, &["The instance was closed while the call was under way"]).into()
}
