//! Walks over servers that do not keep to what the platform promises: each ends, and says so where rows may be missing.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::super::reading::Reading;
use super::super::table_model::{ModelReply, ModelRequest, ModelRow, TableModel};
use super::super::types::{PageError, Progress, RowKeys};
use super::super::walk::Walk;
use super::*;

/// What a server says in `X-Total-Count`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Count {
    Honest,
    Never,
    /// With the first replies only.
    First(u64),
    Always(u64),
    More(u64),
    Twice,
    /// One more, or one fewer, with every request.
    Grows,
    Shrinks,
    /// The rows of the reply, whatever was asked for.
    OfThePage,
}

#[derive(Debug, Clone)]
struct Server {
    table: TableModel,
    count: Count,
    cap: u64,
    ignores_bounds: bool,
    ignores_offset: bool,
    /// A cache answers with the first reply for ever.
    cached: bool,
    shows_ids: bool,
    asked: u64,
    first: Option<(Vec<ModelRow>, Option<u64>)>,
}

fn server(rows: Vec<ModelRow>) -> Server {
    Server {
        table: TableModel { rows, counts: true, ..TableModel::default() },
        count: Count::Honest,
        cap: u64::MAX,
        ignores_bounds: false,
        ignores_offset: false,
        cached: false,
        shows_ids: true,
        asked: 0,
        first: None,
    }
}

impl Server {
    fn answer(&mut self, asked: &ModelRequest) -> ModelReply {
        self.asked += 1;
        if let Some((rows, counted)) = self.first.clone().filter(|_| self.cached) {
            return ModelReply::Page(rows, counted);
        }
        let order = asked.query.find("ORDERBY").map_or("", |at| &asked.query[at..]);
        let query = if self.ignores_bounds { order.to_owned() } else { asked.query.clone() };
        let offset = if self.ignores_offset { 0 } else { asked.offset };
        let asked = ModelRequest { query, limit: asked.limit.min(self.cap), offset, count: true };
        let ModelReply::Page(rows, counted) = self.table.answer(&asked) else { return ModelReply::Forbidden };
        let honest = counted.unwrap_or_default();
        let counted = match self.count {
            Count::Honest => Some(honest),
            Count::Never => None,
            Count::First(replies) => (self.asked <= replies).then_some(honest),
            Count::Always(count) => Some(count),
            Count::More(more) => Some(honest + more),
            Count::Twice => Some(honest * 2),
            Count::Grows => Some(honest + self.asked),
            Count::Shrinks => Some((honest + 40).saturating_sub(self.asked)),
            Count::OfThePage => Some(rows.len() as u64),
        };
        self.first.get_or_insert_with(|| (rows.clone(), counted));
        ModelReply::Page(rows, counted)
    }
}

/// What kind of identifiers the rows have.
#[derive(Debug, Clone, Copy)]
enum Ids {
    Plain,
    Words,
    /// As many rows share each.
    Shared(usize),
}

fn rows(count: usize, ids: Ids) -> Vec<ModelRow> {
    let id = |number: usize| match ids {
        Ids::Plain => format!("{:032x}", (number as u128 + 1) * 0x9E37_79B1_0000_0000_0000_7F4A),
        Ids::Words => format!("inc{number:04}"),
        Ids::Shared(many) => format!("{:032x}", number / many + 1),
    };
    (0..count)
        .map(|number| ModelRow { value: format!("{number:04}"), id: id(number), kind: 0, hidden: false })
        .collect()
}

struct ServerReading {
    rows: Vec<ModelRow>,
    last: Progress,
    caveat: Option<&'static str>,
}

impl ServerReading {
    /// No row twice, none missing.
    fn is_whole(&self, server: &Server) -> bool {
        let came: BTreeSet<&ModelRow> = self.rows.iter().collect();
        came.len() == self.rows.len() && came.len() == server.table.rows.iter().filter(|row| !row.hidden).count()
    }
}

fn read(mut walk: Walk, server: &mut Server) -> ServerReading {
    let (mut rows, mut last, mut began): (Vec<ModelRow>, _, Option<ModelRow>) = (vec![], None, None);
    let most = 60 + 8 * server.table.rows.len() as u64;
    while let Some(path) = walk.path() {
        assert!(server.asked < most, "the walk never ends: {path}");
        match server.answer(&ModelRequest::of(&path)) {
            ModelReply::Page(page, counted) => {
                let id = |row: &ModelRow| if server.shows_ids { row.id.clone() } else { String::new() };
                let (first, end) = (page.first().map(id), page.last().map(id));
                let facts = Page {
                    rows: page.len() as u64,
                    counted,
                    first: first.as_ref().map(|id| RowKeys { value: "", id }),
                    last: end.as_ref().map(|id| RowKeys { value: "", id }),
                    again: page.first().is_some_and(|row| began.as_ref() == Some(row)),
                    shared: server.shows_ids && page.windows(2).any(|pair| pair[0].id == pair[1].id),
                    unsorted: is_unsorted(&page) && server.shows_ids && walk.key_field().is_none(),
                };
                let progress = walk.received(&facts);
                if progress.keep > 0 {
                    began = page.first().cloned();
                }
                rows.extend(page.into_iter().take(progress.keep as usize));
                last = Some(progress);
            }
            _ => assert!(walk.failed(PageError::Forbidden)),
        }
    }
    ServerReading { rows, last: last.unwrap(), caveat: walk.caveat() }
}

