//! The network around the instance: HTTP/1.1 on loopback and nowhere else. Everything is bounded: connections, header and body
//! sizes, and the time a client may take to send or to read.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant as Moment, SystemTime, UNIX_EPOCH};

use http_body_util::{BodyExt, Limited};
use hyper::body::{Body as HttpBody, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::AbortHandle;
use tokio::time::{sleep, timeout};

use crate::attachments;
use crate::clock::http_date;
use crate::content::{Content, DiskUsage, Spool};
use crate::deliver::deliver;
use crate::exchange::{Body, Reply, Request, is_upload};
use crate::faults::Journey;
use crate::instance::Instance;
use crate::outgoing::Outgoing;
use crate::refusal::Refusal;

const MAX_CONNECTIONS: usize = 256;
const LARGEST_HEADER: usize = 128 * 1024;
/// A little above the platform's own maximum, so that the instance itself refuses what is too large for it.
const LARGEST_BODY: usize = 26 * 1024 * 1024;
const TIME_FOR_HEADERS: Duration = Duration::from_secs(15);
const TIME_FOR_BODY: Duration = Duration::from_secs(30);
/// The sent part of a body must arrive before a reset, which discards what is under way.
const TIME_TO_ARRIVE: Duration = Duration::from_millis(100);
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
#[expect(clippy::disallowed_methods, reason = "the one clock: the shell tells the instance the time")]
pub fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

struct AbortOnDrop(AbortHandle);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Serves until `stop` resolves, and sends the outbound calls of the instance.
pub async fn serve(listener: TcpListener, instance: Arc<Mutex<Instance>>, stop: impl Future<Output = ()>) {
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let usage = DiskUsage::default();
    let delivery = tokio::spawn(deliver(Arc::clone(&instance)));
    // Delivery ends with the server.
    let _ended = AbortOnDrop(delivery.abort_handle());
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
                let (instance, usage) = (Arc::clone(&instance), usage.clone());
                tokio::spawn(async move {
                    serve_connection(stream, instance, usage).await;
                    drop(place);
                });
            }
            // Out of file descriptors, most likely: wait for some to come back.
            Err(_) => sleep(Duration::from_millis(100)).await,
        }
    }
}

async fn serve_connection(stream: TcpStream, instance: Arc<Mutex<Instance>>, usage: DiskUsage) {
    let _ = stream.set_nodelay(true);
    let Ok((stream, socket)) = split_handle(stream) else {
        return;
    };
    let service = service_fn(move |request| answer(request, Arc::clone(&instance), Arc::clone(&socket), usage.clone()));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(TIME_FOR_HEADERS)
        .max_buf_size(LARGEST_HEADER)
        // The instance writes it, and a fault leaves it out.
        .auto_date_header(false)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    // A broken connection is the client's affair.
    if timeout(TIME_FOR_CONNECTION, connection.as_mut()).await.is_err() {
        connection.as_mut().graceful_shutdown();
        let _ = timeout(TIME_FOR_CONNECTION, connection).await;
    }
}

/// The stream and a second handle on its socket, through which a connection can be made to end with a reset.
fn split_handle(stream: TcpStream) -> io::Result<(TcpStream, Arc<TcpStream>)> {
    let stream = stream.into_std()?;
    let socket = stream.try_clone()?;
    Ok((TcpStream::from_std(stream)?, Arc::new(TcpStream::from_std(socket)?)))
}

async fn answer(
    request: hyper::Request<Incoming>,
    instance: Arc<Mutex<Instance>>,
    socket: Arc<TcpStream>,
    usage: DiskUsage,
) -> Result<hyper::Response<Outgoing>, io::Error> {
    let request = match received(request, &instance, &usage).await {
        Ok(request) => request,
        Err(refusal) => {
            return Ok(sent(refusal.with_header("Connection", "close").with_header("Date", http_date(now()))));
        }
    };
    let reply = {
        // A panic in a test's own thread must not make the instance deaf.
        let mut instance = instance.lock().unwrap_or_else(PoisonError::into_inner);
        #[expect(clippy::disallowed_methods, reason = "measures its own work, for the journal")]
        let started = Moment::now();
        let reply = instance.handle(&request, now());
        instance.took(started.elapsed().as_secs_f64() * 1000.0);
        reply
    };
    if reply.delay_ms > 0 {
        sleep(Duration::from_millis(reply.delay_ms)).await;
    }
    match reply.journey {
        // An error is the one way to make the server hang up without a word.
        Journey::Dropped => Err(io::Error::from(io::ErrorKind::ConnectionAborted)),
        Journey::Reset => {
            let _ = socket.set_zero_linger();
            Err(io::Error::from(io::ErrorKind::ConnectionReset))
        }
        Journey::Wire(form) => {
            write_all(&socket, &form.bytes(&reply)).await?;
            if form.resets() {
                sleep(TIME_TO_ARRIVE).await;
                let _ = socket.set_zero_linger();
            }
            Err(io::Error::from(io::ErrorKind::ConnectionAborted))
        }
        _ => Ok(sent(reply)),
    }
}

