//! Reading tables to their last row and keeping copies of them, by thousands of seeds: rows hidden, changed, made and deleted
//! meanwhile, replies lost and cut, crashes at every step. `SYSPARM_SEEDS=10000 cargo test --profile fast --test simulation reading` is the
//! nightly form; `SYSPARM_SEED=n` replays one seed and prints what happened.

mod copies;
pub(crate) mod sabotage;
pub(crate) mod source;
mod walks;

use sabotage::Mistake;

type Outcome = Result<Vec<String>, (String, Vec<String>)>;

/// One seed in a thousand reads a table that is large.
fn is_large(seed: u64) -> bool {
    seed % 1000 == 999
}

/// Of all seeds three in five walk and the others keep copies, which take longer.
fn seeds(fifths: u64) -> std::ops::Range<u64> {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().expect("a seed is a number"));
    match number("SYSPARM_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("SYSPARM_SEEDS").unwrap_or(500) * fifths / 5,
    }
}

/// Every seed keeps the laws; a seed that does not is told with its trace.
fn all_keep_the_laws(run: fn(u64, Mistake) -> Outcome, fifths: u64, name: &str) {
    let only = std::env::var("SYSPARM_SEED").is_ok();
    for seed in seeds(fifths) {
        match run(seed, Mistake::None) {
            Ok(trace) if only => println!("{}", trace.join("\n")),
            Ok(_) => {}
            Err((law, trace)) => panic!(
                "{}\nseed {seed}: {law}\nreplay: SYSPARM_SEED={seed} cargo test --profile fast --test simulation {name} -- --nocapture",
                trace.join("\n")
            ),
        }
    }
}

/// Each mistake breaks a law for some seed: the laws hold because the walk is right, not because they ask little.
fn every_mistake_is_caught(run: fn(u64, Mistake) -> Outcome, mistakes: &[Mistake]) {
    let mut uncaught = vec![];
    for mistake in mistakes {
        match (0..500).find_map(|seed| Some((seed, run(seed, *mistake).err()?.0))) {
            Some((seed, law)) => println!("{mistake:?}: caught by seed {seed}: {law}"),
            None => uncaught.push(mistake),
        }
    }
    assert!(uncaught.is_empty(), "not caught: {uncaught:?}");
}

#[test]
#[cfg_attr(debug_assertions, ignore = "make test runs it optimised")]
fn every_row_once_whatever_happens_meanwhile() {
    all_keep_the_laws(walks::walk, 3, "every_row_once");
}

#[test]
#[cfg_attr(debug_assertions, ignore = "make test runs it optimised")]
fn a_copy_equals_its_source_whatever_happens_meanwhile() {
    all_keep_the_laws(copies::copy, 2, "a_copy_equals");
}

#[test]
#[cfg_attr(debug_assertions, ignore = "make test runs it optimised")]
fn every_mistake_of_a_walk_is_caught() {
    every_mistake_is_caught(
        walks::walk,
        &[
            Mistake::SkipTheTieBreak,
            Mistake::BindTheTieBreakWrongly,
            Mistake::ForgetABranch,
            Mistake::StopOnAShortPage,
            Mistake::StopOnAnEmptyPage,
            Mistake::KeepTheOffset,
            Mistake::TakeStepsForTheStretch,
            Mistake::TakeWhatIsAskedForAgain,
        ],
    );
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
