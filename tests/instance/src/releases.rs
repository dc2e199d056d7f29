//! Every record whose default differs between releases, set at once when the release is. What differs in behaviour rather than
//! in a record (whose token client credentials give, which algorithms an assertion may use, which metadata exist) asks
//! `switches.release` where it happens.
//!
//! Sources: the release notes of access management and authentication from Washington DC to Brazil, KB0745184, and the page
//! "Basic authentication restriction".

use crate::data::rule;
use crate::records::{ensure, set_property};
use crate::store::Store;
use crate::switches::Release;

/// Fields of people that may be matched by everybody and searched by range or sorted only with a role. Which query rules
/// Australia loads is not published; these stand for them.
const PERSONAL: [&str; 4] = ["email", "phone", "employee_number", "user_name"];
const MAY_SEARCH_PEOPLE: [&str; 2] = ["itil", "user_admin"];

/// Sets the records of a release.
pub(crate) fn follow(store: &mut Store, release: Release, now: u64) {
    let name = release.build_name();
    let built = match release {
        Release::Brazil => "08-25-2026__patch1-09-21-2026",
        _ => "02-11-2026__patch3-05-25-2026",
    };
    let tag = format!("glide-{}-{built}", name.to_lowercase().replace(' ', ""));
    set_property(store, "glide.buildname", name, now);
    set_property(store, "glide.buildtag", &tag, now);
    for (property, since, before, from_then_on) in [
        ("glide.authenticate.basic_auth.restriction.enforce", Release::Australia, "false", "true"),
        // "From Yokohama release, MFA is not required by default for REST API authentication using Basic".
        ("glide.authenticate.multifactor.for_integrations", Release::Yokohama, "true", "false"),
        (crate::access::STRICT, Release::Brazil, "false", "true"),
    ] {
        set_property(store, property, if release >= since { from_then_on } else { before }, now);
    }
    let keys = if release >= Release::WashingtonDC { "active" } else { "inactive" };
    ensure(store, "v_plugin", "com.glide.tokenbased_auth", &[("active", keys)], now);
    for field in PERSONAL {
        let active = release >= Release::Australia;
        rule(store, &format!("sys_user.{field}"), "record", "query_range", &MAY_SEARCH_PEOPLE, active, now);
    }
}
