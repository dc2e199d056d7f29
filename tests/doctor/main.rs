//! The doctor with the practice instance. For every symptom whose cause a client can determine, that cause must come first: with an
//! administrator's credentials, and without them if the replies are sufficient. The named fix must end the failure.

#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failing test may panic")]

mod host;

use host::{Examination, World};
use serde_json::{Value, json};
use sysparm::auth::GrantType;
use sysparm::doctor::{ExaminationOptions, RELEASES, State, guide};

/// A scenario's name, the integration's options, and the expected first cause with and without an administrator's credentials. Empty
/// if it cannot be determined.
fn expected() -> Vec<(&'static str, Value, &'static str, &'static str)> {
    let none = json!({});
    let origin = json!({"origin": "http://localhost:5173"});
    vec![
        ("client-credentials-off", none.clone(), "oauth.grant-off", ""),
        // A user's password lets the client be tried by itself: what is left is the property.
        ("client-credentials-off", json!({"userName": "practice.agent"}), "oauth.grant-off", "oauth.grant-off"),
        ("scope-refused", json!({"scope": "incidents"}), "oauth.scope-not-attached", "oauth.scope-not-attached"),
        (
            "refresh-token-expired",
            json!({"means": "password", "userName": "practice.agent"}),
            "oauth.refresh-token-expired",
            "",
        ),
        ("code-expired", json!({"means": "authorization_code"}), "oauth.code-expired", ""),
        (
            "redirect-not-registered",
            json!({"means": "authorization_code", "redirectUri": "http://localhost:8080/callback"}),
            "oauth.redirect-not-registered",
            "",
        ),
        ("jwt-key-unknown", json!({"means": "jwt_bearer"}), "jwt.key-unknown", "jwt.key-unknown"),
        ("token-of-guest", none.clone(), "oauth.token-of-guest", "oauth.token-of-guest"),
        ("token-expired", none.clone(), "token.expired", "token.expired"),
        ("oauth-not-in-policy", none.clone(), "policy.without-oauth", "policy.without-oauth"),
        (
            "basic-restricted",
            json!({"means": "basic", "userName": "practice.agent"}),
            "basic.restricted",
            "basic.restricted",
        ),
        (
            "mfa-required",
            json!({"means": "basic", "userName": "practice.agent"}),
            "mfa.for-integrations",
            "mfa.for-integrations",
        ),
        ("api-key-without-policy", json!({"means": "api_key"}), "key.without-policy", "key.without-policy"),
        ("api-scope-missing", none.clone(), "scope.not-attached", "scope.not-attached"),
        ("rest-api-role-missing", none.clone(), "role.rest-api-access", "role.rest-api-access"),
        ("query-field-not-readable", json!({"query": "active=true^close_notesISNOTEMPTY"}), "acl.query", "acl.query"),
        ("counts-refused", none.clone(), "acl.no-table-read", "acl.no-table-read"),
        ("update-refused", json!({"operation": "write"}), "acl.write-role-missing", ""),
        ("business-rule-aborts", json!({"operation": "create"}), "record.business-rule", ""),
        ("data-policy-refuses", json!({"operation": "write"}), "record.data-policy", ""),
        ("created-and-refused", json!({"operation": "create"}), "acl.role-missing", "acl.role-missing"),
        ("address-refused", none.clone(), "instance.ip-access-control", "instance.ip-access-control"),
        ("closed-to-web-services", json!({"table": "problem"}), "table.web-service-access", "table.web-service-access"),
        ("record-hidden", none.clone(), "acl.row-hidden", "acl.row-hidden"),
        ("table-unknown", json!({"table": "u_not_installed"}), "table.misspelt", "table.misspelt"),
        ("api-disabled", none.clone(), "path.api-disabled", "path.api-disabled"),
        (
            "query-too-long",
            json!({"query": format!("short_descriptionLIKE{}", "x".repeat(2500))}),
            "query.too-long",
            "query.too-long",
        ),
        ("all-rows-hidden", none.clone(), "acl.row-hidden", "acl.row-hidden"),
        ("some-rows-hidden", none.clone(), "acl.row-hidden", "acl.row-hidden"),
        ("unknown-field-ignored", json!({"query": "prioritty=1"}), "query.field-misspelt", "query.field-misspelt"),
        (
            "unknown-field-no-rows",
            json!({"query": "prioritty=1"}),
            "query.typo-returns-no-rows",
            "query.typo-returns-no-rows",
        ),
        ("pages-unstable", none.clone(), "pages.no-order", "pages.no-order"),
        ("field-hidden", json!({"fields": ["number", "close_notes"]}), "acl.field", "acl.field"),
        ("time-zone-differs", none.clone(), "values.time-zone", "values.time-zone"),
        ("json-cut-by-quota", none.clone(), "quota.query-too-heavy", "quota.query-too-heavy"),
        ("query-cancelled", none.clone(), "capacity.queued-past-quota", "capacity.queued-past-quota"),
        ("rate-limited", none.clone(), "rate.rule-reached", "rate.rule-reached"),
        ("queue-full", none.clone(), "capacity.api-int", "capacity.api-int"),
        ("instance-restarting", none.clone(), "instance.restart", "instance.restart"),
        ("cut-at-five-minutes", none.clone(), "instance.slow", "instance.slow"),
        ("instance-hibernating", none.clone(), "instance.developer-asleep", "instance.developer-asleep"),
        ("logged-out", none.clone(), "instance.session-over", "instance.session-over"),
        ("cors-api", origin.clone(), "cors.api", "cors.api"),
        ("cors-token-endpoint", origin, "cors.token-endpoint", "cors.token-endpoint"),
        ("import-not-applied", json!({"table": "sys_user"}), "acl.role-missing", "acl.role-missing"),
        ("role-missing", none.clone(), "acl.role-missing", "acl.role-missing"),
        ("unscoped-api-refused", none.clone(), "scope.record-restricted", "scope.record-restricted"),
        ("user-read-only", none, "oauth.user-read-only", ""),
        ("jwt-subject-refused", json!({"means": "jwt_bearer"}), "jwt.subject", "jwt.subject"),
    ]
}

