//! The statements of a record producer's script that this instance carries out: assignments of plain values to fields of the new record,
//! such as `current.contact_type = 'self-service';`. Every other statement is passed over.

/// Where an assigned value comes from.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Assigned<'a> {
    Text(&'a str),
    /// `gs.getUserID()`.
    CallerId,
    /// `producer.name`: the answer to that variable.
    Answer(&'a str),
}

/// The fields that a script assigns, with their values.
pub(super) fn assignments(script: &str) -> impl Iterator<Item = (&str, Assigned<'_>)> {
    script.split([';', '\n']).filter_map(|statement| {
        let (left, right) = statement.split_once('=')?;
        let field = left.trim().strip_prefix("current.").filter(|field| is_name(field))?;
        Some((field, value(right.trim())?))
    })
}

fn value(right: &str) -> Option<Assigned<'_>> {
    if right == "gs.getUserID()" {
        return Some(Assigned::CallerId);
    }
    if let Some(variable) = right.strip_prefix("producer.").filter(|variable| is_name(variable)) {
        return Some(Assigned::Answer(variable));
    }
    let quoted = |quote: char| right.strip_prefix(quote)?.strip_suffix(quote).filter(|text| !text.contains(quote));
    quoted('\'').or_else(|| quoted('"')).map(Assigned::Text)
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::{Assigned, assignments};

    #[test]
    fn script_assigns_texts_the_caller_and_answers() {
        let script = "current.contact_type = 'self-service';\ncurrent.caller_id = gs.getUserID(); current.u_x=producer.site;\n\
                      if (current.state == '1') gs.log('x'); current.a.b = 'c'; current.state = 3; var x = \"y\"; current.note = 'a'+'b'";
        let found: Vec<_> = assignments(script).collect();
        let expected = [
            ("contact_type", Assigned::Text("self-service")),
            ("caller_id", Assigned::CallerId),
            ("u_x", Assigned::Answer("site")),
        ];
        assert_eq!(found, expected);
    }
}
