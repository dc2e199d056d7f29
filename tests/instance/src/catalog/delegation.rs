//! Orders for others: who may be ordered for, and where they are.

use serde_json::{Map, Value, json};

use crate::exchange::Reply;
use crate::records;
use crate::refusal::Refusal;
use crate::search::Caller;
use crate::store::Store;
use crate::table_api::Call;

use super::access::{self, Person, can_view, item};
use super::order::may_request_for_others;
use super::variables::questions;
use super::{bad_request, body, exception, not_viewable, result, text};

/// The most users whom an item can also be requested for.
const MOST_USERS: usize = 50;

/// Whether a user has acquisition rights to an item.
pub(super) fn delegation(store: &Store, call: &Call<'_>, id: &str, user: &str) -> Reply {
    result(&json!({ "result": is_entitled(store, &call.caller, id, user) }))
}

fn is_entitled(store: &Store, caller: &Caller<'_>, id: &str, user: &str) -> bool {
    let person = Person::of(store, caller, user);
    item(store, id).zip(person).is_some_and(|(item, person)| can_view(store, &person, &item))
}

/// Why an item cannot be requested for several people: the code and text of the API's sample.
const NOT_FOR_SEVERAL: (&str, &str) =
    ("42202", "This item cannot be submitted for multiple people as it is not configured with Requested For");

/// Whether an item has a variable of the type "Requested For" that lets the caller name more people.
fn takes_several(store: &Store, call: &Call<'_>, id: &str) -> bool {
    let person = Person::calling(call.principal);
    questions(store, id).iter().any(|variable| {
        let roles = variable.text("roles_to_use_also_request_for");
        let open = variable.text("type") == "31" && variable.is("enable_also_request_for");
        open && (roles.is_empty() || person.has_any(roles))
    })
}

fn named(body: &Map<String, Value>) -> Vec<String> {
    let listed = text(body.get("sysparm_also_request_for")).unwrap_or_default();
    listed.split(',').map(str::trim).filter(|user| !user.is_empty()).map(str::to_owned).collect()
}

/// The users whom a body also requests an item for. One who is not entitled refuses them all, as do too many.
pub(super) fn also_requested_for(
    store: &Store,
    call: &Call<'_>,
    id: &str,
    body: &Map<String, Value>,
) -> Result<Vec<String>, Refusal> {
    let users = named(body);
    let allowed = users.is_empty()
        || users.len() <= MOST_USERS
            && takes_several(store, call, id)
            && users.iter().all(|user| is_entitled(store, &call.caller, id, user));
    if allowed { Ok(users) } else { Err(exception()) }
}

/// The names of users who are not entitled to an item.
pub(super) fn invalid_delegates(store: &Store, call: &Call<'_>, id: &str) -> Result<Reply, Refusal> {
    let body = body(call)?;
    item(store, id).ok_or_else(not_viewable)?;
    if !takes_several(store, call, id) {
        let (code, message) = NOT_FOR_SEVERAL;
        return Ok(result(&json!({ "errCode": code, "errMsg": message })));
    }
    let invalid = named(&body).into_iter().filter(|user| !is_entitled(store, &call.caller, id, user));
    let name = |id: String| access::user(store, &call.caller, &id).map_or(id, |user| user.text("name").to_owned());
    let names: Vec<String> = invalid.map(name).collect();
    Ok(result(&json!({ "invalidUsers": names })))
}

/// The shipping address of a user: that of their location.
pub(super) fn address(store: &Store, call: &Call<'_>, user: &str) -> Result<Reply, Refusal> {
    let found = access::user(store, &call.caller, user);
    let allowed = found.filter(|found| found.id() == call.caller.user_id || may_request_for_others(store, call));
    let user = allowed.ok_or_else(|| bad_request("Invalid user"))?;
    let location = records::by_id(store, "cmn_location", user.text("location"));
    let of_location = |column: &str| location.map_or("", |location| location.text(column));
    let town = ["city", "state", "zip"].map(of_location).into_iter().filter(|part| !part.is_empty());
    let lines =
        [of_location("street").to_owned(), town.collect::<Vec<_>>().join(", "), of_location("country").to_owned()];
    let lines: Vec<String> = lines.into_iter().filter(|line| !line.is_empty()).collect();
    Ok(result(&lines.join("\n").into()))
}
