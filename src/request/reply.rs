//! The parts of a reply that the core needs: status, headers and the kind of the body.

use crate::secret::Secret;
use crate::time::Millis;

/// The headers that the core reads, with names in lower case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Headers(Vec<(String, String)>);

impl Headers {
    /// No headers at all.
    pub const NONE: Self = Self(Vec::new());

    /// The headers that a host reports if a reply has them. The rest stays with the host. The host of the npm client reports `date` as
    /// seconds since 1970, and dates of `retry-after` as seconds from then.
    pub const WANTED: &[&'static str] = &[
        "content-type",
        "x-total-count",
        "retry-after",
        "x-ratelimit-limit",
        "x-ratelimit-reset",
        "x-ratelimit-rule",
        "www-authenticate",
        "x-mfa_token",
        "location",
        "date",
    ];

    /// Parses lines of `name: value`. Headers cross the boundary in this form, as one string.
    #[must_use]
    pub fn from_lines(lines: &str) -> Self {
        let pair = |line: &str| {
            let (name, value) = line.split_once(':')?;
            Some((name.to_ascii_lowercase(), value.trim_ascii().to_owned()))
        };
        Self(lines.split('\n').filter_map(pair).collect())
    }

    /// As [`Headers::from_lines`] reads them.
    #[must_use]
    pub fn to_lines(&self) -> String {
        self.0.iter().flat_map(|(name, value)| [name.as_str(), ":", value, "\n"]).collect()
    }

    /// The first header with this lower-case name.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The number of all rows of a query, from the reply to a request for this path. Without a requested count the header holds the
    /// number of rows in the reply instead (KB0564204), so it is ignored.
    #[must_use]
    pub fn counted(&self, path: &str) -> Option<u64> {
        self.number("x-total-count").filter(|_| !path.contains("sysparm_no_count=true"))
    }

    /// A header's value as a whole number. `fetch` joins headers of one name with commas: the same number twice is that number, and two
    /// numbers are none.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<u64> {
        let mut numbers = self.value(name)?.split(',').map(|text| text.trim_ascii().parse().ok());
        let first = numbers.next()?;
        first.filter(|_| numbers.all(|other| other == first))
    }
}

/// The body of a reply, as the host read it.
#[derive(Debug, Clone)]
pub enum Body {
    /// `{"result":[...]}`: the number of rows. The host keeps them.
    Rows(u32),
    /// `{"result":{...}}`. The host keeps it.
    Record,
    /// A success of a token endpoint. `expires_in` is a length of time, absent if the reply has none.
    Token {
        /// The token itself.
        access_token: Secret,
        /// The lifetime according to the server.
        expires_in: Option<Millis>,
        /// The refresh token, if the reply has one.
        refresh_token: Option<Secret>,
    },
    /// Left untouched for the caller.
    Untouched,
    /// Anything else, as text: at most its first 16 KiB and its last 2 KiB.
    Text(String),
}

/// A reply. An unfollowed redirect has its own status, except in a browser, where the status is 0.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The headers that the core reads.
    pub headers: Headers,
    /// The body.
    pub body: Body,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_found_in_any_case() {
        let headers =
            Headers::from_lines("X-Total-Count: 890\nContent-Type: application/json;charset=UTF-8\nno colon here");
        assert_eq!(headers.number("x-total-count"), Some(890));
        assert_eq!(headers.value("content-type"), Some("application/json;charset=UTF-8"));
        assert_eq!(headers.value("retry-after"), None);
    }

    #[test]
    fn header_without_a_number_gives_no_number() {
        assert_eq!(Headers::from_lines("x-total-count: many").number("x-total-count"), None);
    }

    #[test]
    fn repeated_header_is_a_number_if_all_are_equal() {
        let number = |value: &str| Headers::from_lines(&format!("x-total-count: {value}")).number("x-total-count");
        assert_eq!(number("890, 890"), Some(890));
        assert_eq!(number("890,890,890"), Some(890));
        for value in ["890, 7", "890,", ", 890", "890, many"] {
            assert_eq!(number(value), None, "{value}");
        }
    }

    #[test]
    fn count_of_a_page_asked_without_one_is_none() {
        let headers = Headers::from_lines("X-Total-Count: 890");
        assert_eq!(headers.counted("/api/now/table/incident?sysparm_limit=5"), Some(890));
        assert_eq!(headers.counted("/api/now/table/incident?sysparm_limit=5&sysparm_no_count=true"), None);
    }
}
