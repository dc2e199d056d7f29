//! A grant with its credentials: its token requests, and how an API request authenticates.

use super::base64::base64;
use super::credentials::{Credentials, Field, is_header_text};
use super::grant_table::{
    GrantSpec, IDENTIFIED_BY_OPTIONS, Obtains, Presents, REFRESH_TOKEN, TOKEN, TOKEN_SOURCE, spec_of,
};
use super::grant_type::GrantType;
use super::redirect::is_safe_redirect;
use crate::request::{Expect, InstanceUrl, Method, Outgoing, form, percent_encode};
use crate::secret::Secret;

/// Path of the token endpoint (documentation page "OAuth API request parameters").
pub const TOKEN_PATH: &str = "/oauth_token.do";

/// Path of the endpoint that revokes a token (documentation page "Revoke an OAuth token").
pub const REVOKE_PATH: &str = "/oauth_revoke_token.do";

/// A kind of grant and the credentials for it.
#[derive(Debug, Clone)]
pub struct Grant {
    spec: &'static GrantSpec,
    credentials: Credentials,
    /// Single-use fields of the latest token request. Kept to be redacted: the reply may repeat them.
    last_used: Credentials,
}

impl Grant {
    /// Opens the grant of this name, or the one that these credentials identify if the name is empty.
    ///
    /// # Errors
    /// A message about the first option that is missing, unknown or unusable.
    pub fn open(name: &str, credentials: Credentials) -> Result<Self, String> {
        let given = |field: &Field| credentials.fields().any(|given| given == *field);
        let spec = match name {
            "" => IDENTIFIED_BY_OPTIONS.iter().find(|spec| spec.needs.first().is_some_and(given)),
            _ => GrantType::named(name).map(spec_of),
        };
        let spec = spec.ok_or_else(|| {
            let names = GrantType::ALL.iter().flat_map(|grant| [grant.name(), ", "]);
            let others = ["or leave it out with auth.token, apiKey, certificate, or username and password"];
            let wrong = if name.is_empty() { "Missing" } else { "Invalid" };
            [wrong, " option `auth.grant`. Pass one of "].into_iter().chain(names).chain(others).collect::<String>()
        })?;
        if let Some(missing) = spec.needs.iter().find(|field| credentials.text(**field).is_empty()) {
            return Err(["Missing option `auth.", missing.name(), "`. Pass it for this grant"].concat());
        }
        if let Some(more) =
            credentials.fields().find(|given| !spec.needs.contains(given) && !spec.takes.contains(given))
        {
            return Err(["Unsupported option `auth.", more.name(), "` of this grant. Remove it"].concat());
        }
        for (field, one, other) in [(Field::ClientAuth, "body", "basic"), (Field::In, "header", "query")] {
            let text = credentials.text(field);
            if !text.is_empty() && text != one && text != other {
                return Err(["Invalid option `auth.", field.name(), "`. Pass ", one, " or ", other].concat());
            }
        }
        if given(&Field::RedirectUri) && !is_safe_redirect(credentials.text(Field::RedirectUri)) {
            return Err(
                "Invalid option `auth.redirectUri`. Pass an absolute URL with https, with http on loopback, or with an app's \
                        own scheme such as com.example.app:/back"
                    .to_owned(),
            );
        }
        // A third secret would never be sent, although the caller believes it is in use.
        if credentials.values(Field::ClientSecret).count() > 2 {
            return Err(
                "Invalid option `auth.clientSecret`: more than two values. Pass the old and the new one".to_owned()
            );
        }
        for field in [Field::Token, Field::ApiKey] {
            if given(&field) && !is_header_text(credentials.text(field)) {
                return Err([
                    "Invalid option `auth.",
                    field.name(),
                    "`: a character that no header can hold. Remove it",
                ]
                .concat());
            }
        }
        if spec.presents == Presents::Basic && credentials.text(Field::Username).contains(':') {
            return Err(
                "Invalid option `auth.username`: Basic allows no colon (RFC 7617). Use an OAuth grant".to_owned()
            );
        }
        Ok(Self { spec, credentials, last_used: Credentials::default() })
    }

    /// Client credentials, sent in the body.
    #[must_use]
    pub fn client_credentials(client_id: String, client_secret: Secret) -> Self {
        Self::of(
            spec_of(GrantType::ClientCredentials),
            [(Field::ClientId, Secret::new(client_id)), (Field::ClientSecret, client_secret)],
        )
    }

