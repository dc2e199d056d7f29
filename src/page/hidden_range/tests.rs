//! Hidden rows that no single request holds, in tables that change between any two requests.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::super::evidence::Doubt;
use super::super::reading::Reading;
use super::super::table_model::{ModelReply, ModelRequest, ModelRow, TableModel};
use super::super::types::{Page, PageError, Progress, RowKeys};
use super::super::walk::Walk;

fn id(number: u32) -> String {
    format!("{:08x}{:024}", number.wrapping_mul(0x9E37_79B1), 0)
}

fn row(id: String, hidden: bool) -> ModelRow {
    ModelRow { value: String::new(), id, kind: 0, hidden }
}

/// A walk whose instance can give `largest_piece` rows at once.
fn walk(order: &str, page_size: u64, largest_piece: u64) -> Walk {
    let reading = Reading { query: order.to_owned(), page_size, ..Reading::of("incident".to_owned()) };
    let mut walk = Walk::new(reading, false);
    walk.cursor.limits.largest = largest_piece;
    walk
}

struct RangeReading {
    ids: Vec<String>,
    last: Progress,
    asked: Vec<ModelRequest>,
}

fn read(walk: &mut Walk, table: &mut TableModel, meanwhile: impl FnMut(&mut TableModel)) -> RangeReading {
    read_seeing(walk, table, true, meanwhile)
}

/// `keys`: whether rows show their identifiers to the walk.
fn read_seeing(
    walk: &mut Walk,
    table: &mut TableModel,
    keys: bool,
    mut meanwhile: impl FnMut(&mut TableModel),
) -> RangeReading {
    let (mut ids, mut asked, mut last) = (vec![], vec![], None);
    while let Some(path) = walk.path() {
        asked.push(ModelRequest::of(&path));
        assert!(asked.len() < 3000, "the walk never ends: {}", asked.last().unwrap().query);
        match table.answer(asked.last().unwrap()) {
            ModelReply::Page(rows, counted) => {
                let seen = |row: Option<&ModelRow>| row.map(|row| if keys { row.id.clone() } else { String::new() });
                let (first, end) = (seen(rows.first()), seen(rows.last()));
                let page = Page {
                    rows: rows.len() as u64,
                    counted,
                    first: first.as_ref().map(|id| RowKeys { value: "", id }),
                    last: end.as_ref().map(|id| RowKeys { value: "", id }),
                    ..Page::default()
                };
                let passed = walk.received(&page);
                ids.extend(rows.into_iter().take(passed.keep as usize).map(|row| row.id));
                last = Some(passed);
            }
            ModelReply::TooHeavy => assert!(walk.failed(PageError::TooHeavy)),
            ModelReply::Forbidden => assert!(walk.failed(PageError::Forbidden)),
        }
        meanwhile(table);
    }
    RangeReading { ids, last: last.unwrap(), asked }
}

fn at_rest(_: &mut TableModel) {}

/// `count` rows, of which one in `readable` is readable.
fn mostly_hidden(count: u32, readable: u32) -> TableModel {
    let rows = (0..count).map(|number| row(id(number), number % readable != 0)).collect();
    TableModel { rows, counts: true, ..TableModel::default() }
}

