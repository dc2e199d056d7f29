//! Text that is not an encoded query but contains one: percent-encoded text, or a whole address as a browser or a log shows it. Read as a
//! query it would mean something else (`number%3D1` is `number` ending with `3D1`), and the instance would find other rows.

use crate::code::Code;

/// Percent-encoded text or an address, and the query that it probably stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignText {
    /// A whole address or a part of one; otherwise percent-encoded text.
    pub address: bool,
    /// The decoded query. An address may have none.
    pub proposal: Option<String>,
}

const PARAMETER: &str = "sysparm_query=";

/// An address in an address is encoded twice: decode at most this often.
const DEEPEST: usize = 4;

impl ForeignText {
    /// What is wrong, for an error, and the query or what to pass.
    #[must_use]
    pub fn message(&self) -> String {
        let what =
            if self.address { "this is an address and no query" } else { "this is percent-encoded and no query" };
        let (next, query) = match &self.proposal {
            Some(query) => ("; decoded it is ", query.as_str()),
            None => ("; pass the query itself, such as ", "active=true"),
        };
        [what, next, query].concat()
    }

    /// "query.address" or "query.encoded".
    #[must_use]
    pub fn code(&self) -> Code {
        if self.address { Code::QUERY_ADDRESS } else { Code::QUERY_ENCODED }
    }
}

/// Recognises foreign text. `None` for text that can be an encoded query as it is.
#[must_use]
pub fn foreign_text(text: &str) -> Option<ForeignText> {
    let mut text = trimmed(text).to_owned();
    // A query with the parameters behind it: `active=true&sysparm_limit=10`.
    let behind = found(&text, "&sysparm_").and_then(|at| text.get(..at));
    if let Some(query) =
        behind.filter(|query| !query.is_empty() && !query.as_bytes().contains(&b'?') && !is_address(query))
    {
        return Some(ForeignText { address: true, proposal: decoded_fully(query) });
    }
    let mut address = is_address(&text);
    if !address && !is_encoded(&text) {
        return None;
    }
    for _ in 0..DEEPEST {
        address |= is_address(&text);
        if address && let Some(at) = found(&text, PARAMETER) {
            let value = text.get(at + PARAMETER.len()..).unwrap_or_default();
            let length = value.bytes().take_while(|byte| !matches!(byte, b'&' | b'#')).count();
            return Some(ForeignText { address, proposal: decoded_fully(value.get(..length).unwrap_or_default()) });
        }
        if !is_encoded(&text) {
            break;
        }
        match decoded(&text) {
            Some(plain) => text = plain,
            None => return Some(ForeignText { address, proposal: None }),
        }
    }
    Some(ForeignText { address, proposal: (!address).then_some(text) })
}

/// Without the spaces and carets around it.
fn trimmed(text: &str) -> &str {
    let around = |byte: &u8| matches!(byte, b' ' | b'^');
    let start = text.bytes().take_while(|byte| around(byte)).count();
    let end = text.bytes().rev().take_while(|byte| around(byte)).count();
    text.get(start..text.len().saturating_sub(end)).unwrap_or_default()
}

/// By bytes: the search of the standard library brings more code than the rest of this file.
fn found(text: &str, word: &str) -> Option<usize> {
    text.as_bytes().windows(word.len()).position(|bytes| bytes == word.as_bytes())
}

/// `https://...`, `incident_list.do?...`, `/api/now/...`, `?sysparm_...`, `sysparm_query=...`: what no field's name begins with.
fn is_address(text: &str) -> bool {
    let bytes = text.as_bytes();
    let starts = |start: &str| {
        bytes.len() >= start.len()
            && bytes.iter().zip(start.bytes()).all(|(one, other)| one.eq_ignore_ascii_case(&other))
    };
    let name = text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    let page = text.get(name..).and_then(|rest| rest.strip_prefix(".do"));
    let page = name > 0 && page.is_some_and(|rest| rest.is_empty() || rest.starts_with('?'));
    page || ["http://", "https://", "/", "?", "&", "sysparm_"].iter().any(|start| starts(start))
}

/// Whether a character of queries or addresses is percent-encoded. `%40` does not count: the platform itself writes the `@` of a
/// hierarchy so.
fn is_encoded(text: &str) -> bool {
    text.as_bytes().windows(3).any(|three| {
        matches!(three, [b'%', b'2', digit] if digit.is_ascii_hexdigit())
            || matches!(three, [b'%', b'3', b'A'..=b'F' | b'a'..=b'f'])
            || matches!(three, [b'%', b'5', b'B' | b'D' | b'E' | b'b' | b'd' | b'e'])
    })
}

fn decoded_fully(text: &str) -> Option<String> {
    let mut text = decoded(text)?;
    for _ in 0..DEEPEST {
        if !is_encoded(&text) {
            break;
        }
        text = decoded(&text)?;
    }
    Some(text)
}

/// Decodes once, as forms and addresses are encoded. `None` if the result is not UTF-8.
#[inline(never)]
fn decoded(text: &str) -> Option<String> {
    let spaced = text.as_bytes().contains(&b' ');
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [byte, tail @ ..] = rest {
        let pair = match (byte, tail) {
            (b'%', [high, low, ..]) => digit(*high).zip(digit(*low)),
            _ => None,
        };
        plain.push(match (pair, byte) {
            (Some((high, low)), _) => high * 16 + low,
            (None, b'+') if !spaced => b' ',
            (None, byte) => *byte,
        });
        rest = if pair.is_some() { tail.get(2..).unwrap_or_default() } else { tail };
    }
    String::from_utf8(plain).ok()
}

fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' | b'A'..=b'F' => Some((byte | 0x20) - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{ForeignText, foreign_text};
    use crate::query::Query;

    fn proposal(text: &str) -> Option<String> {
        foreign_text(text).unwrap_or_else(|| panic!("{text} passes")).proposal
    }

    #[test]
    fn percent_encoded_text_is_recognised_and_decoded() {
        for (text, query) in [
            ("number%3DINC0001%5Eactive%3Dtrue", "number=INC0001^active=true"),
            ("short_description=printer%5Enumber=INC0001", "short_description=printer^number=INC0001"),
            ("number%253DINC0001", "number=INC0001"),
            ("short_descriptionLIKEprinter%20jam", "short_descriptionLIKEprinter jam"),
            ("stateIN1%2C2", "stateIN1,2"),
            ("short_description%3Dprinter+jam", "short_description=printer jam"),
            ("opened_at%3E%3D2026-01-01+00%3A00%3A00", "opened_at>=2026-01-01 00:00:00"),
            ("name%3dM%c3%bcller", "name=Müller"),
        ] {
            assert_eq!(
                foreign_text(text),
                Some(ForeignText { address: false, proposal: Some(query.into()) }),
                "{text}"
            );
        }
    }

    #[test]
    fn message_names_the_query_or_says_what_to_pass() {
        let message = |text: &str| foreign_text(text).unwrap().message();
        assert_eq!(message("a%3D1"), "this is percent-encoded and no query; decoded it is a=1");
        assert_eq!(
            message("/incident.do?sys_id=1"),
            "this is an address and no query; pass the query itself, such as active=true"
        );
        assert_eq!(
            message("a%3D%FF"),
            "this is percent-encoded and no query; pass the query itself, such as active=true"
        );
    }

    #[test]
    fn address_gives_the_query_that_it_holds() {
        for text in [
            "?sysparm_query=active=true^priority=1",
            "sysparm_query=active%3Dtrue%5Epriority%3D1",
            "sysparm_limit=1&sysparm_query=active%3Dtrue%5Epriority%3D1&sysparm_fields=number",
            "sysparm_query%3Dactive%3Dtrue%5Epriority%3D1",
            "incident_list.do?sysparm_query=active%3Dtrue%5Epriority%3D1#top",
            " https://dev1.service-now.com/api/now/table/incident?sysparm_query=active=true%5Epriority=1&sysparm_limit=5",
            "/nav_to.do?uri=%2Fincident_list.do%3Fsysparm_query%3Dactive%253Dtrue%255Epriority%253D1%26sysparm_view%3D",
            "https://dev1.service-now.com/now/nav/ui/classic/params/target/incident_list.do%3Fsysparm_query%3Dactive%253Dtrue%255Epriority%253D1",
            "HTTPS%3A%2F%2Fdev1.service-now.com%2Fincident_list.do%3Fsysparm_query%3Dactive%253Dtrue%255Epriority%253D1",
        ] {
            assert_eq!(proposal(text).as_deref(), Some("active=true^priority=1"), "{text}");
            assert!(foreign_text(text).unwrap().address, "{text}");
        }
        assert_eq!(proposal("active=true&sysparm_limit=10").as_deref(), Some("active=true"));
        for text in ["https://dev1.service-now.com/incident_list.do", "incident.do?sys_id=1", "/api/now/table/incident"]
        {
            assert_eq!(foreign_text(text), Some(ForeignText { address: true, proposal: None }), "{text}");
        }
    }

    #[test]
    fn query_may_hold_what_looks_like_a_part_of_an_address() {
        for text in [
            "",
            "urlLIKEhttps://x/incident_list.do?sysparm_query=active=true",
            "short_descriptionLIKE100%",
            "name%x",
            "managerIN_HIERARCHYabc%40def",
            "u_do.nameLIKEx",
            "discount=50%^active=true",
            "u_domain=a.do",
        ] {
            assert_eq!(foreign_text(text), None, "{text}");
        }
    }

    proptest! {
        /// Every query that an address carries is found again, however often it is encoded.
        #[test]
        fn encoded_query_is_found_again(value in "[a-zA-Z0-9 äß:,.-]{0,12}", often in 1..4_usize, within in any::<bool>()) {
            let query = ["short_descriptionLIKE", &value, "^active=true"].concat();
            let mut text = query.clone();
            for _ in 0..often {
                text = text.bytes().map(|byte| match byte {
                    b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'-' | b'.' => char::from(byte).to_string(),
                    byte => format!("%{byte:02X}"),
                }).collect();
            }
            let text = if within { ["incident_list.do?sysparm_query=", &text].concat() } else { text };
            prop_assert_eq!(foreign_text(&text).unwrap().proposal, Some(query));
        }

        #[test]
        fn decoding_ends_for_every_text(text in "(\\PC|%|25|3D|sysparm_query=|\\?|&){0,40}") {
            if let Some(ForeignText { proposal: Some(query), .. }) = foreign_text(&text) {
                prop_assert!(query.len() <= text.len());
                let _ = Query::parse_losslessly(&query, &|_| false);
            }
        }
    }
}
