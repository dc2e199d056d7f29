//! A tree, its problems and the members of its errors as JSON text, which JavaScript's own parser reads faster than it could be handed
//! object after object. Places are counted in UTF-16 units, as JavaScript counts them.

use super::examination::{Fix, Problem};
use super::foreign_text::ForeignText;
use super::parse_error::ParseError;
use super::related::push_number;
use super::script::is_allowed;
use super::terms::Span;
use super::tree::{Condition, Either, Query, Scalar, Value};
use crate::json::{JsonObject, push_quoted};

/// Writes JSON without a serialiser: nine shapes do not pay for one.
struct Json(String);

impl Json {
    /// A comma, unless the last thing written opens something.
    fn key(&mut self, name: &str) {
        self.comma();
        self.text(name);
        self.0.push(':');
    }

    fn comma(&mut self) {
        if !matches!(self.0.as_bytes().last(), None | Some(b'{' | b'[' | b':')) {
            self.0.push(',');
        }
    }

    fn text(&mut self, text: &str) {
        push_quoted(&mut self.0, text);
    }

    fn pair(&mut self, name: &str, text: &str) {
        self.key(name);
        self.text(text);
    }

    fn place(&mut self, name: &str, text: &str, byte: usize) {
        self.key(name);
        push_place(&mut self.0, text, byte);
    }

    fn list<T>(&mut self, items: &[T], mut write: impl FnMut(&mut Self, &T)) {
        self.0.push('[');
        for item in items {
            self.comma();
            write(self, item);
        }
        self.0.push(']');
    }
}

/// The tree, in the shape of the package's `QueryTree`.
#[must_use]
pub fn tree(query: &Query) -> String {
    let mut json = Json(String::from("{"));
    json.key("any");
    json.list(&query.any, |json, group| {
        json.0.push_str("{\"all\":");
        eithers(json, &group.all);
        json.0.push('}');
    });
    if !query.group_by.is_empty() {
        json.key("groupBy");
        json.list(&query.group_by, |json, field| json.text(field));
    }
    if !query.order_by.is_empty() {
        json.key("orderBy");
        json.list(&query.order_by, |json, order| {
            json.0.push('{');
            json.pair("field", &order.field);
            json.0.push_str(if order.descending { ",\"descending\":true}" } else { "}" });
        });
    }
    json.0.push('}');
    json.0
}

fn eithers(json: &mut Json, all: &[Either]) {
    json.list(all, |json, either| {
        json.0.push_str("{\"either\":");
        json.list(&either.either, condition);
        json.0.push('}');
    });
}

fn condition(json: &mut Json, condition: &Condition) {
    json.0.push('{');
    json.pair("field", &condition.field);
    json.pair("operator", condition.operator.token());
    if let Some(value) = &condition.value {
        json.key("value");
        match value {
            Value::One(one) => scalar(json, one),
            Value::Many(many) => json.list(many, scalar),
            Value::Field { field } => {
                json.0.push('{');
                json.pair("field", field);
                json.0.push('}');
            }
            Value::Related(related) => {
                json.0.push('{');
                json.pair("is", related.is.token());
                json.key("count");
                push_number(&mut json.0, related.count);
                json.0.push_str(if related.many_to_many { ",\"m2m\":true" } else { "" });
                json.key("where");
                eithers(json, &related.conditions);
                json.0.push('}');
            }
        }
    }
    json.0.push('}');
}

/// What would be refused as a plain value carries the mark with which it is accepted, so that a tree can be built again.
fn scalar(json: &mut Json, scalar: &Scalar) {
    match scalar {
        Scalar::Text(text) if !text.contains('^') => json.text(text),
        Scalar::Text(text) => {
            json.0.push('{');
            json.pair("escaped", text);
            json.0.push('}');
        }
        Scalar::Script { script } => {
            json.0.push('{');
            json.pair("script", script);
            json.0.push_str(if is_allowed(script) { "}" } else { ",\"insist\":true}" });
        }
    }
}

/// The problems, in the shape of the package's `Problem[]`.
#[must_use]
pub fn problems(text: &str, problems: &[Problem]) -> String {
    let mut json = Json(String::new());
    json.list(problems, |json, problem| {
        json.0.push('{');
        json.pair("code", problem.code);
        json.pair("severity", if problem.error { "error" } else { "warning" });
        json.place("start", text, problem.start);
        json.place("end", text, problem.end);
        json.pair("message", &problem.message);
        json.key("fixes");
        json.list(&problem.fixes, |json, fix: &Fix| {
            json.0.push('{');
            json.pair("title", &fix.title);
            json.place("start", text, fix.start);
            json.place("end", text, fix.end);
            json.pair("text", &fix.text);
            json.pair("effect", fix.effect.word());
            json.0.push('}');
        });
        json.0.push('}');
    });
    json.0
}

