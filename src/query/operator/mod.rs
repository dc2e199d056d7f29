//! The operators of encoded queries are rows: how each is written, what else it is called, what it takes, which columns it
//! fits, how it reads, and what it becomes when it is negated.
//!
//! Source: product documentation, "Operators available for filters and queries", and "GlideRecord (scoped)" for the aliases.

mod names;

pub(super) use names::LONGEST_FIRST;
use names::{begins_another, starting_with};

/// What stands behind an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arity {
    /// Nothing: `assigned_toISEMPTY`.
    Nothing,
    /// One value, which may be empty: `state=3`.
    One,
    /// Values with commas between them: `stateIN1,2,3`. A comma inside a value cannot be written.
    List,
    /// Two values with `@` between them, both included: `priorityBETWEEN1@3`.
    Range,
    /// The name of another field: `opened_atSAMEASresolved_at@day`.
    Field,
    /// A label, a start and an end: `opened_atONToday@javascript:gs.daysAgoStart(0)@javascript:gs.daysAgoEnd(0)`.
    Preset,
    /// A unit, `ago` or `ahead`, and a count, each behind an `@`: `opened_atRELATIVEGT@hour@ago@1`.
    Relative,
    /// Another field, a unit, `before` or `after`, and a count: `sla_dueMORETHANactivity_due@day@before@1`.
    Distance,
    /// A label and a script: `sla_dueDATEPARTMonday@javascript:gs.datePart('dayofweek','monday','EE')`.
    DatePart,
    /// A hierarchy and the record it starts at: `managerIN_HIERARCHY<definition>@<root>`.
    Hierarchy,
    /// A whole block: `RLQUERYincident.problem_id,>=1,priority=1^ENDRLQUERY`.
    Related,
    /// Text that was not understood, kept as it stood.
    Raw,
}

impl Arity {
    /// How many values with `@` between them; 0 where there is no such form.
    #[must_use]
    pub fn parts(self) -> usize {
        match self {
            Self::Range | Self::DatePart | Self::Hierarchy => 2,
            Self::Preset | Self::Relative => 3,
            Self::Distance => 4,
            _ => 0,
        }
    }
}

/// What a negated operator becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Negation {
    /// The language has none.
    None,
    /// Exactly the other operator.
    Exactly(Operator),
    /// The other operator or an empty field: comparisons never match an empty field, and their negation must.
    OrEmpty(Operator),
    /// Below the lower end, above the upper, or empty.
    Outside,
}

/// The kinds of columns, as bits: an operator fits a set of them.
pub mod fits {
    /// Text of any kind.
    pub const TEXT: u8 = 1;
    /// Integers, decimals, currencies.
    pub const NUMBER: u8 = 2;
    /// Dates and date-times.
    pub const DATE: u8 = 4;
    /// Columns with a list of choices.
    pub const CHOICE: u8 = 8;
    /// References to another table's record.
    pub const REFERENCE: u8 = 16;
    /// True or false.
    pub const BOOLEAN: u8 = 32;
    /// What is none of these: lists, conditions, journals.
    pub const OTHER: u8 = 64;
    /// Every column.
    pub const ANY: u8 = 127;
}

struct Definition {
    token: &'static str,
    aliases: &'static [&'static str],
    arity: Arity,
    fits: u8,
    words: &'static str,
    negation: Negation,
}

