//! The parts of a `multipart/form-data` body (RFC 7578), found without reading it whole into memory.

use std::io;

use memchr::memmem;

use crate::content::Content;

/// One part: its name, the file's name and type if it is one, and its bytes.
pub(super) struct Part {
    pub(super) name: String,
    pub(super) file_name: Option<String>,
    pub(super) content_type: Option<String>,
    pub(super) content: Content,
}

/// Further parts, and longer headers of parts, are ignored.
const MAX_PARTS: usize = 32;
const LONGEST_HEAD: usize = 16 * 1024;

/// The boundary that a `Content-Type` states (RFC 2046 section 5.1.1: at most 70 characters).
pub(super) fn boundary(content_type: &str) -> Option<String> {
    let stated = parameter(content_type, "boundary")?;
    (!stated.is_empty() && stated.len() <= 70).then_some(stated)
}

/// The parts in the order given; those without a name or a readable head are left out.
pub(super) fn parts(body: &Content, boundary: &str) -> io::Result<Vec<Part>> {
    let marks = marks(body, format!("--{boundary}").as_bytes())?;
    let mut parts = Vec::new();
    for pair in marks.windows(2) {
        let &[(_, start), (end, _)] = pair else {
            continue;
        };
        let inside = body.part(start, end.saturating_sub(start));
        parts.extend(part(&inside)?);
    }
    Ok(parts)
}

/// Where each boundary begins, with the line break before it, and where what follows it begins.
fn marks(body: &Content, delimiter: &[u8]) -> io::Result<Vec<(u64, u64)>> {
    let finder = memmem::Finder::new(delimiter);
    let mut found: Vec<u64> = Vec::new();
    // The end of each piece is carried over, so that a boundary across two pieces is seen.
    let mut window: Vec<u8> = Vec::new();
    let mut origin = 0;
    for piece in body.pieces() {
        window.extend_from_slice(&piece?);
        found.extend(finder.find_iter(&window).map(|at| origin + at as u64));
        let kept = window.len().min(delimiter.len() - 1);
        let gone = window.len() - kept;
        window.drain(..gone);
        origin += gone as u64;
        if found.len() > MAX_PARTS {
            break;
        }
    }
    let mut marks = Vec::new();
    for at in found {
        let before = if at == 0 { Vec::new() } else { body.read(at.saturating_sub(2), at.min(2) as usize)? };
        // A boundary stands at the start of a line; the same letters elsewhere are content.
        if at > 0 && before != b"\r\n" {
            continue;
        }
        marks.push((at.saturating_sub(2), at + delimiter.len() as u64 + 2));
    }
    Ok(marks)
}

fn part(inside: &Content) -> io::Result<Option<Part>> {
    let head = inside.read(0, LONGEST_HEAD)?;
    let mut headers = [httparse::EMPTY_HEADER; 16];
    let Ok(httparse::Status::Complete((length, headers))) = httparse::parse_headers(&head, &mut headers) else {
        return Ok(None);
    };
    let header = |name: &str| {
        let header = headers.iter().find(|header| header.name.eq_ignore_ascii_case(name));
        header.map(|header| String::from_utf8_lossy(header.value).into_owned())
    };
    let disposition = header("content-disposition").unwrap_or_default();
    Ok(parameter(&disposition, "name").map(|name| Part {
        name,
        file_name: parameter(&disposition, "filename"),
        content_type: header("content-type"),
        content: inside.part(length as u64, inside.length()),
    }))
}

/// A parameter of a header's value, quoted or not.
fn parameter(value: &str, name: &str) -> Option<String> {
    let mut rest = value.split_once(';')?.1;
    loop {
        let (key, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let (text, end) = match after.strip_prefix('"') {
            Some(quoted) => quoted_text(quoted)?,
            None => {
                let end = after.find(';').unwrap_or(after.len());
                (after.get(..end)?.trim().to_owned(), after.get(end..)?)
            }
        };
        if key.trim().trim_start_matches(';').trim().eq_ignore_ascii_case(name) {
            return Some(text);
        }
        rest = end;
    }
}

/// A quoted text without its escapes, and what follows it.
fn quoted_text(quoted: &str) -> Option<(String, &str)> {
    let mut text = String::new();
    let mut letters = quoted.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((text, quoted.get(at + 1..)?)),
            '\\' => text.push(letters.next()?.1),
            _ => text.push(letter),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{boundary, parameter, parts};
    use crate::content::Content;

    fn body(file: &[u8]) -> Vec<u8> {
        let mut body = b"--edge\r\nContent-Disposition: form-data; name=\"table_name\"\r\n\r\nincident\r\n--edge\r\nContent-Disposition: form-data; name=\"uploadFile\"; filename=\"a \\\"b\\\".txt\"\r\nContent-Type: text/plain\r\n\r\n".to_vec();
        body.extend_from_slice(file);
        body.extend_from_slice(b"\r\n--edge--\r\n");
        body
    }

    #[test]
    fn names_are_read_quoted_and_bare() {
        assert_eq!(boundary("multipart/form-data; boundary=edge").as_deref(), Some("edge"));
        assert_eq!(boundary("multipart/form-data; charset=utf-8; boundary=\"a;b\"").as_deref(), Some("a;b"));
        assert_eq!(boundary("multipart/form-data"), None);
        assert_eq!(parameter("form-data; name=\"open", "name"), None);
    }

    #[test]
    fn boundary_inside_a_line_is_content() {
        let found = parts(&body(b"x--edge y").into(), "edge").unwrap_or_default();
        assert_eq!(found.get(1).and_then(|part| part.content.read(0, 99).ok()), Some(b"x--edge y".to_vec()));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

        #[test]
        fn file_is_read_back_unchanged(file in prop::collection::vec(any::<u8>(), 0..200_000)) {
            let found = parts(&Content::from(body(&file)), "edge").unwrap_or_default();
            prop_assert_eq!(found.len(), 2);
            prop_assert_eq!(found[0].content.read(0, 99).ok(), Some(b"incident".to_vec()));
            prop_assert_eq!(found[1].file_name.as_deref(), Some("a \"b\".txt"));
            prop_assert_eq!(found[1].content_type.as_deref(), Some("text/plain"));
            prop_assert_eq!(found[1].content.read(0, 300_000).ok(), Some(file));
        }

        #[test]
        fn arbitrary_body_is_read_without_a_panic(body in prop::collection::vec(any::<u8>(), 0..500), edge in "[ -~]{1,5}") {
            let _ = parts(&body.into(), &edge);
            let _ = boundary(&edge);
        }
    }
}
