//! The records of sign-in and access of a new developer instance: one registered application, a few users with and without roles,
//! properties with default values, and the access rules of the base system.

use crate::identity::sys_id_of;
use crate::import_set::TRANSFORM_RULE;
use crate::numbers::reached;
use crate::oauth::Credentials;
use crate::records::{self, ensure, set_property};
use crate::store::{Full, Store};
use crate::table_api::transitions::RULE;

use super::demonstration::{put_demonstration, put_roles};
use super::dictionary::put_dictionary;
use super::filling::put;

/// Users in addition to the integration user: user name, name, password, web service access only, roles.
const USERS: [(&str, &str, &str, bool, &[&str]); 6] = [
    ("guest", "Guest", "", false, &[]),
    ("practice.admin", "Practice Administrator", "practice-admin-password", true, &["admin"]),
    ("practice.agent", "Practice Agent", "practice-agent-password", false, &["itil"]),
    ("practice.visitor", "Practice Visitor", "practice-visitor-password", true, &[]),
    (
        "practice.hr",
        "Practice HR",
        "practice-hr-password",
        true,
        &["sn_hr_core.case_reader", "sn_hr_core.profile_reader"],
    ),
    ("practice.auditor", "Practice Auditor", "practice-auditor-password", true, &["admin", "snc_read_only"]),
];

/// Roles that contain others ("Base system roles").
const CONTAINED: [(&str, &[&str]); 2] = [
    ("itil", &["snc_platform_rest_api_access", "cmdb_read", "sn_incident_read", "sn_problem_read", "sn_change_read"]),
    ("asset", &["cmdb_read"]),
];

/// The roles of the integration user.
const INTEGRATION_ROLES: [&str; 2] = ["itil", "personalize_dictionary"];

const PROPERTIES: [(&str, &str); 24] = [
    ("com.snc.platform.security.oauth.is.active", "true"),
    ("glide.oauth.inbound.client.credential.grant_type.enabled", "true"),
    ("glide.oauth.allow.parameters.in.post.body.only", "true"),
    ("glide.oauth.state.parameter.required", "true"),
    ("glide.oauth.inbound.ropc.grant_type.disabled", "false"),
    ("glide.oauth.clients.allowed.for.implicit.grant", ""),
    ("glide.oauth.cors.allowed.origin", ""),
    ("glide.rest.cors.enabled", "true"),
    ("com.glide.rest.api.auth.scope.check.enable", "true"),
    ("glide.authenticate.basic_auth.restriction.active", "true"),
    ("glide.authenticate.basic_auth.restriction.enforce", "false"),
    ("glide.authenticate.basic_auth.allowed_roles", "snc_basic_auth_api_access"),
    ("glide.authenticate.basic_auth.allow_wsao", "true"),
    ("glide.authenticate.multifactor.for_integrations", "false"),
    ("glide.authenticate.api.user.reset_password.mandatory", "false"),
    ("glide.invalid_query.returns_no_rows", "false"),
    ("glide.sys.date_format", "yyyy-MM-dd"),
    ("glide.sys.time_format", "HH:mm:ss"),
    ("glide.rest.apis.disabled", ""),
    ("glide.integration.session_timeout", "5"),
    ("glide.security.response.authenticate.header.auth_profile.first_scheme_only", "true"),
    ("glide.integrations.active.session.life_span", "0"),
    ("glide.authenticate.oauth.post.token.expiration.cookie_auth.disabled", "true"),
    ("com.snc.platform.security.oauth.hours.expired.credential.is.kept", "24"),
];

const PLUGINS: [(&str, &str); 5] = [
    ("com.snc.platform.security.oauth", "OAuth 2.0"),
    ("com.glide.rest.auth.scope", "REST API Auth Scope"),
    ("com.glide.rest.policy", "REST API Access Policy"),
    ("com.glide.tokenbased_auth", "API Key and HMAC Authentication"),
    ("com.glide.auth.mutual", "Certificate Based Authentication"),
];

