//! Encoded query text as the `^` separates it, without knowing a single operator.

/// The terms of an encoded query: the stretches between single carets.
///
/// `^^` is a caret inside a value (`GlideStringUtil.escapeQueryTermSeparator`), so it separates nothing; read from the
/// left, which settles `^^^` as an escaped caret and then a separator.
pub(super) struct Terms<'a> {
    rest: Option<&'a str>,
}

pub(super) fn terms(query: &str) -> Terms<'_> {
    Terms { rest: Some(query) }
}

impl<'a> Iterator for Terms<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let text = self.rest?;
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            if *byte != b'^' {
                at += 1;
            } else if bytes.get(at + 1) == Some(&b'^') {
                at += 2;
            } else {
                self.rest = text.get(at + 1..);
                return text.get(..at);
            }
        }
        self.rest = None;
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::terms;

    #[test]
    fn a_single_caret_separates_and_a_double_one_does_not() {
        let split = |text| terms(text).collect::<Vec<_>>();
        assert_eq!(split("a=1^b=2^ORc=3"), ["a=1", "b=2", "ORc=3"]);
        assert_eq!(split("a=x^^y^b=2"), ["a=x^^y", "b=2"]);
        assert_eq!(split("a=x^^^b=2"), ["a=x^^", "b=2"]);
        assert_eq!(split("a=ü^"), ["a=ü", ""]);
        assert_eq!(split(""), [""]);
    }
}
