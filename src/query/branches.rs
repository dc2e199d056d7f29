//! A query's conditions by `^NQ` group, so that one more can be put into every group. Works on the text alone, so that a walk over
//! pages does not need the parser.
//!
//! A condition that is to hold for every row has to stand in every group: `a=1^NQb=2` with `^c=3` behind it means
//! `a=1 or (b=2 and c=3)`. Splitting at `^NQ` is safe because a value cannot hold a single caret (`^^` is an escaped one). Text
//! whose groups are not certain is refused; callers then leave it as it is.

use super::terms::terms;

/// The conditions of each group, orders and end markers left out; one empty text for a query without conditions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branches {
    groups: Vec<String>,
    order: Vec<(String, bool)>,
}

impl Branches {
    /// The groups of an encoded query (not percent-encoded). None when they are not certain: an empty group, an alternative
    /// without anything before it, a related-list block without end, a grouping, or an order by something that is no field.
    #[must_use]
    pub fn of(query: &str) -> Option<Self> {
        let (mut groups, mut order) = (vec![String::new()], Vec::new());
        let mut block = false;
        for (_, term) in terms(query) {
            let group = groups.last_mut()?;
            if block {
                // What begins a group, an order or a block cannot stand in a block: where it ends is not certain then.
                if ["NQ", "ORDERBY", "RLQUERY"].iter().any(|word| term.starts_with(word)) {
                    return None;
                }
                block = term != "ENDRLQUERY";
                push(group, term);
                continue;
            }
            let mut term = term;
            if term.is_empty() || term == "EQ" {
                continue;
            }
            let new = term.strip_prefix("NQ");
            if let Some(rest) = new {
                if group.is_empty() || rest.is_empty() {
                    return None;
                }
                groups.push(String::new());
                term = rest;
            }
            let group = groups.last_mut()?;
            if let Some(field) = term.strip_prefix("ORDERBY") {
                let descending = field.strip_prefix("DESC");
                let field = descending.unwrap_or(field);
                let word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.');
                if field.is_empty() || !field.bytes().all(word) {
                    return None;
                }
                order.push((field.to_owned(), descending.is_some()));
                continue;
            }
            let alternative = term.strip_prefix("OR");
            if term.starts_with("GROUPBY") || alternative.is_some() && group.is_empty() {
                return None;
            }
            block = alternative.unwrap_or(term).starts_with("RLQUERY");
            push(group, term);
        }
        let certain = !block && (groups.len() == 1 || groups.iter().all(|group| !group.is_empty()));
        certain.then_some(Self { groups, order })
    }

    /// The fields of the query's own order, and whether each is descending.
    #[must_use]
    pub fn order(&self) -> &[(String, bool)] {
        &self.order
    }

    /// The query with `bound` in every group and `order` as its order. The bound stands behind the group's own conditions, so
    /// that no `^OR` of theirs can bind to it, and begins with none itself. Either may be empty.
    #[must_use]
    pub fn bounded(&self, bound: &str, order: &str) -> String {
        let mut query = String::new();
        for (number, group) in self.groups.iter().enumerate() {
            if number > 0 {
                query.push_str("^NQ");
            }
            query.push_str(group);
            if !group.is_empty() && !bound.is_empty() {
                query.push('^');
            }
            query.push_str(bound);
        }
        push(&mut query, order);
        query
    }
}

fn push(group: &mut String, term: &str) {
    if !group.is_empty() && !term.is_empty() {
        group.push('^');
    }
    group.push_str(term);
}

#[cfg(test)]
mod tests;
