//! The Rust driver in a real browser, against the practice instance over real HTTP.
//!
//! `make test` starts the instance and passes its address in the environment variable `SYSPARM_INSTANCE`. It also counts these
//! tests, because the runner skips a file without `run_in_browser` and reports success.

#![cfg(target_family = "wasm")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failing test may panic")]

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::rc::Rc;

use js_sys::Reflect;
use sysparm::auth::Grant;
use sysparm::call::ClientSettings;
use sysparm::driver::{Call, HostOptions, Instance, LocalFuture, ReadingOrder};
use sysparm::page::Reading;
use sysparm::request::{Expect, InstanceUrl, Method};
use sysparm::secret::Secret;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// The number of rows that the practice instance of `make test` generates. Access rules hide some of them.
const ROWS: u64 = 2500;

type Answer = LocalFuture<Result<web_sys::Response, JsValue>>;

fn settings(secret: &str) -> ClientSettings {
    let url = option_env!("SYSPARM_INSTANCE").unwrap_or_default();
    let grant = Grant::client_credentials("practice-client".to_owned(), Secret::new(secret.to_owned()));
    ClientSettings::new(InstanceUrl::parse(url).expect("make test names its practice instance"), grant)
}

fn instance(secret: &str) -> Instance {
    Instance::open(settings(secret))
}

/// An instance, and the number of requests for pages that it has sent.
fn counting() -> (Instance, Rc<Cell<u32>>) {
    let sent = Rc::new(Cell::new(0));
    let count = Rc::clone(&sent);
    let fetch = move |request: web_sys::Request| -> Answer {
        count.set(count.get() + u32::from(request.url().contains("/api/now/table/incident?")));
        Box::pin(async move {
            let sent = gloo_net::http::Request::from(request).send().await;
            sent.map(Into::into).map_err(|error| JsValue::from_str(&error.to_string()))
        })
    };
    let options = HostOptions { fetch: Some(Rc::new(fetch)), ..HostOptions::default() };
    (Instance::open_with(settings("practice-secret"), options), sent)
}

async fn pause(milliseconds: u32) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        gloo_timers::callback::Timeout::new(milliseconds, move || drop(resolve.call0(&JsValue::NULL))).forget();
    });
    wasm_bindgen_futures::JsFuture::from(promise).await.unwrap();
}

#[wasm_bindgen_test]
async fn rust_app_signs_in_and_reads_a_table_to_its_last_row() {
    let instance = instance("practice-secret");
    let mut reader =
        instance.read(Reading { fields: "number".to_owned(), ..Reading::of("incident".to_owned()) }).unwrap();
    let mut numbers = HashSet::new();
    let mut last = None;
    while let Some(page) = reader.next().await.unwrap() {
        for row in page.rows.iter() {
            numbers.insert(Reflect::get(&row, &"number".into()).unwrap().as_string().unwrap());
        }
        last = Some(page.progress);
    }
    let last = last.unwrap();
    assert!(last.complete, "{last:?}");
    assert_eq!(last.total, Some(ROWS));
    assert!(last.hidden.unwrap() > 0, "the instance hides some rows");
    assert_eq!(numbers.len() as u64, last.seen);
    assert_eq!(last.seen + last.hidden.unwrap(), ROWS);
    assert_eq!(instance.status().token.generation, 1);
}

#[wasm_bindgen_test]
async fn concurrent_calls_share_one_token_request() {
    let instance = instance("practice-secret");
    let (one, two) = both(instance.token(), instance.token()).await;
    assert!(one.unwrap().is(two.unwrap().expose()));
    assert_eq!(instance.status().token.generation, 1);
}

#[wasm_bindgen_test]
async fn wrong_secret_is_diagnosed() {
    let failed = instance("wrong").token().await.unwrap_err();
    assert_eq!(failed.failure.diagnosis.code, "token.refused");
}

#[wasm_bindgen_test]
async fn unknown_table_is_diagnosed() {
    let mut reader = instance("practice-secret").read(Reading::of("incidnt".to_owned())).unwrap();
    let failed = reader.next().await.unwrap_err();
    assert_eq!(failed.failure.diagnosis.code, "table.unknown");
}

