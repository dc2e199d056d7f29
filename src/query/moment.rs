//! Moments as the platform compares them: date-times in UTC, and its named stretches of time.
//!
//! A literal in a web-service query is taken as UTC, whatever the user's time zone, so a local time without an offset has no
//! meaning that could be written down.

use super::operator::Operator;
use super::tree::{Condition, Scalar, Value};

/// `2026-09-29T09:30:40+02:00` as the platform writes it in UTC: `2026-09-29 07:30:40`. A fraction of a second is cut off:
/// the platform stores whole seconds. Nothing for what is no date and time with `Z` or an offset.
#[must_use]
pub fn utc(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let digits = |from: usize, count: usize| {
        let part = bytes.get(from..from + count)?;
        part.iter().try_fold(0_i64, |number, byte| byte.is_ascii_digit().then(|| number * 10 + i64::from(byte - b'0')))
    };
    let is = |at: usize, letters: &[u8]| bytes.get(at).is_some_and(|byte| letters.contains(byte));
    if !(is(4, b"-") && is(7, b"-") && is(10, b"Tt ") && is(13, b":") && is(16, b":")) {
        return None;
    }
    let (year, month, day) = (digits(0, 4)?, digits(5, 2)?, digits(8, 2)?);
    let (hour, minute, second) = (digits(11, 2)?, digits(14, 2)?, digits(17, 2)?);
    if !(1..=12).contains(&month) || day < 1 || day > days_in(year, month) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let mut at = 19;
    if is(at, b".") {
        at += 1;
        while is(at, b"0123456789") {
            at += 1;
        }
    }
    let offset = match bytes.get(at)? {
        b'Z' | b'z' if bytes.len() == at + 1 => 0,
        sign @ (b'+' | b'-') if bytes.len() == at + 6 && is(at + 3, b":") => {
            let (hours, minutes) = (digits(at + 1, 2)?, digits(at + 4, 2)?);
            if hours > 23 || minutes > 59 {
                return None;
            }
            (hours * 60 + minutes) * if *sign == b'-' { -1 } else { 1 }
        }
        _ => return None,
    };
    let minutes = hour * 60 + minute - offset;
    let (year, month, day) = shifted(year, month, day, minutes.div_euclid(1440))?;
    let minutes = minutes.rem_euclid(1440);
    let mut out = String::with_capacity(19);
    for (number, width, separator) in [
        (year, 4, '-'),
        (month, 2, '-'),
        (day, 2, ' '),
        (minutes / 60, 2, ':'),
        (minutes % 60, 2, ':'),
        (second, 2, '\0'),
    ] {
        let mut place = if width == 4 { 1000 } else { 10 };
        while place > 0 {
            out.push(char::from(b'0' + (number / place % 10) as u8));
            place /= 10;
        }
        if separator != '\0' {
            out.push(separator);
        }
    }
    Some(out)
}

/// A day before or after: an offset moves a moment by less than two days.
fn shifted(year: i64, month: i64, day: i64, days: i64) -> Option<(i64, i64, i64)> {
    let (mut year, mut month, mut day) = (year, month, day + days);
    if day < 1 {
        month -= 1;
        if month == 0 {
            (year, month) = (year - 1, 12);
        }
        day += days_in(year, month);
    } else if day > days_in(year, month) {
        day -= days_in(year, month);
        month += 1;
        if month == 13 {
            (year, month) = (year + 1, 1);
        }
    }
    (0..=9999).contains(&year).then_some((year, month, day))
}

const fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The named stretches of time of the condition builder, in its own words.
pub const PRESETS: &[&str] = &[
    "Today",
    "Yesterday",
    "Tomorrow",
    "This week",
    "Last week",
    "Next week",
    "This month",
    "Last month",
    "Next month",
    "Last 3 months",
    "Last 6 months",
    "Last 9 months",
    "Last 12 months",
    "This quarter",
    "Last quarter",
    "Last 2 quarters",
    "Next quarter",
    "Next 2 quarters",
    "This year",
    "Last year",
    "Last 2 years",
    "Next year",
    "Last 7 days",
    "Last 30 days",
    "Last 60 days",
    "Last 90 days",
    "Last 120 days",
    "Current hour",
    "Last hour",
    "Last 2 hours",
    "Current minute",
    "Last minute",
    "Last 15 minutes",
];

