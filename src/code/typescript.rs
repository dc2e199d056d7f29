//! The declarations that `www/glue/error-codes.d.ts` holds.

use super::all;

const HEADER: &str = "\
/** The stable codes of errors. Generated from src/code: `SYSPARM_WRITE=1 cargo test --test error_codes`. Longer than 400 lines because it is generated. */

/** The codes that this version throws or diagnoses. */
export type KnownErrorCode =";

const FOOTER: &str = ";

/** The code of an error or a diagnosis: one that is known here, or one that a later version adds. */
export type ErrorCode = KnownErrorCode | (string & Record<never, never>);
";

/// The file's text.
#[must_use]
pub fn typescript() -> String {
    let mut codes: Vec<_> = all().collect();
    codes.sort_by_key(|listed| listed.code);
    let mut out = HEADER.to_owned();
    for listed in codes {
        out.extend(["\n  /** ", listed.meaning.trim(), " */\n  | \"", listed.code.as_str(), "\""]);
    }
    out.push_str(FOOTER);
    out
}
