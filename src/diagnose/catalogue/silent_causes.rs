//! Causes of silent failures.

use crate::diagnose::model::diagnosis::{Cause, Explanation};

pub(crate) const ROW_ACL: Cause = Cause::new(
    "acl.row-hidden",
    85,
    Explanation {
        title: "Row ACLs hide records from this user; the count and the limit come before them",
        tell_apart: "/api/now/stats counts the rows too, and an administrator sees them.",
        fix: &[
            "Grant {user} a role that reads these records (for incidents: sn_incident_read or itil): the conditions and scripts of the read rules of {table} say which.",
            "Read on to the total: a short page is not the last.",
        ],
        source: "documentation page \"Table API\"; KB3047115",
    },
);

pub(crate) const MOVING_SET: Cause = Cause::new(
    "pages.moving-set",
    10,
    Explanation {
        title: "Records were changed or deleted between the pages",
        tell_apart: "sys_updated_on of the rows lies within the time of the reading.",
        fix: &["Read by keyset (sys_updated_on, sys_id) instead of by offset."],
        source: "documentation page \"Table API\"",
    },
);

pub(crate) const NO_ORDER: Cause = Cause::new(
    "pages.no-order",
    85,
    Explanation {
        title: "The query orders by nothing unique, so each page may come in another order",
        tell_apart: "With ^ORDERBYsys_id no row comes twice.",
        fix: &["End the query with ^ORDERBYsys_id, or let table().pages() read: it does so."],
        source: "release notes, Xanadu Patch 4; KB2628639",
    },
);

pub(crate) const FIELD_MISSPELT: Cause = Cause::new(
    "query.field-misspelt",
    60,
    Explanation {
        title: "The condition names a field that the table does not have, and the instance leaves such conditions out",
        tell_apart: "The count is the same without the condition, and sys_dictionary does not have the field.",
        fix: &[
            "Correct the field's name: compare it with System Definition > Dictionary; fields of a parent table count too.",
            "Set the system property glide.invalid_query.returns_no_rows to true, so that a slip never returns the whole table.",
        ],
        source: "documentation page \"Table API\"",
    },
);

pub(crate) const CONTROL_CHARACTER: Cause = Cause::new(
    "text.control-character",
    80,
    Explanation {
        title: "A record holds a control character that an import, a script or a mail brought in, and the reply does not escape it",
        tell_apart: "Smaller pages come well but for the one with that record.",
        fix: &[
            "Clean the field of the record, and what writes it.",
            "Read tables with sysparm, which takes such texts and reports them as reply.repaired.",
        ],
        source: "RFC 8259 section 7",
    },
);

pub(crate) const QUERY_CUT: Cause = Cause::new(
    "query.cut",
    20,
    Explanation {
        title: "The query was cut or changed on the way: an & or # that is not percent-encoded, or a lost ^",
        tell_apart: "The address in the transaction log is shorter than the query that was meant.",
        fix: &["Percent-encode the whole value of sysparm_query."],
        source: "RFC 3986 section 2.2",
    },
);

pub(crate) const SCRIPT_REFUSED: Cause = Cause::new(
    "query.script-refused",
    10,
    Explanation {
        title: "The condition holds a javascript: value that the instance does not evaluate",
        tell_apart: "The same condition with a literal value works.",
        fix: &["Use literal values in UTC, or a function that guarded script allows."],
        source: "documentation page \"Guarded script\"",
    },
);

pub(crate) const RETURNS_NO_ROWS: Cause = Cause::new(
    "query.typo-returns-no-rows",
    70,
    Explanation {
        title: "A condition names a field that the table does not have, and glide.invalid_query.returns_no_rows is true",
        tell_apart: "A count with a field that surely does not exist is 0 as well; sys_dictionary does not have the field.",
        fix: &[
            "Leave the conditions out one by one to find the name that is wrong, and compare it with System Definition > Dictionary.",
        ],
        source: "documentation page \"Available system properties\"",
    },
);

pub(crate) const NOTHING_MATCHES: Cause = Cause::new(
    "query.nothing-matches",
    40,
    Explanation {
        title: "There is no such row",
        tell_apart: "Leave the conditions out one by one: rows come as soon as the one that rules them out is gone.",
        fix: &["Nothing, if that is the truth; otherwise loosen the condition that rules the rows out."],
        source: "documentation page \"Table API\"",
    },
);

