//! Configuration items and the relations between them.

use super::{
    CREATED_AT, CREATED_BY, ID, REVISION, Set, Shape, UPDATED_AT, UPDATED_BY, UnifiedField, UnifiedKind, field,
};

/// A configuration item.
pub(in crate::model) const CONFIGURATION_ITEM: UnifiedKind = UnifiedKind {
    name: "configuration_item",
    interface: "ConfigurationItem",
    meaning: "A configuration item. The instance asks to write it through Identification and Reconciliation.",
    fields: &ITEMS,
};

const ITEMS: [UnifiedField; 21] = [
    ID,
    field("name", Shape::Text, "The name that people see."),
    field("class", Shape::Text, "The table of the record, which may extend the one that was read."),
    field("assetTag", Shape::Text, "The tag on it."),
    field("serialNumber", Shape::Text, "The maker's number."),
    field("ipAddress", Shape::Text, "The address in the network."),
    field("operation", Shape::Choice(Set::Operation), "Whether it works."),
    field("installation", Shape::Choice(Set::Installation), "Where it is in its life."),
    field("assignee", Shape::Reference, "The person who uses it."),
    field("owner", Shape::Reference, "The person who owns it."),
    field("manager", Shape::Reference, "The person who manages it."),
    field("group", Shape::Reference, "The group that supports it."),
    field("location", Shape::Reference, "The place."),
    field("company", Shape::Reference, "The company."),
    field("source", Shape::Code, "What discovered it."),
    field("lastSeenAt", Shape::Instant, "When it was last discovered."),
    CREATED_AT,
    CREATED_BY,
    UPDATED_AT,
    UPDATED_BY,
    REVISION,
];

/// A relation between configuration items.
pub(in crate::model) const RELATION: UnifiedKind = UnifiedKind {
    name: "relation",
    interface: "Relation",
    meaning: "A relation between two configuration items.",
    fields: &RELATIONS,
};

const RELATIONS: [UnifiedField; 8] = [
    ID,
    field("parent", Shape::Reference, "The item that uses, contains or runs the other."),
    field("child", Shape::Reference, "The item that is used, contained or run."),
    field("type", Shape::Reference, "How they are related: its name has both directions."),
    CREATED_AT,
    CREATED_BY,
    UPDATED_AT,
    UPDATED_BY,
];
