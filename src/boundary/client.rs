//! The client's state machine, for JavaScript.
//!
//! `poll` returns the kind of the next effect as a code of `protocol`, and the getters return its numbers and its text until the next
//! `poll`: they are cheaper to pass than an object.

use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use super::thrown::{thrown_failure, unknown_code};
use crate::call::{CallId, Client, Completion, ConnectOptions, Effect, EffectId, Input, Request, from_number};
use crate::diagnose::listed;
use crate::protocol::{Due, EffectEnd, ExpectedBody, FoundBody};
use crate::request::{Body, Expect, Headers, Method, Reply};
use crate::secret::Secret;

/// All calls to one instance.
#[wasm_bindgen(js_name = Client)]
#[derive(Debug)]
pub struct WasmClient {
    client: Client,
    due: Option<Effect>,
    /// The headers of the latest request. They are passed only after a change, because they stay the same until the token changes.
    headers: Secret,
}

#[wasm_bindgen(js_class = Client)]
impl WasmClient {
    /// Opens a client. The options are one text of alternating names and values, each terminated by a NUL. `high` and `low` are a
    /// random seed. Throws an invalid option.
    #[wasm_bindgen(constructor)]
    pub fn new(options: String, high: u32, low: u32) -> Result<Self, JsValue> {
        let options = ConnectOptions::from_text(&Secret::new(options));
        let settings =
            options.check(u64::from(high) << 32 | u64::from(low)).map_err(|failure| thrown_failure(&failure))?;
        Ok(Self { client: Client::new(settings), due: None, headers: Secret::new(String::new()) })
    }

    /// The key of the tokens in a store, and of their lock.
    #[wasm_bindgen(getter)]
    pub fn key(&self) -> String {
        self.client.key()
    }

    /// The instance's origin.
    #[wasm_bindgen(getter)]
    pub fn origin(&self) -> String {
        self.client.instance().as_str().to_owned()
    }

    /// Starts a request; returns its call id, or 0 for a method that ServiceNow does not serve. `expect` is a code of [`ExpectedBody`];
    /// `stream` is the reading that it is a page of, 0 for an interactive call. Throws an unknown code.
    pub fn start(
        &mut self,
        method: &str,
        path: String,
        expect: u8,
        repeatable: bool,
        stream: u32,
        now: f64,
    ) -> Result<u32, JsValue> {
        let Some(method) = Method::parse(method) else { return Ok(0) };
        let expect = match ExpectedBody::try_from(expect).map_err(unknown_code)? {
            ExpectedBody::Untouched | ExpectedBody::Done => Expect::Untouched,
            ExpectedBody::Rows => Expect::Rows,
            ExpectedBody::Record => Expect::Record,
        };
        let (request, now) = (Request { method, path, expect, repeatable }, from_number(now));
        let call =
            if stream == 0 { self.client.start(request, now) } else { self.client.start_bulk(request, stream, now) };
        Ok(call.0)
    }

    /// Requests a token; returns its call id.
    #[wasm_bindgen(js_name = startToken)]
    pub fn start_token(&mut self, refused: Option<String>, now: f64) -> u32 {
        self.client.start_token(refused.map(Secret::new), from_number(now)).0
    }

    /// Requests a token with the authorization code of a sign-in; returns its call id.
    #[wasm_bindgen(js_name = startCode)]
    pub fn start_code(&mut self, code: String, verifier: String, now: f64) -> u32 {
        self.client.start_code(Secret::new(code), Secret::new(verifier), from_number(now)).0
    }

    /// Signs out; returns its call id.
    #[wasm_bindgen(js_name = startSignOut)]
    pub fn start_sign_out(&mut self, revoke: bool, now: f64) -> u32 {
        self.client.start_sign_out(revoke, from_number(now)).0
    }

    /// Reports that another context changed the store.
    #[wasm_bindgen(js_name = storeChanged)]
    pub fn store_changed(&mut self, now: f64) {
        self.client.store_changed(from_number(now));
    }

    /// Aborts a call; no finish follows.
    pub fn abort(&mut self, call: u32) {
        self.client.abort(CallId(call));
    }

    /// The next effect, a code of [`Due`].
    pub fn poll(&mut self, now: f64) -> u8 {
        self.due = self.client.poll(from_number(now));
        let due = match &self.due {
            None => Due::Nothing,
            Some(Effect::Fetch { call, outgoing, .. }) => {
                let headers = header_lines(outgoing);
                let is_own = call.is_some() && outgoing.query.is_none() && outgoing.form.is_none();
                if is_own && self.headers.is(&headers) {
                    Due::FetchSameHeaders
                } else {
                    self.headers = Secret::new(headers);
                    if outgoing.is_batch() { Due::FetchBatch } else { Due::Fetch }
                }
            }
            Some(Effect::AskSource { .. }) => Due::AskSource,
            Some(Effect::Cancel { .. }) => Due::Cancel,
            Some(Effect::Sleep { background: false, .. }) => Due::Sleep,
            Some(Effect::Sleep { .. }) => Due::BackgroundSleep,
            Some(Effect::Finish { outcome: Ok(Completion::Reply), .. }) => Due::Reply,
            Some(Effect::Finish { outcome: Ok(Completion::Token(_)), .. }) => Due::Token,
            Some(Effect::Finish { outcome: Err(_), .. }) => Due::Failed,
            Some(Effect::Lock { .. }) => Due::Lock,
            Some(Effect::Load { .. }) => Due::Load,
            Some(Effect::Save { .. }) => Due::Save,
            Some(Effect::Sign { .. }) => Due::Sign,
            Some(Effect::Emit(_)) => Due::Emit,
            Some(Effect::Finish { outcome: Ok(Completion::SignedOut), .. }) => {
                self.headers = Secret::new(String::new());
                Due::SignedOut
            }
        };
        due as u8
    }

