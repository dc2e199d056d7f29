//! Tokens and their rows in `oauth_credential`: a token is valid while its row exists and until it expires.

use base64::Engine;
use rand::Rng;
use rand_pcg::Pcg64;

use crate::clock::stamp;
use crate::data::put;
use crate::exchange::Reply;
use crate::identity::sys_id_of;
use crate::records::{self, property};
use crate::store::Store;

use super::SigningKeys;

/// The valid tokens.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    access: Vec<Token>,
    refresh: Vec<Token>,
    issued: u64,
}

#[derive(Clone, Debug)]
pub(crate) struct Token {
    text: String,
    /// `sys_id` of its row.
    id: String,
    pub(crate) expires: u64,
    /// Whether it was issued together with a refresh token; such a token is never returned by a grant without one.
    renewable: bool,
    /// `sys_id` of the registry record it belongs to.
    pub(crate) entity: String,
    /// `sys_id` of the user it acts as.
    pub(crate) user: String,
}

/// The request that a token is issued for.
#[derive(Clone, Debug)]
pub(crate) struct TokenRequest {
    pub(crate) entity: String,
    pub(crate) user: String,
    pub(crate) renewable: bool,
    /// Milliseconds.
    pub(crate) life: u64,
    pub(crate) refresh_lifetime: u64,
    pub(crate) reuse: bool,
    pub(crate) scope: String,
    /// For a registry record whose token format is JWT.
    pub(crate) signature: Option<Signature>,
}

/// What a token in JWT form says in addition to its times.
#[derive(Clone, Debug)]
pub(crate) struct Signature {
    /// The instance's address.
    pub(crate) issuer: String,
    pub(crate) subject: String,
    pub(crate) client_id: String,
}

/// What the text of a token is made from.
pub(crate) struct Source<'a> {
    pub(crate) keys: &'a SigningKeys,
    pub(crate) random: &'a mut Pcg64,
}

impl Source<'_> {
    /// About 86 random URL-safe characters, or a JWT. A refresh token is opaque in either case.
    fn text(&mut self, refresh: bool, wanted: &TokenRequest, id: &str, expires: u64, now: u64) -> String {
        let signed = wanted.signature.as_ref().filter(|_| !refresh).and_then(|signature| {
            self.keys.sign(&serde_json::json!({
                "iss": signature.issuer,
                "sub": signature.subject,
                "aud": signature.client_id,
                "client_id": signature.client_id,
                "scope": wanted.scope,
                "iat": now / 1000,
                "exp": expires / 1000,
                "jti": id,
            }))
        });
        signed.unwrap_or_else(|| {
            let mut bytes = [0; 64];
            self.random.fill_bytes(&mut bytes);
            base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
        })
    }
}

/// The hours for which the row of an expired token is kept.
const HOURS_KEPT: &str = "com.snc.platform.security.oauth.hours.expired.credential.is.kept";
/// Beyond this number the oldest tokens are dropped.
const MAX_TOKENS: usize = 10_000;

impl Tokens {
    /// The access token with this text, if it is valid.
    pub(crate) fn alive(&self, store: &Store, text: &str, now: u64) -> Option<&Token> {
        let found = self.access.iter().find(|token| token.text == text && token.expires > now)?;
        records::by_id(store, "oauth_credential", &found.id).map(|_| found)
    }

    /// The number of valid access tokens.
    pub(crate) fn count(&self, now: u64) -> usize {
        self.access.iter().filter(|token| token.expires > now).count()
    }

    /// Revokes every token, refresh tokens included.
    pub(crate) fn revoke_all(&mut self, store: &mut Store) {
        for token in self.access.drain(..).chain(self.refresh.drain(..)) {
            records::remove(store, "oauth_credential", &token.id);
        }
    }

    /// Revokes every access token, but no refresh token.
    pub(crate) fn revoke_access(&mut self, store: &mut Store) {
        for token in self.access.drain(..) {
            records::remove(store, "oauth_credential", &token.id);
        }
    }

    /// Marks one token, access or refresh, as expired; its row stays for administrators who look for the cause ("Revoke an OAuth token").
    pub(crate) fn revoke(&mut self, store: &mut Store, text: &str, now: u64) {
        for token in self.access.iter_mut().chain(&mut self.refresh) {
            if token.text == text && token.expires > now {
                token.expires = now;
                if let Some(row) = records::by_id(store, "oauth_credential", &token.id).map(|record| record.row) {
                    records::set(store, "oauth_credential", row, &[("expires", &stamp(now))], now);
                }
            }
        }
    }

