//! Reading ahead over tables that hide rows and change between any two requests, asked and answered in any order.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::super::keyset::Key;
use super::super::reading::Reading;
use super::super::table_model::{ModelReply, ModelRequest, ModelRow, TableModel};
use super::super::types::{Page, PageError, Progress, Range, RowKeys};
use super::super::walk::Walk;
use crate::time::calendar::stamp;

const START: u64 = 1_772_366_400;

/// Mistakes that a host could make when it reads ahead. Each has to be caught.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AheadMistake {
    None,
    /// A page ahead is taken without looking for the joint.
    TakeWithoutJoint,
    /// The rows of the joint are taken twice.
    KeepTheJoint,
    /// Pages ahead reach into the moments where changed rows arrive.
    ReadAheadWithoutFence,
    /// Where a page does not join, what is there is taken for the end.
    EndWhereNothingJoins,
}

/// A page in flight.
struct PageInFlight {
    asked: ModelRequest,
    ahead: bool,
    answer: Option<ModelReply>,
}

struct AheadReading {
    rows: Vec<ModelRow>,
    last: Progress,
    asked: usize,
    /// Turns it took, if all that is under way is answered in one.
    turns: usize,
    widest: usize,
    endless: bool,
}

/// Random numbers of a run, by its seed. With seed 0 all are 0.
struct AheadRandom(u64);

impl AheadRandom {
    fn below(&mut self, bound: u32) -> u32 {
        if self.0 == 0 {
            return 0;
        }
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as u32 % bound.max(1)
    }
}

/// Reads to the end as the package does: the pages in their order, up to `most` of them under way.
fn read(
    walk: &mut Walk,
    table: &mut TableModel,
    most: usize,
    mistake: AheadMistake,
    random: &mut AheadRandom,
    mut meanwhile: impl FnMut(&mut TableModel, &mut AheadRandom),
) -> AheadReading {
    let mut in_flight: Vec<PageInFlight> = vec![];
    let mut read = AheadReading {
        rows: vec![],
        last: walk.received(&Page::default()),
        asked: 0,
        turns: 0,
        widest: 0,
        endless: false,
    };
    *walk = Walk::new(walk.cursor.query.reading.clone(), true);
    if let Some(path) = walk.fence_path()
        && let ModelReply::Page(rows, _) = table.answer(&ModelRequest::of(&path))
        && let Some(newest) = rows.first()
    {
        walk.fenced(if mistake == AheadMistake::ReadAheadWithoutFence { "9999" } else { &newest.value });
    }
    while let Some(due) = walk.path() {
        if in_flight.is_empty() {
            in_flight.push(PageInFlight { asked: ModelRequest::of(&due), ahead: false, answer: None });
            read.asked += 1;
        }
        while in_flight.len() < most
            && let Some(path) = walk.path_ahead(in_flight.len() as u64)
        {
            in_flight.push(PageInFlight { asked: ModelRequest::of(&path), ahead: true, answer: None });
            read.asked += 1;
        }
        read.widest = read.widest.max(in_flight.len());
        if read.asked > 2000 {
            read.endless = true;
            return read;
        }
        // Whatever is under way is answered in any order, and the table changes between two answers.
        read.turns += usize::from(in_flight[0].answer.is_none());
        while in_flight[0].answer.is_none() {
            let place = match random.0 {
                0 => in_flight.iter().rposition(|one| one.answer.is_none()).unwrap(),
                _ => random.below(in_flight.len() as u32) as usize,
            };
            let one = &mut in_flight[place];
            if one.answer.is_none() {
                one.answer = Some(table.answer(&one.asked));
                meanwhile(table, random);
            }
        }
        let PageInFlight { ahead, answer, .. } = in_flight.remove(0);
        let (mut rows, counted) = match answer {
            Some(ModelReply::Page(rows, counted)) => (rows, counted),
            Some(ModelReply::TooHeavy) => {
                assert!(walk.failed(PageError::TooHeavy));
                in_flight.clear();
                continue;
            }
            _ => panic!("it is allowed"),
        };
        let field = walk.key_field().is_some();
        let keys = |row: &ModelRow| (if field { row.value.clone() } else { String::new() }, row.id.clone());
        if ahead {
            let behind = walk.after().cloned();
            let place = behind.as_ref().and_then(|behind| rows.iter().position(|row| row.id == behind.id));
            let joint = place.map(|place| keys(&rows[place]));
            let last = rows.last().map(keys);
            let joins = walk.joins(row_keys(joint.as_ref()), row_keys(last.as_ref()));
            if !joins && mistake == AheadMistake::EndWhereNothingJoins {
                break;
            }
            if !joins && mistake != AheadMistake::TakeWithoutJoint {
                in_flight.insert(
                    0,
                    PageInFlight { asked: ModelRequest::of(&walk.path().unwrap()), ahead: false, answer: None },
                );
                read.asked += 1;
                continue;
            }
            if mistake != AheadMistake::KeepTheJoint {
                rows.drain(..place.map_or(0, |place| place + 1));
            }
        }
        let (first, last) = (rows.first().map(keys), rows.last().map(keys));
        let page = Page {
            rows: rows.len() as u64,
            counted,
            first: row_keys(first.as_ref()),
            last: row_keys(last.as_ref()),
            ..Page::default()
        };
        read.last = walk.received(&page);
        read.rows.extend(rows.into_iter().take(read.last.keep as usize));
    }
    read
}

