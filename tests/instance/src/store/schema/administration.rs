//! The tables whose rows decide about sign-in and access. Fixing a row fixes the failure.

use super::{Column, Declaration, Kind, choice, column, define};

const USER: Kind = Kind::Reference("sys_user");
const ENTITY: Kind = Kind::Reference("oauth_entity");
const CLIENT_TYPE: &[(&str, &str)] = &[
    ("integration_as_a_user", "Integration as a user"),
    ("integration_as_a_service", "Integration as a service"),
    ("iframe_embedded", "Iframe embedded"),
];

const PROPERTIES: &[Column] = &[
    column("name", Kind::Text).unique(),
    column("value", Kind::Text),
    column("type", Kind::Text),
    column("description", Kind::Text),
];

const PLUGINS: &[Column] =
    &[column("id", Kind::Text), column("name", Kind::Text), choice("active", Kind::Choice, ACTIVE)];
const ACTIVE: &[(&str, &str)] = &[("active", "Active"), ("inactive", "Inactive")];

const ENTITIES: &[Column] = &[
    column("name", Kind::Text),
    column("client_id", Kind::Text),
    column("client_secret", Kind::Secret),
    column("active", Kind::Boolean),
    choice(
        "type",
        Kind::Choice,
        &[("client", "OAuth Client"), ("jwt", "OAuth JWT API endpoint"), ("oidc", "OIDC Entity")],
    ),
    column("user", USER),
    column("inbound_grant_type", Kind::Text),
    column("default_grant_type", Kind::Text),
    choice("client_type", Kind::Choice, CLIENT_TYPE),
    column("access_token_lifespan", Kind::Integer),
    column("refresh_token_lifespan", Kind::Integer),
    column("auth_code_lifespan", Kind::Integer),
    column("redirect_url", Kind::Text),
    column("public_client", Kind::Boolean),
    column("enforce_token_restrictions", Kind::Boolean),
    column("allow_only_scoped_apis", Kind::Boolean),
    choice("token_format", Kind::Choice, &[("opaque", "Opaque"), ("jwt", "JWT")]),
    column("subject_claim", Kind::Text),
    column("user_field", Kind::Text),
    column("enable_jti_verification", Kind::Boolean),
    column("jti_claim", Kind::Text),
    column("clock_skew", Kind::Integer),
    column("oidc_provider_configuration", Kind::Reference("oidc_provider_configuration")),
    column("comments", Kind::Text),
];
const ENTITY_PROFILES: &[Column] = &[
    column("name", Kind::Text),
    column("oauth_entity", ENTITY),
    column("grant_type", Kind::Text),
    column("default", Kind::Boolean),
];
const ENTITY_SCOPES: &[Column] = &[column("oauth_entity", ENTITY), column("name", Kind::Text)];
const CREDENTIALS: &[Column] = &[
    column("token", Kind::Secret),
    choice("type", Kind::Choice, &[("access_token", "Access Token"), ("refresh_token", "Refresh Token")]),
    column("expires", Kind::DateTime),
    column("user", USER),
    column("peer", ENTITY),
];
const VERIFIER_MAPS: &[Column] = &[
    column("name", Kind::Text),
    column("oauth_entity", ENTITY),
    column("kid", Kind::Text),
    column("sys_certificate", Kind::Reference("sys_certificate")),
    column("shared_key", Kind::Secret),
];
const CERTIFICATES: &[Column] =
    &[column("name", Kind::Text), column("active", Kind::Boolean), column("pem_certificate", Kind::Text)];

const RULES: &[Column] = &[
    column("name", Kind::Text),
    choice("type", Kind::Choice, &[("record", "record"), ("REST_Endpoint", "REST_Endpoint")]),
    column("operation", Kind::Text),
    column("active", Kind::Boolean),
    column("admin_overrides", Kind::Boolean),
    // What else decides. The rules of this instance have neither, and one that is written is not run.
    column("condition", Kind::Text),
    column("advanced", Kind::Boolean),
    column("script", Kind::Text),
];
const RULE_ROLES: &[Column] = &[
    column("sys_security_acl", Kind::Reference("sys_security_acl")),
    column("sys_user_role", Kind::Reference("sys_user_role")),
];

