//! The token endpoint: which grants give a token, how long it lives, and the one reply that nearly every failure gets.
//!
//! A refused grant is always 401 `{"error_description":"access_denied","error":"server_error"}`: the true cause is only in
//! the instance's own log (KB0725643). Refresh tokens are not rotated and use does not lengthen their life.

use base64::Engine;
use rand::Rng;

use crate::exchange::{Parameters, Reply, Request};
use crate::switches::Switches;

/// Who may sign in, and what with.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// `client_id` of the one registered application.
    pub client_id: String,
    /// Its `client_secret`.
    pub client_secret: String,
    /// The user that its tokens act as (OAuth Application User), who may also use the password grant and Basic.
    pub user_name: String,
    /// The user's password.
    pub password: String,
}

/// The tokens that are alive.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    access: Vec<Token>,
    refresh: Vec<Token>,
}

#[derive(Debug)]
struct Token {
    text: String,
    expires: u64,
    /// Whether it was issued with a refresh token beside it; such a token is never handed to a grant that has none.
    renewable: bool,
}

/// Tokens beyond this push out the oldest.
const MOST_TOKENS: usize = 10_000;
/// `refresh_token_lifespan`: 100 days.
const REFRESH_LIFETIME: u64 = 8_640_000;

impl Tokens {
    pub(crate) fn is_alive(&self, text: &str, now: u64) -> bool {
        self.access.iter().any(|token| token.text == text && token.expires > now)
    }

    /// How many access tokens are alive.
    pub(crate) fn alive(&self, now: u64) -> usize {
        self.access.iter().filter(|token| token.expires > now).count()
    }

    /// Kills every token, refresh tokens too.
    pub(crate) fn revoke_all(&mut self) {
        self.access.clear();
        self.refresh.clear();
    }

    /// Kills every access token; refresh tokens live on.
    pub(crate) fn revoke_access(&mut self) {
        self.access.clear();
    }
}

/// Answers a request to `/oauth_token.do`.
pub(crate) fn answer(
    request: &Request,
    credentials: &Credentials,
    tokens: &mut Tokens,
    switches: &Switches,
    random: &mut impl Rng,
    now: u64,
) -> Reply {
    granted(request, credentials, tokens, switches, random, now)
        .unwrap_or_else(|| Reply::json(401, r#"{"error_description":"access_denied","error":"server_error"}"#))
}

fn granted(
    request: &Request,
    credentials: &Credentials,
    tokens: &mut Tokens,
    switches: &Switches,
    random: &mut impl Rng,
    now: u64,
) -> Option<Reply> {
    // A token call inside a browser or API session is no integration call (KB2423799).
    let cookies = request.header("cookie").unwrap_or_default();
    let in_session = cookies.contains("JSESSIONID=") || cookies.contains("glide_session_store=");
    // Parameters count in the form body only (glide.oauth.allow.parameters.in.post.body.only, true since Madrid).
    if request.method != "POST" || in_session || !request.is_of_type("application/x-www-form-urlencoded") {
        return None;
    }
    let form = Parameters(form_urlencoded::parse(&request.body).collect());
    if !client_is_known(request, &form, credentials) || !scope_is_known(&form) {
        return None;
    }
    match form.text("grant_type")? {
        "client_credentials" => Some(tokens.issue(false, switches, random, now)),
        "password" => {
            let known =
                form.text("username")? == credentials.user_name && form.text("password")? == credentials.password;
            known.then(|| tokens.issue(true, switches, random, now))
        }
        "refresh_token" => {
            let given = form.text("refresh_token")?;
            tokens.renew(given, switches, random, now)
        }
        _ => None,
    }
}

fn client_is_known(request: &Request, form: &Parameters<'_>, credentials: &Credentials) -> bool {
    let known = |id: &str, secret: &str| id == credentials.client_id && secret == credentials.client_secret;
    match (form.text("client_id"), form.text("client_secret")) {
        (Some(id), Some(secret)) => known(id, secret),
        _ => basic(request).is_some_and(|(id, secret)| known(&id, &secret)),
    }
}

fn scope_is_known(form: &Parameters<'_>) -> bool {
    matches!(form.text("scope"), None | Some("" | "useraccount"))
}

/// The two halves of a Basic header (RFC 7617).
pub(crate) fn basic(request: &Request) -> Option<(String, String)> {
    let (scheme, encoded) = request.header("authorization")?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = base64::engine::general_purpose::STANDARD.decode(encoded.trim()).ok()?;
    let decoded = String::from_utf8(decoded).ok()?;
    let (name, password) = decoded.split_once(':')?;
    Some((name.into(), password.into()))
}

impl Tokens {
    /// A grant made while the current token is alive returns that token, its life and that of the refresh token begun
    /// anew (KB0791140).
    fn issue(&mut self, renewable: bool, switches: &Switches, random: &mut impl Rng, now: u64) -> Reply {
        let life = switches.token_lifetime * 1000;
        let alive = |token: &&mut Token| token.renewable == renewable && token.expires > now;
        let current = self.access.iter_mut().rfind(alive).filter(|_| switches.token_reuse);
        let text = match current {
            Some(token) => {
                token.expires = now.saturating_add(life);
                token.text.clone()
            }
            None => keep(&mut self.access, renewable, life, random, now),
        };
        let refresh = renewable.then(|| match self.refresh.last_mut().filter(|token| token.expires > now) {
            Some(token) => {
                token.expires = now.saturating_add(REFRESH_LIFETIME * 1000);
                token.text.clone()
            }
            None => keep(&mut self.refresh, true, REFRESH_LIFETIME * 1000, random, now),
        });
        success(&text, refresh.as_deref(), life)
    }

    fn renew(&mut self, given: &str, switches: &Switches, random: &mut impl Rng, now: u64) -> Option<Reply> {
        let token = self.refresh.iter().find(|token| token.text == given && token.expires > now)?;
        let refresh = token.text.clone();
        let life = switches.token_lifetime * 1000;
        let text = keep(&mut self.access, true, life, random, now);
        Some(success(&text, Some(&refresh), life))
    }
}

fn keep(tokens: &mut Vec<Token>, renewable: bool, life: u64, random: &mut impl Rng, now: u64) -> String {
    tokens.retain(|token| token.expires > now);
    if tokens.len() >= MOST_TOKENS {
        tokens.remove(0);
    }
    let mut bytes = [0; 64];
    random.fill_bytes(&mut bytes);
    let text = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes);
    tokens.push(Token { text: text.clone(), expires: now.saturating_add(life), renewable });
    text
}

/// `expires_in` is 1799 straight after issue: the part of the first second is already gone.
fn success(access: &str, refresh: Option<&str>, life: u64) -> Reply {
    let mut body = serde_json::json!({
        "access_token": access,
        "scope": "useraccount",
        "token_type": "Bearer",
        "expires_in": life.saturating_sub(1) / 1000,
    });
    if let (Some(refresh), Some(members)) = (refresh, body.as_object_mut()) {
        members.insert("refresh_token".into(), refresh.into());
    }
    Reply::json(200, body.to_string())
}