    /// An access token of the options; it cannot be renewed.
    #[must_use]
    pub fn supplied(token: Secret) -> Self {
        Self::of(&TOKEN, [(Field::Token, token)])
    }

    /// Tokens that the host supplies on request.
    #[must_use]
    pub fn source() -> Self {
        Self::of(&TOKEN_SOURCE, [(Field::TokenSource, Secret::new("true".to_owned()))])
    }

    /// Unchecked.
    fn of<const N: usize>(spec: &'static GrantSpec, fields: [(Field, Secret); N]) -> Self {
        let mut credentials = Credentials::default();
        for (field, value) in fields {
            credentials.add(field, value);
        }
        Self { spec, credentials, last_used: Credentials::default() }
    }

    /// Where its tokens come from.
    #[must_use]
    pub const fn obtains(&self) -> Obtains {
        self.spec.obtains
    }

    /// The value of `auth.grant`; empty for what its options identify.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.grant_type().map_or("", GrantType::name)
    }

    /// The OAuth grant; none if it never requests a token.
    #[must_use]
    pub const fn grant_type(&self) -> Option<GrantType> {
        self.spec.grant
    }

    /// How a request presents its credential.
    #[must_use]
    pub const fn presents(&self) -> Presents {
        self.spec.presents
    }

    /// Its credentials.
    #[must_use]
    pub const fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// The access token of the options, or the credential that takes its place. `None` if tokens are obtained.
    #[must_use]
    pub fn given_token(&self) -> Option<&Secret> {
        let field = match self.spec.presents {
            Presents::Bearer => Field::Token,
            Presents::ApiKey => Field::ApiKey,
            Presents::Basic => Field::Password,
            Presents::Nothing => Field::Certificate,
        };
        self.credentials.value(field).filter(|_| self.spec.obtains == Obtains::Never)
    }

    /// Whether requests present an OAuth token.
    #[must_use]
    pub fn is_bearer(&self) -> bool {
        self.spec.presents == Presents::Bearer
    }

    /// Whether a token request needs an assertion that the host signs.
    #[must_use]
    pub fn needs_assertion(&self) -> bool {
        self.spec.spends == Some(Field::Assertion)
    }

    /// Whether a token can be requested without a sign-in: the single-use field is present or can be made.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        let there = |field| field == Field::Assertion || self.credentials.value(field).is_some();
        self.spec.obtains == Obtains::Requested && self.spec.spends.is_none_or(there)
    }

    /// Whether an unused authorization code is present.
    #[must_use]
    pub fn has_code(&self) -> bool {
        self.credentials.value(Field::Code).is_some()
    }

    /// Sets a field that one token request uses up.
    pub fn set_single_use(&mut self, field: Field, value: Secret) {
        self.credentials.remove(field);
        self.credentials.add(field, value);
    }

    /// Removes the fields that a token request has used up.
    pub fn clear_single_use(&mut self) {
        self.last_used = self.credentials.take_single_use();
    }

    /// All secrets of the grant, also in the form of a Basic header.
    #[must_use]
    pub fn confidential(&self) -> Vec<Secret> {
        let mut all = Vec::new();
        for (field, value) in self.credentials.secrets().chain(self.last_used.secrets()) {
            let name = match field {
                Field::ClientSecret => self.credentials.text(Field::ClientId),
                Field::Password => self.credentials.text(Field::Username),
                _ => "",
            };
            if !name.is_empty() {
                all.push(pair_text(&encoded_pair(name, value.expose())));
                all.push(pair_text(&Secret::new([name, ":", value.expose()].concat())));
            }
            all.push(value.clone());
        }
        all
    }

    /// Removes what a sign-out ends: the single-use fields and the refresh token.
    pub fn sign_out(&mut self) {
        self.clear_single_use();
        self.credentials.remove(Field::RefreshToken);
    }

    /// Whether the options contain this refresh token. If so, a request of the grant itself would only repeat it.
    #[must_use]
    pub fn has_refresh_token(&self, token: &Secret) -> bool {
        self.credentials.value(Field::RefreshToken).is_some_and(|brought| brought.is(token.expose()))
    }

    /// The number of client secrets: two during a rotation.
    #[must_use]
    pub fn secret_count(&self) -> usize {
        self.credentials.values(Field::ClientSecret).count()
    }

    /// The token request: a renewal if there is a refresh token, else the grant itself. Sends the client secret of this index.
    #[must_use]
    pub fn request(&self, instance: &InstanceUrl, refresh: Option<&Secret>, secret_index: usize) -> Outgoing {
        let client_id = self.credentials.text(Field::ClientId);
        let secret = self.credentials.values(Field::ClientSecret).nth(secret_index).map(Secret::expose);
        let grant_type = if refresh.is_some() { Some(GrantType::RefreshToken) } else { self.spec.grant };
        let mut parameters = vec![("grant_type", grant_type.map_or("", GrantType::as_parameter))];
        let mut authorization = None;
        match secret {
            // The client id and secret are form-encoded before they are joined (RFC 6749 section 2.3.1). Otherwise servers
            // that follow the RFC refuse a secret that holds `%` or `+`.
            Some(secret) if self.credentials.text(Field::ClientAuth) == "basic" => {
                authorization = Some(basic(&encoded_pair(client_id, secret)));
            }
            secret => {
                parameters.push(("client_id", client_id));
                parameters.extend(secret.map(|secret| ("client_secret", secret)));
            }
        }
        match refresh {
            Some(token) => parameters.push((REFRESH_TOKEN, token.expose())),
            None => parameters.extend(
                self.spec
                    .sends
                    .iter()
                    .map(|(name, field)| (*name, self.credentials.text(*field)))
                    .filter(|(_, text)| !text.is_empty()),
            ),
        }
        token_request(instance, TOKEN_PATH, &parameters, authorization)
    }

    /// Authenticates a request. The token is what [`Self::given_token`] gave, or one that was obtained since.
    pub fn present(&self, token: &Secret, outgoing: &mut Outgoing) {
        match self.spec.presents {
            Presents::Bearer => {
                outgoing.authorization = Some(("Authorization", Secret::new(["Bearer ", token.expose()].concat())));
            }
            Presents::Basic => {
                let pair =
                    [self.credentials.text(Field::Username), ":", self.credentials.text(Field::Password)].concat();
                outgoing.authorization = Some(("Authorization", basic(&Secret::new(pair))));
            }
            Presents::ApiKey if self.credentials.text(Field::In) == "query" => {
                let mark = if outgoing.url.contains('?') { "&" } else { "?" };
                let parameter = form(&[(API_KEY, token.expose())]);
                outgoing.query = Some(Secret::new([mark, &parameter].concat()));
            }
            Presents::ApiKey => outgoing.authorization = Some((API_KEY, token.clone())),
            Presents::Nothing => {}
        }
    }
}

