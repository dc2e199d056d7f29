//! A host without a network: fills in the secrets, sends each request to the practice instance and withholds the tokens.

use serde_json::{Value, json};
use sysparm::doctor::{Doctor, ExaminationOptions, Filled, Finding, Identity, ProbeOutcome, Report, SecretName, State};
use sysparm::request::percent_encode;
use sysparm::time::Millis;
use sysparm_instance::{Instance, Request, Settings};

/// 2026-03-01 12:00:00 UTC in milliseconds.
pub(crate) const NOON: u64 = 1_772_366_400_000;

const ADMINISTRATOR: &str = "Basic cHJhY3RpY2UuYWRtaW46cHJhY3RpY2UtYWRtaW4tcGFzc3dvcmQ=";
const AGENT: &str = "Basic cHJhY3RpY2UuYWdlbnQ6cHJhY3RpY2UtYWdlbnQtcGFzc3dvcmQ=";

/// Signed with the practice instance's `keys/ec.pem` for nobody@example.com.
const ASSERTION: &str = "eyJhbGciOiJFUzI1NiIsImtpZCI6ImVjIiwidHlwIjoiSldUIn0.eyJpc3MiOiJwcmFjdGljZS1jbGllbnQiLCJhdWQiOiJwcmFjdGljZS1jbGllbnQiLCJzdWIiOiJub2JvZHlAZXhhbXBsZS5jb20iLCJleHAiOjQxMDI0NDQ4MDAsImp0aSI6ImRvY3RvciJ9.fi7Z7Xttk8yFwZwvIoESwOpcoC8KoQ_TzVaYGB4Ek5W8TL5vtqISrkVPozn1tLr7lajngXkFjGFiM0DlcZzx3w";

pub(crate) struct World {
    pub(crate) instance: Instance,
    pub(crate) now: u64,
    pub(crate) client_secret: &'static str,
    pub(crate) sent: Vec<(String, String)>,
}

pub(crate) struct Examination {
    pub(crate) findings: Vec<Finding>,
    pub(crate) report: Report,
}

impl Examination {
    pub(crate) fn first(&self) -> &str {
        self.report.causes.first().map_or("", |cause| cause.code.as_str())
    }

    pub(crate) fn state(&self, code: &str) -> Option<State> {
        self.findings.iter().rev().find(|finding| finding.code == code).map(|finding| finding.state)
    }

    pub(crate) fn summary(&self) -> String {
        let causes = self.report.causes.iter().map(|cause| format!("{} {}", cause.percent, cause.code));
        let failed = self.findings.iter().filter(|finding| finding.state == State::Failed);
        let failed = failed.map(|finding| format!("{}: {}", finding.code, finding.evidence));
        causes.chain(failed).collect::<Vec<_>>().join(" | ")
    }
}

impl World {
    pub(crate) fn new() -> Self {
        let instance = Instance::new(Settings { rows: 60, ..Settings::default() }, NOON);
        Self { instance, now: NOON, client_secret: "practice-secret", sent: vec![] }
    }

    pub(crate) fn in_scenario(name: &str) -> Self {
        let mut world = Self::new();
        world.instance.begin_scenario(name, NOON).unwrap();
        world
    }

