//! Serializes a failure in the form that the npm package documents.
//!
//! Written as maps: a serializer of structs would link a table of field names and a hash map.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::diagnosis::{Cause, Diagnosis, Retry};
use super::failure::Failure;
#[cfg(feature = "explanations")]
use super::release_terms::filled;
use crate::time::Millis;

impl Serialize for Failure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_map(None)?;
        out.serialize_entry("message", &self.message())?;
        out.serialize_entry("diagnosis", &self.diagnosis)?;
        if let Some(status) = self.tried.status {
            out.serialize_entry("status", &status)?;
        }
        if let Some(resumes_at) = self.resumes_at {
            out.serialize_entry("resumesAt", &as_number(resumes_at))?;
        }
        out.serialize_entry("unknownOutcome", &self.unknown_outcome)?;
        out.serialize_entry("ofToken", &self.of_token)?;
        if let Some(exchange) = &self.exchange {
            out.serialize_entry("exchange", exchange.expose())?;
        }
        out.end()
    }
}

impl Serialize for Diagnosis {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_map(None)?;
        out.serialize_entry("code", self.code.as_str())?;
        out.serialize_entry("kind", self.kind.as_str())?;
        out.serialize_entry("retry", &self.retry)?;
        out.serialize_entry("causes", self.causes)?;
        out.serialize_entry("evidence", &self.evidence)?;
        out.end()
    }
}

impl Serialize for Retry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_map(None)?;
        out.serialize_entry("when", self.as_str())?;
        if let Self::After(after) = self {
            out.serialize_entry("afterMs", &as_number(*after))?;
        }
        out.end()
    }
}

impl Serialize for Cause {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_map(None)?;
        out.serialize_entry("code", self.code)?;
        out.serialize_entry("likelihood", &as_fraction(self.percent))?;
        #[cfg(feature = "explanations")]
        {
            out.serialize_entry("title", &filled(self.title, "", &[]))?;
            out.serialize_entry("tellApart", self.tell_apart)?;
            out.serialize_entry("fix", &self.steps(""))?;
            out.serialize_entry("source", self.source)?;
        }
        out.end()
    }
}

#[expect(clippy::float_arithmetic, reason = "JavaScript gets a fraction; nothing is decided by it")]
const fn as_fraction(percent: u8) -> f64 {
    percent as f64 / 100.0
}

/// JavaScript has one kind of number; times and lengths fit it for the next 280,000 years.
#[expect(clippy::cast_precision_loss, reason = "milliseconds stay below 2^53")]
const fn as_number(time: Millis) -> f64 {
    time.0 as f64
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
        let data = serde_json::to_value(diagnose(&facts, 1, Millis(1000))).unwrap();
        assert_eq!(data["status"], 429);
        assert_eq!(data["resumesAt"], 61000.0);
        assert_eq!(data["unknownOutcome"], false);
        assert_eq!(data["diagnosis"]["code"], "rate.rule");
        assert_eq!(data["diagnosis"]["kind"], "rate");
        assert_eq!(data["diagnosis"]["retry"], serde_json::json!({ "when": "after", "afterMs": 60000.0 }));
        assert_eq!(data["diagnosis"]["causes"][0]["likelihood"], 0.95);
        assert!(data["diagnosis"]["causes"][0]["tellApart"].is_string());
        assert_eq!(data["diagnosis"]["evidence"][0], "GET /api/now/x answered 429");
    }
}
