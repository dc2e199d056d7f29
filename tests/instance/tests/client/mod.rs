//! A client without a network: it signs in once and hands each request to the instance.

use base64::Engine;
use serde_json::Value;
use sysparm_instance::{Instance, Reply, Request, Settings};

/// 2026-03-01 12:00:00 UTC in milliseconds.
pub(crate) const NOON: u64 = 1_772_366_400_000;

pub(crate) const GRANT: &str = "grant_type=client_credentials&client_id=practice-client&client_secret=practice-secret";
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

/// The instance, and the exchanges with it since a test began to record.
pub(crate) struct RecordedInstance {
    instance: Instance,
    /// Request, reply and the time of the request; `None` while no test records.
    pub(crate) recorded: Option<Vec<(Request, Reply, u64)>>,
}

impl RecordedInstance {
    pub(crate) fn handle(&mut self, request: &Request, now: u64) -> Reply {
        let reply = self.instance.handle(request, now);
        if let Some(recorded) = &mut self.recorded {
            recorded.push((request.clone(), reply.clone(), now));
        }
        reply
    }
}

impl std::ops::Deref for RecordedInstance {
    type Target = Instance;

    fn deref(&self) -> &Instance {
        &self.instance
    }
}

impl std::ops::DerefMut for RecordedInstance {
    fn deref_mut(&mut self) -> &mut Instance {
        &mut self.instance
    }
}

pub(crate) struct Client {
    pub(crate) instance: RecordedInstance,
    pub(crate) now: u64,
    token: String,
}

#[allow(dead_code, reason = "each test file uses its own part")]
impl Client {
    pub(crate) fn with_rows(rows: usize) -> Self {
        Self::of(Settings { rows, ..Settings::default() })
    }

    pub(crate) fn of(settings: Settings) -> Self {
        let instance = RecordedInstance { instance: Instance::new(settings, NOON), recorded: None };
        let mut client = Self { instance, now: NOON, token: String::new() };
        client.sign_in();
        client
    }

    pub(crate) fn sign_in(&mut self) {
        let reply = self.grant(GRANT);
        self.token = reply.as_json()["access_token"].as_str().unwrap_or_default().to_owned();
    }

    pub(crate) fn grant(&mut self, form: &str) -> Reply {
        let request = Request::new("POST", "/oauth_token.do").with_body(FORM, form);
        self.instance.handle(&request, self.now)
    }

    pub(crate) fn send(&mut self, request: Request) -> Reply {
        let request = request
            .with_header("Host", "practice.test")
            .with_header("Authorization", &format!("Bearer {}", self.token));
        self.instance.handle(&request, self.now)
    }

    /// A request as another user, by Basic.
    pub(crate) fn send_as(&mut self, user: &str, request: Request) -> Reply {
        let password = format!("{}-password", user.replace('.', "-"));
        let encoded = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
        let request =
            request.with_header("Host", "practice.test").with_header("Authorization", &format!("Basic {encoded}"));
        self.instance.handle(&request, self.now)
    }

    /// The first row of a table with this value in this column, as the administrator sees it.
    pub(crate) fn record(&mut self, table: &str, column: &str, value: &str) -> Value {
        let parameters =
            [("sysparm_query", format!("{column}={value}")), ("sysparm_exclude_reference_link", "true".into())];
        let query: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
        let request = Request::new("GET", &format!("/api/now/table/{table}?{query}"));
        let found = rows(&self.send_as("practice.admin", request));
        found.into_iter().next().unwrap_or_default()
    }

    /// Updates that row as the administrator.
    pub(crate) fn update_record(&mut self, table: &str, column: &str, value: &str, change: &Value) {
        let sys_id = text(&self.record(table, column, value), "sys_id");
        let request = Request::new("PATCH", &format!("/api/now/table/{table}/{sys_id}"))
            .with_body("application/json", change.to_string());
        let reply = self.send_as("practice.admin", request);
        assert_eq!(reply.status, 200, "{table} {value}: {}", String::from_utf8_lossy(reply.bytes()));
    }

    /// Adds a row as the administrator and returns its `sys_id`.
    pub(crate) fn add(&mut self, table: &str, row: &Value) -> String {
        let request =
            Request::new("POST", &format!("/api/now/table/{table}")).with_body("application/json", row.to_string());
        let reply = self.send_as("practice.admin", request);
        assert_eq!(reply.status, 201, "{table}: {}", String::from_utf8_lossy(reply.bytes()));
        text(&reply.as_json()["result"], "sys_id")
    }

    /// Sends GET with parameters, which are encoded here.
    pub(crate) fn get(&mut self, path: &str, parameters: &[(&str, &str)]) -> Reply {
        self.send(Request::new("GET", &target(path, parameters)))
    }

    pub(crate) fn write(&mut self, method: &str, target: &str, body: &Value) -> Reply {
        self.send(Request::new(method, target).with_body("application/json", body.to_string()))
    }

    /// The rows of a list of incidents by an encoded query, of four fields.
    pub(crate) fn incidents(&mut self, query: &str, more: &[(&str, &str)]) -> Vec<Value> {
        let mut parameters = vec![("sysparm_query", query)];
        parameters.extend(more);
        rows(&self.get("/api/now/table/incident", &parameters))
    }

    /// The sorted numbers of the incidents that match a query.
    pub(crate) fn numbers(&mut self, query: &str) -> Vec<String> {
        let found = self.incidents(query, &[("sysparm_fields", "number"), ("sysparm_limit", "100000")]);
        let mut numbers: Vec<String> = found.iter().map(|row| text(row, "number")).collect();
        numbers.sort();
        numbers
    }
}

#[allow(dead_code, reason = "each test file uses its own part")]
pub(crate) fn target(path: &str, parameters: &[(&str, &str)]) -> String {
    let query: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    format!("{path}?{query}")
}

#[allow(dead_code, reason = "each test file uses its own part")]
pub(crate) fn rows(reply: &Reply) -> Vec<Value> {
    reply.as_json()["result"].as_array().cloned().unwrap_or_default()
}

#[allow(dead_code, reason = "each test file uses its own part")]
pub(crate) fn text(row: &Value, field: &str) -> String {
    row[field].as_str().unwrap_or_default().to_owned()
}

#[allow(dead_code, reason = "each test file uses its own part")]
pub(crate) fn total(reply: &Reply) -> usize {
    reply.header("X-Total-Count").and_then(|count| count.parse().ok()).unwrap_or(usize::MAX)
}
