//! Basic: a user name, a password, and for those enrolled in multi-factor authentication a code appended to the password
//! ("Multi-factor authentication for inbound REST"). The restriction of 2026 allows only some accounts to use it ("Basic
//! authentication restriction").

use crate::instance::Instance;
use crate::oauth::trouble_with;
use crate::records::{self, Record, is_set, property};

use super::{Unknown, one_time_code, own_roles};

/// The source and the beginning of what the platform's check writes into the log.
const LOG_SOURCE: &str = "SNCRestrictBasicAuthUserAuthenticationGate";

/// The content of the password field.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Proof {
    Wrong,
    /// The password alone.
    Password,
    /// The password with a code that is not valid now.
    WrongCode,
    PasswordAndCode,
}

/// The user of this name and password, as `sys_id`.
pub(super) fn user(instance: &mut Instance, name: &str, given: &str, now: u64) -> Result<String, Unknown> {
    let store = &instance.store;
    let user = records::one(store, "sys_user", "user_name", name).ok_or_else(Unknown::plainly)?;
    let proof = proof(instance, &user, given, now);
    if proof == Proof::Wrong {
        return Err(Unknown::plainly());
    }
    let reset_counts = is_set(store, "glide.authenticate.api.user.reset_password.mandatory");
    if trouble_with(&user).is_some() && (reset_counts || !user.is("password_needs_reset")) {
        return Err(Unknown::plainly());
    }
    if proof == Proof::WrongCode || (proof == Proof::Password && needs_code(instance, &user)) {
        let mut unknown = Unknown::plainly();
        unknown.0.push(("X-MFA_TOKEN", "invalid".into()));
        return Err(unknown);
    }
    let restricted = is_set(store, "glide.authenticate.basic_auth.restriction.active")
        && is_set(store, "glide.authenticate.basic_auth.restriction.enforce");
    if restricted && proof != Proof::PasswordAndCode && !may_use_basic(instance, &user) {
        let name = user.text("user_name");
        let message =
            format!("{LOG_SOURCE}: denied basic-auth API call for interactive-login user [{name}] under enforce=true");
        let unique = instance.requests;
        records::log(&mut instance.store, LOG_SOURCE, &message, unique, now);
        return Err(Unknown::plainly());
    }
    Ok(user.id().to_owned())
}

fn needs_code(instance: &Instance, user: &Record<'_>) -> bool {
    is_set(&instance.store, "glide.authenticate.multifactor.for_integrations") && user.is("enable_multifactor_authn")
}

/// Whether the password field holds all that the user needs, including a code where one is required.
pub(crate) fn proves(instance: &Instance, user: &Record<'_>, given: &str, now: u64) -> bool {
    match proof(instance, user, given, now) {
        Proof::PasswordAndCode => true,
        Proof::Password => !needs_code(instance, user),
        Proof::Wrong | Proof::WrongCode => false,
    }
}

fn proof(instance: &Instance, user: &Record<'_>, given: &str, now: u64) -> Proof {
    let password = user.text("user_password");
    if password.is_empty() {
        return Proof::Wrong;
    }
    if given == password {
        return Proof::Password;
    }
    let code = given
        .strip_prefix(password)
        .filter(|code| code.len() == one_time_code::DIGITS && code.bytes().all(|digit| digit.is_ascii_digit()));
    let enrolled = user.is("enable_multifactor_authn");
    let Some(code) = code.filter(|_| enrolled) else {
        return Proof::Wrong;
    };
    let mut secrets = records::with(&instance.store, "user_multifactor_auth", "user", user.id());
    match secrets.any(|row| row.is("validated") && one_time_code::is_valid(row.text("multifactor_secret"), code, now)) {
        true => Proof::PasswordAndCode,
        false => Proof::WrongCode,
    }
}

/// Accounts that cannot log in interactively, and those with the role for it, may still use Basic.
fn may_use_basic(instance: &Instance, user: &Record<'_>) -> bool {
    let store = &instance.store;
    let service = user.is("web_service_access_only") || user.text("identity_type") == "machine";
    let service = service && is_set(store, "glide.authenticate.basic_auth.allow_wsao");
    let allowed = property(store, "glide.authenticate.basic_auth.allowed_roles").unwrap_or_default();
    let own = own_roles(instance, user.id());
    service || allowed.split(',').any(|role| own.contains(role.trim()))
}
