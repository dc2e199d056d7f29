//! The request cannot succeed as sent, or was served in part.

use super::Row;
use super::instance_causes::WRONG_HOST;
use super::request_causes::*;
use crate::code::Code;
use crate::diagnose::model::body_text::{has_word, is_word_of, named_parameter, string_after};
use crate::diagnose::model::diagnosis::{Kind, Retry};
use crate::diagnose::model::facts::{Seen, Stage};

fn refused_as(seen: &Seen<'_>, statuses: &[u16]) -> bool {
    seen.stage == Stage::Api && seen.status().is_some_and(|status| statuses.contains(&status))
}

/// Whether the instance says that it has no such table: in its own words, or in another language by naming the table and no more.
pub(in crate::diagnose) fn is_unknown_table(seen: &Seen<'_>) -> bool {
    if !refused_as(seen, &[400, 404]) {
        return false;
    }
    let named = seen.named();
    let names_table = named.table().is_some_and(|table| is_word_of(seen.explanation(), table));
    let by_form = names_table && seen.is_enveloped() && has_no_detail(seen) && !(seen.is(404) && seen.says("record"));
    seen.says("Invalid table") || seen.says("Invalid class") || by_form
}

fn has_no_detail(seen: &Seen<'_>) -> bool {
    string_after(seen.explanation(), "\"detail\"").is_none_or(|detail| detail.is_empty())
}

/// Whether the instance has nothing at this path, no table and no API. "URI" is the same word in every language of the message
/// "Requested URI does not represent any resource"; KB0817665 has "Invalid uri" for an unescaped character.
pub(super) fn is_unknown_path(seen: &Seen<'_>) -> bool {
    let by_form = seen.is_enveloped() && has_word(seen.explanation(), "URI") && !seen.says("Invalid uri");
    refused_as(seen, &[400, 404]) && (seen.says("does not represent any resource") || by_form) || is_unknown_table(seen)
}

fn names_parameter(seen: &Seen<'_>) -> bool {
    refused_as(seen, &[400]) && named_parameter(seen.explanation(), seen.path).is_some()
}

/// Whether the web server in front of the APIs turned the request away, which it does for more than about 8192 bytes of address and
/// headers (KB0817506): 400 without an envelope, for an address that is long or in words about size.
fn is_refused_by_length(seen: &Seen<'_>) -> bool {
    refused_as(seen, &[400])
        && !seen.is_enveloped()
        && (seen.path.len() > 1500 || seen.is_html() && seen.says("too large"))
}

const PATH_UNKNOWN: Row = Row {
    code: Code::PATH_UNKNOWN,
    kind: Kind::Request,
    title: "The instance has no such API",
    retry: Retry::Never,
    fits: |seen| is_unknown_path(seen) || refused_as(seen, &[404]),
    causes: &[PATH_WRONG.at(60), PLUGIN_INACTIVE.at(20), API_DISABLED.at(10)],
};

const UNREADABLE: Row = Row {
    code: Code::REQUEST_UNREADABLE,
    title: "The instance could not read the request",
    fits: |seen| refused_as(seen, &[400]),
    causes: &[MALFORMED.at(50)],
    ..PATH_UNKNOWN
};

const METHOD: Row = Row {
    code: Code::REQUEST_METHOD,
    title: "This API does not serve this method",
    fits: |seen| refused_as(seen, &[405]),
    causes: &[METHOD_NOT_SERVED.at(80)],
    ..PATH_UNKNOWN
};

const ERROR: Row = Row {
    code: Code::INSTANCE_ERROR,
    kind: Kind::Instance,
    title: "The instance failed while it worked on the request",
    retry: Retry::Backoff,
    fits: |seen| seen.status().is_some_and(|status| status >= 500),
    causes: &[SCRIPT_FAILED, INSTANCE_OVERLOADED],
};

/// Whether the text is that of an exception that no script caught. Class names and the platform's hint are in no language.
pub(super) fn names_script(seen: &Seen<'_>) -> bool {
    ["Check logs for error trace", "org.mozilla.", "java.lang.", "EcmaError", "Script error", "sys_script"]
        .iter()
        .any(|words| seen.says(words))
        && !seen.says("maximum execution time exceeded")
}

const BATCH: Row = Row {
    code: Code::BATCH_UNSERVICED,
    kind: Kind::Capacity,
    title: "The instance took the batch and did not serve the request in it",
    retry: Retry::Backoff,
    fits: |seen| seen.stage == Stage::Api && seen.is_success() && seen.is_unserviced_batch(),
    causes: &[BATCH_LIMIT.at(90)],
};

fn succeeded(seen: &Seen<'_>) -> bool {
    seen.stage == Stage::Api && seen.is_success()
}

/// 202 stands for a full queue, whatever its body says.
pub(in crate::diagnose) fn has_body(seen: &Seen<'_>) -> bool {
    succeeded(seen) && !seen.is(202) && !seen.is_empty()
}

