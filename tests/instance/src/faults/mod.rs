//! Faults between a request and its reply: their paths, frequency and effect. Randomness comes from the instance's seed, so
//! the same requests meet the same faults in every run.

mod body;
mod cache;
mod gateway;
mod headers;
mod refusals;
mod run;
mod wire;

use rand::RngExt;
use rand_pcg::Pcg64;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::echo::EchoForm;
use crate::exchange::Request;

pub use body::BodyChange;
pub(crate) use cache::Cache;
pub use cache::CacheKey;
pub use gateway::Gateway;
pub use headers::{HeaderChange, LostHeader};
pub use refusals::{RedirectTarget, RetryAfter};
pub(crate) use run::{answered, apply_fault};
pub use wire::WireFault;

/// A fault and the requests that it affects.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Only requests whose path begins with this; all when absent.
    #[serde(default)]
    pub path: Option<String>,
    /// The share of those that are affected, 0 to 1.
    #[serde(default = "always")]
    pub probability: f64,
    /// The number of matching requests that are let through first.
    #[serde(default)]
    pub after: u32,
    /// The number of requests that it affects; unlimited when absent.
    #[serde(default)]
    pub count: Option<u32>,
    /// The effect.
    pub kind: FaultKind,
}

/// The effect on a request or its reply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum FaultKind {
    /// The reply takes longer.
    Delay {
        /// Milliseconds.
        ms: u64,
    },
    /// The connection is closed without a reply; the request was processed.
    Drop,
    /// The connection is closed without a reply; the request was not processed.
    Lose,
    /// The connection is reset without a reply; the request was processed.
    Reset,
    /// Half of the reply's body arrives, then the connection is closed.
    Truncate,
    /// The request is processed twice, as when a proxy repeats it; the second reply arrives.
    Duplicate,
    /// The body arrives slowly.
    Trickle {
        /// Bytes a second.
        bytes_per_second: u64,
    },
    /// The reply has another content type.
    ContentType {
        /// The content type.
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
    /// An error repeats the request, secrets included.
    Echo {
        /// 200, or 400 to 599; a redirect has its own.
        status: u16,
        /// The encoding.
        form: EchoForm,
    },
    /// Every access token is revoked before the request is processed.
    RevokeTokens,
    /// A proxy, firewall or gateway answers instead, with its page or its JSON.
    Gateway {
        /// 200, or 400 to 599: some firewalls answer 200.
        status: u16,
        /// The product.
        by: Gateway,
    },
    /// A redirect instead of an answer.
    Redirect {
        /// 301, 302, 303, 307 or 308.
        status: u16,
        /// The target.
        to: RedirectTarget,
    },
    /// An error whose `Retry-After` has an unusual form.
    RetryAfter {
        /// 400 to 599.
        status: u16,
        /// The form.
        form: RetryAfter,
    },
    /// The reply arrives without its body.
    Empty {
        /// 200 to 599, such as 204 or 304.
        status: u16,
    },
    /// The body of the reply arrives changed.
    Body {
        /// The change.
        change: BodyChange,
    },
    /// Headers of the reply are lost or changed.
    Headers {
        /// The change.
        change: HeaderChange,
    },
    /// The request arrives without a header.
    LostHeader {
        /// The header.
        name: LostHeader,
    },
    /// A cache answers a GET with a reply to an earlier request, up to five minutes old.
    Stale {
        /// What the two requests share.
        key: CacheKey,
    },
    /// The reply is unusual or wrong on the connection.
    Wire {
        /// The form.
        form: WireFault,
    },
}

/// The effect of the network on a reply.
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
    /// It is written as bytes in this form.
    Wire(WireFault),
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
            FaultKind::Gateway { status, .. } if !matches!(status, 200 | 400..=599) => {
                Err("a gateway's status is 200 or between 400 and 599".into())
            }
            FaultKind::Redirect { status, .. } if !matches!(status, 301 | 302 | 303 | 307 | 308) => {
                Err("a redirect's status is 301, 302, 303, 307 or 308".into())
            }
            FaultKind::RetryAfter { status, .. } if !matches!(status, 400..=599) => {
                Err("the status of an error with Retry-After is between 400 and 599".into())
            }
            FaultKind::Empty { status } if !matches!(status, 200..=599) => {
                Err("the status of an empty reply is between 200 and 599".into())
            }
            FaultKind::ContentType { value } if value.chars().any(char::is_control) => {
                Err("a content type has no control characters".into())
            }
            _ => Ok(()),
        }
    }

    /// Whether it affects this request; counts down when it does.
    fn affects(&mut self, request: &Request, rng: &mut Pcg64) -> bool {
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

/// The faults that affect this request.
pub(crate) fn affecting(faults: &mut Vec<Fault>, request: &Request, rng: &mut Pcg64) -> Vec<FaultKind> {
    let struck =
        faults.iter_mut().filter_map(|fault| fault.affects(request, rng).then(|| fault.kind.clone())).collect();
    faults.retain(|fault| fault.count != Some(0));
    struck
}
