//! What a client forgets at a sign-out.

use super::super::Input;
use super::super::scripted_host::{World, token};
use crate::code::Code;
use crate::diagnose::{Circumstances, Facts, Stage, Transport, decided};
use crate::request::Method;
use crate::secret::Secret;
use crate::time::Millis;

#[test]
fn sign_out_drops_the_exchanges_of_past_failures() {
    let mut world = World::replying(vec![token("bearer-hush", 1799)]);
    for _ in 0..10 {
        world.answers.push_back(Input::Unreachable);
        world.start(Method::Get, false);
    }
    // As a client without the catalogue keeps them.
    let calls = &mut world.client.calls;
    for failure in [&mut calls.last_failure, &mut calls.admission.opened_by] {
        let facts = Facts { stage: Stage::Api, method: Method::Get, path: "/x", outcome: Err(Transport::Unreachable) };
        let mut short = decided(&facts, &Circumstances::UNKNOWN, 1, Millis(0));
        short.hide(&[Secret::new("bearer-hush".to_owned())]);
        *failure = Some(short);
    }
    assert!(world.client.status().to_json().contains("bearer-hush"));
    let code = |world: &World| world.client.status().last_diagnosis.map(|diagnosis| diagnosis.code);
    let before = code(&world);

    world.client.start_sign_out(false, world.now);
    world.run();
    assert_eq!(code(&world), before);
    assert!(!world.client.status().to_json().contains("bearer-hush"));
    world.answers.push_back(token("two", 1799));
    world.start(Method::Get, false);
    let rejected = world.finished.last().unwrap().1.as_ref().unwrap_err();
    assert_eq!(rejected.diagnosis.code, Code::INSTANCE_CIRCUIT_OPEN);
    assert_eq!(rejected.exchange, None);
    assert_eq!(rejected.diagnosis.evidence, [before.unwrap().as_str()]);
}
