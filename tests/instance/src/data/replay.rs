//! An event log as a live table: each event happens when its time has come, in the order of the times, and is stamped by the
//! instance's own clock.

use std::sync::Arc;

use crate::store::{Full, Store};

use super::event_log::EventLog;
use super::load::Scribe;

/// A replay under way.
pub(crate) struct Replay {
    log: Arc<EventLog>,
    scribe: Scribe,
    /// Events in the order of their times, those of one time in the order of the file.
    order: Vec<u32>,
    next: usize,
    started: u64,
    first: i64,
    speed: f64,
}

impl Replay {
    /// Begins at `now` with the first event; `speed` is how many of the log's seconds pass in one.
    pub(crate) fn start(
        store: &mut Store,
        log: &Arc<EventLog>,
        speed: f64,
        user_name: &str,
        now: u64,
    ) -> Result<Self, Full> {
        let scribe = Scribe::of(store, log, user_name)?;
        let mut order: Vec<u32> = (0..).take(log.events.len()).collect();
        order.sort_by_key(|number| log.events.get(*number as usize).map_or(0, |event| event.at));
        let first = order.first().and_then(|number| log.events.get(*number as usize));
        Ok(Self {
            first: first.map_or(0, |event| event.at),
            log: Arc::clone(log),
            scribe,
            order,
            next: 0,
            started: now,
            speed,
        })
    }

    /// Lets every event happen that is due by `now`.
    pub(crate) fn advance(&mut self, store: &mut Store, now: u64) {
        while let Some(event) = self.order.get(self.next).and_then(|number| self.log.events.get(*number as usize)) {
            let since_first = u64::try_from(event.at - self.first).unwrap_or_default();
            let due = self.started.saturating_add((since_first as f64 * 1000.0 / self.speed) as u64);
            if due > now {
                break;
            }
            // A full store keeps the events it has; the replay ends there.
            if self.scribe.write(store, &self.log, event, Some(due)).is_err() {
                self.next = self.order.len();
                break;
            }
            self.next += 1;
        }
    }
}
