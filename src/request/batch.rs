//! A read whose address is too long for a URL travels as the only item of a Batch call: there the address is part of a body.
//!
//! Splitting the query was rejected: pieces of an IN list lose the order over all of them, `NOT IN` cannot be cut at all,
//! and a count would have to be added up. In a Batch the instance answers the very same query, so that no row is lost and
//! none comes twice. Source: documentation page "Batch API".

/// Where Batch calls go.
pub const BATCH_PATH: &str = "/api/now/v1/batch";

/// The longest address that is sent as an address. ServiceNow states no limit; web servers commonly take 8 KiB for the
/// whole request line (RFC 9112 section 3 asks for 8,000 octets at least), and what stands between may take less.
pub const LONGEST_URL: usize = 6_000;

/// The body of a Batch call that asks for one path. The reply's body lies within the outer reply in base64.
#[must_use]
pub fn batch_of_one(path: &str) -> String {
    let mut body = String::with_capacity(path.len() + 160);
    body.push_str(r#"{"batch_request_id":"1","rest_requests":[{"id":"1","method":"GET","url":""#);
    // Paths are printable ASCII without backslashes, so the quotation mark is all that JSON wants escaped.
    for letter in path.chars() {
        if letter == '"' {
            body.push('\\');
        }
        body.push(letter);
    }
    body.push_str(r#"","headers":[{"name":"Accept","value":"application/json"}]}]}"#);
    body
}

/// The bytes of a base64 text (RFC 4648 section 4); none for a text that is not one. For hosts that have no decoder.
#[must_use]
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    let text = text.trim_end_matches('=').as_bytes();
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    for four in text.chunks(4) {
        let mut bits = 0_u32;
        for letter in four {
            bits = bits << 6 | u32::from(sextet(*letter)?);
        }
        // One letter alone carries no byte.
        let whole = four.len().checked_sub(1).filter(|whole| *whole > 0)?;
        bits <<= 6 * (4 - four.len());
        bytes.extend(bits.to_be_bytes().get(1..=whole)?);
    }
    Some(bytes)
}

const fn sextet(letter: u8) -> Option<u8> {
    Some(match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_vectors_of_rfc_4648_are_decoded() {
        for (text, plain) in [("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYmFy", "foobar")] {
            assert_eq!(from_base64(text).as_deref(), Some(plain.as_bytes()), "{text}");
        }
        assert_eq!(from_base64("Z"), None);
        assert_eq!(from_base64("Zm9v!"), None);
    }

    proptest! {
        #[test]
        fn any_path_stands_in_the_batch_as_it_was(path in "/[!-\\[\\]-~]{0,200}") {
            let body: serde_json::Value = serde_json::from_str(&batch_of_one(&path)).unwrap();
            prop_assert_eq!(body["rest_requests"][0]["url"].as_str(), Some(path.as_str()));
        }

        #[test]
        fn any_text_that_is_not_base64_is_refused_or_decoded_without_panic(text in ".{0,40}") {
            let _ = from_base64(&text);
        }
    }
}
