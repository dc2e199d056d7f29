//! Reads as few rows as an ordinary database would: a stretch of an index where conditions allow it, all rows otherwise.

use std::cmp::Ordering;

use crate::store::{Kind, RowId, SYS_ID, Store, TableId, compare, same};

use super::ahead::Ahead;
use super::plan::{Key, Plan};
use super::remember::Remembering;
use super::stretch::{Give, Source, equality_columns, stretch};

/// The part of the result that is asked for.
#[derive(Clone, Copy)]
pub(crate) struct Wanted {
    pub(crate) offset: usize,
    pub(crate) limit: usize,
    /// Whether all matches are to be counted.
    pub(crate) count: bool,
    /// Whether the rows before the offset are to be read one by one, as a database reads them.
    pub(crate) scan: bool,
}

impl Wanted {
    /// Every match, uncounted.
    pub(crate) const ALL: Self = Self { offset: 0, limit: usize::MAX, count: false, scan: false };
}

/// The rows asked for, in order, and how many there are in all, if that was asked.
pub(crate) struct Found {
    pub(crate) rows: Vec<RowId>,
    pub(crate) total: Option<usize>,
}

/// The columns of further tests are fetched when it comes to them.
const MOST_FETCHED: usize = 4;

pub(crate) fn run(store: &mut Store, table: TableId, plan: &Plan, wanted: Wanted) -> Found {
    if plan.nothing {
        return Found { rows: Vec::new(), total: wanted.count.then_some(0) };
    }
    let source = source(store, table, plan);
    let store = &*store;
    // What the stretch already guarantees need not be tested again.
    let groups: Vec<Vec<Vec<Remembering<'_>>>> = plan
        .any
        .iter()
        .map(|all| {
            let open = all.iter().enumerate().filter(|(number, _)| !source.settled.contains(number));
            open.map(|(_, either)| either.iter().map(|test| Remembering::of(store, test)).collect()).collect()
        })
        .collect();
    let every_row = groups.is_empty() || groups.iter().any(Vec::is_empty);
    let whole =
        |all: &Vec<Vec<Remembering<'_>>>, row| all.iter().all(|either| either.iter().any(|test| test.holds(row)));
    let matches = |row: RowId| every_row || groups.iter().any(|all| whole(all, row));
    let passed = |row: RowId| {
        if wanted.scan {
            store.table(table).read(&store.texts, row);
        }
    };
    let tests: Vec<&Remembering<'_>> = groups.iter().flatten().flatten().take(MOST_FETCHED).collect();
    let fetch = |rows: &[RowId]| tests.iter().for_each(|test| test.fetch(rows));
    // Whole stretches need no test, and without a toll no reading either: the page is a place in the index.
    let jump = every_row && !wanted.scan;

    let index = match source.index {
        Some(column) => store.table(table).index(column).get(source.stretch.clone()).unwrap_or_default(),
        None => &[],
    };
    let page = |rows: &mut dyn Iterator<Item = RowId>| page(&mut Ahead::of(rows, &fetch), &matches, &passed, wanted);
    match source.give {
        Give::Forward if jump => Found {
            rows: index.iter().skip(wanted.offset).take(wanted.limit).copied().collect(),
            total: wanted.count.then_some(index.len()),
        },
        Give::Backward if jump => Found {
            rows: index.iter().rev().skip(wanted.offset).take(wanted.limit).copied().collect(),
            total: wanted.count.then_some(index.len()),
        },
        Give::Forward => page(&mut index.iter().copied()),
        Give::Backward => page(&mut index.iter().rev().copied()),
        Give::BackwardByRuns(column) if jump => {
            let uncounted = Wanted { count: false, ..wanted };
            let mut rows = runs_backward(store, table, column, index);
            Found { total: wanted.count.then_some(index.len()), ..self::page(&mut rows, &matches, &passed, uncounted) }
        }
        Give::BackwardByRuns(column) => page(&mut runs_backward(store, table, column, index)),
        Give::Unordered => page(&mut store.table(table).rows()),
        Give::Sorted => {
            let all: &mut dyn Iterator<Item = RowId> = match source.index {
                Some(_) => &mut index.iter().copied(),
                None => &mut store.table(table).rows(),
            };
            let mut rows: Vec<RowId> = Ahead::of(all, &fetch).filter(|row| matches(*row)).collect();
            let total = rows.len();
            let compared = |left: &RowId, right: &RowId| by_keys(store, &plan.order, *left, *right);
            // Only what comes before the end of the page needs to be in order.
            let end = wanted.offset.saturating_add(wanted.limit);
            if end < total {
                rows.select_nth_unstable_by(end, compared);
                rows.truncate(end);
            }
            rows.sort_unstable_by(compared);
            rows.iter().take(wanted.offset).for_each(|row| passed(*row));
            Found { rows: rows.into_iter().skip(wanted.offset).collect(), total: wanted.count.then_some(total) }
        }
    }
}

