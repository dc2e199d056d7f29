//! Reads tables to their last row and keeps copies of them, for thousands of seeds: rows are hidden, changed, created and deleted
//! meanwhile, replies are lost and truncated, crashes happen at every step. `SYSPARM_SEEDS=10000 cargo test --profile fast --test simulation
//! reading` is the long run. `SYSPARM_SEED=n` replays one seed and prints its trace.

mod copies;
pub(crate) mod sabotage;
mod servers;
pub(crate) mod source;
mod walks;

use sabotage::Mistake;

type Outcome = Result<Vec<String>, (String, Vec<String>)>;

/// One seed in a thousand reads a large table.
fn is_large(seed: u64) -> bool {
    seed % 1000 == 999
}

/// Three fifths of the seeds read a table. The others keep copies, which take longer.
fn seeds(fifths: u64) -> std::ops::Range<u64> {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().expect("a seed is a number"));
    match number("SYSPARM_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("SYSPARM_SEEDS").unwrap_or(500) * fifths / 5,
    }
}

/// Runs every seed. A seed that violates an invariant is reported with its trace.
fn all_seeds_pass(run: fn(u64, Mistake) -> Outcome, fifths: u64, name: &str) {
    let only = std::env::var("SYSPARM_SEED").is_ok();
    for seed in seeds(fifths) {
        match run(seed, Mistake::None) {
            Ok(trace) if only => println!("{}", trace.join("\n")),
            Ok(_) => {}
            Err((violation, trace)) => panic!(
                "{}\nseed {seed}: {violation}\nreplay: SYSPARM_SEED={seed} cargo test --profile fast --test simulation {name} -- --nocapture",
                trace.join("\n")
            ),
        }
    }
}

/// Each deliberate mistake violates an invariant for some seed, which shows that the invariants are strong enough.
fn every_mistake_is_caught(run: fn(u64, Mistake) -> Outcome, mistakes: &[Mistake]) {
    let mut uncaught = vec![];
    for mistake in mistakes {
        match (0..500).find_map(|seed| Some((seed, run(seed, *mistake).err()?.0))) {
            Some((seed, violation)) => println!("{mistake:?}: caught by seed {seed}: {violation}"),
            None => uncaught.push(mistake),
        }
    }
    assert!(uncaught.is_empty(), "not caught: {uncaught:?}");
}

#[test]
#[cfg_attr(debug_assertions, ignore = "make test runs it optimised")]
fn reading_returns_every_row_once_despite_changes() {
    all_seeds_pass(walks::walk, 3, "reading_returns_every_row_once");
}

#[test]
#[cfg_attr(debug_assertions, ignore = "make test runs it optimised")]
fn reading_from_unfaithful_servers_is_whole_or_has_a_caveat() {
    all_seeds_pass(servers::read, 3, "reading_from_unfaithful_servers");
}

#[test]
#[cfg_attr(debug_assertions, ignore = "make test runs it optimised")]
fn copy_equals_its_source_despite_changes_and_crashes() {
    all_seeds_pass(copies::copy, 2, "copy_equals_its_source");
}

#[test]
#[cfg_attr(debug_assertions, ignore = "make test runs it optimised")]
fn every_mistake_of_a_reading_is_caught() {
    every_mistake_is_caught(
        walks::walk,
        &[
            Mistake::SkipTheTieBreak,
            Mistake::BindTheTieBreakWrongly,
            Mistake::ForgetABranch,
            Mistake::StopOnAShortPage,
            Mistake::StopOnAnEmptyPage,
            Mistake::KeepTheOffset,
            Mistake::TakeStepsForThePiece,
            Mistake::TakeWhatIsAskedForAgain,
        ],
    );
}

#[test]
#[cfg_attr(debug_assertions, ignore = "make test runs it optimised")]
fn every_mistake_with_unfaithful_servers_is_caught() {
    every_mistake_is_caught(servers::read, &[Mistake::StopOnAShortPage, Mistake::StopOnAnEmptyPage]);
}

#[test]
#[cfg_attr(debug_assertions, ignore = "make test runs it optimised")]
fn every_mistake_of_a_sync_is_caught() {
    every_mistake_is_caught(
        copies::copy,
        &[
            Mistake::SkipTheTieBreak,
            Mistake::BindTheTieBreakWrongly,
            Mistake::ForgetABranch,
            Mistake::StopOnAShortPage,
            Mistake::DropTheOverlap,
            Mistake::ForgetTheVersion,
            Mistake::StoreTheCheckpointFirst,
            Mistake::SkipTheOpening,
            Mistake::TrustTheHostsClock,
            Mistake::ForgetDeletions,
            Mistake::DropTheOverlapOfDeletions,
        ],
    );
}
