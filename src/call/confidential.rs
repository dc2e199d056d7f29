//! The secrets to redact from failures: those of the client and those of a call's requests.

use super::effect::CallId;
use super::machine::Client;
use super::pending_call::Purpose;
use crate::diagnose::{Secrets, from_form};
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
    pub fn secrets(&self, call: Option<CallId>) -> Secrets {
        let mut all = self.context.settings.grant.confidential();
        let granted = self.renewal.as_ref().and_then(|renewal| renewal.granted.as_ref());
        let tokens = [
            self.token_state.token(),
            self.token_state.refresh(),
            self.refused.as_ref(),
            self.renewal.as_ref().and_then(|renewal| renewal.sent_refresh.as_ref()),
            granted.map(|granted| &granted.token),
            granted.and_then(|granted| granted.refresh.as_ref()),
        ];
        all.extend(tokens.into_iter().flatten().cloned());
        if let Some(call) = self.calls.iter().find(|pending| Some(pending.id) == call) {
            all.extend(call.credentials.iter().cloned());
            if let Purpose::Request(request) = &call.purpose {
                from_form(&request.path, &mut all);
            }
        }
        Secrets::of(&all)
    }
}
