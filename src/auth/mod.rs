//! The life of a token: what a grant sends, when a token is fit for use, when another may be asked for.

mod grant;
mod keeper;

pub use grant::{TOKEN_PATH, ClientAuthentication, ClientCredentials, Grant};
pub use keeper::{Keeper, State, TokenState};
