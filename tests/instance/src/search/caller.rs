//! The session's values that a query depends on: user, time zone and time.

use std::collections::BTreeSet;

use crate::sign_in::Principal;
use crate::store::{RowId, Store};

use super::calendar::Moment;
use super::domain::Domain;

/// The session behind a query.
#[derive(Clone, Copy)]
pub(crate) struct Caller<'a> {
    pub(crate) user_id: &'a str,
    pub(crate) user_name: &'a str,
    pub(crate) roles: &'a BTreeSet<String>,
    /// "Europe/Berlin". Empty for the system's zone, which is GMT.
    pub(crate) time_zone: &'a str,
    /// The rows that the caller's domain makes visible; `None` where domains are not separated.
    pub(crate) domain: Option<&'a Domain>,
    /// The time of the request, in milliseconds since 1970.
    pub(crate) now: u64,
}

impl<'a> Caller<'a> {
    pub(crate) fn of(principal: &'a Principal, domain: Option<&'a Domain>, now: u64) -> Self {
        Self {
            user_id: &principal.user_id,
            user_name: &principal.user_name,
            roles: &principal.roles,
            time_zone: &principal.time_zone,
            domain,
            now,
        }
    }

    /// Whether the caller's domain makes a row visible.
    pub(crate) fn sees(&self, store: &Store, row: RowId) -> bool {
        self.domain.is_none_or(|domain| domain.shows(store, row))
    }

    /// The time of the request in the caller's zone.
    pub(super) fn moment(&self) -> Moment {
        Moment::of(self.now, self.time_zone)
    }
}
