//! What may be known besides the reply. Every fact is optional: `false` or absent means "no, or not known". A fact makes a
//! diagnosis more precise. A missing one never makes it wrong.

use crate::auth::GrantType;
use crate::time::Millis;

/// The kind of credential of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credential {
    /// An OAuth token.
    Bearer,
    /// User name and password.
    Basic,
    /// `x-sn-apikey`.
    ApiKey,
    /// A session cookie alone.
    Cookie,
    /// None in the request itself: a certificate of the connection, or nothing at all.
    Unshown,
}

/// What may be known besides the reply.
#[derive(Debug, Clone, Copy, Default)]
pub struct Circumstances<'a> {
    /// The grant of a token request.
    pub grant: Option<GrantType>,
    /// Whether a scope was requested.
    pub scope: bool,
    /// Whether a token was issued to this client before.
    pub token_before: bool,
    /// The kind of credential of the request.
    pub credential: Option<Credential>,
    /// Whether the token replaced a refused one, and nothing has accepted it yet.
    pub renewed: bool,
    /// When the token was obtained.
    pub token_age: Option<Millis>,
    /// The lifetime of the token by the server's reply.
    pub token_lifetime: Option<Millis>,
    /// Whether this very credential was accepted by this API before.
    pub accepted_here: bool,
    /// Whether this very credential was accepted by another API.
    pub accepted_elsewhere: bool,
    /// Whether this API accepted another kind of credential.
    pub others_accepted: bool,
    /// Whether this very credential was accepted so shortly before that a refusal may be of the moment, and the endpoint's latest
    /// reply was no refusal of a few minutes ago.
    pub accepted_lately: bool,
    /// Whether the token is a signed one (a JWT) that the instance's own token endpoint was not seen to issue.
    pub foreign: bool,
    /// Whether the request carried cookies.
    pub cookies: bool,
    /// The `Content-Type` of the request.
    pub content_type: Option<&'a str>,
    /// Whether a page in a browser sent it to another origin than its own.
    pub in_browser: bool,
    /// Whether the instance answers requests whose replies the page may not read (`mode: "no-cors"`).
    pub answers_unreadably: bool,
    /// Whether those requests get no reply either.
    pub is_silent: bool,
    /// Whether the page came by https and the instance's address is http.
    pub mixed_content: bool,
    /// The duration from sending to the end of the exchange.
    pub duration: Option<Millis>,
    /// The shortest duration of a similar request.
    pub usual_duration: Option<Millis>,
    /// Requests in progress, including this one; 0 if not counted.
    pub together: u32,
}

impl Circumstances<'_> {
    /// Nothing is known.
    pub const UNKNOWN: Circumstances<'static> = Circumstances {
        grant: None,
        scope: false,
        token_before: false,
        credential: None,
        renewed: false,
        token_age: None,
        token_lifetime: None,
        accepted_here: false,
        accepted_elsewhere: false,
        others_accepted: false,
        accepted_lately: false,
        foreign: false,
        cookies: false,
        content_type: None,
        in_browser: false,
        answers_unreadably: false,
        is_silent: false,
        mixed_content: false,
        duration: None,
        usual_duration: None,
        together: 0,
    };
}

/// How long the user's roles can be missing after a change of the node (KB2466644).
pub const MOMENT: Millis = Millis::from_seconds(10);

/// For this long after a refusal, the next one of the same endpoint is taken as lasting, whatever was accepted in between.
pub const LASTING: Millis = Millis::from_seconds(300);

/// Whether a token has the form of a JWT: three parts, the first of them an object in base64url.
#[must_use]
pub fn is_signed(token: &str) -> bool {
    token.starts_with("eyJ") && token.split('.').count() == 3
}

/// The part of a path that an access policy or an auth scope is for: `/api/now/table` of any table.
#[must_use]
pub fn api_of(path: &str) -> &str {
    let path = path.split('?').next().unwrap_or_default();
    path.match_indices('/').nth(3).and_then(|(end, _)| path.get(..end)).unwrap_or(path)
}

impl Circumstances<'_> {
    /// Whether the token had reached its lifetime.
    pub(crate) fn is_token_old(&self) -> bool {
        matches!((self.token_age, self.token_lifetime), (Some(age), Some(lifetime)) if age >= lifetime)
    }

    /// Whether the token had certainly not reached its lifetime.
    pub(crate) fn is_token_young(&self) -> bool {
        matches!((self.token_age, self.token_lifetime), (Some(age), Some(lifetime)) if age < lifetime)
    }

    /// Whether it took about as long as a load balancer keeps a connection (300 s, KB0546187).
    pub(crate) fn lasted_five_minutes(&self) -> bool {
        self.duration.is_some_and(|length| (295_000..=305_000).contains(&length.0))
    }
}
