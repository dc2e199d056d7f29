//! Interned texts: stores every distinct text once, identified by a number.

use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher;

/// The number of a text. The empty text has the number zero, so a new cell is empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Text(u32);

impl Text {
    pub(crate) const EMPTY: Self = Self(0);

    pub(crate) fn number(self) -> usize {
        self.0 as usize
    }
}

/// All texts in one buffer, the end of each, and a table to find them by content.
///
/// Texts are never removed, even those of deleted rows. The limit on their total size protects the machine's memory from a client
/// that never stops writing.
pub(crate) struct Texts {
    arena: String,
    ends: Vec<u32>,
    numbers: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

/// 3 GiB, below the maximum of a 32-bit position.
const MAX_BYTES: usize = 3 << 30;

impl Texts {
    pub(crate) fn new() -> Self {
        let mut texts = Self {
            arena: String::new(),
            ends: Vec::new(),
            numbers: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
        };
        texts.intern("");
        texts
    }

    pub(crate) fn of(&self, text: Text) -> &str {
        if text == Text::EMPTY {
            return "";
        }
        slice(&self.arena, &self.ends, text.0)
    }

    /// The number of texts. Every text number is below it.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn find(&self, content: &str) -> Option<Text> {
        let hash = self.hasher.hash_one(content);
        self.numbers.find(hash, |number| slice(&self.arena, &self.ends, *number) == content).map(|number| Text(*number))
    }

    /// The number of a text. Adds the text if it is new. None if the limit is reached.
    pub(crate) fn intern(&mut self, content: &str) -> Option<Text> {
        if let Some(text) = self.find(content) {
            return Some(text);
        }
        let end = self.arena.len() + content.len();
        if end > MAX_BYTES {
            return None;
        }
        let number = u32::try_from(self.ends.len()).ok()?;
        self.arena.push_str(content);
        self.ends.push(u32::try_from(end).ok()?);
        let hash = self.hasher.hash_one(content);
        let (arena, ends, hasher) = (&self.arena, &self.ends, &self.hasher);
        self.numbers.insert_unique(hash, number, |number| hasher.hash_one(slice(arena, ends, *number)));
        Some(Text(number))
    }

    pub(crate) fn bytes(&self) -> usize {
        self.arena.capacity() + self.ends.capacity() * 4 + self.numbers.allocation_size()
    }
}

fn slice<'a>(arena: &'a str, ends: &[u32], number: u32) -> &'a str {
    let number = number as usize;
    let start = match number {
        0 => 0,
        _ => ends.get(number - 1).copied().unwrap_or_default(),
    };
    let end = ends.get(number).copied().unwrap_or_default();
    arena.get(start as usize..end as usize).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Text, Texts};

    #[test]
    fn text_is_stored_once_and_found_again() {
        let mut texts = Texts::new();
        let first = texts.intern("Network");
        let second = texts.intern("Öl");
        assert_eq!(texts.intern("Network"), first);
        assert_ne!(first, second);
        assert_eq!(texts.intern(""), Some(Text::EMPTY));
        assert_eq!(texts.of(second.unwrap_or_default()), "Öl");
        assert_eq!(texts.find("unheard of"), None);
    }
}
