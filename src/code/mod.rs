//! The stable codes of errors, those of the package's TypeScript included. `www/glue/error-codes.d.ts` is generated from this list:
//! `SYSPARM_WRITE=1 cargo test --test error_codes`.
//!
//! A code is a constant and not a variant of an enum, so that a module carries the texts of the codes that it uses and of no others. Nothing
//! outside this module can make one.

mod diagnoses;
mod refusals;
#[cfg(not(target_family = "wasm"))]
mod typescript;

use core::fmt;

#[cfg(not(target_family = "wasm"))]
pub use typescript::typescript;

/// The stable code of an error: never renamed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(&'static str);

impl Code {
    /// The text in JavaScript.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl PartialEq<&str> for Code {
    fn eq(&self, text: &&str) -> bool {
        self.0 == *text
    }
}

impl PartialEq<Code> for &str {
    fn eq(&self, code: &Code) -> bool {
        *self == code.0
    }
}

/// A code as the generated declarations list it.
#[derive(Debug, Clone, Copy)]
pub struct Listed {
    /// The constant's name.
    pub name: &'static str,
    /// The code.
    pub code: Code,
    /// What it means, in one sentence.
    pub meaning: &'static str,
}

/// Declares constants of [`Code`] and the list of them.
macro_rules! codes {
    ($list:ident: $($(#[doc = $meaning:literal])+ $name:ident = $code:literal;)+) => {
        impl crate::code::Code {
            $($(#[doc = $meaning])+ pub const $name: Self = Self($code);)+
        }
        pub(super) const $list: &[crate::code::Listed] = &[$(crate::code::Listed {
            name: stringify!($name),
            code: crate::code::Code::$name,
            meaning: concat!($($meaning),+),
        }),+];
    };
}
use codes;

/// Every code, in the order of the lists.
pub fn all() -> impl Iterator<Item = &'static Listed> {
    diagnoses::DIAGNOSES.iter().chain(refusals::REFUSALS)
}
