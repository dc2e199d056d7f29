//! Decodes percent-encoding, JSON and JavaScript escapes and HTML entities, all at once and one layer at a time. Each decoded
//! byte keeps its place in the source, so that a secret found in the decoded text can be redacted in the source.

/// A decoded byte, and its part of the source text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decoded {
    pub(super) byte: u8,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The entities of ASCII characters: the name, followed by the character.
const NAMED: &str = "amp& lt< gt> quot\" apos' sol/ bsol\\ equals= plus+ num# percnt% commat@ excl! dollar$ ast* lpar( rpar) \
     comma, period. colon: semi; quest? lsqb[ lbrack[ rsqb] rbrack] Hat^ lowbar_ UnderBar_ grave` lcub{ lbrace{ rcub} rbrace} \
     vert| verbar| VerticalLine| dash- hyphen-";

/// The entities of Latin-1, in its order from 160.
const LATIN: &str = "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro \
     para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc \
     Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig \
     agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc \
     otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml";

/// Longer than any of these names.
const LONGEST_NAME: usize = 16;

/// The text without decoding.
pub(super) fn plain(text: &[u8]) -> Vec<Decoded> {
    let place = |(start, byte): (usize, &u8)| Decoded { byte: *byte, start, end: start + 1 };
    text.iter().enumerate().map(place).collect()
}

/// The text with one layer decoded. `None` if it has no encoding.
pub(super) fn decoded(from: &[Decoded]) -> Option<Vec<Decoded>> {
    let mut out = Vec::with_capacity(from.len());
    let mut rest = from;
    while let Some((first, after)) = rest.split_first() {
        let (code, length, is_byte) = escape(rest).unwrap_or_else(|| (first.byte.into(), 1, true));
        let end = rest.get(length - 1).map_or(first.end, |last| last.end);
        let mut bytes = [0; 4];
        let bytes = match (u8::try_from(code), char::from_u32(code)) {
            (Ok(byte), _) if is_byte => {
                bytes[0] = byte;
                &bytes[..1]
            }
            (_, character) => character.unwrap_or(' ').encode_utf8(&mut bytes).as_bytes(),
        };
        out.extend(bytes.iter().map(|byte| Decoded { byte: *byte, start: first.start, end }));
        rest = after.get(length - 1..).unwrap_or_default();
    }
    (out.len() < from.len()).then_some(out)
}

/// The value of the escape at the beginning, its length, and whether the value is a byte instead of a character.
fn escape(text: &[Decoded]) -> Option<(u32, usize, bool)> {
    let byte = |at: usize| text.get(at).map(|decoded| decoded.byte);
    match (byte(0)?, byte(1)?) {
        (b'%' | b'\\', b'u') => {
            let unit = hex(text, 2, 4)?;
            // The two halves of a character beyond the first 65,536.
            let low = (byte(7) == Some(b'u')).then(|| hex(text, 8, 4)).flatten();
            match low.filter(|low| unit & 0xfc00 == 0xd800 && low & 0xfc00 == 0xdc00) {
                Some(low) => Some((0x1_0000 + ((unit & 0x3ff) << 10) + (low & 0x3ff), 12, false)),
                None => Some((unit, 6, false)),
            }
        }
        (b'%', _) => Some((hex(text, 1, 2)?, 3, true)),
        (b'\\', b'x') => Some((hex(text, 2, 2)?, 4, false)),
        (b'\\', b'b' | b'f' | b'n' | b'r' | b't') => Some((32, 2, true)),
        (b'\\', other) => Some((u32::from(other), 2, true)),
        (b'&', _) => {
            let most = text.iter().take(LONGEST_NAME);
            let length = most.clone().position(|decoded| decoded.byte == b';')?;
            let name: String = most.take(length).skip(1).map(|decoded| char::from(decoded.byte)).collect();
            Some((entity(&name)?, length + 1, false))
        }
        _ => None,
    }
}

fn entity(name: &str) -> Option<u32> {
    if let Some(number) = name.strip_prefix('#') {
        let hex = number.strip_prefix(['x', 'X']).map(|digits| u32::from_str_radix(digits, 16));
        return hex.unwrap_or_else(|| number.parse()).ok();
    }
    let ascii = NAMED.split(' ').filter_map(|entry| entry.strip_prefix(name)).find(|rest| rest.len() == 1);
    let latin = || (160..).zip(LATIN.split(' ')).find(|(_, known)| *known == name).map(|(code, _)| code);
    ascii.and_then(|rest| rest.bytes().next()).map(u32::from).or_else(latin)
}

/// A number of the given count of hexadecimal digits.
fn hex(text: &[Decoded], from: usize, digits: usize) -> Option<u32> {
    let digit = |decoded: &Decoded| char::from(decoded.byte).to_digit(16);
    text.get(from..from + digits)?.iter().try_fold(0, |number, decoded| Some(number << 4 | digit(decoded)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(from: &[Decoded]) -> String {
        String::from_utf8_lossy(&from.iter().map(|decoded| decoded.byte).collect::<Vec<_>>()).into_owned()
    }

    #[test]
    fn every_encoding_is_undone() {
        for (encoded, plain_text) in [
            ("%41%c3%A4%u20ac", "Aä€"),
            (r"a\/b\\c\u00E4\ud83d\uDE00\x41\n", "a/b\\cä😀A "),
            ("&amp;&lt;&#65;&#x41;&#X1F600;&auml;&yuml;&nbsp;&sol;", "&<AA😀äÿ\u{a0}/"),
            ("100% a&b; &unknown; \\", "100% a&b; &unknown; \\"),
        ] {
            let came = plain(encoded.as_bytes());
            assert_eq!(text(&decoded(&came).unwrap_or(came)), plain_text, "{encoded}");
        }
    }

    #[test]
    fn one_layer_is_undone_at_a_time() {
        let once = decoded(&plain(b"%2541&amp;#65;")).unwrap();
        assert_eq!(text(&once), "%41&#65;");
        let twice = decoded(&once).unwrap();
        assert_eq!(text(&twice), "AA");
        assert_eq!(twice.iter().map(|decoded| (decoded.start, decoded.end)).collect::<Vec<_>>(), [(0, 5), (5, 14)]);
        assert_eq!(decoded(&twice), None);
    }

    proptest! {
        #[test]
        fn any_text_keeps_its_places_in_order(given in r"([%\\&#;ux0-9a-f]|\PC){0,60}") {
            let mut level = plain(given.as_bytes());
            while let Some(next) = decoded(&level) {
                level = next;
            }
            let mut end = 0;
            for decoded in level {
                prop_assert!(decoded.start >= end || decoded.end == end, "{decoded:?}");
                prop_assert!(decoded.end <= given.len());
                end = decoded.end;
            }
        }
    }
}
