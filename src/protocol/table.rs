//! A table of codes: the enum, its conversion from numbers, and its description for the generator.

/// A number that stands for nothing; of a table of letters the letter's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Unknown code {number} of {table}: deploy the JavaScript and the WebAssembly of one sysparm version")]
pub struct UnknownCode {
    /// The enum.
    pub table: &'static str,
    /// The number.
    pub number: u8,
}

/// What the generated TypeScript says of an enum.
#[cfg(not(target_family = "wasm"))]
#[derive(Clone, Copy, Debug)]
pub(super) struct Table {
    /// The enum's name.
    pub name: &'static str,
    /// The lines of its documentation.
    pub docs: &'static [&'static str],
    /// The codes.
    pub codes: &'static [CodeRow],
}

/// One code of a [`Table`].
#[cfg(not(target_family = "wasm"))]
#[derive(Clone, Copy, Debug)]
pub(super) struct CodeRow {
    /// The variant's name.
    pub name: &'static str,
    /// Its number, or its letter.
    pub value: &'static str,
    /// The lines of its documentation.
    pub docs: &'static [&'static str],
}

/// Declares enums of codes, and `TABLES`, which describes them all.
macro_rules! codes {
    ($(
        $(#[doc = $doc:literal])+
        enum $name:ident {
            $($(#[doc = $code_doc:literal])+ $code:ident = $number:literal,)+
        }
    )+) => {
        $(
            $(#[doc = $doc])+
            #[derive(Clone, Copy, Debug, PartialEq, Eq)]
            #[repr(u8)]
            pub enum $name {
                $($(#[doc = $code_doc])+ $code = $number,)+
            }

            impl $name {
                /// Every code, in the order of the numbers.
                pub const ALL: &[Self] = &[$(Self::$code),+];
            }

            impl TryFrom<u8> for $name {
                type Error = $crate::protocol::UnknownCode;

                fn try_from(number: u8) -> Result<Self, Self::Error> {
                    match number {
                        $($number => Ok(Self::$code),)+
                        _ => Err($crate::protocol::UnknownCode { table: stringify!($name), number }),
                    }
                }
            }
        )+

        /// Every table, in the order of the file.
        #[cfg(not(target_family = "wasm"))]
        pub(super) const TABLES: &[$crate::protocol::table::Table] = &[$(
            $crate::protocol::table::Table {
                name: stringify!($name),
                docs: &[$($doc),+],
                codes: &[$(
                    $crate::protocol::table::CodeRow {
                        name: stringify!($code),
                        value: stringify!($number),
                        docs: &[$($code_doc),+],
                    }
                ),+],
            }
        ),+];
    };
}

pub(super) use codes;
