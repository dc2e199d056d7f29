//! Thirty days with one call a second and a token endpoint that is down 5 % of the time. Measures the number of tokens, and checks that
//! no call fails for lack of a token while one could have been obtained.

use std::collections::BinaryHeap;

use sysparm::auth::Grant;
use sysparm::call::{CallId, Client, ClientSettings, Effect, EffectId, Input, Request};
use sysparm::request::{Body, Expect, Headers, InstanceUrl, Method, Reply};
use sysparm::secret::Secret;
use sysparm::time::Millis;

use super::world::Random;

const START: u64 = 1_700_000_000_000;
const DAYS: u64 = 30;
const LIFETIME: u64 = 1_800_000;
const LATENCY: u64 = 80;
/// The breaker asks again after a twentieth of an outage. An endpoint that answers for a shorter time may not be asked meanwhile.
const LONGEST_PAUSE: u64 = LONGEST_OUTAGE / 20;
const LONGEST_OUTAGE: u64 = 1_200_000;

/// Outages of the token endpoint: up to 20 minutes each, 5 % of the time in total.
struct Outages(Vec<(u64, u64)>);

impl Outages {
    fn new(seed: u64) -> Self {
        let mut random = Random(seed);
        let (mut bursts, mut at) = (vec![], START + 3_600_000);
        while at < START + DAYS * 86_400_000 {
            let length = 60_000 + random.below(LONGEST_OUTAGE - 60_000);
            bursts.push((at, at + length));
            // The time up is on average 19 times the time down.
            at += length + random.below(2 * 19 * 630_000);
        }
        Self(bursts)
    }

    fn down(&self, at: u64) -> bool {
        let next = self.0.partition_point(|(_, end)| *end <= at);
        self.0.get(next).is_some_and(|(start, _)| *start <= at)
    }

    /// Whether the endpoint was up at this time and since a pause of the breaker before it.
    fn obtainable(&self, at: u64) -> bool {
        let next = self.0.partition_point(|(_, end)| end + LONGEST_PAUSE <= at);
        self.0.get(next).is_none_or(|(start, _)| *start > at)
    }

    fn share(&self) -> f64 {
        self.0.iter().map(|(start, end)| end - start).sum::<u64>() as f64 / (DAYS * 86_400_000) as f64
    }
}

/// An event at a time, the earliest first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Due(core::cmp::Reverse<u64>, u32, bool);

struct Month {
    client: Client,
    now: u64,
    outages: Outages,
    due: BinaryHeap<Due>,
    sleep: Option<(u64, EffectId)>,
    /// Granted tokens, and token requests during an outage.
    granted: u64,
    refused: u64,
    /// Failed calls and the time of the failure.
    failed: Vec<(CallId, u64)>,
    /// Calls sent with an expired token.
    dead: u64,
    dies: u64,
    finished: u64,
}

impl Month {
    fn run(&mut self) {
        while let Some(effect) = self.client.poll(Millis(self.now)) {
            match effect {
                Effect::Fetch { id, call, outgoing } => {
                    if let (Some(_), Some((_, token))) = (call, &outgoing.authorization) {
                        let dies: u64 = token.expose()["Bearer ".len()..].parse().unwrap();
                        self.dead += u64::from(dies <= self.now);
                    }
                    self.due.push(Due(core::cmp::Reverse(self.now + LATENCY), id.0, call.is_none()));
                }
                Effect::Sleep { id, length, .. } => self.sleep = Some((self.now + length.0, id)),
                Effect::Cancel { id } => {
                    self.sleep = self.sleep.filter(|(_, sleep)| *sleep != id);
                    self.due.retain(|Due(_, due, _)| *due != id.0);
                }
                Effect::Finish { call, outcome } => {
                    self.finished += 1;
                    if outcome.is_err() {
                        self.failed.push((call, self.now));
                    }
                }
                _ => {}
            }
        }
    }

