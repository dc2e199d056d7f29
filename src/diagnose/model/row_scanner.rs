//! Scans the rows of a reply: their fields and values, borrowed from its text.
//!
//! A bounded scan, not a JSON parser. It ends where it does not understand the text, and keeps what it has found so far.

/// The number of rows that are scanned.
const MOST_ROWS: usize = 10_000;
/// The deepest nesting that is scanned. No reply of an instance is deeper.
const DEEPEST: u8 = 32;

/// One field of a row, borrowed from the text without decoding escapes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ScannedField<'a> {
    pub(crate) name: &'a str,
    /// The raw value; of a reference, or with `sysparm_display_value=all`, its member `value`.
    pub(crate) value: &'a str,
    /// Its member `display_value`.
    pub(crate) display: Option<&'a str>,
    /// Whether it was an object with a link: a reference.
    pub(crate) reference: bool,
}

/// The rows of `{"result":[...]}`, and of `{"result":{...}}` its one record.
#[derive(Debug, Default)]
pub(crate) struct Listing<'a> {
    pub(crate) rows: Vec<Vec<ScannedField<'a>>>,
}

impl<'a> Listing<'a> {
    pub(crate) fn of(text: &'a str) -> Self {
        let mut listing = Self::default();
        let mut reader = JsonScanner { text, at: 0 };
        let _ = reader.members(|reader, key| {
            if key != "result" {
                return reader.skip(0);
            }
            if reader.peek()? == b'{' {
                listing.rows.push(reader.row()?);
                return Some(());
            }
            reader.items(|reader| {
                let row = reader.row()?;
                if listing.rows.len() < MOST_ROWS {
                    listing.rows.push(row);
                }
                Some(())
            })
        });
        listing
    }

    /// Whether any row has this field.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.rows.iter().flatten().any(|field| field.name == name)
    }

    /// The first value of this field in each row that has it.
    pub(crate) fn values(&self, name: &str) -> impl Iterator<Item = ScannedField<'a>> {
        self.rows.iter().filter_map(move |row| row.iter().find(|field| field.name == name)).copied()
    }
}

/// Whether the text is one whole JSON value and nothing else.
#[cfg(any(test, feature = "circumstances"))]
pub(crate) fn is_whole(text: &str) -> bool {
    let mut reader = JsonScanner { text, at: 0 };
    reader.skip(0).is_some() && reader.peek().is_none()
}

/// Whether the text is one whole JSON value, and no object that has this member. One pass: bodies are long.
#[cfg(feature = "circumstances")]
pub(crate) fn is_whole_without(text: &str, name: &str) -> bool {
    let mut reader = JsonScanner { text, at: 0 };
    if reader.peek() != Some(b'{') {
        return is_whole(text);
    }
    let mut there = false;
    let whole = reader.members(|reader, key| {
        there |= key == name;
        reader.skip(1)
    });
    whole.is_some() && !there && reader.peek().is_none()
}

/// The number of items, if the text is a list.
pub(crate) fn count_items(text: &str) -> Option<usize> {
    let mut count = 0;
    JsonScanner { text, at: 0 }.items(|reader| {
        count += 1;
        reader.skip(0)
    })?;
    Some(count)
}

/// The fields of a text that is one record, or of the first of a list of records.
pub(crate) fn first_record(text: &str) -> Option<Vec<ScannedField<'_>>> {
    let mut reader = JsonScanner { text, at: 0 };
    if reader.peek()? == b'[' {
        reader.take(b'[')?;
    }
    reader.row()
}

/// The value of a member of the outermost object, as written in the text.
pub(crate) fn member<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let mut found = None;
    each_member(text, |key, value| {
        if key == name {
            found = Some(value);
        }
    });
    found
}

/// Each member of the outermost object, as written in the text.
pub(crate) fn each_member<'a>(text: &'a str, mut each: impl FnMut(&'a str, &'a str)) {
    let _ = JsonScanner { text, at: 0 }.members(|reader, key| {
        reader.peek()?;
        let from = reader.at;
        reader.skip(0)?;
        each(key, reader.text.get(from..reader.at)?);
        Some(())
    });
}

