//! The credentials of a grant: options of the caller, and values that one token request uses up.

use crate::secret::Secret;

/// A credential that a grant requires, accepts or obtains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The registry record's client id.
    ClientId,
    /// Its client secret. Two values during a rotation: the old one and the new one.
    ClientSecret,
    /// Where the client id and secret are sent: "body" or "basic".
    ClientAuth,
    /// Auth scopes, separated by spaces.
    Scope,
    /// A user's name.
    Username,
    /// A user's password.
    Password,
    /// A refresh token given in the options.
    RefreshToken,
    /// The redirect URI of a sign-in, exactly as registered.
    RedirectUri,
    /// The user that an assertion is issued for.
    Subject,
    /// The audience of an assertion; the client id by default.
    Audience,
    /// The id of the registered key that signs.
    KeyId,
    /// The JOSE name of the host's signature algorithm.
    Algorithm,
    /// An API key.
    ApiKey,
    /// Where the API key is sent: "header" or "query".
    In,
    /// Set if the host's `fetch` presents a client certificate.
    Certificate,
    /// An access token given in the options.
    Token,
    /// Set if the host supplies tokens on request.
    TokenSource,
    /// The authorization code of a sign-in; single use.
    Code,
    /// PKCE code verifier (RFC 7636); single use.
    CodeVerifier,
    /// The signed assertion; single use.
    Assertion,
}

/// How a field's value is treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Treatment {
    /// May be shown.
    Plain,
    /// Redacted wherever it may appear.
    Secret,
    /// Redacted, and removed by the token request that sends it.
    SingleUse,
}

impl Field {
    /// How its value is treated.
    pub(super) const fn treatment(self) -> Treatment {
        match self {
            Self::ClientSecret | Self::Password | Self::RefreshToken | Self::Token | Self::ApiKey => Treatment::Secret,
            Self::Code | Self::CodeVerifier | Self::Assertion => Treatment::SingleUse,
            Self::ClientId
            | Self::ClientAuth
            | Self::Scope
            | Self::Username
            | Self::RedirectUri
            | Self::Subject
            | Self::Audience
            | Self::KeyId
            | Self::Algorithm
            | Self::In
            | Self::Certificate
            | Self::TokenSource => Treatment::Plain,
        }
    }

    /// The fields that are options of `connect()`, by their names after `auth.`.
    const OPTIONS: &[(&str, Self)] = &[
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

    /// The field of the option with this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::OPTIONS.iter().find(|(option, _)| *option == name).map(|(_, field)| *field)
    }

    /// The option's name; "code" for a single-use field, which is no option.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::OPTIONS.iter().find(|(_, field)| *field == self).map_or("code", |(option, _)| option)
    }
}

/// Fields and their values. All are [`Secret`], because some are secret.
#[derive(Debug, Clone, Default)]
pub struct Credentials(Vec<(Field, Secret)>);

impl Credentials {
    /// Adds a value. A second client secret does not replace the first.
    pub fn add(&mut self, field: Field, value: Secret) {
        self.0.push((field, value));
    }

    /// Removes all values of the field.
    pub fn remove(&mut self, field: Field) {
        self.0.retain(|(held, _)| *held != field);
    }

    /// The field's first value that is not empty.
    #[must_use]
    pub fn value(&self, field: Field) -> Option<&Secret> {
        self.values(field).next()
    }

    /// The field's text; empty if it is absent.
    #[must_use]
    pub fn text(&self, field: Field) -> &str {
        self.value(field).map_or("", Secret::expose)
    }

    /// All values of the field that are not empty, in the order of their addition.
    pub fn values(&self, field: Field) -> impl Iterator<Item = &Secret> {
        self.0.iter().filter(move |(held, value)| *held == field && !value.expose().is_empty()).map(|(_, value)| value)
    }

    /// Moves the single-use values out.
    pub(super) fn take_single_use(&mut self) -> Self {
        Self(self.0.extract_if(.., |(field, _)| field.treatment() == Treatment::SingleUse).collect())
    }

    /// All values that must not be shown, with their fields.
    pub(super) fn secrets(&self) -> impl Iterator<Item = (Field, &Secret)> {
        let held = self.0.iter().map(|(field, value)| (*field, value));
        held.filter(|(field, value)| field.treatment() != Treatment::Plain && !value.expose().is_empty())
    }

    pub(super) fn fields(&self) -> impl Iterator<Item = Field> {
        self.0.iter().map(|(field, _)| *field)
    }
}

/// Whether the text is printable ASCII without spaces. A bearer token is (RFC 6750 section 2.1), and such text cannot end a header.
#[must_use]
pub fn is_header_text(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}
