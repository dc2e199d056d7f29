//! Copies compared with sources that hide rows and lose some meanwhile, by comparisons that stop and go on.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::super::table_model::{ModelReply, ModelRequest, ModelRow, TableModel};
use super::*;

/// Most identifiers are plain, and some are not.
fn id(number: u8) -> String {
    match number % 16 {
        5 => format!("Custom{number:03}"),
        9 => format!("global{number:03}"),
        _ => format!("{number:0>32x}"),
    }
}

fn version(number: u8, changes: u8) -> Delivered {
    Delivered { id: id(number), at: format!("2026-03-01 12:00:{changes:02}"), changes: changes.to_string() }
}

fn reading(page_size: u64) -> Reading {
    Reading { page_size, ..Reading::of("incident".to_owned()) }
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Findings {
    missing: Vec<String>,
    stale: Vec<String>,
    surplus: Vec<String>,
}

/// What a whole comparison found, and the machine as it ended. `meanwhile` says after each page whether the comparison breaks off, to
/// be resumed from what was stored.
fn compare(
    table: &mut TableModel,
    copy: &[Delivered],
    page_size: u64,
    chunk: usize,
    synced_to: &str,
    mut meanwhile: impl FnMut(&mut TableModel) -> bool,
) -> Result<(Findings, Reconcile), CannotReconcile> {
    let (mut findings, mut stored) = (Findings::default(), None);
    for _ in 0..1000 {
        let mut run = Reconcile::begin(reading(page_size), stored.clone(), synced_to, vec![version(6, 9)])?;
        let mut rest = copy.iter().cloned();
        let mut broken = false;
        while !run.is_over() && !broken {
            if run.wants_page() {
                let ModelReply::Page(rows, counted) = table.answer(&ModelRequest::of(&run.path().unwrap())) else {
                    panic!("it is allowed")
                };
                // The value of a row is the seconds of its stamp.
                let seen = rows.iter().map(|row| Delivered {
                    id: row.id.clone(),
                    at: format!("2026-03-01 12:00:{}", row.value),
                    changes: row.value.trim_start_matches('0').to_owned(),
                });
                let seen = seen.map(|row| match row.changes.is_empty() {
                    true => Delivered { changes: "0".to_owned(), ..row },
                    false => row,
                });
                run.received(counted, seen.collect())?;
                broken = meanwhile(table);
            }
            if run.wants_copy() {
                let more: Vec<Delivered> = rest.by_ref().take(chunk).collect();
                let over = more.len() < chunk;
                run.copied(more, over)?;
            }
            if broken {
                // What was found since is lost, and so is where it stood.
                break;
            }
            let found = run.found();
            findings.missing.extend(found.missing);
            findings.stale.extend(found.stale);
            findings.surplus.extend(found.surplus);
            stored = Some(run.compared().clone());
        }
        if run.is_over() && !broken {
            let found = run.found();
            findings.missing.extend(found.missing);
            findings.stale.extend(found.stale);
            findings.surplus.extend(found.surplus);
            for list in [&mut findings.missing, &mut findings.stale, &mut findings.surplus] {
                list.sort_unstable();
            }
            return Ok((findings, run));
        }
    }
    panic!("it never ends")
}

fn source(rows: &BTreeMap<u8, u8>, hidden: &BTreeSet<u8>) -> TableModel {
    let row = |(number, changes): (&u8, &u8)| ModelRow {
        value: format!("{changes:02}"),
        id: id(*number),
        kind: 0,
        hidden: hidden.contains(number),
    };
    TableModel { rows: rows.iter().map(row).collect(), counts: true, ..TableModel::default() }
}

fn copy(rows: &BTreeMap<u8, u8>) -> Vec<Delivered> {
    let mut versions: Vec<Delivered> = rows.iter().map(|(number, changes)| version(*number, *changes)).collect();
    versions.sort_unstable_by(|one, other| one.id.cmp(&other.id));
    versions
}

fn never(_: &mut TableModel) -> bool {
    false
}

#[test]
fn identifiers_and_versions_are_read_by_sys_id() {
    let reading = Reading { fields: "number,description".to_owned(), ..reading(1000) };
    let path = Reconcile::begin(reading, None, "", vec![]).unwrap().path().unwrap();
    assert!(path.contains("sysparm_fields=sys_id%2Csys_updated_on%2Csys_mod_count&"), "{path}");
    assert!(path.contains("ORDERBYsys_id"), "{path}");
}

#[test]
fn rows_of_the_next_sync_are_pending_and_no_difference() {
    let rows = BTreeMap::from([(1, 3), (2, 9), (3, 9), (4, 7), (6, 9)]);
    let held = copy(&BTreeMap::from([(1, 2), (2, 8), (4, 7)]));
    let mut table = source(&rows, &BTreeSet::new());
    let (findings, run) = compare(&mut table, &held, 10, 10, "2026-03-01 12:00:10", never).unwrap();
    // What the sync has brought, it will not bring again: the copy has lost it.
    assert_eq!(
        (findings.stale, findings.missing),
        (vec![id(1)], vec![id(6)]),
        "written two seconds before the sync's end, or later"
    );
    assert_eq!((run.compared().pending, run.compared().rows, run.hidden()), (2, 5, Some(0)));
}

#[test]
fn copy_that_knows_no_versions_is_compared_by_identifiers() {
    let held: Vec<Delivered> =
        [1, 3].map(|number| Delivered { at: String::new(), changes: String::new(), ..version(number, 0) }).into();
    let mut table = source(&BTreeMap::from([(1, 3), (2, 9)]), &BTreeSet::new());
    let (findings, _) = compare(&mut table, &held, 10, 10, "", never).unwrap();
    assert_eq!(findings, Findings { missing: vec![id(2)], stale: vec![], surplus: vec![id(3)] });
}

#[test]
fn unproved_walk_calls_no_row_behind_its_last_surplus() {
    let held = copy(&BTreeMap::from([(0, 0), (2, 9), (8, 0)]));
    let mut table = TableModel { counts: false, ..source(&BTreeMap::from([(1, 3), (2, 9)]), &BTreeSet::new()) };
    let (findings, run) = compare(&mut table, &held, 10, 10, "", never).unwrap();
    assert_eq!((findings.surplus, run.compared().unknown, run.is_complete()), (vec![id(0)], 1, false));
    assert_eq!(run.hidden(), None);
    assert!(run.walk().caveat().unwrap().contains("no row count"));
}

#[test]
fn copy_out_of_order_is_refused() {
    let mut held = copy(&BTreeMap::from([(1, 0), (2, 0)]));
    held.reverse();
    let refused = compare(&mut source(&BTreeMap::new(), &BTreeSet::new()), &held, 10, 10, "", never).unwrap_err();
    assert_eq!(refused, CannotReconcile::Copy(id(1)));
}

#[test]
fn source_that_is_not_sorted_by_sys_id_is_refused() {
    let rows: BTreeMap<u8, u8> = (0..40).map(|number| (number * 16, 0)).take(16).collect();
    let mut table = TableModel { drops_order: true, ..source(&rows, &BTreeSet::new()) };
    table.rows.reverse();
    let refused = compare(&mut table, &[], 10, 10, "", never).unwrap_err();
    assert_eq!(refused, CannotReconcile::Order);
}

#[test]
fn comparison_of_something_else_is_not_resumed() {
    let begun = Reconcile::begin(reading(10), None, "", vec![]).unwrap().compared().clone();
    let other = Reading { query: "active=true".to_owned(), ..reading(10) };
    let refused =
        |reading: Reading, compared| Reconcile::begin(reading, Some(compared), "", vec![]).unwrap_err().code();
    assert_eq!(refused(other, begun.clone()), "reconcile.other-query");
    assert_eq!(refused(reading(10), Compared { form: 2, ..begun.clone() }), "reconcile.checkpoint");
    assert_eq!(refused(reading(10), Compared { after: "a^NQb".to_owned(), ..begun }), "reconcile.checkpoint");
    let uncertain = Reading { query: "a=1^NQ".to_owned(), ..reading(10) };
    assert_eq!(Reconcile::begin(uncertain, None, "", vec![]).unwrap_err().code(), "reconcile.query");
}

#[test]
fn million_surplus_rows_come_in_portions() {
    let numbered = |number: u32| Delivered { id: format!("{number:0>32x}"), at: String::new(), changes: String::new() };
    let mut run = Reconcile::begin(reading(10), None, "", vec![]).unwrap();
    run.received(Some(0), vec![]).unwrap();
    run.copied((0..2500_u32).map(numbered).collect(), true).unwrap();
    let portions: Vec<(usize, String)> = (0..4)
        .map(|_| {
            assert!(!run.wants_page() && !run.wants_copy());
            (run.found().surplus.len(), run.compared().after.clone())
        })
        .collect();
    // What is stored with a portion stands right behind it, or a crash would lose the next.
    let expected = [(1000, 999), (1000, 1999), (500, 2499), (0, 2499)];
    assert_eq!(portions, expected.map(|(count, last): (usize, u32)| (count, format!("{last:0>32x}"))));
    assert!(run.is_over());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Every difference is reported once and nothing else, wherever the comparison breaks off and goes on.
    #[test]
    fn every_difference_is_reported_once_and_nothing_else(
        rows in prop::collection::btree_map(any::<u8>(), 0_u8..3, 0..60),
        held in prop::collection::btree_map(any::<u8>(), 0_u8..3, 0..60),
        hidden in prop::collection::btree_set(any::<u8>(), 0..60),
        page_size in 1_u64..12, chunk in 1_usize..12, breaks in 1_u32..9,
    ) {
        let mut pages = 0;
        let (findings, run) = compare(&mut source(&rows, &hidden), &copy(&held), page_size, chunk, "", |_| {
            pages += 1;
            pages % breaks == 1 && pages < 60
        }).unwrap();
        let shown: BTreeMap<u8, u8> =
            rows.iter().filter(|(number, _)| !hidden.contains(*number)).map(|(number, changes)| (*number, *changes)).collect();
        let names = |numbers: Vec<u8>| numbers.into_iter().map(id).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>();
        let missing = names(shown.keys().filter(|number| !held.contains_key(*number)).copied().collect());
        let surplus = names(held.keys().filter(|number| !shown.contains_key(*number)).copied().collect());
        let stale = names(shown.iter().filter(|(number, changes)| held.get(*number).is_some_and(|held| held != *changes)).map(|(number, _)| *number).collect());
        prop_assert_eq!(findings, Findings { missing: missing.clone(), stale, surplus: surplus.clone() });
        let compared = run.compared();
        prop_assert_eq!((compared.rows, compared.missing, compared.surplus), (shown.len() as u64, missing.len() as u64, surplus.len() as u64));
        prop_assert!(run.is_complete());
        prop_assert_eq!(run.hidden(), Some((rows.len() - shown.len()) as u64));
    }

    /// Rows are deleted while the source is read: what stays is compared as if nothing had happened.
    #[test]
    fn deletions_meanwhile_change_nothing_for_what_stays(
        rows in prop::collection::btree_map(any::<u8>(), 0_u8..3, 0..60),
        held in prop::collection::btree_map(any::<u8>(), 0_u8..3, 0..60),
        page_size in 1_u64..8, chunk in 1_usize..12, deletions in prop::collection::vec(any::<u8>(), 30),
    ) {
        let (mut deletions, mut deleted) = (deletions.into_iter(), BTreeSet::new());
        let (findings, _) = compare(&mut source(&rows, &BTreeSet::new()), &copy(&held), page_size, chunk, "", |table| {
            if let Some(place) = deletions.next().filter(|_| !table.rows.is_empty()) {
                deleted.insert(table.rows.swap_remove(usize::from(place) % table.rows.len()).id);
            }
            false
        }).unwrap();
        for (number, changes) in rows.iter().filter(|(number, _)| !deleted.contains(&id(**number))) {
            let name = id(*number);
            prop_assert_eq!(findings.missing.contains(&name), !held.contains_key(number));
            prop_assert_eq!(findings.stale.contains(&name), held.get(number).is_some_and(|held| held != changes));
            prop_assert!(!findings.surplus.contains(&name), "{} is there", name);
        }
        for number in held.keys().filter(|number| !rows.contains_key(*number)) {
            prop_assert!(findings.surplus.contains(&id(*number)));
        }
    }
}
