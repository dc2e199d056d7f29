//! Grants: what each sends to the token endpoint, and whether it can renew.

use crate::request::{Expect, InstanceUrl, Method, Outgoing, form, percent_encode};
use crate::secret::Secret;
use crate::time::Millis;

/// Path of the token endpoint (documentation page "OAuth API request parameters").
pub const TOKEN_PATH: &str = "/oauth_token.do";

/// Where tokens come from.
#[derive(Debug, Clone)]
pub enum Grant {
    /// The client asks in its own name.
    ClientCredentials(ClientCredentials),
    /// A token that somebody brought along; it cannot be renewed.
    Supplied {
        /// The token.
        token: Secret,
        /// When it dies; absent when nobody said.
        expires_at: Option<Millis>,
    },
    /// The host supplies tokens when asked.
    Source,
}

/// The client credentials grant (RFC 6749 section 4.4).
#[derive(Debug, Clone)]
pub struct ClientCredentials {
    /// The registry record's client id.
    pub client_id: String,
    /// Its client secret.
    pub client_secret: Secret,
    /// Space separated scopes; sent only when given, because an unknown scope is refused.
    pub scope: Option<String>,
    /// Where id and secret are put.
    pub client_authentication: ClientAuthentication,
}

/// Where a client's id and secret are put in a token request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ClientAuthentication {
    /// Into the form, as ServiceNow documents it.
    #[default]
    Body,
    /// Into a Basic header (RFC 6749 section 2.3.1).
    Basic,
}

impl ClientCredentials {
    /// The request for a token.
    #[must_use]
    pub fn request(&self, instance: &InstanceUrl) -> Outgoing {
        let mut parameters = vec![("grant_type", "client_credentials")];
        let mut authorization = None;
        match self.client_authentication {
            ClientAuthentication::Body => {
                parameters.push(("client_id", &self.client_id));
                parameters.push(("client_secret", self.client_secret.expose()));
            }
            ClientAuthentication::Basic => authorization = Some(basic(&self.client_id, self.client_secret.expose())),
        }
        if let Some(scope) = &self.scope {
            parameters.push(("scope", scope));
        }
        Outgoing {
            method: Method::Post,
            url: [instance.as_str(), TOKEN_PATH].concat(),
            headers: vec![
                ("Content-Type", "application/x-www-form-urlencoded".to_owned()),
                ("Accept", "application/json".to_owned()),
            ],
            authorization,
            form: Some(Secret::new(form(&parameters))),
            expect: Expect::Token,
        }
    }
}

/// The client's id and secret are form-encoded before they are joined (RFC 6749 section 2.3.1): without it a secret that
/// holds `%` or `+` is refused by servers that follow the text.
fn basic(id: &str, secret: &str) -> Secret {
    let mut pair = String::new();
    percent_encode(id, &mut pair);
    pair.push(':');
    percent_encode(secret, &mut pair);
    Secret::new(["Basic ", &base64(pair.as_bytes())].concat())
}

/// Base64 (RFC 4648 section 4). Hand-written: the crate costs 5 KB compressed.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let group = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..4 {
            let index = (group >> (18 - 6 * digit)) & 63;
            match ALPHABET.get(index as usize) {
                Some(letter) if digit <= chunk.len() => text.push(char::from(*letter)),
                _ => text.push('='),
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn credentials(client_authentication: ClientAuthentication, scope: Option<&str>) -> Outgoing {
        let instance = InstanceUrl::parse("https://x.example").unwrap();
        let client_secret = Secret::new("s+cret&".to_owned());
        let scope = scope.map(str::to_owned);
        ClientCredentials { client_id: "id 1".to_owned(), client_secret, scope, client_authentication }
            .request(&instance)
    }

    #[test]
    fn the_client_is_named_in_the_form_and_nothing_in_the_address() {
        let request = credentials(ClientAuthentication::Body, None);
        assert_eq!(request.url, "https://x.example/oauth_token.do");
        let form = request.form.as_ref().map(Secret::expose);
        assert_eq!(form, Some("grant_type=client_credentials&client_id=id%201&client_secret=s%2Bcret%26"));
        assert!(request.authorization.is_none());
    }

    #[test]
    fn by_choice_the_client_is_named_in_a_basic_header_form_encoded_first() {
        let request = credentials(ClientAuthentication::Basic, Some("useraccount"));
        assert_eq!(request.form.as_ref().map(Secret::expose), Some("grant_type=client_credentials&scope=useraccount"));
        // base64("id%201:s%2Bcret%26")
        assert_eq!(request.authorization.as_ref().map(Secret::expose), Some("Basic aWQlMjAxOnMlMkJjcmV0JTI2"));
    }

    #[test]
    fn base64_matches_the_test_vectors_of_rfc_4648() {
        let vectors = [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ];
        for (plain, encoded) in vectors {
            assert_eq!(base64(plain.as_bytes()), encoded);
        }
    }
}
