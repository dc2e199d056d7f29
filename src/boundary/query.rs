//! Encoded queries, for JavaScript: each function takes a whole query as text and returns one text, so that a query is passed
//! once and not once per condition.

use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use super::thrown::{thrown, thrown_with, unknown_code};
use crate::code::Code;
use crate::query::{Dictionary, Query, Refusal, build, data, examine, foreign_text, lint};

/// The normal form of an encoded query; `undefined` if the text is normal already, which saves a copy. A `given` text that only
/// contains a query is thrown with the query as proposal.
#[wasm_bindgen(js_name = normaliseQuery)]
pub fn normalise_query(text: &str, lenient: bool, given: bool) -> Result<Option<String>, JsValue> {
    if let Some(found) = foreign_text(text).filter(|_| given) {
        return Err(thrown_with(found.code(), data::foreign_text(&found)));
    }
    let query = match lenient {
        true => Query::parse_losslessly(text, &|_| false).0,
        false => {
            Query::parse(text).map_err(|error| thrown_with(Code::QUERY_SYNTAX, data::parse_error(text, &error)))?
        }
    };
    let mut normal = String::with_capacity(text.len() + 16);
    query.print_to(&mut normal).map_err(|error| refused(error.into()))?;
    Ok((normal != text).then_some(normal))
}

/// The encoded query of a flat form.
#[wasm_bindgen(js_name = buildQuery)]
pub fn build_query(form: &str) -> Result<String, JsValue> {
    build(form).map_err(refused)
}

/// The tree, as JSON text.
#[wasm_bindgen(js_name = queryTree)]
#[must_use]
pub fn query_tree(text: &str) -> String {
    data::tree(&Query::parse_losslessly(text, &|_| false).0)
}

/// The query in English.
#[wasm_bindgen(js_name = explainQuery)]
#[must_use]
pub fn explain_query(text: &str) -> String {
    Query::parse_losslessly(text, &|_| false).0.explain()
}

/// The query in English in pieces with their places, as JSON text.
#[wasm_bindgen(js_name = queryPhrases)]
#[must_use]
pub fn query_phrases(text: &str) -> String {
    data::phrases(text)
}

/// The problems of the query, as JSON text. `dictionary` is the flat form of the tables; `given`: the caller wrote the text, it was
/// not built from values.
#[wasm_bindgen(js_name = lintQuery)]
pub fn lint_query(text: &str, table: &str, dictionary: &str, given: bool) -> Result<String, JsValue> {
    let dictionary = Dictionary::from_form(dictionary).map_err(unknown_code)?;
    let examined = if given { lint(text, table, &dictionary) } else { examine(text, table, &dictionary) };
    Ok(data::problems(text, &examined))
}

#[expect(clippy::needless_pass_by_value, reason = "as map_err hands it over")]
fn refused(refusal: Refusal) -> JsValue {
    thrown(refusal.code, &refusal.message)
}
