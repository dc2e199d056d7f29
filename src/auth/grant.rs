//! A grant with its credentials: what it sends to the token endpoint, and how a request shows who is asking.

use super::base64::base64;
use super::fields::{Credentials, Field};
use super::grants::{Obtains, Presents, REFRESHING, Row, TABLE};
use super::redirect::is_return_address;
use crate::request::{Expect, InstanceUrl, Method, Outgoing, form, percent_encode};
use crate::secret::Secret;

/// Path of the token endpoint (documentation page "OAuth API request parameters").
pub const TOKEN_PATH: &str = "/oauth_token.do";

/// Path of the endpoint that revokes a token (documentation page "Revoke an OAuth token").
pub const REVOKE_PATH: &str = "/oauth_revoke_token.do";

/// Where tokens come from, and with what.
#[derive(Debug, Clone)]
pub struct Grant {
    row: &'static Row,
    credentials: Credentials,
    /// What the latest request has used up: the reply may repeat it.
    spent: Credentials,
}

impl Grant {
    /// The grant of this name, or the one that these credentials tell, with everything that it needs.
    ///
    /// # Errors
    /// What is missing, unknown or cannot be sent, by the names of the options.
    pub fn open(name: &str, credentials: Credentials) -> Result<Self, String> {
        let given = |field: &Field| credentials.fields().any(|given| given == *field);
        let row =
            TABLE.iter().find(|row| row.name == name && (!name.is_empty() || row.needs.first().is_some_and(given)));
        let row = row.ok_or_else(|| {
            let names = TABLE.iter().flat_map(|row| [row.name, if row.name.is_empty() { "" } else { ", " }]);
            let others = ["or there is none and auth has token, apiKey, certificate, or username and password"];
            std::iter::once("grant is one of ").chain(names).chain(others).collect::<String>()
        })?;
        if let Some(missing) = row.needs.iter().find(|field| credentials.text(**field).is_empty()) {
            return Err([missing.name(), " is missing"].concat());
        }
        if let Some(more) = credentials.fields().find(|given| !row.needs.contains(given) && !row.takes.contains(given))
        {
            return Err(["auth.", more.name(), " is not for this grant"].concat());
        }
        for (field, one, other) in [(Field::ClientAuth, "body", "basic"), (Field::In, "header", "query")] {
            let text = credentials.text(field);
            if !text.is_empty() && text != one && text != other {
                return Err([field.name(), " is ", one, " or ", other].concat());
            }
        }
        if given(&Field::RedirectUri) && !is_return_address(credentials.text(Field::RedirectUri)) {
            return Err(
                "redirectUri is a whole address with https, with http on loopback, or with an app's own scheme \
                        such as com.example.app:/back"
                    .to_owned(),
            );
        }
        // One that is never tried would be one that its owner believes to be in use.
        if credentials.values(Field::ClientSecret).count() > 2 {
            return Err("clientSecret is one, or two while one replaces the other".to_owned());
        }
        for field in [Field::Token, Field::ApiKey] {
            if given(&field) && !is_header_text(credentials.text(field)) {
                return Err([field.name(), " holds characters that no header can carry"].concat());
            }
        }
        if row.presents == Presents::Basic && credentials.text(Field::Username).contains(':') {
            return Err(
                "username holds a colon, which ends the name in Basic (RFC 7617): use a grant of OAuth".to_owned()
            );
        }
        Ok(Self { row, credentials, spent: Credentials::default() })
    }

    /// Client credentials, sent in the form.
    #[must_use]
    pub fn client_credentials(client_id: String, client_secret: Secret) -> Self {
        Self::of(
            "client_credentials",
            [(Field::ClientId, Secret::new(client_id)), (Field::ClientSecret, client_secret)],
        )
    }

    /// A token that somebody brought along; it cannot be renewed.
    #[must_use]
    pub fn supplied(token: Secret) -> Self {
        Self::of("", [(Field::Token, token)])
    }

    /// The host supplies tokens when asked.
    #[must_use]
    pub fn source() -> Self {
        Self::of("", [(Field::TokenSource, Secret::new("true".to_owned()))])
    }

    /// The row that these fields tell, unchecked.
    fn of<const N: usize>(name: &str, fields: [(Field, Secret); N]) -> Self {
        let first = fields.first().map(|(field, _)| *field);
        let row = TABLE.iter().find(|row| row.name == name && row.needs.first().copied() == first);
        let mut credentials = Credentials::default();
        for (field, value) in fields {
            credentials.add(field, value);
        }
        Self { row: row.unwrap_or(&TABLE[0]), credentials, spent: Credentials::default() }
    }

    /// Where its tokens come from.
    #[must_use]
    pub const fn obtains(&self) -> Obtains {
        self.row.obtains
    }

