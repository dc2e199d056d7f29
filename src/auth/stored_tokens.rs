//! The format of tokens in a store: versioned text, one value per line. Any other text counts as absent.
//!
//! ```text
//! sysparm-tokens 1
//! <obtained at, ms>
//! <expires at, ms>         18446744073709551615 when unknown
//! <access token>           - after a sign-out
//! <refresh token>          - when there is none
//! ```
//!
//! A sign-out stores a record without tokens instead of clearing the store. A store that returns older data (Workers KV may,
//! for a minute) must not undo a sign-out, and an empty store must not count as one.

use super::credentials::is_header_text;
use crate::secret::Secret;
use crate::time::Millis;

/// Data of any other version counts as absent.
const VERSION: &str = "sysparm-tokens 1";

/// What a store holds.
#[derive(Debug, Clone)]
pub struct StoredTokens {
    /// When it was stored, by the clock of the client that stored it.
    pub at: Millis,
    /// When the access token expires, by the same clock.
    pub expires_at: Millis,
    /// The access token; none after a sign-out.
    pub access: Option<Secret>,
    /// The refresh token.
    pub refresh: Option<Secret>,
}

impl StoredTokens {
    /// The text to store.
    #[must_use]
    pub fn print(&self) -> Secret {
        let token = |token: &Option<Secret>| token.as_ref().map_or(NONE, Secret::expose).to_owned();
        let lines =
            [&self.at.0.to_string(), &self.expires_at.0.to_string(), &token(&self.access), &token(&self.refresh)];
        Secret::new(lines.iter().fold(VERSION.to_owned(), |text, line| [&text, "\n", line].concat()))
    }

    /// Parses the text of a store; `None` for anything that this version did not write.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut lines = text.split('\n');
        let mut line = || lines.next();
        line().filter(|version| *version == VERSION)?;
        let mut number = || line()?.parse().ok().map(Millis);
        let (at, expires_at) = (number()?, number()?);
        let mut token = || line().filter(|text| is_header_text(text));
        let (access, refresh) = (token()?, token()?);
        let token = |text: &str| (text != NONE).then(|| Secret::new(text.to_owned()));
        line().is_none().then(|| Self { at, expires_at, access: token(access), refresh: token(refresh) })
    }
}

const NONE: &str = "-";

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn printed_tokens_are_parsed_back(at: u64, expires_at: u64, access in "[!-~]{2,80}", refresh in proptest::option::of("[!-~]{2,80}")) {
            let secret = |text: &str| Secret::new(text.to_owned());
            let stored = StoredTokens {
                at: Millis(at),
                expires_at: Millis(expires_at),
                access: Some(secret(&access)),
                refresh: refresh.as_deref().map(secret),
            };
            let read = StoredTokens::parse(stored.print().expose()).unwrap();
            prop_assert_eq!((read.at, read.expires_at), (stored.at, stored.expires_at));
            prop_assert!(read.access.unwrap().is(&access));
            prop_assert_eq!(read.refresh.map(|token| token.expose().to_owned()), refresh);
        }

        #[test]
        fn foreign_data_counts_as_absent(text in ".{0,200}") {
            prop_assert!(StoredTokens::parse(&text).is_none());
        }

        #[test]
        fn truncated_data_counts_as_absent(cut in 0_usize..60) {
            let whole = StoredTokens { at: Millis(1), expires_at: Millis(2), access: Some(Secret::new("access-token".to_owned())), refresh: None };
            let text = whole.print();
            let text = &text.expose()[..cut.min(text.expose().len() - 1)];
            prop_assert!(StoredTokens::parse(text).is_none(), "{}", text);
        }
    }

    #[test]
    fn other_version_counts_as_absent() {
        assert!(StoredTokens::parse("sysparm-tokens 2\n1\n2\na1\nb1").is_none());
        assert!(StoredTokens::parse("sysparm-tokens 1\n1\n2\na1\nb1\nmore").is_none());
        assert!(StoredTokens::parse("sysparm-tokens 1\n1\n2\na1\nb1").is_some());
    }
}