pub(crate) const RAW_VALUE: Cause = Cause::new(
    "query.label-for-value",
    20,
    Explanation {
        title: "A condition holds a label or a local time where the raw value or UTC belongs",
        tell_apart: "Read one row with sysparm_display_value=all and compare value with display_value.",
        fix: &["Use raw values (state=6, not state=Resolved) and times in UTC."],
        source: "documentation page \"Table API\"",
    },
);

pub(crate) const ROWS_OUT_OF_SIGHT: Cause = Cause::new(
    "rows.out-of-sight",
    10,
    Explanation {
        title: "The domain, a security data filter or a before-query business rule leaves the rows out of the count too",
        tell_apart: "An administrator gets rows for the same query.",
        fix: &["Give {user} the domain or the role that the filter or rule asks for."],
        source: "documentation page \"Security data filters\"",
    },
);

pub(crate) const FIELD_ACL: Cause = Cause::new(
    "acl.field",
    55,
    Explanation {
        title: "A field ACL hides the field from this user; what may not be read is left out of the row",
        tell_apart: "An administrator gets the field.",
        fix: &["Grant {user} the role that the field's read ACL asks for (System Security > Access Control)."],
        source: "documentation page \"REST API\"",
    },
);

pub(crate) const FIELDS_MISSPELT: Cause = Cause::new(
    "fields.misspelt",
    40,
    Explanation {
        title: "sysparm_fields names a field that the table does not have, which the instance ignores",
        tell_apart: "An administrator does not get the field either.",
        fix: &["Compare the names in sysparm_fields with System Definition > Dictionary."],
        source: "documentation page \"Table API\"",
    },
);

pub(crate) const TIME_ZONE: Cause = Cause::new(
    "values.time-zone",
    90,
    Explanation {
        title: "Display values are in the time zone and format of the user; raw values are UTC",
        tell_apart: "With sysparm_display_value=all the member value differs from display_value by whole or half hours.",
        fix: &[
            "Read raw values: sysparm_display_value=false, or the member value.",
            "Or set Time zone of {user} to GMT under User Administration > Users.",
        ],
        source: "documentation page \"Table API\"; KB0534905",
    },
);

pub(crate) const IMPORT_TARGET_HIDDEN: Cause = Cause::new(
    "import.target-hidden",
    75,
    Explanation {
        title: "The user may not read the target table, so the reply about it is empty; the row may have been written",
        tell_apart: "A GET of the import row by its sys_id, or the target read by an administrator, shows the record.",
        fix: &["Grant {user} read access to the target table of the transform map."],
        source: "KB3047115",
    },
);

pub(crate) const IMPORT_NO_MAP: Cause = Cause::new(
    "import.no-map",
    15,
    Explanation {
        title: "No active transform map belongs to this import table",
        tell_apart: "System Import Sets > Administration > Transform Maps has none for it.",
        fix: &["Create or activate a transform map for the import table."],
        source: "documentation page \"Import Set API\"",
    },
);

pub(crate) const IMPORT_IGNORED: Cause = Cause::new(
    "import.nothing-to-change",
    55,
    Explanation {
        title: "The coalesce fields matched a record that has these values already, or a transform script ignored the row",
        tell_apart: "The import set row's comment says which; another value is \"updated\".",
        fix: &[
            "Check the coalesce fields and the scripts of the transform map (System Import Sets > Administration > Transform Maps).",
        ],
        source: "documentation page \"Import Set API\"",
    },
);

pub(crate) const IMPORT_FAILED: Cause = Cause::new(
    "import.transform-failed",
    35,
    Explanation {
        title: "The transform stopped with an error: a mandatory field, a business rule, or a script",
        tell_apart: "error_message and the import set's log say which.",
        fix: &["Open the import set run under System Import Sets > Transform History and fix what it names."],
        source: "documentation page \"Import Set API\"",
    },
);

pub(crate) const SESSION_SYNC: Cause = Cause::new(
    "session.shared-cookie",
    80,
    Explanation {
        title: "Requests carry one session cookie, and a session works on one request at a time",
        tell_apart: "Without cookies the same requests run side by side.",
        fix: &["Leave the cookies out, and the requests run side by side."],
        source: "KB0546297",
    },
);