    /// A grant made while the current token is valid returns that token and renews its lifetime and that of the refresh
    /// token (KB0791140).
    pub(crate) fn issue(
        &mut self,
        store: &mut Store,
        wanted: &TokenRequest,
        source: &mut Source<'_>,
        now: u64,
    ) -> Reply {
        self.forget(store, now);
        // The expiry of a JWT is part of it and cannot be changed, so such a token is not returned again.
        let reuse = wanted.reuse && wanted.signature.is_none();
        let text = match self.current(store, false, wanted, now).filter(|_| reuse) {
            Some(text) => text,
            None => self.keep(store, false, wanted, source, now),
        };
        let refresh = wanted.renewable.then(|| match self.current(store, true, wanted, now) {
            Some(text) => text,
            None => self.keep(store, true, wanted, source, now),
        });
        success(&text, refresh.as_deref(), wanted)
    }

    /// The refresh token of this text, if it is valid and belongs to this record.
    pub(crate) fn refreshing(&self, store: &Store, text: &str, entity: &str, now: u64) -> Option<&Token> {
        let fits = |token: &&Token| token.text == text && token.expires > now && token.entity == entity;
        let found = self.refresh.iter().find(fits)?;
        records::by_id(store, "oauth_credential", &found.id).map(|_| found)
    }

    /// A new access token for a refresh token, which stays unchanged.
    pub(crate) fn renew(
        &mut self,
        store: &mut Store,
        refresh: &str,
        wanted: &TokenRequest,
        source: &mut Source<'_>,
        now: u64,
    ) -> Reply {
        self.forget(store, now);
        let text = self.keep(store, false, wanted, source, now);
        success(&text, Some(refresh), wanted)
    }

    /// The valid token for this request, its lifetime renewed.
    fn current(&mut self, store: &mut Store, refresh: bool, wanted: &TokenRequest, now: u64) -> Option<String> {
        let (tokens, life) = match refresh {
            true => (&mut self.refresh, wanted.refresh_lifetime),
            false => (&mut self.access, wanted.life),
        };
        let fits = |token: &&mut Token| {
            token.renewable == wanted.renewable
                && token.expires > now
                && token.entity == wanted.entity
                && token.user == wanted.user
        };
        let token = tokens.iter_mut().rfind(fits)?;
        let row = records::by_id(store, "oauth_credential", &token.id)?.row;
        token.expires = now.saturating_add(life);
        records::set(store, "oauth_credential", row, &[("expires", &stamp(token.expires))], now);
        Some(token.text.clone())
    }

    /// The job "Clean Expired OAuth Credentials": deletes rows some hours after their tokens have expired.
    fn forget(&mut self, store: &mut Store, now: u64) {
        let hours = property(store, HOURS_KEPT).and_then(|hours| hours.parse::<u64>().ok()).unwrap_or(0);
        let kept = hours.saturating_mul(3_600_000);
        for tokens in [&mut self.access, &mut self.refresh] {
            while tokens.len() >= MAX_TOKENS {
                records::remove(store, "oauth_credential", &tokens.remove(0).id);
            }
            tokens.retain(|token| {
                let stays = token.expires.saturating_add(kept) > now;
                if !stays {
                    records::remove(store, "oauth_credential", &token.id);
                }
                stays
            });
        }
    }

    fn keep(
        &mut self,
        store: &mut Store,
        refresh: bool,
        wanted: &TokenRequest,
        source: &mut Source<'_>,
        now: u64,
    ) -> String {
        self.issued += 1;
        let id = sys_id_of("oauth_credential", &self.issued.to_string());
        let (kind, life) = match refresh {
            true => ("refresh_token", wanted.refresh_lifetime),
            false => ("access_token", wanted.life),
        };
        let expires = now.saturating_add(life);
        let text = source.text(refresh, wanted, &id, expires, now);
        let fields = [
            ("token", "kept apart"),
            ("type", kind),
            ("expires", &stamp(expires)),
            ("user", &wanted.user),
            ("peer", &wanted.entity),
        ];
        // A store too full for the row issues a token that is invalid at once, as a full database does.
        let _ = put(store, "oauth_credential", &id, &stamp(now), &fields);
        let token = Token {
            text: text.clone(),
            id,
            expires,
            renewable: wanted.renewable,
            entity: wanted.entity.clone(),
            user: wanted.user.clone(),
        };
        match refresh {
            true => self.refresh.push(token),
            false => self.access.push(token),
        }
        text
    }
}

/// `expires_in` is 1799 straight after issue: the part of the first second is already gone.
fn success(access: &str, refresh: Option<&str>, wanted: &TokenRequest) -> Reply {
    let mut body = serde_json::json!({
        "access_token": access,
        "scope": wanted.scope,
        "token_type": "Bearer",
        "expires_in": wanted.life.saturating_sub(1) / 1000,
    });
    if let (Some(refresh), Some(members)) = (refresh, body.as_object_mut()) {
        members.insert("refresh_token".into(), refresh.into());
    }
    Reply::json(200, body.to_string())
}
