//! The formats of requests and replies ("Control request and response content type").

use serde_json::Value;

use crate::exchange::Request;
use crate::refusal::Refusal;
use crate::xml;

use super::route::Route;

const DEFAULT: &str = "application/json,application/xml,text/xml";

pub(super) struct Formats<'a> {
    consumes: Vec<&'a str>,
    produces: Vec<&'a str>,
}

impl<'a> Formats<'a> {
    pub(super) fn of(route: &Route<'a>) -> Self {
        let list = |column: &str| {
            let stated = route.formats(column);
            let stated = if stated.trim().is_empty() { DEFAULT } else { stated };
            stated.split(',').map(str::trim).filter(|format| !format.is_empty()).collect()
        };
        Self { consumes: list("consumes"), produces: list("produces") }
    }

    /// The format of the reply: the first that the client accepts.
    pub(super) fn written(&self, request: &Request) -> Result<String, Refusal> {
        let accept = request.header("accept").unwrap_or("*/*");
        let accepted = accept.split(',').map(|one| one.split(';').next().unwrap_or_default().trim());
        for one in accepted {
            let produced = self.produces.iter().find(|produced| matches(produced, one) || matches(one, produced));
            if let Some(produced) = produced {
                // A pattern becomes the type that the client named.
                return Ok(if produced.contains(['*', '%']) { one.to_owned() } else { (*produced).to_owned() });
            }
        }
        let detail = format!("The reply can be had as {}", self.produces.join(", "));
        Err(Refusal::new(406, "Not acceptable", Some(&detail)))
    }

    /// The body as a value: JSON, XML, or a text of another format.
    pub(super) fn read(&self, request: &Request, method: &str) -> Result<Value, Refusal> {
        if request.body.is_empty() || !matches!(method, "POST" | "PUT" | "PATCH") {
            return Ok(Value::Null);
        }
        let stated = request.header("content-type").unwrap_or_default();
        let stated = stated.split(';').next().unwrap_or_default().trim();
        if !self.consumes.iter().any(|consumed| matches(consumed, stated)) {
            let detail = format!("The body can be sent as {}", self.consumes.join(", "));
            return Err(Refusal::new(415, "Unsupported media type", Some(&detail)));
        }
        if is_json(stated) {
            return serde_json::from_slice(&request.body).map_err(|error| Refusal::unreadable_body(&error.to_string()));
        }
        if is_xml(stated) {
            return xml::record(&request.body).map_err(|reason| Refusal::unreadable_body(&reason));
        }
        Ok(Value::String(String::from_utf8_lossy(&request.body).into_owned()))
    }
}

/// Types of the subtype `json` are treated as JSON, as are those that end with `+json`; likewise XML.
pub(super) fn is_json(format: &str) -> bool {
    is_of(format, "json")
}

pub(super) fn is_xml(format: &str) -> bool {
    is_of(format, "xml")
}

fn is_of(format: &str, subtype: &str) -> bool {
    let own = format.rsplit(['/', '+']).next().unwrap_or_default();
    own.eq_ignore_ascii_case(subtype)
}

/// Whether a type fits a pattern, in which `*` stands for any characters and `%` for one.
fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.to_ascii_lowercase(), text.to_ascii_lowercase());
    let text: Vec<char> = text.chars().collect();
    // The positions in the text that the pattern so far can end at.
    let mut ends = vec![0];
    for letter in pattern.chars() {
        let mut next: Vec<usize> = match letter {
            '*' => ends.first().map_or_else(Vec::new, |first| (*first..=text.len()).collect()),
            letter => {
                let fits = |at: &usize| text.get(*at).is_some_and(|other| letter == '%' || *other == letter);
                ends.into_iter().filter(fits).map(|at| at + 1).collect()
            }
        };
        next.dedup();
        ends = next;
    }
    ends.contains(&text.len())
}

#[cfg(test)]
mod tests {
    use super::{is_json, is_xml, matches};

    #[test]
    fn pattern_stands_for_any_or_one_character() {
        for (pattern, text, fits) in [
            ("application/json", "Application/JSON", true),
            ("*/*", "text/plain", true),
            ("te%t/plain", "test/plain", true),
            ("te%t/plain", "tet/plain", false),
            ("application/*+json", "application/vnd.collection+json", true),
            ("application/*", "text/plain", false),
            ("a*b*c", "axbxxc", true),
            ("a*b*c", "axbxx", false),
        ] {
            assert_eq!(matches(pattern, text), fits, "{pattern} {text}");
        }
        assert!(is_json("application/vnd.collection+json") && is_xml("text/xml") && !is_xml("text/plain"));
    }
}
