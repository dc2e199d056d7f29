//! The practice instance: a ServiceNow stand-in that behaves as the platform does, unpleasant parts first.
//!
//! Its core is one function: [`Instance::handle`] takes a request and the time and returns a reply. It owns no clock, no socket and
//! no thread, so a test can simulate a year in a second, and the HTTP shell ([`shell::serve`]) adds nothing but the network.
//!
//! ```
//! use sysparm_instance::{Instance, Request, Settings};
//!
//! let now = 1_700_000_000_000; // milliseconds since 1970
//! let mut instance = Instance::new(Settings { rows: 100, ..Settings::default() }, now);
//! let sign_in = Request::new("POST", "/oauth_token.do").with_body(
//!     "application/x-www-form-urlencoded",
//!     "grant_type=client_credentials&client_id=practice-client&client_secret=practice-secret",
//! );
//! let token = instance.handle(&sign_in, now).as_json()["access_token"].as_str().unwrap_or_default().to_owned();
//! let list = Request::new("GET", "/api/now/table/incident?sysparm_limit=3")
//!     .with_header("Host", "practice.example")
//!     .with_header("Authorization", &format!("Bearer {token}"));
//! let reply = instance.handle(&list, now);
//! assert_eq!((reply.status, reply.header("X-Total-Count")), (200, Some("100")));
//! ```

#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

mod access;
mod accounts;
mod aggregate;
mod attachments;
mod batch;
mod catalog;
mod clock;
mod cmdb;
mod content;
mod control;
mod cors;
mod data;
#[cfg(feature = "server")]
mod deliver;
mod dispatch;
mod documentation;
mod echo;
mod endpoints;
mod exchange;
mod exports;
mod faults;
mod feed;
mod foreign;
mod form_metadata;
mod identity;
mod import_set;
mod instance;
mod introduction;
mod journal;
mod language;
mod load;
mod numbers;
mod oauth;
#[cfg(feature = "server")]
mod outgoing;
mod records;
mod refusal;
mod releases;
mod route;
mod scenario;
mod scripted;
mod search;
#[cfg(feature = "server")]
pub mod shell;
mod sign_in;
mod store;
mod switches;
mod table_api;
mod tiny_urls;
mod transactions;
mod xml;

pub use content::Content;
pub use data::{EventLog, EventLogError};
pub use documentation::{documented_faults, documented_switches, every};
pub use echo::EchoForm;
pub use exchange::{Body, FILLER, Reply, Request};
pub use faults::{
    BodyChange, CacheKey, Fault, FaultKind, Gateway, HeaderChange, Journey, LostHeader, RedirectTarget, RetryAfter,
    WireFault,
};
pub use feed::OutboundCall;
pub use instance::{Instance, Settings, Source};
pub use journal::Entry;
pub use oauth::Credentials;
pub use switches::{
    ApplicationUserMissing, DefaultOrder, Failures, InvalidFields, Language, LoopbackPort, Release, Semaphore,
    Switches, TokenErrorStyle, UnknownChoice,
};
