//! Dates that conditions speak of: generated ones, and the distance between two.

use jiff::SignedDuration;
use jiff::civil::DateTime;

/// `gs.dateGenerate('2024-05-01','12:00:00')`; also `'start'` and `'end'` of the day. The session's time zone is UTC here.
pub(super) fn generated(script: &str) -> Option<String> {
    let arguments = script.strip_prefix("gs.dateGenerate(")?.strip_suffix(')')?;
    let (day, time) = arguments.split_once(',')?;
    let unquoted = |text: &str| text.trim().trim_matches(['\'', '"']).to_owned();
    let time = match unquoted(time).as_str() {
        "start" => "00:00:00".to_owned(),
        "end" => "23:59:59".to_owned(),
        time => time.to_owned(),
    };
    let moment = format!("{} {time}", unquoted(day));
    parsed(&moment).map(|_| moment)
}

/// More or less than a length before or after another date.
#[derive(Clone, Debug)]
pub(crate) struct Distance {
    length: SignedDuration,
    before: bool,
    more: bool,
}

impl Distance {
    /// From `field`, `day`, `before`, `1`.
    pub(super) fn of(parts: &[String], more: bool) -> Option<Self> {
        let [_, unit, direction, count] = parts else { return None };
        let seconds = match unit.as_str() {
            "second" => 1,
            "minute" => 60,
            "hour" => 3600,
            "day" => 86_400,
            "week" => 604_800,
            _ => return None,
        };
        let length = SignedDuration::from_secs(count.parse::<i64>().ok()?.checked_mul(seconds)?);
        let before = match direction.as_str() {
            "before" => true,
            "after" => false,
            _ => return None,
        };
        Some(Self { length, before, more })
    }

    pub(super) fn holds(&self, date: &str, other: &str) -> bool {
        let (Some(date), Some(other)) = (parsed(date), parsed(other)) else { return false };
        let ahead = match self.before {
            true => date.duration_until(other),
            false => other.duration_until(date),
        };
        match self.more {
            true => ahead > self.length,
            false => ahead < self.length && ahead >= SignedDuration::ZERO,
        }
    }
}

fn parsed(text: &str) -> Option<DateTime> {
    DateTime::strptime("%Y-%m-%d %H:%M:%S", text).ok()
}
