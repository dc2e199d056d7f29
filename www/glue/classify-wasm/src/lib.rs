//! Everything about diagnoses that the crate exports to JavaScript, and the allocator of the file that ships.

pub use sysparm::*;

// In constant time and without a table of bins: half the bytes of the standard library's allocator.
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();
