//! A successful reply as the rows of the catalogue see it.

use super::circumstances::Circumstances;
use super::row_scanner::Listing;
use crate::request::Method;

/// A successful reply with its request, as far as known.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// The method.
    pub method: Method,
    /// Path and query string, percent-encoded as it was sent.
    pub path: &'a str,
    /// The HTTP status.
    pub status: u16,
    /// `X-Total-Count`: rows that the query matches before row access rules.
    pub total: Option<u64>,
    /// The whole body; empty if there was none or it was not kept.
    pub text: &'a str,
    /// The number of rows, if the body is not available.
    pub rows: Option<u64>,
    /// The request's body, where it is text.
    pub sent: Option<&'a str>,
    /// What is known besides the reply.
    pub around: Circumstances<'a>,
    /// Bodies of earlier replies for the same table, latest last. They show its fields and the rows already read.
    pub earlier: &'a [&'a str],
}

/// An answer with its scanned rows and its decoded query. Scanned once for all rows of the catalogue.
pub(crate) struct Success<'a> {
    pub(crate) answer: &'a Answer<'a>,
    pub(crate) listing: Listing<'a>,
    pub(crate) query: Option<String>,
}

impl Success<'_> {
    /// Whether this lists rows of a table.
    pub(crate) fn lists(&self) -> bool {
        let Some(rest) = self.path().split("/table/").nth(1) else { return false };
        self.answer.method == Method::Get && !rest.trim_end_matches('/').contains('/')
    }

    pub(crate) fn path(&self) -> &str {
        self.answer.path.split('?').next().unwrap_or_default()
    }

    /// Rows that came.
    pub(crate) fn count(&self) -> u64 {
        self.answer.rows.unwrap_or(self.listing.rows.len() as u64)
    }

    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        parameter(self.answer.path, name)
    }

    pub(crate) fn number(&self, name: &str) -> Option<u64> {
        self.parameter(name)?.parse().ok()
    }

    /// The conditions of the query between `^`, without orders. None if the query has alternatives, because then no
    /// single condition must hold.
    pub(crate) fn conditions(&self) -> Vec<&str> {
        let query = self.query.as_deref().unwrap_or_default();
        if query.contains("^OR") && !query.contains("^ORDERBY") || query.contains("^NQ") || query.contains("RLQUERY") {
            return Vec::new();
        }
        query.split('^').filter(|part| !part.is_empty() && !part.starts_with("ORDERBY") && *part != "EQ").collect()
    }

    /// Whether the query orders its rows.
    pub(crate) fn is_ordered(&self) -> bool {
        self.query.as_deref().is_some_and(|query| query.contains("ORDERBY"))
    }
}

/// The field that a condition begins with: column names are lower case, operators are not.
pub(crate) fn field_of(condition: &str) -> &str {
    let plain = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'_' || *byte == b'.';
    let length = condition.bytes().take_while(|byte| plain(byte)).count();
    condition.get(..length).unwrap_or_default()
}

/// The value of a parameter of the query string, decoded.
pub(crate) fn parameter(path: &str, name: &str) -> Option<String> {
    let pairs = path.split_once('?')?.1.split('&');
    let value = pairs.filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name)?.1;
    Some(decoded(value))
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|digits| core::str::from_utf8(digits).ok());
        let escaped = digits.filter(|_| first == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match (escaped, first) {
            (Some(byte), _) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            (None, b'+') => {
                bytes.push(b' ');
                rest = after;
            }
            (None, other) => {
                bytes.push(other);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