    /// Processes every event that is due until then.
    fn pass(&mut self, until: u64) {
        loop {
            let answer = self.due.peek().map_or(u64::MAX, |Due(at, ..)| at.0);
            let wake = self.sleep.map_or(u64::MAX, |(at, _)| at);
            let next = answer.min(wake);
            if next > until {
                break;
            }
            self.now = self.now.max(next);
            if answer <= wake {
                let Some(Due(_, id, for_token)) = self.due.pop() else { break };
                let input = if for_token { self.token() } else { rows() };
                self.client.resume(EffectId(id), input, Millis(self.now));
            } else if let Some((_, id)) = self.sleep.take() {
                self.client.resume(id, Input::Slept, Millis(self.now));
            }
            self.run();
        }
        self.now = until;
        self.run();
    }

    fn token(&mut self) -> Input {
        if self.outages.down(self.now) {
            self.refused += 1;
            return Input::Reply(Reply { status: 503, headers: Headers::NONE, body: Body::Text(String::new()) });
        }
        self.granted += 1;
        // The token's text is its expiry time, counted from the time at which it was requested.
        self.dies = self.now - LATENCY + LIFETIME;
        let access_token = Secret::new(self.dies.to_string());
        let expires_in = Some(Millis(LIFETIME));
        let body = Body::Token { access_token, expires_in, refresh_token: None };
        Input::Reply(Reply { status: 200, headers: Headers::NONE, body })
    }
}

fn rows() -> Input {
    Input::Reply(Reply { status: 200, headers: Headers::NONE, body: Body::Rows(1) })
}

#[test]
#[cfg_attr(debug_assertions, ignore = "make test runs it optimised")]
fn no_call_of_thirty_days_fails_while_a_token_is_obtainable() {
    let seed = std::env::var("SYSPARM_SEED").map_or(1, |text| text.parse().expect("a seed is a number"));
    let grant = Grant::client_credentials("id".to_owned(), Secret::new("hush".to_owned()));
    let settings =
        ClientSettings { seed, ..ClientSettings::new(InstanceUrl::parse("https://x.example").unwrap(), grant) };
    let mut month = Month {
        client: Client::new(settings),
        now: START,
        outages: Outages::new(seed),
        due: BinaryHeap::new(),
        sleep: None,
        granted: 0,
        refused: 0,
        failed: vec![],
        dead: 0,
        dies: 0,
        finished: 0,
    };
    let share = month.outages.share();
    assert!((0.04..0.06).contains(&share), "down {share} of the time");
    let (mut calls, mut begun, mut unavoidable) = (0_u64, std::collections::HashMap::new(), 0_u64);
    for second in 0..DAYS * 86_400 {
        month.pass(START + second * 1000);
        let path = "/api/now/table/incident".to_owned();
        let request = Request { method: Method::Get, path, expect: Expect::Rows, repeatable: true };
        let call = month.client.start(request, Millis(month.now));
        calls += 1;
        begun.insert(call.0, month.now);
        month.run();
        if second % 1000 == 0 {
            begun.retain(|_, at| *at + 200_000 > month.now);
        }
        for (call, at) in core::mem::take(&mut month.failed) {
            let start = begun[&call.0];
            let could = (start..=at).step_by(100).any(|moment| month.outages.obtainable(moment));
            assert!(!could, "a call from {start} to {at} failed although the endpoint answered meanwhile");
            unavoidable += 1;
        }
    }
    month.pass(START + DAYS * 86_400_000 + 100_000);
    assert_eq!(month.finished, calls, "every call ends once");
    assert_eq!(month.dead, 0, "no call is sent with an expired token");
    let least = DAYS * 86_400_000 / LIFETIME;
    let more = month.granted as f64 / least as f64 - 1.0;
    println!(
        "{calls} calls, {} tokens (least possible {least}, {:.1} % more), {} requests during outages, {unavoidable} unavoidable failures",
        month.granted,
        more * 100.0,
        month.refused
    );
    assert!(more < 0.08, "{} tokens, least possible {least}", month.granted);
    assert!(unavoidable > 0, "some outages outlast a token");
}
