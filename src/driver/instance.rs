//! An instance with async functions for Rust code.

use super::host::{CallFailed, Finished, Host};
use super::reader::Reader;
use crate::call::{ClientSettings, Status};
use crate::code::Code;
use crate::diagnose::Failure;
use crate::page::{Reading, Walk};
use crate::request::Expect;
use crate::secret::Secret;

/// One instance. Clones share its token and its calls.
#[derive(Debug, Clone)]
pub struct Instance {
    host: Host,
}

impl Instance {
    /// Opens an instance. Sends nothing before the first call. Tokens come from a grant or are given in the settings. A function
    /// that supplies tokens needs a host that drives [`Client`](crate::call::Client) itself.
    #[must_use]
    pub fn open(settings: ClientSettings) -> Self {
        Self { host: Host::open(settings) }
    }

    /// Reads a table to its last row.
    ///
    /// # Errors
    /// If the reading's settings are invalid.
    pub fn read(&self, reading: Reading) -> Result<Reader, CallFailed> {
        reading.check().map_err(|reason| Failure::invalid(Code::REQUEST_READING, &[&reason.to_string()]))?;
        Ok(Reader::new(self.host.clone(), Walk::new(reading, false)))
    }

    /// A valid token.
    ///
    /// # Errors
    /// If no token can be obtained.
    pub async fn token(&self) -> Result<Secret, CallFailed> {
        self.host.token().await
    }

    /// Reads from a path of the instance.
    ///
    /// # Errors
    /// If the call fails.
    pub async fn request(&self, path: String, expect: Expect) -> Result<Finished, CallFailed> {
        self.host.request(path, expect).await
    }

    /// The status of token, calls and circuit breaker.
    #[must_use]
    pub fn status(&self) -> Status {
        self.host.status()
    }
}
