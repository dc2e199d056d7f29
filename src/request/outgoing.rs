//! A request for the host to send. The host sends exactly this: no cookies, and it follows no redirects.

use crate::secret::Secret;

/// The methods that ServiceNow's REST APIs know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads a resource.
    Get,
    /// Reads headers only.
    Head,
    /// Creates. Not idempotent.
    Post,
    /// Changes (ServiceNow treats it as PATCH, KB0534905).
    Put,
    /// Changes.
    Patch,
    /// Deletes.
    Delete,
    /// Asks for the allowed methods.
    Options,
}

impl Method {
    const ALL: &[Self] = &[Self::Get, Self::Head, Self::Post, Self::Put, Self::Patch, Self::Delete, Self::Options];

    /// Finds a method by name, ignoring case. None for a method that ServiceNow does not support.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|method| method.as_str().eq_ignore_ascii_case(name))
    }

    /// The name in HTTP.
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

    /// Whether the method can change data. Such a request is not repeated blindly.
    #[must_use]
    pub const fn writes(self) -> bool {
        !matches!(self, Self::Get | Self::Head | Self::Options)
    }
}

/// How the host reads the body of a reply.
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

/// One HTTP request. `Debug` omits everything that may be secret.
#[derive(Clone)]
pub struct Outgoing {
    /// The method.
    pub method: Method,
    /// The whole address, always at the instance's origin.
    pub url: String,
    /// Names and values, without `Authorization`.
    pub headers: Vec<(&'static str, String)>,
    /// Name and value of the header that authenticates: `Authorization`, or the header of an API key.
    pub authorization: Option<(&'static str, Secret)>,
    /// An API key in the query string, if the options ask for that: `?name=value`.
    pub query: Option<Secret>,
    /// A body from the core: the form of a token request, or a Batch of one. The host holds the body of a caller's own
    /// request.
    pub form: Option<Secret>,
    /// What to do with the reply.
    pub expect: Expect,
}

impl Outgoing {
    /// Whether the reply is the only item of a Batch reply.
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

/// A path that cannot be requested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Invalid path. Pass one that begins with one slash, is percent-encoded, and has no backslash and no fragment")]
pub struct InvalidPath;

/// The path, if appending it to the origin stays at that origin.
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
    fn checked_path_cannot_leave_the_instance() {
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
    fn method_name_is_parsed_in_any_case() {
        assert_eq!(Method::parse("patch"), Some(Method::Patch));
        assert_eq!(Method::parse("TRACE"), None);
        assert!(Method::parse("DELETE").is_some_and(Method::writes));
        assert!(!Method::Head.writes());
    }

    #[test]
    fn debug_of_a_request_omits_authorization_and_form() {
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
