//! The table of grants: what each needs, what it sends, how it renews, how a request shows it. Adding a grant adds a row here.
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
//! | token brought along | nothing | nothing | always |
//! | token source | nothing: the host is asked | the host | always |

use super::fields::Field;
use Field::{
    Algorithm, ApiKey, Assertion, Audience, Certificate, ClientAuth, ClientId, ClientSecret, Code, CodeVerifier, In,
    KeyId, Password, RedirectUri, RefreshToken, Scope, Subject, Token, TokenSource, Username,
};

/// One grant.
#[derive(Debug)]
pub(super) struct Row {
    /// As `auth.grant` names it; empty for what is told by its options alone.
    pub(super) name: &'static str,
    /// The value of `grant_type`.
    pub(super) grant_type: &'static str,
    /// Without these it cannot work. The first tells a grant without a name.
    pub(super) needs: &'static [Field],
    /// These it takes too.
    pub(super) takes: &'static [Field],
    /// Parameters of the token request beside the client's own; a field that is absent is left out.
    pub(super) sends: &'static [(&'static str, Field)],
    /// What one request, or a sign-out, uses up; without it none can be sent.
    pub(super) spends: Option<Field>,
    /// Where its tokens come from.
    pub(super) obtains: Obtains,
    /// How a request shows it.
    pub(super) presents: Presents,
}

/// Where tokens come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obtains {
    /// From the token endpoint.
    Requested,
    /// From the host, when asked.
    Supplied,
    /// One was brought along, or none is used; there will be no other.
    Never,
}

/// How a request shows who is asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presents {
    /// `Authorization: Bearer` (RFC 6750).
    Bearer,
    /// `x-sn-apikey`, as header or parameter.
    ApiKey,
    /// `Authorization: Basic` (RFC 7617).
    Basic,
    /// Nothing: the connection shows it.
    Nothing,
}

pub(super) static TABLE: [Row; 10] = [
    Row {
        name: "client_credentials",
        grant_type: "client_credentials",
        needs: &[ClientId, ClientSecret],
        takes: &[ClientAuth, Scope],
        sends: &[("scope", Scope)],
        ..REQUESTED
    },
    Row {
        name: "password",
        grant_type: "password",
        needs: &[ClientId, ClientSecret, Username, Password],
        takes: &[ClientAuth, Scope],
        sends: &[("username", Username), ("password", Password), ("scope", Scope)],
        ..REQUESTED
    },
    Row {
        name: "authorization_code",
        grant_type: "authorization_code",
        needs: &[ClientId, RedirectUri],
        takes: &[ClientSecret, ClientAuth, Scope],
        sends: &[("code", Code), ("redirect_uri", RedirectUri), ("code_verifier", CodeVerifier)],
        spends: Some(Code),
        ..REQUESTED
    },
    Row {
        name: "refresh_token",
        grant_type: REFRESHING,
        needs: &[ClientId, RefreshToken],
        takes: &[ClientSecret, ClientAuth],
        sends: &[(REFRESHING, RefreshToken)],
        spends: Some(RefreshToken),
        ..REQUESTED
    },
    Row {
        name: "jwt_bearer",
        grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
        needs: &[ClientId, Subject, Algorithm],
        takes: &[ClientSecret, ClientAuth, Scope, KeyId, Audience],
        sends: &[("assertion", Assertion), ("scope", Scope)],
        spends: Some(Assertion),
        ..REQUESTED
    },
    Row { needs: &[ApiKey], takes: &[In], presents: Presents::ApiKey, ..SHOWN },
    Row { needs: &[Username, Password], presents: Presents::Basic, ..SHOWN },
    Row { needs: &[Certificate], presents: Presents::Nothing, ..SHOWN },
    Row { needs: &[Token], ..SHOWN },
    Row { needs: &[TokenSource], obtains: Obtains::Supplied, ..SHOWN },
];

/// The grant type of a renewal, and the parameter that it carries.
pub(super) const REFRESHING: &str = "refresh_token";

const REQUESTED: Row = Row {
    name: "",
    grant_type: "",
    needs: &[],
    takes: &[],
    sends: &[],
    spends: None,
    obtains: Obtains::Requested,
    presents: Presents::Bearer,
};

const SHOWN: Row = Row { obtains: Obtains::Never, ..REQUESTED };