/// The sentence of a query in pieces, in the shape of the package's `Phrase[]`. A condition, an order and a grouping have the place of
/// their text.
#[must_use]
pub fn phrases(text: &str) -> String {
    let (query, _, spans) = Query::parse_losslessly(text, &|_| false);
    let (sentence, places) = query.explain_placed();
    let mut placed: Vec<_> = places.into_iter().zip(spans).collect();
    // The sentence names groupings before orders.
    placed.sort_unstable_by_key(|((start, _), _)| *start);
    let mut json = Json(String::from("["));
    let mut said = 0;
    let mut piece = |from: usize, to: usize, span: Option<Span>| {
        let words = sentence.get(from..to).unwrap_or_default();
        if words.is_empty() {
            return;
        }
        json.comma();
        json.0.push('{');
        json.pair("text", words);
        if let Some(Span { start, end, .. }) = span {
            json.place("start", text, start);
            json.place("end", text, end);
        }
        json.0.push('}');
    };
    for ((start, end), span) in placed {
        piece(said, start, None);
        piece(start, end, Some(span));
        said = end;
    }
    piece(said, sentence.len(), None);
    json.0.push(']');
    json.0
}

fn push_place(out: &mut String, text: &str, byte: usize) {
    let units: usize = match text.get(..byte) {
        Some(before) if !before.is_ascii() => before.chars().map(char::len_utf16).sum(),
        _ => byte.min(text.len()),
    };
    push_number(out, u32::try_from(units).unwrap_or(u32::MAX));
}

/// Where a text stops being a query, in members of the package's `QueryError`.
#[must_use]
pub fn parse_error(text: &str, error: &ParseError) -> JsonObject {
    let mut position = String::new();
    push_place(&mut position, text, error.position);
    let expected = error.expected.words();
    let mut message = ["At ", &position, ": expected ", expected].concat();
    let mut members = JsonObject::default();
    members.json("position", &position);
    members.text("expected", expected);
    if let Some(nearest) = error.nearest {
        members.text("nearest", nearest.token());
        message.push_str("; nearest is ");
        message.push_str(nearest.token());
    }
    members.text("message", &message);
    members
}

/// Foreign text, in members of the package's `QueryError`.
#[must_use]
pub fn foreign_text(found: &ForeignText) -> JsonObject {
    let mut members = JsonObject::default();
    members.text("message", &found.message());
    if let Some(proposal) = &found.proposal {
        members.text("proposal", proposal);
    }
    members
}

#[cfg(test)]
mod tests {
    use super::{parse_error, phrases, problems, tree};
    use crate::query::{Problem, Query};

    #[test]
    fn json_of_a_tree_is_what_serde_writes() {
        let text =
            "stateIN1,2^ORassigned_toISEMPTY^a=x\"\\\té^NQRLQUERYa.b,>=1,c=1^ENDRLQUERY^GROUPBYc^ORDERBYDESCnumber";
        let query = Query::parse(text).unwrap();
        let json: serde_json::Value = serde_json::from_str(&tree(&query)).unwrap();
        assert_eq!(json, serde_json::to_value(&query).unwrap());
    }

    #[test]
    fn conditions_that_cannot_be_built_are_marked() {
        let query = Query::parse("a=x^^y^b=javascript:evil()^c=javascript:gs.getUserID()").unwrap();
        let json = tree(&query);
        for part in
            ["{\"escaped\":\"x^y\"}", "{\"script\":\"evil()\",\"insist\":true}", "{\"script\":\"gs.getUserID()\"}"]
        {
            assert!(json.contains(part), "{json}");
        }
    }

    #[test]
    fn phrases_are_the_sentence_with_the_places_of_its_conditions() {
        let text = "a=é^bIN1,2^ORc=3^NQgibberish^ORDERBYDESCd^GROUPBYe";
        let pieces: serde_json::Value = serde_json::from_str(&phrases(text)).unwrap();
        let pieces = pieces.as_array().unwrap();
        let said: String = pieces.iter().map(|piece| piece["text"].as_str().unwrap()).collect();
        assert_eq!(said, Query::parse_losslessly(text, &|_| false).0.explain());
        let units: Vec<u16> = text.encode_utf16().collect();
        let place = |piece: &serde_json::Value| {
            let at = |name: &str| Some(usize::try_from(piece[name].as_u64()?).unwrap());
            Some(String::from_utf16(&units[at("start")?..at("end")?]).unwrap())
        };
        let placed: Vec<_> = pieces.iter().filter_map(|piece| Some((piece["text"].as_str()?, place(piece)?))).collect();
        let [one, other] = [placed.first().unwrap(), placed.get(1).unwrap()];
        assert_eq!((one, other), (&("a is \"é\"", "a=é".into()), &("b is one of 1 or 2", "bIN1,2".into())));
        let texts: Vec<&str> = placed.iter().skip(2).map(|(_, text)| text.as_str()).collect();
        assert_eq!(texts, ["c=3", "gibberish", "GROUPBYe", "ORDERBYDESCd"], "groupings stand before orders");
        assert_eq!(phrases(""), "[{\"text\":\"every row\"}]");
    }

    #[test]
    fn places_are_counted_as_javascript_counts() {
        let text = "a=é😀^b c";
        let error = Query::parse(text).unwrap_err();
        let members: serde_json::Value = serde_json::from_str(&parse_error(text, &error).end()).unwrap();
        let message = members["message"].as_str().unwrap();
        assert!(message.starts_with("At 7: expected an operator"), "{message}");
        assert_eq!(members["position"], 7);
        let problem = Problem { code: "x", error: true, start: 9, end: 11, message: "m".into(), fixes: vec![] };
        assert!(problems(text, &[problem]).contains("\"start\":6,\"end\":8"));
    }
}
