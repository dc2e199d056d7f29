//! Failures that no single reply shows: a lookup after a write or a transfer finds them, or the core ended. The TypeScript client decides
//! these by code, so the rows are in no WebAssembly file. They exist for the texts.

use super::Row;
use crate::code::Code;
use crate::diagnose::model::diagnosis::{Cause, Explanation, Kind, Retry};

pub(super) const ROWS: &[Row<()>] = &[
    Row {
        code: Code::RECORD_CHANGED,
        kind: Kind::Record,
        title: "The record is not at the version that the write expects, so nothing was written",
        retry: Retry::LookFirst,
        fits: (),
        causes: &[Cause::new(
            "record.changed-by-another",
            95,
            Explanation {
                title: "Somebody, or a rule of the instance, has changed the record since it was read",
                tell_apart: "sys_updated_by and sys_updated_on of the record say who and when.",
                fix: &[
                    "Read the record again, put your change onto what it is now, and write with its new sys_mod_count.",
                    "If it happens to every write, a business rule or a flow writes the record once more after you.",
                ],
                source: "documentation page \"Table API\"",
            },
        )],
    },
    Row {
        code: Code::RECORD_OVERTAKEN,
        kind: Kind::Record,
        title: "The write was done, and its sys_mod_count shows that another change came between the look and the write",
        retry: Retry::LookFirst,
        fits: (),
        causes: &[Cause::new(
            "record.changed-meanwhile",
            85,
            Explanation {
                title: "Another change, of a person or of a rule that follows this one, was written at the same moment",
                tell_apart: "The record's history lists both; sys_updated_by is somebody else for a person.",
                fix: &[
                    "Read the record, and write the fields again that the other change and yours share.",
                    "If a rule always follows your write, guard with the sys_mod_count of the record that the write returned.",
                ],
                source: "documentation page \"Table API\"",
            },
        )],
    },
    Row {
        code: Code::WRITE_DUPLICATED,
        kind: Kind::Record,
        title: "More than one record carries the key of this write",
        retry: Retry::Never,
        fits: (),
        causes: &[
            Cause::new(
                "write.sent-twice",
                60,
                Explanation {
                    title: "The request was sent twice on its way, by a proxy or by a browser on a connection that it reused",
                    tell_apart: "The records were created within a second of each other, by the same user.",
                    fix: &[
                        "Delete the record that nothing refers to.",
                        "Make the field unique on the table (System Definition > Dictionary), so that the instance refuses the second.",
                    ],
                    source: "RFC 9112 section 9.3.1",
                },
            ),
            Cause::new(
                "write.key-shared",
                35,
                Explanation {
                    title: "The key was given to more than one record",
                    tell_apart: "The records were created at different times or hold different things.",
                    fix: &["Use a key that belongs to one record only, such as a random UUID."],
                    source: "RFC 9562",
                },
            ),
        ],
    },
    Row {
        code: Code::ATTACHMENT_CUT,
        kind: Kind::Network,
        title: "The file is shorter or longer than the instance says that it is",
        retry: Retry::Backoff,
        fits: (),
        causes: &[
            Cause::new(
                "attachment.transfer-cut",
                70,
                Explanation {
                    title: "The transfer ended early: the connection broke, or the instance's time for it was over (60 s)",
                    tell_apart: "It ends elsewhere when it is tried again; a small file passes.",
                    fix: &["Transfer it again.", "For a large file on a slow connection, split it."],
                    source: "documentation page \"Default quota rules\"",
                },
            ),
            Cause::new(
                "attachment.changed-on-the-way",
                25,
                Explanation {
                    title: "Something on the way, a proxy or a virus scanner, puts other bytes in its place",
                    tell_apart: "It ends at the same size again, and the first bytes are those of a web page.",
                    fix: &["Transfer the same file from another network."],
                    source: "RFC 9110 section 7.7",
                },
            ),
        ],
    },
    Row {
        code: Code::INSTANCE_BROKEN,
        kind: Kind::Instance,
        title: "The WebAssembly of the package ended with a trap, and every call under way with it",
        retry: Retry::Never,
        fits: (),
        causes: &[
            Cause::new(
                "core.memory",
                55,
                Explanation {
                    title: "Its memory is used up: thousands of calls with long addresses or texts wait at once",
                    tell_apart: "status().callsUnderWay is high before, and the program's memory grows to gigabytes.",
                    fix: &["connect() again; make fewer calls at once, and wait for some before you begin others."],
                    source: "WebAssembly Core Specification, section \"Runtime Structure: Memory Instances\"",
                },
            ),
            Cause::new(
                "core.fault",
                30,
                Explanation {
                    title: "A fault of sysparm, or of the engine that compiles its WebAssembly",
                    tell_apart: "It happens again with the same calls, few of which are under way.",
                    fix: &[
                        "connect() opens a new instance.",
                        "Report the fault, with the stack of the error's cause and the call that brings it about.",
                    ],
                    source: "WebAssembly Core Specification, section \"Traps\"",
                },
            ),
            Cause::new(
                "core.stack",
                10,
                Explanation {
                    title: "The call was made so deep in a recursion that no stack was left for it",
                    tell_apart: "The error's cause is a RangeError that names the call stack.",
                    fix: &["End the recursion that makes the call, then connect() again."],
                    source: "WebAssembly Core Specification, appendix \"Implementation Limitations\"",
                },
            ),
        ],
    },
];
