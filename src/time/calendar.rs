//! Parses and prints instants without time zones: the platform's `yyyy-MM-dd HH:mm:ss`, which is UTC, and the dates of HTTP.
//!
//! Instants are whole seconds since 1970, the resolution of both formats.

const MONTHS: &str = "janfebmaraprmayjunjulaugsepoctnovdec";

/// Parses a raw date-time of the platform. None for any other text.
#[must_use]
pub fn from_stamp(text: &str) -> Option<u64> {
    let bytes = text.as_bytes();
    let separated = [(4, b'-'), (7, b'-'), (10, b' '), (13, b':'), (16, b':')];
    if bytes.len() != 19 || separated.iter().any(|(at, separator)| bytes.get(*at) != Some(separator)) {
        return None;
    }
    let part = |from: usize, to: usize| number(bytes.get(from..to)?);
    seconds([part(0, 4)?, part(5, 7)?, part(8, 10)?, part(11, 13)?, part(14, 16)?, part(17, 19)?])
}

/// Prints an instant as the platform writes it. Years end at 9999.
#[must_use]
pub fn stamp(seconds: u64) -> String {
    let (days, time) = (seconds / 86_400, seconds % 86_400);
    let (year, month, day) = civil(days.min(2_932_896));
    let mut text = String::with_capacity(19);
    push_padded(&mut text, year / 100, '\0');
    push_padded(&mut text, year % 100, '-');
    push_padded(&mut text, month, '-');
    push_padded(&mut text, day, ' ');
    push_padded(&mut text, time / 3600, ':');
    push_padded(&mut text, time / 60 % 60, ':');
    push_padded(&mut text, time % 60, '\0');
    text
}

/// Parses an HTTP date in any of its three forms (RFC 9110 section 5.6.7). The weekday is ignored.
#[must_use]
pub fn from_http_date(text: &str) -> Option<u64> {
    let mut numbers = [0; 5];
    let (mut count, mut month) = (0, None);
    for word in text.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        if let Some(number) = number(word.as_bytes()) {
            *numbers.get_mut(count)? = number;
            count += 1;
        } else if month.is_none()
            && let Some(name) = word.get(..3)
            && let Some(at) = MONTHS.as_bytes().chunks(3).position(|month| month.eq_ignore_ascii_case(name.as_bytes()))
        {
            month = Some(at as u64 + 1);
        }
    }
    // The asctime() form has the year at its end.
    let [day, year, hour, minute, second] = match numbers {
        _ if count < 5 => return None,
        [day, hour, minute, second, year] if year > 99 => [day, year, hour, minute, second],
        in_order => in_order,
    };
    let year = match year {
        0..=69 => year + 2000,
        70..=99 => year + 1900,
        _ => year,
    };
    seconds([year, month?, day, hour, minute, second])
}

fn number(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() || digits.len() > 4 {
        return None;
    }
    digits.iter().try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + u64::from(byte - b'0')))
}

fn push_padded(text: &mut String, number: u64, then: char) {
    for digit in [number / 10, number % 10] {
        text.push(char::from(b'0' + (digit % 10) as u8));
    }
    if then != '\0' {
        text.push(then);
    }
}

fn seconds([year, month, day, hour, minute, second]: [u64; 6]) -> Option<u64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 => 28 + u64::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    // A leap second counts as the second before it.
    if year < 1970 || !(1..=length).contains(&day) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    Some(days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second.min(59))
}

/// Days since 1970. Counts years from March, so that the leap day is the last day of a year.
const fn days(year: u64, month: u64, day: u64) -> u64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year / 400, year % 400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

const fn civil(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = era * 400 + year + if month <= 2 { 1 } else { 0 };
    (year, month, of_year - (153 * shifted + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn http_date_has_three_forms_of_one_instant() {
        for text in ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"] {
            assert_eq!(from_http_date(text), Some(784_111_777), "{text}");
        }
        assert_eq!(from_http_date("Wed, 29 Feb 2024 23:59:60 GMT"), Some(1_709_251_199));
        assert_eq!(from_http_date("Thu, 29 Feb 2024 00:00:00 GMT"), Some(1_709_164_800));
        assert_eq!(from_http_date("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
    }

    #[test]
    fn texts_that_are_no_date_give_none() {
        for text in [
            "",
            "120",
            "Sun, 06 Nov 1994",
            "Thu, 30 Feb 2024 00:00:00 GMT",
            "Sun, 06 Xyz 1994 08:49:37 GMT",
            "yesterday",
            "Sun, 06 Nov 994 08:49:37 GMT",
            "x 99 Jan 2000 1:2:3",
            "1 2 3 4 5 6",
        ] {
            assert_eq!(from_http_date(text), None, "{text}");
        }
        for text in [
            "",
            "2026-02-29 00:00:00",
            "2026-01-01T00:00:00",
            "2026-1-01 00:00:000",
            "01/02/2026 10:00:00",
            "1969-12-31 23:59:59",
        ] {
            assert_eq!(from_stamp(text), None, "{text}");
        }
    }

    #[test]
    fn stamp_is_the_format_of_the_platform() {
        assert_eq!(stamp(0), "1970-01-01 00:00:00");
        assert_eq!(stamp(1_456_708_980), "2016-02-29 01:23:00");
        assert_eq!(stamp(u64::MAX).len(), 19);
    }

    proptest! {
        #[test]
        fn stamp_parses_back_to_its_second(seconds in 0_u64..253_402_300_800) {
            prop_assert_eq!(from_stamp(&stamp(seconds)), Some(seconds));
        }

        #[test]
        fn stamps_sort_as_their_instants(one in 0_u64..253_402_300_800, other in 0_u64..253_402_300_800) {
            prop_assert_eq!(stamp(one).cmp(&stamp(other)), one.cmp(&other));
        }

        #[test]
        fn parsers_do_not_panic_on_any_text(text in "\\PC{0,40}") {
            let _ = (from_http_date(&text), from_stamp(&text));
        }
    }
}
