//! Walks over tables that hide rows, change, and forbid things.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::super::table_model::{ModelReply, ModelRequest, ModelRow, TableModel, matches};
use super::super::types::{PageError, RowKeys};
use super::*;
use crate::query::Query;

/// Rows with few different values, so that many tie, and identifiers in no order.
fn rows(cells: Vec<(Option<u8>, bool, u8)>) -> Vec<ModelRow> {
    let id = |number: usize| format!("{:08x}", (number as u32).wrapping_mul(0x9E37_79B1));
    cells
        .into_iter()
        .enumerate()
        .map(|(number, (value, hidden, kind))| ModelRow {
            value: value.map_or_else(String::new, |value| format!("{value:02}")),
            id: id(number),
            kind: kind % 4,
            hidden,
        })
        .collect()
}

fn reading(query: &str, page_size: u64) -> Reading {
    Reading { query: query.to_owned(), page_size, ..Reading::of("incident".to_owned()) }
}

/// The rows of a walk, and the requests for them.
struct TableReading {
    rows: Vec<ModelRow>,
    last: Progress,
    requests: usize,
    asked: Vec<ModelRequest>,
}

/// Walks to the end; `meanwhile` changes the table between the requests.
fn read(walk: &mut Walk, table: &mut TableModel, mut meanwhile: impl FnMut(&mut TableModel)) -> TableReading {
    let (mut got, mut last, mut asked) = (vec![], None, vec![]);
    while let Some(path) = walk.path() {
        asked.push(ModelRequest::of(&path));
        assert!(asked.len() < 3000, "the walk never ends: {}", asked.last().unwrap().query);
        match table.answer(asked.last().unwrap()) {
            ModelReply::Page(page, counted) => {
                let keys =
                    |row: &ModelRow| (walk.key_field().map_or_else(String::new, |_| row.value.clone()), row.id.clone());
                let (first, end) = (page.first().map(keys), page.last().map(keys));
                let facts = Page {
                    rows: page.len() as u64,
                    counted,
                    first: first.as_ref().map(|(value, id)| RowKeys { value, id }),
                    last: end.as_ref().map(|(value, id)| RowKeys { value, id }),
                    ..Page::default()
                };
                let progress = walk.received(&facts);
                got.extend(page.into_iter().take(progress.keep as usize));
                last = Some(progress);
            }
            ModelReply::Forbidden => {
                assert!(walk.failed(PageError::Forbidden), "refused: {}", asked.last().unwrap().query)
            }
            ModelReply::TooHeavy => assert!(walk.failed(PageError::TooHeavy)),
        }
        meanwhile(table);
    }
    let requests = asked.len();
    TableReading { rows: got, last: last.expect("a page"), requests, asked }
}

fn at_rest(_: &mut TableModel) {}

fn table(rows: Vec<ModelRow>) -> TableModel {
    TableModel { rows, counts: true, ..TableModel::default() }
}

fn plain(count: usize) -> Vec<ModelRow> {
    rows((0..count).map(|number| (Some((number / 7) as u8), false, 0)).collect())
}

/// What a reader may read of a query.
fn readable(table: &TableModel, query: &str) -> BTreeSet<ModelRow> {
    let query = Query::parse(query).unwrap();
    table.rows.iter().filter(|row| !row.hidden && matches(&query, row)).cloned().collect()
}

#[test]
fn table_without_order_is_read_by_sys_id_and_counted_twice() {
    let mut table = table(plain(95));
    let mut walk = Walk::new(reading("", 10), false);
    let read = read(&mut walk, &mut table, at_rest);
    assert_eq!((read.rows.len(), read.requests, read.last.complete, read.last.hidden), (95, 10, true, Some(0)));
    assert!(read.asked.iter().all(|asked| asked.offset == 0), "no page costs more than the first");
    assert_eq!(read.asked.iter().filter(|asked| asked.count).count(), 2, "the first page and the last");
    assert_eq!(walk.pagination().caveat(), None);
}

#[test]
fn table_that_fits_a_page_costs_one_request() {
    for (count, size) in [(0, 10), (1, 10), (9, 10)] {
        let read = read(&mut Walk::new(reading("ORDERBYf", size), true), &mut table(plain(count)), at_rest);
        assert_eq!((read.requests, read.rows.len(), read.last.complete), (1, count, true));
    }
}

#[test]
fn rows_of_one_second_may_exceed_a_page() {
    let mut table = table(rows(vec![(Some(5), false, 0); 64]));
    let read = read(&mut Walk::new(reading("ORDERBYf", 5), true), &mut table, at_rest);
    assert_eq!(read.rows.iter().collect::<BTreeSet<_>>().len(), 64);
    assert!(read.last.complete);
}

