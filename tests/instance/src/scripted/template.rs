//! The template of a reply: status, headers, body or error, and the role that the caller needs.
//!
//! `${path.id}`, `${query.limit}`, `${body.name}` and `${user.user_name}` stand for what the request brought; one that is not there is
//! empty.

use serde_json::{Map, Value};

use crate::exchange::Parameters;
use crate::refusal::Refusal;
use crate::sign_in::Principal;

/// The longest text that a reply's placeholders make.
const LONGEST: usize = 10 * 1024 * 1024;

pub(super) struct Template(Map<String, Value>);

impl Template {
    /// An empty script replies with an empty body.
    pub(super) fn of(script: &str) -> Result<Self, Refusal> {
        if script.trim().is_empty() {
            return Ok(Self(Map::new()));
        }
        match serde_json::from_str(script) {
            Ok(Value::Object(members)) => Ok(Self(members)),
            _ => Err(Refusal::failed(
                "",
                "The script of the resource is no JSON object with status, headers, body, error or role.",
            )),
        }
    }

    pub(super) fn status(&self) -> u16 {
        let status = self.0.get("status").and_then(Value::as_u64).and_then(|status| u16::try_from(status).ok());
        let default = if self.0.contains_key("error") { 500 } else { 200 };
        status.filter(|status| (200..600).contains(status)).unwrap_or(default)
    }

    pub(super) fn headers(&self) -> impl Iterator<Item = (String, String)> {
        let headers = self.0.get("headers").and_then(Value::as_object).into_iter().flatten();
        headers.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
    }

    pub(super) fn body(&self) -> Option<&Value> {
        self.0.get("body")
    }

    pub(super) fn error(&self) -> Option<&Map<String, Value>> {
        self.0.get("error").and_then(Value::as_object)
    }

    /// Whether the caller has the required role.
    pub(super) fn admits(&self, principal: &Principal) -> bool {
        let role = self.0.get("role").and_then(Value::as_str).unwrap_or_default();
        role.is_empty() || principal.roles.contains(role) || principal.roles.contains("admin")
    }
}

/// What a request brought.
pub(super) struct Values<'a> {
    pub(super) path: &'a [(String, String)],
    pub(super) query: &'a Parameters<'a>,
    pub(super) body: &'a Value,
    pub(super) principal: &'a Principal,
}

impl Values<'_> {
    fn value(&self, name: &str) -> String {
        let (kind, name) = name.split_once('.').unwrap_or((name, ""));
        match kind {
            "path" => {
                let found = self.path.iter().find(|(known, _)| known == name);
                found.map_or_else(String::new, |(_, value)| value.clone())
            }
            "query" => self.query.text(name).unwrap_or_default().to_owned(),
            "body" => match name.split('.').try_fold(self.body, |value, part| value.get(part)) {
                Some(Value::String(text)) => text.clone(),
                Some(Value::Null) | None => String::new(),
                Some(other) => other.to_string(),
            },
            "user" if name == "user_name" => self.principal.user_name.clone(),
            "user" if name == "sys_id" => self.principal.user_id.clone(),
            _ => String::new(),
        }
    }

    /// A text with its placeholders replaced.
    pub(super) fn fill(&self, text: &str) -> Result<String, Refusal> {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let Some((name, after)) = after.split_once('}') else { break };
            filled.push_str(before);
            filled.push_str(&self.value(name));
            if filled.len() > LONGEST {
                return Err(too_large());
            }
            rest = after;
        }
        filled.push_str(rest);
        Ok(filled)
    }

    /// A value with the placeholders of all its texts replaced.
    pub(super) fn filled(&self, value: &Value) -> Result<Value, Refusal> {
        let mut left = LONGEST;
        self.within(value, &mut left)
    }

    fn within(&self, value: &Value, left: &mut usize) -> Result<Value, Refusal> {
        Ok(match value {
            Value::String(text) => {
                let text = self.fill(text)?;
                let spent = left.checked_sub(text.len());
                *left = spent.ok_or_else(too_large)?;
                Value::String(text)
            }
            Value::Array(items) => items.iter().map(|item| self.within(item, left)).collect::<Result<_, _>>()?,
            Value::Object(members) => {
                let mut filled = Map::new();
                for (name, member) in members {
                    filled.insert(name.clone(), self.within(member, left)?);
                }
                Value::Object(filled)
            }
            other => other.clone(),
        })
    }
}

fn too_large() -> Refusal {
    Refusal::failed("", &format!("The placeholders of the template make more than {LONGEST} bytes."))
}
