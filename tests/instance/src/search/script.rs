//! `javascript:` values: a single call of a listed function of `gs`, evaluated for the session. Any other script has no value
//! ("Guarded script allowed APIs").

use sysparm::query::is_allowed;

use super::calendar::{Moment, Unit};
use super::caller::Caller;

/// The raw value of an expression: a time in UTC, a `sys_id`, a name, `true` or `false`.
pub(crate) fn value(script: &str, caller: &Caller<'_>) -> Option<String> {
    let script = script.trim().trim_end_matches(';');
    if !is_allowed(script) {
        return None;
    }
    let (name, arguments) = script.strip_prefix("gs.")?.strip_suffix(')')?.split_once('(')?;
    let arguments: Vec<&str> = arguments.split(',').map(unquoted).collect();
    match (name, arguments.as_slice()) {
        // A user as a value means the user's `sys_id`.
        ("getUserID" | "getUser", [""]) => Some(caller.user_id.into()),
        ("getUserName", [""]) => Some(caller.user_name.into()),
        ("hasRole", [role]) => Some((caller.roles.contains(*role) || caller.roles.contains("admin")).to_string()),
        ("nowDateTime", [""]) => Some(caller.moment().raw()),
        ("dateGenerate", [day, time]) => generated(day, time, &caller.moment()),
        (name, [""]) if name.starts_with("beginningOf") || name.starts_with("endOf") => {
            named(name, &caller.moment()).map(|moment| moment.raw())
        }
        (name, [count]) => counted(name, count, &caller.moment()).map(|moment| moment.raw()),
        _ => None,
    }
}

/// The arguments, if the expression is a call of this function.
pub(super) fn arguments<'a>(script: &'a str, function: &str) -> Option<Vec<&'a str>> {
    let script = script.trim().trim_end_matches(';');
    let call = script.strip_prefix("gs.")?.strip_prefix(function)?;
    let arguments = call.strip_prefix('(')?.strip_suffix(')')?;
    is_allowed(script).then(|| arguments.split(',').map(unquoted).collect())
}

fn unquoted(argument: &str) -> &str {
    argument.trim().trim_matches(['\'', '"'])
}

/// `dateGenerate('2024-05-01','12:00:00')` in the caller's zone, also with `'start'` and `'end'` of the day.
fn generated(day: &str, time: &str, now: &Moment) -> Option<String> {
    let time = match time {
        "start" => "00:00:00",
        "end" => "23:59:59",
        time => time,
    };
    now.written(&format!("{day} {time}")).map(|moment| moment.raw())
}

/// `daysAgo(1)`, `hoursAgoStart(2)`, `monthsAgoEnd(0)`. Negative counts are in the future.
fn counted(name: &str, count: &str, now: &Moment) -> Option<Moment> {
    let (unit, edge) = name.split_once("Ago")?;
    let unit = Unit::named(unit)?;
    let moment = now.later(count.parse::<i64>().ok()?.checked_neg()?, unit)?;
    match edge {
        "" => Some(moment),
        "Start" => moment.start(unit),
        "End" => moment.end(unit),
        _ => None,
    }
}

/// `beginningOfThisWeek()`, `endOfLastMonth()`, `beginningOfLast6Months()`. "Last 6 months" reaches from the month six before
/// this one to the end of this one, as "Last 7 days" is `daysAgoStart(7)` to `daysAgoEnd(0)`; "Next 2 quarters" likewise.
fn named(name: &str, now: &Moment) -> Option<Moment> {
    let (stretch, beginning) = match name.strip_prefix("beginningOf") {
        Some(stretch) => (stretch, true),
        None => (name.strip_prefix("endOf")?, false),
    };
    let (from, to, unit) = match stretch {
        "Today" => (0, 0, Unit::Day),
        "Yesterday" => (-1, -1, Unit::Day),
        "Tomorrow" => (1, 1, Unit::Day),
        _ => {
            let forms = ["This", "Current", "Last", "Next"];
            let (form, rest) = forms.iter().find_map(|form| Some((*form, stretch.strip_prefix(form)?)))?;
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let (count, word) = rest.split_at_checked(digits)?;
            let unit = Unit::named(word)?;
            match (form, count) {
                ("This" | "Current", "") => (0, 0, unit),
                ("Last", "") => (-1, -1, unit),
                ("Next", "") => (1, 1, unit),
                ("Last", count) => (count.parse::<i64>().ok()?.checked_neg()?, 0, unit),
                ("Next", count) => (0, count.parse().ok()?, unit),
                _ => return None,
            }
        }
    };
    match beginning {
        true => now.later(from, unit)?.start(unit),
        false => now.later(to, unit)?.end(unit),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Caller, value};

    #[test]
    fn functions_are_evaluated_in_the_callers_zone() {
        let roles = BTreeSet::from(["itil".to_owned()]);
        // Sunday, 2026-03-01 12:00:00 UTC, nine in the evening in Tokyo.
        let (now, time_zone) = (1_772_366_400_000, "Asia/Tokyo");
        let caller = Caller { user_id: "a1", user_name: "joe", roles: &roles, time_zone, domain: None, now };
        for (script, expected) in [
            ("gs.getUserID()", "a1"),
            ("gs.getUser()", "a1"),
            ("gs.getUserName();", "joe"),
            ("gs.hasRole('itil')", "true"),
            ("gs.hasRole('admin')", "false"),
            ("gs.nowDateTime()", "2026-03-01 12:00:00"),
            ("gs.dateGenerate('2026-03-01','start')", "2026-02-28 15:00:00"),
            ("gs.dateGenerate('2026-03-01', '09:30:00')", "2026-03-01 00:30:00"),
            ("gs.minutesAgo(15)", "2026-03-01 11:45:00"),
            ("gs.hoursAgoStart(1)", "2026-03-01 11:00:00"),
            ("gs.daysAgoStart(0)", "2026-02-28 15:00:00"),
            ("gs.daysAgoEnd(-1)", "2026-03-02 14:59:59"),
            ("gs.monthsAgo(1)", "2026-02-01 12:00:00"),
            ("gs.quartersAgoStart(1)", "2025-09-30 15:00:00"),
            ("gs.yearsAgoEnd(1)", "2025-12-31 14:59:59"),
            ("gs.beginningOfThisWeek()", "2026-02-22 15:00:00"),
            ("gs.endOfLastMonth()", "2026-02-28 14:59:59"),
            ("gs.beginningOfLast6Months()", "2025-08-31 15:00:00"),
            ("gs.endOfNext2Quarters()", "2026-09-30 14:59:59"),
            ("gs.endOfCurrentMinute()", "2026-03-01 12:00:59"),
        ] {
            assert_eq!(value(script, &caller).as_deref(), Some(expected), "{script}");
        }
        for script in
            ["gs.daysAgo()", "gs.daysAgo(x)", "gs.beginningOfLastMoon()", "gs.evil()", "gs.daysAgo(9999999999999)"]
        {
            assert_eq!(value(script, &caller), None, "{script}");
        }
    }
}
