//! Encoded query text as the `^` separates it, without knowing a single operator.

/// Where one condition, order or grouping stands in the text, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// Where the field begins.
    pub start: usize,
    /// Where the operator begins.
    pub operator: usize,
    /// Where the value begins.
    pub value: usize,
    /// Where the term ends.
    pub end: usize,
}

/// The terms of an encoded query, each with its byte offset: the stretches between single carets.
///
/// `^^` is a caret inside a value (`GlideStringUtil.escapeQueryTermSeparator`), so it separates nothing; read from the
/// left, which settles `^^^` as an escaped caret and then a separator.
#[derive(Clone, Copy)]
pub(super) struct Terms<'a> {
    text: &'a str,
    start: Option<usize>,
}

pub(super) fn terms(text: &str) -> Terms<'_> {
    Terms { text, start: Some(0) }
}

impl<'a> Iterator for Terms<'a> {
    type Item = (usize, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.start?;
        let bytes = self.text.as_bytes();
        let mut at = start;
        while let Some(byte) = bytes.get(at) {
            if *byte != b'^' {
                at += 1;
            } else if bytes.get(at + 1) == Some(&b'^') {
                at += 2;
            } else {
                self.start = Some(at + 1);
                return Some((start, self.text.get(start..at)?));
            }
        }
        self.start = None;
        Some((start, self.text.get(start..)?))
    }
}

#[cfg(test)]
mod tests {
    use super::terms;

    #[test]
    fn single_caret_separates_and_a_double_one_does_not() {
        let split = |text| terms(text).map(|(_, term)| term).collect::<Vec<_>>();
        assert_eq!(split("a=1^b=2^ORc=3"), ["a=1", "b=2", "ORc=3"]);
        assert_eq!(split("a=x^^y^b=2"), ["a=x^^y", "b=2"]);
        assert_eq!(split("a=x^^^b=2"), ["a=x^^", "b=2"]);
        assert_eq!(split("a=ü^"), ["a=ü", ""]);
        assert_eq!(split(""), [""]);
    }

    #[test]
    fn each_term_knows_where_it_stands() {
        let at = |text| terms(text).map(|(at, _)| at).collect::<Vec<_>>();
        assert_eq!(at("a=ü^b=2^^^c=3"), [0, 5, 11]);
    }
}
