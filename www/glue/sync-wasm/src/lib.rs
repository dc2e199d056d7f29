//! Everything about copies kept up to date that the crate exports to JavaScript, and the allocator of the file.

pub use sysparm::*;

// As in the client's file.
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();
