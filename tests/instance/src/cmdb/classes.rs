//! The supported classes of configuration items: a small part of the base system's tree.

/// Name, parent and label.
const CLASSES: [(&str, &str, &str); 11] = [
    ("cmdb_ci", "cmdb", "Configuration Item"),
    ("cmdb_ci_hardware", "cmdb_ci", "Hardware"),
    ("cmdb_ci_computer", "cmdb_ci_hardware", "Computer"),
    ("cmdb_ci_server", "cmdb_ci_computer", "Server"),
    ("cmdb_ci_linux_server", "cmdb_ci_server", "Linux Server"),
    ("cmdb_ci_win_server", "cmdb_ci_server", "Windows Server"),
    ("cmdb_ci_netgear", "cmdb_ci_hardware", "Network Gear"),
    ("cmdb_ci_printer", "cmdb_ci_hardware", "Printer"),
    ("cmdb_ci_service", "cmdb_ci", "Service"),
    ("cmdb_ci_appl", "cmdb_ci", "Application"),
    ("cmdb_ci_database", "cmdb_ci_appl", "Database"),
];

/// Finds a class by name: parent and label.
pub(super) fn class(name: &str) -> Option<(&'static str, &'static str)> {
    CLASSES.iter().find(|(class, ..)| *class == name).map(|(_, parent, label)| (*parent, *label))
}

/// Whether a class equals or extends another.
pub(super) fn is_or_extends(name: &str, ancestor: &str) -> bool {
    let mut name = name;
    // The tree has four levels. An unknown name ends the loop.
    for _ in 0..CLASSES.len() {
        if name == ancestor {
            return true;
        }
        match class(name) {
            Some((parent, _)) => name = parent,
            None => return false,
        }
    }
    false
}

/// The classes that extend a class directly.
pub(super) fn children(name: &str) -> Vec<&'static str> {
    CLASSES.iter().filter(|(_, parent, _)| *parent == name).map(|(class, ..)| *class).collect()
}

#[cfg(test)]
mod tests {
    use super::{children, is_or_extends};

    #[test]
    fn class_extends_its_ancestors_only() {
        assert!(is_or_extends("cmdb_ci_server", "cmdb_ci") && is_or_extends("cmdb_ci_server", "cmdb_ci_server"));
        assert!(!is_or_extends("cmdb_ci_service", "cmdb_ci_hardware") && !is_or_extends("incident", "cmdb_ci"));
        assert_eq!(children("cmdb_ci_server"), ["cmdb_ci_linux_server", "cmdb_ci_win_server"]);
    }
}
