//! `Retry-After`, computed with the server's clock if the reply has a `Date` header.

use super::Headers;
use crate::time::Millis;
use crate::time::calendar::from_http_date;

impl Headers {
    /// The server's clock: the `Date` header, as an HTTP date or in seconds since 1970, as hosts report it.
    #[must_use]
    pub fn server_clock(&self) -> Option<Millis> {
        self.number("date").or_else(|| self.value("date").and_then(from_http_date)).map(Millis::from_seconds)
    }

    /// `Retry-After` in either form (RFC 9110 section 10.2.3): seconds, or a date. A date is compared with the server's clock, or
    /// with `now` without a `Date` header. A date in the past gives zero. Any other text gives none.
    #[must_use]
    pub fn retry_after(&self, now: Millis) -> Option<Millis> {
        let text = self.value("retry-after")?.trim_ascii();
        match text.parse().ok() {
            Some(seconds) => Some(Millis::from_seconds(seconds)),
            None => {
                let clock = self.server_clock().unwrap_or(now);
                from_http_date(text).map(|at| Millis::from_seconds(at).less(clock))
            }
        }
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
        assert_eq!(Headers::NONE.retry_after(now), None);
    }

    #[test]
    fn retry_after_date_is_compared_with_the_servers_clock() {
        let lines = "Date: Sun, 06 Nov 1994 08:49:37 GMT\nRetry-After: Sun, 06 Nov 1994 08:50:07 GMT";
        assert_eq!(Headers::from_lines(lines).retry_after(Millis(0)), Some(Millis(30_000)));
        let in_seconds = "Date: 784111777\nRetry-After: Sun, 06 Nov 1994 08:50:07 GMT";
        assert_eq!(Headers::from_lines(in_seconds).retry_after(Millis(0)), Some(Millis(30_000)));
    }
}
