//! Chooses the next call: interactive calls before bulk reading, without starving bulk reading. Among readings the one with the fewest
//! requests in flight comes first.

use std::collections::VecDeque;

use super::Class;

/// The bound of the queue. Further calls are refused.
pub const MOST_WAITING: usize = 10_000;

/// The number of interactive calls in a row before one page of a waiting reading.
const IN_A_ROW: u8 = 7;

/// A call that is queued or in flight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ticket {
    /// The call.
    pub id: u32,
    /// Its priority.
    pub class: Class,
    /// The pages of one reading share a stream.
    pub stream: u32,
    /// The requested resource, as rate limit rules distinguish it.
    pub resource: u32,
}

/// The waiting calls, in the order of arrival.
#[derive(Debug, Default)]
pub struct Queue {
    interactive: VecDeque<Ticket>,
    bulk: VecDeque<Ticket>,
    in_a_row: u8,
}

impl Queue {
    /// The number of waiting calls.
    #[must_use]
    pub fn len(&self) -> usize {
        self.interactive.len() + self.bulk.len()
    }

    /// Whether no call waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether an interactive call waits.
    #[must_use]
    pub fn has_interactive(&self) -> bool {
        !self.interactive.is_empty()
    }

    /// Queues a call. False if the queue is full.
    pub fn push(&mut self, ticket: Ticket) -> bool {
        let has_capacity = self.len() < MOST_WAITING;
        if has_capacity {
            self.line(ticket.class).push_back(ticket);
        }
        has_capacity
    }

    /// Removes a call.
    pub fn remove(&mut self, id: u32) -> Option<Ticket> {
        for class in [Class::Interactive, Class::Bulk] {
            let line = self.line(class);
            // Most calls are queued in the order of their ids. Repeated calls are not.
            let sorted = line.binary_search_by_key(&id, |ticket| ticket.id).ok();
            if let Some(at) = sorted.or_else(|| line.iter().position(|ticket| ticket.id == id)) {
                return line.remove(at);
            }
        }
        None
    }

    /// Takes the next call that `may` start. `out` returns the number of a stream's requests in flight.
    pub fn take(&mut self, may: &mut dyn FnMut(&Ticket) -> bool, out: &dyn Fn(u32) -> usize) -> Option<Ticket> {
        let bulk_is_due = self.in_a_row >= IN_A_ROW && !self.bulk.is_empty();
        let order = if bulk_is_due { [Class::Bulk, Class::Interactive] } else { [Class::Interactive, Class::Bulk] };
        for class in order {
            let line = self.line(class);
            let mut best: Option<(usize, usize)> = None;
            for (at, ticket) in line.iter().enumerate() {
                if best.is_some_and(|(least, _)| least == 0 || class == Class::Interactive) {
                    break;
                }
                if may(ticket) {
                    let load = if class == Class::Bulk { out(ticket.stream) } else { 0 };
                    if best.is_none_or(|(least, _)| load < least) {
                        best = Some((load, at));
                    }
                }
            }
            if let Some((_, at)) = best {
                let ticket = line.remove(at);
                self.in_a_row = if class == Class::Bulk { 0 } else { self.in_a_row.saturating_add(1) };
                return ticket;
            }
        }
        None
    }

    /// Takes the first interactive call that is not worth queueing.
    pub fn take_rejected(&mut self, is_rejected: &dyn Fn(&Ticket) -> bool) -> Option<Ticket> {
        let at = self.interactive.iter().position(is_rejected)?;
        self.interactive.remove(at)
    }

    fn line(&mut self, class: Class) -> &mut VecDeque<Ticket> {
        match class {
            Class::Interactive => &mut self.interactive,
            Class::Bulk => &mut self.bulk,
        }
    }
}
