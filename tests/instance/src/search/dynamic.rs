//! Dynamic filter options: records that hold a script which gives the values, "Me" and "One of my groups" among them
//! ("Create a dynamic filter option").

use crate::records;
use crate::store::Store;

use super::caller::Caller;
use super::script;

/// The values of an option; nothing when there is none, it is inactive, or its script is not understood.
pub(super) fn values(store: &Store, option: &str, caller: &Caller<'_>) -> Option<Vec<String>> {
    let option = records::by_id(store, "sys_filter_option_dynamic", option).filter(|option| option.is("active"))?;
    match option.text("script").trim_end_matches(';') {
        MY_GROUPS => {
            let memberships = records::with(store, "sys_user_grmember", "user", caller.user_id);
            Some(memberships.map(|membership| membership.text("group").to_owned()).collect())
        }
        one => script::value(one, caller).map(|one| vec![one]),
    }
}

/// The only script of more than one call that the base system's options need.
pub(crate) const MY_GROUPS: &str = "gs.getUser().getMyGroups()";