/// Scenarios that no probe of a client can determine, and why.
const CANNOT: [(&str, &str); 23] = [
    (
        "token-refused-from-app",
        "the fault is in the request that the integration sends; the doctor's own request is a good one",
    ),
    (
        "state-missing",
        "the fault is in the address that the integration opens; a state is always sent by who sends one",
    ),
    ("user-token-missing", "a stale X-UserToken is the caller's; the doctor sends no cookies"),
    ("body-too-large", "only a write shows the bound on bodies, and the doctor writes nothing"),
    ("media-type-refused", "the fault is in the headers that the integration sends"),
    ("session-queue-full", "only thirteen requests at once on one session show it"),
    ("session-one-at-a-time", "as session-queue-full: the doctor asks one thing at a time, and keeps no session"),
    ("batch-limited", "only a batch that is too large shows it"),
    ("token-revoked", "two clients that share a token are two clients; one sees nothing"),
    ("journal-raw-empty", "only the form in which the integration reads the field shows it"),
    ("field-not-kept", "only a write shows it, and the doctor writes nothing"),
    ("list-sent", "only a write shows it, and the doctor writes nothing"),
    ("label-sent", "only a write shows it, and the doctor writes nothing"),
    ("encrypted-field", "only a write shows it, and the doctor writes nothing"),
    ("item-made-by-table", "only a write shows it, and the doctor writes nothing"),
    ("file-type-refused", "only a write shows it, and the doctor writes nothing"),
    ("record-of-other-domain", "the doctor asks for no single record of the integration's"),
    ("cross-scope-refused", "only a write shows it, and the doctor writes nothing"),
    ("session-roles-lost", "the doctor sends no cookies"),
    ("foreign-token-refused", "the doctor signs in by the instance's own token endpoint"),
    ("choice-unknown", "only a write shows it, and the doctor writes nothing"),
    ("empty-list-is-404", "the version is in the path that the integration asks for; the doctor names none"),
    ("token-request-by-get", "the fault is in the request that the integration sends; the doctor posts"),
];