fn row_keys(keys: Option<&(String, String)>) -> Option<RowKeys<'_>> {
    keys.map(|(value, id)| RowKeys { value, id })
}

fn reading(query: &str, page_size: u64) -> Reading {
    Reading { query: query.to_owned(), page_size, ..Reading::of("incident".to_owned()) }
}

fn id(number: u32) -> String {
    format!("{:08x}", number.wrapping_mul(0x9E37_79B1))
}

/// Rows of which many share a second, when `seconds` is small.
fn rows(count: usize, seconds: u64, hidden: u32, random: &mut AheadRandom) -> Vec<ModelRow> {
    let row = |number: usize| ModelRow {
        value: stamp(START - 1 - u64::from(random.below(seconds as u32))),
        id: id(number as u32),
        kind: (number % 3) as u8,
        hidden: random.below(100) < hidden,
    };
    (0..count).map(row).collect()
}

fn table(rows: Vec<ModelRow>) -> TableModel {
    TableModel { rows, counts: true, ..TableModel::default() }
}

fn none() -> AheadRandom {
    AheadRandom(0)
}

fn at_rest(_: &mut TableModel, _: &mut AheadRandom) {}

#[test]
fn eight_pages_in_flight_take_an_eighth_of_the_turns() {
    for order in ["", "ORDERBYsys_updated_on", "ORDERBYDESCsys_updated_on"] {
        let mut table = table(rows(2000, 4000, 0, &mut AheadRandom(9)));
        let mut walk = Walk::new(reading(order, 20), true);
        let read = read(&mut walk, &mut table, 8, AheadMistake::None, &mut none(), at_rest);
        assert_eq!((read.rows.len(), read.last.complete, read.widest), (2000, true, 8), "{order}");
        assert!(read.asked <= 103, "{order}: {} requests for 100 pages", read.asked);
        assert!(read.turns <= 100 / 8 + 8, "{order}: {} turns", read.turns);
    }
}

#[test]
fn page_ahead_begins_a_few_rows_early_and_is_as_much_longer() {
    let mut walk = Walk::new(reading("a=1^NQb=2", 1000), false);
    let last = RowKeys { value: "", id: "0af3" };
    walk.received(&Page {
        rows: 1000,
        counted: Some(9000),
        first: Some(RowKeys { value: "", id: "0001" }),
        last: Some(last),
        ..Page::default()
    });
    let ahead = walk.path_ahead(1).unwrap();
    assert!(ahead.contains("sysparm_limit=1015&sysparm_offset=985&sysparm_no_count=true"), "{ahead}");
    assert!(ahead.contains("a%3D1%5Esys_id%3E0af3%5ENQb%3D2%5Esys_id%3E0af3%5EORDERBYsys_id"), "{ahead}");
    let seventh = walk.path_ahead(7).unwrap();
    assert!(seventh.contains("sysparm_limit=1015&sysparm_offset=6985&"), "{seventh}");
    assert_eq!(walk.path_ahead(8), None, "the last page is asked for when it is due: its count proves the end");
}

