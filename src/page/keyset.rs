//! A position in a table by key instead of by offset: the texts of the order, and of the bound behind the last row seen.
//!
//! `f>=T^f>T^ORsys_id>I` is "T at least, and either past T or past I": rows behind the row (T, I) in the order of `f` and
//! `sys_id`. Of the forms that say so it is the one that PostgreSQL, MariaDB and SQLite answer from an index at any depth. `f>T`
//! alone loses the rows that share T with the last row of a page, and `f>T^ORf=T^sys_id>I` means (f>T or f=T) and sys_id>I.
//!
//! Rows whose field is empty satisfy no comparison, and whether they come first or last is the database's own affair. So the walk
//! reads them apart, by `fISEMPTY`, in the order of `sys_id`.

/// The order of a walk by key: one field and `sys_id`, or `sys_id` alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The field before `sys_id`.
    pub field: Option<String>,
    /// Whether the field, or `sys_id` alone, goes from the last to the first.
    pub descending: bool,
    /// Whether `sys_id` does behind the field.
    pub id_descending: bool,
}

/// The last row seen.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Position {
    /// What its field holds; empty for a walk by `sys_id` alone.
    pub value: String,
    /// Its `sys_id`.
    pub id: String,
}

/// Fields that are never a reference, a choice or a text, so that the order that the instance sorts by is the one that its
/// comparisons mean. A reference is sorted by what it shows and compared by its `sys_id`.
const SORTED_AS_COMPARED: [&str; 2] = ["sys_updated_on", "sys_created_on"];

impl Key {
    /// By `sys_id`, which never changes: no row moves in this order.
    pub const SYS_ID: Self = Self { field: None, descending: false, id_descending: false };

    /// By when rows were last changed.
    #[must_use]
    pub fn updated() -> Self {
        Self { field: Some("sys_updated_on".to_owned()), ..Self::SYS_ID }
    }

    /// The key of a query's own order, if a walk by key can follow it. `known`: the caller vouches that the field is sorted as
    /// it is compared.
    #[must_use]
    pub fn of(order: &[(String, bool)], known: bool) -> Option<Self> {
        let field = |name: &str| known && !name.contains('.') || SORTED_AS_COMPARED.contains(&name);
        match order {
            [] => Some(Self::SYS_ID),
            [(id, descending), ..] if id == "sys_id" => Some(Self { descending: *descending, ..Self::SYS_ID }),
            [(name, descending)] if field(name) => {
                Some(Self { field: Some(name.clone()), descending: *descending, id_descending: false })
            }
            [(name, descending), (id, id_descending), ..] if field(name) && id == "sys_id" => {
                Some(Self { field: Some(name.clone()), descending: *descending, id_descending: *id_descending })
            }
            _ => None,
        }
    }

    /// Whether a row that is changed can move to where a walk has been. In ascending order of `sys_updated_on` it moves to the end.
    #[must_use]
    pub fn moves(&self) -> bool {
        match self.field.as_deref() {
            None | Some("sys_created_on") => false,
            Some("sys_updated_on") => self.descending,
            Some(_) => true,
        }
    }

    /// The order as a query says it. `empties`: of the rows whose field is empty.
    #[must_use]
    pub fn order(&self, empties: bool) -> String {
        let Some(field) = self.field.as_ref().filter(|_| !empties) else {
            return ["ORDERBY", desc(if empties { self.id_descending } else { self.descending }), "sys_id"].concat();
        };
        ["ORDERBY", desc(self.descending), field, "^ORDERBY", desc(self.id_descending), "sys_id"].concat()
    }

    /// The bound behind a row. `empties`: among the rows whose field is empty. None for a value that no query can carry.
    #[must_use]
    pub fn bound(&self, after: &Position, empties: bool) -> Option<String> {
        let id = value(&after.id)?;
        let past = |descending| if descending { "<" } else { ">" };
        let Some(field) = self.field.as_ref().filter(|_| !empties) else {
            let descending = if empties { self.id_descending } else { self.descending };
            return Some(["sys_id", past(descending), &id].concat());
        };
        let (past_value, past_id) = (past(self.descending), past(self.id_descending));
        let value = value(&after.value)?;
        let at_least = [field, past_value, "=", &value].concat();
        let either = [field, past_value, &value, "^ORsys_id", past_id, &id].concat();
        Some([at_least, either].join("^"))
    }

