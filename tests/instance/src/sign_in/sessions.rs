//! Sessions: a cookie names them, one transaction at a time runs in each, and a cookie alone signs nobody in without the
//! session's token in `X-UserToken`.

use std::collections::VecDeque;

use rand::Rng;

use crate::exchange::Request;
use crate::instance::Instance;
use crate::records::{is_set, property};

use super::{Means, Principal};

/// A session of a user.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    id: String,
    /// `sys_id` of the user.
    pub(crate) user: String,
    /// The CSRF token, `g_ck`.
    pub(crate) token: String,
    /// Whether a person logged in, rather than an integration.
    pub(crate) interactive: bool,
    expires: u64,
    /// The idle timeout in milliseconds.
    idle: u64,
    /// The absolute end, which use does not extend.
    ends_by: u64,
    /// The times at which the running and waiting requests will be done.
    ends: VecDeque<u64>,
}

/// The sessions that are open, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Sessions(VecDeque<Session>);

const MAX_SESSIONS: usize = 10_000;
/// `glide.integration.session_timeout`, and the lifetime of an interactive session, in milliseconds.
const INTEGRATION_LIFETIME: u64 = 300_000;
const INTERACTIVE_LIFETIME: u64 = 1_800_000;
/// With more waiting requests than this, or one that runs longer than this many milliseconds, the reply is 202 (KB article on
/// performance considerations for integrations).
const MAX_WAITING: usize = 10;
const LONGEST_TRANSACTION: u64 = 120_000;

impl Sessions {
    /// Opens a session and returns its id.
    pub(crate) fn open(&mut self, random: &mut impl Rng, user: String, interactive: bool, now: u64) -> String {
        let idle = if interactive { INTERACTIVE_LIFETIME } else { INTEGRATION_LIFETIME };
        self.open_until(random, user, interactive, (idle, u64::MAX), now)
    }

    fn open_until(
        &mut self,
        random: &mut impl Rng,
        user: String,
        interactive: bool,
        (idle, ends_by): (u64, u64),
        now: u64,
    ) -> String {
        if self.0.len() >= MAX_SESSIONS {
            self.0.pop_front();
        }
        let mut hexadecimal = || {
            let mut bytes = [0; 16];
            random.fill_bytes(&mut bytes);
            bytes.iter().map(|byte| format!("{byte:02X}")).collect::<String>()
        };
        let (id, token) = (hexadecimal(), hexadecimal());
        let expires = now.saturating_add(idle).min(ends_by);
        let ends = VecDeque::new();
        self.0.push_back(Session { id: id.clone(), user, token, interactive, expires, idle, ends_by, ends });
        id
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// Lets a request that takes `work` milliseconds queue in its session. Returns its waiting time, or `None` when the
    /// queue is full.
    pub(crate) fn queue(&mut self, request: &Request, work: u64, now: u64) -> Option<u64> {
        let Some(session) = cookie(request).and_then(|id| self.0.iter_mut().find(|session| session.id == id)) else {
            return Some(0);
        };
        session.expires = session.expires.max(now.saturating_add(session.idle).min(session.ends_by));
        session.ends.retain(|end| *end > now);
        let runs_too_long = session.ends.front().is_some_and(|end| *end - now > LONGEST_TRANSACTION);
        if session.ends.len() > MAX_WAITING || runs_too_long {
            return None;
        }
        let wait = session.ends.back().map_or(0, |end| end.saturating_sub(now));
        session.ends.push_back(now.saturating_add(wait).saturating_add(work));
        Some(wait)
    }
}

/// Opens the session that every call without a cookie gets. It is over after `glide.integration.session_timeout` minutes without
/// use, after `glide.integrations.active.session.life_span` minutes in any case, and with the token that opened it, unless
/// `glide.authenticate.oauth.post.token.expiration.cookie_auth.disabled` is false.
pub(crate) fn open_for_integration(instance: &mut Instance, principal: Option<&Principal>, now: u64) -> String {
    let store = &instance.store;
    let minutes =
        |name: &str| property(store, name).and_then(|text| text.parse::<u64>().ok()).filter(|count| *count > 0);
    let idle = minutes("glide.integration.session_timeout").map_or(INTEGRATION_LIFETIME, in_ms);
    let span = minutes("glide.integrations.active.session.life_span").map(in_ms);
    let with_token = is_set(store, "glide.authenticate.oauth.post.token.expiration.cookie_auth.disabled");
    let token_ends = match principal.map(|principal| &principal.means) {
        Some(Means::Bearer { expires, .. }) if with_token => *expires,
        _ => u64::MAX,
    };
    let ends_by = span.map_or(u64::MAX, |span| now.saturating_add(span)).min(token_ends);
    let user = principal.map_or_else(String::new, |principal| principal.user_id.clone());
    instance.sessions.open_until(&mut instance.rng, user, false, (idle, ends_by), now)
}

fn in_ms(minutes: u64) -> u64 {
    minutes.saturating_mul(60_000)
}

/// The open session that a request's cookie names.
pub(crate) fn session_of<'a>(instance: &'a Instance, request: &Request, now: u64) -> Option<&'a Session> {
    let id = cookie(request)?;
    instance.sessions.0.iter().rev().find(|session| session.id == id && session.expires > now)
}

fn cookie(request: &Request) -> Option<&str> {
    let cookies = request.header("cookie")?;
    cookies.split(';').find_map(|cookie| cookie.trim().strip_prefix("JSESSIONID="))
}
