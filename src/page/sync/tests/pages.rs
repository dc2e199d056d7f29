//! One run, page by page, and what each page leaves in its checkpoint.

use super::super::*;
use crate::page::checkpoint::InvalidCheckpoint;
use crate::page::reading::Reading;

/// 2026-03-01 12:00:00 UTC.
const NOON: Millis = Millis(1_772_366_400_000);

fn options() -> Options {
    Options::of(Reading { page_size: 3, ..Reading::of("incident".to_owned()) })
}

fn version(id: &str, second: u64, changes: &str) -> Delivered {
    let at = stamp(NOON.0 / 1000 - 100 + second);
    Delivered { id: id.to_owned(), at, changes: changes.to_owned() }
}

fn page(sync: &mut Sync, counted: u64, versions: &[Delivered]) -> Batch {
    let first = versions.first().map(|row| RowKeys { value: &row.at, id: &row.id });
    sync.received(versions.len() as u64, Some(counted), first, versions).unwrap()
}

fn asked(sync: &Sync) -> String {
    let path = sync.path().unwrap();
    path.replace("%5E", "^")
        .replace("%3D", "=")
        .replace("%3E", ">")
        .replace("%3C", "<")
        .replace("%3A", ":")
        .replace("%20", " ")
}

/// A first run that ends with row b in second 10.
fn synced() -> Checkpoint {
    let mut sync = Sync::begin(options(), None, NOON).unwrap();
    page(&mut sync, 2, &[version("a", 5, "0"), version("b", 10, "0")]);
    let end = page(&mut sync, 0, &[]);
    assert!(!end.more && sync.progress().complete);
    end.checkpoint
}

#[test]
fn first_run_ends_a_second_before_the_time_of_the_instance() {
    let sync = Sync::begin(options(), None, NOON).unwrap();
    let first = asked(&sync);
    assert!(first.contains("sys_updated_on<=2026-03-01 11:59:59^ORDERBYsys_updated_on^ORDERBYsys_id"), "{first}");
    assert!(!first.contains(">="), "{first}");
}

#[test]
fn first_run_opens_with_a_checkpoint_for_deletions() {
    let opening = Sync::begin(options(), None, NOON).unwrap().opening().unwrap();
    assert_eq!((opening.keep, opening.checkpoint.deletions.as_str()), (0, "2026-03-01 11:59:59"));
    let resumed = Sync::begin(options(), Some(opening.checkpoint), NOON + Millis(60_000)).unwrap();
    assert!(asked(&resumed).contains("sys_audit_delete") && resumed.opening().is_none());
}

#[test]
fn rows_that_were_never_stamped_are_read_once() {
    let mut sync = Sync::begin(options(), None, NOON).unwrap();
    page(&mut sync, 1, &[version("a", 5, "0")]);
    assert!(asked(&sync).contains("sys_updated_onISEMPTY^ORDERBYsys_id"));
    let unstamped = Delivered { id: "z".to_owned(), at: String::new(), changes: "0".to_owned() };
    let end = page(&mut sync, 1, &[unstamped]);
    assert!(end.checkpoint.unstamped_read && !end.more);
    assert_eq!(sync.progress().hidden, Some(0));
    assert_eq!(end.checkpoint.rows.as_ref().unwrap().id, "a", "a row without a moment is no place to go on from");
}

