//! What came back, as far as the core needs to see it: the status, the headers, and what the body turned out to be.

use crate::secret::Secret;
use crate::time::Millis;

/// The headers that decide something, names in lower case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Headers(Vec<(String, String)>);

impl Headers {
    /// No headers at all.
    pub const NONE: Self = Self(Vec::new());

    /// The names that a host reports when a reply has them; the rest stays with the host. `date` is reported as seconds
    /// since 1970, because hosts read dates and this crate need not.
    pub const WANTED: [&'static str; 9] = [
        "content-type",
        "x-total-count",
        "retry-after",
        "x-ratelimit-limit",
        "x-ratelimit-reset",
        "x-ratelimit-rule",
        "www-authenticate",
        "x-mfa_token",
        "date",
    ];

    /// Reads lines of `name: value`, which is how headers cross the boundary in one string.
    #[must_use]
    pub fn from_lines(lines: &str) -> Self {
        let pair = |line: &str| {
            let (name, value) = line.split_once(':')?;
            Some((name.to_ascii_lowercase(), value.trim_ascii().to_owned()))
        };
        Self(lines.split('\n').filter_map(pair).collect())
    }

    /// The first header of that lower-case name.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A header that holds a whole number.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<u64> {
        self.value(name)?.trim_ascii().parse().ok()
    }
}

/// What the host found in the body.
#[derive(Debug, Clone)]
pub enum Body {
    /// `{"result":[...]}` with so many rows, kept by the host.
    Rows(u32),
    /// `{"result":{...}}`, kept by the host.
    Record,
    /// A token endpoint's success. `expires_in` is a length of time, absent when the server did not say.
    Token {
        /// The token itself.
        access_token: Secret,
        /// How long the server says it lives.
        expires_in: Option<Millis>,
        /// The refresh token, where the reply has one.
        refresh_token: Option<Secret>,
    },
    /// Left untouched for the caller.
    Untouched,
    /// Anything else, as text: at most its first 16 KiB and its last 2 KiB.
    Text(String),
}

/// A reply. A redirect that was not followed has its own status where the platform shows it, and 0 in a browser.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The headers that decide something.
    pub headers: Headers,
    /// The body.
    pub body: Body,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_found_whatever_their_case_was() {
        let headers =
            Headers::from_lines("X-Total-Count: 890\nContent-Type: application/json;charset=UTF-8\nno colon here");
        assert_eq!(headers.number("x-total-count"), Some(890));
        assert_eq!(headers.value("content-type"), Some("application/json;charset=UTF-8"));
        assert_eq!(headers.value("retry-after"), None);
    }

    #[test]
    fn a_number_that_is_none_is_absent() {
        assert_eq!(Headers::from_lines("x-total-count: many").number("x-total-count"), None);
    }
}