fn is_unsorted(rows: &[ModelRow]) -> bool {
    let rises =
        |pair: &[ModelRow]| (pair[0].id.len() == 32 && pair[0].id != pair[1].id).then(|| pair[0].id < pair[1].id);
    let turns: BTreeSet<bool> = rows.windows(2).filter_map(rises).collect();
    turns.len() > 1
}

fn by_key(page_size: u64) -> Walk {
    Walk::new(Reading { page_size, ..Reading::of("u_table".to_owned()) }, false)
}

fn by_offset(page_size: u64) -> Walk {
    Walk::by_offset(Reading { page_size, ..Reading::of("u_table".to_owned()) })
}

#[test]
fn rows_that_share_a_sys_id_are_read_by_offset() {
    let mut view = server(rows(35, Ids::Shared(3)));
    let result = read(by_key(10), &mut view);
    assert_eq!((result.is_whole(&view), result.last.complete, result.last.hidden), (true, false, None));
    assert!(result.caveat.unwrap().contains("share a sys_id"));
    let result = read(by_key(1000), &mut view);
    assert_eq!((result.is_whole(&view), result.last.complete), (true, true), "a single page shows all");
}

#[test]
fn sys_id_shared_across_a_page_end_is_no_hidden_row() {
    let mut view = server(rows(40, Ids::Plain));
    view.table.rows[9].id = view.table.rows[10].id.clone();
    let result = read(by_key(10), &mut view);
    assert_eq!((result.rows.len(), result.last.complete, result.last.hidden), (39, false, None));
    assert!(result.caveat.unwrap().contains("share a sys_id"));
}

#[test]
fn ignored_condition_is_noticed_and_the_offset_taken() {
    for ids in [Ids::Plain, Ids::Words] {
        for count in [Count::Honest, Count::Never] {
            let mut words = Server { ignores_bounds: true, count, ..server(rows(35, ids)) };
            let result = read(by_key(10), &mut words);
            assert_eq!((result.is_whole(&words), result.last.complete), (true, false), "{ids:?} {count:?}");
            assert!(result.caveat.is_some() && words.asked < 12);
        }
    }
}

#[test]
fn ignored_offset_ends_the_walk() {
    for shows_ids in [true, false] {
        for count in [Count::Honest, Count::Never, Count::Always(1 << 50)] {
            let rows = rows(35, Ids::Words);
            let mut stuck = Server { ignores_bounds: true, ignores_offset: true, shows_ids, count, ..server(rows) };
            for walk in [by_key(10), by_offset(10)] {
                stuck.asked = 0;
                let result = read(walk, &mut stuck);
                assert_eq!((result.last.complete, result.last.hidden), (false, None), "{shows_ids} {count:?}");
                assert!(result.caveat.is_some() && stuck.asked < 12, "{} requests", stuck.asked);
            }
        }
    }
}

#[test]
fn cached_reply_ends_the_walk() {
    let mut stored = Server { cached: true, ..server(rows(35, Ids::Plain)) };
    for walk in [by_key(10), by_offset(10)] {
        let result = read(walk, &mut stored);
        assert_eq!((result.rows.len(), result.last.complete, result.last.hidden), (10, false, None));
        assert!(result.caveat.unwrap().contains("same rows again"));
    }
}

#[test]
fn count_that_stops_coming_ends_the_walk_without_proof() {
    let mut silent = Server { count: Count::First(1), ..server(rows(35, Ids::Plain)) };
    let result = read(by_key(10), &mut silent);
    assert_eq!((result.is_whole(&silent), result.last.complete, result.last.hidden), (true, false, None));
    assert!(result.caveat.unwrap().contains("row count") && silent.asked <= 6, "{} requests", silent.asked);
}

#[test]
fn absurd_count_costs_one_request_and_hides_nothing() {
    for count in [Count::Always(1 << 52), Count::More(1 << 40), Count::Always(90), Count::Grows, Count::Shrinks] {
        for walk in [by_key(10), by_offset(10)] {
            let mut absurd = Server { count, ..server(rows(35, Ids::Plain)) };
            let result = read(walk, &mut absurd);
            assert_eq!((result.is_whole(&absurd), result.last.complete), (true, false), "{count:?}");
            assert!(result.caveat.is_some() && result.last.hidden.is_none() && absurd.asked <= 9, "{count:?}");
        }
    }
}

