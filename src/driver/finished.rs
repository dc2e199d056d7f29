//! How a call ended.

use wasm_bindgen::JsValue;

use super::call_failed::CallFailed;
use crate::request::Headers;
use crate::secret::Secret;

/// The result of a successful call.
#[derive(Debug)]
pub enum Finished {
    /// Rows, a record or a body's text as a JavaScript value, and the headers in [`Headers::WANTED`].
    Reply(JsValue, Headers),
    /// The requested token.
    Token(Secret),
}

impl Finished {
    /// The value of a reply; undefined for a token.
    #[must_use]
    pub fn into_value(self) -> JsValue {
        match self {
            Self::Reply(value, _) => value,
            Self::Token(_) => JsValue::UNDEFINED,
        }
    }
}

/// How a call ended.
pub(super) type CallOutcome = Result<Finished, CallFailed>;