const PROFILES: &[Column] = &[
    column("name", Kind::Text),
    choice(
        "type",
        Kind::Choice,
        &[
            ("oauth", "OAuth"),
            ("basic_auth", "HTTP Basic"),
            ("api_key", "API Key"),
            ("hmac", "HMAC"),
            ("mutual_auth", "Certificate"),
            ("session", "Session"),
        ],
    ),
    choice("auth_parameter", Kind::Choice, &[("header", "Auth Header"), ("query", "Query Parameter")]),
    column("oauth_entity", ENTITY),
    column("hmac_configuration", Kind::Reference("hmac_configuration")),
    column("default_key_id", Kind::Text),
];
const API_KEYS: &[Column] = &[
    column("name", Kind::Text),
    column("user", USER),
    column("token", Kind::Secret),
    column("auth_scope", Kind::Reference("sys_auth_scope")),
    column("active", Kind::Boolean),
    column("expires", Kind::DateTime),
];
const HMAC_SECRETS: &[Column] = &[
    column("name", Kind::Text),
    column("user", USER),
    column("key_id", Kind::Text),
    column("shared_secret", Kind::Secret),
    column("active", Kind::Boolean),
    column("expires", Kind::DateTime),
];
const HASHES: &[(&str, &str)] =
    &[("HmacSHA256", "HmacSHA256"), ("HmacSHA384", "HmacSHA384"), ("HmacSHA512", "HmacSHA512")];
const HMAC_CONFIGURATIONS: &[Column] = &[column("name", Kind::Text), choice("hash_algorithm", Kind::Choice, HASHES)];
const USER_CERTIFICATES: &[Column] = &[
    column("name", Kind::Text),
    column("user", USER),
    column("active", Kind::Boolean),
    column("pem_certificate", Kind::Text),
];
const MULTIFACTOR: &[Column] =
    &[column("user", USER), column("multifactor_secret", Kind::Secret), column("validated", Kind::Boolean)];
const OIDC_PROVIDERS: &[Column] = &[
    column("oidc_provider", Kind::Text),
    column("issuer", Kind::Text),
    column("oidc_metadata_url", Kind::Text),
    column("jwks", Kind::Text),
    column("user_claim", Kind::Text),
    column("user_field", Kind::Text),
    column("enable_jti_verification", Kind::Boolean),
    column("jti_claim", Kind::Text),
    column("clock_skew", Kind::Integer),
];
const POLICIES: &[Column] = &[
    column("name", Kind::Text),
    column("active", Kind::Boolean),
    column("rest_api", Kind::Text),
    column("http_method", Kind::Text),
    column("version", Kind::Text),
    column("resource", Kind::Text),
    column("table", Kind::Text),
];
const POLICY_PROFILES: &[Column] = &[
    column("api_access_policy", Kind::Reference("sys_api_access_policy")),
    column("inbound_auth_profile", Kind::Reference("inbound_auth_profile")),
];
const SCOPES: &[Column] = &[column("name", Kind::Text), column("description", Kind::Text)];
const API_SCOPES: &[Column] = &[
    column("auth_scope", Kind::Reference("sys_auth_scope")),
    column("rest_api", Kind::Text),
    column("http_method", Kind::Text),
    column("version", Kind::Text),
    column("active", Kind::Boolean),
];
const RATE_RULES: &[Column] = &[
    column("name", Kind::Text),
    column("active", Kind::Boolean),
    column("rest_api", Kind::Text),
    column("http_method", Kind::Text),
    column("version", Kind::Text),
    column("table", Kind::Text),
    column("request_limit", Kind::Integer),
    choice("apply_to", Kind::Choice, &[("user", "Single user"), ("role", "Users with role"), ("all", "All users")]),
    column("user", USER),
    column("role", Kind::Reference("sys_user_role")),
];
const CORS_RULES: &[Column] = &[
    column("name", Kind::Text),
    column("active", Kind::Boolean),
    column("rest_api", Kind::Text),
    column("domain", Kind::Text),
    column("max_age", Kind::Integer),
    column("http_methods", Kind::Text),
    column("allow_headers", Kind::Text),
    column("expose_headers", Kind::Text),
    column("allow_credentials", Kind::Boolean),
];

const MACHINE_CONTROLS: &[Column] = &[
    column("name", Kind::Text),
    column("active", Kind::Boolean),
    column("rest_api", Kind::Text),
    column("tables", Kind::Text),
];
const MACHINE_USERS: &[Column] = &[
    column("machine_identity_access_control", Kind::Reference("machine_identity_access_control")),
    column("user", USER),
];

