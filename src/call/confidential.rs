//! The secrets to redact from failures: those of the client and those of a call's requests.

use super::effect::CallId;
use super::machine::Client;
use super::pending_call::Purpose;
use crate::diagnose::from_form;
use crate::secret::Secret;

impl Client {
    /// Records a header of the caller that authenticates the request.
    pub fn shows(&mut self, call: CallId, value: &str) {
        if let Some(call) = self.calls.iter_mut().find(|pending| pending.id == call) {
            call.credentials.push(Secret::new(value.to_owned()));
        }
    }

    /// The secrets that no report about this call may hold; without a call, no report about a token request.
    #[must_use]
    pub fn secrets(&self, call: Option<CallId>) -> Vec<Secret> {
        let mut all = self.tokens.confidential(&self.context);
        all.extend(self.renewal.confidential().cloned());
        if let Some(call) = self.calls.iter().find(|pending| Some(pending.id) == call) {
            all.extend(call.credentials.iter().cloned());
            if let Purpose::Request(request) = &call.purpose {
                from_form(&request.path, &mut all);
            }
        }
        all
    }
}
