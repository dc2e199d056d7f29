//! Changes to the body of a reply on its way.

use std::io::Write;

use flate2::Compression as Level;
use flate2::write::GzEncoder;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::exchange::{Body, Reply};

/// The change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BodyChange {
    /// A byte order mark stands before it.
    ByteOrderMark,
    /// Blank lines stand before it.
    BlankLines,
    /// `)]}',` stands before it, against scripts that include JSON.
    JsonPrefix,
    /// A script in HTML follows it, as from a filter that marks pages.
    ScriptAppended,
    /// It arrives twice, one after the other.
    Twice,
    /// Its second half is missing, and `Content-Length` agrees: a proxy has a size limit.
    Halved,
    /// Latin-1 instead of UTF-8, and the type says nothing of it.
    Latin1,
    /// UTF-16 instead of UTF-8, and the type says nothing of it.
    Utf16,
    /// `Content-Encoding: gzip`, and it is not compressed.
    GzipClaimed,
    /// Compressed with gzip, and no header says so.
    GzipUnlabelled,
    /// Compressed with gzip, and the end is missing.
    GzipCut,
}

const SCRIPT: &[u8] = b"\n<script src=\"http://filter.example/mark.js\"></script>\n";

/// Changes a body that is held whole; a file or a filler stays.
pub(crate) fn change_body(reply: &mut Reply, change: BodyChange) {
    let Body::Whole(body) = &mut reply.body else {
        return;
    };
    if body.is_empty() {
        return;
    }
    let text = || String::from_utf8_lossy(body).into_owned();
    *body = match change {
        BodyChange::ByteOrderMark => [b"\xef\xbb\xbf", body.as_slice()].concat(),
        BodyChange::BlankLines => [b"\r\n\r\n", body.as_slice()].concat(),
        BodyChange::JsonPrefix => [b")]}',\n", body.as_slice()].concat(),
        BodyChange::ScriptAppended => [body.as_slice(), SCRIPT].concat(),
        BodyChange::Twice => body.repeat(2),
        BodyChange::Halved => body.get(..body.len() / 2).unwrap_or_default().to_vec(),
        BodyChange::Latin1 => text().chars().map(|letter| u8::try_from(u32::from(letter)).unwrap_or(b'?')).collect(),
        BodyChange::Utf16 => text().encode_utf16().flat_map(u16::to_le_bytes).collect(),
        BodyChange::GzipClaimed => std::mem::take(body),
        BodyChange::GzipUnlabelled => gzip(body),
        BodyChange::GzipCut => {
            let whole = gzip(body);
            whole.get(..whole.len() / 2).unwrap_or_default().to_vec()
        }
    };
    if matches!(change, BodyChange::GzipClaimed | BodyChange::GzipCut) {
        reply.headers.push(("Content-Encoding", "gzip".to_owned()));
    }
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Level::fast());
    // Writing to memory cannot fail.
    let _ = encoder.write_all(body);
    encoder.finish().unwrap_or_default()
}
