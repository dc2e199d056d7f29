//! The error of the driver.

use crate::code::Code;
use crate::diagnose::Failure;

/// Why a call failed.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{failure}")]
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

impl From<Box<Failure>> for CallFailed {
    fn from(failure: Box<Failure>) -> Self {
        Self { failure, cause: None }
    }
}
