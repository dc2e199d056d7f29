//! The doctor with the practice instance. For every symptom whose cause a client can determine, that cause must come first: with an
//! administrator's credentials, and without them if the replies are sufficient. The named fix must end the failure.

#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failing test may panic")]

mod host;

use host::{Examination, World};
use serde_json::{Value, json};
use sysparm::auth::GrantType;
use sysparm::doctor::{Options, RELEASES, State, guide};

/// A scenario's row, the integration's options, and the expected first cause with and without an administrator's credentials. Empty
/// if it cannot be determined.
fn expected() -> Vec<(u64, Value, &'static str, &'static str)> {
    let none = json!({});
    let origin = json!({"origin": "http://localhost:5173"});
    vec![
        (1, none.clone(), "oauth.grant-off", ""),
        // A user's password lets the client be tried by itself: what is left is the property.
        (1, json!({"userName": "practice.agent"}), "oauth.grant-off", "oauth.grant-off"),
        (2, json!({"scope": "incidents"}), "oauth.scope-not-attached", "oauth.scope-not-attached"),
        (4, json!({"means": "password", "userName": "practice.agent"}), "oauth.refresh-token-expired", ""),
        (5, json!({"means": "authorization_code"}), "oauth.code-expired", ""),
        (
            7,
            json!({"means": "authorization_code", "redirectUri": "http://localhost:8080/callback"}),
            "oauth.redirect-not-registered",
            "",
        ),
        (8, json!({"means": "jwt_bearer"}), "jwt.key-unknown", "jwt.key-unknown"),
        (9, none.clone(), "oauth.token-of-guest", "oauth.token-of-guest"),
        (10, none.clone(), "token.expired", "token.expired"),
        (11, none.clone(), "policy.without-oauth", "policy.without-oauth"),
        (12, json!({"means": "basic", "userName": "practice.agent"}), "basic.restricted", "basic.restricted"),
        (13, json!({"means": "basic", "userName": "practice.agent"}), "mfa.for-integrations", "mfa.for-integrations"),
        (15, json!({"means": "api_key"}), "key.without-policy", "key.without-policy"),
        (16, none.clone(), "scope.not-attached", "scope.not-attached"),
        (17, none.clone(), "role.rest-api-access", "role.rest-api-access"),
        (18, json!({"query": "active=true^close_notesISNOTEMPTY"}), "acl.query", "acl.query"),
        (19, none.clone(), "acl.no-table-read", "acl.no-table-read"),
        (20, json!({"operation": "write"}), "acl.write-role-missing", ""),
        (21, json!({"operation": "create"}), "record.business-rule", ""),
        (22, json!({"operation": "write"}), "record.data-policy", ""),
        (23, json!({"operation": "create"}), "acl.role-missing", "acl.role-missing"),
        (24, none.clone(), "instance.ip-access-control", "instance.ip-access-control"),
        (25, json!({"table": "problem"}), "table.web-service-access", "table.web-service-access"),
        (26, none.clone(), "acl.row-hidden", "acl.row-hidden"),
        (27, json!({"table": "u_not_installed"}), "table.misspelt", "table.misspelt"),
        (28, none.clone(), "path.api-disabled", "path.api-disabled"),
        (
            31,
            json!({"query": format!("short_descriptionLIKE{}", "x".repeat(2500))}),
            "query.too-long",
            "query.too-long",
        ),
        (32, none.clone(), "acl.row-hidden", "acl.row-hidden"),
        (33, none.clone(), "acl.row-hidden", "acl.row-hidden"),
        (34, json!({"query": "prioritty=1"}), "query.field-misspelt", "query.field-misspelt"),
        (35, json!({"query": "prioritty=1"}), "query.typo-returns-no-rows", "query.typo-returns-no-rows"),
        (36, none.clone(), "pages.no-order", "pages.no-order"),
        (37, json!({"fields": ["number", "close_notes"]}), "acl.field", "acl.field"),
        (38, none.clone(), "values.time-zone", "values.time-zone"),
        (39, none.clone(), "quota.query-too-heavy", "quota.query-too-heavy"),
        (40, none.clone(), "capacity.queued-past-quota", "capacity.queued-past-quota"),
        (41, none.clone(), "rate.rule-reached", "rate.rule-reached"),
        (42, none.clone(), "capacity.api-int", "capacity.api-int"),
        (45, none.clone(), "instance.restart", "instance.restart"),
        (46, none.clone(), "instance.slow", "instance.slow"),
        (47, none.clone(), "instance.developer-asleep", "instance.developer-asleep"),
        (48, none.clone(), "instance.session-over", "instance.session-over"),
        (49, origin.clone(), "cors.api", "cors.api"),
        (50, origin, "cors.token-endpoint", "cors.token-endpoint"),
        (52, json!({"table": "sys_user"}), "acl.role-missing", "acl.role-missing"),
        (53, none.clone(), "acl.role-missing", "acl.role-missing"),
        (63, none.clone(), "scope.record-restricted", "scope.record-restricted"),
        (64, none, "oauth.user-read-only", ""),
        (65, json!({"means": "jwt_bearer"}), "jwt.subject", "jwt.subject"),
    ]
}

