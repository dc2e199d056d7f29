//! The practice instance for readers: answers in virtual time, with concurrent writers, network faults and a trace.

use serde_json::Value;
use sysparm::time::calendar::from_http_date;
use sysparm_instance::{Failures, Instance, Reply, Request, Settings, Switches};

use crate::administration::{ADMINISTRATOR, Administration};
use crate::world::Random;

pub(crate) const START: u64 = 1_772_366_400_000;

/// The result of a page request.
pub(crate) enum Came {
    Page(Vec<Value>, Option<u64>),
    Forbidden,
    Cut,
    Nothing,
}

pub(crate) struct Source {
    pub(crate) instance: Instance,
    pub(crate) random: Random,
    pub(crate) now: u64,
    pub(crate) trace: Vec<String>,
    /// The percentage of requests with faults.
    pub(crate) faults: u64,
    /// The instance's clock according to its last reply.
    pub(crate) server_time: u64,
    bearer: String,
}

/// One version of a row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version {
    pub(crate) id: String,
    pub(crate) at: String,
    pub(crate) changes: String,
}

impl Version {
    pub(crate) fn of(row: &Value) -> Self {
        let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
        Self { id: text("sys_id"), at: text("sys_updated_on"), changes: text("sys_mod_count") }
    }
}

impl Source {
    pub(crate) fn new(seed: u64, random: Random, rows: usize, hidden: f64, clock_skew_ms: i64) -> Self {
        let switches = Switches { hidden, clock_skew_ms, token_lifetime: 9_000_000, ..Switches::default() };
        let instance = Instance::new(Settings { rows, seed, switches, ..Settings::default() }, START);
        let trace = vec![];
        let mut source =
            Self { instance, random, now: START, trace, faults: 0, server_time: START, bearer: String::new() };
        let form = "grant_type=client_credentials&client_id=practice-client&client_secret=practice-secret";
        let sign_in = Request::new("POST", "/oauth_token.do").with_body("application/x-www-form-urlencoded", form);
        let reply = source.instance.handle(&sign_in, START).as_json();
        source.bearer = format!("Bearer {}", reply["access_token"].as_str().unwrap());
        source
    }

    fn send(&mut self, request: Request, authorization: &str, at: u64) -> Reply {
        let request = request.with_header("Host", "practice.example").with_header("Authorization", authorization);
        self.instance.handle(&request, at)
    }

    /// Requests a page as the integration user. Time passes, and faults happen.
    pub(crate) fn page(&mut self, path: &str) -> Came {
        self.now += 20 + self.random.below(600);
        let fate = self.random.below(100);
        let shown = shown(path);
        if fate < self.faults {
            match fate % 4 {
                0 => {
                    self.note(format!("GET {shown}: lost"));
                    return Came::Nothing;
                }
                1 => self.instance.switches_mut().truncate_next = 1,
                _ => {
                    let status = [429, 503, 500, 202][self.random.below(4) as usize];
                    let failures = Failures { count: 1, status, path: None, retry_after: None };
                    self.instance.switches_mut().fail_next = Some(failures);
                }
            }
        }
        let (bearer, now) = (self.bearer.clone(), self.now);
        let reply = self.send(Request::new("GET", path), &bearer, now);
        self.instance.switches_mut().truncate_next = 0;
        self.server_time = reply.header("Date").and_then(from_http_date).map_or(self.server_time, |at| at * 1000);
        let parsed: Option<Value> = serde_json::from_slice(reply.bytes()).ok();
        let rows = parsed.as_ref().and_then(|json| json["result"].as_array()).cloned();
        let counted = reply.header("X-Total-Count").and_then(|count| count.parse().ok());
        let counted = counted.filter(|_| !path.contains("sysparm_no_count=true"));
        let note = match &rows {
            Some(rows) => format!("{} rows, counted {counted:?}", rows.len()),
            None => "no page".to_owned(),
        };
        self.note(format!("GET {shown}: {} {note}", reply.status));
        match (reply.status, rows) {
            (200, Some(rows)) => Came::Page(rows, counted),
            (200, None) => Came::Cut,
            (403, _) => Came::Forbidden,
            _ => Came::Nothing,
        }
    }

    /// Writes as the administrator. `late` is the number of milliseconds between the row's timestamp and its visibility.
    pub(crate) fn write(&mut self, method: &str, target: &str, body: &str, late: u64) -> Reply {
        let mut request = Request::new(method, target);
        if !body.is_empty() {
            request = request.with_body("application/json", body);
        }
        let at = self.now - late;
        let reply = self.send(request, ADMINISTRATOR, at);
        self.note(format!("{method} {target}: {}, stamped {late} ms ago", reply.status));
        reply
    }

    /// Every row of a query that the integration user may read, without a trace and without faults.
    pub(crate) fn readable(&mut self, query: &str) -> Vec<Version> {
        let mut path = "/api/now/table/incident?sysparm_limit=1000000&sysparm_fields=sys_id,sys_updated_on,sys_mod_count&sysparm_query=".to_owned();
        sysparm::request::percent_encode(query, &mut path);
        let (bearer, now) = (self.bearer.clone(), self.now);
        let rows = self.send(Request::new("GET", &path), &bearer, now).as_json();
        rows["result"].as_array().unwrap().iter().map(Version::of).collect()
    }

    pub(crate) fn note(&mut self, line: String) {
        self.trace.push(format!("{:>8} ms  {line}", self.now - START));
    }
}

impl Administration for Source {
    fn administer(&mut self, method: &str, target: &str, body: &str, late: u64) -> Value {
        match method {
            "GET" => {
                let now = self.now;
                self.send(Request::new(method, target), ADMINISTRATOR, now).as_json()
            }
            _ => self.write(method, target, body, late).as_json(),
        }
    }
}

/// A path for the trace: with the decoded query, without parameters that are equal in every request.
pub(crate) fn shown(path: &str) -> String {
    let (path, parameters) = path.split_once('?').unwrap_or((path, ""));
    let wanted = ["sysparm_query=", "sysparm_limit=", "sysparm_offset=", "sysparm_no_count="];
    let pairs = parameters.split('&').filter(|pair| wanted.iter().any(|name| pair.starts_with(name)));
    let pairs: Vec<String> = pairs.map(|pair| decoded(&pair["sysparm_".len()..])).collect();
    format!("{} {}", path.rsplit('/').next().unwrap_or_default(), pairs.join(" "))
}

/// The encoded value of a parameter.
pub(crate) fn parameter<'a>(path: &'a str, name: &str) -> Option<&'a str> {
    path.split(['?', '&']).find_map(|part| part.strip_prefix(name)?.strip_prefix('='))
}

pub(crate) fn decoded(text: &str) -> String {
    let mut bytes = vec![];
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let hex = |byte: Option<u8>| char::from(byte.unwrap()).to_digit(16).unwrap() as u8;
        bytes.push(if byte == b'%' { hex(rest.next()) * 16 + hex(rest.next()) } else { byte });
    }
    String::from_utf8(bytes).unwrap()
}
