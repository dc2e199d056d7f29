//! Ends a future when a promise resolves, by dropping it: that is how Rust apps cancel.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use js_sys::Promise;
use wasm_bindgen_futures::JsFuture;

/// The future's output; none if the promise was first.
pub(crate) async fn unless_cancelled<T>(work: impl Future<Output = T>, cancelled: Promise) -> Option<T> {
    let (mut work, mut cancelled) = (pin!(work), pin!(JsFuture::from(cancelled)));
    poll_fn(|context| match cancelled.as_mut().poll(context) {
        Poll::Ready(_) => Poll::Ready(None),
        Poll::Pending => work.as_mut().poll(context).map(Some),
    })
    .await
}