#[test]
fn hidden_rows_are_stepped_over_and_counted() {
    let mut cells = vec![(Some(1), false, 0); 12];
    cells.extend(vec![(Some(2), true, 0); 47]);
    cells.extend(vec![(Some(3), false, 0); 3]);
    let range = Range { from: String::new(), to: "f<=99".to_owned() };
    let key = Key { field: Some("f".to_owned()), ..Key::SYS_ID };
    let mut walk = Walk::within(reading("", 5), key, range, None, true).unwrap();
    let read = read(&mut walk, &mut table(rows(cells)), at_rest);
    assert_eq!((read.rows.len(), read.last.hidden, read.last.complete), (15, Some(47), true));
}

/// 12 rows, 47 hidden ones, 3 rows.
fn with_hidden_rows() -> TableModel {
    let cells = (0..62).map(|number| (Some(number), (12..59).contains(&number), 0)).collect();
    let mut rows = rows(cells);
    for (number, row) in rows.iter_mut().enumerate() {
        row.id = format!("{number:08x}{:024}", 0);
    }
    table(rows)
}

#[test]
fn hidden_rows_and_those_behind_are_proved_in_one_piece() {
    let read = read(&mut Walk::new(reading("", 5), false), &mut with_hidden_rows(), at_rest);
    let pieces: Vec<_> = read.asked.iter().filter(|asked| asked.limit > 5).map(|asked| asked.limit).collect();
    assert_eq!((read.rows.len(), pieces, read.last.complete), (15, vec![50], true));
}

#[test]
fn simultaneous_delete_and_insert_move_no_row_past_the_walk() {
    let mut table = with_hidden_rows();
    let mut steps = 0;
    let read = read(&mut Walk::new(reading("", 5), false), &mut table, |table| {
        steps += 1;
        if steps == 8 {
            // Five of the hidden rows go, and five come behind the others: no count changes.
            table.rows.drain(13..18);
            let come =
                |number| ModelRow { value: String::new(), id: format!("{number:08x}{:024}", 0), kind: 0, hidden: true };
            table.rows.extend((90..95).map(come));
        }
    });
    assert_eq!((read.rows.len(), read.last.complete), (15, true));
}

#[test]
fn heavy_piece_is_read_in_ranges_or_leaves_a_doubt() {
    for (query, complete) in [("", true), ("ORDERBYf", false)] {
        let mut table = TableModel { heavy_from: Some(20), ..with_hidden_rows() };
        let read = read(&mut Walk::new(reading(query, 5), true), &mut table, at_rest);
        assert_eq!((read.rows.len(), read.last.complete), (15, complete), "{query}");
    }
}

#[test]
fn order_that_moves_rows_has_a_caveat_beyond_one_page() {
    let orders = [("ORDERBYDESCsys_updated_on", true), ("ORDERBYf", true), ("ORDERBYsys_updated_on", false)];
    assert_eq!(Walk::new(reading("ORDERBYDESCsys_created_on", 10), true).caveat(), None, "no row moves in it");
    for (order, moves) in orders.into_iter().chain([("ORDERBYDESCsys_id", false), ("", false)]) {
        for page_size in [10, 100] {
            let mut walk = Walk::new(reading(order, page_size), true);
            assert_eq!(walk.caveat().is_some(), moves, "{order}");
            let result = read(&mut walk, &mut table(plain(20)), at_rest);
            let caveat = walk.caveat().is_some_and(|caveat| caveat.contains("order of a field that changes"));
            assert_eq!((result.last.complete, caveat), (true, moves && page_size < 20), "{order}");
        }
    }
}

#[test]
fn empty_page_without_counts_ends_the_walk_unproved() {
    let mut table = TableModel { counts: false, ..table(plain(30)) };
    let read = read(&mut Walk::new(reading("", 10), false), &mut table, at_rest);
    assert_eq!((read.rows.len(), read.last.complete, read.last.total), (30, false, None));
    assert_eq!(read.asked.iter().filter(|asked| asked.count).count(), 1, "a count that never comes is not paid for");
}

#[test]
fn pages_by_offset_are_known_once_the_rows_are_counted() {
    let table = table(plain(95));
    let mut walk = Walk::by_offset(Reading { limit: 61, ..reading("kind=0", 10) });
    assert_eq!(walk.path_ahead(1), None);
    let mut known: BTreeSet<String> = BTreeSet::new();
    while let Some(path) = walk.path() {
        let asked = ModelRequest::of(&path);
        assert!(asked.offset == 0 || known.contains(&path), "requested ahead by the same path: {path}");
        let ModelReply::Page(page, counted) = table.answer(&asked) else { panic!("it is allowed") };
        let progress = walk.received(&Page { rows: page.len() as u64, counted, ..Page::default() });
        assert_eq!(progress.more, walk.path().is_some());
        known.extend((0..20).map_while(|pages| walk.path_ahead(pages)));
    }
    assert_eq!(known.len(), 6, "no page behind the limit");
    assert!(Walk::new(reading("", 10), false).path_ahead(1).is_none());
}