#[test]
fn next_run_begins_with_deletions_and_two_seconds_earlier() {
    let mut sync = Sync::begin(options(), Some(synced()), NOON + Millis(60_000)).unwrap();
    let deletions = asked(&sync);
    assert!(deletions.contains("/table/sys_audit_delete?"), "{deletions}");
    assert!(
        deletions
            .contains("tablenameINincident^sys_created_on>=2026-03-01 11:59:57^sys_created_on<=2026-03-01 12:00:59"),
        "{deletions}"
    );
    let gone = Delivered { id: "d1".to_owned(), at: stamp(NOON.0 / 1000), changes: "b".to_owned() };
    let batch = page(&mut sync, 1, std::slice::from_ref(&gone));
    assert!(batch.deletions && batch.more && batch.skip.is_empty());
    assert!(!batch.checkpoint.row_keys.iter().any(|key| key.id == "b"), "if b was made again it has to come again");
    let rows = asked(&sync);
    let from = stamp(NOON.0 / 1000 - 100 + 8);
    assert!(rows.contains(&format!("sys_updated_on>={from}^sys_updated_on<=2026-03-01 12:00:59^ORDERBY")), "{rows}");
}

#[test]
fn version_comes_once_with_newer_ones_of_the_same_second() {
    let mut sync = Sync::begin(Options { classes: vec![], ..options() }, Some(synced()), NOON).unwrap();
    let batch = page(&mut sync, 3, &[version("late", 9, "0"), version("b", 10, "0"), version("c", 10, "0")]);
    assert_eq!(batch.skip, [1]);
    let mut again = Sync::begin(Options { classes: vec![], ..options() }, Some(batch.checkpoint), NOON).unwrap();
    let batch = page(&mut again, 3, &[version("late", 9, "0"), version("b", 10, "1"), version("c", 10, "0")]);
    assert_eq!(batch.skip, [0, 2], "b was changed twice within its second");
    assert_eq!((again.progress().repeated, again.progress().passed), (2, 3));
}

#[test]
fn refused_record_of_deletions_is_reported_and_read_later() {
    let before = synced();
    let mut sync = Sync::begin(options(), Some(before.clone()), NOON).unwrap();
    assert!(sync.failed(PageError::Forbidden));
    assert!(asked(&sync).contains("/table/incident?"));
    let end = page(&mut sync, 0, &[]);
    assert_eq!((sync.progress().deletions, end.checkpoint.deletions), (Deletions::Unread, before.deletions));
    let caveat = sync.progress().caveat.unwrap_or_default();
    assert!(caveat.starts_with("Deletions are not read: this user may not read sys_audit_delete"), "{caveat}");
    assert!(caveat.contains("role admin") && caveat.contains("reconcile()"), "{caveat}");
}

#[test]
fn deletions_that_nobody_asked_for_are_no_caveat() {
    let mut sync = Sync::begin(Options { classes: vec![], ..options() }, Some(synced()), NOON).unwrap();
    page(&mut sync, 0, &[]);
    assert_eq!((sync.progress().deletions, sync.progress().caveat), (Deletions::Unread, None));
}

#[test]
fn trimmed_record_of_deletions_is_reported() {
    let later = NOON + Millis::from_seconds(200_000);
    let mut sync = Sync::begin(options(), Some(synced()), later).unwrap();
    assert!(asked(&sync).contains("ORDERBYsys_created_on"));
    let oldest = Delivered { id: "d9".to_owned(), at: stamp(NOON.0 / 1000 + 90_000), changes: String::new() };
    sync.received(1, None, None, &[oldest]).unwrap();
    assert!(asked(&sync).contains("tablenameIN"));
    assert_eq!(sync.progress().deletions, Deletions::Trimmed);
}

#[test]
fn oldest_deletion_that_could_not_be_read_stays_due() {
    let later = NOON + Millis::from_seconds(200_000);
    for error in [PageError::Cut, PageError::TooHeavy] {
        let mut sync = Sync::begin(options(), Some(synced()), later).unwrap();
        let due = sync.path();
        assert!(!sync.failed(error), "one row cannot be requested in a smaller page");
        assert_eq!(sync.path(), due, "{error:?}");
        page(&mut sync, 0, &[]);
        assert!(asked(&sync).contains("tablenameIN"));
        assert_eq!(sync.progress().deletions, Deletions::Read);
    }
}