#[test]
fn rows_without_key_behind_hidden_rows_are_read_once() {
    for (page_size, hidden) in [(1000, 1200), (100, 1200), (300, 2900), (1000, 2500)] {
        let mut ids: Vec<String> = (0..3000).map(id).collect();
        ids.sort();
        let rows = ids.iter().enumerate().map(|(place, id)| row(id.clone(), place < hidden)).collect();
        let mut table = TableModel { rows, counts: true, ..TableModel::default() };
        let read = read_seeing(&mut walk("", page_size, 1000), &mut table, false, at_rest);
        let mut came = read.ids;
        came.sort();
        assert_eq!(came.len(), 3000 - hidden, "pages of {page_size}");
        assert_eq!(came, ids[hidden..]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(250))]

    /// Hidden rows leave while as many arrive elsewhere, so that no count shows it: what stays and may be read comes exactly once,
    /// or the walk says that it cannot know.
    #[test]
    fn row_behind_more_hidden_rows_than_a_request_holds_is_read(
        count in 0_u32..160, readable in prop::sample::select(vec![7_u32, 30, 1000]), page_size in 1_u64..6,
        largest in 6_u64..24, descending in any::<bool>(),
        changes in prop::collection::vec((any::<u32>(), 0_usize..4), 300),
    ) {
        let mut table = mostly_hidden(count, readable);
        let mut stay: BTreeSet<String> =
            table.rows.iter().filter(|row| !row.hidden).map(|row| row.id.clone()).collect();
        let (mut changes, mut made) = (changes.into_iter(), count);
        let order = if descending { "ORDERBYDESCsys_id" } else { "" };
        let mut walk = walk(order, page_size, largest);
        let mut readable = BTreeSet::new();
        let read = read(&mut walk, &mut table, |table| {
            readable = table.rows.iter().filter(|row| !row.hidden).map(|row| row.id.clone()).collect();
            let Some((random, times)) = changes.next() else { return };
            for time in 0..times.min(table.rows.len()) {
                let at = (random as usize).wrapping_mul(time + 7) % table.rows.len();
                stay.remove(&table.rows.swap_remove(at).id);
                made += 1;
                table.rows.push(row(id(made), random % 5 > 0));
            }
        });
        let came: BTreeSet<&String> = read.ids.iter().collect();
        prop_assert_eq!(came.len(), read.ids.len(), "no row twice");
        for id in &stay {
            prop_assert!(came.contains(id), "{} was there throughout", id);
        }
        // Rows that arrive before the first row that was read look as if the server had ignored the order, if no row is behind it.
        let end = if descending { readable.first() } else { readable.last() };
        let looks_ignored = readable.len() > 1 && end == read.ids.first();
        let cannot_know = looks_ignored && walk.caveat() == Doubt::Disordered.caveat();
        prop_assert!(read.last.complete || cannot_know, "{:?}", walk.caveat());
        let sorted = read.ids.is_sorted_by(|one, other| (one < other) != descending);
        prop_assert!(sorted, "in their order");
    }
}

#[test]
fn hidden_rows_beyond_one_request_are_read_in_ranges() {
    let mut table = mostly_hidden(4000, 1000);
    let read = read(&mut walk("", 20, 200), &mut table, at_rest);
    assert_eq!((read.ids.len(), read.last.complete, read.last.hidden), (4, true, Some(3996)));
    let steps = 4000 / 20;
    assert!(read.asked.len() < steps, "{} requests, where steps take {steps}", read.asked.len());
    assert!(read.asked.iter().all(|asked| asked.offset <= 200), "no step goes deeper than a piece");
}

#[test]
fn heavy_range_is_requested_in_smaller_ones() {
    let mut table = TableModel { heavy_from: Some(60), ..mostly_hidden(2000, 500) };
    let read = read(&mut walk("", 20, 10_000), &mut table, at_rest);
    assert_eq!((read.ids.len(), read.last.complete), (4, true));
}

#[test]
fn hidden_rows_without_usable_ranges_end_unproved() {
    let names = (0..300).map(|number| row(format!("zz-{number:03}"), number < 299)).collect();
    let mut named = TableModel { rows: names, counts: true, ..TableModel::default() };
    let result = read(&mut walk("", 10, 50), &mut named, at_rest);
    assert_eq!((result.ids.len(), result.last.complete), (1, false));
    let mut forbidden = TableModel { forbids_ranges: true, ..mostly_hidden(300, 1000) };
    forbidden.rows.sort();
    forbidden.rows.iter_mut().enumerate().for_each(|(number, row)| row.hidden = number < 299);
    let result = read(&mut walk("", 10, 50), &mut forbidden, at_rest);
    assert_eq!((result.ids.len(), result.last.complete), (1, false));
}

#[test]
fn place_in_a_hidden_range_explains_one_missing_row_only() {
    let mut ids: Vec<String> = (1..=62).map(id).collect();
    ids.sort();
    let mut rows: Vec<ModelRow> =
        ids.iter().enumerate().map(|(place, id)| row(id.clone(), (1..61).contains(&place))).collect();
    // The bound behind the first row loses another with its sys_id.
    rows.push(row(ids[0].clone(), false));
    let mut table = TableModel { rows, counts: true, ..TableModel::default() };
    let read = read(&mut walk("", 1, 10), &mut table, at_rest);
    assert_eq!((read.ids.len(), read.last.complete, read.last.hidden), (2, false, None));
}