    /// Its name; empty for what is told by its options alone.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.row.name
    }

    /// The value of `grant_type` that it sends; empty for what asks for no token.
    #[must_use]
    pub const fn grant_type(&self) -> &'static str {
        self.row.grant_type
    }

    /// How a request shows it.
    #[must_use]
    pub const fn presents(&self) -> Presents {
        self.row.presents
    }

    /// Its credentials.
    #[must_use]
    pub const fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// The token that was brought along, or what stands in its place.
    #[must_use]
    pub fn brought(&self) -> Option<&Secret> {
        let field = match self.row.presents {
            Presents::Bearer => Field::Token,
            Presents::ApiKey => Field::ApiKey,
            Presents::Basic => Field::Password,
            Presents::Nothing => Field::Certificate,
        };
        self.credentials.value(field).filter(|_| self.row.obtains == Obtains::Never)
    }

    /// Whether requests show an OAuth token.
    #[must_use]
    pub fn is_bearer(&self) -> bool {
        self.row.presents == Presents::Bearer
    }

    /// Whether a host's signature must be had before the grant can be sent.
    #[must_use]
    pub fn wants_assertion(&self) -> bool {
        self.row.spends == Some(Field::Assertion)
    }

    /// Whether the grant can be sent without a person: what it uses up is there, or can be made.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        let there = |field| field == Field::Assertion || self.credentials.value(field).is_some();
        self.row.obtains == Obtains::Requested && self.row.spends.is_none_or(there)
    }

    /// Whether a sign-in's code is there and has not been sent.
    #[must_use]
    pub fn has_code(&self) -> bool {
        self.credentials.value(Field::Code).is_some()
    }

    /// Puts in what one request uses up.
    pub fn gather(&mut self, field: Field, value: Secret) {
        self.credentials.remove(field);
        self.credentials.add(field, value);
    }

    /// What one request used up is gone.
    pub fn spent(&mut self) {
        self.spent = Credentials::default();
        for field in [Field::Code, Field::CodeVerifier, Field::Assertion] {
            if let Some(value) = self.credentials.value(field).cloned() {
                self.spent.add(field, value);
            }
            self.credentials.remove(field);
        }
    }

    /// Everything of it that no one else may read, also as it stands in a Basic header.
    #[must_use]
    pub fn confidential(&self) -> Vec<Secret> {
        let fields = [Field::ClientSecret, Field::Password, Field::RefreshToken, Field::Token, Field::ApiKey];
        let spent = [Field::Code, Field::CodeVerifier, Field::Assertion];
        let held = |field: &Field| self.credentials.values(*field).chain(self.spent.values(*field));
        let mut all: Vec<Secret> = fields.iter().chain(&spent).flat_map(held).cloned().collect();
        for (name, field) in [(Field::ClientId, Field::ClientSecret), (Field::Username, Field::Password)] {
            for secret in self.credentials.values(field) {
                let name = self.credentials.text(name);
                let plain = Secret::new([name, ":", secret.expose()].concat());
                all.extend([encoded_pair(name, secret.expose()), plain].map(|pair| pair_text(&pair)));
            }
        }
        all
    }

    /// After a sign-out nothing of it is left.
    pub fn signed_out(&mut self) {
        self.spent();
        self.credentials.remove(Field::RefreshToken);
    }

    /// Whether this very refresh token was brought along: then the grant itself would only send it again.
    #[must_use]
    pub fn brought_refresh(&self, token: &Secret) -> bool {
        self.credentials.value(Field::RefreshToken).is_some_and(|brought| brought.is(token.expose()))
    }

    /// How many client secrets there are: two while one is being rotated.
    #[must_use]
    pub fn secrets(&self) -> usize {
        self.credentials.values(Field::ClientSecret).count()
    }

    /// The request for a token: with a refresh token a renewal, else the grant itself. `turn` says which client secret.
    #[must_use]
    pub fn request(&self, instance: &InstanceUrl, refresh: Option<&Secret>, turn: usize) -> Outgoing {
        let client_id = self.credentials.text(Field::ClientId);
        let secret = self.credentials.values(Field::ClientSecret).nth(turn).map(Secret::expose);
        let grant_type = if refresh.is_some() { REFRESHING } else { self.row.grant_type };
        let mut parameters = vec![("grant_type", grant_type)];
        let mut authorization = None;
        match secret {
            // The client's id and secret are form-encoded before they are joined (RFC 6749 section 2.3.1): without it a
            // secret that holds `%` or `+` is refused by servers that follow the text.
            Some(secret) if self.credentials.text(Field::ClientAuth) == "basic" => {
                authorization = Some(basic(&encoded_pair(client_id, secret)));
            }
            secret => {
                parameters.push(("client_id", client_id));
                parameters.extend(secret.map(|secret| ("client_secret", secret)));
            }
        }
        match refresh {
            Some(token) => parameters.push((REFRESHING, token.expose())),
            None => parameters.extend(
                self.row
                    .sends
                    .iter()
                    .map(|(name, field)| (*name, self.credentials.text(*field)))
                    .filter(|(_, text)| !text.is_empty()),
            ),
        }
        token_request(instance, TOKEN_PATH, &parameters, authorization)
    }

    /// Puts who is asking on a request; the token is what [`Self::brought`] gave, or one that was obtained since.
    pub fn present(&self, token: &Secret, outgoing: &mut Outgoing) {
        match self.row.presents {
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

/// The request that revokes a token. The endpoint asks nobody who they are.
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

/// Printable ASCII without spaces: what a bearer token is made of (RFC 6750 section 2.1), and nothing that ends a header.
#[must_use]
pub fn is_header_text(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

fn encoded_pair(name: &str, secret: &str) -> Secret {
    let mut pair = String::new();
    percent_encode(name, &mut pair);
    pair.push(':');
    percent_encode(secret, &mut pair);
    Secret::new(pair)
}

/// Without padding, which a server may leave out when it repeats it.
fn pair_text(pair: &Secret) -> Secret {
    let mut text = base64(pair.expose().as_bytes());
    text.truncate(text.trim_end_matches('=').len());
    Secret::new(text)
}

fn basic(pair: &Secret) -> Secret {
    Secret::new(["Basic ", &base64(pair.expose().as_bytes())].concat())
}

/// The header and the parameter of an API key, as the base system names both ("Configure API key").
const API_KEY: &str = "x-sn-apikey";

#[cfg(test)]
#[path = "grant_tests.rs"]
mod tests;
