//! The classes of configuration items: `cmdb_ci` and the tables that extend it.

use crate::store::{Definition, tables};

/// Finds a class by name.
pub(super) fn class(name: &str) -> Option<&'static Definition> {
    tables().iter().find(|table| table.name == name && table.is_or_extends("cmdb_ci")).copied()
}

/// Whether a class equals or extends another.
pub(super) fn is_or_extends(name: &str, ancestor: &str) -> bool {
    class(name).is_some_and(|class| class.is_or_extends(ancestor))
}

/// The classes that extend a class directly.
pub(super) fn children(name: &str) -> Vec<&'static str> {
    let extending = tables().iter().filter(|table| table.extends.is_some_and(|parent| parent.name == name));
    extending.map(|table| table.name).collect()
}

#[cfg(test)]
mod tests {
    use super::{children, is_or_extends};

    #[test]
    fn class_extends_its_ancestors_only() {
        assert!(is_or_extends("cmdb_ci_server", "cmdb_ci") && is_or_extends("cmdb_ci_server", "cmdb_ci_server"));
        assert!(!is_or_extends("cmdb_ci_service", "cmdb_ci_hardware") && !is_or_extends("incident", "cmdb_ci"));
        assert!(children("cmdb_ci_server").starts_with(&["cmdb_ci_linux_server", "cmdb_ci_win_server"]));
        assert!(children("cmdb_ci_linux_server").is_empty() && !children("cmdb_ci").contains(&"cmdb_ci_server"));
    }
}
