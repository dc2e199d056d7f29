//! What a grant is opened with, and what it gathers on its way.

use crate::secret::Secret;

/// One thing that a grant needs, takes or gathers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The registry record's client id.
    ClientId,
    /// Its client secret. May be there twice while a secret is being rotated: the old one and the new one.
    ClientSecret,
    /// "body" or "basic": where the client's id and secret are sent.
    ClientAuth,
    /// Space separated auth scopes.
    Scope,
    /// A user's name.
    Username,
    /// A user's password.
    Password,
    /// A refresh token brought along.
    RefreshToken,
    /// Where a sign-in comes back to, exactly as registered.
    RedirectUri,
    /// The user that an assertion speaks for.
    Subject,
    /// Whom an assertion is for; the client id unless told otherwise.
    Audience,
    /// Which of the registered keys signs.
    KeyId,
    /// The algorithm of the key that the host signs with, as JOSE names it.
    Algorithm,
    /// An API key.
    ApiKey,
    /// "header" or "query": where the API key goes.
    In,
    /// The host's `fetch` presents a certificate.
    Certificate,
    /// An access token brought along.
    Token,
    /// The host supplies tokens when asked.
    TokenSource,
    /// Gathered: the code that a sign-in brought. Good for one request.
    Code,
    /// Gathered: what proves that who began the sign-in also ends it (RFC 7636). Good for one request.
    CodeVerifier,
    /// Gathered: the signed assertion. Good for one request.
    Assertion,
}

impl Field {
    /// The names of the fields that are options, as `connect()` has them behind `auth.`.
    const OPTIONS: [(&str, Self); 17] = [
        ("clientId", Self::ClientId),
        ("clientSecret", Self::ClientSecret),
        ("clientAuth", Self::ClientAuth),
        ("scope", Self::Scope),
        ("username", Self::Username),
        ("password", Self::Password),
        ("refreshToken", Self::RefreshToken),
        ("redirectUri", Self::RedirectUri),
        ("subject", Self::Subject),
        ("audience", Self::Audience),
        ("keyId", Self::KeyId),
        ("algorithm", Self::Algorithm),
        ("apiKey", Self::ApiKey),
        ("in", Self::In),
        ("certificate", Self::Certificate),
        ("token", Self::Token),
        ("tokenSource", Self::TokenSource),
    ];

    /// The field of that option.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::OPTIONS.into_iter().find(|(option, _)| *option == name).map(|(_, field)| field)
    }

    /// The option's name; of what is gathered on the way a plain word.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::OPTIONS.into_iter().find(|(_, field)| *field == self).map_or("code", |(option, _)| option)
    }
}

/// Fields and their values. All are kept as secrets: some are, and the others lose nothing by it.
#[derive(Debug, Clone, Default)]
pub struct Credentials(Vec<(Field, Secret)>);

impl Credentials {
    /// Adds a value; a second client secret stands beside the first.
    pub fn add(&mut self, field: Field, value: Secret) {
        self.0.push((field, value));
    }

    /// Takes the field out.
    pub fn remove(&mut self, field: Field) {
        self.0.retain(|(held, _)| *held != field);
    }

    /// The field's value, if it is there and not empty.
    #[must_use]
    pub fn value(&self, field: Field) -> Option<&Secret> {
        self.values(field).next()
    }

    /// The field's text, empty when it is not there.
    #[must_use]
    pub fn text(&self, field: Field) -> &str {
        self.value(field).map_or("", Secret::expose)
    }

    /// All values of the field, in their order.
    pub fn values(&self, field: Field) -> impl Iterator<Item = &Secret> {
        self.0.iter().filter(move |(held, value)| *held == field && !value.expose().is_empty()).map(|(_, value)| value)
    }

    pub(super) fn fields(&self) -> impl Iterator<Item = Field> {
        self.0.iter().map(|(field, _)| *field)
    }
}
