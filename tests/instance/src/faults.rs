//! What goes wrong between a request and its reply: for which paths, how often, and what. Randomness comes from the instance's seed, so
//! the same requests meet the same faults in every run.

use rand::RngExt;
use rand_pcg::Pcg64;
use serde::{Deserialize, Serialize};

use crate::echo::EchoForm;
use crate::exchange::{Body, Reply, Request};

/// A fault and the requests that it strikes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Only requests whose path begins so; all when absent.
    #[serde(default)]
    pub path: Option<String>,
    /// The share of those that are struck, 0 to 1.
    #[serde(default = "always")]
    pub probability: f64,
    /// The number of matching requests that are let through first.
    #[serde(default)]
    pub after: u32,
    /// It strikes so often and is then over; without end when absent.
    #[serde(default)]
    pub count: Option<u32>,
    /// What happens.
    pub kind: FaultKind,
}

/// What happens to a request or to its reply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum FaultKind {
    /// The reply takes longer.
    Delay {
        /// Milliseconds.
        ms: u64,
    },
    /// The connection is closed without a reply; the request was carried out.
    Drop,
    /// The connection is closed without a reply; the request was never looked at.
    Lose,
    /// The connection is reset without a reply; the request was carried out.
    Reset,
    /// Half of the reply's body comes, then the connection is closed.
    Truncate,
    /// The request is carried out twice, as a proxy does that sends it again; the second reply comes.
    Duplicate,
    /// The body comes slowly.
    Trickle {
        /// Bytes a second.
        bytes_per_second: u64,
    },
    /// The reply claims to be of another type.
    ContentType {
        /// What it claims.
        value: String,
    },
    /// An error instead of an answer.
    Status {
        /// 400 to 599, or 202.
        status: u16,
        /// Seconds in `Retry-After`; with 429 also the headers of a rate-limit rule.
        #[serde(default)]
        retry_after: Option<u64>,
    },
    /// What was sent is repeated in an error, with all that is secret in it.
    Echo {
        /// 200, or 400 to 599; a redirect has its own.
        status: u16,
        /// How it is written.
        form: EchoForm,
    },
    /// Every access token dies before the request is looked at.
    RevokeTokens,
}

/// What the network does to a reply on its way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Journey {
    /// It arrives.
    #[default]
    Safe,
    /// The connection is closed instead.
    Dropped,
    /// The connection is reset instead.
    Reset,
    /// Only half of the body arrives.
    Truncated,
    /// The bytes that arrive per second.
    Slow(u64),
}

fn always() -> f64 {
    1.0
}

const LONGEST_DELAY_MS: u64 = 600_000;

impl Fault {
    pub(crate) fn check(&self) -> Result<(), String> {
        if !(0.0..=1.0).contains(&self.probability) {
            return Err("a fault's probability is between 0 and 1".into());
        }
        match &self.kind {
            FaultKind::Delay { ms } if *ms > LONGEST_DELAY_MS => {
                Err(format!("a delay is at most {LONGEST_DELAY_MS} ms"))
            }
            FaultKind::Trickle { bytes_per_second: 0 } => Err("bytes_per_second is at least 1".into()),
            FaultKind::Status { status, .. } if !matches!(status, 202 | 400..=599) => {
                Err("a fault's status is 202 or between 400 and 599".into())
            }
            FaultKind::Echo { status, .. } if !matches!(status, 200 | 400..=599) => {
                Err("an echo's status is 200 or between 400 and 599".into())
            }
            FaultKind::ContentType { value } if value.chars().any(char::is_control) => {
                Err("a content type has no control characters".into())
            }
            _ => Ok(()),
        }
    }

    /// Whether it strikes this request; counts down when it does.
    fn strikes(&mut self, request: &Request, rng: &mut Pcg64) -> bool {
        let meant = self.path.as_deref().is_none_or(|path| request.path.starts_with(path));
        if !meant || self.count == Some(0) || rng.random::<f64>() >= self.probability {
            return false;
        }
        if self.after > 0 {
            self.after -= 1;
            return false;
        }
        if let Some(count) = &mut self.count {
            *count -= 1;
        }
        true
    }
}

/// The faults that strike this request.
pub(crate) fn striking(faults: &mut Vec<Fault>, request: &Request, rng: &mut Pcg64) -> Vec<FaultKind> {
    let struck =
        faults.iter_mut().filter_map(|fault| fault.strikes(request, rng).then(|| fault.kind.clone())).collect();
    faults.retain(|fault| fault.count != Some(0));
    struck
}

/// Does to a reply what a fault does to it.
pub(crate) fn spoil(reply: &mut Reply, fault: &FaultKind) {
    match fault {
        FaultKind::Delay { ms } => reply.delay_ms = reply.delay_ms.saturating_add(*ms),
        FaultKind::Drop | FaultKind::Lose => reply.journey = Journey::Dropped,
        FaultKind::Reset => reply.journey = Journey::Reset,
        FaultKind::Truncate => reply.journey = Journey::Truncated,
        FaultKind::Trickle { bytes_per_second } => reply.journey = Journey::Slow(*bytes_per_second),
        FaultKind::ContentType { value } => {
            reply.headers.retain(|(name, _)| *name != "Content-Type");
            reply.headers.push(("Content-Type", value.clone()));
            if let Body::Whole(body) = &mut reply.body
                && body.is_empty()
            {
                body.push(b' ');
            }
        }
        FaultKind::Duplicate | FaultKind::Status { .. } | FaultKind::Echo { .. } | FaultKind::RevokeTokens => {}
    }
}
