//! Any nesting of and, or and not becomes the platform's own form, `any` of `all` of `either`: alternatives that the form
//! cannot hold are distributed into `^NQ` groups, with the shared conditions repeated in each.

use super::operator::{Negation, Operator};
use super::tree::{All, Condition, Either, Query, Scalar, Value};

/// More `^NQ` groups than this are refused: each repeats the shared conditions, and the address has an end.
pub const MOST_GROUPS: u32 = 64;

/// Deeper nesting than this is refused.
const DEEPEST: u32 = 40;

/// Conditions, freely nested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Nesting {
    /// One condition.
    Condition(Condition),
    /// All must hold.
    All(Vec<Self>),
    /// One must hold.
    Any(Vec<Self>),
    /// Must not hold.
    Not(Box<Self>),
}

/// Why a nesting has no encoded query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NestingError {
    /// The form would need this many `^NQ` groups.
    #[error("the query needs {0} groups")]
    TooManyGroups(u32),
    /// The language has no opposite of this operator.
    #[error("{} cannot be negated", .0.token())]
    NoOpposite(Operator),
    /// An empty `all` or `any` inside: it would mean every row or none.
    #[error("a group without conditions cannot be written")]
    EmptyGroup,
    /// Nested beyond measure.
    #[error("nested too deeply")]
    TooDeep,
}

impl Nesting {
    /// The query that finds exactly the same rows.
    ///
    /// # Errors
    /// Refused, never approximated: see [`NestingError`].
    pub fn distribute(self) -> Result<Query, NestingError> {
        let plain = self.plain(false, 0)?;
        let groups = plain.groups();
        if groups > MOST_GROUPS {
            return Err(NestingError::TooManyGroups(groups));
        }
        Ok(Query { any: plain.into_groups(), ..Query::default() })
    }

    /// Without `Not`, which sinks to the conditions and turns them round.
    fn plain(self, negated: bool, depth: u32) -> Result<Plain, NestingError> {
        if depth > DEEPEST {
            return Err(NestingError::TooDeep);
        }
        let below = |children: Vec<Self>| {
            if children.is_empty() {
                return Err(NestingError::EmptyGroup);
            }
            children.into_iter().map(|child| child.plain(negated, depth + 1)).collect::<Result<Vec<_>, _>>()
        };
        match self {
            Self::Condition(condition) if negated => opposite(condition),
            Self::Condition(condition) => Ok(Plain::Either(Vec::from([condition]))),
            Self::Not(child) => child.plain(!negated, depth + 1),
            Self::All(children) if negated => Ok(Plain::any(below(children)?)),
            Self::Any(children) if negated => Ok(Plain::All(below(children)?)),
            Self::All(children) => Ok(Plain::All(below(children)?)),
            Self::Any(children) => Ok(Plain::any(below(children)?)),
        }
    }
}

/// A nesting without negation. Alternatives that are single conditions lie together in one `Either`.
enum Plain {
    Either(Vec<Condition>),
    All(Vec<Self>),
    Any(Vec<Self>),
}

impl Plain {
    fn any(children: Vec<Self>) -> Self {
        let mut either = Vec::new();
        let mut others = Vec::new();
        for child in children {
            match child.single() {
                Ok(conditions) => either.extend(conditions),
                Err(Self::Any(nested)) => others.extend(nested),
                Err(other) => others.push(other),
            }
        }
        if others.is_empty() {
            return Self::Either(either);
        }
        if !either.is_empty() {
            others.insert(0, Self::Either(either));
        }
        Self::Any(others)
    }

    /// The alternatives of what is one `^OR` chain; itself, when it is not.
    fn single(self) -> Result<Vec<Condition>, Self> {
        match self {
            Self::Either(conditions) => Ok(conditions),
            Self::All(mut children) if children.len() == 1 => match children.pop() {
                Some(child) => child.single(),
                None => Err(Self::All(children)),
            },
            other => Err(other),
        }
    }

    /// How many `^NQ` groups it takes.
    fn groups(&self) -> u32 {
        match self {
            Self::Either(_) => 1,
            Self::All(children) => children.iter().fold(1, |product, child| child.groups().saturating_mul(product)),
            Self::Any(children) => children.iter().fold(0, |sum, child| child.groups().saturating_add(sum)),
        }
    }

