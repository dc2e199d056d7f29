//! The integration user.

use crate::identity::sys_id_of;
use crate::store::{Full, Store};

use super::filling::put;

/// The default `user_name` of the integration user.
pub(crate) const INTEGRATION_USER: &str = "practice.integration";
/// Its display name.
pub(crate) const INTEGRATION_NAME: &str = "Practice Integration";

/// Inserts the integration user.
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
