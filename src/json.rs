//! Writes JSON. Plain data crosses to JavaScript as one text, which the engine parses faster than it builds objects call by call.

/// An object that is being written.
#[derive(Debug)]
pub struct JsonObject(String);

impl Default for JsonObject {
    fn default() -> Self {
        Self("{".to_owned())
    }
}

impl JsonObject {
    /// Adds a member that is JSON already.
    pub fn json(&mut self, name: &str, json: &str) {
        self.name(name);
        self.0.push_str(json);
    }

    /// Adds a text.
    pub fn text(&mut self, name: &str, text: &str) {
        self.name(name);
        push_quoted(&mut self.0, text);
    }

    /// Adds a whole number.
    pub fn number(&mut self, name: &str, number: u64) {
        self.json(name, &number.to_string());
    }

    /// Adds a number, where there is one.
    pub fn optional_number(&mut self, name: &str, number: Option<u64>) {
        if let Some(number) = number {
            self.number(name, number);
        }
    }

    /// Adds a truth value.
    pub fn flag(&mut self, name: &str, flag: bool) {
        self.json(name, if flag { "true" } else { "false" });
    }

    fn name(&mut self, name: &str) {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        for part in ["\"", name, "\":"] {
            self.0.push_str(part);
        }
    }

    /// The written object.
    #[must_use]
    pub fn end(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

/// A list of what is JSON already.
#[must_use]
pub fn array(items: impl Iterator<Item = String>) -> String {
    let mut out = "[".to_owned();
    for item in items {
        if out.len() > 1 {
            out.push(',');
        }
        out.push_str(&item);
    }
    out.push(']');
    out
}

/// A text as JSON.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    push_quoted(&mut out, text);
    out
}

/// Appends a text as JSON.
pub fn push_quoted(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            '\0'..' ' => {
                let digit = |value: u32| char::from_digit(value, 16).unwrap_or('0');
                let code = u32::from(character);
                out.push_str("\\u00");
                out.extend([digit(code >> 4), digit(code & 15)]);
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn written_objects_are_read_back(text in r#"(["\\\x00-\x1f]|\PC){0,20}"#, number: u32, flag: bool) {
            let mut object = JsonObject::default();
            object.text("text", &text);
            object.number("number", number.into());
            object.optional_number("none", None);
            object.flag("flag", flag);
            object.json("list", &array([quoted(&text), "1".to_owned()].into_iter()));
            let read: serde_json::Value = serde_json::from_str(&object.end()).unwrap();
            let expected = serde_json::json!({ "text": text, "number": number, "flag": flag, "list": [text, 1] });
            prop_assert_eq!(read, expected);
        }
    }
}
