//! The doctor, for JavaScript: options, asks, findings and the report cross as JSON text, a few dozen times in all; replies as they are.

use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use super::thrown::{thrown, unknown_code};
use crate::code::Code;
use crate::diagnose::{Secrets, from_header};
use crate::doctor::{Doctor, ExaminationOptions, ProbeOutcome};
use crate::protocol::UnreadReply;
use crate::secret::Secret;
use crate::time::Millis;

/// A pending examination.
#[wasm_bindgen(js_name = Doctor)]
pub struct WasmDoctor(Doctor);

#[wasm_bindgen(js_class = Doctor)]
impl WasmDoctor {
    /// Throws the first invalid option.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &str) -> Result<Self, JsValue> {
        let invalid = |reason: &dyn core::fmt::Display| thrown(Code::OPTIONS_TYPE, &reason.to_string());
        let options: ExaminationOptions = serde_json::from_str(options).map_err(|error| invalid(&error))?;
        Doctor::new(options).map(Self).map_err(|error| invalid(&error))
    }

    /// The next request; `undefined` while one is pending and at the end.
    pub fn poll(&mut self, now: f64) -> Option<String> {
        serde_json::to_string(&self.0.poll(millis(now))?).ok()
    }

    /// Reports a readable reply: its status, its headers as lines of name and value, and the beginning of its body.
    pub fn replied(&mut self, id: u32, status: u16, headers: &str, body: String, now: f64) {
        let pairs = headers.lines().filter_map(|line| line.split_once(": "));
        let headers = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        self.0.resume(id, &ProbeOutcome::Reply { status, headers, body }, millis(now));
    }

    /// Reports that there is no readable reply, with a code of [`UnreadReply`] and the platform's reason. Throws an unknown code.
    pub fn unread(&mut self, id: u32, how: u8, reason: String, now: f64) -> Result<(), JsValue> {
        let outcome = match UnreadReply::try_from(how).map_err(unknown_code)? {
            UnreadReply::Answered => ProbeOutcome::Answered,
            UnreadReply::Redirected => ProbeOutcome::Redirected,
            UnreadReply::TimedOut => ProbeOutcome::TimedOut,
            UnreadReply::NoReply => ProbeOutcome::NoReply { reason },
        };
        self.0.resume(id, &outcome, millis(now));
        Ok(())
    }

    /// The text with these secrets redacted, each terminated by a NUL; `undefined` if it holds none.
    #[must_use]
    pub fn masked(&self, secrets: String, text: &str) -> Option<String> {
        let (secrets, mut all) = (Secret::new(secrets), vec![]);
        for secret in secrets.expose().split_terminator('\0') {
            all.push(Secret::new(secret.to_owned()));
            from_header(secret, &mut all);
        }
        Secrets::of(&all).masked(text)
    }

    /// The findings since the previous call, as a JSON list.
    pub fn findings(&mut self) -> String {
        serde_json::to_string(&self.0.findings()).unwrap_or_default()
    }

    /// The report as JSON.
    #[must_use]
    pub fn report(&self) -> String {
        self.0.report().json()
    }

    /// The report as Markdown.
    #[must_use]
    pub fn markdown(&self) -> String {
        self.0.report().markdown()
    }
}

/// A JavaScript time in whole milliseconds; times before 1970 become 0.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast from a float saturates")]
const fn millis(now: f64) -> Millis {
    Millis(now as u64)
}
