//! The machine of calls, for JavaScript.
//!
//! `poll` returns what is due as a number, and the getters hold its details until the next `poll`: numbers and
//! strings cross cheaper than an object does.

use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use super::{to_object, to_thrown};
use crate::call::{Answer, CallId, Client, Effect, EffectId, Input, Options, Request, from_number};
use crate::request::{Body, Expect, Headers, Method, Reply};
use crate::secret::Secret;

/// All calls to one instance.
#[wasm_bindgen(js_name = Client)]
#[derive(Debug)]
pub struct WasmClient {
    client: Client,
    due: Option<Effect>,
}

#[wasm_bindgen(js_class = Client)]
impl WasmClient {
    /// Opens a client. Throws a failure as data for options that cannot work.
    #[wasm_bindgen(constructor)]
    #[expect(clippy::too_many_arguments, reason = "an object would cost a deserialiser; the glue names them")]
    pub fn new(
        url: String,
        grant: Option<String>,
        client_id: Option<String>,
        client_secret: Option<String>,
        scope: Option<String>,
        client_auth: Option<String>,
        token: Option<String>,
        token_source: bool,
        expires_at: Option<f64>,
        call_ms: Option<f64>,
        token_ms: Option<f64>,
    ) -> Result<Self, JsValue> {
        let (client_secret, token) = (client_secret.map(Secret::new), token.map(Secret::new));
        let options = Options {
            url,
            grant,
            client_id,
            client_secret,
            scope,
            client_auth,
            token,
            token_source,
            expires_at,
            call_ms,
            token_ms,
        };
        let settings = options.check().map_err(|failure| to_thrown(&failure))?;
        Ok(Self { client: Client::new(settings), due: None })
    }

    /// The instance's origin.
    #[wasm_bindgen(getter)]
    pub fn origin(&self) -> String {
        self.client.instance().as_str().to_owned()
    }

    /// Starts a request; returns its call's number, or 0 for a method that ServiceNow does not serve.
    /// `expect` is 0 for an untouched body, 1 for rows, 2 for a record.
    pub fn start(&mut self, method: &str, path: String, expect: u8, repeatable: bool, now: f64) -> u32 {
        let Some(method) = Method::parse(method) else { return 0 };
        let expect = match expect {
            1 => Expect::Rows,
            2 => Expect::Record,
            _ => Expect::Untouched,
        };
        self.client.start(Request { method, path, expect, repeatable }, from_number(now)).0
    }

    /// Asks for a token; returns its call's number.
    #[wasm_bindgen(js_name = startToken)]
    pub fn start_token(&mut self, refused: Option<String>, now: f64) -> u32 {
        self.client.start_token(refused.map(Secret::new), from_number(now)).0
    }

    /// Ends a call; no finish follows.
    pub fn abort(&mut self, call: u32) {
        self.client.abort(CallId(call));
    }

    /// What is due: 0 nothing, 1 fetch, 2 ask the source of tokens, 3 cancel, 4 sleep, 5 a call is over and its reply is
    /// the answer, 6 a call is over with a token, 7 a call has failed.
    pub fn poll(&mut self, now: f64) -> u8 {
        self.due = self.client.poll(from_number(now));
        match &self.due {
            None => 0,
            Some(Effect::Fetch { .. }) => 1,
            Some(Effect::AskSource { .. }) => 2,
            Some(Effect::Cancel { .. }) => 3,
            Some(Effect::Sleep { .. }) => 4,
            Some(Effect::Finish { outcome: Ok(Answer::Reply), .. }) => 5,
            Some(Effect::Finish { outcome: Ok(Answer::Token(_)), .. }) => 6,
            Some(Effect::Finish { outcome: Err(_), .. }) => 7,
        }
    }

    /// The number of the effect due, to answer with.
    #[wasm_bindgen(getter)]
    pub fn effect(&self) -> u32 {
        match &self.due {
            Some(
                Effect::Fetch { id, .. }
                | Effect::AskSource { id, .. }
                | Effect::Cancel { id }
                | Effect::Sleep { id, .. },
            ) => id.0,
            _ => 0,
        }
    }

    /// The call that the effect due belongs to; 0 for none.
    #[wasm_bindgen(getter)]
    pub fn call(&self) -> u32 {
        match &self.due {
            Some(Effect::Fetch { call, .. }) => call.map_or(0, |call| call.0),
            Some(Effect::Finish { call, .. }) => call.0,
            _ => 0,
        }
    }

    /// The method to fetch with.
    #[wasm_bindgen(getter)]
    pub fn method(&self) -> String {
        self.outgoing().map_or_else(String::new, |outgoing| outgoing.method.as_str().to_owned())
    }

    /// The address to fetch.
    #[wasm_bindgen(getter)]
    pub fn url(&self) -> String {
        self.outgoing().map_or_else(String::new, |outgoing| outgoing.url.clone())
    }