macro_rules! operators {
    ($($(#[$meta:meta])+ $name:ident $token:literal $aliases:expr, $arity:ident, $fits:expr, $words:literal, $negation:expr;)+) => {
        /// An operator of the platform's filter language.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(into = "&'static str", try_from = "String")]
        pub enum Operator { $($(#[$meta])+ $name,)+ }

        /// In the order of the enum, so that an operator finds its row by its position.
        const TABLE: &[Definition] = {
            use fits::*;
            use Negation::{Exactly, OrEmpty, Outside};
            use Operator::*;
            &[$(Definition { token: $token, aliases: &$aliases, arity: Arity::$arity, fits: $fits, words: $words, negation: $negation },)+]
        };

        impl Operator {
            /// Every operator, [`Operator::Raw`] last.
            pub const ALL: &[Self] = &[$(Self::$name,)+];
        }
    };
}

const COMPARABLE: u8 = fits::TEXT | fits::NUMBER | fits::DATE | fits::CHOICE;
const WORDED: u8 = fits::TEXT | fits::CHOICE | fits::REFERENCE | fits::OTHER;
const LISTED: u8 = fits::TEXT | fits::CHOICE | fits::REFERENCE | fits::NUMBER | fits::OTHER;

operators! {
    /// Equal, or for an empty value: empty.
    Is "=" [], One, ANY, "is", Exactly(IsNot);
    /// Not equal; matches empty fields too.
    IsNot "!=" [], One, ANY, "is not", Exactly(Is);
    /// Less than, in the field's own order.
    Less "<" [], One, COMPARABLE, "is less than", OrEmpty(AtLeast);
    /// Less than or equal.
    AtMost "<=" [], One, COMPARABLE, "is at most", OrEmpty(Greater);
    /// Greater than.
    Greater ">" [], One, COMPARABLE, "is more than", OrEmpty(AtMost);
    /// Greater than or equal.
    AtLeast ">=" [], One, COMPARABLE, "is at least", OrEmpty(Less);
    /// Contains the text; for a reference, what it shows.
    Contains "LIKE" ["CONTAINS", "*"], One, WORDED, "contains", Exactly(DoesNotContain);
    /// Does not contain the text.
    DoesNotContain "NOT LIKE" ["DOES NOT CONTAIN", "!*", "NOTLIKE"], One, WORDED, "does not contain", Exactly(Contains);
    /// Begins with the text.
    StartsWith "STARTSWITH" [], One, WORDED, "starts with", Negation::None;
    /// Ends with the text.
    EndsWith "ENDSWITH" ["%"], One, WORDED, "ends with", Negation::None;
    /// Is one of a list.
    In "IN" [], List, LISTED, "is one of", Exactly(NotIn);
    /// Is none of a list.
    NotIn "NOT IN" [], List, LISTED, "is none of", Exactly(In);
    /// Has no value.
    IsEmpty "ISEMPTY" [], Nothing, ANY, "is empty", Exactly(IsNotEmpty);
    /// Has a value.
    IsNotEmpty "ISNOTEMPTY" [], Nothing, ANY, "is not empty", Exactly(IsEmpty);
    /// Is the empty text, as against no value at all.
    EmptyString "EMPTYSTRING" [], Nothing, TEXT | REFERENCE | CHOICE, "is the empty text", Negation::None;
    /// Matches every row.
    Anything "ANYTHING" [], Nothing, ANY, "is anything", Negation::None;
    /// Lies between two values, both included.
    Between "BETWEEN" [], Range, COMPARABLE, "is between", Outside;
    /// Equals another field of the row.
    SameAs "SAMEAS" [], Field, ANY, "is the same as", Exactly(NotSameAs);
    /// Differs from another field of the row.
    NotSameAs "NSAMEAS" [], Field, ANY, "differs from", Exactly(SameAs);
    /// Greater than another field of the row.
    GreaterThanField "GT_FIELD" [], Field, NUMBER, "is more than", Negation::None;
    /// Less than another field of the row.
    LessThanField "LT_FIELD" [], Field, NUMBER, "is less than", Negation::None;
    /// Greater than or equal to another field of the row.
    AtLeastField "GT_OR_EQUALS_FIELD" [], Field, NUMBER, "is at least", Negation::None;
    /// Less than or equal to another field of the row.
    AtMostField "LT_OR_EQUALS_FIELD" [], Field, NUMBER, "is at most", Negation::None;
    /// Further from another date of the row than a length.
    MoreThan "MORETHAN" [], Distance, DATE, "is more than", Negation::None;
    /// Nearer to another date of the row than a length.
    LessThan "LESSTHAN" [], Distance, DATE, "is less than", Negation::None;
    /// Within a named stretch of time.
    On "ON" [], Preset, DATE, "is on", Exactly(NotOn);
    /// Outside a named stretch of time.
    NotOn "NOTON" [], Preset, DATE, "is not on", Exactly(On);
    /// After a moment counted from now.
    RelativeAfter "RELATIVEGT" [], Relative, DATE, "is after", Negation::None;
    /// Before a moment counted from now.
    RelativeBefore "RELATIVELT" [], Relative, DATE, "is before", Negation::None;
    /// At a moment counted from now.
    RelativeOn "RELATIVEEE" [], Relative, DATE, "is on", Negation::None;
    /// At or after a moment counted from now.
    RelativeOnOrAfter "RELATIVEGE" [], Relative, DATE, "is on or after", Negation::None;
    /// At or before a moment counted from now.
    RelativeOnOrBefore "RELATIVELE" [], Relative, DATE, "is on or before", Negation::None;
    /// Compares a part of the date: its day of the week, its month, its hour.
    DatePart "DATEPART" [], DatePart, DATE, "has the date part", Negation::None;
    /// Is what a dynamic filter option says: "Me", "One of my groups".
    Dynamic "DYNAMIC" [], One, REFERENCE, "is the dynamic filter", Negation::None;
    /// Is at or below a record in a hierarchy.
    InHierarchy "IN_HIERARCHY" [], Hierarchy, REFERENCE, "is in the hierarchy", Negation::None;
    /// Is at or below a dynamic filter option's record in a hierarchy.
    InHierarchyDynamic "IN_HIERARCHY_DYNAMIC" [], Hierarchy, REFERENCE, "is in the dynamic hierarchy", Negation::None;
    /// Is a class or one that extends it.
    InstanceOf "INSTANCEOF" [], One, TEXT | OTHER | CHOICE, "is a kind of", Negation::None;
    /// Changes. Notifications only.
    Changes "VALCHANGES" [], Nothing, ANY, "changes", Negation::None;
    /// Changes from a value. Notifications only.
    ChangesFrom "CHANGESFROM" [], One, ANY, "changes from", Negation::None;
    /// Changes to a value. Notifications only.
    ChangesTo "CHANGESTO" [], One, ANY, "changes to", Negation::None;
    /// Has tags, but not this one (on `sys_tags.<label>`).
    DoesNotHave "DOESNOTHAVE" [], One, ANY, "does not have", Negation::None;
    /// Does not have a tag, or has none at all (on `sys_tags.<label>`).
    Excluding "EXCLUDING" [], One, ANY, "excludes", Negation::None;
    /// How many records of a related list there are. The field is `table.column`, the column that points here.
    Related "RLQUERY" [], Related, ANY, "has", Negation::None;
    /// What no operator was found in; kept by a lossless reading and refused by every other.
    Raw "" [], Raw, ANY, "(not understood)", Negation::None;
}

impl Operator {
    fn definition(self) -> &'static Definition {
        const UNREAD: Definition = Definition {
            token: "",
            aliases: &[],
            arity: Arity::Raw,
            fits: fits::ANY,
            words: "",
            negation: Negation::None,
        };
        TABLE.get(self as usize).unwrap_or(&UNREAD)
    }

    /// The platform's own way of writing it, the one that is printed.
    #[must_use]
    pub fn token(self) -> &'static str {
        self.definition().token
    }

    /// What stands behind it.
    #[must_use]
    pub fn arity(self) -> Arity {
        self.definition().arity
    }

    /// Which kinds of columns it is for, as the bits of [`fits`].
    #[must_use]
    pub fn fits(self) -> u8 {
        self.definition().fits
    }

    /// How it reads in English, between the field and the value.
    #[must_use]
    pub fn words(self) -> &'static str {
        self.definition().words
    }

    /// What says the opposite.
    #[must_use]
    pub fn negation(self) -> Negation {
        self.definition().negation
    }

    /// The operator with exactly this token or alias.
    #[must_use]
    pub fn named(token: &str) -> Option<Self> {
        LONGEST_FIRST.iter().find(|(name, _)| *name == token).map(|(_, operator)| *operator)
    }

    /// Whether its token is the beginning of a longer one, so that a value may run into it: `>` and `>=`, `IN` and
    /// `INSTANCEOF`.
    #[inline]
    pub(super) fn begins_another(self) -> bool {
        begins_another(self as usize)
    }

    /// The operator with the longest token or alias that the text begins with, and that token's length.
    #[inline]
    pub(super) fn longest_at(text: &str) -> Option<(Self, usize)> {
        let bytes = text.as_bytes();
        let mut candidates = starting_with(*bytes.first()?);
        while candidates != 0 {
            let (name, operator) = *LONGEST_FIRST.get(candidates.trailing_zeros() as usize)?;
            if bytes.len() >= name.len() && bytes.get(..name.len()) == Some(name.as_bytes()) {
                return Some((operator, name.len()));
            }
            candidates &= candidates - 1;
        }
        None
    }
}

impl From<Operator> for &'static str {
    fn from(operator: Operator) -> Self {
        operator.token()
    }
}

impl TryFrom<String> for Operator {
    type Error = &'static str;

    fn try_from(token: String) -> Result<Self, Self::Error> {
        Self::named(&token).ok_or("no such operator")
    }
}
