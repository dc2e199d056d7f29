//! `Retry-After`, computed with the server's clock if the reply has a `Date` header.

use super::Headers;
use crate::time::Millis;
use crate::time::calendar::from_http_date;

/// The host of the npm client reports both headers in seconds, so its WebAssembly holds no parser of dates. Native programs always read them.
const READS_DATES: bool = cfg!(any(feature = "circumstances", not(target_family = "wasm")));

fn date(text: &str) -> Option<u64> {
    if READS_DATES { from_http_date(text) } else { None }
}

impl Headers {
    /// The server's clock: the `Date` header, as an HTTP date or in seconds since 1970, as hosts report it.
    #[must_use]
    pub fn server_clock(&self) -> Option<Millis> {
        let date = || self.value("date")?.split(',').find_map(date);
        self.number("date").or_else(date).map(Millis::from_seconds)
    }

    /// `Retry-After` in either form (RFC 9110 section 10.2.3): seconds, or a date. A date is compared with the server's clock, or
    /// with `now` without a `Date` header. A date in the past gives zero. Any other text gives none. Of several values, which `fetch`
    /// joins with commas, the longest time counts. A date holds a comma after its weekday, which says nothing.
    #[must_use]
    pub fn retry_after(&self, now: Millis) -> Option<Millis> {
        let time = |text: &str| match text.trim_ascii().parse().ok() {
            Some(seconds) => Some(Millis::from_seconds(seconds)),
            None => {
                let clock = self.server_clock().unwrap_or(now);
                date(text).map(|at| Millis::from_seconds(at).less(clock))
            }
        };
        self.value("retry-after")?.split(',').filter_map(time).max()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_reads_seconds_and_dates() {
        let now = Millis::from_seconds(784_111_777);
        let after = |text: &str| Headers::from_lines(&format!("Retry-After: {text}")).retry_after(now);
        assert_eq!(after(" 120 "), Some(Millis(120_000)));
        assert_eq!(after("Sun, 06 Nov 1994 08:50:07 GMT"), Some(Millis(30_000)));
        assert_eq!(after("Sun, 06 Nov 1994 08:00:00 GMT"), Some(Millis(0)));
        assert_eq!(after("soon"), None);
        assert_eq!(after("-5"), None);
        assert_eq!(after("30, 30"), Some(Millis(30_000)));
        assert_eq!(after("1, 2"), Some(Millis(2_000)));
        assert_eq!(after("soon, -1"), None);
        let both = "Sun, 06 Nov 1994 08:49:47 GMT, Sun, 06 Nov 1994 08:50:07 GMT";
        assert_eq!(after(both), Some(Millis(30_000)));
        assert_eq!(Headers::NONE.retry_after(now), None);
    }

    #[test]
    fn retry_after_date_is_compared_with_the_servers_clock() {
        let lines = "Date: Sun, 06 Nov 1994 08:49:37 GMT\nRetry-After: Sun, 06 Nov 1994 08:50:07 GMT";
        assert_eq!(Headers::from_lines(lines).retry_after(Millis(0)), Some(Millis(30_000)));
        let twice = "Date: Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT\nRetry-After: Sun, 06 Nov 1994 08:50:07 GMT";
        assert_eq!(Headers::from_lines(twice).retry_after(Millis(0)), Some(Millis(30_000)));
        let in_seconds = "Date: 784111777\nRetry-After: Sun, 06 Nov 1994 08:50:07 GMT";
        assert_eq!(Headers::from_lines(in_seconds).retry_after(Millis(0)), Some(Millis(30_000)));
    }
}
