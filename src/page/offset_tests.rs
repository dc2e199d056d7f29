//! Walks over tables that hide rows, grow, shrink and keep their count to themselves.

use proptest::prelude::*;

use super::*;

fn walk(page_size: u64) -> OffsetWalk {
    OffsetWalk::new(Reading { page_size, ..Reading::of("incident".to_owned()) })
}

fn path(walk: &OffsetWalk) -> String {
    walk.path().expect("the walk goes on")
}

#[test]
fn the_order_ends_in_sys_id_and_the_link_header_is_suppressed() {
    let first = path(&walk(1000));
    assert!(first.contains("sysparm_query=ORDERBYsys_id&"), "{first}");
    assert!(first.contains("sysparm_suppress_pagination_header=true"), "{first}");
}

#[test]
fn the_count_is_asked_for_at_the_first_page_after_a_short_one_and_at_the_last() {
    let mut walk = walk(10);
    let asks = |walk: &OffsetWalk| !path(walk).contains("sysparm_no_count");
    assert!(asks(&walk));
    walk.received(10, Some(50));
    assert!(!asks(&walk));
    walk.received(9, None);
    assert!(asks(&walk), "the page came short");
    walk.received(10, Some(50));
    assert!(!asks(&walk));
    walk.received(10, None);
    assert!(asks(&walk), "this should be the last page");
    let end = walk.received(10, Some(50));
    assert_eq!(end, Progress { seen: 49, total: Some(50), keep: 10, hidden: Some(1), complete: true, next: None });
    assert_eq!(walk.path(), None);
}

#[test]
fn an_empty_page_is_not_the_end() {
    let mut walk = walk(10);
    assert_eq!(
        walk.received(0, Some(30)),
        Progress { seen: 0, total: Some(30), keep: 0, hidden: Some(10), complete: false, next: Some(10) }
    );
    walk.received(0, Some(30));
    assert_eq!(
        walk.received(3, Some(30)),
        Progress { seen: 3, total: Some(30), keep: 3, hidden: Some(27), complete: true, next: None }
    );
}

#[test]
fn an_empty_table_is_complete_at_once() {
    assert_eq!(
        walk(10).received(0, Some(0)),
        Progress { seen: 0, total: Some(0), keep: 0, hidden: Some(0), complete: true, next: None }
    );
}

#[test]
fn a_table_that_grows_is_followed_and_not_called_complete() {
    let mut walk = walk(10);
    walk.received(10, Some(20));
    let grown = walk.received(10, Some(25));
    assert_eq!((grown.complete, grown.next), (false, Some(20)));
    let end = walk.received(5, Some(25));
    assert_eq!((end.seen, end.complete, end.next), (25, false, None), "rows may have slipped in front of the offset");
}

#[test]
fn a_table_that_shrinks_is_not_called_complete() {
    let mut walk = walk(10);
    walk.received(10, Some(20));
    let end = walk.received(9, Some(19));
    assert_eq!((end.complete, end.next), (false, None), "a row may have slipped behind the offset");
}

#[test]
fn without_a_count_the_walk_ends_at_an_empty_page_and_says_that_it_cannot_know() {
    let mut walk = walk(10);
    assert_eq!(walk.received(4, None).next, Some(10), "a short page may be one that access rules thinned out");
    assert!(path(&walk).contains("sysparm_no_count=true"), "a count that is never seen is not asked for");
    let end = walk.received(0, None);
    assert_eq!(end, Progress { seen: 4, total: None, keep: 0, hidden: None, complete: false, next: None });
}

#[test]
fn no_more_rows_are_handed_over_than_are_wanted() {
    let mut walk = OffsetWalk::new(Reading { page_size: 10, limit: 15, ..Reading::of("incident".to_owned()) });
    walk.received(10, Some(100));
    let end = walk.received(10, None);
    assert_eq!((end.keep, end.seen, end.hidden), (5, 15, Some(0)));
    assert_eq!((walk.path(), end.next.is_some(), end.complete), (None, true, false));
}

#[test]
fn one_readable_row_behind_thousands_of_hidden_ones_is_found_in_few_requests() {
    let mut walk = OffsetWalk::new(Reading { page_size: 1000, limit: 1, ..Reading::of("incident".to_owned()) });
    assert!(path(&walk).contains("sysparm_limit=1&"));
    let mut requests = 0;
    let mut offset = 0_u64;
    loop {
        let path = path(&walk);
        let asked: u64 = path.split("sysparm_limit=").nth(1).unwrap().split('&').next().unwrap().parse().unwrap();
        requests += 1;
        let rows = (offset + asked).saturating_sub(5000).min(asked);
        offset += asked;
        let progress = walk.received(rows, (!path.contains("no_count")).then_some(10_000));
        if progress.seen == 1 {
            break;
        }
    }
    assert!(requests <= 15, "{requests} requests");
    assert_eq!(walk.path(), None);
}

proptest! {
    /// A table at rest, any rows of it hidden, any page size: every readable row once, every hidden row counted.
    #[test]
    fn a_table_at_rest_is_read_to_its_last_row(readable in prop::collection::vec(any::<bool>(), 0..200), page_size in 1_u64..50) {
        let mut walk = walk(page_size);
        let total = readable.len() as u64;
        let (mut offset, mut seen, mut pages) = (0_usize, 0_u64, 0);
        let mut last = None;
        while let Some(path) = walk.path() {
            let asked = format!("sysparm_offset={offset}");
            prop_assert!(path.contains(&asked), "{path} should have {asked}");
            let page = readable.iter().skip(offset).take(page_size as usize).filter(|row| **row).count() as u64;
            offset += page_size as usize;
            seen += page;
            pages += 1;
            prop_assert!(pages <= total / page_size + 2);
            last = Some(walk.received(page, (!path.contains("no_count")).then_some(total)));
        }
        let hidden = readable.iter().filter(|row| !**row).count() as u64;
        prop_assert_eq!(last.map(|end| (end.seen, end.total, end.hidden, end.complete, end.next)), Some((seen, Some(total), Some(hidden), true, None)));
        prop_assert_eq!(seen + hidden, total);
    }
}
