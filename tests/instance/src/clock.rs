//! Instants as the platform writes them. Nothing here asks what time it is.

use jiff::Timestamp;
use jiff::civil::DateTime;
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

/// A raw time as somebody in another time zone sees it; nothing when it is no time.
pub(crate) fn in_zone(raw: &str, zone: &TimeZone) -> Option<String> {
    let moment = DateTime::strptime("%Y-%m-%d %H:%M:%S", raw).ok()?.to_zoned(TimeZone::UTC).ok()?;
    Some(moment.with_time_zone(zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string())
}

/// The HTTP `Date` header (RFC 9110 section 5.6.7).
pub(crate) fn http_date(now: u64) -> String {
    instant(now).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// What lies beyond the calendar's end counts as its beginning: a clock that far off is wrong either way.
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
    use super::{http_date, seconds_of_log_time, stamp};

    #[test]
    fn times_are_written_as_the_platform_and_http_have_them() {
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