/// Scenarios that no probe of a client can determine, and why.
const CANNOT: [(u64, &str); 23] = [
    (3, "the fault is in the request that the integration sends; the doctor's own request is a good one"),
    (6, "the fault is in the address that the integration opens; a state is always sent by who sends one"),
    (14, "a stale X-UserToken is the caller's; the doctor sends no cookies"),
    (29, "only a write shows the bound on bodies, and the doctor writes nothing"),
    (30, "the fault is in the headers that the integration sends"),
    (43, "only thirteen requests at once on one session show it"),
    (44, "as 43: the doctor asks one thing at a time, and keeps no session"),
    (51, "only a batch that is too large shows it"),
    (54, "two clients that share a token are two clients; one sees nothing"),
    (55, "only the form in which the integration reads the field shows it"),
    (57, "only a write shows it, and the doctor writes nothing"),
    (58, "only a write shows it, and the doctor writes nothing"),
    (61, "only a write shows it, and the doctor writes nothing"),
    (62, "only a write shows it, and the doctor writes nothing"),
    (72, "only a write shows it, and the doctor writes nothing"),
    (73, "only a write shows it, and the doctor writes nothing"),
    (74, "the doctor asks for no single record of the integration's"),
    (76, "only a write shows it, and the doctor writes nothing"),
    (79, "the doctor sends no cookies"),
    (66, "the doctor signs in by the instance's own token endpoint"),
    (60, "only a write shows it, and the doctor writes nothing"),
    (78, "the version is in the path that the integration asks for; the doctor names none"),
    (77, "the fault is in the request that the integration sends; the doctor posts"),
];

fn with(options: &Value, administrator: bool) -> Value {
    let mut options = options.clone();
    options["administrator"] = json!(administrator);
    options
}

