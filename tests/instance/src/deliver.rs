//! Sends the outbound calls of the instance over HTTP/1.1.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::{Request, Uri};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::{Instant as Moment, sleep, timeout};

use crate::feed::OutboundCall;
use crate::instance::Instance;
use crate::shell::now;

/// The time between two looks for calls that are due.
const PAUSE: Duration = Duration::from_millis(100);

/// Sends calls as they come due. Never ends.
pub(crate) async fn deliver(instance: Arc<Mutex<Instance>>) {
    loop {
        let calls = instance.lock().unwrap_or_else(PoisonError::into_inner).outbound(now());
        for call in calls {
            let instance = Arc::clone(&instance);
            tokio::spawn(async move {
                let started = Moment::now();
                let outcome = send(&call).await.map_err(|error| error.to_string());
                let took = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
                let mut instance = instance.lock().unwrap_or_else(PoisonError::into_inner);
                instance.outbound_ended(&call.id, outcome, took, now());
            });
        }
        sleep(PAUSE).await;
    }
}

/// The status of the reply.
async fn send(call: &OutboundCall) -> io::Result<u16> {
    let late = |what: &str| io::Error::new(io::ErrorKind::TimedOut, format!("{what} took too long"));
    let uri: Uri = call.url.parse().map_err(io::Error::other)?;
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    let connecting = TcpStream::connect((host, uri.port_u16().unwrap_or(80)));
    let stream =
        timeout(Duration::from_millis(call.connect_ms), connecting).await.map_err(|_| late("Connecting"))??;
    let exchange = async {
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(io::Error::other)?;
        let connection = tokio::spawn(connection);
        let target = uri.path_and_query().map_or("/", |target| target.as_str());
        let mut request = Request::builder().method(call.method.as_str()).uri(target);
        request = request.header("Host", uri.authority().map_or("", |authority| authority.as_str()));
        for (name, value) in &call.headers {
            request = request.header(name, value);
        }
        let request = request.body(Full::new(Bytes::from(call.body.clone()))).map_err(io::Error::other)?;
        let reply = sender.send_request(request).await.map_err(io::Error::other)?;
        let status = reply.status().as_u16();
        // The body is not read: the connection ends with it.
        connection.abort();
        Ok(status)
    };
    timeout(Duration::from_millis(call.timeout_ms), exchange).await.map_err(|_| late("The reply"))?
}
