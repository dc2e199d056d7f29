//! Expressions that the instance evaluates enter by name only, and only the calls that guarded script allows.
//!
//! Source: product documentation, "Guarded script" and "Guarded script allowed APIs": one simple call, of these functions.

/// Families of functions (a name that ends in `*`) and single ones.
const ALLOWED: &[&str] = &[
    "getUserID",
    "getUserName",
    "getUser",
    "hasRole",
    "daysAgo*",
    "hoursAgo*",
    "minutesAgo*",
    "monthsAgo*",
    "quartersAgo*",
    "yearsAgo*",
    "beginningOf*",
    "endOf*",
    "dateGenerate",
    "nowDateTime",
];

/// Whether an expression is one call of an allowed `gs` function with plain arguments: numbers and quoted words.
#[must_use]
pub fn is_allowed(expression: &str) -> bool {
    let Some(call) = expression.strip_prefix("gs.") else { return false };
    let Some(open) = call.bytes().position(|byte| byte == b'(') else { return false };
    let (name, arguments) = (call.get(..open).unwrap_or_default(), call.get(open + 1..).unwrap_or_default());
    let arguments = arguments.strip_suffix(';').unwrap_or(arguments);
    let named = name == "datePart"
        || ALLOWED.iter().any(|allowed| match allowed.strip_suffix('*') {
            Some(family) => name.starts_with(family) && name.bytes().all(|byte| byte.is_ascii_alphanumeric()),
            None => name == *allowed,
        });
    named && arguments.strip_suffix(')').is_some_and(are_plain)
}

/// Numbers and quoted words with commas between them; no call, no operator, no quote inside a word.
fn are_plain(arguments: &str) -> bool {
    arguments.split(',').all(|argument| {
        let argument = argument.trim();
        let number = argument.strip_prefix('-').unwrap_or(argument);
        let quoted = |quote| argument.strip_prefix(quote).and_then(|rest: &str| rest.strip_suffix(quote));
        let word = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b" _-:.".contains(&byte));
        number.bytes().all(|byte| byte.is_ascii_digit()) || quoted('\'').or_else(|| quoted('"')).is_some_and(word)
    })
}

#[cfg(test)]
mod tests {
    use super::is_allowed;

    #[test]
    fn one_plain_call_of_a_listed_function_is_allowed() {
        for expression in [
            "gs.getUserID()",
            "gs.daysAgoStart(7)",
            "gs.daysAgoEnd(-1)",
            "gs.beginningOfLast6Months()",
            "gs.dateGenerate('2026-09-29','23:59:59')",
            "gs.datePart('dayofweek','monday','EE')",
            "gs.hasRole(\"itil\")",
        ] {
            assert!(is_allowed(expression), "{expression}");
        }
    }

    #[test]
    fn anything_else_is_not() {
        for expression in [
            "",
            "gs",
            "gs.log('x')",
            "gs.getUserID",
            "gs.getUserID();gs.log('x')",
            "gs.getUser().getID()",
            "new GlideRecord('x')",
            "gs.daysAgo(gs.getProperty('x'))",
            "gs.daysAgo('a'+'b')",
            "gs.endOf x()",
            "answer=1",
        ] {
            assert!(!is_allowed(expression), "{expression}");
        }
    }
}
