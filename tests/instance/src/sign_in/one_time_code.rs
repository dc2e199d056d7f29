//! Time-based one-time codes (RFC 6238): six digits from a shared secret and the current half minute, as authenticator
//! applications show them. The half minutes before and after count too, because clocks differ (section 5.2).

use hmac::{Hmac, Mac};
use sha1::Sha1;

const STEP_MS: u64 = 30_000;
pub(super) const DIGITS: usize = 6;

/// Whether a code is valid at this time. The secret is in base32, as the enrolment page shows it.
pub(super) fn is_valid(secret: &str, code: &str, now: u64) -> bool {
    let Some(secret) = from_base32(secret).filter(|secret| !secret.is_empty()) else {
        return false;
    };
    let step = now / STEP_MS;
    [step.saturating_sub(1), step, step.saturating_add(1)].iter().any(|step| of_step(&secret, *step) == code)
}

/// RFC 4226 section 5.3.
fn of_step(secret: &[u8], step: u64) -> String {
    let Ok(mut code) = Hmac::<Sha1>::new_from_slice(secret) else {
        return String::new();
    };
    code.update(&step.to_be_bytes());
    let digest = code.finalize().into_bytes();
    let offset = usize::from(digest.last().copied().unwrap_or_default() & 0x0f);
    let four = digest.iter().skip(offset).take(4).fold(0, |number: u32, byte| number << 8 | u32::from(*byte));
    format!("{:0width$}", (four & 0x7fff_ffff) % 1_000_000, width = DIGITS)
}

/// RFC 4648 section 6; padding and blanks between groups are skipped.
fn from_base32(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 5 / 8);
    let (mut bits, mut held) = (0_u32, 0_u32);
    for letter in text.bytes().filter(|letter| !matches!(letter, b'=' | b' ')) {
        let value = match letter.to_ascii_uppercase() {
            letter @ b'A'..=b'Z' => letter - b'A',
            digit @ b'2'..=b'7' => digit - b'2' + 26,
            _ => return None,
        };
        held = (held << 5 | u32::from(value)) & 0xfff;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits & 0xff) as u8);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::{from_base32, is_valid, of_step};

    /// RFC 6238 appendix B; its codes of eight digits end in those of six.
    #[test]
    fn codes_match_the_rfc() {
        let secret = b"12345678901234567890";
        for (seconds, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")]
        {
            assert_eq!(of_step(secret, seconds / 30), code, "{seconds}");
        }
    }

    #[test]
    fn code_is_valid_for_its_half_minute_and_the_adjacent_two() {
        let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        for (seconds, valid) in [(0, true), (29, true), (59, true), (89, true), (90, false)] {
            assert_eq!(is_valid(secret, "287082", seconds * 1000), valid, "{seconds}");
        }
        assert!(!is_valid("", "287082", 59_000) && !is_valid("not base32!", "287082", 59_000));
    }

    #[test]
    fn base32_matches_the_rfc() {
        assert_eq!(from_base32("MZXW6YTB OI======"), Some(b"foobar".to_vec()));
        assert_eq!(from_base32("mzxw6"), Some(b"foo".to_vec()));
        assert_eq!(from_base32("1"), None);
    }
}
