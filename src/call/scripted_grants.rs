//! Grants for tests, and a scripted host with a store.

use super::effect::Input;
use super::scripted_host::World;
use super::settings::ClientSettings;
use crate::auth::{Credentials, Field, Grant};
use crate::request::InstanceUrl;
use crate::secret::Secret;

pub(super) fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

pub(super) fn grant(name: &str, fields: &[(Field, &str)]) -> Grant {
    let mut credentials = Credentials::default();
    for (field, text) in fields {
        credentials.add(*field, secret(text));
    }
    Grant::open(name, credentials).unwrap()
}

pub(super) fn password() -> Grant {
    let client = [(Field::ClientId, "id"), (Field::ClientSecret, "hush")];
    grant("password", &[&client[..], &[(Field::Username, "u"), (Field::Password, "hush-p")]].concat())
}

pub(super) fn authorization_code() -> Grant {
    grant("authorization_code", &[(Field::ClientId, "id"), (Field::RedirectUri, "https://a.example/")])
}

pub(super) fn settings(grant: Grant) -> ClientSettings {
    ClientSettings { stored: true, ..ClientSettings::new(InstanceUrl::parse("https://x.example").unwrap(), grant) }
}

pub(super) fn stored(grant: Grant, answers: Vec<Input>) -> World {
    World::opened(settings(grant), answers)
}