    /// Runs an examination to its end. `options` override those of a client credentials integration.
    pub(crate) fn examine(&mut self, options: &Value) -> Examination {
        let mut all =
            json!({"url": "https://practice.test", "means": "client_credentials", "clientId": "practice-client"});
        for (name, value) in options.as_object().into_iter().flatten() {
            all[name] = value.clone();
        }
        let options: ExaminationOptions = serde_json::from_value(all.clone()).unwrap();
        let mut doctor = Doctor::new(options).unwrap();
        let mut token = String::new();
        let mut findings = doctor.findings();
        let mut asked = 0;
        while let Some(ask) = doctor.poll(Millis(self.now)) {
            asked += 1;
            assert!(asked <= 200, "an examination ends");
            assert!(doctor.poll(Millis(self.now)).is_none(), "one ask at a time");
            let mut request = Request::new(ask.method, &ask.path).with_header("Host", "practice.test");
            for (name, value) in &ask.headers {
                request = request.with_header(name, value);
            }
            if !ask.form.is_empty() {
                request = request.with_body("application/x-www-form-urlencoded", self.form(&ask.form));
            }
            request = match ask.who {
                Identity::Administrator => request.with_header("Authorization", ADMINISTRATOR),
                Identity::Integration if all["means"] == "basic" => request.with_header("Authorization", AGENT),
                Identity::Integration if all["means"] == "api_key" => {
                    request.with_header("x-sn-apikey", "practice-api-key")
                }
                Identity::Integration => request.with_header("Authorization", &format!("Bearer {token}")),
                Identity::Anonymous | Identity::Client => request,
            };
            self.sent.push((ask.method.to_owned(), ask.path.clone()));
            let reply = self.instance.handle(&request, self.now);
            let outcome = if reply.delay_ms >= ask.time_limit_ms {
                ProbeOutcome::TimedOut
            } else {
                let mut body = String::from_utf8_lossy(reply.bytes()).into_owned();
                if let Ok(mut json) = serde_json::from_str::<Value>(&body)
                    && let Some(given) = json["access_token"].as_str().map(str::to_owned)
                {
                    token = given;
                    json["access_token"] = json!("[withheld]");
                    body = json.to_string();
                }
                let headers = reply.headers.iter().map(|(name, value)| (name.to_lowercase(), value.clone()));
                ProbeOutcome::Reply { status: reply.status, headers: headers.collect(), body }
            };
            self.now += 50;
            doctor.resume(ask.id, &outcome, Millis(self.now));
            findings.extend(doctor.findings());
        }
        findings.extend(doctor.findings());
        assert!(doctor.is_over());
        Examination { findings, report: doctor.report() }
    }

    fn form(&self, parts: &[sysparm::doctor::FormField]) -> String {
        let mut form = String::new();
        for part in parts {
            let value = match &part.value {
                Filled::Text(text) => text.as_str(),
                Filled::Secret(SecretName::ClientSecret) => self.client_secret,
                Filled::Secret(SecretName::Password) => "practice-agent-password",
                Filled::Secret(SecretName::Assertion) => ASSERTION,
                Filled::Secret(SecretName::RefreshToken) => "none",
            };
            if !form.is_empty() {
                form.push('&');
            }
            form.push_str(part.name);
            form.push('=');
            percent_encode(value, &mut form);
        }
        form
    }

    /// Applies the fix of a report's first cause, as an administrator would.
    pub(crate) fn apply_fix(&mut self, report: &Report) {
        let cause = report.causes.first().unwrap();
        let change = cause.change.as_ref().unwrap_or_else(|| panic!("{} says which record to change", cause.code));
        let mut query = String::new();
        percent_encode(&change.query, &mut query);
        let as_administrator = |method: &str, target: &str| {
            Request::new(method, target)
                .with_header("Host", "practice.test")
                .with_header("Authorization", ADMINISTRATOR)
        };
        let found = as_administrator("GET", &format!("/api/now/table/{}?sysparm_query={query}", change.table));
        let found = self.instance.handle(&found, self.now).as_json()["result"].clone();
        let set: serde_json::Map<String, Value> =
            change.set.iter().map(|(field, value)| ((*field).to_owned(), json!(value))).collect();
        let body = Value::Object(set).to_string();
        let (method, target) = match found[0]["sys_id"].as_str() {
            Some(id) => ("PATCH", format!("/api/now/table/{}/{id}", change.table)),
            None => ("POST", format!("/api/now/table/{}", change.table)),
        };
        let request = as_administrator(method, &target).with_body("application/json", body);
        let reply = self.instance.handle(&request, self.now);
        assert!([200, 201].contains(&reply.status), "{}: {}", cause.code, String::from_utf8_lossy(reply.bytes()));
    }

    /// Changes one record of the instance before an examination.
    pub(crate) fn set(&mut self, table: &str, query: &str, field: &str, value: &str) {
        let mut encoded = String::new();
        percent_encode(query, &mut encoded);
        let request = |method: &str, target: String| {
            Request::new(method, &target)
                .with_header("Host", "practice.test")
                .with_header("Authorization", ADMINISTRATOR)
        };
        let found = request("GET", format!("/api/now/table/{table}?sysparm_query={encoded}"));
        let id = self.instance.handle(&found, self.now).as_json()["result"][0]["sys_id"].as_str().unwrap().to_owned();
        let body = json!({ field: value }).to_string();
        let change = request("PATCH", format!("/api/now/table/{table}/{id}")).with_body("application/json", body);
        assert_eq!(self.instance.handle(&change, self.now).status, 200);
    }
}
