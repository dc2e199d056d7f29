//! Replies that break HTTP/1.1 on the connection, or use parts of it that clients seldom meet. They are written as bytes, because an
//! HTTP library does not send them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[cfg(feature = "server")]
use crate::exchange::{Reply, reason_phrase};

/// The form of a reply on the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WireFault {
    /// An interim reply 100 comes first, though nobody asked for it.
    Continue,
    /// An interim reply 103 with a `Link` comes first (RFC 8297).
    EarlyHints,
    /// The names of the headers are in lower case, as from HTTP/2.
    LowerCaseNames,
    /// The names of the headers are in capitals.
    UpperCaseNames,
    /// No length: the end of the connection ends the body.
    WithoutLength,
    /// In chunks of 7 bytes, with extensions and a trailer.
    SmallChunks,
    /// In chunks, of which the last is missing.
    UnfinishedChunks,
    /// In chunks, of which the second has no readable size.
    WrongChunkSize,
    /// `Content-Length` states one byte more than there is.
    LengthTooLarge,
    /// `Content-Length` states half of what there is.
    LengthTooSmall,
    /// Two `Content-Length` that differ.
    TwoLengths,
    /// 204, followed by a body all the same.
    NoContentWithBody,
    /// Half of the body, then a reset of the connection.
    ResetInBody,
}

#[cfg(feature = "server")]
impl WireFault {
    /// Whether the connection is reset after the bytes; otherwise it is closed.
    pub(crate) fn resets(self) -> bool {
        self == Self::ResetInBody
    }

    /// The reply as bytes on the connection.
    pub(crate) fn bytes(self, reply: &Reply) -> Vec<u8> {
        let body = reply.bytes();
        let status = if self == Self::NoContentWithBody { 204 } else { reply.status };
        let mut bytes = match self {
            Self::Continue => b"HTTP/1.1 100 Continue\r\n\r\n".to_vec(),
            Self::EarlyHints => b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n".to_vec(),
            _ => Vec::new(),
        };
        bytes.extend_from_slice(
            format!("HTTP/1.1 {status} {}\r\n", reason_phrase(status).unwrap_or_default()).as_bytes(),
        );
        let lengths: Vec<usize> = match self {
            Self::WithoutLength | Self::SmallChunks | Self::UnfinishedChunks | Self::WrongChunkSize => vec![],
            Self::LengthTooLarge => vec![body.len() + 1],
            Self::LengthTooSmall => vec![body.len() / 2],
            Self::TwoLengths => vec![body.len(), body.len() / 2],
            _ => vec![body.len()],
        };
        let framing = match self {
            Self::SmallChunks | Self::UnfinishedChunks | Self::WrongChunkSize => {
                Some(("Transfer-Encoding", "chunked".to_owned()))
            }
            _ => None,
        };
        let lengths = lengths.into_iter().map(|length| ("Content-Length", length.to_string()));
        let close = ("Connection", "close".to_owned());
        for (name, value) in reply.headers.iter().cloned().chain(framing).chain(lengths).chain([close]) {
            // A line break would end the header.
            let value = value.replace(['\r', '\n'], " ");
            bytes.extend_from_slice(format!("{}: {value}\r\n", self.named(name)).as_bytes());
        }
        bytes.extend_from_slice(b"\r\n");
        bytes.extend(self.framed(body));
        bytes
    }

    fn named(self, name: &str) -> String {
        match self {
            Self::LowerCaseNames => name.to_ascii_lowercase(),
            Self::UpperCaseNames => name.to_ascii_uppercase(),
            _ => name.to_owned(),
        }
    }

    fn framed(self, body: &[u8]) -> Vec<u8> {
        let chunk = |piece: &[u8], extension: &str| {
            [format!("{:x}{extension}\r\n", piece.len()).as_bytes(), piece, b"\r\n"].concat()
        };
        let halves = body.split_at(body.len() / 2);
        match self {
            Self::SmallChunks => {
                let chunks: Vec<u8> = body.chunks(7).flat_map(|piece| chunk(piece, ";a=b")).collect();
                [chunks.as_slice(), b"0\r\nX-Trailer: 1\r\n\r\n"].concat()
            }
            Self::UnfinishedChunks => chunk(body, ""),
            Self::WrongChunkSize => [chunk(halves.0, "").as_slice(), b"xyz\r\n", halves.1, b"\r\n0\r\n\r\n"].concat(),
            Self::ResetInBody => halves.0.to_vec(),
            _ => body.to_vec(),
        }
    }
}
