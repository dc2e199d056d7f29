//! Times relative to now: `sys_updated_onRELATIVEGT@hour@ago@1` is later than one hour ago.

use sysparm::query::Operator;

use super::calendar::{Moment, Unit};
use super::check::Check;

/// Parses `hour`, `ago`, `1`. After and before compare with the exact time ("no more than an hour before the time that you entered
/// the query", operator page). The other three are not documented. Here "on" is the whole unit of that time in the caller's zone,
/// "on or after" begins with the unit, and "on or before" ends with it.
pub(super) fn check(operator: Operator, parts: &[String], now: &Moment) -> Option<Check> {
    let [unit, direction, count] = parts else { return None };
    let unit = Unit::named(unit)?;
    let count = count.parse::<u32>().ok().map(i64::from)?;
    let moment = match direction.as_str() {
        "ago" => now.later(-count, unit)?,
        "ahead" => now.later(count, unit)?,
        _ => return None,
    };
    let (start, end) = (moment.start(unit)?.raw(), moment.end(unit)?.raw());
    Some(match operator {
        Operator::RelativeAfter => Check::Greater(moment.raw()),
        Operator::RelativeBefore => Check::Less(moment.raw()),
        Operator::RelativeOn => Check::Between(start, end),
        Operator::RelativeOnOrAfter => Check::AtLeast(start),
        Operator::RelativeOnOrBefore => Check::AtMost(end),
        _ => return None,
    })
}