pub(in crate::diagnose) fn is_json(text: &str) -> bool {
    text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']).starts_with(['{', '['])
}

/// Whether JSON is closed: every bracket of it, or of a long text, whose middle is not kept, as a list of rows is.
pub(in crate::diagnose) fn is_whole(text: &str) -> bool {
    let text = text.trim_end();
    if text.contains(LEFT_OUT) {
        return text.ends_with("]}");
    }
    let (mut depth, mut quoted, mut escaped) = (0_u32, false, false);
    for byte in text.bytes() {
        match byte {
            _ if core::mem::take(&mut escaped) => {}
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => depth += 1,
            b'}' | b']' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    depth == 0 && !quoted
}

/// The mark that replaces the middle of a text that is too long to keep.
const LEFT_OUT: &str = "\n\u{2026}\n";

pub(super) const ROWS: &[Row] = &[
    Row {
        code: Code::TABLE_UNKNOWN,
        title: "The instance has no such table",
        fits: is_unknown_table,
        causes: &[TABLE_MISSPELT.at(95)],
        ..PATH_UNKNOWN
    },
    Row {
        title: "The instance does not serve an API that every instance has",
        fits: |seen| is_unknown_path(seen) && seen.named().is_base_api(),
        causes: &[API_DISABLED.at(60), PATH_WRONG.at(20), PLUGIN_INACTIVE.at(15)],
        ..PATH_UNKNOWN
    },
    Row {
        title: "Nothing answers at this path, and the words are none of ServiceNow's",
        fits: |seen| refused_as(seen, &[404]) && !seen.is_enveloped(),
        causes: &[WRONG_HOST.at(40), PATH_WRONG.at(40), PLUGIN_INACTIVE.at(10)],
        ..PATH_UNKNOWN
    },
    PATH_UNKNOWN,
    Row {
        code: Code::ATTACHMENT_TOO_LARGE,
        title: "The file is larger than the instance takes",
        fits: |seen| refused_as(seen, &[413]) && seen.endpoint().contains("/attachment/"),
        causes: &[ATTACHMENT_SIZE.at(90)],
        ..PATH_UNKNOWN
    },
    Row {
        code: Code::REQUEST_BODY_TOO_LARGE,
        title: "The body is larger than the instance reads",
        fits: |seen| {
            refused_as(seen, &[413])
                || refused_as(seen, &[400]) && (seen.says("Rejected large") || seen.says("Max allowed"))
        },
        causes: &[BODY_TOO_LARGE.at(95)],
        ..PATH_UNKNOWN
    },
    Row {
        code: Code::REQUEST_TOO_LONG,
        title: "The address is too long for the instance",
        fits: |seen| refused_as(seen, &[414, 431]) || is_refused_by_length(seen),
        causes: &[QUERY_TOO_LONG.at(75), HEADERS_TOO_LONG.at(20)],
        ..PATH_UNKNOWN
    },
    Row {
        fits: |seen| refused_as(seen, &[400]) && seen.says("reading request"),
        causes: &[MALFORMED.at(85)],
        ..UNREADABLE
    },
    Row {
        code: Code::REQUEST_PARAMETER,
        title: "The instance refuses a parameter of the request, which its reply names",
        fits: names_parameter,
        causes: &[PARAMETER_WRONG.at(85)],
        ..UNREADABLE
    },
    UNREADABLE,
    METHOD,
    Row {
        title: "This API does not answer in the format that Accept asks for",
        fits: |seen| refused_as(seen, &[406]),
        causes: &[ACCEPT.at(90)],
        ..METHOD
    },
    Row {
        title: "This API does not read the format that Content-Type names",
        fits: |seen| refused_as(seen, &[415]),
        causes: &[CONTENT_TYPE.at(90)],
        ..METHOD
    },
    Row {
        code: Code::INSTANCE_NO_CONTENT,
        kind: Kind::Instance,
        title: "The reply has no content where this API promises a result",
        retry: Retry::Never,
        fits: |seen| seen.is_of_api(204) && !seen.writes(),
        causes: &[NOTHING_CAME.at(60)],
    },
    Row {
        code: Code::NETWORK_TIMEOUT,
        kind: Kind::Network,
        title: "Something on the way gave up waiting for the request",
        retry: Retry::Backoff,
        fits: |seen| seen.is(408),
        causes: &[GATEWAY_WAITS_LESS],
    },
    Row {
        title: "A script of the instance failed while it worked on the request",
        fits: |seen| (ERROR.fits)(seen) && names_script(seen),
        causes: &[SCRIPT_FAILED.at(85)],
        ..ERROR
    },
    ERROR,
    // Some of its items were served: repeated as a whole it would do their work twice.
    Row {
        title: "The instance served a part of the batch only",
        retry: Retry::LookFirst,
        fits: |seen| (BATCH.fits)(seen) && seen.writes() && seen.has_serviced(),
        ..BATCH
    },
    BATCH,
    Row {
        code: Code::INSTANCE_NOT_JSON,
        kind: Kind::Instance,
        title: "The reply is no JSON, although it says that it succeeded",
        retry: Retry::Never,
        fits: |seen| has_body(seen) && !is_json(seen.text()),
        causes: &[NOT_JSON],
    },
    Row {
        code: Code::INSTANCE_OTHER_REPLY,
        kind: Kind::Instance,
        title: "The reply is whole, and not the JSON that this API promises",
        retry: Retry::Never,
        fits: |seen| has_body(seen) && is_whole(seen.text()),
        causes: &[OTHER_FORM],
    },
    Row {
        code: Code::INSTANCE_CUT_REPLY,
        kind: Kind::Instance,
        title: "The reply is not the whole JSON that the API promises",
        retry: Retry::Backoff,
        fits: succeeded,
        causes: &[REPLY_CUT],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_reply_is_neither_cut_nor_no_json() {
        for (body, json, whole) in [
            (r#"{"result":{"number":"INC1"}}"#, true, true),
            (r#"{"result":[],"error":{"message":"No such script"}}"#, true, true),
            (r#"{"result":[{"a":"say \"yes\" }"}]}"#, true, true),
            (r#"{"result":[{"a":"}]}"#, true, false),
            ("{}", true, true),
            (r#"<?xml version="1.0"?><response><result/></response>"#, false, true),
            ("OK", false, true),
        ] {
            assert_eq!((is_json(body), is_whole(body)), (json, whole), "{body}");
        }
    }
}