    /// The id of the effect, for its result.
    #[wasm_bindgen(getter)]
    pub fn effect(&self) -> u32 {
        match &self.due {
            Some(Effect::Cancel { id }) => id.0,
            Some(effect) => effect.id().map_or(0, |id| id.0),
            None => 0,
        }
    }

    /// The call of the effect; 0 for none.
    #[wasm_bindgen(getter)]
    pub fn call(&self) -> u32 {
        match &self.due {
            Some(Effect::Fetch { call, .. }) => call.map_or(0, |call| call.0),
            Some(Effect::Finish { call, .. }) => call.0,
            _ => 0,
        }
    }

    /// Milliseconds to sleep; or the expiry of the saved text.
    #[wasm_bindgen(getter)]
    #[expect(clippy::cast_precision_loss, reason = "lengths are below an hour, and times below 2^53")]
    pub fn length(&self) -> f64 {
        match &self.due {
            Some(Effect::Sleep { length: time, .. } | Effect::Save { expires_at: time, .. }) => time.0 as f64,
            _ => 0.0,
        }
    }

    /// The effect's text, as [`Due`] says: one text is cheaper to pass than its parts.
    #[wasm_bindgen(getter)]
    pub fn text(&self) -> String {
        match &self.due {
            Some(Effect::Fetch { outgoing, .. }) => {
                let query = outgoing.query.as_ref().map_or("", Secret::expose);
                let form = outgoing.form.as_ref().map_or("", Secret::expose);
                [outgoing.method.as_str(), "\0", &outgoing.url, query, "\0", form, "\0", self.headers.expose()].concat()
            }
            Some(Effect::AskSource { refused: Some(text), .. }) => text.expose().to_owned(),
            Some(Effect::Save { envelope: text, .. }) => text.expose().to_owned(),
            Some(Effect::Finish { outcome: Ok(Completion::Token(text)), .. }) => text.expose().to_owned(),
            Some(Effect::Finish { outcome: Err(failure), .. }) => failure.to_json(),
            Some(Effect::Sign { text, .. }) => text.clone(),
            Some(Effect::Emit(event)) => event.to_json(),
            _ => String::new(),
        }
    }

    /// Reports a reply. `found` is a code of [`FoundBody`]. Throws an unknown one.
    #[expect(clippy::too_many_arguments, reason = "an object would cost more to cross, once a request")]
    pub fn replied(
        &mut self,
        effect: u32,
        status: u16,
        headers: &str,
        found: u8,
        rows: u32,
        text: String,
        now: f64,
    ) -> Result<(), JsValue> {
        let body = match FoundBody::try_from(found).map_err(unknown_code)? {
            FoundBody::Text => Body::Text(text),
            FoundBody::Rows => Body::Rows(rows),
            FoundBody::Record => Body::Record,
            FoundBody::Untouched => Body::Untouched,
        };
        let reply = Reply { status, headers: Headers::from_lines(headers), body };
        self.client.resume(EffectId(effect), Input::Reply(reply), from_number(now));
        Ok(())
    }

    /// Reports the end of an effect, a code of [`EffectEnd`], with the number and the texts that it says; NaN stands for no number. Throws
    /// an unknown code.
    pub fn ended(
        &mut self,
        effect: u32,
        how: u8,
        now: f64,
        number: f64,
        text: Option<String>,
        other: Option<String>,
    ) -> Result<(), JsValue> {
        let time = (!number.is_nan()).then(|| from_number(number));
        let given = text.map(Secret::new);
        let input = match (EffectEnd::try_from(how).map_err(unknown_code)?, given) {
            (EffectEnd::Granted, Some(access_token)) => {
                let (expires_in, refresh_token) = (time, other.map(Secret::new));
                let body = Body::Token { access_token, expires_in, refresh_token };
                Input::Reply(Reply { status: 200, headers: Headers::NONE, body })
            }
            (EffectEnd::Supplied, Some(token)) => Input::Supplied { token, expires_at: time },
            (EffectEnd::Loaded, text) => Input::Loaded(text),
            (EffectEnd::Signed, Some(signature)) => Input::Signed(signature.expose().to_owned()),
            (EffectEnd::Unreachable, _) => Input::Unreachable,
            (EffectEnd::SourceFailed, _) => Input::SourceFailed,
            (EffectEnd::Slept, _) => Input::Slept,
            (EffectEnd::Done, _) => Input::Done,
            (EffectEnd::Lost, _) => Input::Lost,
            (EffectEnd::Failed | EffectEnd::Granted | EffectEnd::Supplied | EffectEnd::Signed, _) => Input::Failed,
        };
        self.client.resume(EffectId(effect), input, from_number(now));
        Ok(())
    }

    /// The status of the client.
    #[must_use]
    pub fn status(&self) -> String {
        self.client.status().to_json()
    }

    /// Records a header of the caller that authenticates the request of this call.
    pub fn shows(&mut self, call: u32, value: &str) {
        self.client.shows(CallId(call), value);
    }

    /// What no report about this call may hold, or with 0 none about a token request, for the file that explains failures.
    #[must_use]
    pub fn secrets(&self, call: u32) -> String {
        listed(&self.client.secrets((call != 0).then_some(CallId(call)))).expose().to_owned()
    }
}

fn header_lines(outgoing: &crate::request::Outgoing) -> String {
    let authorization = outgoing.authorization.as_ref().map(|(name, value)| (*name, value.expose()));
    let named = outgoing.headers.iter().map(|(name, value)| (*name, value.as_str())).chain(authorization);
    named.flat_map(|(name, value)| [name, ": ", value, "\n"]).collect()
}
