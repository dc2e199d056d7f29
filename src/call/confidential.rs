//! What no failure may repeat: every secret that the client holds, and those that a call has shown.

use super::effect::CallId;
use super::machine::Client;
use super::pending_call::Purpose;
use crate::diagnose::{Secrets, from_form};
use crate::secret::Secret;

impl Client {
    /// The value of a header that the call's own caller has given, and that shows who is asking.
    pub fn shows(&mut self, call: CallId, value: &str) {
        if let Some(call) = self.calls.iter_mut().find(|under_way| under_way.id == call) {
            call.shown.push(Secret::new(value.to_owned()));
        }
    }

    /// Everything that what is told of this call may not hold; without a call, of a request for a token.
    #[must_use]
    pub fn secrets(&self, call: Option<CallId>) -> Secrets {
        let mut all = self.settings.grant.confidential();
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
        if let Some(call) = self.calls.iter().find(|under_way| Some(under_way.id) == call) {
            all.extend(call.shown.iter().cloned());
            if let Purpose::Request(request) = &call.purpose {
                from_form(&request.path, &mut all);
            }
        }
        Secrets::of(&all)
    }
}
