//! Deliberate mistakes of clients that read tables. Each changes a request or an assumption, and the invariants must detect each.

use super::source::decoded;

/// A mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mistake {
    /// None: the unchanged client.
    None,
    /// `f>T` alone: rows with the same T as the last row of a page are lost.
    SkipTheTieBreak,
    /// `f>T^ORf=T^sys_id>I`, which means (f>T or f=T) and sys_id>I.
    BindTheTieBreakWrongly,
    /// Only the last `^NQ` group gets the bound.
    ForgetABranch,
    /// A page with fewer rows than requested is taken for the last.
    StopOnAShortPage,
    /// An empty page is taken for the last.
    StopOnAnEmptyPage,
    /// The offset of a step is kept when the window moves.
    KeepTheOffset,
    /// Steps over hidden rows are taken for the whole range, although rows left it meanwhile.
    TakeStepsForThePiece,
    /// Rows of repeated pages are delivered again.
    TakeWhatIsAskedForAgain,
    /// The run starts exactly at the last row.
    DropTheOverlap,
    /// A delivered row is treated as known, even in a newer version.
    ForgetTheVersion,
    /// The checkpoint is stored before its batch.
    StoreTheCheckpointFirst,
    /// A batch is stored with the checkpoint of a later batch that still waits.
    StoreALaterCheckpoint,
    /// A prefetched page is used without checking that it joins the page before.
    TakeWithoutJoint,
    /// The first run starts without a checkpoint.
    SkipTheOpening,
    /// The run ends by this machine's clock instead of the instance's.
    TrustTheHostsClock,
    /// Deletions are not read.
    ForgetDeletions,
    /// Deletions are read from the end of the last run, without overlap.
    DropTheOverlapOfDeletions,
    /// The run ends at the instance's present time, in a second in which rows are still written.
    DropTheLag,
    /// A request is repeated for ever with a refused token.
    RepeatEvery401,
    /// `Retry-After` is ignored.
    IgnoreRetryAfter,
    /// There is no circuit breaker.
    LeaveOutTheBreaker,
    /// More than one request probes an unavailable instance.
    ProbeWithSeveral,
    /// All requests are sent at once.
    SendAsMuchAsThereIs,
    /// A record that may exist is created again.
    CreateOnceMore,
    /// An event about a renewal holds the token.
    ReportASecret,
}

impl Mistake {
    /// The path that a client with this mistake requests. `kept` is the largest offset so far.
    pub(crate) fn path(self, path: String, kept: &mut u64) -> String {
        match self {
            Self::SkipTheTieBreak | Self::BindTheTieBreakWrongly => with_query(&path, |terms| self.broken_bound(terms)),
            Self::ForgetABranch => with_query(&path, forget_a_branch),
            Self::DropTheOverlapOfDeletions if path.contains("/sys_audit_delete?") => {
                with_query(&path, |terms| terms.replace("sys_created_on>=", "sys_created_on>"))
            }
            Self::KeepTheOffset => {
                let (before, rest) = path.split_once("sysparm_offset=").unwrap();
                let (offset, after) = rest.split_once('&').unwrap_or((rest, ""));
                *kept = (*kept).max(offset.parse().unwrap());
                format!("{before}sysparm_offset={kept}&{after}")
            }
            _ => path,
        }
    }

    fn broken_bound(self, query: &str) -> String {
        let mut terms: Vec<String> = query.split('^').map(str::to_owned).collect();
        while let Some(at) =
            terms.iter().position(|term| term.starts_with("ORsys_id>") || term.starts_with("ORsys_id<"))
        {
            let past = terms[at - 1].clone();
            let with = match self {
                Self::SkipTheTieBreak => vec![past],
                _ => vec![
                    past.clone(),
                    format!("OR{}", past.replace(['>', '<'], "=")),
                    terms[at]["OR".len()..].to_owned(),
                ],
            };
            let group = if terms[at - 2].starts_with("NQ") { "NQ" } else { "" };
            terms.splice(at - 2..=at, with);
            terms[at - 2].insert_str(0, group);
        }
        terms.join("^")
    }
}

fn forget_a_branch(query: &str) -> String {
    let Some(at) = query.find("^NQ") else { return query.to_owned() };
    let (first, rest) = query.split_at(at);
    let bound = |term: &&str| {
        let field = term.trim_start_matches("OR");
        !["sys_id>", "sys_id<", "sys_updated_on>", "sys_updated_on<", "sys_created_on>", "sys_created_on<"]
            .iter()
            .any(|begin| field.starts_with(begin))
    };
    let kept: Vec<&str> = first.split('^').filter(bound).collect();
    kept.join("^") + rest
}

fn with_query(path: &str, change: impl FnOnce(&str) -> String) -> String {
    let (before, rest) = path.split_once("sysparm_query=").unwrap();
    let (query, after) = rest.split_once('&').unwrap_or((rest, ""));
    let mut changed = format!("{before}sysparm_query=");
    sysparm::request::percent_encode(&change(&decoded(query)), &mut changed);
    format!("{changed}&{after}")
}
