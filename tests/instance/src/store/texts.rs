//! Every distinct text once, known by a number.

use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher;

/// The number of a text. The empty text is the number zero, so a fresh cell is empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Text(u32);

impl Text {
    pub(crate) const EMPTY: Self = Self(0);

    pub(crate) fn number(self) -> usize {
        self.0 as usize
    }
}

/// Texts one behind the other, where each ends, and a table to find them by content.
///
/// Texts are never taken out: those of deleted rows stay, and the bound on their sum keeps a client that writes for ever
/// from taking the machine's memory.
pub(crate) struct Texts {
    arena: String,
    ends: Vec<u32>,
    numbers: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

/// 3 GiB, within what a 32-bit end can say.
const MOST_BYTES: usize = 3 << 30;

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

    /// How many there are; all numbers are below.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn find(&self, content: &str) -> Option<Text> {
        let hash = self.hasher.hash_one(content);
        self.numbers.find(hash, |number| slice(&self.arena, &self.ends, *number) == content).map(|number| Text(*number))
    }

    /// The number of a text, a new one if it is new; nothing when the bound is reached.
    pub(crate) fn intern(&mut self, content: &str) -> Option<Text> {
        if let Some(text) = self.find(content) {
            return Some(text);
        }
        let end = self.arena.len() + content.len();
        if end > MOST_BYTES {
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
    fn a_text_is_kept_once_and_found_again() {
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