#[test]
fn largest_pages_overlap_too() {
    let mut walk = Walk::new(reading("", 10_000), false);
    let last = RowKeys { value: "", id: "0af3" };
    walk.received(&Page { rows: 10_000, counted: Some(90_000), last: Some(last), ..Page::default() });
    for (pages, offset) in [(1, 9688), (2, 19_532)] {
        let ahead = walk.path_ahead(pages).unwrap();
        assert!(ahead.contains(&format!("sysparm_limit=10000&sysparm_offset={offset}&")), "{ahead}");
    }
}

#[test]
fn slow_instance_gets_one_request_until_pages_are_whole_again() {
    let mut random = none();
    let mut slow = TableModel { heavy_from: Some(40), ..table(rows(600, 1, 0, &mut random)) };
    let mut walk = Walk::new(reading("", 64), false);
    let read = read(&mut walk, &mut slow, 8, AheadMistake::None, &mut random, at_rest);
    assert_eq!((read.rows.len(), read.last.complete, read.widest), (600, true, 1));
}

#[test]
fn mostly_hidden_table_is_not_read_ahead() {
    let mut random = AheadRandom(9);
    let mut table = table(rows(1500, 1, 96, &mut random));
    let visible = table.rows.iter().filter(|row| !row.hidden).count();
    let alone = read(&mut Walk::new(reading("", 5), false), &mut table, 1, AheadMistake::None, &mut none(), at_rest);
    let ahead = read(&mut Walk::new(reading("", 5), false), &mut table, 8, AheadMistake::None, &mut none(), at_rest);
    assert_eq!((alone.rows.len(), ahead.rows.len(), ahead.last.complete), (visible, visible, true));
    assert!(ahead.asked <= alone.asked * 3 / 2 + 16, "{} requests instead of {}", ahead.asked, alone.asked);
}

#[test]
fn order_by_changes_is_read_page_by_page_without_a_fence() {
    let mut walk = Walk::new(reading("ORDERBYsys_updated_on", 10), false);
    let at = stamp(START - 50);
    let key = RowKeys { value: &at, id: "0af3" };
    walk.received(&Page {
        rows: 10,
        counted: Some(900),
        first: Some(RowKeys { value: &at, id: "0001" }),
        last: Some(key),
        ..Page::default()
    });
    assert_eq!(walk.path_ahead(1), None);
    assert!(
        walk.fence_path()
            .unwrap()
            .contains("sys_updated_onISNOTEMPTY%5EORDERBYDESCsys_updated_on&sysparm_fields=sys_updated_on")
    );
    walk.fenced(&stamp(START - 48));
    assert_eq!(walk.path_ahead(1), None, "two seconds before the newest row nothing is settled");
    walk.fenced(&stamp(START - 40));
    assert!(walk.path_ahead(1).is_some());
    assert_eq!(Walk::new(reading("", 10), false).fence_path(), None, "by sys_id no row moves");
    let range = Range { from: String::new(), to: "sys_updated_on<=2026-03-01 12:00:00".to_owned() };
    let bounded = Walk::within(reading("", 10), Key::updated(), range, None, false).unwrap();
    assert_eq!(bounded.fence_path(), None, "rows move out of the range");
}

const ORDERS: [&str; 3] = ["", "ORDERBYsys_updated_on", "kind=1^NQkind=2^ORkind=0^ORDERBYsys_updated_on"];