    fn into_groups(self) -> Vec<All> {
        match self {
            Self::Either(either) => Vec::from([All { all: Vec::from([Either { either }]) }]),
            Self::Any(children) => children.into_iter().flat_map(Self::into_groups).collect(),
            Self::All(children) => {
                let mut product = Vec::from([All::default()]);
                for child in children {
                    let mut alternatives = child.into_groups();
                    match alternatives.pop() {
                        Some(only) if alternatives.is_empty() => {
                            for group in &mut product {
                                group.all.extend_from_slice(&only.all);
                            }
                        }
                        Some(last) => {
                            alternatives.push(last);
                            let mut next = Vec::with_capacity(product.len() * alternatives.len());
                            for group in &product {
                                for alternative in &alternatives {
                                    let mut joined = group.clone();
                                    joined.all.extend_from_slice(&alternative.all);
                                    next.push(joined);
                                }
                            }
                            product = next;
                        }
                        None => {}
                    }
                }
                product
            }
        }
    }
}

/// What holds exactly where the condition does not.
fn opposite(condition: Condition) -> Result<Plain, NestingError> {
    let Condition { field, operator, value } = condition;
    let with = |operator, value| Condition { field: field.clone(), operator, value };
    let empty = Condition { field: field.clone(), operator: Operator::IsEmpty, value: None };
    Ok(Plain::Either(match (operator.negation(), value) {
        // An empty value asks for emptiness, and is not compared.
        (Negation::Exactly(other), value) => Vec::from([with(other, value)]),
        (Negation::OrEmpty(other), value) => Vec::from([with(other, value), empty]),
        (Negation::Outside, Some(Value::Many(ends))) => {
            let mut ends = ends.into_iter();
            let mut end = || Some(Value::One(ends.next().unwrap_or_else(|| Scalar::Text(String::new()))));
            Vec::from([with(Operator::Less, end()), with(Operator::Greater, end()), empty])
        }
        _ => return Err(NestingError::NoOpposite(operator)),
    }))
}

#[cfg(test)]
mod tests {
    use super::{Nesting, NestingError};
    use crate::query::{Condition, Operator, Query, Scalar, Value};

    fn is(field: &str, value: &str) -> Nesting {
        with(field, Operator::Is, value)
    }

    fn with(field: &str, operator: Operator, value: &str) -> Nesting {
        let value = Some(Value::One(Scalar::Text(value.into())));
        Nesting::Condition(Condition { field: field.into(), operator, value })
    }

    fn not(nesting: Nesting) -> Nesting {
        Nesting::Not(Box::new(nesting))
    }

    fn printed(nesting: Nesting) -> String {
        nesting.distribute().unwrap().print().unwrap()
    }

    /// servicenow-sdk-go's own test pins another text for the or of two ands.
    #[test]
    fn or_of_ands_repeats_shared_conditions_per_group() {
        let (ab, cd) = (Nesting::All(vec![is("a", "1"), is("b", "2")]), Nesting::All(vec![is("c", "3"), is("d", "4")]));
        assert_eq!(printed(Nesting::Any(vec![ab.clone(), cd.clone()])), "a=1^b=2^NQc=3^d=4");
        let nested = Nesting::All(vec![is("active", "true"), Nesting::Any(vec![ab, cd])]);
        assert_eq!(printed(nested), "active=true^a=1^b=2^NQactive=true^c=3^d=4");
    }

    #[test]
    fn or_of_single_conditions_stays_one_chain() {
        let either = Nesting::Any(vec![is("a", "1"), Nesting::Any(vec![is("b", "2"), is("c", "3")])]);
        assert_eq!(printed(Nesting::All(vec![is("x", "0"), either])), "x=0^a=1^ORb=2^ORc=3");
        let mixed = Nesting::Any(vec![Nesting::All(vec![is("a", "1"), is("b", "2")]), is("c", "3"), is("d", "4")]);
        assert_eq!(printed(mixed), "c=3^ORd=4^NQa=1^b=2");
    }

