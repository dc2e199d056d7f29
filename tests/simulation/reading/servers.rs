//! Reads the practice instance through servers that do not keep its promises: counts that are missing, constant, absurd, growing or shrinking,
//! pages with fewer rows than the limit, a cache that repeats a reply, conditions or offsets that are ignored. Each reading ends. Either every
//! row came once, or `complete` is false and a caveat says why; rows missing for these reasons are never counted as hidden.

use std::collections::BTreeSet;

use serde_json::Value;
use sysparm::page::{Page, PageError, Progress, Reading, RowKeys, Walk};

use super::sabotage::Mistake;
use super::source::{Came, Source, Version};
use crate::administration::Administration;
use crate::world::Random;

/// What stands between the reader and the instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Server {
    Faithful,
    NeverCounts,
    StopsCounting(u64),
    CountsAlways(u64),
    CountsMore(u64),
    CountGrows,
    CountShrinks,
    CountsThePage,
    CapsPages(usize),
    RepeatsAReply,
    IgnoresConditions,
    IgnoresOffsets,
    IgnoresBoth,
}

impl Server {
    fn pick(random: &mut Random) -> Self {
        match random.below(13) {
            0 => Self::Faithful,
            1 => Self::NeverCounts,
            2 => Self::StopsCounting(1 + random.below(4)),
            3 => Self::CountsAlways(random.below(200)),
            4 => Self::CountsAlways(u64::MAX >> 12),
            5 => Self::CountsMore(1 + random.below(50)),
            6 => Self::CountGrows,
            7 => Self::CountShrinks,
            8 => Self::CountsThePage,
            9 => Self::CapsPages(1 + random.below(8) as usize),
            10 => Self::RepeatsAReply,
            11 => Self::IgnoresConditions,
            _ => match random.below(2) {
                0 => Self::IgnoresOffsets,
                _ => Self::IgnoresBoth,
            },
        }
    }

    /// Rows are hidden too only where the replies can show both.
    fn may_hide_rows(self) -> bool {
        matches!(
            self,
            Self::Faithful | Self::NeverCounts | Self::StopsCounting(_) | Self::CountsMore(_) | Self::CountGrows
        )
    }

    fn path(self, path: &str) -> String {
        let drops = |name: &str| match name {
            "sysparm_query" => matches!(self, Self::IgnoresConditions | Self::IgnoresBoth),
            "sysparm_offset" => matches!(self, Self::IgnoresOffsets | Self::IgnoresBoth),
            _ => false,
        };
        let (endpoint, parameters) = path.split_once('?').unwrap();
        let kept: Vec<String> = parameters
            .split('&')
            .filter_map(|pair| match pair.split_once('=') {
                // The order is kept.
                Some((name @ "sysparm_query", query)) if drops(name) => {
                    query.find("ORDERBY").map(|at| format!("{name}={}", &query[at..]))
                }
                Some((name, _)) if drops(name) => None,
                _ => Some(pair.to_owned()),
            })
            .collect();
        format!("{endpoint}?{}", kept.join("&"))
    }

    fn count(self, honest: Option<u64>, rows: usize, request: u64) -> Option<u64> {
        match self {
            Self::NeverCounts => None,
            Self::StopsCounting(replies) => honest.filter(|_| request <= replies),
            Self::CountsAlways(count) => Some(count),
            Self::CountsMore(more) => honest.map(|count| count + more),
            Self::CountGrows => honest.map(|count| count + request),
            Self::CountShrinks => honest.map(|count| (count + 40).saturating_sub(request)),
            Self::CountsThePage => Some(rows as u64),
            _ => honest,
        }
    }
}

/// Reads once for a seed. The error names the violated invariant.
pub(crate) fn read(seed: u64, mistake: Mistake) -> Result<Vec<String>, (String, Vec<String>)> {
    let mut random = Random(seed);
    let server = Server::pick(&mut random);
    let (rows, page_size) = (random.below(90) as usize, 1 + random.below(16));
    let hidden = if server.may_hide_rows() { [0.0, 0.3, 0.9][random.below(3) as usize] } else { 0.0 };
    let mut source = Source::new(seed, random, rows, hidden, 0);
    source.faults = source.random.below(8);
    let outcome = check_invariants(&mut source, server, page_size, mistake);
    source.note(format!("seed {seed}: {server:?}, {rows} rows, {hidden} hidden, pages of {page_size}"));
    match outcome {
        Ok(()) => Ok(source.trace),
        Err(violation) => Err((violation, source.trace)),
    }
}

fn check_invariants(source: &mut Source, server: Server, page_size: u64, mistake: Mistake) -> Result<(), String> {
    let expected = source.readable("");
    let all = source.all_ids().len() as u64;
    let mut walk = Walk::new(Reading { page_size, ..Reading::of("incident".to_owned()) }, false);
    let (mut got, mut last, mut began): (Vec<Version>, Option<Progress>, Option<Value>) = (vec![], None, None);
    let (mut requests, mut bad, mut repeated) = (0, 0, None);
    let most = 60 + 8 * all;
    while let Some(path) = walk.path() {
        requests += 1;
        if requests - bad > most {
            return Err(format!("the reading does not end: {requests} requests"));
        }
        let (mut rows, honest) = match source.page(&server.path(&path)) {
            Came::Page(rows, counted) => (rows, counted),
            Came::Cut => {
                bad += 1;
                walk.failed(PageError::TooHeavy);
                continue;
            }
            Came::Forbidden => return Err("refused".to_owned()),
            Came::Nothing => {
                bad += 1;
                continue;
            }
        };
        if let Server::CapsPages(most) = server {
            rows.truncate(most);
        }
        let mut counted = server.count(honest, rows.len(), requests);
        if server == Server::RepeatsAReply {
            (rows, counted) = repeated.get_or_insert((rows, counted)).clone();
        }
        // The core believes no count of a request that asked for none; the host leaves it out.
        counted = counted.filter(|_| !path.contains("sysparm_no_count=true"));
        let ids: Vec<String> = rows.iter().map(|row| Version::of(row).id).collect();
        let page = Page {
            rows: rows.len() as u64,
            counted,
            first: ids.first().map(|id| RowKeys { value: "", id }),
            last: ids.last().map(|id| RowKeys { value: "", id }),
            again: rows.first().is_some_and(|row| began.as_ref() == Some(row)),
            ..Page::default()
        };
        let passed = walk.received(&page);
        if passed.keep > 0 {
            began = rows.first().cloned();
        }
        got.extend(rows.iter().take(passed.keep as usize).map(Version::of));
        last = Some(passed);
        let is_short = mistake == Mistake::StopOnAShortPage && (rows.len() as u64) < page_size;
        if is_short || mistake == Mistake::StopOnAnEmptyPage && rows.is_empty() {
            break;
        }
    }
    let last = last.ok_or("no page came")?;
    let came: BTreeSet<&Version> = got.iter().collect();
    let is_whole = came.len() == got.len() && came == expected.iter().collect();
    if last.complete && !is_whole {
        return Err(format!(
            "complete with {} of {} rows, {} of them twice",
            came.len(),
            expected.len(),
            got.len() - came.len()
        ));
    }
    if !last.complete && walk.caveat().is_none() {
        return Err("not complete, and no caveat".to_owned());
    }
    if server == Server::Faithful && !last.complete {
        return Err("a faithful server is read completely".to_owned());
    }
    let hidden = all - expected.len() as u64;
    match last.hidden {
        Some(reported) if reported != hidden => Err(format!("{hidden} rows are hidden and it reports {reported}")),
        _ => Ok(()),
    }
}
