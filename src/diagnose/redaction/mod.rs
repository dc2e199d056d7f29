//! Keeps secrets out of what others have said: in which fields they stand, and how they are found in any encoding.

mod decoding;
mod secret_fields;
mod secrets;

#[cfg(feature = "circumstances")]
pub(crate) use secret_fields::FIELDS;
pub use secret_fields::from_form;
#[cfg(any(feature = "circumstances", feature = "doctor"))]
pub use secret_fields::from_header;
pub use secrets::Secrets;