fn with(options: &Value, administrator: bool) -> Value {
    let mut options = options.clone();
    options["administrator"] = json!(administrator);
    options
}

#[test]
fn expected_cause_comes_first_with_and_without_administrator() {
    let mut wrong = vec![];
    for (name, options, with_administrator, without) in expected() {
        for (administrator, cause) in [(true, with_administrator), (false, without)] {
            if cause.is_empty() {
                continue;
            }
            let found = World::in_scenario(name).examine(&with(&options, administrator));
            if found.first() != cause {
                wrong.push(format!("{name} administrator={administrator}: wanted {cause}, got {}", found.summary()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_scenario_is_expected_or_listed_as_undeterminable() {
    let mut names: Vec<&str> =
        expected().iter().map(|(name, ..)| *name).chain(CANNOT.iter().map(|(name, _)| *name)).collect();
    names.sort_unstable();
    names.dedup();
    let mut scenarios: Vec<&str> = sysparm_instance::Instance::scenarios().collect();
    scenarios.sort_unstable();
    assert_eq!(names, scenarios);
    // An undeterminable cause must not be called proven.
    for (name, why) in CANNOT {
        let found = World::in_scenario(name).examine(&json!({"administrator": true}));
        assert!(found.report.causes.iter().all(|cause| !cause.proven), "{name} ({why}): {}", found.summary());
    }
}

#[test]
fn healthy_instance_has_no_cause_and_no_false_passes() {
    let found =
        World::new().examine(&json!({"administrator": true, "roles": ["ITSM"], "origin": "http://localhost:5173"}));
    assert_eq!(found.report.causes, vec![], "{}", found.summary());
    assert_eq!(found.state("user.roles"), Some(State::Passed));
    assert_eq!(found.state("release"), Some(State::Passed));
    assert_eq!(found.state("clock"), Some(State::Passed));
    let alone = World::new().examine(&json!({}));
    assert_eq!(alone.report.causes, vec![]);
    for code in ["settings.properties", "settings.plugins", "client.record", "records.policies", "records.rates"] {
        assert_eq!(alone.state(code), Some(State::Unknown), "{code}");
        let finding = alone.findings.iter().find(|finding| finding.code == code).unwrap();
        assert!(finding.needs.as_deref().is_some_and(|need| need.contains("role")), "{finding:?}");
    }
}

#[test]
fn credentials_without_admin_role_pass_no_check() {
    let mut world = World::new();
    // The administrator loses the role: every record is hidden from then on.
    world.set("sys_user_has_role", "user.user_name=practice.admin", "state", "requested");
    let found = world.examine(&json!({"administrator": true}));
    assert_eq!(found.state("settings.administrator"), Some(State::Unknown));
    for code in ["settings.plugins", "client.record", "records.policies", "records.rates"] {
        assert_eq!(found.state(code), Some(State::Unknown), "{code}");
    }
}

#[test]
fn doctor_writes_nothing_and_reports_no_secret() {
    for (name, options, ..) in expected() {
        let mut world = World::in_scenario(name);
        let before: Vec<_> = world.instance.tables().collect();
        let found = world.examine(&with(&options, true));
        let after: Vec<_> = world.instance.tables().collect();
        let its_own = ["oauth_credential", "syslog", "syslog_transaction"];
        for ((table, rows), (_, now)) in before.iter().zip(&after) {
            assert!(rows == now || its_own.contains(table), "{name}: {table} had {rows} rows and has {now}");
        }
        for (method, path) in &world.sent {
            let reads = ["GET", "OPTIONS"].contains(&method.as_str());
            assert!(reads || (method == "POST" && path == "/oauth_token.do"), "{name}: {method} {path}");
        }
        assert!(world.sent.len() <= 60);
        let report = format!("{}{}", found.report.json(), found.report.markdown());
        for secret in ["practice-secret", "practice-agent-password", "practice-admin-password"] {
            assert!(!report.contains(secret), "{name}");
        }
    }
}

/// Scenarios whose first cause names the record to change.
const FIXABLE: [&str; 18] = [
    "client-credentials-off",
    "refresh-token-expired",
    "code-expired",
    "redirect-not-registered",
    "oauth-not-in-policy",
    "basic-restricted",
    "api-scope-missing",
    "rest-api-role-missing",
    "query-field-not-readable",
    "counts-refused",
    "update-refused",
    "business-rule-aborts",
    "closed-to-web-services",
    "api-disabled",
    "field-hidden",
    "rate-limited",
    "cors-token-endpoint",
    "role-missing",
];

#[test]
fn fix_named_in_the_report_ends_the_failure() {
    for (name, options, cause, _) in expected().into_iter().filter(|(name, ..)| FIXABLE.contains(name)) {
        let options = with(&options, true);
        let mut world = World::in_scenario(name);
        let found = world.examine(&options);
        assert_eq!(found.first(), cause, "{name}");
        // A rate rule counts per hour, and also counts the administrator.
        world.now += 3_700_000;
        world.apply_fix(&found.report);
        let again = world.examine(&options);
        assert!(again.report.causes.iter().all(|left| left.code != cause), "{name}: {}", again.summary());
    }
}

#[test]
fn cors_rule_named_in_the_report_admits_the_page() {
    let options = json!({"administrator": true, "origin": "http://localhost:5173"});
    let mut world = World::in_scenario("cors-api");
    let found = world.examine(&options);
    world.apply_fix(&found.report);
    let again = world.examine(&options);
    assert!(again.report.causes.is_empty(), "{}", again.summary());
    assert_eq!((again.state("cors.api"), again.state("cors.exposed")), (Some(State::Passed), Some(State::Passed)));
}

#[test]
fn registry_and_user_faults_are_distinguished_by_records() {
    let admin = json!({"administrator": true});
    for (table, query, field, value, cause) in [
        ("oauth_entity", "client_id=practice-client", "active", "false", "token.client-inactive"),
        ("oauth_entity", "client_id=practice-client", "user", "", "oauth.application-user-missing"),
        ("sys_user", "user_name=practice.integration", "locked_out", "true", "oauth.application-user-blocked"),
        (
            "sys_user",
            "user_name=practice.integration",
            "password_needs_reset",
            "true",
            "oauth.application-user-blocked",
        ),
        ("v_plugin", "id=com.snc.platform.security.oauth", "active", "inactive", "oauth.inactive"),
    ] {
        let mut world = World::new();
        world.set(table, query, field, value);
        let found = world.examine(&admin);
        assert_eq!(found.first(), cause, "{}", found.summary());
        assert!(found.report.causes[0].proven);
    }
    let mut world = World::new();
    world.client_secret = "another";
    let found = world.examine(&admin);
    assert_eq!(found.first(), "oauth.client-credentials-wrong", "{}", found.summary());
    let unknown = World::new().examine(&json!({"administrator": true, "clientId": "nobody"}));
    assert_eq!(unknown.first(), "token.client-unknown", "{}", unknown.summary());
}

#[test]
fn clock_that_is_an_hour_off_is_noticed() {
    let mut world = World::new();
    world.instance.switches_mut().clock_skew_ms = 3_600_000;
    assert_eq!(world.examine(&json!({})).first(), "clock.skew");
}

#[test]
fn missing_roles_of_a_preset_are_named() {
    let found = World::new().examine(&json!({"administrator": true, "roles": ["HRSD"]}));
    assert_eq!(found.first(), "user.roles", "{}", found.summary());
    assert!(found.report.causes[0].evidence.contains("sn_hr_core.case_reader"));
}

#[test]
fn request_limit_holds_and_omitted_checks_are_unknown() {
    let mut world = World::new();
    let found = world.examine(&json!({"administrator": true, "limits": {"requests": 3}}));
    assert_eq!(world.sent.len(), 3);
    assert_eq!(found.state("api.table"), Some(State::Unknown));
    assert!(found.summary().is_empty());
}

#[test]
fn thorough_examination_continues_after_a_proof() {
    let options = json!({"administrator": true, "thorough": true});
    let found: Examination = World::in_scenario("role-missing").examine(&options);
    assert_eq!(found.first(), "acl.role-missing");
    assert_eq!(found.state("records.rates"), Some(State::Passed));
    let quick = World::in_scenario("role-missing").examine(&json!({"administrator": true}));
    assert!(quick.report.requests < found.report.requests);
    assert_eq!(quick.state("records.rates"), Some(State::Unknown));
}

#[test]
fn likelihoods_are_ordered_and_sum_to_at_most_100() {
    for (name, options, ..) in expected() {
        let causes = World::in_scenario(name).examine(&with(&options, false)).report.causes;
        assert!(causes.iter().map(|cause| u32::from(cause.percent)).sum::<u32>() <= 100, "{name}");
        assert!(causes.is_sorted_by(|one, other| one.percent >= other.percent), "{name}");
        assert!(causes.iter().all(|cause| !cause.fix.is_empty() && !cause.fix.concat().contains('{')), "{name}");
    }
}

#[test]
fn supplied_token_gets_no_steps_of_a_particular_grant() {
    let options = json!({"url": "https://x.service-now.com", "means": "token"});
    let steps = guide(&serde_json::from_value(options).unwrap(), "australia").steps;
    assert!(steps.iter().any(|step| step.action.contains("OAuth 2.0")), "{steps:?}");
    assert!(steps.iter().all(|step| !step.action.contains("grant")), "{steps:?}");
}

#[test]
fn every_release_and_grant_has_steps_with_values_and_sources() {
    for (release, _) in RELEASES.iter().copied() {
        let without_client = ["basic", "api_key", "token"];
        for means in GrantType::ALL.iter().map(|grant| grant.name()).chain(without_client) {
            let options = json!({"url": "https://x.service-now.com", "means": means, "clientId": "the-id", "userName": "the.user",
                "redirectUri": "https://app.example/callback", "origin": "https://app.example", "roles": ["ITSM"]});
            let options: ExaminationOptions = serde_json::from_value(options).unwrap();
            let guide = guide(&options, release);
            assert!(guide.release_known && guide.release == release && guide.steps.len() >= 6, "{release} {means}");
            for step in &guide.steps {
                assert!(!format!("{}{}", step.place, step.action).contains('{'), "{step:?}");
                assert!(!step.source.is_empty() && !step.role.is_empty() && !step.otherwise.is_empty(), "{step:?}");
            }
            let grant = guide.steps.iter().any(|step| step.action.contains("client.credential.grant_type.enabled"));
            assert_eq!(grant, means == "client_credentials" && release != "vancouver", "{release} {means}");
            let console = guide.steps.iter().any(|step| step.place.contains("Machine Identity Console"));
            let has_client = !without_client.contains(&means);
            assert_eq!(
                console,
                has_client && ["zurich", "australia", "brazil"].contains(&release),
                "{release} {means}"
            );
        }
    }
}

#[test]
fn markdown_begins_with_the_cause_and_ends_with_the_set_up() {
    let report = World::in_scenario("client-credentials-off").examine(&json!({"administrator": true})).report;
    let text = report.markdown();
    let place = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part} in {text}"));
    assert!(place("## The client credentials grant is not switched on") < place("## Checks"));
    assert!(place("## Checks") < place("## The whole set-up, in order"));
    assert!(text.contains("glide.oauth.inbound.client.credential.grant_type.enabled"));
}
