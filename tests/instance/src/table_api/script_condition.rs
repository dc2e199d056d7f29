//! The condition of a business rule as a script, as far as a condition needs no JavaScript: comparisons of fields, calls of
//! `current` and `gs.hasRole`, joined by `&&`, `||` and `!`. Any other script is not met, so its rule does not run.

use super::draft::Draft;

/// Parentheses may be nested this deep.
const MAX_DEPTH: usize = 20;

pub(super) fn holds(script: &str, draft: &Draft<'_>) -> bool {
    let mut reader = Reader { rest: script.trim().trim_end_matches(';').trim(), draft, depth: 0 };
    reader.either() == Some(true) && reader.rest.is_empty()
}

struct Reader<'a> {
    rest: &'a str,
    draft: &'a Draft<'a>,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, token: &str) -> bool {
        let rest = self.rest.strip_prefix(token).map(str::trim_start);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn either(&mut self) -> Option<bool> {
        let mut holds = self.all()?;
        while self.take("||") {
            holds |= self.all()?;
        }
        Some(holds)
    }

    fn all(&mut self) -> Option<bool> {
        let mut holds = self.one()?;
        while self.take("&&") {
            holds &= self.one()?;
        }
        Some(holds)
    }

    fn one(&mut self) -> Option<bool> {
        if self.depth == MAX_DEPTH {
            return None;
        }
        self.depth += 1;
        let holds = if self.take("!") {
            self.one().map(|holds| !holds)
        } else if self.take("(") {
            self.either().filter(|_| self.take(")"))
        } else if self.take("true") {
            Some(true)
        } else if self.take("false") {
            Some(false)
        } else if self.take("gs.hasRole(") {
            self.argument().map(|role| self.draft.has_role(role))
        } else if self.take("current.") {
            self.field()
        } else {
            None
        };
        self.depth -= 1;
        holds
    }

    /// What follows `current.`: a field that is compared or asked, or a question about the operation.
    fn field(&mut self) -> Option<bool> {
        let draft = self.draft;
        if self.take("isNewRecord()") {
            return Some(draft.operation() == "insert");
        }
        if self.take("operation()") {
            return self.compared(draft.operation());
        }
        let length =
            self.rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.')).count();
        let name = self.rest.get(..length)?;
        self.rest = self.rest.get(length..)?;
        let Some((field, call)) = name.rsplit_once('.').filter(|_| self.rest.starts_with('(')) else {
            self.rest = self.rest.trim_start();
            return match self.rest.starts_with(['=', '!']) {
                true => self.compared(draft.current(name)),
                // A field alone is true unless it is empty or false.
                false => Some(!matches!(draft.current(name), "" | "false")),
            };
        };
        self.take("(");
        match call {
            "changes" => self.take(")").then(|| draft.changes(field)),
            "nil" => self.take(")").then(|| draft.current(field).is_empty()),
            "changesTo" => self.argument().map(|text| draft.changes(field) && draft.current(field) == text),
            "changesFrom" => self.argument().map(|text| draft.changes(field) && draft.previous(field) == text),
            _ => None,
        }
    }

    fn compared(&mut self, value: &str) -> Option<bool> {
        let equal = if self.take("===") || self.take("==") {
            true
        } else if self.take("!==") || self.take("!=") {
            false
        } else {
            return None;
        };
        Some((value == self.literal()?) == equal)
    }

    fn argument(&mut self) -> Option<&'a str> {
        let text = self.literal()?;
        self.take(")").then_some(text)
    }

    /// A quoted text, a number, `true` or `false`.
    fn literal(&mut self) -> Option<&'a str> {
        let quote = self.rest.chars().next()?;
        let (text, rest) = match quote {
            '\'' | '"' => self.rest.get(1..)?.split_once(quote)?,
            _ => {
                let length = self.rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'-').count();
                self.rest.split_at_checked(length).filter(|(text, _)| !text.is_empty())?
            }
        };
        self.rest = rest.trim_start();
        Some(text)
    }
}
