//! Sends a read with an address too long for a URL as the only item of a Batch call, where the address is part of the body.
//!
//! Splitting the query was rejected: pieces of an IN list lose the common order, `NOT IN` cannot be split, and counts would have to be
//! summed. In a Batch the instance answers the same query, so no row is lost or duplicated. Source: documentation page "Batch API".

/// The path of Batch calls.
pub const BATCH_PATH: &str = "/api/now/v1/batch";

/// The longest address that is sent as a URL. ServiceNow documents no limit. Web servers commonly accept 8 KiB for the
/// request line (RFC 9112 section 3 recommends at least 8,000 octets), and proxies may accept less.
pub const LONGEST_URL: usize = 6_000;

/// The body of a Batch call for one path. The outer reply holds the inner reply's body in base64.
#[must_use]
pub fn batch_of_one(path: &str) -> String {
    let mut body = String::with_capacity(path.len() + 160);
    body.push_str(r#"{"batch_request_id":"1","rest_requests":[{"id":"1","method":"GET","url":""#);
    // Paths are printable ASCII without backslashes, so JSON needs only the quotation mark escaped.
    for letter in path.chars() {
        if letter == '"' {
            body.push('\\');
        }
        body.push(letter);
    }
    body.push_str(r#"","headers":[{"name":"Accept","value":"application/json"}]}]}"#);
    body
}

/// Decodes base64 (RFC 4648 section 4). None for any other text. For hosts without a decoder.
#[must_use]
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    let text = text.trim_end_matches('=').as_bytes();
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    for four in text.chunks(4) {
        let mut bits = 0_u32;
        for letter in four {
            bits = bits << 6 | u32::from(sextet(*letter)?);
        }
        // A single letter holds no whole byte.
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
    fn base64_decodes_the_vectors_of_rfc_4648() {
        for (text, plain) in [("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYmFy", "foobar")] {
            assert_eq!(from_base64(text).as_deref(), Some(plain.as_bytes()), "{text}");
        }
        assert_eq!(from_base64("Z"), None);
        assert_eq!(from_base64("Zm9v!"), None);
    }

    proptest! {
        #[test]
        fn batch_body_holds_any_path_unchanged(path in "/[!-\\[\\]-~]{0,200}") {
            let body: serde_json::Value = serde_json::from_str(&batch_of_one(&path)).unwrap();
            prop_assert_eq!(body["rest_requests"][0]["url"].as_str(), Some(path.as_str()));
        }

        #[test]
        fn base64_does_not_panic_on_any_text(text in ".{0,40}") {
            let _ = from_base64(&text);
        }
    }
}
