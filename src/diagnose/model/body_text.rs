//! Extracts texts from a body: those of ServiceNow's error envelope, and an HTML page's title. Nothing else of a body is quoted.
//! Of a success nothing is quoted, because there these fields may be data ([`super::facts::Facts::explanation`]).

/// The number of characters quoted of one field.
const LONGEST: usize = 300;
/// Longer than any entity of a character that a secret may hold.
const LONGEST_ENTITY: usize = 16;

/// The fields of a reply's text that explain it, in order: `message`, `detail`, `error`, `error_description`, then the
/// title of an HTML page.
pub(crate) fn explanations(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for key in ["\"message\"", "\"detail\"", "\"error\"", "\"error_description\""] {
        if let Some(value) = string_after(text, key)
            && !value.is_empty()
            && !found.contains(&value)
        {
            found.push(value);
        }
    }
    if found.is_empty()
        && let Some(title) = html_title(text)
    {
        found.push(title);
    }
    found
}

/// Whether `text` contains `words` whatever the case of its ASCII letters.
pub(crate) fn contains_ignoring_case(text: &str, words: &str) -> bool {
    position(text, words).is_some()
}

/// Whether the text has ServiceNow's error envelope: an `error` that is an object with a `message`.
pub(crate) fn is_envelope(text: &str) -> bool {
    let error = position(text, "\"error\"").and_then(|at| text.get(at + 7..)).unwrap_or_default();
    let object =
        error.trim_ascii_start().strip_prefix(':').is_some_and(|value| value.trim_ascii_start().starts_with('{'));
    object && contains_ignoring_case(error, "\"message\"")
}

/// Whether the text names a record of the instance's rules: `name^` and 32 hexadecimal digits, in any language.
pub(crate) fn names_rule(text: &str) -> bool {
    let is_id = |part: &str| part.bytes().take_while(u8::is_ascii_hexdigit).count() == 32;
    text.split('^').skip(1).any(is_id)
}

/// Whether `text` contains this whole word.
pub(crate) fn is_word_of(text: &str, word: &str) -> bool {
    let is_part = |character: char| character.is_ascii_alphanumeric() || character == '_';
    !word.is_empty() && text.split(|character| !is_part(character)).any(|part| part == word)
}

/// The first parameter of the request that a refusal names: one that begins with `sysparm_`, one of the address's own, or, where the
/// text speaks of parameters, a name with an underscore.
pub(crate) fn named_parameter<'a>(text: &'a str, path: &str) -> Option<&'a str> {
    let sent = path.split_once('?').map_or("", |(_, query)| query);
    let sent = |word: &str| sent.split('&').any(|pair| pair.split('=').next() == Some(word));
    let speaks = contains_ignoring_case(text, "param");
    let words = text.split(|character: char| !(character.is_ascii_alphanumeric() || character == '_'));
    words.filter(|word| word.contains('_')).find(|word| speaks || word.starts_with("sysparm_") || sent(word))
}

/// Whether a word of `text` begins with `beginning`, whatever the case of ASCII letters: "lock" is in "a lock" and not in "blocked".
pub(crate) fn has_word(text: &str, beginning: &str) -> bool {
    let mut rest = text;
    while let Some(at) = position(rest, beginning) {
        if !rest.as_bytes().get(at.wrapping_sub(1)).is_some_and(u8::is_ascii_alphabetic) {
            return true;
        }
        rest = rest.get(at + beginning.len()..).unwrap_or_default();
    }
    false
}

/// Where `words` begin in `text`, whatever the case of ASCII letters. The library's own search is a
/// larger algorithm, for texts much longer than these.
fn position(text: &str, words: &str) -> Option<usize> {
    text.as_bytes().windows(words.len().max(1)).position(|window| window.eq_ignore_ascii_case(words.as_bytes()))
}

/// The text from the last occurrence of `words` on. `None` if it does not occur.
pub(crate) fn behind_last<'a>(text: &'a str, words: &str) -> &'a str {
    let last = text.as_bytes().windows(words.len()).rposition(|window| window == words.as_bytes());
    last.and_then(|at| text.get(at..)).unwrap_or_default()
}