/// What follows `ON` for a named stretch: its label, its start and its end. Nothing for an unknown one.
///
/// Days are counted (`gs.daysAgoStart(7)`), as the operator page has it; other stretches have functions named after them
/// (`gs.beginningOfLast6Months()`). Both kinds are allowed by guarded script.
#[must_use]
pub fn preset(label: &str) -> Option<Value> {
    let label = PRESETS.iter().find(|known| known.eq_ignore_ascii_case(label))?;
    let days = match *label {
        "Today" => Some(("0", "0")),
        "Yesterday" => Some(("1", "1")),
        "Tomorrow" => Some(("-1", "-1")),
        _ => label.strip_prefix("Last ").and_then(|rest| rest.strip_suffix(" days")).map(|count| (count, "0")),
    };
    let call = |function: &str, argument: &str| {
        let mut script = String::from("gs.");
        for part in [function, argument] {
            script.push_str(part);
        }
        script.push(')');
        Scalar::Script { script }
    };
    let (start, end) = match days {
        Some((from, to)) => (call("daysAgoStart(", from), call("daysAgoEnd(", to)),
        None => {
            let mut name = String::new();
            let mut upper = true;
            for letter in label.chars() {
                if letter != ' ' {
                    name.push(if upper { letter.to_ascii_uppercase() } else { letter });
                }
                upper = letter == ' ';
            }
            name.push('(');
            (call("beginningOf", &name), call("endOf", &name))
        }
    };
    Some(Value::Many(Vec::from([Scalar::Text((*label).to_owned()), start, end])))
}

impl Condition {
    /// `opened_atONToday@javascript:gs.daysAgoStart(0)@javascript:gs.daysAgoEnd(0)` from the field and "Today". Nothing for
    /// a stretch that is not among [`PRESETS`].
    #[must_use]
    pub fn on(field: &str, label: &str) -> Option<Self> {
        Some(Self { field: field.to_owned(), operator: Operator::On, value: Some(preset(label)?) })
    }
}

#[cfg(test)]
mod tests {
    use super::{Condition, PRESETS, utc};
    use crate::query::Query;

    #[test]
    fn instant_is_written_in_utc() {
        for (text, expected) in [
            ("2026-09-29T07:30:40Z", "2026-09-29 07:30:40"),
            ("2026-09-29T07:30:40.999Z", "2026-09-29 07:30:40"),
            ("2026-09-29T09:30:40+02:00", "2026-09-29 07:30:40"),
            ("2026-01-01T00:30:00+05:45", "2025-12-31 18:45:00"),
            ("2024-02-28T23:00:00-02:00", "2024-02-29 01:00:00"),
            ("2026-12-31T23:59:59-00:01", "2027-01-01 00:00:59"),
        ] {
            assert_eq!(utc(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn local_time_and_what_is_no_time_are_refused() {
        for text in [
            "2026-09-29T07:30:40",
            "2026-09-29 07:30:40",
            "2026-09-29",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-09-29T24:00:00Z",
            "2026-09-29T07:30:40+2:00",
            "2026-09-29T07:30:40ZZ",
            "0000-01-01T00:00:00+00:01",
            "yesterday",
            "",
        ] {
            assert_eq!(utc(text), None, "{text}");
        }
    }

    #[test]
    fn presets_have_the_platforms_own_form() {
        let printed = |label| Query::from(Condition::on("opened_at", label).unwrap()).print().unwrap();
        let today = "opened_atONToday@javascript:gs.daysAgoStart(0)@javascript:gs.daysAgoEnd(0)";
        assert_eq!(printed("today"), today);
        let days = "opened_atONLast 7 days@javascript:gs.daysAgoStart(7)@javascript:gs.daysAgoEnd(0)";
        assert_eq!(printed("Last 7 days"), days);
        let months = "opened_atONLast 6 months@javascript:gs.beginningOfLast6Months()@javascript:gs.endOfLast6Months()";
        assert_eq!(printed("Last 6 months"), months);
        for label in PRESETS {
            assert_eq!(Query::parse(&printed(label)).unwrap().print().unwrap(), printed(label));
        }
        assert!(Condition::on("opened_at", "Last tuesday").is_none());
    }
}
