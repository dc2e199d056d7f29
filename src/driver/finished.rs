//! How a call ended.

use wasm_bindgen::JsValue;

use super::call_failed::CallFailed;
use crate::request::Headers;
use crate::secret::Secret;

/// A reply to a successful call.
#[derive(Debug, Default)]
pub struct Replied {
    /// The HTTP status, from 200 to 299.
    pub status: u16,
    /// The headers in [`Headers::WANTED`].
    pub headers: Headers,
    /// The rows as an array, the record as an object, or the body's text, as the JavaScript engine has them.
    pub value: JsValue,
}

/// The result of a successful call.
#[derive(Debug)]
pub enum Finished {
    /// A reply.
    Reply(Replied),
    /// The requested token.
    Token(Secret),
}

impl Finished {
    /// The value of a reply; undefined for a token.
    #[must_use]
    pub fn into_value(self) -> JsValue {
        match self {
            Self::Reply(replied) => replied.value,
            Self::Token(_) => JsValue::UNDEFINED,
        }
    }
}

/// How a call ended.
pub(super) type CallOutcome = Result<Finished, CallFailed>;
