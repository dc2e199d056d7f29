//! Mistakes that readers of tables make, done on purpose: each changes what a walk asks or believes, and each has to be caught by
//! the same laws that the walk is held to.

use super::source::decoded;

/// A mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mistake {
    /// None: the walk as it is.
    None,
    /// `f>T` alone: the rows that share T with the last row of a page are lost.
    SkipTheTieBreak,
    /// `f>T^ORf=T^sys_id>I`, which means (f>T or f=T) and sys_id>I.
    BindTheTieBreakWrongly,
    /// Only the last `^NQ` group gets the bound.
    ForgetABranch,
    /// A page with fewer rows than asked for is taken for the last.
    StopOnAShortPage,
    /// An empty page is taken for the last.
    StopOnAnEmptyPage,
    /// The offset of a step stays when the window moves on.
    KeepTheOffset,
    /// Steps over hidden rows are taken for the whole stretch, although rows left it meanwhile.
    TakeStepsForTheStretch,
    /// Rows of pages that are asked for again are taken all the same.
    TakeWhatIsAskedForAgain,
    /// The run begins exactly at the last row.
    DropTheOverlap,
    /// A row that was handed over is taken as known, whatever its version.
    ForgetTheVersion,
    /// The checkpoint is stored before its batch.
    StoreTheCheckpointFirst,
    /// A batch is stored with the checkpoint of the last page that came, whose batch still waits.
    TellALaterCheckpoint,
    /// A page that was asked for ahead is taken as it is, whether it follows or not.
    TakeWithoutJoint,
    /// The first run begins without a checkpoint.
    SkipTheOpening,
    /// The run ends by this machine's clock instead of the instance's.
    TrustTheHostsClock,
    /// Deletions are not read.
    ForgetDeletions,
    /// What was deleted since the last run is read from the last run's end on, without overlap.
    DropTheOverlapOfDeletions,
    /// The run ends at the instance's own time, in a second that is still being written.
    DropTheLag,
    /// A request whose token was refused is sent again with it, for ever.
    RepeatEvery401,
    /// The instance's word on when to come back is not heard.
    IgnoreRetryAfter,
    /// An instance that does not answer is asked on and on.
    LeaveOutTheBreaker,
    /// More than one request finds out whether the instance is back.
    ProbeWithSeveral,
    /// Whatever is to be sent is sent at once.
    SendAsMuchAsThereIs,
    /// A record that may have been created is created once more.
    CreateOnceMore,
    /// What is told of a renewal holds the token.
    TellASecret,
}

impl Mistake {
    /// The path that a reader with this mistake asks for. `kept` is the largest offset so far.
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