/// The JSON string that follows a key. A scan, not a parser: the body may be cut anywhere.
pub(crate) fn string_after(text: &str, key: &str) -> Option<String> {
    let rest = text.get(position(text, key)? + key.len()..)?;
    let rest = rest.trim_ascii_start().strip_prefix(':')?.trim_ascii_start().strip_prefix('"')?;
    let mut value = String::new();
    let mut characters = rest.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => break,
            '\\' => value.extend(escaped(&mut characters)),
            other => value.push(other),
        }
        if value.len() >= LONGEST {
            drop_cut_escape(&mut value);
            value.push('…');
            break;
        }
    }
    Some(value)
}

/// Drops the beginning of an escape at the end of a text that was cut: redaction could not read it, so part of a secret's last character
/// would remain.
fn drop_cut_escape(text: &mut String) {
    let Some(at) = text.rfind(['&', '%', '\\']) else { return };
    let Some(escape) = text.get(at..) else { return };
    let longest = if escape.starts_with('&') { LONGEST_ENTITY } else { 6 };
    let is_whole = match escape.as_bytes() {
        [b'&', rest @ ..] => rest.contains(&b';'),
        [_, b'u', ..] => false,
        [b'%', rest @ ..] => rest.len() >= 2,
        [_, rest @ ..] => !rest.is_empty(),
        [] => true,
    };
    if escape.len() < longest && !is_whole {
        text.truncate(at);
    }
}

fn escaped(characters: &mut core::str::Chars<'_>) -> Option<char> {
    match characters.next()? {
        'n' | 'r' | 't' | 'b' | 'f' => Some(' '),
        'u' => {
            let digits: String = characters.take(4).collect();
            char::from_u32(u32::from_str_radix(&digits, 16).ok()?)
        }
        other => Some(other),
    }
}

fn html_title(text: &str) -> Option<String> {
    let whole = text.get(position(text, "<title>")? + 7..)?.split('<').next()?;
    let mut title: String = whole.chars().take(LONGEST).collect();
    if title.len() < whole.len() {
        drop_cut_escape(&mut title);
    }
    let title = title.trim_ascii();
    (!title.is_empty()).then(|| title.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn error_envelope_is_quoted_by_field() {
        let body =
            r#"{"error":{"message":"Invalid table \"incidnt\"","detail":null},"status":"failure","token":"hush"}"#;
        assert_eq!(explanations(body), ["Invalid table \"incidnt\""]);
    }

    #[test]
    fn token_endpoint_is_quoted_by_field() {
        let body = r#"{"error_description":"access_denied","error":"server_error"}"#;
        assert_eq!(explanations(body), ["server_error", "access_denied"]);
    }

    #[test]
    fn cut_text_ends_with_a_whole_escape() {
        for (escape, other) in [("&#116;", "&#x74;"), ("%74", "%u0074"), ("&amp;", "&quot;")] {
            for before in 0..8 {
                let value = format!("{}{}", "a".repeat(before), escape.repeat(150));
                for quoted in [
                    explanations(&format!("<title>{value}</title>")),
                    explanations(&format!(r#"{{"error":{{"message":"{value}"}}}}"#)),
                ] {
                    let text = quoted[0].trim_end_matches('…');
                    assert!(text.trim_start_matches('a').replace(escape, "").is_empty(), "{text}");
                }
                let short = format!("{}{other}", "a".repeat(before));
                assert_eq!(explanations(&format!("<title>{short}</title>")), [short]);
            }
        }
        assert_eq!(explanations("<title>100 % of A & B</title>"), ["100 % of A & B"]);
    }

    #[test]
    fn page_is_known_by_its_title() {
        assert_eq!(
            explanations("<!DOCTYPE html><HTML><Title> Instance Hibernating page</Title>"),
            ["Instance Hibernating page"]
        );
    }

    #[test]
    fn truncated_body_is_quoted_up_to_its_end() {
        assert_eq!(explanations(r#"{"error":{"message":"Transaction canc"#), ["Transaction canc"]);
        assert_eq!(explanations(r#"{"error":{"message":"caf\u00e9"#), ["café"]);
    }

    proptest! {
        #[test]
        fn any_text_is_quoted_within_the_bound(text in ".*", escape in "\\PC{0,8}") {
            for quoted in explanations(&format!("{{\"message\":\"{text}\\{escape}")) {
                prop_assert!(quoted.len() <= LONGEST * 4 + 4);
            }
        }
    }
}
