//! The driver for Rust web apps: polls the state machine, performs the due effect, and resumes the machine with the result.
//!
//! Built with the feature `driver` only. The npm package has its own driver in TypeScript and does not contain this one.
//!
//! ```ignore
//! let instance = Instance::open(settings);
//! let mut reader = instance.read(Reading::of("incident".to_owned()))?;
//! while let Some(page) = reader.next().await? {
//!     show(&page.rows, page.progress);
//! }
//! ```

mod fetch;
mod host;
mod instance;
mod reader;

pub use host::{CallFailed, Finished};
pub use instance::Instance;
pub use reader::{Reader, RowPage};
