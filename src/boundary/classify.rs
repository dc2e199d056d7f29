//! Diagnoses of exchanges that other programs made, for JavaScript: texts and numbers in, texts out.

use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use super::thrown::unknown_code;
use crate::diagnose::{
    Diagnosis, Ending, Facts, Failure, Observed, Retry, Secrets, Stage, classify_observed, diagnose, explain_exchange,
    unlisted,
};
use crate::protocol::{CauseText, DiagnosisText, TransportFailure};
use crate::request::{Body, Headers, Method, Reply};
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

    /// Reports that the last request got no reply, with a code of [`TransportFailure`]. Throws an unknown one.
    pub fn unanswered(&mut self, how: u8) -> Result<(), JsValue> {
        self.end(match TransportFailure::try_from(how).map_err(unknown_code)? {
            TransportFailure::Unreachable => Ending::Unreachable,
            TransportFailure::TimedOut => Ending::TimedOut,
            TransportFailure::Unreadable => Ending::Unreadable,
            TransportFailure::Silent => Ending::Silent,
            TransportFailure::MixedContent => Ending::MixedContent,
        });
        Ok(())
    }

    /// The diagnosis, in the places of [`DiagnosisText`]. Empty without an exchange.
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

/// Explains a failed exchange as a client has printed it: the message, then the texts of [`WasmClassifier::diagnosed`]. `own` is
/// evidence of the client itself. Empty for any other text.
#[wasm_bindgen(js_name = explainExchange)]
#[must_use]
pub fn explain_failed_exchange(exchange: &str, own: Vec<String>) -> Vec<String> {
    explain_exchange(exchange, own).map(|failure| failure_texts(&failure)).unwrap_or_default()
}

/// Explains a reply inside another one, as if it had come alone, without the secrets that a client has printed as a list: the
/// texts of [`explain_failed_exchange`].
#[wasm_bindgen(js_name = explainReply)]
#[must_use]
pub fn explain_reply(
    secrets: &str,
    method: &str,
    path: &str,
    status: u16,
    headers: &str,
    text: String,
    now: f64,
) -> Vec<String> {
    let reply = Reply { status, headers: Headers::from_lines(headers), body: Body::Text(text) };
    let method = Method::parse(method).unwrap_or(Method::Post);
    let facts = Facts { stage: Stage::Api, method, path, outcome: Ok(&reply) };
    let mut failure = diagnose(&facts, 1, millis(now));
    failure.hide(&unlisted(secrets));
    failure_texts(&failure)
}

/// Redacts secrets, which a client has printed as a list, from texts.
#[wasm_bindgen(js_name = Redaction)]
#[derive(Debug)]
pub struct WasmRedaction(Secrets);

#[wasm_bindgen(js_class = Redaction)]
impl WasmRedaction {
    /// For these secrets.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(secrets: &str) -> Self {
        Self(Secrets::of(&unlisted(secrets)))
    }

    /// The text with the secrets redacted; `undefined` if it holds none.
    #[must_use]
    pub fn masked(&self, text: &str) -> Option<String> {
        self.0.masked(text)
    }
}

fn failure_texts(failure: &Failure) -> Vec<String> {
    [vec![failure.message()], diagnosis_texts(&failure.diagnosis)].concat()
}

fn diagnosis_texts(diagnosis: &Diagnosis) -> Vec<String> {
    let mut texts = vec![];
    for place in DiagnosisText::ALL {
        let text = match place {
            DiagnosisText::Code => diagnosis.code.as_str().to_owned(),
            DiagnosisText::Title => diagnosis.title.to_owned(),
            DiagnosisText::Kind => diagnosis.kind.as_str().to_owned(),
            DiagnosisText::Retry => diagnosis.retry.as_str().to_owned(),
            DiagnosisText::RetryAfterMs => match diagnosis.retry {
                Retry::After(after) => after.0.to_string(),
                _ => String::new(),
            },
            DiagnosisText::CauseCount => diagnosis.causes.len().to_string(),
            DiagnosisText::Causes => {
                for cause in diagnosis.causes {
                    texts.extend(CauseText::ALL.iter().map(|place| match place {
                        CauseText::Code => cause.code.to_owned(),
                        CauseText::Percent => cause.percent.to_string(),
                    }));
                }
                texts.extend(diagnosis.evidence.iter().cloned());
                continue;
            }
        };
        texts.push(text);
    }
    texts
}

/// A JavaScript time in whole milliseconds; times before 1970 become 0.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast from a float saturates")]
const fn millis(now: f64) -> Millis {
    Millis(now as u64)
}
