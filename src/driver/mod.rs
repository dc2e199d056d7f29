//! The same machine for Rust web apps: polls, performs exactly the effect that is due, tells the machine what became of it.
//!
//! Built with the feature `driver` only; the npm package has its own driver in TypeScript and pays nothing for this one.
//!
//! ```ignore
//! let instance = Instance::open(settings);
//! let mut reader = instance.read(Reading::of("incident".to_owned()))?;
//! while let Some(page) = reader.next().await? {
//!     show(&page.rows, page.progress);
//! }
//! ```

mod fetch;
mod instance;
mod reader;

pub use instance::{CallFailed, Finished, Instance};
pub use reader::{Page, Reader};
