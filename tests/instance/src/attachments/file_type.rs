//! Whether a file is what its extension says, which `glide.security.file.mime_type.validation` asks for ("Available system
//! properties").

/// Extensions with the bytes at the start of such a file.
const SIGNATURES: [(&[&str], &[&[u8]]); 9] = [
    (&["png"], &[b"\x89PNG\r\n\x1a\n"]),
    (&["jpg", "jpeg"], &[b"\xff\xd8\xff"]),
    (&["gif"], &[b"GIF87a", b"GIF89a"]),
    (&["bmp"], &[b"BM"]),
    (&["pdf"], &[b"%PDF-"]),
    (&["zip", "jar", "docx", "xlsx", "pptx", "odt", "ods"], &[b"PK\x03\x04", b"PK\x05\x06"]),
    (&["doc", "xls", "ppt", "msg"], &[b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]),
    (&["gz", "tgz"], &[b"\x1f\x8b"]),
    (&["exe", "dll"], &[b"MZ"]),
];

/// The number of bytes that decide.
pub(super) const DECISIVE: usize = 8;

/// Whether the start of a file fits its name. A file of an unknown extension must not be of a known type.
pub(super) fn fits(name: &str, start: &[u8]) -> bool {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
    let begins = |starts: &[&[u8]]| starts.iter().any(|one| start.starts_with(one));
    match SIGNATURES.iter().find(|(extensions, _)| extensions.contains(&extension.as_str())) {
        Some((_, starts)) => begins(starts),
        None => !SIGNATURES.iter().any(|(_, starts)| begins(starts)),
    }
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn file_must_be_what_its_extension_says() {
        assert!(fits("a.PNG", b"\x89PNG\r\n\x1a\n..."));
        assert!(fits("a.txt", b"hello") && fits("a", b""));
        assert!(!fits("a.png", b"hello"));
        assert!(!fits("a.txt", b"MZ\x90"));
        assert!(!fits("a.pdf", b""));
    }
}
