//! Credentials die too: says ahead which one, and when, once at each of four distances.

use crate::time::Millis;

const DAY: u64 = 86_400_000;

/// Days ahead at which a credential's end is told.
const DISTANCES: [u64; 4] = [30, 7, 1, 0];

/// A credential whose end is known.
#[derive(Debug, Clone)]
pub struct Expiring {
    /// As its owner calls it: "clientSecret", "key", "certificate".
    pub name: String,
    /// When it ends, by the host's clock.
    pub at: Millis,
    /// The distances that were told already.
    told: usize,
}

impl Expiring {
    /// A credential that ends then.
    #[must_use]
    pub const fn new(name: String, at: Millis) -> Self {
        Self { name, at, told: 0 }
    }

    /// Whether its end is to be told now: it has come within a distance that was not told yet.
    pub fn is_due(&mut self, now: Millis) -> bool {
        let left = self.at.less(now);
        let reached = DISTANCES.iter().take_while(|days| left.0 <= **days * DAY).count();
        let due = reached > self.told;
        self.told = self.told.max(reached);
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_credential_is_told_30_7_and_1_day_ahead_and_when_it_has_come() {
        let mut secret = Expiring::new("clientSecret".to_owned(), Millis(100 * DAY));
        let told: Vec<u64> = (0..110).filter(|day| secret.is_due(Millis(day * DAY))).collect();
        assert_eq!(told, [70, 93, 99, 100]);
    }

    #[test]
    fn a_program_that_starts_late_tells_it_once_and_not_for_every_distance_passed() {
        let mut secret = Expiring::new("key".to_owned(), Millis(5 * DAY));
        assert!(secret.is_due(Millis(0)));
        assert!(!secret.is_due(Millis(DAY)));
    }
}
