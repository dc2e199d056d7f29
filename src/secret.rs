//! A text that cannot be printed: `Debug` writes `[redacted]`, there is no `Display`, and one function exposes it. Its memory is
//! overwritten on drop.

use core::fmt;

use zeroize::Zeroize;

/// A client secret, a password or a token. Deliberately without `Display`, `Serialize` and `PartialEq`.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Wraps a text.
    #[must_use]
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// The text itself. Reviewers check every use.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Compares in constant time for texts of equal length.
    #[must_use]
    pub fn is(&self, text: &str) -> bool {
        let differences = self.0.bytes().zip(text.bytes()).fold(0, |found, (a, b)| found | (a ^ b));
        self.0.len() == text.len() && differences == 0
    }
}

impl Drop for Secret {
    // Inlined at every drop it costs 1 KB compressed.
    #[inline(never)]
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_is_redacted() {
        let secret = Secret::new("s3cret".to_owned());
        assert_eq!(format!("{secret:?}"), "[redacted]");
    }

    #[test]
    fn comparison_matches_equal_text_only() {
        let secret = Secret::new("s3cret".to_owned());
        assert!(secret.is("s3cret"));
        assert!(!secret.is("s3cre"));
        assert!(!secret.is("s3cret2"));
        assert!(!secret.is("S3cret"));
    }
}