#[test]
fn rows_without_their_keys_stop_the_sync_and_never_reset_it() {
    let mut sync = Sync::begin(options(), None, NOON).unwrap();
    assert_eq!(sync.received(3, Some(3), None, &[]), Err(CannotSync::KeysHidden));
    let unstamped = Delivered { at: String::new(), ..version("a", 0, "0") };
    assert_eq!(sync.received(1, Some(1), None, &[unstamped]), Err(CannotSync::KeysHidden));
}

#[test]
fn what_cannot_be_synced_is_refused_at_the_door() {
    let labels = Options::of(Reading { display_value: DisplayValue::Label, ..Reading::of("incident".to_owned()) });
    assert_eq!(Sync::begin(labels, None, NOON).unwrap_err(), CannotSync::Labels);
    let uncertain = Options::of(Reading { query: "a=1^NQ".to_owned(), ..Reading::of("incident".to_owned()) });
    assert_eq!(Sync::begin(uncertain, None, NOON).unwrap_err(), CannotSync::Query);
    let other = Options::of(Reading::of("problem".to_owned()));
    let refused = Sync::begin(other, Some(synced()), NOON).unwrap_err();
    assert_eq!(refused, CannotSync::Checkpoint(InvalidCheckpoint::OtherQuery));
}

#[test]
fn estimate_goes_by_the_pace_so_far() {
    let mut sync = Sync::begin(options(), None, NOON).unwrap();
    assert_eq!(sync.progress().remaining(Millis(1000)), None);
    page(&mut sync, 30, &[version("a", 1, "0"), version("b", 2, "0"), version("c", 3, "0")]);
    assert_eq!(sync.progress().remaining(Millis(1000)), Some(Millis(9000)));
}

#[test]
fn run_without_counts_says_why_it_is_not_complete() {
    let mut sync = Sync::begin(options(), None, NOON).unwrap();
    let row = version("a", 1, "0");
    let first = Some(RowKeys { value: &row.at, id: &row.id });
    sync.received(1, None, first, core::slice::from_ref(&row)).unwrap();
    assert_eq!(sync.progress().caveat, None);
    while sync.path().is_some() {
        sync.received(0, None, None, &[]).unwrap();
    }
    let progress = sync.progress();
    assert!(!progress.complete && progress.caveat.unwrap().contains("no row count"), "{progress:?}");
}

#[test]
fn end_of_a_page_is_enough_behind_the_overlap() {
    let mut sync = Sync::begin(options(), None, NOON).unwrap();
    assert_eq!(sync.versions_from("2026-03-01 10:00:10"), "2026-03-01 10:00:08");
    let batch = page(&mut sync, 30, &[version("b", 9, "0"), version("c", 9, "0")]);
    let resumed = Sync::begin(Options { classes: vec![], ..options() }, Some(batch.checkpoint), NOON).unwrap();
    assert_eq!(resumed.versions_from("2026-03-01 10:00:10"), "", "within the overlap every key counts");
}

#[test]
fn total_holds_rows_without_a_stamp_and_ends_at_zero_left() {
    let mut sync = Sync::begin(options(), None, NOON).unwrap();
    page(&mut sync, 3, &[version("a", 1, "0"), version("b", 2, "0")]);
    assert_eq!((sync.progress().total, sync.progress().passed), (Some(3), 2));
    let unstamped = |id: &str| Delivered { id: id.to_owned(), at: String::new(), changes: "0".to_owned() };
    // The third is hidden: the window behind the second counts it, and a condition that nothing satisfies counts none.
    for counted in [1, 0, 1] {
        page(&mut sync, counted, &[]);
    }
    page(&mut sync, 2, &[unstamped("y"), unstamped("z")]);
    let progress = sync.progress();
    assert_eq!((progress.total, progress.passed, progress.hidden, progress.complete), (Some(5), 4, Some(1), true));
    assert_eq!(progress.remaining(Millis(1000)), Some(Millis(0)), "the hidden row is counted and will never come");
}
