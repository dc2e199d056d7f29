//! A request as the host is asked to send it. Whoever sends it sends exactly this: no cookies, no redirects followed.

use crate::secret::Secret;

/// The methods that ServiceNow's REST APIs know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Reads headers only.
    Head,
    /// Creates; not idempotent.
    Post,
    /// Changes (ServiceNow treats it as PATCH, KB0534905).
    Put,
    /// Changes.
    Patch,
    /// Deletes.
    Delete,
    /// Asks what is allowed.
    Options,
}

impl Method {
    const ALL: [Self; 7] = [Self::Get, Self::Head, Self::Post, Self::Put, Self::Patch, Self::Delete, Self::Options];

    /// The method of that name, in any case; none for a name that ServiceNow does not serve.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.as_str().eq_ignore_ascii_case(name))
    }

    /// The name as HTTP spells it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
        }
    }

    /// Whether a request that may have arrived may have changed something.
    #[must_use]
    pub const fn writes(self) -> bool {
        !matches!(self, Self::Get | Self::Head | Self::Options)
    }
}

/// What the host does with the body of a reply before it reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// Reads the JSON of a token endpoint and reports its members.
    Token,
    /// Parses `{"result":[...]}`, keeps the rows and reports how many there are.
    Rows,
    /// Parses `{"result":{...}}` and keeps the record.
    Record,
    /// Leaves the body of a success untouched for the caller.
    Untouched,
}

/// One HTTP request. `Debug` leaves out what may be secret.
#[derive(Clone)]
pub struct Outgoing {
    /// The method.
    pub method: Method,
    /// The whole address; always within the instance's origin.
    pub url: String,
    /// Names and values; `Authorization` is not among them.
    pub headers: Vec<(&'static str, String)>,
    /// The header that shows who is asking, `Authorization` or an API key's own: its name and its value.
    pub authorization: Option<(&'static str, Secret)>,
    /// What shows who is asking behind the address, for an API key that goes there by choice: `?name=value`.
    pub query: Option<Secret>,
    /// A body made here: the form of a token request, or a Batch of one. The body of a caller's own request stays with the
    /// caller and is not here.
    pub form: Option<Secret>,
    /// What to do with the reply.
    pub expect: Expect,
}

impl Outgoing {
    /// Whether the reply to this lies within a Batch, as its only item.
    #[must_use]
    pub fn is_batch(&self) -> bool {
        self.form.is_some() && self.expect != Expect::Token
    }
}

impl core::fmt::Debug for Outgoing {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(formatter, "{} {}", self.method.as_str(), self.url)
    }
}

/// Why a path cannot be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a path begins with one slash and holds no spaces, control characters, backslashes or fragment")]
pub struct InvalidPath;

/// The path, if putting it behind the origin cannot lead anywhere else.
///
/// # Errors
/// [`InvalidPath`] for whole addresses, `//host`, backslashes (which browsers read as slashes), fragments and anything
/// that is not printable ASCII: percent-encode the rest.
pub fn checked_path(path: &str) -> Result<&str, InvalidPath> {
    let plain = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'\\' | b'#');
    if path.starts_with('/') && !path.starts_with("//") && path.bytes().all(plain) {
        Ok(path)
    } else {
        Err(InvalidPath)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_cannot_leave_the_instance() {
        assert_eq!(
            checked_path("/api/now/table/incident?sysparm_limit=1"),
            Ok("/api/now/table/incident?sysparm_limit=1")
        );
        for path in [
            "",
            "api/now",
            "//evil.example/x",
            "/\\evil.example",
            "https://evil.example/",
            "/a b",
            "/a\nb",
            "/a#b",
            "/ä",
        ] {
            assert_eq!(checked_path(path), Err(InvalidPath), "{path}");
        }
    }

    #[test]
    fn a_method_is_found_by_its_name_in_any_case() {
        assert_eq!(Method::parse("patch"), Some(Method::Patch));
        assert_eq!(Method::parse("TRACE"), None);
        assert!(Method::parse("DELETE").is_some_and(Method::writes));
        assert!(!Method::Head.writes());
    }

    #[test]
    fn a_printed_request_shows_no_authorization_and_no_form() {
        let outgoing = Outgoing {
            method: Method::Post,
            url: "https://x.example/oauth_token.do".to_owned(),
            headers: vec![],
            authorization: Some(("Authorization", Secret::new("Basic abc".to_owned()))),
            query: Some(Secret::new("?x-sn-apikey=hush".to_owned())),
            form: Some(Secret::new("client_secret=hush".to_owned())),
            expect: Expect::Token,
        };
        assert_eq!(format!("{outgoing:?}"), "POST https://x.example/oauth_token.do");
    }
}
