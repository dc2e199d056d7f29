//! Requests and replies: addresses, parameters, headers, bodies. Nothing here sends anything.

mod batch;
mod encode;
mod instance_url;
mod outgoing;
mod reply;
mod retry_after;
mod table;

pub use batch::{BATCH_PATH, LONGEST_URL, batch_of_one, from_base64};
pub use encode::{form, percent_encode};
pub use instance_url::{InstanceUrl, InvalidUrl};
pub use outgoing::{Expect, InvalidPath, Method, Outgoing, checked_path};
pub use reply::{Body, Headers, Reply};
pub use table::{DisplayValue, List};
