//! Trees of records: records with a reference to their own table (managers, parents), and classes that extend each other.

use std::collections::{HashMap, HashSet};

use crate::records;
use crate::store::{SYS_ID, Store};

/// The `sys_id`s of a record and its descendants. A "Record Hierarchy" record names the table and its self-reference ("Create a
/// record hierarchy"). None if the hierarchy does not exist.
pub(super) fn at_or_below(store: &Store, hierarchy: &str, roots: Vec<String>) -> Option<HashSet<String>> {
    let hierarchy = records::by_id(store, "sys_record_hierarchy", hierarchy)?;
    let table = store.find(hierarchy.text("table"))?;
    let parent = store.table(table).definition.column(hierarchy.text("reference_field"))?;
    let mut children: HashMap<&str, Vec<&str>> = HashMap::new();
    for row in store.rows(table) {
        children.entry(store.text(row, parent)).or_default().push(store.text(row, SYS_ID));
    }
    Some(closure(roots, |id| children.get(id).cloned().unwrap_or_default()))
}

/// A class and all classes that extend it, by the `super_class` of `sys_db_object`.
pub(super) fn classes(store: &Store, class: &str) -> HashSet<String> {
    closure(vec![class.to_owned()], |class| {
        let record = records::one(store, "sys_db_object", "name", class);
        let id = record.map_or("", |record| record.id());
        let extending = records::with(store, "sys_db_object", "super_class", id).map(|record| record.text("name"));
        extending.filter(|_| !id.is_empty()).collect()
    })
}

/// Everything reachable. Terminates for cycles.
pub(super) fn closure<'a>(roots: Vec<String>, next: impl Fn(&str) -> Vec<&'a str>) -> HashSet<String> {
    let mut reached: HashSet<String> = roots.iter().cloned().collect();
    let mut open = roots;
    while let Some(one) = open.pop() {
        for further in next(&one) {
            if reached.insert(further.to_owned()) {
                open.push(further.to_owned());
            }
        }
    }
    reached
}