/// Writes bytes to the connection, past the HTTP library.
async fn write_all(socket: &TcpStream, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        timeout(TIME_FOR_BODY, socket.writable()).await??;
        match socket.try_write(bytes) {
            Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

async fn received(
    request: hyper::Request<Incoming>,
    instance: &Mutex<Instance>,
    usage: &DiskUsage,
) -> Result<Request, Reply> {
    let (parts, body) = request.into_parts();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let headers = parts.headers.iter();
    let mut request = Request {
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: headers.map(|(name, value)| (name.as_str().to_owned(), text(value.as_bytes()))).collect(),
        ..Request::default()
    };
    // An absolute address in the request line counts as the Host (RFC 9112 section 3.2.2).
    request.headers.extend(parts.uri.authority().map(|named| ("Host".to_owned(), named.as_str().to_owned())));
    if let Some(refusal) = instance.lock().unwrap_or_else(PoisonError::into_inner).refusal_of_foreign(&request) {
        return Err(refusal);
    }
    if is_upload(&request.method, &request.path) {
        let most = attachments::largest(&instance.lock().unwrap_or_else(PoisonError::into_inner).store);
        request.upload = Some(spooled(body, most, usage).await?);
    } else {
        request.body = collected(body).await?;
    }
    Ok(request)
}

async fn collected(body: Incoming) -> Result<Vec<u8>, Reply> {
    let stated = body.size_hint().lower();
    if stated > LARGEST_BODY as u64 {
        return Err(Refusal::body_too_large(stated, LARGEST_BODY).reply());
    }
    match timeout(TIME_FOR_BODY, Limited::new(body, LARGEST_BODY).collect()).await {
        Ok(Ok(body)) => Ok(body.to_bytes().to_vec()),
        Ok(Err(_)) => Err(Refusal::unreadable_body("The body is too large or ended early").reply()),
        Err(_) => Err(Reply::empty(408)),
    }
}

/// A file on its way to disk, piece by piece; each piece has the time that a whole body has elsewhere, and the connection's time
/// bounds them all.
async fn spooled(mut body: Incoming, most: u64, usage: &DiskUsage) -> Result<Content, Reply> {
    // What a form adds around its file.
    let most_in_all = most.saturating_add(64 * 1024);
    let too_large = || attachments::too_large(most).reply();
    if body.size_hint().lower() > most_in_all {
        return Err(too_large());
    }
    let mut spool = Spool::counted_in(usage);
    loop {
        let frame = match timeout(TIME_FOR_BODY, body.frame()).await {
            Ok(None) => break,
            Ok(Some(Ok(frame))) => frame,
            Ok(Some(Err(_))) => return Err(Refusal::unreadable_body("The body ended early").reply()),
            Err(_) => return Err(Reply::empty(408)),
        };
        let Ok(piece) = frame.into_data() else {
            continue;
        };
        if spool.length() + piece.len() as u64 > most_in_all {
            return Err(too_large());
        }
        spool.write(&piece).map_err(|_| Refusal::store_full().reply())?;
    }
    spool.finish().map_err(|_| Refusal::store_full().reply())
}

fn sent(reply: Reply) -> hyper::Response<Outgoing> {
    let mut response = hyper::Response::builder().status(reply.status);
    for (name, value) in reply.all_headers() {
        response = response.header(name, value);
    }
    let body = Outgoing::of(reply.body, reply.journey);
    // Only a header that holds a line break cannot be sent, and none is made of a client's text unchecked.
    response.body(body).unwrap_or_else(|_| {
        let mut failed = hyper::Response::new(Outgoing::of(Body::Whole(Vec::new()), Journey::Safe));
        *failed.status_mut() = hyper::StatusCode::INTERNAL_SERVER_ERROR;
        failed
    })
}
