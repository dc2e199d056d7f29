//! Calendar units in the caller's time zone. Raw values are UTC. Only the functions of `gs` and the relative operators use
//! the zone ("a literal in a query is UTC").

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan, Zoned};

/// A unit of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl Unit {
    /// Parses the name that operators and functions use, singular or plural. The condition builder writes `dayofweek` for days.
    pub(super) fn named(word: &str) -> Option<Self> {
        let word = word.to_ascii_lowercase();
        Some(match word.strip_suffix('s').unwrap_or(&word) {
            "second" => Self::Second,
            "minute" => Self::Minute,
            "hour" => Self::Hour,
            "day" | "dayofweek" => Self::Day,
            "week" => Self::Week,
            "month" => Self::Month,
            "quarter" => Self::Quarter,
            "year" => Self::Year,
            _ => return None,
        })
    }

    fn span(self, count: i64) -> Option<Span> {
        let none = Span::new();
        match self {
            Self::Second => none.try_seconds(count),
            Self::Minute => none.try_minutes(count),
            Self::Hour => none.try_hours(count),
            Self::Day => none.try_days(count),
            Self::Week => none.try_weeks(count),
            Self::Month => none.try_months(count),
            Self::Quarter => none.try_months(count.checked_mul(3)?),
            Self::Year => none.try_years(count),
        }
        .ok()
    }
}

/// A local time.
#[derive(Clone, Debug)]
pub(super) struct Moment(Zoned);

impl Moment {
    /// Converts milliseconds since 1970. An unknown or empty zone means GMT.
    pub(super) fn of(now: u64, zone: &str) -> Self {
        let now = i64::try_from(now).ok().and_then(|now| Timestamp::from_millisecond(now).ok());
        Self(now.unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone_named(zone)))
    }

    /// Parses a local time in this moment's zone: `2024-05-01 12:00:00`.
    pub(super) fn written(&self, text: &str) -> Option<Self> {
        Some(Self(parsed(text)?.to_zoned(self.0.time_zone().clone()).ok()?))
    }

    /// Converts a raw value, which is UTC, to a local time.
    pub(super) fn of_raw(raw: &str, zone: &TimeZone) -> Option<Self> {
        let timestamp = parsed(raw)?.to_zoned(TimeZone::UTC).ok()?.timestamp();
        Some(Self(timestamp.to_zoned(zone.clone())))
    }

    pub(super) fn zone(&self) -> &TimeZone {
        self.0.time_zone()
    }

    pub(super) fn civil(&self) -> DateTime {
        self.0.datetime()
    }

    /// Adds a number of units, which may be negative. None beyond the calendar's end.
    pub(super) fn later(&self, count: i64, unit: Unit) -> Option<Self> {
        self.0.checked_add(unit.span(count)?).ok().map(Self)
    }

    /// The first second of the current unit. A week begins on Monday, as in `GlideDateTime`.
    pub(super) fn start(&self, unit: Unit) -> Option<Self> {
        let zoned = &self.0;
        let within_day = || zoned.with().subsec_nanosecond(0);
        let start = match unit {
            Unit::Second => within_day().build(),
            Unit::Minute => within_day().second(0).build(),
            Unit::Hour => within_day().second(0).minute(0).build(),
            Unit::Day => zoned.start_of_day(),
            Unit::Week => {
                let days = i64::from(zoned.weekday().to_monday_zero_offset());
                zoned.checked_sub(days.days()).and_then(|monday| monday.start_of_day())
            }
            Unit::Month => zoned.first_of_month().and_then(|first| first.start_of_day()),
            Unit::Quarter => {
                let month = (zoned.month() - 1) / 3 * 3 + 1;
                zoned.with().day(1).month(month).build().and_then(|first| first.start_of_day())
            }
            Unit::Year => zoned.first_of_year().and_then(|first| first.start_of_day()),
        };
        start.ok().map(Self)
    }

    /// The last second of the current unit.
    pub(super) fn end(&self, unit: Unit) -> Option<Self> {
        self.start(unit)?.later(1, unit)?.later(-1, Unit::Second)
    }

    /// The moment as a raw value: UTC, whole seconds.
    pub(super) fn raw(&self) -> String {
        self.0.timestamp().strftime(RAW).to_string()
    }
}

/// Parses a local time by a pattern and returns the raw value. None if it is not a time.
pub(crate) fn raw_moment(text: &str, zone: &str, pattern: &str) -> Option<String> {
    Some(Moment(DateTime::strptime(pattern, text).ok()?.to_zoned(zone_named(zone)).ok()?).raw())
}

/// The zone of this name, or GMT.
fn zone_named(name: &str) -> TimeZone {
    match name {
        "" | "GMT" | "UTC" => TimeZone::UTC,
        name => TimeZone::get(name).unwrap_or(TimeZone::UTC),
    }
}

const RAW: &str = "%Y-%m-%d %H:%M:%S";

fn parsed(text: &str) -> Option<DateTime> {
    DateTime::strptime(RAW, text).ok()
}

#[cfg(test)]
mod tests {
    use super::{Moment, Unit};

    /// 2026-03-29 21:30:10 UTC: the day on which clocks in Berlin went forward, at half past eleven in the evening there.
    const EVENING: u64 = 1_774_819_810_000;

    #[test]
    fn units_begin_and_end_in_local_time() {
        let berlin = Moment::of(EVENING, "Europe/Berlin");
        let edges = |unit| [berlin.start(unit), berlin.end(unit)].map(|edge| edge.map(|edge| edge.raw()));
        let expect = |from: &str, to: &str| [Some(from.to_owned()), Some(to.to_owned())];
        assert_eq!(edges(Unit::Day), expect("2026-03-28 23:00:00", "2026-03-29 21:59:59"));
        assert_eq!(edges(Unit::Hour), expect("2026-03-29 21:00:00", "2026-03-29 21:59:59"));
        assert_eq!(edges(Unit::Week), expect("2026-03-22 23:00:00", "2026-03-29 21:59:59"));
        assert_eq!(edges(Unit::Month), expect("2026-02-28 23:00:00", "2026-03-31 21:59:59"));
        assert_eq!(edges(Unit::Quarter), expect("2025-12-31 23:00:00", "2026-03-31 21:59:59"));
        assert_eq!(edges(Unit::Year), expect("2025-12-31 23:00:00", "2026-12-31 22:59:59"));
    }

    #[test]
    fn adding_a_day_keeps_the_local_time_across_dst() {
        let noon = Moment::of(EVENING, "Europe/Berlin").written("2026-03-28 12:00:00");
        let later = |count, unit| noon.as_ref().and_then(|noon| noon.later(count, unit)).map(|moment| moment.raw());
        assert_eq!(later(1, Unit::Day).as_deref(), Some("2026-03-29 10:00:00"));
        assert_eq!(later(24, Unit::Hour).as_deref(), Some("2026-03-29 11:00:00"));
        assert_eq!(later(i64::MAX, Unit::Quarter), None);
        assert_eq!(Moment::of(EVENING, "Atlantis/Centre").raw(), "2026-03-29 21:30:10");
    }
}
