//! The life of a token: what a grant sends, when a token is fit for use, when another may be asked for.

mod grant;
mod keeper;

pub use grant::{ClientAuthentication, ClientCredentials, Grant, TOKEN_PATH};
pub use keeper::{Keeper, State, TokenState};