struct JsonScanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> JsonScanner<'a> {
    /// The next byte that is no blank.
    fn peek(&mut self) -> Option<u8> {
        let rest = self.text.as_bytes().get(self.at..)?;
        self.at += rest.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(rest.len());
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    /// The text between the quotes.
    fn string(&mut self) -> Option<&'a str> {
        self.take(b'"')?;
        let from = self.at;
        loop {
            match self.text.as_bytes().get(self.at)? {
                b'"' => break,
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        self.text.get(from..self.at - 1)
    }

    fn members(&mut self, mut each: impl FnMut(&mut Self, &'a str) -> Option<()>) -> Option<()> {
        self.take(b'{')?;
        if self.peek()? == b'}' {
            return self.take(b'}');
        }
        loop {
            let key = self.string()?;
            self.take(b':')?;
            each(self, key)?;
            if self.take(b',').is_none() {
                return self.take(b'}');
            }
        }
    }

    fn items(&mut self, mut each: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.take(b'[')?;
        if self.peek()? == b']' {
            return self.take(b']');
        }
        loop {
            each(self)?;
            if self.take(b',').is_none() {
                return self.take(b']');
            }
        }
    }

    /// Skips any value.
    fn skip(&mut self, depth: u8) -> Option<()> {
        if depth > DEEPEST {
            return None;
        }
        match self.peek()? {
            b'{' => self.members(|reader, _| reader.skip(depth + 1)),
            b'[' => self.items(|reader| reader.skip(depth + 1)),
            b'"' => self.string().map(|_| ()),
            _ => self.bare().map(|_| ()),
        }
    }

    /// A number, true, false or null.
    fn bare(&mut self) -> Option<&'a str> {
        let rest = self.text.get(self.at..)?;
        let length = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte)).count();
        self.at += length;
        rest.get(..length).filter(|bare| !bare.is_empty())
    }

    fn row(&mut self) -> Option<Vec<ScannedField<'a>>> {
        let mut row = Vec::new();
        self.members(|reader, name| {
            let mut field = ScannedField { name, value: "", display: None, reference: false };
            match reader.peek()? {
                b'"' => field.value = reader.string()?,
                b'{' => reader.members(|reader, key| {
                    if reader.peek()? != b'"' {
                        return reader.skip(0);
                    }
                    let text = reader.string()?;
                    match key {
                        "value" => field.value = text,
                        "display_value" => field.display = Some(text),
                        "link" => field.reference = true,
                        _ => {}
                    }
                    Some(())
                })?,
                b'[' => reader.skip(0)?,
                _ => field.value = reader.bare()?,
            }
            row.push(field);
            Some(())
        })?;
        Some(row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn rows_are_read_by_field() {
        let listing = Listing::of(
            r#"{"result":[{"number":"INC1","n":3,"caller_id":{"link":"x","value":"abc"},"opened_at":{"display_value":"a","value":"b"}},{"number":"INC2"}]}"#,
        );
        assert_eq!(listing.rows.len(), 2);
        assert_eq!(listing.values("number").map(|field| field.value).collect::<Vec<_>>(), ["INC1", "INC2"]);
        assert!(listing.values("caller_id").all(|field| field.reference && field.value == "abc"));
        assert_eq!(listing.values("opened_at").next().unwrap().display, Some("a"));
        assert!(listing.has("n") && !listing.has("link"));
    }

    #[test]
    fn cut_text_is_not_whole_and_what_was_read_stays() {
        let cut = r#"{"result":[{"number":"INC1"},{"number":"IN"#;
        assert!(!is_whole(cut));
        assert_eq!(Listing::of(cut).rows.len(), 1);
        assert!(is_whole(r#" {"a":[1,true,null,-2.5e3,"\""]} "#));
        assert_eq!(member(r#"{"a":1,"b": ["x"]}"#, "b"), Some(r#"["x"]"#));
        assert_eq!([count_items("[{},1]"), count_items("{}"), count_items("[1,")], [Some(2), None, None]);
        let name = |text| first_record(text).and_then(|record| record.first().map(|field| field.name));
        assert_eq!([name(r#"[{"a":1},{"b":2}]"#), name(r#"{"c":"d"}"#), name("7")], [Some("a"), Some("c"), None]);
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_harm(text in ".{0,200}", nested in "[\\[{\":,a\\\\]{0,80}") {
            let _ = (Listing::of(&text), is_whole(&text), Listing::of(&nested), is_whole(&nested));
            let _ = (count_items(&nested), first_record(&nested), first_record(&text));
        }
    }
}
