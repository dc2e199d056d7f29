//! Compares the copy with the source at the end.

use std::collections::BTreeMap;

use serde_json::Value;

use super::copying::Copying;
use crate::reading::source::Version;

impl Copying {
    /// Checks that the copy equals the source in every field.
    pub(crate) fn compared(&self, expected: &[Value]) -> Result<(), String> {
        let expected: BTreeMap<&str, &Value> =
            expected.iter().map(|row| (row["sys_id"].as_str().unwrap_or_default(), row)).collect();
        for (id, row) in &expected {
            match self.rows.get(*id) {
                None => return Err(format!("{:?} is not in the copy", Version::of(row))),
                Some((held, _)) if *held != Version::of(row) => {
                    return Err(format!("the copy holds {held:?}, the source {:?}", Version::of(row)));
                }
                Some((held, content)) if content != *row => {
                    return Err(format!("{held:?} is {content} in the copy and {row} in the source"));
                }
                Some(_) => {}
            }
        }
        let gone = self.rows.keys().find(|id| self.deletions && !expected.contains_key(id.as_str()));
        gone.map_or(Ok(()), |id| Err(format!("{id} was deleted and is still in the copy")))
    }
}
