//! Any text gives a query or says where it stops being one; parsing takes time in proportion to the text.

use super::operator::Operator;
use super::parse_error::{Expected, ParseError};
use super::reader::{Denial, TermReader};
use super::related;
use super::terms::{Span, terms};
use super::tree::{All, Condition, Either, Order, Query, Scalar, Value};

/// What becomes of terms that cannot be read.
enum Unread<'a> {
    Refuse,
    Drop(&'a mut Vec<ParseError>),
    Keep(&'a mut Vec<ParseError>),
}

impl Query {
    /// Reads an encoded query (not percent-encoded).
    ///
    /// The end marker `^EQ` and empty terms are passed over, aliases become the operator they stand for. A field is taken
    /// to end where the first operator begins, which is right for every lower-case column name.
    ///
    /// # Errors
    /// The first place at which the text is not an encoded query.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        read(text, &|_| false, &mut Unread::Refuse, None)
    }

    /// As [`Query::parse`], with a dictionary: the longest known field that an operator follows is taken, so that columns
    /// whose names run into operators (`u_planIN`) are split right. Unknown fields are read as without one.
    ///
    /// # Errors
    /// The first place at which the text is not an encoded query.
    pub fn parse_known(text: &str, known: &dyn Fn(&str) -> bool) -> Result<Self, ParseError> {
        read(text, known, &mut Unread::Refuse, None)
    }

    /// As the platform reads: what cannot be understood is dropped and the rest is used ("an invalid part of a query is
    /// ignored", Table API documentation). What was dropped is handed back.
    pub fn parse_leniently(text: &str, known: &dyn Fn(&str) -> bool) -> (Self, Vec<ParseError>) {
        let mut dropped = Vec::new();
        let query = read(text, known, &mut Unread::Drop(&mut dropped), None);
        (query.unwrap_or_default(), dropped)
    }

    /// Loses nothing: a term that cannot be understood becomes a condition with [`Operator::Raw`], which prints as it stood.
    /// Handed back are the places and, for each condition, then each order, then each grouping, where it stands.
    pub fn parse_losslessly(text: &str, known: &dyn Fn(&str) -> bool) -> (Self, Vec<ParseError>, Vec<Span>) {
        let (mut kept, mut spans) = (Vec::new(), Vec::new());
        let query = read(text, known, &mut Unread::Keep(&mut kept), Some(&mut spans));
        (query.unwrap_or_default(), kept, spans)
    }
}

fn read(
    text: &str,
    known: &dyn Fn(&str) -> bool,
    unread: &mut Unread<'_>,
    mut spans: Option<&mut Vec<Span>>,
) -> Result<Query, ParseError> {
    let mut query = Query::default();
    let mut group = All::default();
    let (mut order_spans, mut group_spans) = (Vec::new(), Vec::new());
    let mut terms = terms(text);
    while let Some((start, term)) = terms.next() {
        if term.is_empty() || term == "EQ" {
            continue;
        }
        let mut reader = TermReader { text: term, position: start, denial: unread.denial() };
        let behind = terms;
        if reader.take("NQ") {
            if group.all.is_empty() {
                unread.note(reader.error_at(start, Expected::Condition))?;
            } else {
                query.any.push(core::mem::take(&mut group));
            }
        }
        let whole = Span { start: reader.position, operator: start, value: start, end: start + term.len() };
        let mut alternative = false;
        let outcome = if reader.take("ORDERBY") {
            let descending = reader.take("DESC");
            reader.field().map(|field| {
                order_spans.push(Span { operator: reader.position, ..whole });
                query.order_by.push(Order { field, descending });
                None
            })
        } else if reader.take("GROUPBY") {
            reader.field().map(|field| {
                group_spans.push(Span { operator: reader.position, ..whole });
                query.group_by.push(field);
                None
            })
        } else {
            alternative = reader.take("OR");
            match reader.text.starts_with("RLQUERY") {
                true => related::read(&mut reader, &mut terms, known).map(Some),
                false => reader.condition(known).map(Some),
            }
        };
        let outcome = match outcome {
            Ok(Some(_)) if alternative && group.all.is_empty() => Err(reader.error_at(start, Expected::Condition)),
            Ok(Some((condition, span))) => Ok(Some((condition, span))),
            other => other,
        };
        let condition = match outcome {
            Ok(condition) => condition,
            Err(error) => {
                unread.note(error)?;
                // A block that has no end is read again, term by term.
                terms = behind;
                let kept = text.get(whole.start..whole.end).unwrap_or_default();
                let kept = match group.all.is_empty() {
                    false if alternative => kept.get(2..).unwrap_or_default(),
                    _ => kept,
                };
                unread.keeps().then(|| (raw(kept), Span { start: whole.end - kept.len(), ..whole }))
            }
        };
        if let Some((condition, span)) = condition {
            if let Some(spans) = spans.as_deref_mut() {
                spans.push(span);
            }
            match group.all.last_mut() {
                Some(last) if alternative => last.either.push(condition),
                _ => group.all.push(Either { either: Vec::from([condition]) }),
            }
        }
    }
    if !group.all.is_empty() {
        query.any.push(group);
    } else if !query.any.is_empty() {
        unread.note(ParseError { position: text.len(), expected: Expected::Condition, nearest: None })?;
    }
    if let Some(spans) = spans {
        spans.append(&mut order_spans);
        spans.append(&mut group_spans);
    }
    Ok(query)
}

fn raw(term: &str) -> Condition {
    let text = super::reader::unescaped(term);
    Condition { field: String::new(), operator: Operator::Raw, value: Some(Value::One(Scalar::Text(text))) }
}

impl Unread<'_> {
    fn note(&mut self, error: ParseError) -> Result<(), ParseError> {
        match self {
            Self::Refuse => return Err(error),
            Self::Drop(errors) | Self::Keep(errors) => errors.push(error),
        }
        Ok(())
    }

    fn keeps(&self) -> bool {
        matches!(self, Self::Keep(_))
    }

    fn denial(&self) -> Denial {
        match self {
            Self::Refuse => Denial::Read,
            Self::Drop(_) => Denial::InName,
            Self::Keep(_) => Denial::Needed,
        }
    }
}
