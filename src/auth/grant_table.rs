//! The table of grants: what each needs, what it sends, how it renews, how a request shows it. A new grant begins
//! in `grant_type.rs`; `docs/adding.md` lists the other places.
//!
//! | grant | sent to the token endpoint | renewed with | since |
//! |---|---|---|---|
//! | client credentials | id, secret, scope | itself | Washington DC (before it the token is the guest's, KB0745184) |
//! | password | id, secret, user name, password, scope | refresh token, then itself | always |
//! | authorization code | id, secret of a confidential client, code, verifier | refresh token, then a person | PKCE without a secret: "Public client" ticked |
//! | refresh token | id, secret of a confidential client, the token | the refresh token of the latest reply, then itself | always |
//! | JWT bearer | id, secret unless public, a fresh signed assertion | itself | ES256, ES384, ES512 and JWKS since Zurich |
//! | API key | nothing | nothing | Washington DC, plugin com.glide.tokenbased_auth |
//! | Basic | nothing | nothing | always; new instances restrict it since Australia |
//! | certificate | nothing | nothing | needs the ADCv2 load balancer |
//! | token in the options | nothing | nothing | always |
//! | token source | nothing: the host supplies tokens | the host | always |

use super::credentials::Field;
use super::grant_type::GrantType;
use Field::{
    Algorithm, ApiKey, Assertion, Audience, Certificate, ClientAuth, ClientId, ClientSecret, Code, CodeVerifier, In,
    KeyId, Password, RedirectUri, RefreshToken, Scope, Subject, Token, TokenSource, Username,
};

/// One way to authenticate.
#[derive(Debug)]
pub(super) struct GrantSpec {
    /// The OAuth grant; none for what its options identify.
    pub(super) grant: Option<GrantType>,
    /// Required fields. The first one identifies what is no OAuth grant.
    pub(super) needs: &'static [Field],
    /// Optional fields.
    pub(super) takes: &'static [Field],
    /// Parameters of the token request in addition to the client's credentials. An absent field is left out.
    pub(super) sends: &'static [(&'static str, Field)],
    /// The single-use field: a token request or a sign-out uses it up, and no token request can be sent without it.
    pub(super) spends: Option<Field>,
    /// Where its tokens come from.
    pub(super) obtains: Obtains,
    /// How a request presents its credential.
    pub(super) presents: Presents,
}

/// Where tokens come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obtains {
    /// From the token endpoint.
    Requested,
    /// From the host, on request.
    Supplied,
    /// Never: the credential of the options is all there is.
    Never,
}

/// How a request authenticates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presents {
    /// `Authorization: Bearer` (RFC 6750).
    Bearer,
    /// `x-sn-apikey`, as header or parameter.
    ApiKey,
    /// `Authorization: Basic` (RFC 7617).
    Basic,
    /// Not at all: the TLS connection presents a certificate.
    Nothing,
}

/// What a grant needs and what it sends.
pub(super) const fn spec_of(grant: GrantType) -> &'static GrantSpec {
    match grant {
        GrantType::ClientCredentials => &GrantSpec {
            grant: Some(GrantType::ClientCredentials),
            needs: &[ClientId, ClientSecret],
            takes: &[ClientAuth, Scope],
            sends: &[("scope", Scope)],
            ..REQUESTED
        },
        GrantType::Password => &GrantSpec {
            grant: Some(GrantType::Password),
            needs: &[ClientId, ClientSecret, Username, Password],
            takes: &[ClientAuth, Scope],
            sends: &[("username", Username), ("password", Password), ("scope", Scope)],
            ..REQUESTED
        },
        GrantType::AuthorizationCode => &GrantSpec {
            grant: Some(GrantType::AuthorizationCode),
            needs: &[ClientId, RedirectUri],
            takes: &[ClientSecret, ClientAuth, Scope],
            sends: &[("code", Code), ("redirect_uri", RedirectUri), ("code_verifier", CodeVerifier)],
            spends: Some(Code),
            ..REQUESTED
        },
        GrantType::RefreshToken => &GrantSpec {
            grant: Some(GrantType::RefreshToken),
            needs: &[ClientId, RefreshToken],
            takes: &[ClientSecret, ClientAuth],
            sends: &[(REFRESH_TOKEN, RefreshToken)],
            spends: Some(RefreshToken),
            ..REQUESTED
        },
        GrantType::JwtBearer => &GrantSpec {
            grant: Some(GrantType::JwtBearer),
            needs: &[ClientId, Subject, Algorithm],
            takes: &[ClientSecret, ClientAuth, Scope, KeyId, Audience],
            sends: &[("assertion", Assertion), ("scope", Scope)],
            spends: Some(Assertion),
            ..REQUESTED
        },
    }
}

/// What is no OAuth grant: the first required field identifies each.
pub(super) static IDENTIFIED_BY_OPTIONS: &[GrantSpec] = &[
    GrantSpec { needs: &[ApiKey], takes: &[In], presents: Presents::ApiKey, ..NO_TOKEN_REQUEST },
    GrantSpec { needs: &[Username, Password], presents: Presents::Basic, ..NO_TOKEN_REQUEST },
    GrantSpec { needs: &[Certificate], presents: Presents::Nothing, ..NO_TOKEN_REQUEST },
    TOKEN,
    TOKEN_SOURCE,
];

/// A token in the options.
pub(super) const TOKEN: GrantSpec = GrantSpec { needs: &[Token], ..NO_TOKEN_REQUEST };

/// Tokens that the host supplies.
pub(super) const TOKEN_SOURCE: GrantSpec =
    GrantSpec { needs: &[TokenSource], obtains: Obtains::Supplied, ..NO_TOKEN_REQUEST };

/// The parameter that holds the refresh token.
pub(super) const REFRESH_TOKEN: &str = "refresh_token";

const REQUESTED: GrantSpec = GrantSpec {
    grant: None,
    needs: &[],
    takes: &[],
    sends: &[],
    spends: None,
    obtains: Obtains::Requested,
    presents: Presents::Bearer,
};

const NO_TOKEN_REQUEST: GrantSpec = GrantSpec { obtains: Obtains::Never, ..REQUESTED };