#[test]
fn forbidden_ranges_are_replaced_by_offsets_with_a_caveat() {
    let mut table = TableModel { forbids_ranges: true, ..table(plain(53)) };
    let mut walk = Walk::new(reading("ORDERBYf", 10), true);
    let read = read(&mut walk, &mut table, at_rest);
    assert_eq!((walk.pagination(), read.rows.len(), read.last.complete), (Pagination::Offset, 53, true));
    assert_eq!(read.rows.iter().collect::<BTreeSet<_>>().len(), 53);
    assert!(walk.pagination().caveat().unwrap().contains("offset"));
}

#[test]
fn forbidden_order_falls_back_to_sys_id_and_then_to_none() {
    let mut table = TableModel { forbids_value_order: true, ..table(plain(53)) };
    let mut walk = Walk::new(reading("kind=0^ORDERBYf", 10), true);
    let by_id = read(&mut walk, &mut table, at_rest);
    assert_eq!((walk.pagination(), by_id.rows.len(), by_id.last.complete), (Pagination::Keyset, 53, true));
    table.forbids_order = true;
    let mut walk = Walk::new(reading("kind=0^ORDERBYf", 10), true);
    let unordered = read(&mut walk, &mut table, at_rest);
    assert_eq!((walk.pagination(), unordered.rows.len(), unordered.last.complete), (Pagination::Unordered, 53, false));
    assert!(walk.pagination().caveat().unwrap().contains("twice or not at all"));
}

#[test]
fn silently_dropped_order_is_noticed() {
    let mut rows = plain(40);
    rows.iter_mut().for_each(|row| row.id = format!("{:0>32}", row.id));
    let mut table = TableModel { drops_order: true, ..table(rows) };
    let mut walk = Walk::new(reading("", 10), false);
    let read = read(&mut walk, &mut table, at_rest);
    assert_eq!((walk.pagination(), read.rows.len(), read.last.complete), (Pagination::Unordered, 40, false));
}

#[test]
fn heavy_page_is_requested_in_halves() {
    let mut table = TableModel { heavy_from: Some(40), ..table(plain(200)) };
    let read = read(&mut Walk::new(reading("", 100), false), &mut table, at_rest);
    assert_eq!((read.rows.len(), read.last.complete), (200, true));
    assert_eq!(read.asked.iter().map(|asked| asked.limit).take(3).collect::<Vec<_>>(), [100, 50, 25]);
}

#[test]
fn limit_bounds_the_rows_that_are_handed_over() {
    let reading = Reading { limit: 15, ..reading("", 10) };
    let read = read(&mut Walk::new(reading, false), &mut table(plain(95)), at_rest);
    assert_eq!((read.rows.len(), read.last.complete, read.last.more), (15, false, false));
}

#[test]
fn keys_are_requested_even_if_the_caller_omits_them() {
    let reading = Reading { fields: "number,sys_id".to_owned(), ..reading("ORDERBYsys_updated_on", 10) };
    let path = Walk::new(reading, false).path().unwrap();
    assert!(path.contains("sysparm_fields=number%2Csys_id%2Csys_updated_on&"), "{path}");
}

#[test]
fn query_with_uncertain_groups_is_read_by_offset() {
    let walk = Walk::new(reading("a=1^NQ", 10), false);
    assert_eq!((walk.pagination(), walk.query()), (Pagination::Offset, "a=1^NQ^ORDERBYsys_id".to_owned()));
    assert!(Walk::within(reading("a=1^NQ", 10), Key::SYS_ID, Range::default(), None, false).is_none());
}

fn cells() -> impl Strategy<Value = Vec<(Option<u8>, bool, u8)>> {
    (prop::sample::select(vec![0_u32, 2, 5, 9, 10]), any::<bool>()).prop_flat_map(|(tenths_hidden, empties)| {
        let value = if empties { prop::option::of(0_u8..12).boxed() } else { (0_u8..12).prop_map(Some).boxed() };
        prop::collection::vec((value, (0..10_u32).prop_map(move |roll| roll < tenths_hidden), any::<u8>()), 0..120)
    })
}

