//! The practice instance for JavaScript: one class whose method takes a request and the time and returns the reply.

use serde::Deserialize;
use sysparm_instance::{Body, FILLER, Instance, Journey, Release, Reply, Request, Settings, Switches, WireFault};
use wasm_bindgen::prelude::{JsError, wasm_bindgen};

/// Rows of a table that a test can still wait for.
const MAX_ROWS: usize = 1_000_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    rows: usize,
    seed: u64,
    release: Option<Release>,
    #[serde(default)]
    switches: serde_json::Map<String, serde_json::Value>,
}

/// An instance in memory.
#[wasm_bindgen]
pub struct PracticeInstance {
    instance: Instance,
}

#[wasm_bindgen]
impl PracticeInstance {
    /// An instance that starts at `now` (milliseconds since 1970) with these options (JSON).
    ///
    /// # Errors
    /// When an option is unknown or out of range.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &str, host: &str, now: f64) -> Result<Self, JsError> {
        let Options { rows, seed, release, mut switches } = serde_json::from_str(options)?;
        if rows > MAX_ROWS {
            return Err(JsError::new(&format!("`rows` is {rows}. The most is {MAX_ROWS}.")));
        }
        if let Some(release) = release {
            switches.insert("release".into(), serde_json::to_value(release)?);
        }
        let switches =
            Switches::default().changed(&switches.into()).map_err(|error| JsError::new(&error.to_string()))?;
        let settings = Settings { rows, seed, switches, hosts: vec![host.into()], ..Settings::default() };
        Ok(Self { instance: Instance::new(settings, now as u64) })
    }

    /// Answers one request at `now`. `headers` has names and values in turns.
    pub fn handle(&mut self, method: &str, target: &str, headers: Vec<String>, body: Vec<u8>, now: f64) -> Answer {
        let mut request = Request::new(method, target);
        let mut headers = headers.into_iter();
        while let (Some(name), Some(value)) = (headers.next(), headers.next()) {
            request.headers.push((name, value));
        }
        request.body = body;
        let reply = self.instance.refusal_of_foreign(&request);
        Answer { reply: reply.unwrap_or_else(|| self.instance.handle(&request, now as u64)) }
    }
}

/// A reply and what happens to it on its way.
#[wasm_bindgen]
pub struct Answer {
    reply: Reply,
}

#[wasm_bindgen]
impl Answer {
    /// The status code.
    #[wasm_bindgen(getter)]
    pub fn status(&self) -> u16 {
        if self.reply.journey == Journey::Wire(WireFault::NoContentWithBody) { 204 } else { self.reply.status }
    }

    /// Names and values in turns.
    #[wasm_bindgen(getter)]
    pub fn headers(&self) -> Vec<String> {
        self.reply.all_headers().flat_map(|(name, value)| [name.to_owned(), value.to_owned()]).collect()
    }

    /// What arrives of the body; empty where it is a filler.
    #[wasm_bindgen(getter)]
    pub fn body(&self) -> Vec<u8> {
        let mut body = match &self.reply.body {
            Body::Whole(bytes) => bytes.clone(),
            Body::File(content) => content.read(0, usize::MAX).unwrap_or_default(),
            Body::Filler(_) => Vec::new(),
        };
        if let Journey::Truncated | Journey::Wire(WireFault::ResetInBody | WireFault::LengthTooSmall) =
            self.reply.journey
        {
            body.truncate(body.len() / 2);
        }
        body
    }

    /// The number of bytes of a body that is only the filler, repeated.
    #[wasm_bindgen(getter)]
    pub fn filler(&self) -> f64 {
        match self.reply.body {
            Body::Filler(length) => length as f64,
            Body::Whole(_) | Body::File(_) => 0.0,
        }
    }

    /// The processing time in milliseconds.
    #[wasm_bindgen(getter)]
    pub fn delay(&self) -> f64 {
        self.reply.delay_ms as f64
    }

    /// Whether no reply arrives: the connection ends, or an HTTP client refuses what comes.
    #[wasm_bindgen(getter)]
    pub fn lost(&self) -> bool {
        matches!(self.reply.journey, Journey::Dropped | Journey::Reset | Journey::Wire(WireFault::TwoLengths))
    }

    /// Whether the connection ends before the body does.
    #[wasm_bindgen(getter)]
    pub fn broken(&self) -> bool {
        use WireFault::{LengthTooLarge, ResetInBody, UnfinishedChunks, WrongChunkSize};
        let wire = |fault| matches!(fault, LengthTooLarge | ResetInBody | UnfinishedChunks | WrongChunkSize);
        match self.reply.journey {
            Journey::Truncated => true,
            Journey::Wire(fault) => wire(fault),
            Journey::Safe | Journey::Dropped | Journey::Reset | Journey::Slow(_) => false,
        }
    }

    /// The bytes that arrive per second, where the connection is slow.
    #[wasm_bindgen(getter)]
    pub fn rate(&self) -> Option<f64> {
        match self.reply.journey {
            Journey::Slow(rate) => Some(rate as f64),
            _ => None,
        }
    }
}

/// The text that a filler repeats.
#[wasm_bindgen]
pub fn filler() -> String {
    String::from_utf8_lossy(&FILLER).into_owned()
}
