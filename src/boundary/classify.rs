//! Diagnoses of exchanges that other programs made, for JavaScript: texts and numbers in, texts out.

use wasm_bindgen::prelude::wasm_bindgen;

use crate::diagnose::{Diagnosis, Ending, Observed, Retry, classify_observed};
use crate::request::{Body, Headers, Reply};
use crate::time::Millis;

/// Exchanges, oldest first; the last one is diagnosed.
#[wasm_bindgen(js_name = Classifier)]
#[derive(Default)]
pub struct WasmClassifier(Vec<Observed>);

#[wasm_bindgen(js_class = Classifier)]
impl WasmClassifier {
    /// A list without exchanges.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a request, its headers as lines. It counts as unreachable until its end is reported.
    pub fn sent(
        &mut self,
        method: String,
        path: String,
        headers: &str,
        body: Option<String>,
        at: f64,
        duration: Option<f64>,
    ) {
        let pairs = headers.lines().filter_map(|line| line.split_once(": "));
        let headers = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let (at, duration) = (millis(at), duration.map(millis));
        self.0.push(Observed { method, path, headers, body, ending: Ending::Unreachable, at, duration });
    }

    /// Adds the reply to the last request; the body is absent if it is not known.
    pub fn replied(&mut self, status: u16, headers: &str, body: Option<String>) {
        let body = body.map_or(Body::Untouched, Body::Text);
        self.end(Ending::Reply(Reply { status, headers: Headers::from_lines(headers), body }));
    }

    /// Reports that the last request got no reply: 1 timeout, 2 blocked by the browser, 3 unreachable from a page, 4 mixed content,
    /// any other number unknown.
    pub fn unanswered(&mut self, how: u8) {
        self.end(match how {
            1 => Ending::TimedOut,
            2 => Ending::Unreadable,
            3 => Ending::Silent,
            4 => Ending::MixedContent,
            _ => Ending::Unreachable,
        });
    }

    /// The diagnosis: code, title, kind, retry and its delay in milliseconds, the number of causes, the code and percentage of each
    /// cause, then the evidence. Empty without an exchange.
    #[must_use]
    pub fn diagnosed(&self) -> Vec<String> {
        self.0
            .split_last()
            .map(|(last, earlier)| diagnosis_texts(&classify_observed(last, earlier)))
            .unwrap_or_default()
    }

    fn end(&mut self, ending: Ending) {
        if let Some(last) = self.0.last_mut() {
            last.ending = ending;
        }
    }
}

fn diagnosis_texts(diagnosis: &Diagnosis) -> Vec<String> {
    let after = match diagnosis.retry {
        Retry::After(after) => after.0.to_string(),
        _ => String::new(),
    };
    let head = [diagnosis.code, diagnosis.title, diagnosis.kind.as_str(), diagnosis.retry.as_str(), &after];
    let mut out: Vec<String> = head.into_iter().map(str::to_owned).collect();
    out.push(diagnosis.causes.len().to_string());
    for cause in diagnosis.causes {
        out.extend([cause.code.to_owned(), cause.percent.to_string()]);
    }
    out.extend(diagnosis.evidence.iter().cloned());
    out
}

/// A JavaScript time in whole milliseconds; times before 1970 become 0.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast from a float saturates")]
const fn millis(now: f64) -> Millis {
    Millis(now as u64)
}