const QUERIES: [&str; 4] = ["", "kind=1", "kind=1^NQkind=2", "kind=0^ORkind=2^NQkind=3"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    /// A table at rest, any rows hidden, any empties anywhere, any query: every readable row once, every hidden row counted.
    #[test]
    fn table_at_rest_is_read_to_its_last_row(
        cells in cells(), page_size in 1_u64..30, query in prop::sample::select(QUERIES.to_vec()),
        ordered in any::<bool>(), empties_last in any::<bool>(),
    ) {
        let mut table = TableModel { empties_last, ..table(rows(cells)) };
        let text = if ordered { [query, "^ORDERBYf"].concat().trim_start_matches('^').to_owned() } else { query.to_owned() };
        let mut walk = Walk::new(reading(&text, page_size), true);
        let expected = readable(&table, query);
        let read = read(&mut walk, &mut table, at_rest);
        let got: BTreeSet<ModelRow> = read.rows.iter().cloned().collect();
        prop_assert_eq!(got.len(), read.rows.len(), "no row twice");
        prop_assert_eq!(&got, &expected, "no row lost");
        let all = Query::parse(query).unwrap();
        let total = table.rows.iter().filter(|row| matches(&all, row)).count();
        prop_assert_eq!(read.last.total, Some(total as u64));
        prop_assert_eq!(read.last.hidden, Some((total - got.len()) as u64));
        prop_assert!(read.last.complete);
        prop_assert!(read.requests <= 2 * total / page_size as usize + 8 + 2 * got.len(), "{} requests", read.requests);
    }

    /// The same by offset.
    #[test]
    fn table_at_rest_is_read_by_offset_to_its_last_row(
        cells in cells(), page_size in 1_u64..30, query in prop::sample::select(QUERIES.to_vec()),
    ) {
        let mut table = table(rows(cells));
        let expected = readable(&table, query);
        let mut walk = Walk::by_offset(reading(query, page_size));
        let read = read(&mut walk, &mut table, at_rest);
        prop_assert_eq!(read.rows.len(), expected.len(), "no row twice");
        prop_assert_eq!(&read.rows.iter().cloned().collect::<BTreeSet<_>>(), &expected, "no row lost");
        prop_assert!(read.last.complete && walk.caveat().is_some());
        let hidden = read.last.total.map(|total| total - expected.len() as u64);
        prop_assert_eq!(read.last.hidden, hidden);
    }

    /// Rows vanish, arrive, or as many of both between two requests: what stays and may be read comes exactly once.
    #[test]
    fn walk_by_sys_id_loses_no_row_that_stays(
        cells in cells(), page_size in 1_u64..12, changes in prop::collection::vec((0_usize..3, any::<u32>(), 0_usize..6), 400),
    ) {
        let mut table = table(rows(cells));
        let (mut changes, mut stay) = (changes.into_iter(), readable(&table, ""));
        let read = read(&mut Walk::new(reading("", page_size), false), &mut table, |table| {
            let Some((kind, random, count)) = changes.next() else { return };
            for number in 0..count {
                if (kind == 0 || kind == 2 && number % 2 == 0) && !table.rows.is_empty() {
                    let at = (random as usize).wrapping_mul(number + 7) % table.rows.len();
                    stay.remove(&table.rows.swap_remove(at));
                } else if kind > 0 && table.rows.len() < 200 {
                    let id = format!("{:08x}", random.wrapping_mul(number as u32 * 2 + 1));
                    if table.rows.iter().all(|row| row.id != id) {
                        table.rows.push(ModelRow { value: "50".to_owned(), id, kind: 0, hidden: random % 3 > 0 });
                    }
                }
            }
        });
        let ids: BTreeSet<&str> = read.rows.iter().map(|row| row.id.as_str()).collect();
        prop_assert_eq!(ids.len(), read.rows.len(), "no row twice");
        for row in &stay {
            prop_assert!(ids.contains(row.id.as_str()), "{:?} was there throughout", row);
        }
    }

    /// Rows change, which moves them behind the upper end of the range, or vanish: what stays in the range comes exactly once.
    #[test]
    fn walk_up_to_a_moment_loses_no_unchanged_row(
        cells in cells(), page_size in 1_u64..12, changes in prop::collection::vec((any::<bool>(), any::<u32>(), 0_usize..6), 400),
    ) {
        let mut table = table(rows(cells));
        let (mut changes, mut stay) = (changes.into_iter(), readable(&table, ""));
        let key = Key { field: Some("f".to_owned()), ..Key::SYS_ID };
        let range = Range { from: String::new(), to: "f<=40".to_owned() };
        let mut walk = Walk::within(reading("", page_size), key, range, None, true).unwrap();
        let read = read(&mut walk, &mut table, |table| {
            let Some((delete, random, count)) = changes.next() else { return };
            for number in 0..count.min(table.rows.len()) {
                let at = (random as usize).wrapping_mul(number + 7) % table.rows.len();
                if delete {
                    stay.remove(&table.rows.swap_remove(at));
                } else {
                    stay.remove(&table.rows[at]);
                    table.rows[at].value = "50".to_owned();
                }
            }
        });
        let got: BTreeSet<ModelRow> = read.rows.iter().cloned().collect();
        prop_assert_eq!(got.len(), read.rows.len(), "no row twice");
        for row in &stay {
            prop_assert!(got.contains(row), "{:?} was there throughout, unchanged", row);
        }
    }
}
