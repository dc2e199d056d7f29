//! The terms of an encoded query that the query tree has no form for, as text: `JOIN` and `SUBQUERY`.

use super::joins::PLACE;

/// A join: which fields must be equal, and what the other table's records must satisfy.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Joined {
    /// `None` for the table that is searched.
    pub(super) left_table: Option<String>,
    pub(super) left_field: String,
    pub(super) right_table: String,
    pub(super) right_field: String,
    pub(super) conditions: String,
    /// Whether its condition is one of several alternatives.
    pub(super) spans: bool,
}

/// The largest number of joins in a query; further ones are invalid.
const MAX_JOINS: usize = 10;

const END: &str = "ENDSUBQUERY";

/// The query with a place instead of each join, and the joins.
pub(super) fn joins(text: &str) -> (String, Vec<Joined>) {
    if !["JOIN", "SUBQUERY", "RLQUERY"].iter().any(|word| text.contains(word)) {
        return (text.to_owned(), Vec::new());
    }
    let all = terms(text);
    let spans = all.iter().any(|term| term.starts_with("NQ") || term.starts_with("ORJOIN"));
    let (mut kept, mut joins) = (Vec::new(), Vec::new());
    let mut terms = all.into_iter();
    let mut in_block = false;
    while let Some(term) = terms.next() {
        let (prefix, rest) = split_prefix(term);
        let joined = match (rest.strip_prefix("JOIN"), rest.strip_prefix("SUBQUERY")) {
            _ if in_block => None,
            (Some(join), _) => Some(join_of(join)),
            (None, Some(start)) => Some(subquery_of(start, &mut terms)),
            (None, None) => None,
        };
        match joined {
            Some(join) => {
                let prefix = if rest.starts_with("SUBQUERY") { "" } else { prefix };
                kept.push(format!("{prefix}{PLACE}{}ANYTHING", joins.len()));
                // A join that cannot be read stays in its place, and its place is invalid.
                let join = join.filter(|_| joins.len() < MAX_JOINS).unwrap_or_default();
                joins.push(Joined { spans, ..join });
            }
            None => kept.push(term.to_owned()),
        }
        in_block = rest.starts_with("RLQUERY") || in_block && term != "ENDRLQUERY";
    }
    // "`^ENDRLQUERY` is technically optional."
    if in_block {
        kept.push("ENDRLQUERY".to_owned());
    }
    (kept.join("^"), joins)
}

fn split_prefix(term: &str) -> (&str, &str) {
    let length = if term.starts_with("NQ") || term.starts_with("OR") && !term.starts_with("ORDERBY") { 2 } else { 0 };
    term.split_at(length)
}

/// `sys_user.sys_id=sys_user_grmember.user!group=x`.
fn join_of(text: &str) -> Option<Joined> {
    let (fields, conditions) = text.split_once('!').unwrap_or((text, ""));
    let (left, right) = fields.split_once('=')?;
    let ((left_table, left_field), (right_table, right_field)) = (left.split_once('.')?, right.split_once('.')?);
    Some(Joined {
        left_table: Some(left_table.to_owned()),
        left_field: left_field.to_owned(),
        right_table: right_table.to_owned(),
        right_field: right_field.to_owned(),
        conditions: conditions.replace("^^", "^"),
        spans: false,
    })
}

/// `sys_id,manager,sys_user_group`, and the terms up to the end of the block, which may be absent.
fn subquery_of<'a>(start: &str, terms: &mut impl Iterator<Item = &'a str>) -> Option<Joined> {
    let mut conditions: Vec<&str> = Vec::new();
    let mut depth = 0_usize;
    for term in terms {
        // A nested block whose carets are doubled is a single term.
        let nested = split_prefix(term).1.starts_with("SUBQUERY") && !term.contains("^^");
        match term {
            END if depth == 0 => break,
            END => depth -= 1,
            _ => depth += usize::from(nested),
        }
        conditions.push(term);
    }
    let [left_field, right_field, right_table] = start.split(',').collect::<Vec<_>>().try_into().ok()?;
    let conditions: Vec<String> = conditions
        .into_iter()
        .map(|term| match term.contains("SUBQUERY") {
            true => term.replace("^^", "^"),
            false => term.to_owned(),
        })
        .collect();
    Some(Joined {
        left_table: None,
        left_field: left_field.to_owned(),
        right_table: right_table.to_owned(),
        right_field: right_field.to_owned(),
        conditions: conditions.join("^"),
        spans: false,
    })
}

/// The stretches between single carets.
fn terms(text: &str) -> Vec<&str> {
    let (mut terms, mut start, mut at) = (Vec::new(), 0, 0);
    let bytes = text.as_bytes();
    while let Some(byte) = bytes.get(at) {
        let doubled = bytes.get(at + 1) == Some(&b'^');
        match byte {
            b'^' if doubled => at += 2,
            b'^' => {
                terms.push(text.get(start..at).unwrap_or_default());
                at += 1;
                start = at;
            }
            _ => at += 1,
        }
    }
    terms.push(text.get(start..).unwrap_or_default());
    terms
}

#[cfg(test)]
mod tests {
    use super::joins;

    #[test]
    fn query_without_joins_stays_as_it_is() {
        for text in ["", "a=1^ORb=2^NQc=3^^d^ORDERBYa", "RLQUERYa.b,>=1^c=1^ENDRLQUERY^d=JOINT"] {
            assert_eq!(joins(text), (text.to_owned(), Vec::new()));
        }
    }

    #[test]
    fn join_ends_at_a_single_caret() {
        let (text, joins) = joins("active=true^JOINa.b=c.d!e=1^^f=2^NQJOINa.b=g.h!^ORDERBYi");
        assert_eq!(text, "active=true^JOIN.0ANYTHING^NQJOIN.1ANYTHING^ORDERBYi");
        let conditions: Vec<&str> = joins.iter().map(|join| join.conditions.as_str()).collect();
        assert_eq!(conditions, ["e=1^f=2", ""]);
    }

    #[test]
    fn subquery_ends_at_its_own_end_or_that_of_the_query() {
        let (text, joins) = joins("SUBQUERYa,b,c^d=1^SUBQUERYe,f,g^^h=2^^ENDSUBQUERY^ENDSUBQUERY^i=3");
        assert_eq!(text, "JOIN.0ANYTHING^i=3");
        assert_eq!(joins[0].conditions, "d=1^SUBQUERYe,f,g^h=2^ENDSUBQUERY");
        let (text, joins) = super::joins("SUBQUERYa,b,c^SUBQUERYe,f,g^h=2^ENDSUBQUERY");
        assert_eq!((text.as_str(), joins[0].conditions.as_str()), ("JOIN.0ANYTHING", "SUBQUERYe,f,g^h=2^ENDSUBQUERY"));
    }

    #[test]
    fn related_list_block_needs_no_end_and_holds_no_join() {
        assert_eq!(joins("RLQUERYa.b,>=1^c=JOIN").0, "RLQUERYa.b,>=1^c=JOIN^ENDRLQUERY");
        assert_eq!(joins("RLQUERYa.b,>=1^JOINa.b=c.d!^ENDRLQUERY").1.len(), 0);
    }
}
