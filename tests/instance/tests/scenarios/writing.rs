//! Symptoms 55 to 62 and 68 to 73.

use serde_json::json;

use crate::steps::*;

pub(crate) const SEEN: &[Seen] = &[(
    60,
    |client| patch(client, &json!({"state": "6", "close_code": "Solved (Permanently)", "close_notes": "done"})),
    403,
    NONE,
    "Data Policy Exception: The following fields are mandatory: Close code",
)];
