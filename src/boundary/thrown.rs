//! Errors as one JSON text, for `www/glue/src/protocol/thrown-text.ts`.

use wasm_bindgen::JsValue;

use crate::code::Code;
use crate::diagnose::Failure;
use crate::json::JsonObject;
use crate::protocol::UnknownCode;

/// An error as one JSON text: `code`, and the members, of which `message` is one.
pub(super) fn thrown_with(code: Code, mut members: JsonObject) -> JsValue {
    members.text("code", code.as_str());
    JsValue::from_str(&members.end())
}

/// An error of a code and a message.
pub(super) fn thrown(code: Code, message: &str) -> JsValue {
    let mut members = JsonObject::default();
    members.text("message", message);
    thrown_with(code, members)
}

/// A failure of what was never sent, as an error with a diagnosis.
pub(super) fn thrown_failure(failure: &Failure) -> JsValue {
    let mut members = JsonObject::default();
    failure.write(&mut members);
    thrown_with(failure.diagnosis.code, members)
}

/// An unknown code as an error.
pub(super) fn unknown_code(reason: UnknownCode) -> JsValue {
    thrown(Code::PROTOCOL_UNKNOWN_CODE, &reason.to_string())
}
