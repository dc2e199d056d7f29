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
pub(super) enum Finished {
    /// A reply.
    Reply(Replied),
    /// The requested token.
    Token(Secret),
}

impl Finished {
    /// The reply to a call; a question for a token has none.
    pub(super) fn into_reply(self) -> Result<Replied, CallFailed> {
        match self {
            Self::Reply(replied) => Ok(replied),
            Self::Token(_) => Err(CallFailed::closed_meanwhile()),
        }
    }
}

/// How a call ended.
pub(super) type CallOutcome = Result<Finished, CallFailed>;
