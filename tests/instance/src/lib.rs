//! The practice instance.
