//! A walk over pages is whole only under an order without ties: `sys_id` comes last.
//!
//! The default order of a table is undefined, and since RaptorDB pages without a unique last key repeat and miss rows
//! (Xanadu Patch 4 release notes). This works on the text alone, so that reading a table does not need the parser.

use super::terms::terms;

const LAST: &str = "ORDERBYsys_id";
const END: &str = "EQ";

/// Whether the last order term of an encoded query (not percent-encoded) is `sys_id`, ascending or descending.
///
/// Only the last `^NQ` group counts: an order term written inside an earlier group is not relied upon.
#[must_use]
pub fn ends_in_unique_order(query: &str) -> bool {
    let mut unique = false;
    for (_, term) in terms(query) {
        if term.starts_with("NQ") {
            unique = false;
        } else if let Some(field) = term.strip_prefix("ORDERBY") {
            unique = field.strip_prefix("DESC").unwrap_or(field) == "sys_id";
        }
    }
    unique
}

/// The same encoded query, its order made unique: `ORDERBYsys_id` is appended unless the last order term already is
/// `sys_id`. A dangling `^` is dropped first, because together with the new separator it would read as an escaped
/// caret; an end marker (`^EQ`) stays last.
#[must_use]
pub fn with_unique_order(query: &str) -> String {
    if ends_in_unique_order(query) {
        return query.into();
    }
    let (body, end) = match terms(query).last() {
        Some((_, END)) => (query.get(..query.len() - END.len()).unwrap_or_default(), true),
        _ => (query, false),
    };
    let carets = body.bytes().rev().take_while(|byte| *byte == b'^').count();
    let body = if carets % 2 == 1 { body.get(..body.len() - 1).unwrap_or_default() } else { body };
    let mut ordered = String::with_capacity(body.len() + LAST.len() + 4);
    ordered.push_str(body);
    if !body.is_empty() {
        ordered.push('^');
    }
    ordered.push_str(LAST);
    if end {
        ordered.push('^');
        ordered.push_str(END);
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::{ends_in_unique_order, with_unique_order};

    #[test]
    fn order_without_sys_id_gets_it_as_its_last_term() {
        for (query, expected) in [
            ("", "ORDERBYsys_id"),
            ("active=true", "active=true^ORDERBYsys_id"),
            ("active=true^ORDERBYnumber", "active=true^ORDERBYnumber^ORDERBYsys_id"),
            ("ORDERBYDESCsys_updated_on", "ORDERBYDESCsys_updated_on^ORDERBYsys_id"),
            ("ORDERBYsys_id^ORDERBYnumber", "ORDERBYsys_id^ORDERBYnumber^ORDERBYsys_id"),
            ("active=true^NQpriority=1", "active=true^NQpriority=1^ORDERBYsys_id"),
            ("a=1^ORDERBYsys_id^NQb=2", "a=1^ORDERBYsys_id^NQb=2^ORDERBYsys_id"),
            ("active=true^EQ", "active=true^ORDERBYsys_id^EQ"),
            ("^EQ", "ORDERBYsys_id^EQ"),
            ("active=true^EQ^ORDERBYnumber", "active=true^EQ^ORDERBYnumber^ORDERBYsys_id"),
            ("active=true^", "active=true^ORDERBYsys_id"),
            ("^", "ORDERBYsys_id"),
        ] {
            assert_eq!(with_unique_order(query), expected, "{query}");
        }
    }

    #[test]
    fn order_that_ends_in_sys_id_is_left_alone() {
        for query in
            ["ORDERBYsys_id", "a=1^ORDERBYDESCsys_id", "a=1^ORDERBYnumber^ORDERBYsys_id^EQ", "ORDERBYsys_id^a=1"]
        {
            assert_eq!(with_unique_order(query), query);
        }
    }

    #[test]
    fn value_that_looks_like_an_order_is_not_one() {
        assert!(!ends_in_unique_order("short_description=x^^ORDERBYsys_id"));
        assert!(!ends_in_unique_order("short_descriptionLIKEORDERBYsys_id"));
        assert!(!ends_in_unique_order("ORDERBYparent.sys_id"));
        assert_eq!(with_unique_order("name=x^^"), "name=x^^^ORDERBYsys_id");
        assert_eq!(with_unique_order("name=x^^EQ"), "name=x^^EQ^ORDERBYsys_id");
    }

    #[test]
    fn result_always_ends_in_a_unique_order() {
        for query in ["", "^^", "^^^", "EQ", "NQ", "NQORDERBYsys_id", "ORDERBY", "ORDERBYDESC", "a=ü^", "a=1^EQ^EQ"] {
            let ordered = with_unique_order(query);
            assert!(ends_in_unique_order(&ordered), "{query} became {ordered}");
            assert_eq!(with_unique_order(&ordered), ordered);
        }
    }
}
