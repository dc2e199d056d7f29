//! A query as a tree: `any` of `all` of `either`, which is all the platform's precedence can say.

use super::operator::Operator;

/// An encoded query. Empty, it matches every row.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Query {
    /// A row must satisfy one of these (`^NQ` joins them); without any, every row will do.
    #[serde(default)]
    pub any: Vec<All>,
    /// The fields to group by (`GROUPBY`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub group_by: Vec<String>,
    /// The order, the first term weighing most (`ORDERBY`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub order_by: Vec<Order>,
}

/// Conditions that must all hold (`^` joins them).
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct All {
    /// The conditions, each with its alternatives.
    pub all: Vec<Either>,
}

/// Alternatives of which one must hold (`^OR` joins them).
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Either {
    /// The alternatives; a condition that stands alone is the only one.
    pub either: Vec<Condition>,
}

/// A field, an operator and what the operator takes.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// The column's name; through references with dots: `caller_id.department`.
    pub field: String,
    /// The operator.
    pub operator: Operator,
    /// What stands behind it; absent for operators that take nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
}

/// What stands behind an operator.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// One value.
    One(Scalar),
    /// A list (`IN`), the two ends of a range (`BETWEEN`), or what else stands with `@` between its parts, in its order.
    Many(Vec<Scalar>),
    /// Another field of the row, with the unit that follows it for dates (`activity_due@day`).
    Field {
        /// The other column's name.
        field: String,
    },
    /// How many records of a related list there must be, and which of them count.
    Related(Related),
}

/// What a related-list block asks: `>=1` records for which all of `where` hold.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Related {
    /// How the number of records is compared: one of `=`, `!=`, `<`, `<=`, `>`, `>=`.
    pub is: Operator,
    /// The number it is compared with.
    pub count: u32,
    /// Whether the table is a many-to-many one, between this and another (`,m2m`).
    #[serde(default, rename = "m2m", skip_serializing_if = "core::ops::Not::not")]
    pub many_to_many: bool,
    /// Conditions on the related records; without any, all of them count.
    #[serde(default, rename = "where", skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Either>,
}

/// A single value.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
pub enum Scalar {
    /// As it stands in the column, never read as a script.
    Text(String),
    /// An expression that the instance evaluates (`javascript:gs.getUserID()`).
    Script {
        /// The expression without `javascript:`.
        script: String,
    },
}

/// One term of an order.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// The column's name.
    pub field: String,
    /// Largest first (`ORDERBYDESC`).
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub descending: bool,
}

impl From<Condition> for Query {
    fn from(condition: Condition) -> Self {
        let either = Vec::from([condition]);
        let all = Vec::from([Either { either }]);
        Self { any: Vec::from([All { all }]), ..Self::default() }
    }
}
