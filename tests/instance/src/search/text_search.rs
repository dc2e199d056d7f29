//! Full-text search: `123TEXTQUERY321=printer -toner "blank pages"` finds the records whose texts hold all of these words
//! ("Encoded query strings").

use crate::store::{Kind, RowId, Store};

use super::check::contains;

/// The pseudo-field of the words.
pub(super) const QUERY: &str = "123TEXTQUERY321";
/// The pseudo-field that chooses an index group. Every table has one index here, so it has no effect.
pub(super) const INDEX_GROUP: &str = "123TEXTINDEXGROUP321";

/// Further terms are ignored.
const MAX_TERMS: usize = 32;

/// The search terms in lower case: required words and excluded words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TextSearch {
    terms: Vec<Term>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Term {
    /// Consecutive words. A single word, unless quoted.
    words: Vec<String>,
    /// `print*` matches every word with this prefix.
    open: bool,
    unwanted: bool,
}

impl TextSearch {
    /// Parses typed text. None if it has no word.
    pub(super) fn of(text: &str) -> Option<Self> {
        let mut terms = Vec::new();
        for (number, part) in text.split('"').enumerate() {
            if number % 2 == 1 {
                terms.push(Term { words: words(part).collect(), open: false, unwanted: false });
                continue;
            }
            for part in part.split_whitespace() {
                let (unwanted, part) = part.strip_prefix('-').map_or((false, part), |part| (true, part));
                terms.push(Term { words: words(part).collect(), open: part.ends_with(['*', '%']), unwanted });
            }
        }
        terms.retain(|term| !term.words.is_empty());
        terms.truncate(MAX_TERMS);
        (!terms.is_empty()).then_some(Self { terms })
    }

    pub(super) fn holds(&self, store: &Store, row: RowId) -> bool {
        let columns = store.class(row).columns.iter().enumerate();
        let texts = columns.filter(|(_, column)| matches!(column.kind, Kind::Text));
        let texts: Vec<&str> = texts.map(|(number, _)| store.text(row, number)).collect();
        self.terms.iter().all(|term| texts.iter().any(|text| term.is_in(text)) != term.unwanted)
    }
}

impl Term {
    fn is_in(&self, text: &str) -> bool {
        // Most texts do not contain the letters at all and need not be split into words.
        let first = self.words.first().map_or("", String::as_str);
        if first.is_ascii() && !contains(text, first) {
            return false;
        }
        let text: Vec<String> = words(text).collect();
        let fits =
            |(word, wanted): (&String, &String)| word == wanted || self.open && word.starts_with(wanted.as_str());
        text.windows(self.words.len()).any(|window| window.iter().zip(&self.words).all(fits))
    }
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}
