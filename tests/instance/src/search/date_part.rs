//! Parts of a date: `sla_dueDATEPARTMonday@javascript:gs.datePart('dayofweek','monday','GE')`. The week begins on Sunday here:
//! "on or after Monday" is every day but Sunday (operator page).

use std::cmp::Ordering;

use jiff::tz::TimeZone;

use super::calendar::Moment;
use super::script::arguments;

/// A part of a local date, compared with a number.
#[derive(Clone, Debug)]
pub(crate) struct DatePart {
    part: Part,
    number: i64,
    wanted: &'static [Ordering],
    zone: TimeZone,
}

#[derive(Clone, Copy, Debug)]
enum Part {
    Minute,
    Hour,
    DayOfWeek,
    DayOfMonth,
    Week,
    Month,
    Quarter,
    Year,
}

const DAYS: [&str; 7] = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

impl DatePart {
    /// Parses the script after the label.
    pub(super) fn of(script: &str, zone: &TimeZone) -> Option<Self> {
        let arguments = arguments(script, "datePart")?;
        let [part, value, comparison] = arguments.as_slice() else { return None };
        let part = match part.to_ascii_lowercase().as_str() {
            "minute" => Part::Minute,
            "hour" => Part::Hour,
            "dayofweek" => Part::DayOfWeek,
            "dayofmonth" => Part::DayOfMonth,
            "week" | "weekofyear" => Part::Week,
            "month" => Part::Month,
            "quarter" => Part::Quarter,
            "year" => Part::Year,
            _ => return None,
        };
        let wanted: &[Ordering] = match *comparison {
            "EE" => &[Ordering::Equal],
            "GT" => &[Ordering::Greater],
            "LT" => &[Ordering::Less],
            "GE" => &[Ordering::Greater, Ordering::Equal],
            "LE" => &[Ordering::Less, Ordering::Equal],
            _ => return None,
        };
        Some(Self { part, number: part.number(value)?, wanted, zone: zone.clone() })
    }

    pub(super) fn holds(&self, raw: &str) -> bool {
        let Some(moment) = Moment::of_raw(raw, &self.zone) else { return false };
        self.wanted.contains(&self.part.of(&moment).cmp(&self.number))
    }
}

impl Part {
    /// A number, or for days and months a name or its first three letters.
    fn number(self, value: &str) -> Option<i64> {
        let value = value.to_ascii_lowercase();
        let named = |names: &[&str]| {
            let place = names.iter().position(|name| *name == value || name.get(..3) == Some(&value))?;
            i64::try_from(place).ok()
        };
        let named = match self {
            Self::DayOfWeek => named(&DAYS),
            Self::Month => named(&MONTHS).map(|month| month + 1),
            _ => None,
        };
        named.or_else(|| value.parse().ok())
    }

    fn of(self, moment: &Moment) -> i64 {
        let civil = moment.civil();
        match self {
            Self::Minute => civil.minute().into(),
            Self::Hour => civil.hour().into(),
            Self::DayOfWeek => civil.weekday().to_sunday_zero_offset().into(),
            Self::DayOfMonth => civil.day().into(),
            Self::Week => civil.date().iso_week_date().week().into(),
            Self::Month => civil.month().into(),
            Self::Quarter => i64::from((civil.month() - 1) / 3 + 1),
            Self::Year => civil.year().into(),
        }
    }
}