#[wasm_bindgen_test]
async fn unreachable_instance_is_reported_with_the_browsers_message() {
    let grant = Grant::supplied(Secret::new("t".to_owned()));
    let instance = Instance::open(ClientSettings::new(InstanceUrl::parse("http://127.0.0.1:1").unwrap(), grant));
    // A reading would wait for the end of the outage.
    let failed = instance.list(Reading::of("incident".to_owned()), ReadingOrder::Best).await.unwrap_err();
    assert_eq!(failed.failure.diagnosis.code, "network.unreachable");
    assert!(failed.cause.is_some_and(|cause| !cause.is_empty()));
}

#[derive(serde::Deserialize)]
struct Numbered {
    number: String,
}

#[wasm_bindgen_test]
async fn pages_are_requested_while_the_app_works_up_to_ahead() {
    let (instance, sent) = counting();
    for ahead in [0, 1, 3] {
        let before = sent.get();
        let reading = Reading { page_size: 100, fields: "number".to_owned(), ..Reading::of("incident".to_owned()) };
        let mut reader = instance.read_ahead(reading, ReadingOrder::Best, ahead).unwrap();
        let page = reader.next().await.unwrap().unwrap();
        let rows: Vec<Numbered> = page.typed().unwrap();
        assert!(rows.iter().all(|row| row.number.starts_with("INC")));
        pause(150).await;
        assert_eq!(sent.get() - before, 1 + u32::from(ahead));
        drop(reader);
        assert_eq!(instance.status().pending_calls, 0);
    }
    assert_eq!(
        instance.read_ahead(Reading::of("incident".to_owned()), ReadingOrder::Best, 9).unwrap_err().code(),
        "options.ahead"
    );
}

#[wasm_bindgen_test]
async fn dropped_future_ends_its_call_and_closing_ends_all() {
    let instance = instance("practice-secret");
    let mut token = Box::pin(instance.token());
    let (first, ()) = both(
        std::future::poll_fn(|context| std::task::Poll::Ready(token.as_mut().poll(context).is_pending())),
        pause(0),
    )
    .await;
    assert!(first);
    assert_eq!(instance.status().pending_calls, 1);
    drop(token);
    assert_eq!(instance.status().pending_calls, 0);
    let (ended, ()) = both(instance.token(), async { instance.close() }).await;
    assert_eq!(ended.unwrap_err().code(), "instance.closed");
    assert_eq!(instance.token().await.unwrap_err().code(), "instance.closed");
}

/// An instance with a token, whose requests are answered by a function.
fn answered(fetch: impl Fn(web_sys::Request) -> Answer + 'static) -> Instance {
    let url = InstanceUrl::parse("https://dev12345.service-now.com").unwrap();
    let options = HostOptions { fetch: Some(Rc::new(fetch)), max_body_bytes: 100, ..HostOptions::default() };
    Instance::open_with(ClientSettings::new(url, Grant::supplied(Secret::new("token".to_owned()))), options)
}

#[wasm_bindgen_test]
async fn listener_of_an_abort_may_ask_the_instance() {
    let (held, asked): (Rc<RefCell<Option<Instance>>>, _) = (Rc::default(), Rc::new(Cell::new(0)));
    let (of_fetch, count) = (Rc::clone(&held), Rc::clone(&asked));
    let instance = answered(move |request| {
        let (held, count) = (Rc::clone(&of_fetch), Rc::clone(&count));
        let listener = Closure::once_into_js(move || {
            let status = held.borrow().as_ref().map(Instance::status);
            count.set(count.get() + u32::from(status.is_some()));
        });
        request.signal().set_onabort(Some(listener.unchecked_ref()));
        Box::pin(std::future::pending())
    });
    *held.borrow_mut() = Some(instance.clone());
    let mut call = Box::pin(instance.request("/api/now/table/incident".to_owned(), Expect::Rows));
    std::future::poll_fn(|context| std::task::Poll::Ready(call.as_mut().poll(context).is_pending())).await;
    pause(20).await;
    drop(call);
    pause(20).await;
    assert_eq!(asked.get(), 1);
    assert_eq!(instance.status().pending_calls, 0);
    held.borrow_mut().take();
}

