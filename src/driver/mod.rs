//! The driver for Rust web apps: polls the state machine, performs the due effect, and resumes the machine with the result.
//!
//! Built with the feature `driver` only. The npm package has its own driver in TypeScript and does not contain this one. Both do the same:
//! they renew the token before it expires, share one token request among all calls, repeat what may be repeated after the pause that the
//! instance asks for, send no more at once than the instance serves, and request pages ahead. `tests/driver/scope.ts` lists the cases of the
//! package that pass with this driver, and those that do not, with the reason.
//!
//! ```ignore
//! #[derive(serde::Deserialize)]
//! struct Incident {
//!     number: String,
//! }
//!
//! let instance = Instance::open(settings);
//! let reading = Reading { fields: "number".to_owned(), ..Reading::of("incident".to_owned()) };
//! let mut reader = instance.read(reading)?;
//! while let Some(page) = reader.next().await? {
//!     show(page.typed::<Incident>()?, page.progress);
//! }
//! ```
//!
//! ```ignore
//! let mut syncing = instance.sync(Options::of(Reading::of("incident".to_owned())), stored.checkpoint(), 1).await?;
//! while let Some(batch) = syncing.next().await? {
//!     // In one transaction, so that no batch is stored without its checkpoint.
//!     stored.take(batch.typed::<Row>()?, &batch.deleted, &batch.checkpoint);
//! }
//! ```
//!
//! To cancel, drop the future or the reading: its requests are aborted, or leave the queue unsent. Times are milliseconds since 1970, lengths
//! milliseconds. Every error is a [`CallFailed`] with the code that the npm package has for it.
//!
//! What it does not have:
//!
//! * a store and a lock for tokens, the sign-in of a user, and the grant `jwt_bearer`, which needs a key that signs;
//! * the search for rows that a query's condition excludes, and names that are compared with the dictionary before a request;
//! * bodies other than text: [`Call`] sends and takes them whole;
//! * the look whether a lost write has happened, the Service Catalog, attachments, imports and the unified model as functions.

mod body;
mod call_failed;
mod comparing;
mod fetch;
mod finished;
mod host;
mod instance;
mod options;
mod queue;
mod reader;
mod repair;
mod rows;
mod shared;
mod syncing;

pub use call_failed::CallFailed;
pub use comparing::{Comparing, ComparisonBatch, ComparisonStep};
pub use finished::Replied;
pub use instance::Instance;
pub use options::{Call, Fetch, HostOptions, Listener, LocalFuture, SuppliedToken, TokenSource};
pub use reader::{Reader, ReadingOrder, RowPage};
pub use syncing::{SyncBatch, Syncing};
