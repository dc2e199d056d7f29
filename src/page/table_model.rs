//! A table for the tests of walks: rows in memory, queries understood as far as walks say them, access rules after the limit.

use crate::query::{Operator, Query, Scalar, Value};

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ModelRow {
    pub(super) value: String,
    pub(super) id: String,
    pub(super) kind: u8,
    pub(super) hidden: bool,
}

#[derive(Debug, Clone, Default)]
pub(super) struct TableModel {
    pub(super) rows: Vec<ModelRow>,
    pub(super) empties_last: bool,
    pub(super) counts: bool,
    pub(super) forbids_ranges: bool,
    pub(super) forbids_order: bool,
    pub(super) forbids_value_order: bool,
    pub(super) drops_order: bool,
    pub(super) heavy_from: Option<u64>,
}

pub(super) struct ModelRequest {
    pub(super) query: String,
    pub(super) limit: u64,
    pub(super) offset: u64,
    pub(super) count: bool,
}

impl ModelRequest {
    pub(super) fn of(path: &str) -> Self {
        let parameter = |name: &str| path.split(['?', '&']).find_map(|pair| pair.strip_prefix(&format!("{name}=")));
        let number = |name: &str| parameter(name).unwrap().parse().unwrap();
        Self {
            query: decoded(parameter("sysparm_query").unwrap()),
            limit: number("sysparm_limit"),
            offset: number("sysparm_offset"),
            count: parameter("sysparm_no_count").is_none(),
        }
    }
}

fn decoded(text: &str) -> String {
    let mut bytes = vec![];
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let hex = |byte: Option<u8>| char::from(byte.unwrap()).to_digit(16).unwrap() as u8;
        bytes.push(if byte == b'%' { hex(rest.next()) * 16 + hex(rest.next()) } else { byte });
    }
    String::from_utf8(bytes).unwrap()
}

pub(super) enum ModelReply {
    Page(Vec<ModelRow>, Option<u64>),
    Forbidden,
    TooHeavy,
}

impl TableModel {
    pub(super) fn answer(&self, asked: &ModelRequest) -> ModelReply {
        let query = Query::parse(&asked.query).unwrap_or_else(|error| panic!("{}: {error}", asked.query));
        let conditions = || query.any.iter().flat_map(|group| &group.all).flat_map(|either| &either.either);
        let ranges = || {
            conditions().any(|one| {
                matches!(one.operator, Operator::Greater | Operator::AtLeast | Operator::AtMost | Operator::Less)
            })
        };
        let is_value = |field: &str| matches!(field, "f" | "sys_updated_on");
        let by_value = || query.order_by.iter().any(|order| is_value(&order.field));
        if self.forbids_ranges && ranges()
            || self.forbids_order && !query.order_by.is_empty()
            || self.forbids_value_order && by_value()
        {
            return ModelReply::Forbidden;
        }
        if self.heavy_from.is_some_and(|heavy| asked.limit >= heavy) {
            return ModelReply::TooHeavy;
        }
        let mut found: Vec<&ModelRow> = self.rows.iter().filter(|row| matches(&query, row)).collect();
        if !self.drops_order {
            for order in query.order_by.iter().rev() {
                let empty = |row: &ModelRow| row.value.is_empty() == self.empties_last;
                found.sort_by(|one, other| {
                    let sorted = match is_value(&order.field) {
                        true => (empty(one), &one.value).cmp(&(empty(other), &other.value)),
                        false => one.id.cmp(&other.id),
                    };
                    if order.descending { sorted.reverse() } else { sorted }
                });
            }
        }
        let count = found.len() as u64;
        let page = found.into_iter().skip(asked.offset as usize).take(asked.limit as usize);
        ModelReply::Page(
            page.filter(|row| !row.hidden).cloned().collect(),
            (self.counts && asked.count).then_some(count),
        )
    }
}

pub(super) fn matches(query: &Query, row: &ModelRow) -> bool {
    let holds = |condition: &crate::query::Condition| {
        let kind = row.kind.to_string();
        let cell = match condition.field.as_str() {
            "f" | "sys_updated_on" => &row.value,
            "sys_id" => &row.id,
            _ => &kind,
        };
        if let Some(Value::Many(ids)) = &condition.value {
            return ids.iter().any(|id| matches!(id, Scalar::Text(id) if id == cell));
        }
        let operand = match &condition.value {
            Some(Value::One(Scalar::Text(text))) => text.as_str(),
            _ => "",
        };
        match condition.operator {
            Operator::IsEmpty => cell.is_empty(),
            Operator::IsNotEmpty => !cell.is_empty(),
            Operator::Is => cell == operand,
            _ if cell.is_empty() => false,
            Operator::Greater => cell.as_str() > operand,
            Operator::AtLeast => cell.as_str() >= operand,
            Operator::AtMost => cell.as_str() <= operand,
            Operator::Less => cell.as_str() < operand,
            other => panic!("the model knows no {other:?}"),
        }
    };
    let all = |group: &crate::query::All| group.all.iter().all(|either| either.either.iter().any(holds));
    query.any.is_empty() || query.any.iter().any(all)
}
