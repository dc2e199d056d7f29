//! The practice instance replies to any request, with and without a signed-in user.

#![no_main]

use std::cell::RefCell;

use libfuzzer_sys::fuzz_target;
use sysparm_instance::{Instance, Request, Settings};

const NOW: u64 = 1_700_000_000_000;

const SIGN_IN: &str = "grant_type=password&client_id=practice-client&client_secret=practice-secret\
                       &username=practice.admin&password=practice-admin-password";

/// An instance, its administrator's token, and the number of its requests.
struct Practice(Instance, String, u64);

thread_local! {
    static PRACTICE: RefCell<Practice> = RefCell::new(fresh());
}

fn fresh() -> Practice {
    let mut instance = Instance::new(Settings { rows: 50, ..Settings::default() }, NOW);
    let sign_in = Request::new("POST", "/oauth_token.do").with_body("application/x-www-form-urlencoded", SIGN_IN);
    let granted = instance.handle(&sign_in, NOW).as_json();
    Practice(instance, granted["access_token"].as_str().expect("the administrator signs in").to_owned(), 0)
}

fuzz_target!(|input: (u8, bool, &str, &str, &str, &[u8])| {
    let (method, signed_in, target, header, value, body) = input;
    let methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "BREW"];
    let method = methods[usize::from(method) % methods.len()];
    let target = match target.strip_prefix('/') {
        Some(_) => target.to_owned(),
        None => format!("/api/now/table/incident?sysparm_limit=5&sysparm_query={target}"),
    };
    PRACTICE.with_borrow_mut(|practice| {
        let mut request = Request::new(method, &target).with_header("Host", "practice.example");
        if signed_in {
            request = request.with_header("Authorization", &format!("Bearer {}", practice.1));
        }
        let request = request.with_header(header, value).with_body("application/json", body);
        let reply = practice.0.handle(&request, NOW + practice.2);
        assert!((100..=599).contains(&reply.status), "{method} {target}: {}", reply.status);
        // Rows written by earlier requests must not grow without bound.
        practice.2 += 1;
        if practice.2 % 1000 == 0 {
            *practice = fresh();
        }
    });
});
