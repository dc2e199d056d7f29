//! Time is an argument. Nothing in this crate reads a clock.

pub mod calendar;

use core::ops::Add;

/// Milliseconds since 1970-01-01 UTC, or a length of time in milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Millis(pub u64);

impl Millis {
    /// Later than everything.
    pub const NEVER: Self = Self(u64::MAX);

    /// A length of time in whole seconds.
    #[must_use]
    pub const fn from_seconds(seconds: u64) -> Self {
        Self(seconds.saturating_mul(1000))
    }

    /// The time `length` before this one, at least zero.
    #[must_use]
    pub const fn less(self, length: Self) -> Self {
        Self(self.0.saturating_sub(length.0))
    }
}

impl Add for Millis {
    type Output = Self;

    fn add(self, length: Self) -> Self {
        Self(self.0.saturating_add(length.0))
    }
}