/// What one scope may do with a table of another.
const PRIVILEGES: &[Column] = &[
    column("source_scope", Kind::Text),
    column("target_name", Kind::Text),
    column("operation", Kind::Text),
    column("status", Kind::Text),
];
const BUSINESS_RULES: &[Column] = &[
    column("name", Kind::Text),
    column("collection", Kind::Text),
    column("active", Kind::Boolean),
    column("action_insert", Kind::Boolean),
    column("action_update", Kind::Boolean),
    column("action_delete", Kind::Boolean),
    column("abort_action", Kind::Boolean),
    column("when", Kind::Text),
    column("order", Kind::Integer),
    column("filter_condition", Kind::Text),
    column("condition", Kind::Text),
    column("role_conditions", Kind::List("sys_user_role")),
    column("template", Kind::Text),
    column("add_message", Kind::Boolean),
    column("message", Kind::Text),
    column("script", Kind::Text),
];
const DATA_POLICIES: &[Column] = &[
    column("short_description", Kind::Text),
    column("model_table", Kind::Text),
    column("conditions", Kind::Text),
    column("active", Kind::Boolean),
];
const DATA_POLICY_RULES: &[Column] = &[
    column("sys_data_policy", Kind::Reference("sys_data_policy2")),
    column("field", Kind::Text),
    column("mandatory", Kind::Boolean),
];

const LOG: &[Column] = &[column("source", Kind::Text), column("message", Kind::Text), column("level", Kind::Integer)];
const TRANSACTIONS: &[Column] = &[
    column("url", Kind::Text),
    choice("type", Kind::Choice, &[("rest", "REST"), ("other", "Other")]),
    column("http_method", Kind::Text),
    column("http_response_code", Kind::Integer),
    column("response_time", Kind::Integer),
    column("remote_ip", Kind::Text),
    column("user_agent", Kind::Text),
];

const TINY_URLS: &[Column] = &[column("tiny_url", Kind::Text), column("url", Kind::Text)];

/// The tables of the administrator.
pub(super) static TABLES: [Declaration; 32] = [
    define("sys_properties", "", "name", PROPERTIES).extending("sys_metadata"),
    define("v_plugin", "", "name", PLUGINS),
    define("oauth_entity", "", "name", ENTITIES),
    define("oauth_entity_profile", "", "name", ENTITY_PROFILES),
    define("oauth_entity_scope", "", "name", ENTITY_SCOPES),
    define("oauth_credential", "", "sys_id", CREDENTIALS),
    define("jwt_verifier_map", "", "name", VERIFIER_MAPS),
    define("sys_certificate", "", "name", CERTIFICATES),
    define("sys_security_acl", "", "name", RULES).extending("sys_metadata"),
    define("sys_security_acl_role", "", "sys_id", RULE_ROLES),
    define("inbound_auth_profile", "", "name", PROFILES),
    // The documentation calls these records "REST API Key", "REST API HMAC Secret" and "HMAC Configuration" and names no tables.
    define("rest_api_key", "", "name", API_KEYS),
    define("rest_api_hmac_secret", "", "name", HMAC_SECRETS),
    define("hmac_configuration", "", "name", HMAC_CONFIGURATIONS),
    define("sys_user_certificate", "", "name", USER_CERTIFICATES),
    define("user_multifactor_auth", "", "user", MULTIFACTOR),
    define("oidc_provider_configuration", "", "oidc_provider", OIDC_PROVIDERS),
    define("sys_api_access_policy", "", "name", POLICIES),
    define("sys_auth_profile_mapping", "", "sys_id", POLICY_PROFILES),
    define("sys_auth_scope", "", "name", SCOPES),
    define("sys_api_access_scope", "", "sys_id", API_SCOPES),
    define("sys_rate_limit_rules", "", "name", RATE_RULES),
    define("sys_cors_rule", "", "name", CORS_RULES),
    define("machine_identity_access_control", "", "name", MACHINE_CONTROLS),
    define("machine_identity_access_control_user", "", "sys_id", MACHINE_USERS),
    define("sys_script", "", "name", BUSINESS_RULES).extending("sys_metadata"),
    define("sys_scope_privilege", "", "target_name", PRIVILEGES).extending("sys_metadata"),
    define("sys_data_policy2", "", "short_description", DATA_POLICIES).extending("sys_metadata"),
    define("sys_data_policy_rule", "", "field", DATA_POLICY_RULES).extending("sys_metadata"),
    define("sys_tiny_url", "", "tiny_url", TINY_URLS),
    define("syslog", "", "message", LOG),
    define("syslog_transaction", "", "url", TRANSACTIONS),
];
