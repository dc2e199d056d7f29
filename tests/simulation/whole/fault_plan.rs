//! The faults of a run and their times: every fault and every switch of the practice instance that disturbs a client.

use sysparm_instance::{Fault, FaultKind, Semaphore, Switches};

use super::host::Host;
use super::intermediaries;
use crate::reading::source::START;
use crate::world::Random;

/// A lasting disturbance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// Nothing arrives.
    Away,
    /// 503, with or without `Retry-After` in seconds.
    Maintenance(Option<u64>),
    /// The page of a hibernating instance, status 200.
    Asleep,
    /// A login page, status 200.
    LoginPage,
    /// Every call is redirected to the logout page.
    LoggedOut,
    /// The address is not allowed.
    Blocked,
    /// The token endpoint fails with this status.
    NoTokens(u16),
    /// Two threads, a queue of this length, and requests that take 300 ms.
    Threads(usize),
    /// Every answer takes this number of milliseconds longer.
    Slow(u64),
    /// Half of all requests take too long and are cancelled.
    Quota,
    /// The client's clock is this number of milliseconds ahead.
    Clock(i64),
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Episode {
    pub(crate) from: u64,
    pub(crate) until: u64,
    pub(crate) trouble: Trouble,
}

#[derive(Debug, Clone)]
pub(crate) struct FaultPlan {
    pub(crate) episodes: Vec<Episode>,
    /// The share of requests with each kind of fault.
    pub(crate) faults: f64,
    /// Milliseconds after which there are no more faults.
    pub(crate) calm_after: u64,
    pub(crate) kinds: Vec<FaultKind>,
    next: u64,
    /// Requests into outages before the present one.
    before: u64,
}

impl FaultPlan {
    pub(crate) fn of(random: &mut Random, large: bool, copies: bool) -> Self {
        let mut pick = |bound: u64| random.below(bound);
        let mut calm_after = 5_000 + pick(35_000);
        let mut episodes = vec![];
        for _ in 0..pick(4) {
            let from = pick(calm_after);
            // One in eight is as long as a real outage.
            let length = if pick(8) == 0 && !large { 60_000 + pick(1_200_000) } else { 500 + pick(15_000) };
            let trouble = match pick(14) {
                0..3 => Trouble::Away,
                3 => Trouble::Maintenance(None),
                4 => Trouble::Maintenance(Some(1 + pick(70))),
                5 => Trouble::Asleep,
                6 => Trouble::LoginPage,
                7 => Trouble::LoggedOut,
                8 => Trouble::Blocked,
                9 => Trouble::NoTokens([500, 503, 429, 401][pick(4) as usize]),
                10 => Trouble::Threads(pick(4) as usize),
                11 => Trouble::Slow(500 + pick(12_000)),
                12 => Trouble::Quota,
                _ => Trouble::Clock([3_600_000, -3_600_000, 86_400_000, -5_000][pick(4) as usize]),
            };
            episodes.push(Episode { from, until: from + length, trouble });
            calm_after = calm_after.max(from + length + 1_000);
        }
        let slow = [2_000, 20_000, 65_000, 90_000][pick(4) as usize];
        let mut kinds = vec![
            FaultKind::Delay { ms: slow },
            FaultKind::Drop,
            FaultKind::Lose,
            FaultKind::Reset,
            FaultKind::Truncate,
            FaultKind::Duplicate,
            FaultKind::Trickle { bytes_per_second: 100 + pick(20_000) },
            FaultKind::ContentType { value: "text/html".to_owned() },
            FaultKind::Status { status: 429, retry_after: Some(1 + pick(40)) },
            FaultKind::Status { status: 429, retry_after: None },
            FaultKind::Status { status: 503, retry_after: [None, Some(2)][pick(2) as usize] },
            FaultKind::Status { status: [500, 502, 504][pick(3) as usize], retry_after: None },
            FaultKind::Status { status: [202, 401, 403][pick(3) as usize], retry_after: None },
            FaultKind::RevokeTokens,
        ];
        kinds.retain(|_| pick(3) > 0);
        let faults = [0.0, 0.004, 0.012, 0.03][pick(4) as usize];
        let mut others = intermediaries::kinds(copies);
        for _ in 0..[0, 0, 1, 2, 4, 8][pick(6) as usize] {
            kinds.push(others.swap_remove(pick(others.len() as u64) as usize));
        }
        Self { episodes, faults, calm_after, kinds, next: 0, before: 0 }
    }

