//! The codes in which the crate and the package's TypeScript talk: numbers and positions in lists, each declared once, here.
//!
//! `codes!` makes an enum of each table, with a conversion from a number that refuses unknown ones, and keeps the names and sentences
//! from which `www/glue/src/protocol/codes.ts` is generated: `SYSPARM_WRITE=1 cargo test --test protocol`.
//!
//! Numbers may change, because both sides are shipped together and nothing stores them: checkpoints are stored under names. A number
//! without a name is an error on both sides ([`UnknownCode`]), never a default.

mod codes;
mod table;
#[cfg(not(target_family = "wasm"))]
mod typescript;

pub use codes::{
    CauseText, CheckpointText, ComparedText, DeletionsState, DiagnosisText, DifferenceText, Due, EffectEnd,
    ExpectedBody, FoundBody, PageOrder, QueryPart, QueryValue, SchemaPart, SyncNumber, TransportFailure, UnreadReply,
    ValueForm, VersionText,
};
pub use table::UnknownCode;
#[cfg(not(target_family = "wasm"))]
pub use typescript::typescript;
