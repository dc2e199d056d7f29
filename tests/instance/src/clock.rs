//! Instants as the platform writes them. Nothing here reads the clock.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// `yyyy-MM-dd HH:mm:ss` in UTC, from milliseconds since 1970. Written digit by digit: the generator needs hundreds of
/// thousands of them before the first request can be answered.
pub(crate) fn stamp(now: u64) -> String {
    let moment = TimeZone::UTC.to_datetime(instant(now));
    let mut text = String::with_capacity(19);
    let mut put = |number: i16, width: u32, then: &str| {
        for place in (0..width).rev() {
            let digit = number.unsigned_abs() / 10_u16.pow(place) % 10;
            text.push(char::from(b'0' + (digit as u8)));
        }
        text.push_str(then);
    };
    put(moment.year(), 4, "-");
    put(moment.month().into(), 2, "-");
    put(moment.day().into(), 2, " ");
    put(moment.hour().into(), 2, ":");
    put(moment.minute().into(), 2, ":");
    put(moment.second().into(), 2, "");
    text
}

/// A raw time in this zone and pattern; `None` when it is no time.
pub(crate) fn shown_time(raw: &str, zone: &TimeZone, pattern: &str) -> Option<String> {
    let moment = DateTime::strptime(RAW, raw).ok()?.to_zoned(TimeZone::UTC).ok()?;
    Some(moment.with_time_zone(zone.clone()).strftime(pattern).to_string())
}

/// A raw day, in this pattern; `None` when it is no day.
pub(crate) fn shown_date(raw: &str, pattern: &str) -> Option<String> {
    Some(Date::strptime("%Y-%m-%d", raw).ok()?.strftime(pattern).to_string())
}

/// A raw duration in words, "1 Day 2 Hours 3 Minutes"; `None` when it is none.
pub(crate) fn shown_duration(raw: &str) -> Option<String> {
    let seconds = seconds_of_duration(raw)?;
    let parts = [(86_400, i64::MAX, "Day"), (3600, 24, "Hour"), (60, 60, "Minute"), (1, 60, "Second")];
    let words = parts.map(|(length, most, name)| match seconds / length % most {
        0 => String::new(),
        1 => format!("1 {name}"),
        count => format!("{count} {name}s"),
    });
    let words: Vec<_> = words.into_iter().filter(|word| !word.is_empty()).collect();
    Some(if words.is_empty() { "0 Seconds".into() } else { words.join(" ") })
}

fn seconds_of_duration(raw: &str) -> Option<i64> {
    Some(DateTime::strptime(RAW, raw).ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second())
}

/// The time, as it is stored, that is a raw duration after `now`.
pub(crate) fn later(now: u64, duration: &str) -> String {
    let seconds = seconds_of_duration(duration).and_then(|seconds| u64::try_from(seconds).ok()).unwrap_or_default();
    stamp(now.saturating_add(seconds.saturating_mul(1000)))
}

const RAW: &str = "%Y-%m-%d %H:%M:%S";

/// The pattern of a format as `sys_user.date_format` and `time_format` have it, in Java's letters.
pub(crate) fn pattern(format: &str) -> String {
    let letters = [
        ("%", "%%"),
        ("yyyy", "%Y"),
        ("MM", "%m"),
        ("dd", "%d"),
        ("HH", "%H"),
        ("hh", "%I"),
        ("mm", "%M"),
        ("ss", "%S"),
        ("a", "%p"),
    ];
    letters.into_iter().fold(format.to_owned(), |pattern, (java, own)| pattern.replace(java, own))
}

/// The HTTP `Date` header (RFC 9110 section 5.6.7).
pub(crate) fn http_date(now: u64) -> String {
    instant(now).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// A time beyond the calendar's end counts as its beginning: such a clock is wrong either way.
fn instant(now: u64) -> Timestamp {
    let now = i64::try_from(now).unwrap_or(i64::MAX);
    Timestamp::from_millisecond(now).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Seconds since 1970 of a `day-month-year hour:minute` in UTC, as event logs have it.
pub(crate) fn seconds_of_log_time(text: &str) -> Option<i64> {
    let moment = DateTime::strptime("%d-%m-%Y %H:%M", text).ok()?;
    Some(moment.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second())
}

#[cfg(test)]
mod tests {
    use super::{http_date, pattern, seconds_of_log_time, shown_date, shown_duration, shown_time, stamp};
    use jiff::tz::TimeZone;

    #[test]
    fn values_are_displayed_in_the_users_format() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap_or(TimeZone::UTC);
        let shown = |format: &str| shown_time("2026-03-01 12:30:05", &berlin, &pattern(format));
        assert_eq!(shown("dd-MM-yyyy hh:mm:ss a").as_deref(), Some("01-03-2026 01:30:05 PM"));
        assert_eq!(shown("yyyy-MM-dd HH:mm:ss").as_deref(), Some("2026-03-01 13:30:05"));
        assert_eq!(shown_date("2026-03-01", &pattern("MM/dd/yyyy")).as_deref(), Some("03/01/2026"));
        assert_eq!(shown_duration("1970-01-02 02:00:04").as_deref(), Some("1 Day 2 Hours 4 Seconds"));
        assert_eq!(shown_duration("1970-01-01 00:00:00").as_deref(), Some("0 Seconds"));
        assert_eq!(shown_duration("long"), None);
    }

    #[test]
    fn times_follow_the_formats_of_the_platform_and_http() {
        assert_eq!(stamp(1_456_708_980_999), "2016-02-29 01:23:00");
        assert_eq!(http_date(784_111_777_000), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(stamp(u64::MAX), "1970-01-01 00:00:00");
    }

    #[test]
    fn log_times_are_day_month_year() {
        assert_eq!(seconds_of_log_time("29-02-2016 01:23"), Some(1_456_708_980));
        assert_eq!(seconds_of_log_time("?"), None);
        assert_eq!(seconds_of_log_time("31-02-2016 01:23"), None);
    }
}
