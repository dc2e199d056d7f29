//! Chance is an argument: the host gives one seed, and everything that must differ from run to run follows from it.

/// A small generator (splitmix64). It spreads renewals and names assertions; it makes no secret.
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    /// From the host's randomness.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}