    /// Whether requests can have this fault.
    pub(crate) fn strikes(&self, kind: &FaultKind) -> bool {
        self.faults > 0.0 && self.kinds.contains(kind)
    }

    /// Sets the instance's switches for this time, and an alarm for the next change.
    pub(crate) fn go_on(&mut self, host: &mut Host) -> Result<(), String> {
        let passed = host.now - START;
        if passed < self.next {
            return Ok(());
        }
        let moments = self.episodes.iter().flat_map(|one| [one.from, one.until]);
        let next = moments.chain([self.calm_after]).filter(|moment| *moment > passed).min();
        self.next = next.unwrap_or(u64::MAX);
        if let Some(next) = next {
            host.alarm(START + next);
        }
        let mut switches = Switches { truncate_next: host.instance.switches().truncate_next, ..host.calm.clone() };
        let struck = |kind: &FaultKind| Fault {
            path: None,
            probability: self.faults,
            after: 0,
            count: None,
            kind: kind.clone(),
        };
        if passed < self.calm_after && self.faults > 0.0 {
            switches.faults = self.kinds.iter().map(struck).collect();
        } else {
            (host.crashes.1, switches.truncate_next) = (if passed < self.calm_after { host.crashes.1 } else { 0 }, 0);
        }
        let clock_was = core::mem::take(&mut host.clock_ahead);
        let mut away = None;
        for episode in self.episodes.iter().filter(|one| (one.from..one.until).contains(&passed)) {
            host.note(&format!("trouble: {:?} until {} ms", episode.trouble, episode.until));
            match episode.trouble {
                Trouble::Clock(ahead) => host.clock_ahead = ahead,
                trouble => trouble.strike(&mut switches),
            }
            away = away.or_else(|| (episode.trouble == Trouble::Away).then_some(episode));
        }
        if host.clock_ahead != clock_was {
            host.invariants.clock_was_set(host.clock_ahead > clock_was);
        }
        let checked = self.asked_while_away(host, away.is_some());
        *host.instance.switches_mut() = switches;
        checked
    }

    /// Checks that an unavailable instance gets few requests.
    fn asked_while_away(&mut self, host: &mut Host, away: bool) -> Result<(), String> {
        let (was, asked) = (core::mem::replace(&mut host.invariants.is_away, away), host.invariants.into_outage);
        if !was {
            self.before = asked;
        }
        let longest = self.episodes.iter().filter(|one| one.trouble == Trouble::Away);
        let longest: u64 = longest.map(|one| one.until - one.from).sum();
        // Half of the requests within 30 seconds must fail before the breaker opens.
        let most = 120 * (1 + u64::from(host.life)) + longest / 4_000;
        match asked - self.before {
            asked if asked > most => Err(format!("{asked} requests into outages of {longest} ms")),
            _ => Ok(()),
        }
    }
}

impl Trouble {
    pub(crate) fn strike(self, switches: &mut Switches) {
        let always = |path: Option<&str>, kind| Fault {
            path: path.map(str::to_owned),
            probability: 1.0,
            after: 0,
            count: None,
            kind,
        };
        match self {
            Self::Away => switches.faults.push(always(None, FaultKind::Lose)),
            Self::Maintenance(retry_after) => {
                switches.faults.push(always(None, FaultKind::Status { status: 503, retry_after }));
            }
            Self::Asleep => switches.hibernating = true,
            Self::LoginPage => switches.html = true,
            Self::LoggedOut => switches.logged_out = true,
            Self::Blocked => switches.address_blocked = true,
            Self::NoTokens(status) => {
                let kind = FaultKind::Status { status, retry_after: None };
                switches.faults.push(always(Some("/oauth_token.do"), kind));
            }
            Self::Threads(queue) => {
                switches.semaphore = Some(Semaphore { threads: 2, queue });
                switches.delay_ms = 300;
            }
            Self::Slow(ms) => switches.delay_ms = ms,
            Self::Quota => switches.faults.push(Fault {
                probability: 0.5,
                ..always(Some("/api/"), FaultKind::Status { status: 500, retry_after: None })
            }),
            Self::Clock(_) => {}
        }
    }
}
