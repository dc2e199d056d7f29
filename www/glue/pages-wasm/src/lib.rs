//! Everything about the reading of pages that the crate exports to JavaScript, and the allocator of the file that ships.

pub use sysparm::*;

// As in the client's file.
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();