fn source(store: &mut Store, table: TableId, plan: &Plan) -> Source {
    let all_rows = store.table(table).len();
    let walk = walk(&plan.order);
    let mut best = match walk {
        Some((column, give)) => stretch(store, table, plan, column, give),
        None => Source {
            index: None,
            stretch: 0..all_rows,
            settled: Vec::new(),
            give: match plan.order.is_empty() {
                true => Give::Unordered,
                false => Give::Sorted,
            },
        },
    };
    // An equality elsewhere pays when it leaves so few rows that sorting them costs less than walking the order.
    for column in equality_columns(plan) {
        let give = match walk {
            Some((SYS_ID, give)) => give,
            None if plan.order.is_empty() => Give::Forward,
            _ => Give::Sorted,
        };
        let candidate = stretch(store, table, plan, column, give);
        let cost = match give {
            Give::Sorted => candidate.stretch.len().saturating_mul(4),
            _ => candidate.stretch.len(),
        };
        if cost < best.stretch.len() {
            best = candidate;
        }
    }
    best
}

/// The column whose index has the order already, and the direction.
fn walk(order: &[Key]) -> Option<(usize, Give)> {
    let first = order.first()?;
    let column = first.path.direct()?;
    let direction = match first.descending {
        true => Give::Backward,
        false => Give::Forward,
    };
    match order.get(1) {
        _ if column == SYS_ID => Some((column, direction)),
        None => Some((column, direction)),
        Some(second) if second.path.direct() != Some(SYS_ID) => None,
        Some(second) if second.descending == first.descending => Some((column, direction)),
        Some(_) if first.descending => Some((column, Give::BackwardByRuns(column))),
        Some(_) => None,
    }
}

fn runs_backward<'a>(
    store: &'a Store,
    table: TableId,
    column: usize,
    index: &'a [RowId],
) -> impl Iterator<Item = RowId> + 'a {
    let kind = store.table(table).definition.columns.get(column).map_or(Kind::Text, |column| column.kind);
    let cell = move |row: &RowId| store.table(table).cell(*row, column);
    index
        .chunk_by(move |left, right| {
            cell(left) == cell(right) || same(kind, store.texts.of(cell(left)), store.texts.of(cell(right)))
        })
        .rev()
        .flatten()
        .copied()
}

fn page(
    rows: &mut dyn Iterator<Item = RowId>,
    matches: &dyn Fn(RowId) -> bool,
    passed: &dyn Fn(RowId),
    wanted: Wanted,
) -> Found {
    let mut found = Vec::new();
    let mut total = 0;
    for row in rows.filter(|row| matches(*row)) {
        if total < wanted.offset {
            passed(row);
        } else if found.len() < wanted.limit {
            found.push(row);
        }
        total += 1;
        if !wanted.count && found.len() >= wanted.limit {
            break;
        }
    }
    Found { rows: found, total: wanted.count.then_some(total) }
}

fn by_keys(store: &Store, keys: &[Key], left: RowId, right: RowId) -> Ordering {
    for key in keys {
        let order = compare(key.kind, key.path.value(store, left), key.path.value(store, right));
        let order = match key.descending {
            true => order.reverse(),
            false => order,
        };
        if order.is_ne() {
            return order;
        }
    }
    left.cmp(&right)
}
