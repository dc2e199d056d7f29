//! Reads as few rows as a database would: a range of an index if the conditions allow it, otherwise all rows.

use std::cmp::Ordering;

use crate::store::{Kind, RowId, SYS_ID, Store, TableId, compare, same};

use super::index_range::{Source, Traversal, equality_columns, index_range};
use super::memo::Memoized;
use super::plan::{Key, Plan};
use super::prefetch::Prefetch;

/// The requested part of the result.
#[derive(Clone, Copy)]
pub(crate) struct Wanted {
    pub(crate) offset: usize,
    pub(crate) limit: usize,
    /// Whether to count all matches.
    pub(crate) count: bool,
    /// Whether to read the rows before the offset one by one, as a database does.
    pub(crate) scan: bool,
}

impl Wanted {
    /// Every match, uncounted.
    pub(crate) const ALL: Self = Self { offset: 0, limit: usize::MAX, count: false, scan: false };
}

/// The requested rows in order, and the count of all matches if requested.
pub(crate) struct Found {
    pub(crate) rows: Vec<RowId>,
    pub(crate) total: Option<usize>,
}

/// The columns of further tests are not loaded in advance.
const MAX_FETCHED: usize = 4;

pub(crate) fn run(store: &mut Store, table: TableId, plan: &Plan, wanted: Wanted) -> Found {
    if plan.nothing {
        return Found { rows: Vec::new(), total: wanted.count.then_some(0) };
    }
    let source = source(store, table, plan);
    let store = &*store;
    // Conditions that the range already satisfies need no test.
    let groups: Vec<Vec<Vec<Memoized<'_>>>> = plan
        .any
        .iter()
        .map(|all| {
            let open = all.iter().enumerate().filter(|(number, _)| !source.settled.contains(number));
            open.map(|(_, either)| either.iter().map(|test| Memoized::of(store, test)).collect()).collect()
        })
        .collect();
    let every_row = groups.is_empty() || groups.iter().any(Vec::is_empty);
    let whole = |all: &Vec<Vec<Memoized<'_>>>, row| all.iter().all(|either| either.iter().any(|test| test.holds(row)));
    let matches = |row: RowId| every_row || groups.iter().any(|all| whole(all, row));
    let passed = |row: RowId| {
        if wanted.scan {
            store.read(row);
        }
    };
    let tests: Vec<&Memoized<'_>> = groups.iter().flatten().flatten().take(MAX_FETCHED).collect();
    let fetch = |rows: &[RowId]| tests.iter().for_each(|test| test.fetch(rows));
    // Without open conditions the page is a slice of the index. Rows before it are only read if the offset scan is switched on.
    let jump = every_row && !wanted.scan;

    let index = match source.index {
        Some(column) => store.index(table, column).get(source.range.clone()).unwrap_or_default(),
        None => &[],
    };
    let page = |rows: &mut dyn Iterator<Item = RowId>| page(&mut Prefetch::of(rows, &fetch), &matches, &passed, wanted);
    match source.give {
        Traversal::Forward if jump => Found {
            rows: index.iter().skip(wanted.offset).take(wanted.limit).copied().collect(),
            total: wanted.count.then_some(index.len()),
        },
        Traversal::Backward if jump => Found {
            rows: index.iter().rev().skip(wanted.offset).take(wanted.limit).copied().collect(),
            total: wanted.count.then_some(index.len()),
        },
        Traversal::Forward => page(&mut index.iter().copied()),
        Traversal::Backward => page(&mut index.iter().rev().copied()),
        Traversal::BackwardByRuns(column) if jump => {
            let uncounted = Wanted { count: false, ..wanted };
            let mut rows = runs_backward(store, table, column, index);
            Found { total: wanted.count.then_some(index.len()), ..self::page(&mut rows, &matches, &passed, uncounted) }
        }
        Traversal::BackwardByRuns(column) => page(&mut runs_backward(store, table, column, index)),
        Traversal::Unordered => page(&mut store.rows(table)),
        Traversal::Sorted => {
            let all: &mut dyn Iterator<Item = RowId> = match source.index {
                Some(_) => &mut index.iter().copied(),
                None => &mut store.rows(table),
            };
            let mut rows: Vec<RowId> = Prefetch::of(all, &fetch).filter(|row| matches(*row)).collect();
            let total = rows.len();
            let compared = |left: &RowId, right: &RowId| by_keys(store, &plan.order, *left, *right);
            // Only the rows before the end of the page need sorting.
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
    let all_rows = store.len(table);
    let walk = walk(&plan.order);
    let mut best = match walk {
        Some((column, give)) => index_range(store, table, plan, column, give),
        None => Source {
            index: None,
            range: 0..all_rows,
            settled: Vec::new(),
            give: match plan.order.is_empty() {
                true => Traversal::Unordered,
                false => Traversal::Sorted,
            },
        },
    };
    // An equality on another column pays if sorting its rows costs less than reading the index of the order.
    for column in equality_columns(plan) {
        let give = match walk {
            Some((SYS_ID, give)) => give,
            None if plan.order.is_empty() => Traversal::Forward,
            _ => Traversal::Sorted,
        };
        let candidate = index_range(store, table, plan, column, give);
        let cost = match give {
            Traversal::Sorted => candidate.range.len().saturating_mul(4),
            _ => candidate.range.len(),
        };
        if cost < best.range.len() {
            best = candidate;
        }
    }
    best
}

/// The column whose index has the requested order, and the direction.
fn walk(order: &[Key]) -> Option<(usize, Traversal)> {
    let first = order.first()?;
    let column = first.path.direct()?;
    let direction = match first.descending {
        true => Traversal::Backward,
        false => Traversal::Forward,
    };
    match order.get(1) {
        _ if column == SYS_ID => Some((column, direction)),
        None => Some((column, direction)),
        Some(second) if second.path.direct() != Some(SYS_ID) => None,
        Some(second) if second.descending == first.descending => Some((column, direction)),
        Some(_) if first.descending => Some((column, Traversal::BackwardByRuns(column))),
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
    let cell = move |row: &RowId| store.cell(*row, column);
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
