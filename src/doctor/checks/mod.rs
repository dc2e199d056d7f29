//! The checks as rows of one table, in order: what costs least and excludes most comes first.

mod access_rules;
mod administrator;
mod api;
mod cors;
mod query;
mod records;
mod sign_in;
mod table;
mod token;
mod transport;

use super::case::Case;
use super::check::InstanceCheck;

/// Every check, in order.
pub(super) fn all() -> Vec<InstanceCheck> {
    let parts = [
        transport::checks(),
        token::checks(),
        api::checks(),
        table::checks(),
        query::checks(),
        cors::checks(),
        administrator::checks(),
        sign_in::checks(),
        records::checks(),
    ];
    parts.into_iter().flatten().collect()
}

/// Findings that need no request.
pub(super) fn before_anything(case: &mut Case) {
    transport::mixed_content(case);
}
