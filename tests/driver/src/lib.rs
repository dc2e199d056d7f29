//! The Rust driver with functions for JavaScript: `tests/driver/*.ts` shapes them as the npm package has them, and runs its cases.
//!
//! What fails is thrown as a text of three parts, separated by NULs: the failure as JSON, the browser's message, and the driver's own.

#![cfg(target_family = "wasm")]
#![allow(missing_docs, reason = "nothing but tests imports it")]

mod instance;
mod race;
mod readings;

use sysparm::driver::CallFailed;
use wasm_bindgen::JsValue;

/// What JavaScript makes an error of.
#[expect(clippy::needless_pass_by_value, reason = "as map_err hands it over")]
fn thrown(failed: CallFailed) -> JsValue {
    let cause = failed.cause.as_deref().unwrap_or_default();
    JsValue::from_str(&[&failed.failure.to_json(), "\0", cause, "\0", &failed.to_string()].concat())
}

fn json<T: serde::Serialize>(value: &T) -> JsValue {
    JsValue::from_str(&serde_json::to_string(value).unwrap_or_default())
}

/// Sets members of an object. Numbers that are not known are null.
fn object<const N: usize>(members: [(&str, JsValue); N]) -> JsValue {
    let object = js_sys::Object::new();
    for (name, value) in members {
        // A plain object takes every member.
        js_sys::Reflect::set(&object, &name.into(), &value).unwrap_or_default();
    }
    object.into()
}

#[expect(clippy::cast_precision_loss, reason = "counts of tests")]
fn number(count: Option<u64>) -> JsValue {
    count.map_or(JsValue::NULL, |count| JsValue::from_f64(count as f64))
}