#[test]
fn count_that_is_too_small_ends_nothing() {
    for count in [Count::Always(0), Count::Always(5), Count::Always(10), Count::Always(20), Count::OfThePage] {
        for walk in [by_key(10), by_offset(10)] {
            let mut small = Server { count, ..server(rows(35, Ids::Plain)) };
            assert!(read(walk, &mut small).is_whole(&small), "{count:?}");
        }
    }
}

#[test]
fn server_that_caps_pages_is_read_to_its_end() {
    for count in [Count::Honest, Count::Never] {
        let mut capped = Server { cap: 7, count, ..server(rows(35, Ids::Plain)) };
        let result = read(by_key(10), &mut capped);
        assert_eq!((result.is_whole(&capped), result.last.complete), (true, count == Count::Honest));
    }
}

#[test]
fn count_that_was_not_requested_is_not_believed() {
    let mut walk = by_key(10);
    let row = |id| Some(RowKeys { value: "", id });
    let page = Page { rows: 10, counted: Some(40), first: row("a"), last: row("b"), ..Page::default() };
    walk.received(&page);
    // With sysparm_no_count it says how many rows the reply holds.
    let progress = walk.received(&Page { rows: 9, counted: Some(9), first: row("c"), last: row("d"), ..page });
    assert!(progress.more);
}

#[test]
fn hidden_rows_are_counted_only_where_counts_follow_the_query() {
    let mut hiding = server(rows(60, Ids::Plain));
    hiding.table.rows.iter_mut().skip(20).step_by(2).for_each(|row| row.hidden = true);
    let result = read(by_key(10), &mut hiding);
    assert_eq!((result.is_whole(&hiding), result.last.complete, result.last.hidden), (true, true, Some(20)));
    let mut constant = Server { count: Count::Always(60), ..hiding };
    let result = read(by_key(10), &mut constant);
    assert_eq!((result.last.complete, result.last.hidden), (false, None));
}

#[test]
fn place_stepped_over_explains_one_missing_row_only() {
    let mut view = server(rows(3, Ids::Shared(3)));
    view.table.rows[0].hidden = true;
    let read = read(by_key(1), &mut view);
    assert_eq!((read.rows.len(), read.last.complete, read.last.hidden), (1, false, None));
    assert!(read.caveat.unwrap().contains("share a sys_id"));
}

fn counts() -> impl Strategy<Value = Count> {
    prop_oneof![
        Just(Count::Honest),
        Just(Count::Never),
        (0_u64..6).prop_map(Count::First),
        (0_u64..120).prop_map(Count::Always),
        (1_u64..200).prop_map(Count::More),
        Just(Count::Always(u64::MAX >> 12)),
        Just(Count::Twice),
        Just(Count::Grows),
        Just(Count::Shrinks),
        Just(Count::OfThePage),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    /// Whatever a server does: the walk ends, and every row came once, or it says that it is not complete and why.
    #[test]
    fn every_walk_ends_whole_or_with_a_caveat(
        size in 0_usize..70, page_size in 1_u64..16, count in counts(), offsets in any::<bool>(),
        ids in prop_oneof![Just(Ids::Plain), Just(Ids::Words), (2_usize..5).prop_map(Ids::Shared)],
        (ignores_bounds, ignores_offset, drops_order, cached) in
            (prop::bool::weighted(0.2), prop::bool::weighted(0.2), prop::bool::weighted(0.2), prop::bool::weighted(0.1)),
        shows_ids in prop::bool::weighted(0.8), hidden in prop::bool::weighted(0.3), turn in 0_usize..70,
    ) {
        // Where rows are hidden too, an empty page shows nothing of what the server ignores; and a single short page that counts its
        // own rows is believed.
        let small = matches!(count, Count::Always(0..70) | Count::OfThePage);
        let hidden = hidden && !(small || ignores_bounds || ignores_offset || drops_order || cached);
        let mut rows = rows(size, ids);
        rows.rotate_left(turn.min(size));
        rows.iter_mut().step_by(3).for_each(|row| row.hidden = hidden);
        let mut server = Server { count, ignores_bounds, ignores_offset, cached, shows_ids, ..server(rows) };
        server.table.drops_order = drops_order;
        let result = read(if offsets { by_offset(page_size) } else { by_key(page_size) }, &mut server);
        if result.last.complete {
            prop_assert!(result.is_whole(&server), "{} rows, complete", result.rows.len());
        } else {
            prop_assert!(result.caveat.is_some(), "no caveat");
        }
    }
}
