//! What the message of a failure says.

use super::{Stage, reply, seen};
use crate::request::Method;

#[test]
fn message_names_failure_attempts_and_advice_without_query() {
    let body = r#"{"error":{"message":"Invalid table incidnt","detail":null},"status":"failure"}"#;
    let failure = seen(Stage::Api, Method::Get, Ok(&reply(400, "", body)));
    assert_eq!(
        failure.message(),
        "The instance has no such table (GET /api/now/table/incident answered 400; Invalid table incidnt). \
         Use the table's name, not its label: incident, not Incidents."
    );
}

#[test]
fn message_names_a_cause_that_is_about_as_likely() {
    let body = r#"{"error":"server_error","error_description":"access_denied"}"#;
    let message = seen(Stage::Token, Method::Post, Ok(&reply(401, "", body))).message();
    let [first, second, ..] = seen(Stage::Token, Method::Post, Ok(&reply(401, "", body))).diagnosis.causes.to_vec()[..]
    else {
        panic!("a refused token has several causes")
    };
    assert_eq!((first.percent, second.percent), (35, 30), "close enough to be named");
    assert!(message.ends_with(&format!("{} About as likely: {}.", first.steps("")[0], second.title)), "{message}");
}
