//! The classes of configuration items: `cmdb_ci` and the tables that extend it.

use crate::store::{Definition, tables};

/// Finds a class by name.
pub(super) fn class(name: &str) -> Option<&'static Definition> {
    tables().iter().find(|table| table.name == name && table.is_or_extends(ROOT)).copied()
}

/// The table of a class. An unknown name stands for all items until the request is refused.
pub(crate) fn class_or_root(name: &str) -> &str {
    class(name).map_or(ROOT, |class| class.name)
}

const ROOT: &str = "cmdb_ci";

/// The classes that extend a class directly.
pub(super) fn children(name: &str) -> Vec<&'static str> {
    let extending = tables().iter().filter(|table| table.extends.is_some_and(|parent| parent.name == name));
    extending.map(|table| table.name).collect()
}

#[cfg(test)]
mod tests {
    use super::{children, class, class_or_root};

    #[test]
    fn class_is_an_item_table_and_knows_its_children() {
        assert!(class("cmdb_ci").is_some() && class("cmdb_ci_server").is_some());
        assert!(class("incident").is_none() && class("cmdb").is_none());
        assert_eq!([class_or_root("cmdb_ci_server"), class_or_root("incident")], ["cmdb_ci_server", "cmdb_ci"]);
        assert!(children("cmdb_ci_server").starts_with(&["cmdb_ci_linux_server", "cmdb_ci_win_server"]));
        assert!(children("cmdb_ci_linux_server").is_empty() && !children("cmdb_ci").contains(&"cmdb_ci_server"));
    }
}
