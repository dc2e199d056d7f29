//! The user that the integration acts as.

use crate::identity::sys_id_of;
use crate::store::{Full, Store};

use super::filling::put;

/// `user_name` of the integration user, unless another is set.
pub(crate) const INTEGRATION_USER: &str = "practice.integration";
/// How it is shown.
pub(crate) const INTEGRATION_NAME: &str = "Practice Integration";

/// Puts the integration user among the users.
pub(super) fn put_integration_user(store: &mut Store, user_name: &str, created: &str) -> Result<(), Full> {
    let fields = [
        ("user_name", user_name),
        ("name", INTEGRATION_NAME),
        ("first_name", "Practice"),
        ("last_name", "Integration"),
        ("active", "true"),
        ("locked_out", "false"),
        ("vip", "false"),
        ("time_zone", "GMT"),
        ("web_service_access_only", "true"),
    ];
    put(store, "sys_user", &sys_id_of("sys_user", user_name), created, &fields)
}
