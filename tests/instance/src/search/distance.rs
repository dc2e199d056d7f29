//! Compares the distance of two dates: `sla_dueMORETHANactivity_due@day@before@1`.

use jiff::tz::TimeZone;

use super::calendar::{Moment, Unit};

/// More or less than a length before or after another date.
#[derive(Clone, Debug)]
pub(crate) struct Distance {
    unit: Unit,
    /// Negative for before.
    count: i64,
    more: bool,
    /// The length of a month depends on the local date.
    zone: TimeZone,
}

impl Distance {
    /// Parses `field`, `day`, `before`, `1`.
    pub(super) fn of(parts: &[String], more: bool, zone: &TimeZone) -> Option<Self> {
        let [_, unit, direction, count] = parts else { return None };
        let count = count.parse::<u32>().ok().map(i64::from)?;
        let count = match direction.as_str() {
            "before" => -count,
            "after" => count,
            _ => return None,
        };
        Some(Self { unit: Unit::named(unit)?, count, more, zone: zone.clone() })
    }

    pub(super) fn holds(&self, date: &str, other: &str) -> bool {
        let moment = |raw: &str| Moment::of_raw(raw, &self.zone);
        let (Some(date), Some(other)) = (moment(date), moment(other)) else { return false };
        let Some(edge) = other.later(self.count, self.unit) else { return false };
        // Raw values of four-digit years sort as the times do.
        let (date, other, edge) = (date.raw(), other.raw(), edge.raw());
        let (near, far) = if self.count < 0 { (other, edge) } else { (edge, other) };
        // `near` and `far` are the later and the earlier end of the range between the other date and the edge.
        match (self.more, self.count < 0) {
            (true, true) => date < far,
            (true, false) => date > near,
            (false, true) => date > far && date <= near,
            (false, false) => date >= far && date < near,
        }
    }
}
