//! `/oauth_auth.do`: a person signs in, consents, and is redirected with a code that is valid for one exchange within a minute.
//!
//! A `redirect_uri` that is not registered exactly is replaced by the first registered one, as the form help documents. The switch
//! `loopback_port` makes an exception. Without `state` there is no code where `glide.oauth.state.parameter.required` is true.

use std::collections::VecDeque;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::Rng;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::exchange::{Parameters, Reply, Request};
use crate::instance::Instance;
use crate::records::{self, is_set, property};
use crate::sign_in::{Session, session_of};
use crate::switches::{LoopbackPort, TokenErrorStyle};

use super::grants::{Client, implicit, note, usable};
use super::loopback::differ_in_port_only;
use super::{Cause, IMPLICIT, trouble_with};

/// Authorization codes that are neither used nor too old.
#[derive(Debug, Default)]
pub(crate) struct Codes(VecDeque<Code>);

#[derive(Clone, Debug)]
struct Code {
    text: String,
    entity: String,
    user: String,
    redirect: String,
    challenge: Option<String>,
    expires: u64,
}

const MAX_CODES: usize = 1000;
/// `auth_code_lifespan` when the record has none, in seconds.
const CODE_LIFETIME: u64 = 60;

impl Codes {
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

/// A valid authorization request.
struct Asked {
    entity: String,
    name: String,
    redirect: String,
    state: String,
    challenge: Option<String>,
    lifetime: u64,
    /// Whether the request is for a token rather than a code.
    implicit: bool,
}

/// Answers `/oauth_auth.do`.
pub(crate) fn authorize(instance: &mut Instance, request: &Request, now: u64) -> Reply {
    let parameters = request.parameters();
    let asked = match asked(instance, &parameters) {
        Ok(asked) => asked,
        Err(cause) => {
            note(instance, &cause, now);
            return Reply::html(400, "OAuth", cause.1);
        }
    };
    if asked.implicit && !allows_implicit(instance, &parameters) {
        let cause = Cause("unauthorized_client", "The client is not allowed to use the implicit grant");
        return refused(instance, &asked, &cause, now);
    }
    let session = session_of(instance, request, now).filter(|session| session.interactive).cloned();
    let Some(session) = session else {
        return login_page(request, "");
    };
    if request.method != "POST" {
        return consent_page(request, &asked, &session);
    }
    let form = Parameters(form_urlencoded::parse(&request.body).collect());
    if form.text("sysparm_ck") != Some(session.token.as_str()) {
        return consent_page(request, &asked, &session);
    }
    if form.text("decision") != Some("allow") {
        return sent_back(&asked, &[("error", "access_denied")]);
    }
    if !asked.implicit {
        let code = code(instance, &asked, &session, now);
        return sent_back(&asked, &[("code", &code)]);
    }
    match implicit(instance, request, &parameters, session.user, now) {
        Ok(granted) => {
            let granted = granted.as_json();
            let text = |name: &str| granted.get(name).and_then(Value::as_str).unwrap_or_default();
            let life = granted.get("expires_in").map_or_else(String::new, Value::to_string);
            let (token, kind, scope) = (text("access_token"), text("token_type"), text("scope"));
            sent_back(&asked, &[("access_token", token), ("token_type", kind), ("expires_in", &life), ("scope", scope)])
        }
        Err(cause) => refused(instance, &asked, &cause, now),
    }
}

/// Redirects to the client. The documentation shows the token of the implicit grant in the query too, where RFC 6749
/// section 4.2.2 has the fragment.
fn sent_back(asked: &Asked, parameters: &[(&str, &str)]) -> Reply {
    let mut back = form_urlencoded::Serializer::new(String::new());
    back.extend_pairs(parameters);
    if !asked.state.is_empty() {
        back.append_pair("state", &asked.state);
    }
    let joint = if asked.redirect.contains('?') { '&' } else { '?' };
    Reply::empty(302).with_header("Location", format!("{}{joint}{}", asked.redirect, back.finish()))
}

/// A refusal after the client and its address are known: a page, or a redirect where refusals follow RFC 6749.
fn refused(instance: &mut Instance, asked: &Asked, cause: &Cause, now: u64) -> Reply {
    note(instance, cause, now);
    match instance.switches.token_error_style {
        TokenErrorStyle::Servicenow => Reply::html(400, "OAuth", cause.1),
        TokenErrorStyle::Rfc6749 => sent_back(asked, &[("error", cause.0), ("error_description", cause.1)]),
    }
}

/// Only clients that a property lists may use the implicit grant ("Prevent OAuth clients from using implicit grant").
fn allows_implicit(instance: &Instance, parameters: &Parameters<'_>) -> bool {
    let listed = property(&instance.store, IMPLICIT).unwrap_or_default();
    let id = parameters.text("client_id").unwrap_or_default();
    listed.split(',').any(|one| !id.is_empty() && one.trim() == id)
}

fn asked(instance: &Instance, parameters: &Parameters<'_>) -> Result<Asked, Cause> {
    let text = |name: &str| parameters.text(name).unwrap_or_default();
    let store = &instance.store;
    if text("state").trim().is_empty() && is_set(store, "glide.oauth.state.parameter.required") {
        return Err(Cause("invalid_request", "Missing State parameter in request"));
    }
    let id = text("client_id");
    let entity = records::one(store, "oauth_entity", "client_id", id).filter(|_| !id.is_empty());
    let entity = entity.filter(|entity| entity.is("active")).ok_or(Cause("invalid_client", "Invalid client_id"))?;
    let implicit = match text("response_type") {
        "code" => false,
        "token" => true,
        _ => return Err(Cause("unsupported_response_type", "Unsupported response_type")),
    };
    let registered: Vec<&str> = entity.text("redirect_url").split(',').map(str::trim).collect();
    let wanted = text("redirect_uri");
    let any_port = instance.switches.loopback_port == LoopbackPort::Any;
    let is_registered = |one: &str| one == wanted || any_port && differ_in_port_only(one, wanted);
    let redirect = match registered.iter().any(|one| is_registered(one)) {
        true => wanted,
        false => registered.first().copied().unwrap_or_default(),
    };
    if redirect.is_empty() || redirect.chars().any(char::is_control) {
        return Err(Cause("invalid_request", "No redirect URL is registered"));
    }
    let challenge = parameters.text("code_challenge").filter(|text| !text.is_empty()).map(str::to_owned);
    if challenge.is_some() && text("code_challenge_method") != "S256" {
        return Err(Cause("invalid_request", "Unsupported code_challenge_method"));
    }
    if challenge.is_none() && entity.is("public_client") && !implicit {
        return Err(Cause("invalid_request", "A public client must send code_challenge"));
    }
    Ok(Asked {
        entity: entity.id().into(),
        name: entity.text("name").into(),
        redirect: redirect.into(),
        state: text("state").into(),
        challenge,
        implicit,
        lifetime: entity.number("auth_code_lifespan").filter(|life| *life > 0).unwrap_or(CODE_LIFETIME),
    })
}

fn code(instance: &mut Instance, asked: &Asked, session: &Session, now: u64) -> String {
    let mut bytes = [0; 48];
    instance.random.fill_bytes(&mut bytes);
    let text = URL_SAFE_NO_PAD.encode(bytes);
    let codes = &mut instance.codes.0;
    codes.retain(|code| code.expires > now);
    if codes.len() >= MAX_CODES {
        codes.pop_front();
    }
    codes.push_back(Code {
        text: text.clone(),
        entity: asked.entity.clone(),
        user: session.user.clone(),
        redirect: asked.redirect.clone(),
        challenge: asked.challenge.clone(),
        expires: now.saturating_add(asked.lifetime.saturating_mul(1000)),
    });
    text
}

/// The user whose consent a code stands for, as `sys_id`. The first attempt uses up the code, successful or not.
pub(super) fn redeem(
    instance: &mut Instance,
    form: &Parameters<'_>,
    client: &Client,
    now: u64,
) -> Result<String, Cause> {
    let given = form.text("code").unwrap_or_default();
    let codes = &mut instance.codes.0;
    let place = codes.iter().position(|code| code.text == given);
    let code = place.and_then(|place| codes.remove(place)).ok_or(Cause("invalid_grant", "The code is not known"))?;
    if code.expires <= now || code.entity != client.id {
        return Err(Cause("invalid_grant", "The code has expired"));
    }
    if form.text("redirect_uri") != Some(code.redirect.as_str()) {
        return Err(Cause("invalid_grant", "redirect_uri is not that of the code"));
    }
    match (&code.challenge, form.text("code_verifier")) {
        (Some(challenge), Some(verifier)) => {
            let digest = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
            if digest != *challenge {
                return Err(Cause("invalid_grant", "code_verifier does not fit"));
            }
        }
        (None, None) if !client.without_secret => {}
        _ => return Err(Cause("invalid_grant", "code_verifier is missing or was not announced")),
    }
    usable(instance, &code.user)?;
    Ok(code.user)
}

/// Answers `/oauth_login.do`: opens a session and redirects to the page that asked for the login.
pub(crate) fn log_in(instance: &mut Instance, request: &Request, now: u64) -> Reply {
    if request.method != "POST" {
        return login_page(request, "");
    }
    let form = Parameters(form_urlencoded::parse(&request.body).collect());
    let (name, password) = (form.text("user_name").unwrap_or_default(), form.text("user_password").unwrap_or_default());
    let user = records::one(&instance.store, "sys_user", "user_name", name);
    let known = user
        .filter(|user| !password.is_empty() && user.text("user_password") == password && trouble_with(user).is_none());
    let Some(user) = known.map(|user| user.id().to_owned()) else {
        return login_page(request, "User name or password invalid");
    };
    let session = instance.sessions.open(&mut instance.random, user, true, now);
    // Only the parameters are used, never an address, so this is no open redirect.
    let parameters: String =
        form_urlencoded::Serializer::new(String::new()).extend_pairs(request.parameters().0).finish();
    Reply::empty(302)
        .with_header("Location", format!("/oauth_auth.do?{parameters}"))
        .with_header("Set-Cookie", format!("JSESSIONID={session}; Path=/; HttpOnly; SameSite=Lax"))
}

fn login_page(request: &Request, problem: &str) -> Reply {
    let form = format!(
        "<p role=\"alert\">{problem}</p><form method=\"post\" action=\"/oauth_login.do?{}\">\
         <label>User name <input name=\"user_name\" autocomplete=\"username\"></label>\
         <label>Password <input name=\"user_password\" type=\"password\" autocomplete=\"current-password\"></label>\
         <button>Log in</button></form>",
        escaped(&request.query)
    );
    Reply::html(200, "Log in", &form)
}

fn consent_page(request: &Request, asked: &Asked, session: &Session) -> Reply {
    let form = format!(
        "{} would like to connect to your account</p><form method=\"post\" action=\"/oauth_auth.do?{}\">\
         <input type=\"hidden\" name=\"sysparm_ck\" value=\"{}\">\
         <button name=\"decision\" value=\"allow\">Allow</button>\
         <button name=\"decision\" value=\"deny\">Deny</button></form><p>",
        escaped(&asked.name),
        escaped(&request.query),
        session.token
    );
    Reply::html(200, "Allow access", &form)
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}
