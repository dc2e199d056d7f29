//! One instance.

use std::rc::Rc;

use js_sys::{Function, Promise, Reflect};
use sysparm::call::{ClientEvent, ConnectOptions, from_number};
use sysparm::driver::{Call, CallFailed, Fetch, HostOptions, Instance, SuppliedToken, TokenSource};
use sysparm::request::{Expect, Method};
use sysparm::secret::Secret;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::race::unless_cancelled;
use crate::{number, object, thrown};

#[wasm_bindgen]
#[derive(Debug)]
pub struct Driver {
    pub(crate) instance: Instance,
}

#[wasm_bindgen]
impl Driver {
    /// `options` is the text of `connect()`; the functions are those of its options.
    #[wasm_bindgen(constructor)]
    pub fn new(
        options: String,
        max_body_bytes: Option<f64>,
        fetch: Option<Function>,
        source: Option<Function>,
        on_event: Function,
    ) -> Result<Self, JsValue> {
        let options = ConnectOptions::from_text(&Secret::new(options));
        let settings = options.check(0).map_err(|failure| thrown(CallFailed::from(failure)))?;
        let mut host =
            HostOptions { fetch: fetch.map(sending), source: source.map(supplying), ..HostOptions::default() };
        if let Some(most) = max_body_bytes {
            host.max_body_bytes = from_number(most).0;
        }
        host.on_event = Some(Rc::new(move |event: &ClientEvent| {
            drop(on_event.call1(&JsValue::NULL, &event.to_json().into()));
        }));
        Ok(Self { instance: Instance::open_with(settings, host) })
    }

    /// The value and the headers of a reply; undefined after a cancellation. `expect`: "rows", "record" or "text".
    pub async fn call(
        &self,
        method: String,
        path: String,
        expect: String,
        body: Option<String>,
        is_background: bool,
        cancelled: Promise,
    ) -> Result<JsValue, JsValue> {
        let expect = match expect.as_str() {
            "rows" => Expect::Rows,
            "record" => Expect::Record,
            _ => Expect::Untouched,
        };
        let method = Method::parse(&method).unwrap_or(Method::Get);
        let call = Call { method, path, expect, body, is_background };
        match unless_cancelled(self.instance.call(call), cancelled).await {
            None => Ok(JsValue::UNDEFINED),
            Some(Err(failed)) => Err(thrown(failed)),
            Some(Ok(replied)) => Ok(object([
                ("value", replied.value),
                ("headers", replied.headers.to_lines().into()),
                ("status", replied.status.into()),
            ])),
        }
    }

    pub async fn token(&self, refused: Option<String>, cancelled: Promise) -> Result<Option<String>, JsValue> {
        let asked = self.instance.token_after(refused.map(Secret::new));
        let token = unless_cancelled(asked, cancelled).await.transpose().map_err(thrown)?;
        Ok(token.map(|token| token.expose().to_owned()))
    }

    #[wasm_bindgen(js_name = signOut)]
    pub async fn sign_out(&self, revoke: bool) -> Result<(), JsValue> {
        self.instance.sign_out(revoke).await.map_err(thrown)
    }

    pub fn status(&self) -> String {
        self.instance.status().to_json()
    }

    #[wasm_bindgen(getter, js_name = limitedUntil)]
    pub fn limited_until(&self) -> JsValue {
        number(self.instance.limited_until().map(|until| until.0))
    }

    pub fn close(&self) {
        self.instance.close();
    }
}

fn sending(function: Function) -> Fetch {
    Rc::new(move |request| {
        let answered = function.call1(&JsValue::NULL, &request);
        Box::pin(async move { Ok(JsFuture::from(Promise::resolve(&answered?)).await?.unchecked_into()) })
    })
}

fn supplying(function: Function) -> TokenSource {
    Rc::new(move |refused| {
        let refused = refused.map_or(JsValue::UNDEFINED, |token| token.expose().into());
        let supplied = function.call1(&JsValue::NULL, &refused);
        Box::pin(async move {
            let supplied = async { JsFuture::from(Promise::resolve(&supplied?)).await };
            let supplied = supplied.await.map_err(|thrown| format!("{thrown:?}"))?;
            let member = |name: &str| Reflect::get(&supplied, &name.into()).unwrap_or_default();
            let token = Secret::new(member("token").as_string().ok_or("The function supplied no token")?);
            Ok(SuppliedToken { token, expires_at: member("expiresAt").as_f64().map(from_number) })
        })
    })
}
