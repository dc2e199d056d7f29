//! Grants and tokens: what a grant sends, when a token is usable or due for renewal, how it is stored.

mod assertion;
mod base64;
mod credentials;
mod expiry;
mod grant;
mod grant_table;
mod grant_type;
mod random;
mod redirect;
mod stored_tokens;
mod token_state;

pub use assertion::{assertion, signing_input};
pub use credentials::{Credentials, Field, is_header_text};
pub use expiry::ExpiringCredential;
pub use grant::{Grant, REVOKE_PATH, TOKEN_PATH, revocation};
pub use grant_table::{Obtains, Presents};
pub use grant_type::GrantType;
pub use random::Random;
pub use stored_tokens::StoredTokens;
pub use token_state::{Availability, Granted, HeldToken, TokenPhase, TokenState};
