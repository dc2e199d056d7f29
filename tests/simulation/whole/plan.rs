//! The plan of a run, from its seed: table, access rules, readers, writers and faults.

use sysparm_instance::{DefaultOrder, Instance, InvalidFields, Settings, Switches};

use super::fault_plan::{Episode, FaultPlan};
use super::peculiarities::Peculiarities;
use crate::reading::source::START;
use crate::world::Random;

const QUERIES: [&str; 5] = [
    "",
    "active=true^ORactive=false",
    "priority<=2^NQpriority>2",
    "impact=1^NQimpact=2^NQimpact=3",
    "category=software^NQstate=7^active=false^NQimpact=1",
];

const ORDERS: [&str; 5] =
    ["", "", "ORDERBYsys_updated_on", "ORDERBYDESCsys_updated_on", "ORDERBYDESCsys_created_on^ORDERBYsys_id"];

/// What the access rules forbid to the integration user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Forbidden {
    Nothing,
    /// To compare with this field or sort by it.
    Ranges(&'static str),
    /// To see this field.
    Field(&'static str),
}

/// The writes of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Writes {
    None,
    /// Change and delete.
    Vanish,
    /// Change and create.
    Arrive,
    All,
}

#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) rows: usize,
    pub(crate) hidden: f64,
    pub(crate) page_size: u64,
    pub(crate) query: &'static str,
    pub(crate) order: &'static str,
    pub(crate) writes: Writes,
    /// Milliseconds between two writes.
    pub(crate) writes_every: u64,
    pub(crate) forbidden: Forbidden,
    pub(crate) deletions: bool,
    /// The most pages of a copy that are in flight or waiting.
    pub(crate) ahead: usize,
    /// Whether a copy is kept, and whether the table is read.
    pub(crate) copies: bool,
    pub(crate) walks: bool,
    /// The hourly limit, and the delay until a node counts a request.
    pub(crate) limit: Option<u64>,
    pub(crate) rate_lag_ms: u64,
    pub(crate) skew: i64,
    pub(crate) token_lifetime: u64,
    pub(crate) token_reuse: bool,
    pub(crate) shuffled: bool,
    /// Milliseconds between two interactive calls.
    pub(crate) calls_every: Option<u64>,
    /// Crashes per ten thousand effects, and their maximum.
    pub(crate) crashes: (u64, u32),
    pub(crate) fault_plan: FaultPlan,
    pub(crate) peculiarities: Peculiarities,
}

impl Plan {
    pub(crate) fn of(seed: u64, random: &mut Random) -> Self {
        let mut pick = |bound: u64| random.below(bound);
        let rows = match seed % 1000 {
            999 => 20_000 + pick(80_001),
            at if at % 100 == 50 => 600 + pick(1500),
            _ => pick(130),
        };
        let large = rows > 10_000;
        let limit = (pick(8) == 0 && rows < 200).then(|| 40 + pick(50));
        let page_size = match rows {
            10_000.. => 800 + pick(1500),
            600.. => 60 + pick(200),
            _ if limit.is_some() => 6 + pick(24),
            _ => 1 + pick(24),
        };
        let reads = pick(10);
        let (copies, walks) = (reads < 7, reads >= 5);
        let writes = match pick(5) {
            0 => Writes::None,
            1 if walks => Writes::Vanish,
            2 | 3 if walks => Writes::Arrive,
            _ if walks => Writes::Vanish,
            _ => Writes::All,
        };
        let forbidden = match pick(40) {
            0 => Forbidden::Ranges("sys_updated_on"),
            1 => Forbidden::Ranges("sys_id"),
            2 => Forbidden::Field("sys_updated_on"),
            3 => Forbidden::Field("sys_id"),
            _ => Forbidden::Nothing,
        };
        Self {
            rows: rows as usize,
            hidden: [0.0, 0.0, 0.04, 0.3, 0.7, 0.93, 1.0][pick(7) as usize],
            page_size,
            query: QUERIES[pick(5) as usize],
            order: if walks { ORDERS[pick(5) as usize] } else { "" },
            writes,
            writes_every: [2600, 2600, 300][pick(3) as usize],
            forbidden,
            deletions: pick(4) > 0,
            ahead: [1, 4, 2, 8][(seed / 3 % 4) as usize],
            copies,
            walks,
            limit,
            rate_lag_ms: [0, 30_000][pick(2) as usize],
            skew: [0, 0, 90_000, -3_600_000, 7_200_000][pick(5) as usize],
            token_lifetime: [35, 90, 1799, 1799][pick(4) as usize],
            token_reuse: pick(2) == 0,
            shuffled: pick(2) == 0,
            calls_every: match pick(4) {
                0 => None,
                1 => Some(700 + pick(2000)),
                _ => Some(3000 + pick(12_000)),
            },
            crashes: ([0, 20, 100, 400][pick(4) as usize], if large { 2 } else { 10 }),
            fault_plan: FaultPlan::of(random, large, copies),
            peculiarities: Peculiarities::of(seed),
        }
    }

    pub(crate) fn switches(&self) -> Switches {
        let default_order = if self.shuffled { DefaultOrder::Shuffled } else { DefaultOrder::Insertion };
        let peculiar = self.peculiarities.switches();
        let forbids = self.forbidden != Forbidden::Nothing;
        // Where a forbidden field is refused, no reading of it ever ends well. In another language the refusal does not say that it is
        // about a field, so no reading can turn to another order.
        let refuses = forbids && peculiar.invalid_field_regime == InvalidFields::Forbid;
        let language = if forbids { Switches::default().language } else { peculiar.language };
        let invalid_field_regime = if refuses { InvalidFields::Ignore } else { peculiar.invalid_field_regime };
        Switches {
            invalid_field_regime,
            language,
            hidden: self.hidden,
            clock_skew_ms: self.skew,
            token_lifetime: self.token_lifetime,
            token_reuse: self.token_reuse,
            rate_lag_ms: self.rate_lag_ms,
            default_order,
            ..peculiar
        }
    }

    pub(crate) fn instance(&self, seed: u64) -> Instance {
        let switches = self.switches();
        Instance::new(Settings { rows: self.rows, seed, switches, ..Settings::default() }, START)
    }

    /// A description for the trace.
    pub(crate) fn describe(&self, seed: u64) -> Vec<String> {
        let episode = |one: &Episode| format!("  {:?} from {} to {} ms", one.trouble, one.from, one.until);
        let line = format!(
            "seed {seed}: {} rows, {} hidden, pages of {}, {} at once, query {:?}, order {:?}, others {:?}, forbidden {:?}, {}{}limit {:?}, \
             clock off by {} ms, tokens of {} s, a call each {:?} ms, crashes {:?}, faults {} until {} ms",
            self.rows,
            self.hidden,
            self.page_size,
            self.ahead,
            self.query,
            self.order,
            self.writes,
            self.forbidden,
            if self.copies { "copied, " } else { "" },
            if self.walks { "walked, " } else { "" },
            self.limit,
            self.skew,
            self.token_lifetime,
            self.calls_every,
            self.crashes,
            self.fault_plan.faults,
            self.fault_plan.calm_after
        );
        std::iter::once(line).chain(self.fault_plan.episodes.iter().map(episode)).collect()
    }
}
