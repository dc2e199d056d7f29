//! Headers that are lost or changed on their way.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::exchange::{Reply, Request};

/// The change to the headers of a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum HeaderChange {
    /// `Link` is missing.
    WithoutLink,
    /// `X-Total-Count` is missing.
    WithoutTotal,
    /// `Retry-After` is missing.
    WithoutRetryAfter,
    /// The `X-RateLimit` headers are missing.
    WithoutRateLimit,
    /// `WWW-Authenticate` is missing.
    WithoutAuthenticate,
    /// `Content-Type` is missing.
    WithoutType,
    /// `Location` is missing.
    WithoutLocation,
    /// `Date` is missing.
    WithoutDate,
    /// Every header comes twice.
    Doubled,
    /// `Link` and `Location` name a host that only the proxy's network knows.
    HostsRewritten,
}

impl HeaderChange {
    fn removed(self) -> &'static [&'static str] {
        match self {
            Self::WithoutLink => &["Link"],
            Self::WithoutTotal => &["X-Total-Count"],
            Self::WithoutRetryAfter => &["Retry-After"],
            Self::WithoutRateLimit => &["X-RateLimit-Limit", "X-RateLimit-Reset", "X-RateLimit-Rule"],
            Self::WithoutAuthenticate => &["WWW-Authenticate"],
            Self::WithoutType => &["Content-Type"],
            Self::WithoutLocation => &["Location"],
            Self::WithoutDate => &["Date"],
            Self::Doubled | Self::HostsRewritten => &[],
        }
    }
}

/// A host that only the network of a proxy knows.
pub(super) const INTERNAL: &str = "https://internal.example:8443";

pub(crate) fn change_headers(reply: &mut Reply, change: HeaderChange) {
    let removed = change.removed();
    reply.headers.retain(|(name, _)| !removed.iter().any(|other| name.eq_ignore_ascii_case(other)));
    match change {
        HeaderChange::Doubled => reply.headers.extend_from_within(..),
        HeaderChange::HostsRewritten => {
            let places = reply.headers.iter_mut().filter(|(name, _)| matches!(*name, "Link" | "Location"));
            places.for_each(|(_, value)| *value = with_internal_host(value));
        }
        _ => {}
    }
}

/// The text with the host of every absolute address replaced.
fn with_internal_host(text: &str) -> String {
    let mut parts = text.split("://");
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let scheme = whole.rfind(|letter: char| !letter.is_ascii_alphanumeric()).map_or(0, |place| place + 1);
        whole.truncate(scheme);
        whole.push_str(INTERNAL);
        whole.push_str(part.find(['/', '?', '>']).and_then(|end| part.get(end..)).unwrap_or_default());
    }
    whole
}

/// A header of a request that does not arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LostHeader {
    /// The credentials: a proxy keeps them for itself.
    Authorization,
    /// An API key.
    ApiKey,
    /// The wanted types.
    Accept,
    /// The type of the body.
    ContentType,
    /// The name of the program.
    UserAgent,
}

/// The request as it arrives without a header.
pub(crate) fn without(request: &Request, lost: LostHeader) -> Request {
    let name = match lost {
        LostHeader::Authorization => "authorization",
        LostHeader::ApiKey => "x-sn-apikey",
        LostHeader::Accept => "accept",
        LostHeader::ContentType => "content-type",
        LostHeader::UserAgent => "user-agent",
    };
    let mut request = request.clone();
    request.headers.retain(|(other, _)| !other.eq_ignore_ascii_case(name));
    request
}

#[cfg(test)]
mod tests {
    use super::with_internal_host;

    #[test]
    fn every_address_of_a_link_gets_the_other_host() {
        let link = "<http://a.example/x?y=1>;rel=\"next\",<http://a.example/z>;rel=\"last\"";
        let expected =
            "<https://internal.example:8443/x?y=1>;rel=\"next\",<https://internal.example:8443/z>;rel=\"last\"";
        assert_eq!(with_internal_host(link), expected);
        assert_eq!(with_internal_host("/relative"), "/relative");
    }
}