/// The roles that may read and write a table, according to the product documentation.
const TABLES: [(&[&str], &[&str], &[&str]); 12] = [
    (&["incident"], &["itil", "sn_incident_read"], &["itil"]),
    (&["problem"], &["itil", "sn_problem_read"], &["itil"]),
    (&["change_request"], &["itil", "sn_change_read"], &["itil"]),
    (&["cmdb_ci"], &["itil", "asset", "cmdb_read"], &["itil", "asset"]),
    (&["sys_user", "sys_user_group", "sys_user_grmember"], &[], &["user_admin", "itil"]),
    (
        &[
            "oauth_entity",
            "oauth_entity_profile",
            "oauth_entity_scope",
            "oauth_credential",
            "jwt_verifier_map",
            "sys_certificate",
            "oidc_provider_configuration",
        ],
        &["oauth_admin", "mi_admin"],
        &["oauth_admin", "mi_admin"],
    ),
    (
        &[
            "inbound_auth_profile",
            "rest_api_key",
            "rest_api_hmac_secret",
            "hmac_configuration",
            "sys_user_certificate",
            "sys_api_access_policy",
            "sys_auth_profile_mapping",
            "sys_auth_scope",
            "sys_api_access_scope",
        ],
        &["api_service_admin"],
        &["api_service_admin"],
    ),
    (
        &[
            "sys_properties",
            "v_plugin",
            "sys_user_role",
            "sys_security_acl",
            "sys_security_acl_role",
            "sys_script",
            "sys_rest_message",
            "sys_outbound_http_log",
            "sys_scope_privilege",
            "sys_data_policy2",
            "sys_data_policy_rule",
            "sys_audit_delete",
            "sys_tiny_url",
            "syslog",
            "syslog_transaction",
            "user_multifactor_auth",
            "machine_identity_access_control",
            "machine_identity_access_control_user",
        ],
        &["admin"],
        &["admin"],
    ),
    (
        &["sys_db_object", "sys_dictionary", "sys_dictionary_override", "sys_index"],
        &["personalize_dictionary"],
        &["admin"],
    ),
    (&["sys_journal_field"], &["itil"], &["admin"]),
    (&["sys_number", "sys_number_counter"], &[], &["admin"]),
    (&["sys_ws_definition", "sys_ws_version", "sys_ws_operation"], &["web_service_admin"], &["web_service_admin"]),
];

/// Tables that need a specific role.
const SPECIAL: [(&str, &str); 3] = [
    ("sys_user_has_role", "user_admin"),
    ("sys_rate_limit_rules", "rate_limit_admin"),
    ("sys_cors_rule", "cors_rule_admin"),
];

/// The access rules of whole APIs, which the base system has, inactive ("REST API access").
pub(crate) const APIS: [&str; 4] = ["Table API", "Aggregate API", "Import Set API", "Attachment API"];

/// Inserts all of it into the store.
pub(crate) fn put_administration(store: &mut Store, credentials: &Credentials, created: u64) -> Result<(), Full> {
    put_roles(store)?;
    for (name, value) in PROPERTIES {
        set_property(store, name, value, created);
    }
    let transitions = [
        ("name", RULE),
        ("collection", "change_request"),
        ("active", "true"),
        ("when", "before"),
        ("order", "100"),
        ("action_update", "true"),
        ("condition", "current.state.changes()"),
    ];
    ensure(store, "sys_script", RULE, &transitions, created);
    for (id, name) in PLUGINS {
        // Certificates need a load balancer that requests them, which a new instance has not.
        let active = if id == "com.glide.auth.mutual" { "inactive" } else { "active" };
        ensure(store, "v_plugin", id, &[("id", id), ("name", name), ("active", active)], created);
    }
    for (user_name, name, password, service, roles) in USERS {
        let service = if service { "true" } else { "false" };
        let identity = if service == "true" { "machine" } else { "human" };
        let fields = [
            ("user_name", user_name),
            ("name", name),
            ("active", "true"),
            ("locked_out", "false"),
            ("password_needs_reset", "false"),
            ("web_service_access_only", service),
            ("identity_type", identity),
            ("time_zone", "GMT"),
            ("user_password", password),
        ];
        put(store, "sys_user", &sys_id_of("sys_user", user_name), super::generator::BASE_DATA, &fields)?;
        for role in roles {
            grant(store, user_name, role, created);
        }
    }
    for role in INTEGRATION_ROLES {
        grant(store, &credentials.user_name, role, created);
    }
    for (outer, contained) in CONTAINED {
        for inner in contained {
            let (role, contains) = (role_named(store, outer, created), role_named(store, inner, created));
            let fields = [("role", role.as_str()), ("contains", &contains)];
            ensure(store, "sys_user_role_contains", &format!("{outer}.{inner}"), &fields, created);
        }
    }
    let user = sys_id_of("sys_user", &credentials.user_name);
    ensure(store, "sys_user", &credentials.user_name, &[("user_password", &credentials.password)], created);
    let entity = [
        ("name", "Practice client"),
        ("client_id", credentials.client_id.as_str()),
        ("client_secret", &credentials.client_secret),
        ("active", "true"),
        ("type", "client"),
        ("user", &user),
        ("inbound_grant_type", "client_credential"),
        ("default_grant_type", "client_credentials"),
        ("client_type", "integration_as_a_service"),
        ("access_token_lifespan", "1800"),
        ("refresh_token_lifespan", "8640000"),
        ("auth_code_lifespan", "60"),
        ("redirect_url", "http://localhost:8080/callback,http://127.0.0.1:8080/callback,http://[::1]:8080/callback"),
        ("public_client", "false"),
        ("enforce_token_restrictions", "false"),
        ("allow_only_scoped_apis", "false"),
        ("token_format", "opaque"),
        ("subject_claim", "user_name"),
        ("user_field", "email"),
        ("enable_jti_verification", "true"),
        ("clock_skew", "300"),
    ];
    let entity = ensure(store, "oauth_entity", "practice", &entity, created);
    let profile = [("name", "Practice client default_profile"), ("oauth_entity", &entity), ("default", "true")];
    ensure(store, "oauth_entity_profile", "practice", &profile, created);
    for (tables, read, write) in TABLES {
        for table in tables {
            rules(store, table, read, write, created);
        }
    }
    for (table, role) in SPECIAL {
        rules(store, table, &[role], &[role], created);
    }
    for api in APIS {
        rule(store, api, "REST_Endpoint", "execute", &["snc_platform_rest_api_access"], false, created);
    }
    let map = [("name", "User"), ("source_table", "imp_user"), ("target_table", "sys_user"), ("active", "true")];
    let map = ensure(store, "sys_transform_map", "User", &map, created);
    for field in ["user_name", "first_name", "last_name", "email"] {
        let coalesce = if field == "user_name" { "true" } else { "false" };
        let entry = [("map", map.as_str()), ("source_field", field), ("target_field", field), ("coalesce", coalesce)];
        ensure(store, "sys_transform_entry", field, &entry, created);
    }
    let rule = [("name", TRANSFORM_RULE), ("collection", "sys_import_set_row"), ("active", "true")];
    ensure(store, "sys_script", TRANSFORM_RULE, &rule, created);
    // Without this row the keys of `insertMultiple` are labels.
    let names = [("source_table", "imp_user"), ("transform", "asynchronous"), ("column_mapping", "column_name")];
    ensure(store, "sys_rest_insert_multiple", "imp_user", &names, created);
    let hmac = [("name", "Default HMAC SHA256 Base64 Encoding"), ("hash_algorithm", "HmacSHA256")];
    ensure(store, "hmac_configuration", "default", &hmac, created);
    // The first import set of an instance is ISET0010001.
    if let Some(sets) = store.find("sys_import_set") {
        reached(store, sets, 10_000, created);
    }
    put_dictionary(store, created);
    put_demonstration(store, created)
}

