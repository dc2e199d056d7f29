//! The network around the instance: HTTP/1.1 on loopback and nowhere else. Everything is bounded: connections, header and body
//! sizes, and the time a client may take to send or to read.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant as Moment, SystemTime, UNIX_EPOCH};

use http_body_util::{BodyExt, Limited};
use hyper::body::{Body as HttpBody, Bytes, Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

use crate::exchange::{Body, FILLER, Reply, Request};
use crate::instance::Instance;
use crate::refusal::Refusal;

const MOST_CONNECTIONS: usize = 256;
const LARGEST_HEADER: usize = 128 * 1024;
/// A little above the platform's own maximum, so that the instance itself refuses what is too large for it.
const LARGEST_BODY: usize = 26 * 1024 * 1024;
const TIME_FOR_HEADERS: Duration = Duration::from_secs(15);
const TIME_FOR_BODY: Duration = Duration::from_secs(30);
/// After so long a connection is closed when its reply is out, and after as long again in any case (the platform's load
/// balancer drops connections after 300 s, KB0546187).
const TIME_FOR_CONNECTION: Duration = Duration::from_secs(300);

/// Binds a port on loopback, 0 for a free one.
///
/// # Errors
/// When the port is taken.
pub async fn bind(port: u16) -> io::Result<TcpListener> {
    TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await
}

/// Milliseconds since 1970 on this machine.
#[must_use]
pub fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// Serves until `stop` resolves.
pub async fn serve(listener: TcpListener, instance: Arc<Mutex<Instance>>, stop: impl Future<Output = ()>) {
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    tokio::pin!(stop);
    loop {
        let place = tokio::select! {
            () = &mut stop => return,
            place = Arc::clone(&places).acquire_owned() => place,
        };
        let stream = tokio::select! {
            () = &mut stop => return,
            accepted = listener.accept() => accepted,
        };
        match stream {
            Ok((stream, _)) => {
                let instance = Arc::clone(&instance);
                tokio::spawn(async move {
                    converse(stream, instance).await;
                    drop(place);
                });
            }
            // Out of file descriptors, most likely: wait for some to come back.
            Err(_) => sleep(Duration::from_millis(100)).await,
        }
    }
}

async fn converse(stream: TcpStream, instance: Arc<Mutex<Instance>>) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| answer(request, Arc::clone(&instance)));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(TIME_FOR_HEADERS)
        .max_buf_size(LARGEST_HEADER)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    // A broken connection is the client's affair.
    if timeout(TIME_FOR_CONNECTION, connection.as_mut()).await.is_err() {
        connection.as_mut().graceful_shutdown();
        let _ = timeout(TIME_FOR_CONNECTION, connection).await;
    }
}

async fn answer(
    request: hyper::Request<Incoming>,
    instance: Arc<Mutex<Instance>>,
) -> Result<hyper::Response<Outgoing>, Infallible> {
    let request = match received(request).await {
        Ok(request) => request,
        Err(refusal) => return Ok(sent(refusal.with_header("Connection", "close"))),
    };
    let reply = {
        // A panic in a test's own thread must not make the instance deaf.
        let mut instance = instance.lock().unwrap_or_else(PoisonError::into_inner);
        let started = Moment::now();
        let reply = instance.handle(&request, now());
        instance.took(started.elapsed().as_secs_f64() * 1000.0);
        reply
    };
    if reply.delay_ms > 0 {
        sleep(Duration::from_millis(reply.delay_ms)).await;
    }
    Ok(sent(reply))
}

async fn received(request: hyper::Request<Incoming>) -> Result<Request, Reply> {
    let (parts, body) = request.into_parts();
    let stated = body.size_hint().lower();
    if stated > LARGEST_BODY as u64 {
        return Err(Refusal::body_too_large(stated, LARGEST_BODY).reply());
    }
    let collected = timeout(TIME_FOR_BODY, Limited::new(body, LARGEST_BODY).collect()).await;
    let body = match collected {
        Ok(Ok(body)) => body.to_bytes().to_vec(),
        Ok(Err(_)) => return Err(Refusal::unreadable_body("The body is too large or ended early").reply()),
        Err(_) => return Err(Reply::empty(408)),
    };
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let headers = parts.headers.iter();
    Ok(Request {
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: headers.map(|(name, value)| (name.as_str().to_owned(), text(value.as_bytes()))).collect(),
        body,
    })
}

fn sent(reply: Reply) -> hyper::Response<Outgoing> {
    let mut response = hyper::Response::builder().status(reply.status);
    for (name, value) in &reply.headers {
        response = response.header(*name, value);
    }
    let body = Outgoing::of(reply.body);
    // Only a header that holds a line break cannot be sent, and none is made of a client's text unchecked.
    response.body(body).unwrap_or_else(|_| {
        let mut failed = hyper::Response::new(Outgoing::of(Body::Whole(Vec::new())));
        *failed.status_mut() = hyper::StatusCode::INTERNAL_SERVER_ERROR;
        failed
    })
}

/// A body on its way out: one piece, or a filler made piece by piece as the client reads.
enum Outgoing {
    Whole(Option<Bytes>),
    Filler { piece: Bytes, left: u64 },
}

const PIECE: usize = 64 * 1024;

impl Outgoing {
    fn of(body: Body) -> Self {
        match body {
            Body::Whole(bytes) if bytes.is_empty() => Self::Whole(None),
            Body::Whole(bytes) => Self::Whole(Some(bytes.into())),
            Body::Filler(left) => Self::Filler { piece: FILLER.repeat(PIECE / FILLER.len()).into(), left },
        }
    }
}

impl HttpBody for Outgoing {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let piece = match self.get_mut() {
            Self::Whole(bytes) => bytes.take(),
            Self::Filler { left: 0, .. } => None,
            Self::Filler { piece, left } => {
                let length = usize::try_from(*left).unwrap_or(PIECE).min(piece.len());
                *left -= length as u64;
                Some(piece.slice(..length))
            }
        };
        Poll::Ready(piece.map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::Whole(None) | Self::Filler { left: 0, .. })
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) => SizeHint::with_exact(bytes.as_ref().map_or(0, Bytes::len) as u64),
            Self::Filler { left, .. } => SizeHint::with_exact(*left),
        }
    }
}
