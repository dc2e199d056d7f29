//! A store and a lock that never answer.

use super::super::effect::{Effect, Input};
use super::super::machine::Client;
use super::super::pending_call::Request;
use super::super::scripted_host::{client_credentials, rows, token};
use super::super::settings::ClientSettings;
use crate::request::{Expect, InstanceUrl, Method};
use crate::time::Millis;

/// A host may drop any result: then only the client's own time limits help.
#[test]
fn unresponsive_store_and_lock_block_no_call() {
    let url = InstanceUrl::parse("https://x.example").unwrap();
    let settings = ClientSettings { stored: true, ..ClientSettings::new(url, client_credentials()) };
    let mut client = Client::new(settings);
    let mut now = Millis(1_700_000_000_000);
    let request =
        Request { method: Method::Get, path: "/api/now/x".to_owned(), expect: Expect::Rows, repeatable: true };
    let call = client.start(request, now);
    let mut finished = false;
    for _ in 0..100 {
        let Some(effect) = client.poll(now) else { break };
        match effect {
            Effect::Fetch { id, call: None, .. } => client.resume(id, token("one", 1799), now),
            Effect::Fetch { id, .. } => client.resume(id, rows(1), now),
            Effect::Sleep { id, length, background: false } => {
                now = now + length;
                client.resume(id, Input::Slept, now);
            }
            Effect::Finish { call: ended, outcome } => {
                assert!(ended == call && outcome.is_ok());
                finished = true;
            }
            _ => {}
        }
    }
    assert!(finished && now.0 - 1_700_000_000_000 < 70_000, "{now:?}");
}