    /// The headers to send, as lines of `name: value`.
    #[wasm_bindgen(getter)]
    pub fn headers(&self) -> String {
        let Some(outgoing) = self.outgoing() else { return String::new() };
        let authorization = outgoing.authorization.as_ref().map(|value| ("Authorization", value.expose()));
        let named = outgoing.headers.iter().map(|(name, value)| (*name, value.as_str())).chain(authorization);
        named.flat_map(|(name, value)| [name, ": ", value, "\n"]).collect()
    }

    /// Whether the reply is to be taken out of a Batch of one.
    #[wasm_bindgen(getter, js_name = isBatch)]
    pub fn is_batch(&self) -> bool {
        self.outgoing().is_some_and(crate::request::Outgoing::is_batch)
    }

    /// The body to send; undefined when the caller's own goes.
    #[wasm_bindgen(getter)]
    pub fn form(&self) -> Option<String> {
        self.outgoing().and_then(|outgoing| outgoing.form.as_ref()).map(|form| form.expose().to_owned())
    }

    /// Milliseconds to sleep.
    #[wasm_bindgen(getter)]
    pub fn length(&self) -> f64 {
        match &self.due {
            #[expect(clippy::cast_precision_loss, reason = "lengths are below an hour")]
            Some(Effect::Sleep { length, .. }) => length.0 as f64,
            _ => 0.0,
        }
    }

    /// The token that was refused, or the one that is the answer.
    #[wasm_bindgen(getter)]
    pub fn token(&self) -> Option<String> {
        match &self.due {
            Some(Effect::AskSource { refused, .. }) => refused.as_ref().map(|token| token.expose().to_owned()),
            Some(Effect::Finish { outcome: Ok(Answer::Token(token)), .. }) => Some(token.expose().to_owned()),
            _ => None,
        }
    }

    /// Why the call has failed.
    #[wasm_bindgen(getter)]
    pub fn failure(&self) -> JsValue {
        match &self.due {
            Some(Effect::Finish { outcome: Err(failure), .. }) => to_thrown(failure),
            _ => JsValue::UNDEFINED,
        }
    }

    /// A reply came. `found` is 0 for text, 1 for rows, 2 for a record, 3 for an untouched body.
    #[expect(clippy::too_many_arguments, reason = "an object would cost more to cross, once a request")]
    pub fn replied(&mut self, effect: u32, status: u16, headers: &str, found: u8, rows: u32, text: String, now: f64) {
        let body = match found {
            1 => Body::Rows(rows),
            2 => Body::Record,
            3 => Body::Untouched,
            _ => Body::Text(text),
        };
        let reply = Reply { status, headers: Headers::from_lines(headers), body };
        self.client.resume(EffectId(effect), Input::Reply(reply), from_number(now));
    }

    /// A token endpoint's success came. `expires_in` is in seconds.
    pub fn granted(&mut self, effect: u32, status: u16, token: String, expires_in: Option<f64>, now: f64) {
        let expires_in = expires_in.map(|seconds| from_number(seconds * 1000.0));
        let body = Body::Token { access_token: Secret::new(token), expires_in };
        let reply = Reply { status, headers: Headers::NONE, body };
        self.client.resume(EffectId(effect), Input::Reply(reply), from_number(now));
    }

    /// The source supplied a token.
    pub fn supplied(&mut self, effect: u32, token: String, expires_at: Option<f64>, now: f64) {
        let input = Input::Supplied { token: Secret::new(token), expires_at: expires_at.map(from_number) };
        self.client.resume(EffectId(effect), input, from_number(now));
    }

    /// The source of tokens failed.
    #[wasm_bindgen(js_name = sourceFailed)]
    pub fn source_failed(&mut self, effect: u32, now: f64) {
        self.client.resume(EffectId(effect), Input::SourceFailed, from_number(now));
    }

    /// No reply came.
    pub fn unreachable(&mut self, effect: u32, now: f64) {
        self.client.resume(EffectId(effect), Input::Unreachable, from_number(now));
    }

    /// The sleep is over.
    pub fn slept(&mut self, effect: u32, now: f64) {
        self.client.resume(EffectId(effect), Input::Slept, from_number(now));
    }

    /// What the client shows of itself.
    pub fn status(&self) -> JsValue {
        to_object(&self.client.status())
    }

    fn outgoing(&self) -> Option<&crate::request::Outgoing> {
        match &self.due {
            Some(Effect::Fetch { outgoing, .. }) => Some(outgoing),
            _ => None,
        }
    }
}

/// The headers that the core wants to see of a reply, lower case, comma separated.
#[wasm_bindgen(js_name = wantedHeaders)]
#[must_use]
pub fn wanted_headers() -> String {
    Headers::WANTED.join(",")
}
