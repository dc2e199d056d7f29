//! A body that is being sent: whole, generated piece by piece as the client reads, truncated, or slow.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::body::{Body as HttpBody, Bytes, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

use crate::content::{Content, PIECE};
use crate::exchange::{Body, FILLER};
use crate::faults::Journey;

pub(crate) enum Outgoing {
    Whole(Option<Bytes>),
    Filler {
        piece: Bytes,
        left: u64,
    },
    File {
        content: Content,
        sent: u64,
    },
    /// The first half, then the connection's end; `Content-Length` states the whole.
    Cut {
        half: Option<Bytes>,
        promised: u64,
        pause: Option<Pin<Box<Sleep>>>,
    },
    /// A tenth of a second's worth at a time.
    Slow {
        left: Bytes,
        step: usize,
        pause: Option<Pin<Box<Sleep>>>,
    },
}

const PAUSE: Duration = Duration::from_millis(100);

impl Outgoing {
    pub(crate) fn of(body: Body, journey: Journey) -> Self {
        match (body, journey) {
            (Body::Whole(bytes), _) if bytes.is_empty() => Self::Whole(None),
            (Body::Whole(bytes), Journey::Truncated) => {
                let (promised, bytes) = (bytes.len() as u64, Bytes::from(bytes));
                Self::Cut { half: Some(bytes.slice(..bytes.len() / 2)), promised, pause: None }
            }
            (Body::Whole(bytes), Journey::Slow(rate)) => {
                let step = usize::try_from(rate / 10).unwrap_or(PIECE).clamp(1, PIECE);
                Self::Slow { left: bytes.into(), step, pause: None }
            }
            (Body::Whole(bytes), _) => Self::Whole(Some(bytes.into())),
            (Body::File(content), Journey::Truncated) => {
                // Half of a file that may not fit into memory: its first piece is enough to be cut short.
                let half = content.read(0, PIECE.min(usize::try_from(content.length() / 2).unwrap_or(PIECE)));
                Self::Cut { half: half.ok().map(Bytes::from), promised: content.length(), pause: None }
            }
            (Body::File(content), _) => Self::File { content, sent: 0 },
            (Body::Filler(left), _) => Self::Filler { piece: FILLER.repeat(PIECE / FILLER.len()).into(), left },
        }
    }
}

impl HttpBody for Outgoing {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let piece = match self.get_mut() {
            Self::Whole(bytes) => bytes.take(),
            Self::Filler { left: 0, .. } => None,
            Self::Filler { piece, left } => {
                let length = usize::try_from(*left).unwrap_or(PIECE).min(piece.len());
                *left -= length as u64;
                Some(piece.slice(..length))
            }
            // A piece is in the page cache or one disk read away, and only this connection waits for it.
            Self::File { content, sent } => match content.read(*sent, PIECE) {
                Ok(bytes) if bytes.is_empty() => None,
                Ok(bytes) => {
                    *sent += bytes.len() as u64;
                    Some(bytes.into())
                }
                Err(error) => return Poll::Ready(Some(Err(error))),
            },
            Self::Cut { half, pause, .. } => match half.take() {
                Some(half) => Some(half),
                None => {
                    // The half must be out before the connection ends, or nothing would arrive.
                    let waiting = pause.get_or_insert_with(|| Box::pin(sleep(PAUSE)));
                    if waiting.as_mut().poll(context).is_pending() {
                        return Poll::Pending;
                    }
                    return Poll::Ready(Some(Err(io::Error::from(io::ErrorKind::ConnectionAborted))));
                }
            },
            Self::Slow { left, .. } if left.is_empty() => None,
            Self::Slow { left, step, pause } => {
                let waiting = pause.get_or_insert_with(|| Box::pin(sleep(PAUSE)));
                if waiting.as_mut().poll(context).is_pending() {
                    return Poll::Pending;
                }
                *pause = None;
                Some(left.split_to((*step).min(left.len())))
            }
        };
        Poll::Ready(piece.map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(None) | Self::Filler { left: 0, .. } => true,
            Self::Slow { left, .. } => left.is_empty(),
            Self::File { content, sent } => *sent == content.length(),
            _ => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(match self {
            Self::Whole(bytes) => bytes.as_ref().map_or(0, Bytes::len) as u64,
            Self::Filler { left, .. } => *left,
            Self::File { content, sent } => content.length() - sent,
            Self::Cut { promised, .. } => *promised,
            Self::Slow { left, .. } => left.len() as u64,
        })
    }
}
