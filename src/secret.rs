//! A secret cannot be printed: `Debug` says `[redacted]`, there is no `Display`, and one function shows it. When it is dropped
//! its memory is overwritten.

use core::fmt;

use zeroize::Zeroize;

/// A client secret, a password or a token. Deliberately without `Display`, `Serialize` and `PartialEq`.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Takes a text into keeping.
    #[must_use]
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// The text itself. Every use is a place that reviewers look at.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether this is the secret that the caller already knows; takes as long for a wrong text as for the right one.
    #[must_use]
    pub fn is(&self, text: &str) -> bool {
        let differences = self.0.bytes().zip(text.bytes()).fold(0, |found, (a, b)| found | (a ^ b));
        self.0.len() == text.len() && differences == 0
    }
}

impl Drop for Secret {
    // Once in the program instead of at every place where a secret ends: 1 KB compressed.
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
    fn a_printed_secret_says_nothing() {
        let secret = Secret::new("s3cret".to_owned());
        assert_eq!(format!("{secret:?}"), "[redacted]");
    }

    #[test]
    fn only_the_same_text_is_the_same_secret() {
        let secret = Secret::new("s3cret".to_owned());
        assert!(secret.is("s3cret"));
        assert!(!secret.is("s3cre"));
        assert!(!secret.is("s3cret2"));
        assert!(!secret.is("S3cret"));
    }
}
