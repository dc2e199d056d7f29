//! The life of a token: what a grant sends, when a token is fit for use, when another may be asked for, how it is kept.

mod assertion;
mod base64;
mod care;
mod chance;
mod envelope;
mod fields;
mod grant;
mod grants;
mod keeper;
mod redirect;

pub use assertion::{assertion, signing_input};
pub use care::Expiring;
pub use chance::Chance;
pub use envelope::Envelope;
pub use fields::{Credentials, Field};
pub use grant::{Grant, REVOKE_PATH, TOKEN_PATH, is_header_text, revocation};
pub use grants::{Obtains, Presents};
pub use keeper::{Granted, Held, Keeper, Standing, TokenState};
