//! XML instead of JSON, for clients that ask for it: `<response><result>…` out, `<request><entry>…` in ("REST API", Accept and
//! Content-Type; the element names are those of the documentation's samples).

use std::fmt::Write;

use quick_xml::Reader;
use quick_xml::escape::{escape, resolve_predefined_entity};
use quick_xml::events::Event;
use serde_json::{Map, Value};

use crate::exchange::{Body, Reply};

/// Elements nested deeper than this are refused.
const DEEPEST: usize = 8;

/// The first record of a request's body: `<request><entry><state>2</state></entry></request>`. The elements within the innermost
/// of `request` and `entry` are the fields.
///
/// # Errors
/// Why the text is no such XML. Document types are refused, so no entity is ever expanded but the five that XML has.
pub(crate) fn record(body: &[u8]) -> Result<Value, String> {
    let text = std::str::from_utf8(body).map_err(|error| error.to_string())?;
    let mut reader = Reader::from_str(text);
    // What is open, each with its name, its text and its members so far.
    let mut open: Vec<Element> = Vec::new();
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(start) => {
                if open.len() == DEEPEST {
                    return Err("too many elements within elements".into());
                }
                open.push(Element::named(start.local_name().as_ref()));
            }
            Event::Empty(empty) => {
                let element = Element::named(empty.local_name().as_ref());
                if let Some(done) = closed(&mut open, element) {
                    return Ok(entry(done));
                }
            }
            Event::End(_) => {
                let element = open.pop().ok_or("an end without a beginning")?;
                if let Some(done) = closed(&mut open, element) {
                    return Ok(entry(done));
                }
            }
            Event::Text(more) => {
                if let Some(element) = open.last_mut() {
                    element.text.push_str(&more.xml10_content());
                }
            }
            Event::CData(more) => {
                if let Some(element) = open.last_mut() {
                    element.text.push_str(&more.xml10_content());
                }
            }
            Event::GeneralRef(reference) => {
                let letter = reference.resolve_char_ref().map_err(|error| error.to_string())?;
                let name: &str = &reference;
                if let Some(element) = open.last_mut() {
                    match (letter, resolve_predefined_entity(name)) {
                        (Some(letter), _) => element.text.push(letter),
                        (None, Some(known)) => element.text.push_str(known),
                        (None, None) => return Err(format!("unknown entity {name}")),
                    }
                }
            }
            Event::DocType(_) => return Err("a document type is not accepted".into()),
            Event::Eof => return Err("the XML ends before its first element does".into()),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
}

struct Element {
    name: String,
    text: String,
    members: Map<String, Value>,
}

impl Element {
    fn named(name: &str) -> Self {
        Self { name: name.to_owned(), text: String::new(), members: Map::new() }
    }

    fn value(self) -> Value {
        match self.members.is_empty() {
            true => Value::String(self.text.trim().to_owned()),
            false => Value::Object(self.members),
        }
    }
}

/// Puts an element that has ended into the one around it, the first of a name; gives it back if there is none around it.
fn closed(open: &mut [Element], element: Element) -> Option<Value> {
    let Some(around) = open.last_mut() else { return Some(element.value()) };
    let name = element.name.clone();
    around.members.entry(name).or_insert_with(|| element.value());
    None
}

/// The fields of a `<request>`: those of its first `<entry>`, or its own.
fn entry(document: Value) -> Value {
    match document {
        Value::Object(mut members) => match members.remove("entry") {
            Some(entry @ Value::Object(_)) => entry,
            Some(_) => Value::Object(Map::new()),
            None => Value::Object(members),
        },
        Value::String(text) if text.is_empty() => Value::Object(Map::new()),
        other => other,
    }
}

/// A JSON reply in XML. One that is not JSON, or is cut off in the middle, stays as it is.
pub(crate) fn reply(mut reply: Reply) -> Reply {
    let Ok(value) = serde_json::from_slice::<Value>(reply.bytes()) else { return reply };
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    write(&mut text, "response", &value);
    reply.body = Body::Whole(text.into_bytes());
    for (name, content) in &mut reply.headers {
        if *name == "Content-Type" {
            *content = "application/xml;charset=UTF-8".into();
        }
    }
    reply
}

