//! The instance on a socket of its own.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sysparm_instance::{Instance, Settings, shell};
use tokio::sync::oneshot;

use crate::client::{GRANT, NOON};

pub(crate) struct Served {
    pub(crate) address: std::net::SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
    pub(crate) instance: Arc<Mutex<Instance>>,
}

impl Served {
    pub(crate) fn with_rows(rows: usize) -> Self {
        let settings = Settings { rows, hosts: vec!["practice.test".into()], ..Settings::default() };
        let instance = Arc::new(Mutex::new(Instance::new(settings, NOON)));
        let (stop, stopped) = oneshot::channel();
        let (sender, receiver) = std::sync::mpsc::channel();
        let served = Arc::clone(&instance);
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().unwrap_or_else(|error| unreachable!("{error}"));
            runtime.block_on(async {
                let listener = shell::bind(0).await.unwrap_or_else(|error| unreachable!("{error}"));
                let _ = sender.send(listener.local_addr().unwrap_or_else(|error| unreachable!("{error}")));
                shell::serve(listener, served, async {
                    let _ = stopped.await;
                })
                .await;
            });
        });
        let address = receiver.recv().unwrap_or_else(|error| unreachable!("{error}"));
        Self { address, stop: Some(stop), thread: Some(thread), instance }
    }

    /// Sends these bytes and reads until the server closes or the reply's stated length is there.
    pub(crate) fn exchange(&self, request: &[u8]) -> (String, Vec<u8>) {
        let mut stream = TcpStream::connect(self.address).unwrap_or_else(|error| unreachable!("{error}"));
        let _ = stream.set_read_timeout(Some(Duration::from_secs(20)));
        let _ = stream.write_all(request);
        let mut received = Vec::new();
        let mut piece = vec![0; 1 << 16];
        loop {
            if let Some((head, body)) = split(&received)
                && length_of(&head).is_some_and(|length| body.len() >= length)
            {
                return (head, body.to_vec());
            }
            match stream.read(&mut piece) {
                Ok(0) | Err(_) => {
                    let (head, body) = split(&received).unwrap_or_default();
                    return (head, body.to_vec());
                }
                Ok(length) => received.extend_from_slice(&piece[..length]),
            }
        }
    }

    pub(crate) fn token(&self) -> String {
        let request = format!(
            "POST /oauth_token.do HTTP/1.1\r\nHost: {}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{GRANT}",
            self.address,
            GRANT.len()
        );
        let (_, body) = self.exchange(request.as_bytes());
        let body: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
        body["access_token"].as_str().unwrap_or_default().to_owned()
    }

    #[allow(dead_code, reason = "each test file uses its own part")]
    pub(crate) fn get(&self, target: &str) -> (String, Vec<u8>) {
        let request = format!(
            "GET {target} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n\r\n",
            self.address,
            self.token()
        );
        self.exchange(request.as_bytes())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.stop.take().map(|stop| stop.send(()));
        let _ = self.thread.take().map(std::thread::JoinHandle::join);
    }
}

pub(crate) fn split(received: &[u8]) -> Option<(String, &[u8])> {
    let end = received.windows(4).position(|window| window == b"\r\n\r\n")?;
    Some((String::from_utf8_lossy(&received[..end]).to_ascii_lowercase(), &received[end + 4..]))
}

pub(crate) fn length_of(head: &str) -> Option<usize> {
    head.lines().find_map(|line| line.strip_prefix("content-length: "))?.parse().ok()
}
