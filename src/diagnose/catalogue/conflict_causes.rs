//! Causes of conflicts, locks, requests sent too early and methods that are not implemented.

use crate::diagnose::model::diagnosis::{Cause, Explanation};

pub(crate) const LOCK_HELD: Cause = Cause::new(
    "record.lock-held",
    85,
    Explanation {
        title: "Another request, import or scheduled job works on the same record, table or application at this moment",
        tell_apart: "The same request passes later; System Diagnostics > Active Transactions shows what runs meanwhile.",
        fix: &[
            "Wait and send the request again; what creates a record only after a look whether it exists.",
            "Write a record from one place at a time, and keep imports and upgrades apart from interactive writes.",
        ],
        source: "RFC 9110 section 15.5.10, RFC 4918 section 11.3",
    },
);

pub(crate) const OTHER_STATE: Cause = Cause::new(
    "record.other-state",
    50,
    Explanation {
        title: "The record has changed since it was read, or is in a state that does not allow this step",
        tell_apart: "sys_mod_count and state of the record differ from those that were read.",
        fix: &["Read the record again, and decide with what it holds now whether the write is still wanted."],
        source: "RFC 9110 section 15.5.10",
    },
);

pub(crate) const KEY_TAKEN: Cause = Cause::new(
    "record.key-taken",
    35,
    Explanation {
        title: "A record with the same unique value exists already",
        tell_apart: "A query for the unique value finds it.",
        fix: &["Look the record up by its unique value and update it, or send another value."],
        source: "RFC 9110 section 15.5.10",
    },
);

pub(crate) const EARLY_DATA: Cause = Cause::new(
    "request.early-data",
    80,
    Explanation {
        title: "The request travelled in TLS early data, which a server in front of the instance does not process",
        tell_apart: "The same request passes on a connection that is open already.",
        fix: &[
            "Send it again: the connection is confirmed by then.",
            "If it happens often, switch 0-RTT off in the client or in the proxy before the instance.",
        ],
        source: "RFC 8470 section 5.2",
    },
);

pub(crate) const METHOD_UNKNOWN: Cause = Cause::new(
    "request.method-unknown",
    60,
    Explanation {
        title: "The API implements other methods than this one",
        tell_apart: "GET on the same path is answered.",
        fix: &["Send one of the methods that the REST API Explorer shows for the path."],
        source: "RFC 9110 section 15.6.2",
    },
);

pub(crate) const GATEWAY_METHOD: Cause = Cause::new(
    "gateway.method",
    30,
    Explanation {
        title: "A proxy or gateway on the way does not forward this method",
        tell_apart: "The same request past the proxy is answered.",
        fix: &["Let the proxy forward GET, POST, PUT, PATCH and DELETE to /api/."],
        source: "RFC 9110 section 15.6.2",
    },
);