#[wasm_bindgen_test]
async fn token_that_no_header_can_hold_is_refused() {
    let url = InstanceUrl::parse("https://dev12345.service-now.com").unwrap();
    let grant = Grant::supplied(Secret::new("first-line\nsecond-line".to_owned()));
    let instance = Instance::open(ClientSettings::new(url, grant));
    let failed = instance.list(Reading::of("incident".to_owned()), ReadingOrder::Best).await.unwrap_err();
    assert_eq!(failed.code(), "request.refused");
    assert!(failed.to_string().contains("the token"), "{failed}");
    assert!(!format!("{failed:?}").contains("second-line"), "{failed:?}");
}

#[wasm_bindgen_test]
async fn body_that_was_read_already_is_a_lost_reply() {
    let instance = answered(|_| {
        let reply = web_sys::Response::new_with_opt_str(Some("{}")).unwrap();
        drop(reply.text());
        Box::pin(async { Ok(reply) })
    });
    let call = Call { method: Method::Patch, ..Call::get("/api/now/table/incident/1".to_owned(), Expect::Record) };
    let failed = instance.call(call).await.unwrap_err();
    assert!(failed.failure.unknown_outcome);
    assert_eq!(failed.cause.as_deref(), Some("The body of the reply has been read already"));
}

#[wasm_bindgen_test]
async fn text_is_read_up_to_the_bound_of_bodies() {
    for (length, code) in [(100, None), (101, Some("reply.too-large"))] {
        let instance =
            answered(move |_| Box::pin(async move { web_sys::Response::new_with_opt_str(Some(&"x".repeat(length))) }));
        let read = instance.request("/sys_attachment.do?sys_id=1".to_owned(), Expect::Untouched).await;
        assert_eq!(read.map_err(|failed| failed.code()).err(), code, "{length}");
    }
}

#[wasm_bindgen_test]
async fn dropped_reading_ends_its_question_for_the_newest_row() {
    let instance = answered(|_| Box::pin(std::future::pending()));
    let reading = Reading { query: "ORDERBYsys_updated_on".to_owned(), ..Reading::of("incident".to_owned()) };
    let reader = instance.read_ahead(reading, ReadingOrder::Best, 3).unwrap();
    assert_eq!(instance.status().pending_calls, 1);
    drop(reader);
    assert_eq!(instance.status().pending_calls, 0);
}

#[wasm_bindgen_test]
async fn debug_text_of_an_instance_holds_no_body() {
    let instance = answered(|_| Box::pin(std::future::pending()));
    let path = "/api/now/table/sys_user".to_owned();
    let body = Some("{\"user_password\":\"correct-horse\"}".to_owned());
    let mut call = Box::pin(instance.call(Call { method: Method::Post, body, ..Call::get(path, Expect::Record) }));
    std::future::poll_fn(|context| std::task::Poll::Ready(call.as_mut().poll(context).is_pending())).await;
    assert_eq!(instance.status().pending_calls, 1);
    assert!(!format!("{instance:?}").contains("correct-horse"), "{instance:?}");
}

/// Awaits both concurrently.
async fn both<A, B>(one: impl Future<Output = A>, two: impl Future<Output = B>) -> (A, B) {
    let (mut one, mut two) = (Box::pin(one), Box::pin(two));
    let (mut first, mut second) = (None, None);
    std::future::poll_fn(|context| {
        if first.is_none()
            && let std::task::Poll::Ready(value) = one.as_mut().poll(context)
        {
            first = Some(value);
        }
        if second.is_none()
            && let std::task::Poll::Ready(value) = two.as_mut().poll(context)
        {
            second = Some(value);
        }
        if first.is_some() && second.is_some() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    (first.unwrap(), second.unwrap())
}
