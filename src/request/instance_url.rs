//! The address of an instance, checked when it is parsed.

use core::fmt;

/// The origin of an instance: https, or http on loopback, without path, credentials or query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstanceUrl(String);

/// Why a text is not an instance's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidUrl {
    /// Nothing but blanks.
    #[error("no address. Pass one like https://dev12345.service-now.com")]
    Empty,
    /// Neither `https://` nor, on loopback, `http://`.
    #[error("the address must begin with https:// (http:// is for loopback only)")]
    Scheme,
    /// No host, or characters that a host cannot have.
    #[error("the address needs a host, such as dev12345.service-now.com")]
    Host,
    /// A port outside 1 to 65535.
    #[error("the port must be a number from 1 to 65535")]
    Port,
    /// A user name or password in front of the host.
    #[error("the address must not hold a user name or password")]
    Credentials,
    /// A path, query or fragment after the host.
    #[error(
        "the address must end with the host: no path, query or fragment. For a gateway below a path such as /acme, pass its origin, and `fetch: (url, init) => fetch(String(url).replace(origin, origin + \"/acme\"), init)`"
    )]
    Path,
}

impl InstanceUrl {
    /// # Errors
    /// What is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, InvalidUrl> {
        let text = text.trim_ascii();
        if text.is_empty() {
            return Err(InvalidUrl::Empty);
        }
        let (secure, rest) = match (strip_ignoring_case(text, "https://"), strip_ignoring_case(text, "http://")) {
            (Some(rest), _) => (true, rest),
            (None, Some(rest)) => (false, rest),
            (None, None) => return Err(InvalidUrl::Scheme),
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        if rest.contains('@') {
            return Err(InvalidUrl::Credentials);
        }
        if rest.contains(['/', '?', '#', '\\']) {
            return Err(InvalidUrl::Path);
        }
        let (host, port) = split_port(rest)?;
        let host = host.to_ascii_lowercase();
        if !secure && !is_loopback(&host) {
            return Err(InvalidUrl::Scheme);
        }
        let mut origin = String::from(if secure { "https://" } else { "http://" });
        origin.push_str(&host);
        if let Some(port) = port.filter(|port| *port != if secure { "443" } else { "80" }) {
            origin.push(':');
            origin.push_str(port);
        }
        Ok(Self(origin))
    }

    /// The origin, without a slash at its end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for InstanceUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

fn strip_ignoring_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (head, tail) = text.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(tail)
}

fn split_port(authority: &str) -> Result<(&str, Option<&str>), InvalidUrl> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (inside, after) = rest.split_once(']').ok_or(InvalidUrl::Host)?;
            if inside.is_empty() || !inside.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':') {
                return Err(InvalidUrl::Host);
            }
            let host = authority.strip_suffix(after).unwrap_or(authority);
            match after.strip_prefix(':') {
                Some(port) => (host, Some(port)),
                None if after.is_empty() => (host, None),
                None => return Err(InvalidUrl::Host),
            }
        }
        None => match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        },
    };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    if host.is_empty() || !(host.starts_with('[') || host.bytes().all(plain)) {
        return Err(InvalidUrl::Host);
    }
    match port {
        Some(port) if !is_port(port) => Err(InvalidUrl::Port),
        port => Ok((host, port)),
    }
}

fn is_port(text: &str) -> bool {
    !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u16>().is_ok()
}

fn is_loopback(host: &str) -> bool {
    let dotted = |rest: &str| rest.split('.').count() == 3 && rest.split('.').all(|part| part.parse::<u8>().is_ok());
    host == "localhost" || host == "[::1]" || host.strip_prefix("127.").is_some_and(dotted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn parse_reduces_an_address_to_its_origin() {
        let parsed = |text| InstanceUrl::parse(text).map(|url| url.to_string());
        assert_eq!(parsed(" https://Dev12345.service-now.com/ "), Ok("https://dev12345.service-now.com".to_owned()));
        assert_eq!(parsed("HTTPS://x.example:8443"), Ok("https://x.example:8443".to_owned()));
        assert_eq!(parsed("https://x.example:443"), Ok("https://x.example".to_owned()));
        assert_eq!(parsed("http://127.0.0.1:8787"), Ok("http://127.0.0.1:8787".to_owned()));
        assert_eq!(parsed("http://localhost:8787/"), Ok("http://localhost:8787".to_owned()));
        assert_eq!(parsed("http://[::1]:8787"), Ok("http://[::1]:8787".to_owned()));
    }

    #[test]
    fn parse_refuses_addresses_that_could_leak_secrets() {
        let refused = |text| InstanceUrl::parse(text).err();
        assert_eq!(refused("http://dev12345.service-now.com"), Some(InvalidUrl::Scheme));
        assert_eq!(refused("http://127.0.0.1.evil.example"), Some(InvalidUrl::Scheme));
        assert_eq!(refused("http://localhost.evil.example"), Some(InvalidUrl::Scheme));
        assert_eq!(refused("ftp://x"), Some(InvalidUrl::Scheme));
        assert_eq!(refused("dev12345"), Some(InvalidUrl::Scheme));
        assert_eq!(refused("https://user:pass@x.example"), Some(InvalidUrl::Credentials));
        assert_eq!(refused("https://x.example/nav_to.do"), Some(InvalidUrl::Path));
        assert_eq!(refused("https://x.example?a=b"), Some(InvalidUrl::Path));
        assert!(InvalidUrl::Path.to_string().contains("pass its origin, and `fetch:"), "says what to do");
        assert_eq!(refused("https://x.example\\@evil.example"), Some(InvalidUrl::Credentials));
        assert_eq!(refused("https://x example"), Some(InvalidUrl::Host));
        assert_eq!(refused("https://"), Some(InvalidUrl::Host));
        assert_eq!(refused("https://[::1"), Some(InvalidUrl::Host));
        assert_eq!(refused("https://x.example:0"), Some(InvalidUrl::Port));
        assert_eq!(refused("https://x.example:99999"), Some(InvalidUrl::Port));
    }

    proptest! {
        #[test]
        fn accepted_address_parses_back_to_itself(text in "(https?://)?[a-z0-9.:@/\\[\\]-]{0,24}") {
            if let Ok(url) = InstanceUrl::parse(&text) {
                prop_assert_eq!(InstanceUrl::parse(url.as_str()), Ok(url));
            }
        }
    }
}