    /// Whether the row `later` can stand behind the row `earlier` in this order, as far as their texts show: moments and plain
    /// identifiers sort as their letters do, for anything else the database's own order is unknown here.
    #[must_use]
    pub fn may_follow(&self, earlier: &Position, later: &Position, empties: bool) -> bool {
        let stamps = self.field.as_ref().is_some_and(|field| SORTED_AS_COMPARED.contains(&field.as_str()));
        if self.field.is_some() && !empties && earlier.value != later.value {
            // Numbers in place of stamps sort otherwise.
            let stamps = stamps && earlier.value.len() == later.value.len();
            return !stamps || (earlier.value < later.value) != self.descending;
        }
        let descending = if self.field.is_some() { self.id_descending } else { self.descending };
        earlier.id != later.id
            && (!is_plain(&earlier.id) || !is_plain(&later.id) || (earlier.id < later.id) != descending)
    }
}

const fn desc(descending: bool) -> &'static str {
    if descending { "DESC" } else { "" }
}

/// A value as a condition carries it: carets doubled. None for what would be read as something else.
fn value(text: &str) -> Option<String> {
    let unfit = text.is_empty() || text.starts_with('=') || text.starts_with("javascript:");
    (!unfit && !text.chars().any(char::is_control)).then(|| text.replace('^', "^^"))
}

/// Whether every database sorts this identifier as its letters do.
pub(super) fn is_plain(id: &str) -> bool {
    id.len() == 32 && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(value: &str, id: &str) -> Position {
        Position { value: value.to_owned(), id: id.to_owned() }
    }

    fn key(order: &[(&str, bool)], known: bool) -> Option<Key> {
        let order: Vec<_> = order.iter().map(|(field, descending)| ((*field).to_owned(), *descending)).collect();
        Key::of(&order, known)
    }

    #[test]
    fn bound_is_the_form_that_an_index_answers() {
        let bound = Key::updated().bound(&at("2026-03-01 10:00:00", "0af3"), false).unwrap();
        assert_eq!(bound, "sys_updated_on>=2026-03-01 10:00:00^sys_updated_on>2026-03-01 10:00:00^ORsys_id>0af3");
        assert_eq!(Key::updated().order(false), "ORDERBYsys_updated_on^ORDERBYsys_id");
        assert_eq!(Key::SYS_ID.bound(&at("", "0af3"), false).unwrap(), "sys_id>0af3");
    }

    #[test]
    fn directions_may_differ() {
        let key = key(&[("sys_created_on", true), ("sys_id", false)], false).unwrap();
        assert_eq!(key.bound(&at("t", "i"), false).unwrap(), "sys_created_on<=t^sys_created_on<t^ORsys_id>i");
        assert_eq!(key.order(false), "ORDERBYDESCsys_created_on^ORDERBYsys_id");
        assert_eq!(
            (key.bound(&at("", "i"), true).unwrap(), key.order(true)),
            ("sys_id>i".to_owned(), "ORDERBYsys_id".to_owned())
        );
    }

    #[test]
    fn fields_sorted_as_compared_are_taken_unasked() {
        assert_eq!(key(&[], false), Some(Key::SYS_ID));
        assert_eq!(key(&[("sys_id", true)], false).map(|key| key.descending), Some(true));
        assert_eq!(key(&[("assigned_to", false)], false), None, "a reference is sorted by what it shows");
        assert_eq!(key(&[("opened_at", false)], true).and_then(|key| key.field), Some("opened_at".to_owned()));
        assert_eq!(key(&[("caller_id.name", false)], true), None);
        assert_eq!(key(&[("opened_at", false), ("number", false)], true), None);
    }

    #[test]
    fn value_that_no_query_carries_is_no_bound() {
        let key = key(&[("number", false)], true).unwrap();
        assert_eq!(key.bound(&at("a^b", "i"), false).unwrap(), "number>=a^^b^number>a^^b^ORsys_id>i");
        for unfit in ["", "a\nb", "=5", "javascript:gs.now()"] {
            assert_eq!(key.bound(&at(unfit, "i"), false), None, "{unfit:?}");
        }
    }

    #[test]
    fn order_that_was_not_followed_shows() {
        let (early, late) = (at("2026-03-01 10:00:00", "b"), at("2026-03-01 10:00:01", "a"));
        assert!(Key::updated().may_follow(&early, &late, false));
        assert!(!Key::updated().may_follow(&late, &early, false));
        assert!(!Key::updated().may_follow(&early, &early, false), "the same row again");
        let ids = [at("", "0123456789abcdef0123456789abcdef"), at("", "f123456789abcdef0123456789abcdef")];
        assert!(Key::SYS_ID.may_follow(&ids[0], &ids[1], false) && !Key::SYS_ID.may_follow(&ids[1], &ids[0], false));
        assert!(Key::SYS_ID.may_follow(&at("", "global"), &at("", "Alpha"), false), "collations differ");
    }
}
