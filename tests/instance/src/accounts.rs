//! Who may sign in, with which password or secret: shown to people at the start and on the control page. Read from the records, so
//! that what was changed over REST is shown as it is.

use serde::Serialize;

use crate::instance::Instance;
use crate::records::{self, Record};
use crate::store::Store;

/// Everyone who may sign in.
#[derive(Debug, Serialize)]
pub(crate) struct Accounts {
    pub(crate) users: Vec<User>,
    pub(crate) clients: Vec<Client>,
    pub(crate) keys: Vec<Key>,
}

/// A user with a password.
#[derive(Debug, Serialize)]
pub(crate) struct User {
    pub(crate) user_name: String,
    pub(crate) password: String,
    pub(crate) roles: Vec<String>,
    /// Whether pages refuse the user ("Web service access only").
    pub(crate) apis_only: bool,
}

/// A registered OAuth application.
#[derive(Debug, Serialize)]
pub(crate) struct Client {
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    /// The user of client credentials.
    pub(crate) user_name: String,
    pub(crate) redirect_uris: Vec<String>,
}

/// An API key.
#[derive(Debug, Serialize)]
pub(crate) struct Key {
    pub(crate) name: String,
    pub(crate) token: String,
    pub(crate) user_name: String,
}

/// Active users, registered applications and API keys.
pub(crate) fn accounts(instance: &Instance) -> Accounts {
    let store = &instance.store;
    let active = |record: &Record<'_>| record.is("active");
    let users =
        records::with(store, "sys_user", "active", "true").filter(|user| !user.text("user_password").is_empty());
    let clients = records::all(store, "oauth_entity").filter(active).filter(|one| !one.text("client_id").is_empty());
    Accounts {
        users: users.map(|user| of_user(store, &user)).collect(),
        clients: clients.map(|client| of_client(store, &client)).collect(),
        keys: records::all(store, "rest_api_key").filter(active).map(|key| of_key(store, &key)).collect(),
    }
}

fn of_user(store: &Store, user: &Record<'_>) -> User {
    let granted = records::with(store, "sys_user_has_role", "user", user.id());
    let roles = granted.filter_map(|row| records::by_id(store, "sys_user_role", row.text("role")));
    User {
        user_name: user.text("user_name").into(),
        password: user.text("user_password").into(),
        roles: roles.map(|role| role.text("name").to_owned()).collect(),
        apis_only: user.is("web_service_access_only"),
    }
}

fn of_client(store: &Store, client: &Record<'_>) -> Client {
    let uris = client.text("redirect_url").split(',').map(str::trim).filter(|uri| !uri.is_empty());
    Client {
        client_id: client.text("client_id").into(),
        client_secret: client.text("client_secret").into(),
        user_name: name_of(store, client.text("user")),
        redirect_uris: uris.map(str::to_owned).collect(),
    }
}

fn of_key(store: &Store, key: &Record<'_>) -> Key {
    Key { name: key.text("name").into(), token: key.text("token").into(), user_name: name_of(store, key.text("user")) }
}

fn name_of(store: &Store, sys_id: &str) -> String {
    records::by_id(store, "sys_user", sys_id).map_or_else(String::new, |user| user.text("user_name").into())
}
