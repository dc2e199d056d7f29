//! Machine identity access controls (Zurich): a web-service-only user who is named in one reaches the APIs and tables that the
//! records list for that user and nothing else, whatever the roles ("Create a machine identity access control").

use crate::instance::Instance;
use crate::records;
use crate::switches::Release;

use super::{Principal, Target};

/// Whether the controls that name this user, if any, list the target.
pub(crate) fn admits(instance: &Instance, principal: &Principal, target: &Target<'_>) -> bool {
    let store = &instance.store;
    let user = records::by_id(store, "sys_user", &principal.user_id);
    let service = user.is_some_and(|user| user.is("web_service_access_only"));
    if instance.switches.release < Release::Zurich || !service {
        return true;
    }
    let named = records::with(store, "machine_identity_access_control_user", "user", &principal.user_id);
    let controls = named.filter_map(|row| {
        let control = row.text("machine_identity_access_control");
        records::by_id(store, "machine_identity_access_control", control).filter(|control| control.is("active"))
    });
    let mut controls = controls.peekable();
    let lists = |text: &str, one: &str| text.is_empty() || text.split(',').any(|other| other.trim() == one);
    controls.peek().is_none()
        || controls.any(|control| {
            control.text("rest_api") == target.api
                && (target.table.is_empty() || lists(control.text("tables"), target.table))
        })
}