/// The request that revokes a token. The endpoint needs no client authentication.
#[must_use]
pub fn revocation(instance: &InstanceUrl, token: &Secret) -> Outgoing {
    token_request(instance, REVOKE_PATH, &[("token", token.expose())], None)
}

fn token_request(
    instance: &InstanceUrl,
    path: &str,
    parameters: &[(&str, &str)],
    authorization: Option<Secret>,
) -> Outgoing {
    Outgoing {
        method: Method::Post,
        url: [instance.as_str(), path].concat(),
        headers: vec![
            ("Content-Type", "application/x-www-form-urlencoded".to_owned()),
            ("Accept", "application/json".to_owned()),
        ],
        authorization: authorization.map(|value| ("Authorization", value)),
        query: None,
        form: Some(Secret::new(form(parameters))),
        expect: Expect::Token,
    }
}

fn encoded_pair(name: &str, secret: &str) -> Secret {
    let mut pair = String::new();
    percent_encode(name, &mut pair);
    pair.push(':');
    percent_encode(secret, &mut pair);
    Secret::new(pair)
}

/// Base64 without padding, because a server may omit the padding when it repeats the value.
fn pair_text(pair: &Secret) -> Secret {
    let mut text = base64(pair.expose().as_bytes());
    text.truncate(text.trim_end_matches('=').len());
    Secret::new(text)
}

fn basic(pair: &Secret) -> Secret {
    Secret::new(["Basic ", &base64(pair.expose().as_bytes())].concat())
}

/// Name of the header and of the query parameter of an API key in the base system ("Configure API key").
const API_KEY: &str = "x-sn-apikey";

#[cfg(test)]
mod tests;
