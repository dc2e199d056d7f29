//! Replays an event log as a live table: each event happens at its time, in the order of the times, with timestamps of the
//! instance's clock.

use std::sync::Arc;

use crate::store::{Full, Store};

use super::event_log::EventLog;
use super::load::EventWriter;

/// A running replay.
pub(crate) struct Replay {
    log: Arc<EventLog>,
    writer: EventWriter,
    /// Events in the order of their times. Events of the same time are in the order of the file.
    order: Vec<u32>,
    next: usize,
    started: u64,
    first: i64,
    speed: f64,
}

impl Replay {
    /// Starts at `now` with the first event. `speed` is the number of the log's seconds per second.
    pub(crate) fn start(
        store: &mut Store,
        log: &Arc<EventLog>,
        speed: f64,
        user_name: &str,
        now: u64,
    ) -> Result<Self, Full> {
        let writer = EventWriter::of(store, log, user_name)?;
        let mut order: Vec<u32> = (0..).take(log.events.len()).collect();
        order.sort_by_key(|number| log.events.get(*number as usize).map_or(0, |event| event.at));
        let first = order.first().and_then(|number| log.events.get(*number as usize));
        Ok(Self {
            first: first.map_or(0, |event| event.at),
            log: Arc::clone(log),
            writer,
            order,
            next: 0,
            started: now,
            speed,
        })
    }

    /// Applies every event that is due by `now`.
    pub(crate) fn advance(&mut self, store: &mut Store, now: u64) {
        while let Some(event) = self.order.get(self.next).and_then(|number| self.log.events.get(*number as usize)) {
            let since_first = u64::try_from(event.at - self.first).unwrap_or_default();
            let due = self.started.saturating_add((since_first as f64 * 1000.0 / self.speed) as u64);
            if due > now {
                break;
            }
            // A full store keeps its events and ends the replay.
            if self.writer.write(store, &self.log, event, Some(due)).is_err() {
                self.next = self.order.len();
                break;
            }
            self.next += 1;
        }
    }
}
