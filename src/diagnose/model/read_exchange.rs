//! Reads a failed exchange that a client has printed.

use super::circumstances::{Circumstances, Credential};
use super::facts::{Stage, Transport};
use super::failed_exchange::{TEXT, TOKEN, UNTOUCHED};
use crate::auth::GrantType;
use crate::request::{Body, Headers, Method, Reply};
use crate::secret::Secret;
use crate::time::Millis;

/// A failed exchange that was read back.
pub(crate) struct ReadExchange {
    pub(crate) stage: Stage,
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) outcome: Result<Reply, Transport>,
    pub(crate) around: Circumstances<'static>,
    pub(crate) attempts: u8,
    pub(crate) now: Millis,
    pub(crate) secrets: Vec<Secret>,
}

impl ReadExchange {
    /// Reads the printed list; `None` for any other text.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        const TRANSPORTS: [Transport; 5] = [
            Transport::Unreachable,
            Transport::Unsent,
            Transport::TimedOut,
            Transport::SourceFailed,
            Transport::SigningFailed,
        ];
        const CREDENTIALS: [Credential; 5] =
            [Credential::Bearer, Credential::Basic, Credential::ApiKey, Credential::Cookie, Credential::Unshown];
        let mut entries = entries(text);
        let mut next = || entries.next();
        let mut number = || next().map(|entry| entry.parse::<u64>().ok());
        let (status, transport, attempts, now, flags) = (number()?, number()??, number()??, number()??, number()??);
        let (grant, credential) = (number()?, number()?);
        let (token_age, token_lifetime, duration) = (number()?, number()?, number()?);
        let stage = if next()? == TOKEN { Stage::Token } else { Stage::Api };
        let method = Method::parse(next()?)?;
        let path = next()?.to_owned();
        let headers = Headers::from_lines(next()?);
        let (body, text) = (next()?, next()?);
        let body = match body {
            TEXT => Body::Text(text.to_owned()),
            UNTOUCHED => Body::Untouched,
            _ => Body::Record,
        };
        let flag = |place: u32| flags >> place & 1 == 1;
        let outcome = match status {
            Some(status) => Ok(Reply { status: u16::try_from(status).ok()?, headers, body }),
            None => Err(TRANSPORTS.into_iter().find(|known| *known as u64 == transport)?),
        };
        Some(Self {
            stage,
            method,
            path,
            outcome,
            around: Circumstances {
                grant: GrantType::ALL.iter().copied().find(|known| Some(*known as u64) == grant),
                credential: CREDENTIALS.into_iter().find(|known| Some(*known as u64) == credential),
                scope: flag(6),
                token_before: flag(5),
                renewed: flag(4),
                accepted_here: flag(3),
                accepted_elsewhere: flag(2),
                accepted_lately: flag(1),
                foreign: flag(0),
                token_age: token_age.map(Millis),
                token_lifetime: token_lifetime.map(Millis),
                duration: duration.map(Millis),
                ..Circumstances::UNKNOWN
            },
            attempts: u8::try_from(attempts).ok()?,
            now: Millis(now),
            secrets: entries.map(|secret| Secret::new(secret.to_owned())).collect(),
        })
    }
}

/// The texts of a printed list.
#[must_use]
pub fn unlisted(list: &str) -> Vec<Secret> {
    entries(list).map(|text| Secret::new(text.to_owned())).collect()
}

fn entries(mut list: &str) -> impl Iterator<Item = &str> {
    core::iter::from_fn(move || {
        let (length, behind) = list.split_once(':')?;
        let (entry, rest) = behind.split_at_checked(length.parse().ok()?)?;
        list = rest;
        Some(entry)
    })
}