#[test]
fn expected_cause_comes_first_with_and_without_administrator() {
    let mut wrong = vec![];
    for (row, options, with_administrator, without) in expected() {
        for (administrator, cause) in [(true, with_administrator), (false, without)] {
            if cause.is_empty() {
                continue;
            }
            let found = World::in_scenario(row).examine(&with(&options, administrator));
            if found.first() != cause {
                wrong.push(format!("{row} administrator={administrator}: wanted {cause}, got {}", found.summary()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_scenario_is_expected_or_listed_as_undeterminable() {
    let mut rows: Vec<u64> =
        expected().iter().map(|(row, ..)| *row).chain(CANNOT.iter().map(|(row, _)| *row)).collect();
    rows.sort_unstable();
    rows.dedup();
    let mut scenarios: Vec<u64> = sysparm_instance::Instance::scenarios().collect();
    scenarios.sort_unstable();
    assert_eq!(rows, scenarios);
    // An undeterminable cause must not be called proven.
    for (row, why) in CANNOT {
        let found = World::in_scenario(row).examine(&json!({"administrator": true}));
        assert!(found.report.causes.iter().all(|cause| !cause.proven), "{row} ({why}): {}", found.summary());
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
    for (row, options, ..) in expected() {
        let mut world = World::in_scenario(row);
        let before: Vec<_> = world.instance.tables().collect();
        let found = world.examine(&with(&options, true));
        let after: Vec<_> = world.instance.tables().collect();
        let its_own = ["oauth_credential", "syslog", "syslog_transaction"];
        for ((name, rows), (_, now)) in before.iter().zip(&after) {
            assert!(rows == now || its_own.contains(name), "{row}: {name} had {rows} rows and has {now}");
        }
        for (method, path) in &world.sent {
            let reads = ["GET", "OPTIONS"].contains(&method.as_str());
            assert!(reads || (method == "POST" && path == "/oauth_token.do"), "{row}: {method} {path}");
        }
        assert!(world.sent.len() <= 60);
        let report = format!("{}{}", found.report.json(), found.report.markdown());
        for secret in ["practice-secret", "practice-agent-password", "practice-admin-password"] {
            assert!(!report.contains(secret), "{row}");
        }
    }
}

/// Scenarios whose first cause names the record to change.
const FIXABLE: [u64; 18] = [1, 4, 5, 7, 11, 12, 16, 17, 18, 19, 20, 21, 25, 28, 37, 41, 50, 53];

#[test]
fn fix_named_in_the_report_ends_the_failure() {
    for (row, options, cause, _) in expected().into_iter().filter(|(row, ..)| FIXABLE.contains(row)) {
        let options = with(&options, true);
        let mut world = World::in_scenario(row);
        let found = world.examine(&options);
        assert_eq!(found.first(), cause, "{row}");
        // A rate rule counts per hour, and also counts the administrator.
        world.now += 3_700_000;
        world.apply_fix(&found.report);
        let again = world.examine(&options);
        assert!(again.report.causes.iter().all(|left| left.code != cause), "{row}: {}", again.summary());
    }
}

#[test]
fn cors_rule_named_in_the_report_admits_the_page() {
    let options = json!({"administrator": true, "origin": "http://localhost:5173"});
    let mut world = World::in_scenario(49);
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
    let found: Examination = World::in_scenario(53).examine(&options);
    assert_eq!(found.first(), "acl.role-missing");
    assert_eq!(found.state("records.rates"), Some(State::Passed));
    let quick = World::in_scenario(53).examine(&json!({"administrator": true}));
    assert!(quick.report.requests < found.report.requests);
    assert_eq!(quick.state("records.rates"), Some(State::Unknown));
}

#[test]
fn likelihoods_are_ordered_and_sum_to_at_most_100() {
    for (row, options, ..) in expected() {
        let causes = World::in_scenario(row).examine(&with(&options, false)).report.causes;
        assert!(causes.iter().map(|cause| u32::from(cause.percent)).sum::<u32>() <= 100, "{row}");
        assert!(causes.is_sorted_by(|one, other| one.percent >= other.percent), "{row}");
        assert!(causes.iter().all(|cause| !cause.fix.is_empty() && !cause.fix.concat().contains('{')), "{row}");
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
    for (release, _) in RELEASES {
        let without_client = ["basic", "api_key", "token"];
        for means in GrantType::ALL.iter().map(|grant| grant.name()).chain(without_client) {
            let options = json!({"url": "https://x.service-now.com", "means": means, "clientId": "the-id", "userName": "the.user",
                "redirectUri": "https://app.example/callback", "origin": "https://app.example", "roles": ["ITSM"]});
            let options: Options = serde_json::from_value(options).unwrap();
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
    let report = World::in_scenario(1).examine(&json!({"administrator": true})).report;
    let text = report.markdown();
    let place = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part} in {text}"));
    assert!(place("## The client credentials grant is not switched on") < place("## Checks"));
    assert!(place("## Checks") < place("## The whole set-up, in order"));
    assert!(text.contains("glide.oauth.inbound.client.credential.grant_type.enabled"));
}
