//! Warns 30, 7, 1 and 0 days before a credential expires, once each.

use crate::time::Millis;

const DAY: u64 = 86_400_000;

/// Days before expiry at which a warning is due.
const WARNING_DAYS: &[u64] = &[30, 7, 1, 0];

/// A credential with a known expiry.
#[derive(Debug, Clone)]
pub struct ExpiringCredential {
    /// The caller's name for it: "clientSecret", "key", "certificate".
    pub name: String,
    /// When it expires, by the host's clock.
    pub at: Millis,
    /// How many of the warnings were given.
    warned: usize,
}

impl ExpiringCredential {
    /// A credential that expires at this time.
    #[must_use]
    pub const fn new(name: String, at: Millis) -> Self {
        Self { name, at, warned: 0 }
    }

    /// Whether a warning is due now. Marks it as given.
    pub fn is_due(&mut self, now: Millis) -> bool {
        let left = self.at.less(now);
        let reached = WARNING_DAYS.iter().take_while(|days| left.0 <= **days * DAY).count();
        let due = reached > self.warned;
        self.warned = self.warned.max(reached);
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_are_due_30_7_1_and_0_days_before_expiry() {
        let mut secret = ExpiringCredential::new("clientSecret".to_owned(), Millis(100 * DAY));
        let warned: Vec<u64> = (0..110).filter(|day| secret.is_due(Millis(day * DAY))).collect();
        assert_eq!(warned, [70, 93, 99, 100]);
    }

    #[test]
    fn late_start_gives_one_warning() {
        let mut secret = ExpiringCredential::new("key".to_owned(), Millis(5 * DAY));
        assert!(secret.is_due(Millis(0)));
        assert!(!secret.is_due(Millis(DAY)));
    }
}
