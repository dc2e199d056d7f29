//! Every token and alias, longest first, so that the first that fits is the one the platform reads. Worked out by the
//! compiler; a look at the first byte rules nearly all of them out.

#![allow(clippy::indexing_slicing, reason = "run by the compiler, which refuses an index out of bounds")]

use super::{Operator, TABLE};

const COUNT: usize = {
    let mut count = 0;
    let mut row = 0;
    while row < TABLE.len() {
        if !TABLE[row].token.is_empty() && !matches!(Operator::ALL[row], Operator::Related) {
            count += 1 + TABLE[row].aliases.len();
        }
        row += 1;
    }
    count
};

/// One bit a name: more of them than bits must not compile.
const _: () = assert!(COUNT <= 64 && TABLE.len() <= 64);

pub(in crate::query) static LONGEST_FIRST: [(&str, Operator); COUNT] = sorted();

static STARTS: [u64; 128] = starts();

/// The names that begin with a byte, as bits in the order of [`LONGEST_FIRST`].
#[inline]
pub(super) fn starting_with(byte: u8) -> u64 {
    STARTS.get(usize::from(byte)).copied().unwrap_or(0)
}

/// One bit an operator: whether its token is the beginning of a longer name.
static BEGINNINGS: u64 = {
    let names = sorted();
    let (mut beginnings, mut row) = (0, 0);
    while row < TABLE.len() {
        let token = TABLE[row].token.as_bytes();
        let mut number = 0;
        while number < COUNT {
            let name = names[number].0.as_bytes();
            let mut same = 0;
            while same < token.len() && same < name.len() && token[same] == name[same] {
                same += 1;
            }
            if same == token.len() && name.len() > token.len() {
                beginnings |= 1 << row;
            }
            number += 1;
        }
        row += 1;
    }
    beginnings
};

#[inline]
pub(super) fn begins_another(row: usize) -> bool {
    BEGINNINGS >> row & 1 == 1
}

const fn sorted() -> [(&'static str, Operator); COUNT] {
    let mut names = [("", Operator::Raw); COUNT];
    let mut count = 0;
    let mut row = 0;
    while row < TABLE.len() {
        let (operator, entry) = (Operator::ALL[row], &TABLE[row]);
        // A block is recognised by its first word, before any field.
        if !entry.token.is_empty() && !matches!(operator, Operator::Related) {
            let mut alias = 0;
            while alias <= entry.aliases.len() {
                let name = if alias == 0 { entry.token } else { entry.aliases[alias - 1] };
                let mut place = count;
                while place > 0 && names[place - 1].0.len() < name.len() {
                    names[place] = names[place - 1];
                    place -= 1;
                }
                names[place] = (name, operator);
                count += 1;
                alias += 1;
            }
        }
        row += 1;
    }
    names
}

const fn starts() -> [u64; 128] {
    let names = sorted();
    let mut starts = [0; 128];
    let mut number = 0;
    while number < COUNT {
        starts[names[number].0.as_bytes()[0] as usize] |= 1 << number;
        number += 1;
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::super::{Operator, TABLE};

    #[test]
    fn operators_and_names_find_each_other() {
        for (operator, row) in Operator::ALL.iter().zip(TABLE) {
            assert_eq!(operator.token(), row.token);
            if matches!(operator, Operator::Related | Operator::Raw) {
                continue;
            }
            for token in core::iter::once(&row.token).chain(row.aliases) {
                assert_eq!(Operator::named(token), Some(*operator), "{token}");
                assert_eq!(Operator::longest_at(token), Some((*operator, token.len())));
            }
        }
    }

    #[test]
    fn longest_token_wins() {
        assert_eq!(Operator::longest_at(">=3"), Some((Operator::AtLeast, 2)));
        assert_eq!(Operator::longest_at("NOT IN1"), Some((Operator::NotIn, 6)));
        assert_eq!(Operator::longest_at("ISNOTEMPTY"), Some((Operator::IsNotEmpty, 10)));
        assert_eq!(Operator::longest_at("INSTANCEOFx"), Some((Operator::InstanceOf, 10)));
        assert_eq!(Operator::longest_at("IN_HIERARCHY_DYNAMICx"), Some((Operator::InHierarchyDynamic, 20)));
        assert_eq!(Operator::longest_at("IS"), None);
        assert_eq!(Operator::longest_at("ä"), None);
    }
}