/// Checks the invariants of one run. An error names the one that was violated.
fn check_invariants(
    order: &str,
    sizes: (u64, u64, usize, u64, u32),
    seed: u64,
    mistake: AheadMistake,
) -> Result<(), String> {
    let (count, page_size, most, seconds, hidden) = sizes;
    let mut random = AheadRandom(seed | 1);
    let rows = rows(count as usize, seconds, hidden, &mut random);
    let mut stay: BTreeMap<String, ModelRow> =
        rows.iter().filter(|row| !row.hidden).map(|row| (row.id.clone(), row.clone())).collect();
    let mut table = table(rows);
    let mut walk = Walk::new(reading(order, page_size), true);
    let (mut clock, mut made, mut changes) = (START, count as u32, 0);
    let came = read(&mut walk, &mut table, most, mistake, &mut random, |table, random| {
        if random.below(3) == 0 {
            clock += 1;
        }
        // Writes that are faster than pages keep any reader busy for ever.
        for _ in 0..if changes < 300 { random.below(4) } else { 0 } {
            changes += 1;
            let at = random.below(table.rows.len() as u32) as usize;
            // Over hidden rows a count shows what vanished only if nothing arrives in the same moment.
            let change = if hidden > 0 && seed.is_multiple_of(2) { random.below(5) + 1 } else { random.below(6) };
            let arrives = hidden == 0 || seed.is_multiple_of(2);
            match change {
                0 if !table.rows.is_empty() => {
                    stay.remove(&table.rows.swap_remove(at).id);
                }
                1 if arrives && table.rows.len() < 400 => {
                    made += 1;
                    table.rows.push(ModelRow { value: stamp(clock), id: id(made), kind: 0, hidden: false });
                }
                // It moves to the end, and has to come in one version at least.
                2..=5 if !table.rows.is_empty() => {
                    table.rows[at].value = stamp(clock);
                }
                _ => {}
            }
        }
    });
    if came.endless {
        return Err("it never ends".to_owned());
    }
    let versions: BTreeSet<&ModelRow> = came.rows.iter().collect();
    if versions.len() < came.rows.len() {
        return Err(format!("{} rows came twice at one version", came.rows.len() - versions.len()));
    }
    let ids: BTreeSet<&str> = came.rows.iter().map(|row| row.id.as_str()).collect();
    if order.is_empty() && ids.len() < came.rows.len() {
        return Err("a row came twice in an order in which none moves".to_owned());
    }
    match stay.keys().find(|id| !ids.contains(id.as_str())) {
        // A walk by a field that changes, over hidden rows, may lose a row, and says that it may have.
        Some(_) if hidden > 0 && !order.is_empty() && !came.last.complete => Ok(()),
        Some(lost) => Err(format!("{lost} was there throughout and never came")),
        None if came.widest > most => Err("more pages under way than allowed".to_owned()),
        None => Ok(()),
    }
}

fn sizes() -> impl Strategy<Value = (u64, u64, usize, u64, u32)> {
    let seconds = prop::sample::select(vec![1_u64, 3, 40, 4000]);
    (0_u64..140, 1_u64..14, 1_usize..9, seconds, prop::sample::select(vec![0_u32, 0, 4, 30, 80]))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Rows vanish, arrive and move to the present while pages are asked for and answered in any order: what was there throughout
    /// comes, and nothing twice at one version.
    #[test]
    fn rows_that_stay_come_and_no_version_comes_twice(
        order in prop::sample::select(ORDERS.to_vec()), sizes in sizes(), seed in any::<u64>(),
    ) {
        prop_assert_eq!(check_invariants(order, sizes, seed, AheadMistake::None), Ok(()));
    }
}

/// The invariants hold because reading ahead is right, not because they are weak.
#[test]
fn every_mistake_of_reading_ahead_is_caught() {
    let mut random = AheadRandom(7);
    for mistake in [
        AheadMistake::TakeWithoutJoint,
        AheadMistake::KeepTheJoint,
        AheadMistake::ReadAheadWithoutFence,
        AheadMistake::EndWhereNothingJoins,
    ] {
        // Only where rows move does the fence matter.
        let order = (mistake == AheadMistake::ReadAheadWithoutFence).then_some(1);
        let caught = (0..4000).find_map(|run: usize| {
            let (rows, page) = (20 + u64::from(random.below(80)), 2 + u64::from(random.below(6)));
            let sizes = (rows, page, 8, [1, 3, 40][run / 3 % 3], 0);
            Some((run, check_invariants(ORDERS[order.unwrap_or(run % 3)], sizes, run as u64 + 100, mistake).err()?))
        });
        let (run, violation) = caught.unwrap_or_else(|| panic!("{mistake:?} is not caught"));
        println!("{mistake:?}: caught by run {run}: {violation}");
    }
}
