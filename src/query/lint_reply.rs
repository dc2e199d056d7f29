//! Names that only replies have: `caller_id.display_value`, `state.value`, `caller_id.link` are members of its cells, and
//! `dv_state` is how a direct web service calls a label.

use super::dictionary::{Column, Dictionary, Found};
use super::operator::fits;

/// The field that such a name stands for; `None` for every other name.
#[inline(never)]
pub(super) fn meant<'a>(dictionary: &Dictionary<'a>, table: &'a str, name: &str) -> Option<String> {
    let (path, last) = name.rsplit_once('.').unwrap_or(("", name));
    if let Some(field) = last.strip_prefix("dv_") {
        let field = [path, if path.is_empty() { "" } else { "." }, field].concat();
        return found(dictionary, table, &field).map(|column| shown(dictionary, column, field));
    }
    let column = found(dictionary, table, path)?;
    let right = match last {
        "display_value" => shown(dictionary, column, path.to_owned()),
        "link" => path.to_owned(),
        // Tables that references lead to may have a column of this name, and the dictionary need not hold them.
        "value" if dictionary.table(column.reference).is_some() || column.reference.is_empty() => path.to_owned(),
        _ => return None,
    };
    Some(right)
}

fn found<'d, 'a>(dictionary: &'d Dictionary<'a>, table: &'a str, name: &str) -> Option<&'d Column<'a>> {
    match dictionary.find(table, name) {
        Found::Column(column) => Some(column),
        _ => None,
    }
}

/// Of a reference the field that its table shows, as far as it is known; every other field is asked for by its value.
fn shown(dictionary: &Dictionary<'_>, column: &Column<'_>, path: String) -> String {
    match column.is(fits::REFERENCE).then(|| dictionary.shown(column.reference)).flatten() {
        Some(name) => [path.as_str(), ".", name].concat(),
        None => path,
    }
}
