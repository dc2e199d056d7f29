//! `/oauth_token.do`. Every condition is a record: the properties, the plugin, the registry record, its Application User.

use crate::exchange::{Parameters, Reply, Request};
use crate::instance::Instance;
use crate::records::{self, Record, is_set};
use crate::sign_in::{own_roles, proves};
use crate::switches::{ApplicationUserMissing, Release, TokenErrorStyle};

use super::tokens::{Signature, Source, TokenRequest};
use super::{Cause, GUEST, assertion, authorization, basic, trouble_with};

/// `refresh_token_lifespan` when the record has none: 100 days.
const REFRESH_LIFETIME: u64 = 8_640_000;
/// The lifetime of an access token unless a switch or a record sets another.
pub(crate) const ACCESS_LIFETIME: u64 = 1800;

const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// Answers a request to `/oauth_token.do`.
pub(crate) fn answer(instance: &mut Instance, request: &Request, now: u64) -> Reply {
    let granted = granted(instance, request, now);
    granted.unwrap_or_else(|cause| {
        note(instance, &cause, now);
        let Cause(code, text) = cause;
        match instance.switches.token_error_style {
            // The two refusals of an assertion that were captured with a text of their own.
            TokenErrorStyle::Servicenow if [assertion::NO_USER, assertion::ADMINISTRATOR].contains(&text) => {
                Reply::json(401, serde_json::json!({ "error": code, "error_description": text }).to_string())
            }
            TokenErrorStyle::Servicenow => {
                Reply::json(401, r#"{"error_description":"access_denied","error":"server_error"}"#)
            }
            TokenErrorStyle::Rfc6749 => {
                let status = if code == "invalid_client" { 401 } else { 400 };
                Reply::json(status, serde_json::json!({ "error": code, "error_description": text }).to_string())
            }
        }
    })
}

/// Writes the true cause of a refusal into the log, the only place that records it.
pub(super) fn note(instance: &mut Instance, Cause(code, text): &Cause, now: u64) {
    let message = format!("Exception on token flow - {code}: {text}");
    let unique = instance.requests;
    records::log(&mut instance.store, "com.glide.ui.ServletErrorListener", &message, unique, now);
}

/// The fields of the requesting registry record that grants need.
pub(super) struct Client {
    pub(super) id: String,
    pub(super) client_id: String,
    user: String,
    lives: [Option<u64>; 2],
    /// The user field that becomes `sub` of its tokens, where they are JWTs.
    subject_claim: Option<String>,
    /// Whether the client sent no secret, as public clients may.
    pub(super) without_secret: bool,
}

fn granted(instance: &mut Instance, request: &Request, now: u64) -> Result<Reply, Cause> {
    if !is_set(&instance.store, "com.snc.platform.security.oauth.is.active") || !plugin_is_active(instance) {
        return Err(Cause("server_error", "The OAuth plugin is inactive"));
    }
    // A token request with a session cookie is not an integration request (KB2423799).
    let cookies = request.header("cookie").unwrap_or_default();
    if cookies.contains("JSESSIONID=") || cookies.contains("glide_session_store=") {
        return Err(Cause("access_denied", "The call is part of a session"));
    }
    let form_only = is_set(&instance.store, "glide.oauth.allow.parameters.in.post.body.only");
    let in_form = request.is_of_type("application/x-www-form-urlencoded");
    if request.method != "POST" || (form_only && !in_form) {
        return Err(Cause("invalid_request", "Parameters count in a form body only"));
    }
    let mut form = Parameters(Vec::new());
    if in_form {
        form.0.extend(form_urlencoded::parse(&request.body));
    }
    if !form_only {
        form.0.extend(request.parameters().0);
    }
    let grant = form.text("grant_type").ok_or(Cause("invalid_request", "grant_type is missing"))?;
    let client = client(instance, request, &form, grant)?;
    let scope = scope(instance, &client, &form)?;
    let (user, renewable) = match grant {
        "client_credentials" => (application_user(instance, &client)?, false),
        "password" => (user_by_password(instance, &form, now)?, true),
        "authorization_code" => (authorization::redeem(instance, &form, &client, now)?, true),
        JWT_BEARER => (assertion::user(instance, request, &form, &client, now)?, false),
        "refresh_token" => return refreshed(instance, request, &form, &client, scope, now),
        _ => return Err(Cause("unsupported_grant_type", "No such grant type")),
    };
    may_keep_tokens(instance, &user)?;
    let wanted = token_request(instance, &client, user, renewable, scope, request, now);
    let source = &mut Source { keys: &instance.signing_keys, random: &mut instance.random };
    Ok(instance.tokens.issue(&mut instance.store, &wanted, source, now))
}

/// A token is a row that its user creates: a read-only user gets none, unless a property exempts the table (KB0783404).
fn may_keep_tokens(instance: &Instance, user: &str) -> Result<(), Cause> {
    let exempt = records::property(&instance.store, "glide.security.snc_read_only_role.tables.exempt_create");
    let exempt = exempt.unwrap_or_default().split(',').any(|table| table.trim() == "oauth_credential");
    match !exempt && own_roles(instance, user).contains("snc_read_only") {
        true => Err(Cause("access_denied", "The user may not write oauth_credential")),
        false => Ok(()),
    }
}

fn refreshed(
    instance: &mut Instance,
    request: &Request,
    form: &Parameters<'_>,
    client: &Client,
    scope: String,
    now: u64,
) -> Result<Reply, Cause> {
    let given = form.text("refresh_token").unwrap_or_default().to_owned();
    // PRB1943178, fixed in Zurich Patch 4: public clients could not refresh a token in JWT form.
    if client.without_secret && client.subject_claim.is_some() && instance.switches.release < Release::Zurich {
        return Err(Cause("invalid_client", "client_secret"));
    }
    let token = instance.tokens.refreshing(&instance.store, &given, &client.id, now);
    let user = token.map(|token| token.user.clone()).ok_or(Cause("invalid_grant", "The refresh token is not valid"))?;
    usable(instance, &user)?;
    may_keep_tokens(instance, &user)?;
    let wanted = token_request(instance, client, user, true, scope, request, now);
    let source = &mut Source { keys: &instance.signing_keys, random: &mut instance.random };
    Ok(instance.tokens.renew(&mut instance.store, &given, &wanted, source, now))
}

fn token_request(
    instance: &mut Instance,
    client: &Client,
    user: String,
    renewable: bool,
    scope: String,
    request: &Request,
    now: u64,
) -> TokenRequest {
    let signature = client.subject_claim.as_ref().and_then(|field| {
        let record = records::by_id(&instance.store, "sys_user", &user)?;
        instance.signing_keys.follow(instance.switches.signing_key, now);
        Some(Signature {
            issuer: crate::route::base(request),
            subject: record.text(field).to_owned(),
            client_id: client.client_id.clone(),
        })
    });
    let [access, refresh] = client.lives;
    // The switch overrides every record; by default the record decides.
    let life = match instance.switches.token_lifetime {
        ACCESS_LIFETIME => access.filter(|life| *life > 0).unwrap_or(ACCESS_LIFETIME),
        other => other,
    };
    TokenRequest {
        entity: client.id.clone(),
        user,
        renewable,
        life: life.saturating_mul(1000),
        refresh_lifetime: refresh.filter(|life| *life > 0).unwrap_or(REFRESH_LIFETIME).saturating_mul(1000),
        reuse: instance.switches.token_reuse,
        scope,
        signature,
    }
}

fn plugin_is_active(instance: &Instance) -> bool {
    let plugin = records::one(&instance.store, "v_plugin", "id", "com.snc.platform.security.oauth");
    plugin.is_some_and(|plugin| plugin.text("active") == "active")
}

fn client(instance: &Instance, request: &Request, form: &Parameters<'_>, grant: &str) -> Result<Client, Cause> {
    let unknown = Cause("invalid_client", "The client is not known or its secret is wrong");
    let in_header = basic(request).filter(|_| instance.switches.client_in_basic_header);
    let (id, secret) = match (form.text("client_id"), form.text("client_secret"), in_header) {
        (Some(id), Some(secret), _) => (id.to_owned(), Some(secret.to_owned())),
        (_, _, Some((id, secret))) => (id, Some(secret)),
        (Some(id), None, None) => (id.to_owned(), None),
        (None, None, None) if grant == JWT_BEARER => (assertion::issuer(request, form).unwrap_or_default(), None),
        _ => return Err(unknown),
    };
    let found = records::one(&instance.store, "oauth_entity", "client_id", &id).filter(|_| !id.is_empty());
    let entity = found.filter(|entity| entity.is("active")).ok_or(unknown)?;
    let public = entity.is("public_client") && matches!(grant, "authorization_code" | "refresh_token" | JWT_BEARER);
    let proved = match &secret {
        Some(secret) => !secret.is_empty() && secret == entity.text("client_secret"),
        None => public,
    };
    if !proved {
        return Err(Cause("invalid_client", "client_secret"));
    }
    Ok(Client { without_secret: secret.is_none(), ..registered(instance, &entity) })
}

fn registered(instance: &Instance, entity: &Record<'_>) -> Client {
    Client {
        id: entity.id().into(),
        client_id: entity.text("client_id").into(),
        user: entity.text("user").into(),
        lives: [entity.number("access_token_lifespan"), entity.number("refresh_token_lifespan")],
        subject_claim: subject_claim(instance, entity),
        without_secret: true,
    }
}

/// The token of the implicit grant, issued directly after consent, without a refresh token ("OAuth implicit grants").
pub(super) fn implicit(
    instance: &mut Instance,
    request: &Request,
    parameters: &Parameters<'_>,
    user: String,
    now: u64,
) -> Result<Reply, Cause> {
    let id = parameters.text("client_id").unwrap_or_default();
    let unknown = Cause("invalid_client", "The client is not known or its secret is wrong");
    let entity = records::one(&instance.store, "oauth_entity", "client_id", id).ok_or(unknown)?;
    let client = registered(instance, &entity);
    let scope = scope(instance, &client, parameters)?;
    usable(instance, &user)?;
    let wanted = token_request(instance, &client, user, false, scope, request, now);
    let source = &mut Source { keys: &instance.signing_keys, random: &mut instance.random };
    Ok(instance.tokens.issue(&mut instance.store, &wanted, source, now))
}

/// The user field behind `sub` for a record whose token format is JWT; the format may be chosen since Yokohama.
fn subject_claim(instance: &Instance, entity: &Record<'_>) -> Option<String> {
    let signed = entity.text("token_format") == "jwt" && instance.switches.release >= Release::Yokohama;
    let field = entity.text("subject_claim");
    signed.then(|| if field.is_empty() { "user_name".to_owned() } else { field.to_owned() })
}

/// A client may request `useraccount` and the scopes attached to its record, and no others.
fn scope(instance: &Instance, client: &Client, form: &Parameters<'_>) -> Result<String, Cause> {
    let store = &instance.store;
    let attached = |name: &str| {
        records::with(store, "oauth_entity_scope", "oauth_entity", &client.id).any(|scope| scope.text("name") == name)
    };
    for asked in form.text("scope").unwrap_or_default().split_whitespace() {
        if asked != "useraccount" && !attached(asked) {
            return Err(Cause("invalid_scope", "The provided OAuth token is not valid"));
        }
    }
    let names: Vec<&str> = records::with(store, "oauth_entity_scope", "oauth_entity", &client.id)
        .map(|scope| scope.text("name"))
        .collect();
    Ok(if names.is_empty() { "useraccount".into() } else { names.join(" ") })
}

fn application_user(instance: &Instance, client: &Client) -> Result<String, Cause> {
    let guest = || crate::identity::sys_id_of("sys_user", GUEST);
    // Up to Vancouver the grant succeeds, and the token acts as guest (KB0745184).
    if instance.switches.release == Release::Vancouver {
        return Ok(guest());
    }
    if !is_set(&instance.store, "glide.oauth.inbound.client.credential.grant_type.enabled") {
        return Err(Cause("unsupported_grant_type", "The client credentials grant is not enabled"));
    }
    if client.user.is_empty() {
        return match instance.switches.application_user_missing {
            ApplicationUserMissing::Refused => Err(Cause("invalid_client", "No OAuth Application User")),
            ApplicationUserMissing::Useless => Ok(guest()),
        };
    }
    usable(instance, &client.user)?;
    Ok(client.user.clone())
}

/// Whether a user, given by `sys_id`, may sign in.
pub(super) fn usable(instance: &Instance, user: &str) -> Result<(), Cause> {
    let record = records::by_id(&instance.store, "sys_user", user).ok_or(Cause("invalid_grant", "No such user"))?;
    trouble_with(&record).map_or(Ok(()), |text| Err(Cause("invalid_grant", text)))
}

fn user_by_password(instance: &Instance, form: &Parameters<'_>, now: u64) -> Result<String, Cause> {
    if is_set(&instance.store, "glide.oauth.inbound.ropc.grant_type.disabled") {
        return Err(Cause("unsupported_grant_type", "The password grant is disabled"));
    }
    let (name, password) = (form.text("username").unwrap_or_default(), form.text("password").unwrap_or_default());
    let wrong = Cause("invalid_grant", "User name or password is wrong");
    let user = records::one(&instance.store, "sys_user", "user_name", name).filter(|_| !name.is_empty());
    let user = user.filter(|user| proves(instance, user, password, now)).ok_or(wrong)?;
    match trouble_with(&user) {
        Some(text) => Err(Cause("invalid_grant", text)),
        None => Ok(user.id().to_owned()),
    }
}
