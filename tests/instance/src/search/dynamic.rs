//! Dynamic filter options such as "Me" and "One of my groups": records with a script that returns the values ("Create a dynamic
//! filter option").

use crate::records;
use crate::store::Store;

use super::caller::Caller;
use super::script;

/// The values of an option. None if it does not exist, is inactive, or has an unsupported script.
pub(crate) fn values(store: &Store, option: &str, caller: &Caller<'_>) -> Option<Vec<String>> {
    let option = records::by_id(store, "sys_filter_option_dynamic", option).filter(|option| option.is("active"))?;
    match option.text("script").trim_end_matches(';') {
        MY_GROUPS => {
            let memberships = records::with(store, "sys_user_grmember", "user", caller.user_id);
            Some(memberships.map(|membership| membership.text("group").to_owned()).collect())
        }
        one => script::value(one, caller).map(|one| vec![one]),
    }
}

/// The only script with more than one call among the base system's options.
pub(crate) const MY_GROUPS: &str = "gs.getUser().getMyGroups()";