/// An object becomes an element, its members elements within it, and a list the same element again and again.
pub(crate) fn write(text: &mut String, name: &str, value: &Value) {
    if let Value::Array(values) = value {
        values.iter().for_each(|value| write(text, name, value));
        return;
    }
    // A field's name with dots is a name in XML too.
    let _ = match value {
        Value::Null => write!(text, "<{name}/>"),
        Value::String(content) if content.is_empty() => write!(text, "<{name}/>"),
        Value::String(content) => write!(text, "<{name}>{}</{name}>", escape(allowed(content))),
        Value::Object(members) => {
            text.push_str(&format!("<{name}>"));
            members.iter().for_each(|(name, value)| write(text, name, value));
            write!(text, "</{name}>")
        }
        other => write!(text, "<{name}>{other}</{name}>"),
    };
}

/// Control characters have no place in XML 1.0, not even escaped.
fn allowed(content: &str) -> String {
    content.chars().filter(|letter| *letter >= ' ' || matches!(letter, '\t' | '\n' | '\r')).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::{Reply, record, reply};

    #[test]
    fn first_entry_of_a_request_is_the_record() {
        for (text, expected) in [
            (
                "<?xml version=\"1.0\"?><request><entry><short_description>A &amp; B &#233;</short_description><state>2</state></entry><entry><state>3</state></entry></request>",
                json!({"short_description": "A & B é", "state": "2"}),
            ),
            (
                "<request><state>2</state><!-- none --><close_notes/></request>",
                json!({"state": "2", "close_notes": ""}),
            ),
            (
                "<request><entry><caller_id><value>x</value></caller_id></entry></request>",
                json!({"caller_id": {"value": "x"}}),
            ),
            (
                "<request><entry><description><![CDATA[<b>]]></description></entry></request>",
                json!({"description": "<b>"}),
            ),
            ("<request/>", json!({})),
            ("<request><entry/></request>", json!({})),
        ] {
            assert_eq!(record(text.as_bytes()), Ok(expected), "{text}");
        }
    }

    #[test]
    fn invalid_record_is_refused_with_the_reason() {
        for text in [
            "",
            "state=2",
            "<request>",
            "<request></entry></request>",
            "<request><state>&lol;</state></request>",
            "<!DOCTYPE r [<!ENTITY lol \"lol\">]><request><state>2</state></request>",
            "<a><a><a><a><a><a><a><a><a></a></a></a></a></a></a></a></a></a>",
        ] {
            assert!(record(text.as_bytes()).is_err(), "{text}");
        }
        assert!(record(b"<request>\xff</request>").is_err());
    }

    #[test]
    fn list_repeats_its_element_and_truncated_json_is_unchanged() {
        let list =
            json!({"result": [{"number": "1", "caller_id": {"link": "http://x/?a&b", "value": "v"}}, {"number": ""}]});
        let xml = reply(Reply::json(200, list.to_string()));
        let expected = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><response><result><caller_id><link>http://x/?a&amp;b</link><value>v</value></caller_id><number>1</number></result><result><number/></result></response>";
        assert_eq!(String::from_utf8_lossy(xml.bytes()), expected);
        assert_eq!(xml.header("Content-Type"), Some("application/xml;charset=UTF-8"));
        assert_eq!(reply(Reply::json(200, "{\"result\":[{")).bytes(), b"{\"result\":[{");
    }

    proptest! {
        #[test]
        fn written_xml_is_read_back(texts in prop::collection::btree_map("[a-z_]{1,12}", "\\PC{0,20}", 0..6)) {
            prop_assume!(!texts.contains_key("entry"));
            let members: serde_json::Map<String, Value> =
                texts.iter().map(|(name, text)| (name.clone(), text.trim().into())).collect();
            let xml = reply(Reply::json(200, Value::Object(members.clone()).to_string()));
            prop_assert_eq!(record(xml.bytes()), Ok(Value::Object(members)));
        }

        #[test]
        fn reader_never_panics(text in "(<|>|/|&|;|request|entry|a|!|\\[|\\]|CDATA|-| ){0,40}") {
            let _ = record(text.as_bytes());
        }
    }
}
