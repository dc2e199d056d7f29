//! Further symptoms of sign-in and permissions.

use crate::scenario::Change::{Row, Rule};
use crate::scenario::Scenario;

/// The public half of `keys/ec.pem`.
const KEYS: &str = r#"{"keys":[{"kty":"EC","kid":"one","crv":"P-256","x":"FpnkTyXhPscexwOpYPUAKY-5Pi3FJiegJWEJU4AJv8Y","y":"vzJwhIjLlvYs4I876o6oGmFDPCObrpkoRsH2AVMS4dk"}]}"#;

pub(super) static SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "unscoped-api-refused",
        number: 63,
        symptom: "403 Access to unscoped api is not allowed, whatever the roles",
        see: "any API call by bearer token; Basic works",
        switches: "{}",
        changes: &[Row("oauth_entity", "practice", &[("allow_only_scoped_apis", "true")])],
    },
    Scenario {
        name: "user-read-only",
        number: 64,
        symptom: "The token call is refused for one user only",
        see: "any client_credentials grant: the application user has snc_read_only",
        switches: "{}",
        changes: &[
            Row("sys_user_role", "snc_read_only", &[("name", "snc_read_only")]),
            Row(
                "sys_user_has_role",
                "read only",
                &[("user", "@user"), ("role", "@sys_user_role/snc_read_only"), ("state", "active")],
            ),
        ],
    },
    Scenario {
        name: "jwt-subject-refused",
        number: 65,
        symptom: "The JWT grant is refused with invalid_grant",
        see: "an assertion signed with keys/ec.pem for nobody@example.com (User not found) or admin@example.com",
        switches: "{}",
        changes: &[
            Row(
                "sys_certificate",
                "ec",
                &[
                    ("name", "ec"),
                    ("active", "true"),
                    ("pem_certificate", include_str!("../../../tests/keys/ec-public.pem")),
                ],
            ),
            Row(
                "jwt_verifier_map",
                "ec",
                &[
                    ("oauth_entity", "@oauth_entity/practice"),
                    ("kid", "ec"),
                    ("sys_certificate", "@sys_certificate/ec"),
                ],
            ),
            Row("sys_user", "practice.admin", &[("email", "admin@example.com")]),
        ],
    },
    Scenario {
        name: "foreign-token-refused",
        number: 66,
        symptom: "A token of another OpenID provider is 401",
        see: "an API call with a token that keys/ec.pem signed (kid one, iss https://login.example.com) for another aud than elsewhere",
        switches: "{}",
        changes: &[
            Row("sys_user", "practice.agent", &[("email", "agent@example.com")]),
            Row(
                "oidc_provider_configuration",
                "elsewhere",
                &[
                    ("oidc_provider", "Elsewhere"),
                    ("issuer", "https://login.example.com"),
                    ("jwks", KEYS),
                    ("user_claim", "email"),
                    ("user_field", "email"),
                    ("enable_jti_verification", "true"),
                ],
            ),
            Row(
                "oauth_entity",
                "elsewhere",
                &[
                    ("name", "Elsewhere"),
                    ("type", "oidc"),
                    ("client_id", "elsewhere"),
                    ("active", "true"),
                    ("oidc_provider_configuration", "@oidc_provider_configuration/elsewhere"),
                ],
            ),
        ],
    },
    Scenario {
        name: "token-request-by-get",
        number: 77,
        symptom: "The token endpoint answers a GET with access_denied",
        see: "GET /oauth_token.do with the parameters of a grant",
        switches: "{}",
        changes: &[],
    },
    Scenario {
        name: "empty-list-is-404",
        number: 78,
        symptom: "404 No Record found for a list that should be empty",
        see: "/api/now/v1/table/incident with a query that no row matches",
        switches: "{}",
        changes: &[],
    },
    Scenario {
        name: "record-of-other-domain",
        number: 74,
        symptom: "404 No Record found for a record of another domain",
        see: "GET of the incident INC0099999 by its sys_id",
        switches: r#"{"domain_separation":true}"#,
        changes: &[
            Row("domain", "acme", &[("name", "ACME")]),
            Row("domain", "other", &[("name", "Other")]),
            Row("sys_user", "@user", &[("sys_domain", "@domain/acme")]),
            Row("incident", "elsewhere", &[("number", "INC0099999"), ("sys_domain", "@domain/other")]),
        ],
    },
    Scenario {
        name: "cross-scope-refused",
        number: 76,
        symptom: "A write fails with CrossScopeAccessNotAllowedException",
        see: "POST of an incident: a business rule of another scope follows it",
        switches: "{}",
        changes: &[Row(
            "sys_script",
            "Follow",
            &[
                ("name", "Follow up"),
                ("collection", "incident"),
                ("active", "true"),
                ("action_insert", "true"),
                ("sys_scope", "x_practice_follow"),
            ],
        )],
    },
    Scenario {
        name: "session-roles-lost",
        number: 79,
        symptom: "403 Failed API level ACL Validation, now and then, with a session cookie",
        see: "a list with a session cookie, once; without a cookie it passes",
        switches: r#"{"roles_lost":1}"#,
        changes: &[Rule("Table API", "execute", "snc_platform_rest_api_access")],
    },
];
