//! The token, and the state machine that renews it.

mod renewal;
mod step;
mod stored;
mod tokens;

pub(super) use renewal::TokenRenewal;
pub(super) use tokens::{RenewalEnd, Tokens, needs_user_action, not_cleared, sign_in_needed};
