//! What all parts of the client share: settings, time, randomness, and the effects that are due.

use std::collections::VecDeque;

use super::clock::Clock;
use super::effect::{CallId, Effect, EffectId};
use super::event::ClientEvent;
use super::pending_call::PendingSleep;
use super::settings::ClientSettings;
use crate::auth::Random;
use crate::diagnose::Failure;
use crate::time::Millis;

#[derive(Debug)]
pub(super) struct Context {
    pub(super) settings: ClientSettings,
    pub(super) random: Random,
    clock: Clock,
    due: VecDeque<Effect>,
    sleeping: Option<PendingSleep>,
    last_id: u32,
}

impl Context {
    pub(super) fn new(settings: ClientSettings) -> Self {
        let random = Random::new(settings.seed);
        Self { settings, random, clock: Clock::default(), due: VecDeque::new(), sleeping: None, last_id: 0 }
    }

    /// Reads the host's clock, which shows `now`, and returns the machine's own time.
    pub(super) fn observe(&mut self, now: Millis) -> Millis {
        self.clock.observe(now)
    }

    pub(super) const fn time(&self) -> Millis {
        self.clock.time()
    }

    pub(super) const fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The host's time.
    pub(super) fn host_time(&self) -> Millis {
        self.clock.host(self.clock.time())
    }

    /// Calls and effects share their numbers.
    pub(super) const fn next_id(&mut self) -> u32 {
        self.last_id = self.last_id.wrapping_add(1);
        self.last_id
    }

    pub(super) const fn next_effect(&mut self) -> EffectId {
        EffectId(self.next_id())
    }

    // Not inlined: an effect is large, and moving it takes many instructions.
    #[inline(never)]
    pub(super) fn push(&mut self, effect: Effect) {
        self.due.push_back(effect);
    }

    pub(super) fn pop(&mut self) -> Option<Effect> {
        self.due.pop_front()
    }

    /// Cancels an effect that has started, or removes one that has not.
    pub(super) fn cancel(&mut self, effect: EffectId) {
        self.due.retain(|due| due.id() != Some(effect));
        self.push(Effect::Cancel { id: effect });
    }

    /// Removes the end of a call that the host has not seen.
    pub(super) fn drop_finish(&mut self, call: CallId) {
        self.due.retain(|due| !matches!(due, Effect::Finish { call: finished, .. } if *finished == call));
    }

    pub(super) fn drop_all(&mut self) {
        self.due.clear();
    }

    pub(super) fn emit(
        &mut self,
        name: &'static str,
        detail: Option<String>,
        until: Option<Millis>,
        failure: Option<Box<Failure>>,
    ) {
        let at = self.host_time();
        self.push(Effect::Emit(ClientEvent { name, at, detail, until, failure }));
    }

    /// Reports the credentials that expire soon, once for each warning.
    pub(super) fn warn_of_credentials(&mut self) {
        let host = self.host_time();
        let due: Vec<(String, Millis)> = self
            .settings
            .expiring
            .iter_mut()
            .filter_map(|credential| credential.is_due(host).then(|| (credential.name.clone(), credential.at)))
            .collect();
        for (name, at) in due {
            self.emit("credential.expiring", Some(name), Some(at), None);
        }
    }

    /// The effect that makes the host wait until then, if it does not do so already. In the background no call waits, so the timer
    /// must not keep a process alive.
    pub(super) fn sleep(&mut self, until: Millis, background: bool) -> Option<Effect> {
        match self.sleeping {
            Some(PendingSleep { id, .. }) if until == Millis::NEVER => {
                self.sleeping = None;
                Some(Effect::Cancel { id })
            }
            Some(sleeping) if self.clock.serves(&sleeping, until, background) => None,
            _ if until == Millis::NEVER => None,
            _ => {
                let id = self.next_effect();
                let sleeping = self.clock.sleep(id, until, background);
                self.sleeping = Some(sleeping);
                let length = sleeping.until.less(self.clock.time());
                Some(Effect::Sleep { id, length, background })
            }
        }
    }

    /// Records the end of a sleep. False if the effect is none.
    pub(super) fn slept(&mut self, id: EffectId, now: Millis) -> bool {
        let sleeping = self.sleeping.take_if(|sleeping| sleeping.id == id);
        if let Some(sleeping) = &sleeping {
            self.clock.slept(sleeping, now);
        }
        sleeping.is_some()
    }
}
