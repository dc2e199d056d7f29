//! Symptoms of sign-in and access: 1 to 25.

use crate::scenario::Change::{Policy, Row, Rule};
use crate::scenario::Scenario;

pub(super) static SCENARIOS: [Scenario; 25] = [
    Scenario {
        row: 1,
        symptom: "The token call is refused with 401 server_error/access_denied",
        see: "any client_credentials grant",
        switches: "{}",
        changes: &[Row(
            "sys_properties",
            "glide.oauth.inbound.client.credential.grant_type.enabled",
            &[("name", "glide.oauth.inbound.client.credential.grant_type.enabled"), ("value", "false")],
        )],
    },
    Scenario {
        row: 2,
        symptom: "The token call is refused only when a scope is sent",
        see: "a grant with scope=incidents",
        switches: "{}",
        changes: &[Row("sys_auth_scope", "incidents", &[("name", "incidents")])],
    },
    Scenario {
        row: 3,
        symptom: "The token call is refused from the app and works in curl",
        see: "a grant with a session cookie, a JSON body or parameters in the URL",
        switches: "{}",
        changes: &[Row(
            "sys_properties",
            "glide.oauth.allow.parameters.in.post.body.only",
            &[("name", "glide.oauth.allow.parameters.in.post.body.only"), ("value", "true")],
        )],
    },
    Scenario {
        row: 4,
        symptom: "A refresh that worked for weeks is now 401",
        see: "a refresh more than a minute after the password grant",
        switches: "{}",
        changes: &[Row("oauth_entity", "practice", &[("refresh_token_lifespan", "60")])],
    },
    Scenario {
        row: 5,
        symptom: "The code exchange is refused",
        see: "an exchange more than a second after consent",
        switches: "{}",
        changes: &[Row("oauth_entity", "practice", &[("auth_code_lifespan", "1")])],
    },
    Scenario {
        row: 6,
        symptom: "The browser shows: Missing State parameter in request",
        see: "/oauth_auth.do without state",
        switches: "{}",
        changes: &[Row(
            "sys_properties",
            "glide.oauth.state.parameter.required",
            &[("name", "glide.oauth.state.parameter.required"), ("value", "true")],
        )],
    },
    Scenario {
        row: 7,
        symptom: "The redirect lands on another URL than asked",
        see: "/oauth_auth.do with a redirect_uri that is not registered",
        switches: "{}",
        changes: &[Row("oauth_entity", "practice", &[("redirect_url", "http://localhost:9999/registered")])],
    },
    Scenario {
        row: 8,
        symptom: "The JWT grant is refused",
        see: "any jwt-bearer grant: no verifier map knows the key",
        switches: "{}",
        changes: &[],
    },
    Scenario {
        row: 9,
        symptom: "A client credentials token is issued and every API call is 401",
        see: "any API call",
        switches: r#"{"release":"vancouver"}"#,
        changes: &[],
    },
    Scenario {
        row: 10,
        symptom: "API calls turn 401 after a while",
        see: "an API call more than a minute after the grant",
        switches: r#"{"token_lifetime":60}"#,
        changes: &[],
    },
    Scenario {
        row: 11,
        symptom: "API calls are 401 with a brand-new token",
        see: "any Table API call by bearer token; Basic works",
        switches: "{}",
        changes: &[Policy("Table API", "basic_auth")],
    },
    Scenario {
        row: 12,
        symptom: "API calls with Basic are 401 though the person can log in",
        see: "Basic as practice.agent",
        switches: r#"{"release":"australia"}"#,
        changes: &[],
    },
    Scenario {
        row: 13,
        symptom: "401 with the header X-MFA_TOKEN: invalid",
        see: "Basic as practice.agent",
        switches: "{}",
        changes: &[
            Row(
                "sys_properties",
                "glide.authenticate.multifactor.for_integrations",
                &[("name", "glide.authenticate.multifactor.for_integrations"), ("value", "true")],
            ),
            Row("sys_user", "practice.agent", &[("enable_multifactor_authn", "true")]),
        ],
    },
    Scenario {
        row: 14,
        symptom: "A cookie client gets 401 although it is logged in",
        see: "an API call with a session cookie and no X-UserToken",
        switches: "{}",
        changes: &[],
    },
    Scenario {
        row: 15,
        symptom: "An API key works for one API and is refused by another",
        see: "x-sn-apikey: practice-api-key on /stats and on /table",
        switches: "{}",
        changes: &[
            Row(
                "rest_api_key",
                "practice",
                &[("name", "Practice key"), ("user", "@user"), ("token", "practice-api-key"), ("active", "true")],
            ),
            Policy("Aggregate API", "api_key"),
        ],
    },
    Scenario {
        row: 16,
        symptom: "403 Missing required api access scope",
        see: "any Table API call by bearer token",
        switches: "{}",
        changes: &[
            Row("sys_auth_scope", "tables", &[("name", "tables")]),
            Row(
                "sys_api_access_scope",
                "tables",
                &[("auth_scope", "@sys_auth_scope/tables"), ("rest_api", "Table API"), ("active", "true")],
            ),
        ],
    },
    Scenario {
        row: 17,
        symptom: "403 Failed API level ACL Validation on every table",
        see: "any Table API call",
        switches: "{}",
        changes: &[
            Rule("Table API", "execute", "snc_platform_rest_api_access"),
            Row("oauth_entity", "practice", &[("user", "@sys_user/practice.visitor")]),
            Row(
                "sys_user_has_role",
                "visitor",
                &[
                    ("user", "@sys_user/practice.visitor"),
                    ("role", "@sys_user_role/sn_incident_read"),
                    ("state", "active"),
                ],
            ),
        ],
    },
    Scenario {
        row: 18,
        symptom: "403 Field(s) present in the query do not have permission to be read",
        see: "a query that names close_notes; without the query the list works",
        switches: "{}",
        changes: &[Rule("incident.close_notes", "read", "sn_incident_admin")],
    },
    Scenario {
        row: 19,
        symptom: "403 No permission to read table, on /stats alone",
        see: "/api/now/stats/incident",
        switches: "{}",
        changes: &[Rule("incident", "report_view", "sn_incident_admin")],
    },
    Scenario {
        row: 20,
        symptom: "403 ACL Exception Update Failed due to security constraints",
        see: "PATCH of an incident",
        switches: "{}",
        changes: &[Rule("incident", "write", "sn_incident_admin")],
    },
    Scenario {
        row: 21,
        symptom: "403 aborted by Business Rule",
        see: "POST of an incident",
        switches: "{}",
        changes: &[Row(
            "sys_script",
            "Freeze",
            &[
                ("name", "Change freeze"),
                ("collection", "incident"),
                ("active", "true"),
                ("action_insert", "true"),
                ("action_update", "true"),
                ("abort_action", "true"),
            ],
        )],
    },
    Scenario {
        row: 22,
        symptom: "403 Data Policy Exception: mandatory fields",
        see: "PATCH of an incident to state 6 without close_code and close_notes",
        switches: "{}",
        changes: &[
            Row(
                "sys_data_policy2",
                "resolve",
                &[
                    ("short_description", "Resolution"),
                    ("model_table", "incident"),
                    ("conditions", "stateIN6,7"),
                    ("active", "true"),
                ],
            ),
            Row(
                "sys_data_policy_rule",
                "close_code",
                &[("sys_data_policy", "@sys_data_policy2/resolve"), ("field", "close_code"), ("mandatory", "true")],
            ),
            Row(
                "sys_data_policy_rule",
                "close_notes",
                &[("sys_data_policy", "@sys_data_policy2/resolve"), ("field", "close_notes"), ("mandatory", "true")],
            ),
        ],
    },
    Scenario {
        row: 23,
        symptom: "403 on POST, and the record exists afterwards",
        see: "POST of an incident",
        switches: "{}",
        changes: &[Rule("incident", "read", "sn_incident_admin")],
    },
    Scenario {
        row: 24,
        symptom: "403 on every path, the login page included",
        see: "anything",
        switches: r#"{"address_blocked":true}"#,
        changes: &[],
    },
    Scenario {
        row: 25,
        symptom: "403 for one table only, for administrators too",
        see: "/api/now/table/problem",
        switches: "{}",
        changes: &[Row("sys_db_object", "problem", &[("ws_access", "false")])],
    },
];
