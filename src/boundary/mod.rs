//! What JavaScript calls. Converts, calls, converts, and does nothing else: a decision here belongs in another room.
//!
//! Hot values cross as numbers and strings; options, failures and states as objects, which are rare.

mod client;
mod walk;

pub use client::{WasmClient, wanted_headers};
pub use walk::{WasmWalk, wasm_record_path};

use serde::Serialize;
use wasm_bindgen::JsValue;

use crate::diagnose::Failure;

/// Plain data as a JavaScript object.
fn to_object(value: &impl Serialize) -> JsValue {
    let serializer = serde_wasm_bindgen::Serializer::new().serialize_maps_as_objects(true);
    value.serialize(&serializer).unwrap_or(JsValue::NULL)
}

/// A failure as data; the glue makes an instance of one of its classes of it.
fn to_thrown(failure: &Failure) -> JsValue {
    to_object(failure)
}
