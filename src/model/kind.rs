//! The kinds of the unified model and the fields of each.

pub(super) mod assets;
pub(super) mod people;
pub(super) mod records;
pub(super) mod ticket;

/// One kind of the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnifiedKind {
    /// As objects name it: `ticket`.
    pub name: &'static str,
    /// The interface in TypeScript.
    pub interface: &'static str,
    /// What it is, in one sentence.
    pub meaning: &'static str,
    /// In the order in which they are documented.
    pub fields: &'static [UnifiedField],
}

/// One field of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnifiedField {
    /// As objects name it: `dueAt`.
    pub name: &'static str,
    /// How its values look.
    pub shape: Shape,
    /// What it means, in one sentence.
    pub meaning: &'static str,
}

/// How the values of a field look, and how they are converted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Text, unchanged.
    Text,
    /// A value of a list that each instance has of its own: raw value and label.
    Code,
    /// A value of a list that the model normalises: its value, raw value and label.
    Choice(Set),
    /// A reference to a record.
    Reference,
    /// A moment, as ISO 8601 in UTC.
    Instant,
    /// A day: `2026-02-28`.
    Date,
    /// A truth value.
    Boolean,
    /// A whole number.
    Integer,
    /// A number with digits behind the point, as text and digit for digit.
    Decimal,
    /// An amount, digit for digit, and its currency where the instance says one.
    Money,
    /// A length of time in milliseconds.
    Duration,
    /// Several values, stored with commas between them.
    List,
    /// Text that a write adds to a journal. It is never read here: entries are comments.
    Entry,
}

impl Shape {
    /// Every shape that a map may name, as it names it.
    pub const NAMED: [(&'static str, Self); 12] = [
        ("text", Self::Text),
        ("code", Self::Code),
        ("reference", Self::Reference),
        ("instant", Self::Instant),
        ("date", Self::Date),
        ("boolean", Self::Boolean),
        ("integer", Self::Integer),
        ("decimal", Self::Decimal),
        ("money", Self::Money),
        ("duration", Self::Duration),
        ("list", Self::List),
        ("entry", Self::Entry),
    ];

    /// The name in plans.
    #[must_use]
    pub fn name(self) -> &'static str {
        let named = Self::NAMED.into_iter().find(|(_, shape)| *shape == self);
        named.map_or("choice", |(name, _)| name)
    }

    /// The shape of this name. A choice has none, because only the model has normalised lists.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMED.into_iter().find(|(known, _)| *known == name).map(|(_, shape)| shape)
    }
}

/// A list of normalised values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Set {
    /// Where a ticket is in its life.
    Status,
    /// How urgent the whole is.
    Priority,
    /// Impact, urgency or severity.
    Level,
    /// How risky a change is.
    Risk,
    /// Who sees a comment.
    Visibility,
    /// Whether a configuration item works.
    Operation,
    /// Where a configuration item is in its life.
    Installation,
}

impl Set {
    /// The type in TypeScript.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Status => "Status",
            Self::Priority => "Priority",
            Self::Level => "Level",
            Self::Risk => "Risk",
            Self::Visibility => "Visibility",
            Self::Operation => "Operation",
            Self::Installation => "Installation",
        }
    }

    /// The values, in order.
    #[must_use]
    pub const fn values(self) -> &'static [&'static str] {
        match self {
            Self::Status => &["new", "in_progress", "waiting", "resolved", "closed", "closed_incomplete", "cancelled"],
            Self::Priority => &["critical", "high", "moderate", "low", "planning"],
            Self::Level => &["high", "medium", "low"],
            Self::Risk => &["very_high", "high", "moderate", "low"],
            Self::Visibility => &["public", "internal"],
            Self::Operation => {
                &["operational", "non_operational", "repair", "standby", "ready", "retired", "pipeline", "catalog"]
            }
            Self::Installation => &[
                "installed",
                "on_order",
                "in_maintenance",
                "pending_install",
                "pending_repair",
                "in_stock",
                "retired",
                "stolen",
                "absent",
            ],
        }
    }
}

/// Every kind.
pub const KINDS: [&UnifiedKind; 11] = [
    &ticket::TICKET,
    &records::COMMENT,
    &records::ATTACHMENT,
    &people::USER,
    &people::EMPLOYEE,
    &people::GROUP,
    &people::DEPARTMENT,
    &people::LOCATION,
    &people::COMPANY,
    &assets::CONFIGURATION_ITEM,
    &assets::RELATION,
];

impl UnifiedKind {
    /// The field of this name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'static UnifiedField> {
        self.fields.iter().find(|field| field.name == name)
    }
}

const fn field(name: &'static str, shape: Shape, meaning: &'static str) -> UnifiedField {
    UnifiedField { name, shape, meaning }
}

const ID: UnifiedField = field("id", Shape::Text, "The key of the record.");
const CREATED_AT: UnifiedField = field("createdAt", Shape::Instant, "When the record was created.");
const CREATED_BY: UnifiedField = field("createdBy", Shape::Text, "The user name of who created the record.");
const UPDATED_AT: UnifiedField = field("updatedAt", Shape::Instant, "When the record was last changed.");
const UPDATED_BY: UnifiedField = field("updatedBy", Shape::Text, "The user name of who changed the record last.");
const REVISION: UnifiedField =
    field("revision", Shape::Integer, "How often the record was changed. No write takes it as a condition.");
