//! What a fix does to the rows that are found.

use super::operator::Operator;
use super::tree::Query;

/// Compared with the rows of the query as it was: those that an instance finds which leaves out what it does not understand, as it does
/// unless it is set otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FixEffect {
    /// The same rows.
    Keeps,
    /// Some of the same rows, and no others.
    Narrows,
    /// Perhaps other rows: the query meant something else, or it is not certain what the instance reads.
    Changes,
}

impl FixEffect {
    /// The word of the package: "keeps".
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Keeps => "keeps",
            Self::Narrows => "narrows",
            Self::Changes => "changes",
        }
    }
}

/// Of each condition: what it does to the rows when the instance no longer leaves it out. `unread` counts the terms that cannot be read.
pub(super) fn restored(query: &Query, unread: usize) -> Vec<FixEffect> {
    let mut effects = Vec::new();
    for group in &query.any {
        for clause in &group.all {
            for condition in &clause.either {
                let raw = condition.operator == Operator::Raw;
                // Left out of alternatives, it leaves the others; a group of nothing else goes with it. A term that cannot be read takes
                // the joint behind it along, so that the rest is joined otherwise.
                let alone = clause.either.len() == 1 && unread <= usize::from(raw);
                let stays = !raw || query.any.len() == 1 || group.all.len() > 1;
                effects.push(if alone && stays { FixEffect::Narrows } else { FixEffect::Changes });
            }
        }
    }
    effects
}