    #[test]
    fn negation_reaches_conditions_and_keeps_empty_fields() {
        assert_eq!(printed(not(with("n", Operator::Less, "3"))), "n>=3^ORnISEMPTY");
        assert_eq!(printed(not(Nesting::All(vec![is("a", "1"), is("b", "2")]))), "a!=1^ORb!=2");
        assert_eq!(printed(not(Nesting::Any(vec![is("a", "1"), not(is("b", "2"))]))), "a!=1^b=2");
        let refused = not(with("a", Operator::StartsWith, "x")).distribute();
        assert_eq!(refused, Err(NestingError::NoOpposite(Operator::StartsWith)));
        let between = Query::parse("nBETWEEN1@3").unwrap().any[0].all[0].either[0].clone();
        assert_eq!(printed(not(Nesting::Condition(between))), "n<1^ORn>3^ORnISEMPTY");
    }

    #[test]
    fn too_many_groups_are_refused_with_their_number() {
        let pair = || Nesting::Any(vec![Nesting::All(vec![is("a", "1"), is("b", "2")]), is("c", "3")]);
        assert_eq!(Nesting::All((0..6).map(|_| pair()).collect()).distribute().unwrap().any.len(), 64);
        let refused = Nesting::All((0..7).map(|_| pair()).collect()).distribute();
        assert_eq!(refused, Err(NestingError::TooManyGroups(128)));
        assert_eq!(Nesting::All(vec![]).distribute(), Err(NestingError::EmptyGroup));
        let deep = (0..100).fold(is("a", "1"), |inner, _| not(inner));
        assert_eq!(deep.distribute(), Err(NestingError::TooDeep));
    }

    /// Every nesting of three conditions finds the same rows as its distributed form, row by row.
    #[test]
    fn distributed_form_means_the_same() {
        let mut random = 0x2545_f491_4f6c_dd1d_u64;
        for _ in 0..2000 {
            let nesting = sprout(&mut random, 0);
            let Ok(query) = nesting.clone().distribute() else { continue };
            for row in 0..27_u32 {
                let values = [row % 3, row / 3 % 3, row / 9];
                let found = query
                    .any
                    .iter()
                    .any(|group| group.all.iter().all(|either| either.either.iter().any(|one| holds(one, values))));
                assert_eq!(found, meant(&nesting, values), "{nesting:?}");
            }
        }
    }

    fn sprout(random: &mut u64, depth: u32) -> Nesting {
        *random ^= *random << 13;
        *random ^= *random >> 7;
        *random ^= *random << 17;
        let choice = *random % 8;
        let field = ["a", "b", "c"][(*random >> 8) as usize % 3];
        let operator = [Operator::Is, Operator::IsNot, Operator::Less][(*random >> 16) as usize % 3];
        match choice {
            0 if depth < 4 => not(sprout(random, depth + 1)),
            1..=3 if depth < 4 => Nesting::All((0..2).map(|_| sprout(random, depth + 1)).collect()),
            4..=6 if depth < 4 => Nesting::Any((0..3).map(|_| sprout(random, depth + 1)).collect()),
            _ => with(field, operator, if choice.is_multiple_of(2) { "1" } else { "2" }),
        }
    }

    fn meant(nesting: &Nesting, values: [u32; 3]) -> bool {
        match nesting {
            Nesting::Condition(condition) => holds(condition, values),
            Nesting::All(children) => children.iter().all(|child| meant(child, values)),
            Nesting::Any(children) => children.iter().any(|child| meant(child, values)),
            Nesting::Not(child) => !meant(child, values),
        }
    }

    /// 0 stands for an empty field.
    fn holds(condition: &Condition, values: [u32; 3]) -> bool {
        let value = values[usize::from(condition.field.as_bytes()[0] - b'a')];
        let operand = match &condition.value {
            Some(Value::One(Scalar::Text(text))) => text.parse::<u32>().unwrap(),
            _ => 0,
        };
        match condition.operator {
            Operator::Is => value == operand,
            Operator::IsNot => value != operand,
            Operator::Less => value != 0 && value < operand,
            Operator::AtLeast => value != 0 && value >= operand,
            Operator::IsEmpty => value == 0,
            other => panic!("{}", other.token()),
        }
    }
}