fn rules(store: &mut Store, table: &str, read: &[&str], write: &[&str], created: u64) {
    rule(store, table, "record", "read", read, true, created);
    for operation in ["create", "write", "delete"] {
        rule(store, table, "record", operation, write, true, created);
    }
}

/// An active access rule: any of these roles passes. Without roles every user passes.
pub(crate) fn rule(
    store: &mut Store,
    name: &str,
    kind: &str,
    operation: &str,
    roles: &[&str],
    active: bool,
    now: u64,
) -> String {
    let active = if active { "true" } else { "false" };
    let fields =
        [("name", name), ("type", kind), ("operation", operation), ("active", active), ("admin_overrides", "true")];
    let unique = format!("{kind}.{name}.{operation}");
    let sys_id = ensure(store, "sys_security_acl", &unique, &fields, now);
    for role in roles {
        let role_id = role_named(store, role, now);
        let fields = [("sys_security_acl", sys_id.as_str()), ("sys_user_role", &role_id)];
        ensure(store, "sys_security_acl_role", &format!("{unique}.{role}"), &fields, now);
    }
    sys_id
}

/// The `sys_id` of a role. Creates the role if it is missing.
pub(crate) fn role_named(store: &mut Store, role: &str, now: u64) -> String {
    let known = records::one(store, "sys_user_role", "name", role).map(|record| record.id().to_owned());
    known.unwrap_or_else(|| ensure(store, "sys_user_role", role, &[("name", role)], now))
}

/// Gives a user a role.
pub(crate) fn grant(store: &mut Store, user_name: &str, role: &str, now: u64) {
    grant_to(store, &sys_id_of("sys_user", user_name), role, now);
}

/// Gives the user with this `sys_id` a role.
pub(super) fn grant_to(store: &mut Store, user: &str, role: &str, now: u64) {
    let role_id = role_named(store, role, now);
    let fields = [("user", user), ("role", &role_id), ("inherited", "false"), ("state", "active")];
    ensure(store, "sys_user_has_role", &format!("{user}.{role}"), &fields, now);
}

/// The label of a column name: "assignment_group" gives "Assignment group".
pub(crate) fn label(name: &str) -> String {
    let spaced = name.trim_start_matches("u_").replace('_', " ");
    let mut letters = spaced.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
