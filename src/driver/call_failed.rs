//! The error of the driver.

use js_sys::Date;
use wasm_bindgen::JsValue;

use crate::code::Code;
use crate::diagnose::Failure;
use crate::time::Millis;

const LAST_DATE: Millis = Millis(8_640_000_000_000_000);

/// Why a call failed.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{failure}{}", again(failure.resumes_at))]
pub struct CallFailed {
    /// The diagnosis: what it means and what to do.
    pub failure: Box<Failure>,
    /// The browser's error message, for a failed fetch. Secrets of the call are masked in it.
    pub cause: Option<String>,
}

impl CallFailed {
    /// The stable code, as the npm package has it: `token.refused`, `table.unknown`, `sync.checkpoint`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.failure.diagnosis.code.as_str()
    }

    /// An argument that cannot work.
    pub(super) fn invalid(code: Code, message: &str) -> Self {
        Failure::invalid(code, &[message]).into()
    }

    /// The instance was closed before the call ended.
    pub(super) fn closed_meanwhile() -> Self {
        Self::invalid(Code::INSTANCE_CLOSED, "The instance was closed while the call was under way")
    }
}

/// When calls may resume. A later time than that of the last date is none.
fn again(resumes_at: Option<Millis>) -> String {
    let Some(at) = resumes_at.filter(|at| *at < LAST_DATE) else { return String::new() };
    #[expect(clippy::cast_precision_loss, reason = "a date")]
    let date = Date::new(&JsValue::from_f64(at.0 as f64));
    format!(" Again from {}.", String::from(date.to_iso_string()))
}

impl From<Box<Failure>> for CallFailed {
    fn from(failure: Box<Failure>) -> Self {
        Self { failure, cause: None }
    }
}
