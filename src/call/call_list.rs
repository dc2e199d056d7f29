//! The pending calls, sorted by start, found by id.

use std::ops::Deref;

use super::effect::CallId;
use super::pending_call::{CallStage, PendingCall};
use crate::time::Millis;

/// Ids grow, so the list is sorted and lookup is a binary search: thousands of calls may wait or be aborted at once. Boxed, so that
/// a removal moves pointers only.
#[derive(Debug, Default)]
#[expect(clippy::vec_box, reason = "removal from the middle moves all later elements")]
pub(super) struct CallList(Vec<Box<PendingCall>>);

impl CallList {
    pub(super) fn push(&mut self, call: PendingCall) {
        self.0.push(Box::new(call));
    }

    pub(super) fn of(&self, id: CallId) -> Option<&PendingCall> {
        self.place(id).and_then(|at| self.0.get(at)).map(Box::as_ref)
    }

    pub(super) fn of_mut(&mut self, id: CallId) -> Option<&mut PendingCall> {
        self.place(id).and_then(|at| self.0.get_mut(at)).map(Box::as_mut)
    }

    pub(super) fn take(&mut self, id: CallId) -> Option<Box<PendingCall>> {
        self.place(id).map(|at| self.0.remove(at))
    }

    pub(super) fn is_any_waiting(&self) -> bool {
        self.iter().any(|call| call.stage == CallStage::Waiting)
    }

    /// The calls that wait for a token.
    pub(super) fn waiting(&self) -> Vec<CallId> {
        let waits = |call: &PendingCall| call.stage == CallStage::Waiting && call.wants_token();
        self.iter().filter(|call| waits(call)).map(|call| call.id).collect()
    }

    /// Calls that waited for the end of a pause now wait for a renewal that begins.
    pub(super) fn restart_waiting(&mut self, deadline: Millis) {
        for call in self.0.iter_mut().filter(|call| call.stage == CallStage::Waiting) {
            call.deadline = deadline;
        }
    }

    /// Compares ids relative to the oldest, because ids wrap around.
    fn place(&self, id: CallId) -> Option<usize> {
        let first = self.0.first()?.id.0;
        let age = |number: u32| number.wrapping_sub(first);
        self.0.binary_search_by_key(&age(id.0), |call| age(call.id.0)).ok()
    }
}

impl Deref for CallList {
    type Target = [Box<PendingCall>];

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::call::pending_call::Purpose;

    fn call(id: u32) -> PendingCall {
        PendingCall {
            id: CallId(id),
            purpose: Purpose::SignOut,
            stage: CallStage::Waiting,
            began: Millis(0),
            stream: 0,
            deadline: Millis(0),
            attempts: 0,
            refusals: 0,
            renewed: false,
            resent: false,
            credentials: vec![],
        }
    }

    proptest! {
        #[test]
        fn call_is_found_by_id_until_it_is_taken(
            first in prop_oneof![0_u32..10, u32::MAX - 40..u32::MAX], steps in prop::collection::vec((1_u32..5, any::<bool>()), 1..60),
        ) {
            let (mut calls, mut expected, mut id) = (CallList::default(), vec![], first);
            for (step, takes) in steps {
                if takes && !expected.is_empty() {
                    let taken = expected.remove(step as usize % expected.len());
                    prop_assert_eq!(calls.take(CallId(taken)).map(|call| call.id), Some(CallId(taken)));
                    prop_assert!(calls.of(CallId(taken)).is_none() && calls.take(CallId(taken)).is_none());
                }
                id = id.wrapping_add(step);
                calls.push(call(id));
                expected.push(id);
                prop_assert_eq!(calls.iter().map(|call| call.id.0).collect::<Vec<_>>(), expected.clone());
                prop_assert!(expected.iter().all(|id| calls.of_mut(CallId(*id)).is_some_and(|call| call.id.0 == *id)));
            }
        }
    }
}
