//! `www/glue/src/protocol/codes.ts`.

use super::codes::TABLES;
use super::table::{CodeRow, Table};

const HEADER: &str = "\
/**
 * The codes in which the core and this package talk. Generated from `src/protocol/codes.rs` by
 * `SYSPARM_WRITE=1 cargo test --test protocol`: change them there.
 */
";

/// The text of the file. `headers` are those that the core wants of a reply.
#[must_use]
pub fn typescript(headers: &[&str]) -> String {
    let mut text = HEADER.to_owned();
    text.push_str("\n/** The headers that the core wants of a reply. */\nexport const WANTED_HEADERS = [\n");
    for name in headers {
        text.extend(["  \"", name, "\",\n"]);
    }
    text.push_str("];\n");
    for Table { name, docs, codes } in TABLES {
        text.push('\n');
        comment(&mut text, "", docs);
        text.extend(["export enum ", name, " {\n"]);
        for CodeRow { name, value, docs } in *codes {
            comment(&mut text, "  ", docs);
            text.extend(["  ", &camel_case(name), " = ", &literal(value), ",\n"]);
        }
        text.push_str("}\n");
    }
    text
}

/// A doc comment. Its lines begin with a space.
fn comment(text: &mut String, indent: &str, lines: &[&str]) {
    match lines {
        [line] => text.extend([indent, "/**", line, " */\n"]),
        lines => {
            text.extend([indent, "/**\n"]);
            for line in lines {
                text.extend([indent, " *", line, "\n"]);
            }
            text.extend([indent, " */\n"]);
        }
    }
}

/// A number is written alike in both languages; a letter is a byte here and a string there.
fn literal(value: &str) -> String {
    let letter = value.strip_prefix("b'").and_then(|rest| rest.strip_suffix('\''));
    letter.map_or_else(|| value.to_owned(), |letter| ["\"", letter, "\""].concat())
}

fn camel_case(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
