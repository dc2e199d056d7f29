//! An instance with async functions for Rust code.

use serde::de::DeserializeOwned;

use super::call_failed::CallFailed;
use super::comparing::Comparing;
use super::finished::{Finished, Replied};
use super::host::Host;
use super::options::{Call, HostOptions};
use super::queue::checked_ahead;
use super::reader::{Reader, ReadingOrder, RowPage, checked};
use super::rows::typed;
use super::syncing::Syncing;
use crate::call::{ClientSettings, Status};
use crate::page::{Checkpoint, Compared, Options, Reading};
use crate::request::Expect;
use crate::secret::Secret;
use crate::time::Millis;

/// One instance. Clones share its token, its queue of calls and its circuit breaker. It ends with its last clone.
///
/// A future that is dropped before it has ended ends its call: the request is aborted, or leaves the queue unsent.
#[derive(Debug, Clone)]
pub struct Instance {
    host: Host,
}

impl Instance {
    /// Opens an instance that sends with the browser's `fetch`. Sends nothing before the first call.
    #[must_use]
    pub fn open(settings: ClientSettings) -> Self {
        Self::open_with(settings, HostOptions::default())
    }

    /// Opens an instance. Sends nothing before the first call. Tokens come from a grant, are given in the settings, or come from
    /// [`HostOptions::source`]. There is no store: tokens live as long as the instance. A seed of 0 is replaced by a random one, so that the
    /// renewals of many pages are spread.
    #[must_use]
    pub fn open_with(mut settings: ClientSettings, options: HostOptions) -> Self {
        if settings.seed == 0 {
            settings.seed = js_sys::Math::random().to_bits();
        }
        Self { host: Host::open(settings, options) }
    }

    /// Reads a table to its last row, in the best order, and requests one page ahead.
    ///
    /// # Errors
    /// `request.reading` if the reading's settings are invalid.
    pub fn read(&self, reading: Reading) -> Result<Reader, CallFailed> {
        self.read_ahead(reading, ReadingOrder::Best, 1)
    }

    /// Reads a table to its last row. Up to `ahead` pages, 8 at most, are requested while the caller works on the present one, and at most as
    /// many at once. A reading lets single calls go first, and waits out outages and hourly limits.
    ///
    /// # Errors
    /// `request.reading` if the reading's settings are invalid, `options.ahead` for more than 8 pages.
    pub fn read_ahead(&self, reading: Reading, order: ReadingOrder, ahead: u8) -> Result<Reader, CallFailed> {
        checked(&reading)?;
        let ahead = checked_ahead(ahead)?;
        Ok(Reader::new(self.host.clone(), self.host.new_reading(), order.walk(reading), ahead))
    }

    /// The first rows, for somebody who waits: a page, or as many rows as the reading's limit if that is smaller. Where access rules hide rows,
    /// further pages are requested until enough have come. It gives up sooner than [`Self::read`].
    ///
    /// # Errors
    /// `request.reading` if the reading's settings are invalid, and if the call fails.
    pub async fn list(&self, reading: Reading, order: ReadingOrder) -> Result<RowPage, CallFailed> {
        checked(&reading)?;
        Reader::new(self.host.clone(), 0, order.walk(reading.clone()), 0).first(&reading).await
    }

    /// Reads what changed in a table since a checkpoint, or all of it without one: deletions first, then new and changed rows. Asks for the
    /// instance's time first. `ahead` is as in [`Self::read_ahead`].
    ///
    /// # Errors
    /// `sync.other-query` and `sync.checkpoint` for a checkpoint that does not fit, `sync.query`, `sync.labels`, `request.reading` or
    /// `options.ahead` for options that cannot work, `sync.clock` if the CORS rule does not expose `Date`, and if the call fails.
    pub async fn sync(
        &self,
        options: Options,
        checkpoint: Option<Checkpoint>,
        ahead: u8,
    ) -> Result<Syncing, CallFailed> {
        Syncing::begin(&self.host, options, checkpoint, checked_ahead(ahead)?).await
    }

    /// Compares a whole copy with a table by identifiers and versions, from its beginning or from where another comparison stopped. With the
    /// checkpoint of a sync, rows that the next sync will bring are no differences. `ahead` is as in [`Self::read_ahead`].
    ///
    /// # Errors
    /// `reconcile.other-query` and `reconcile.checkpoint` for a state that does not fit, `reconcile.query`, `request.reading` or
    /// `options.ahead` for options that cannot work.
    pub fn reconcile(
        &self,
        reading: Reading,
        compared: Option<Compared>,
        synced_to: Option<&Checkpoint>,
        ahead: u8,
    ) -> Result<Comparing, CallFailed> {
        Comparing::begin(&self.host, reading, compared, synced_to, checked_ahead(ahead)?)
    }

    /// A valid token. Concurrent questions share one token request.
    ///
    /// # Errors
    /// If no token can be obtained.
    pub async fn token(&self) -> Result<Secret, CallFailed> {
        self.token_after(None).await
    }

    /// A valid token that differs from the refused one: the token is renewed if that is still the current one.
    ///
    /// # Errors
    /// If no token can be obtained.
    pub async fn token_after(&self, refused: Option<Secret>) -> Result<Secret, CallFailed> {
        match self.host.token(refused).await? {
            Finished::Token(token) => Ok(token),
            Finished::Reply(_) => Err(CallFailed::closed_meanwhile()),
        }
    }

    /// Reads from a path of the instance.
    ///
    /// # Errors
    /// If the call fails.
    pub async fn request(&self, path: String, expect: Expect) -> Result<Replied, CallFailed> {
        self.call(Call::get(path, expect)).await
    }

    /// Sends one call: it waits for its turn and for a token, and is sent again after a failure that allows that. A write is sent again only
    /// if it has not happened.
    ///
    /// # Errors
    /// If the call fails. [`Failure::unknown_outcome`](crate::diagnose::Failure) is true for a write that may have happened.
    /// `reply.too-large` and `reply.incomplete` come after the instance has answered: a write has then most likely happened. Look before
    /// it is sent again.
    pub async fn call(&self, call: Call) -> Result<Replied, CallFailed> {
        self.host.begin(call, 0).await?.into_reply()
    }

    /// The record or the rows of a path, as a value of a type: a record for [`Expect::Record`], a `Vec` for [`Expect::Rows`].
    ///
    /// # Errors
    /// As of [`Self::call`], and `reply.incomplete` if the reply does not fit the type: a write has then happened.
    pub async fn typed<T: DeserializeOwned>(&self, call: Call) -> Result<T, CallFailed> {
        typed(&self.call(call).await?.value)
    }

    /// Removes all tokens. With `revoke` the instance revokes them too, for every program with the same client and user.
    ///
    /// # Errors
    /// If the instance is closed.
    pub async fn sign_out(&self, revoke: bool) -> Result<(), CallFailed> {
        self.host.sign_out(revoke).await.map(drop)
    }

    /// Ends all calls with `instance.closed`, and refuses new ones.
    pub fn close(&self) {
        self.host.close();
    }

    /// The status of token, calls and circuit breaker.
    #[must_use]
    pub fn status(&self) -> Status {
        self.host.status()
    }

    /// Until when an hourly limit holds calls back, in milliseconds since 1970.
    #[must_use]
    pub fn limited_until(&self) -> Option<Millis> {
        self.host.limited_until()
    }
}
