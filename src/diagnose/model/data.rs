//! Writes a failure in the form that the npm package documents.

use super::diagnosis::{Cause, Diagnosis, Retry, WORDED};
use super::failure::Failure;
#[cfg(feature = "explanations")]
use super::release_terms::filled;
use crate::json::{JsonObject, array, quoted};

impl Failure {
    /// As JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut out = JsonObject::default();
        self.write(&mut out);
        out.optional_number("status", self.tried.status.map(u64::from));
        out.optional_number("resumesAt", self.resumes_at.map(|at| at.0));
        out.flag("unknownOutcome", self.unknown_outcome);
        out.flag("ofToken", self.of_token);
        out.end()
    }

    /// Writes what an event has of it, too.
    pub(crate) fn write(&self, out: &mut JsonObject) {
        out.text("message", &self.message());
        out.json("diagnosis", &self.diagnosis.to_json());
        if let Some(exchange) = &self.exchange {
            out.text("exchange", exchange.expose());
        }
    }
}

impl Diagnosis {
    /// As JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut out = JsonObject::default();
        out.text("code", self.code.as_str());
        out.text("kind", self.kind.as_str());
        out.json("retry", &self.retry.to_json());
        // A build without the catalogue has no causes.
        out.json("causes", &array(self.causes.iter().filter(|_| WORDED).copied().map(Cause::to_json)));
        out.json("evidence", &array(self.evidence.iter().map(|line| quoted(line))));
        out.end()
    }
}

impl Retry {
    fn to_json(self) -> String {
        let mut out = JsonObject::default();
        out.text("when", self.as_str());
        if let Self::After(after) = self {
            out.number("afterMs", after.0);
        }
        out.end()
    }
}

impl Cause {
    fn to_json(self) -> String {
        let mut out = JsonObject::default();
        out.text("code", self.code);
        let percent = u32::from(self.percent);
        let digits = [percent / 100, percent / 10 % 10, percent % 10].map(|digit| digit.to_string());
        let [whole, tenths, hundredths] = &digits;
        out.json("likelihood", &[whole, ".", tenths, hundredths].concat());
        #[cfg(feature = "explanations")]
        {
            out.text("title", &filled(self.title, "", &[]).unwrap_or_default());
            out.text("tellApart", self.tell_apart);
            out.json("fix", &array(self.steps("").iter().map(|step| quoted(step))));
            out.text("source", self.source);
        }
        out.end()
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnose::{Facts, Stage, diagnose};
    use crate::request::{Body, Headers, Method, Reply};
    use crate::time::Millis;

    #[test]
    fn failure_has_the_shape_that_the_package_promises() {
        let headers = Headers::from_lines("x-ratelimit-limit: 100\nretry-after: 60");
        let reply = Reply { status: 429, headers, body: Body::Text(String::new()) };
        let outcome = Ok(&reply);
        let facts = Facts { stage: Stage::Api, method: Method::Get, path: "/api/now/x", outcome };
        let data: serde_json::Value = serde_json::from_str(&diagnose(&facts, 1, Millis(1000)).to_json()).unwrap();
        assert_eq!(data["status"], 429);
        assert_eq!(data["resumesAt"], 61000);
        assert_eq!(data["unknownOutcome"], false);
        assert_eq!(data["diagnosis"]["code"], "rate.rule");
        assert_eq!(data["diagnosis"]["kind"], "rate");
        assert_eq!(data["diagnosis"]["retry"], serde_json::json!({ "when": "after", "afterMs": 60000 }));
        assert_eq!(data["diagnosis"]["causes"][0]["likelihood"], 0.95);
        assert!(data["diagnosis"]["causes"][0]["tellApart"].is_string());
        assert_eq!(data["diagnosis"]["evidence"][0], "GET /api/now/x answered 429");
    }
}
