//! Who is next: interactive calls before bulk reading, but never bulk reading never; among readers the one with the least out.

use std::collections::VecDeque;

use super::Class;

/// More callers than this at once are turned away: the queue has a bound.
pub const MOST_WAITING: usize = 10_000;

/// So many interactive calls in a row, and then one page for a reader that waits.
const IN_A_ROW: u8 = 7;

/// One caller before the gate, or past it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ticket {
    /// The call.
    pub id: u32,
    /// Whether somebody waits for it.
    pub class: Class,
    /// Whose call it is: the pages of one reading share a stream.
    pub stream: u32,
    /// What it asks for, as rate-limit rules see it.
    pub resource: u32,
}

/// Those who wait, in the order in which they came.
#[derive(Debug, Default)]
pub struct Queue {
    interactive: VecDeque<Ticket>,
    bulk: VecDeque<Ticket>,
    in_a_row: u8,
}

impl Queue {
    /// How many wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.interactive.len() + self.bulk.len()
    }

    /// Whether nobody waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether an interactive call waits.
    #[must_use]
    pub fn has_interactive(&self) -> bool {
        !self.interactive.is_empty()
    }

    /// Stands in line; false when the line is too long.
    pub fn push(&mut self, ticket: Ticket) -> bool {
        let room = self.len() < MOST_WAITING;
        if room {
            self.line(ticket.class).push_back(ticket);
        }
        room
    }

    /// Leaves the line.
    pub fn remove(&mut self, id: u32) -> Option<Ticket> {
        for class in [Class::Interactive, Class::Bulk] {
            let line = self.line(class);
            // Most came in the order of their numbers; what was sent before and stands in line again did not.
            let sorted = line.binary_search_by_key(&id, |ticket| ticket.id).ok();
            if let Some(at) = sorted.or_else(|| line.iter().position(|ticket| ticket.id == id)) {
                return line.remove(at);
            }
        }
        None
    }

    /// Takes the next one that `may` go. `out` says how many requests of a stream are out.
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

    /// Takes the first interactive call for which there is no use in waiting.
    pub fn take_hopeless(&mut self, hopeless: &dyn Fn(&Ticket) -> bool) -> Option<Ticket> {
        let at = self.interactive.iter().position(hopeless)?;
        self.interactive.remove(at)
    }

    fn line(&mut self, class: Class) -> &mut VecDeque<Ticket> {
        match class {
            Class::Interactive => &mut self.interactive,
            Class::Bulk => &mut self.bulk,
        }
    }
}
