//! Causes of writes that change less than was sent, and of journals that read empty.

use crate::diagnose::model::diagnosis::{Cause, Explanation};

pub(crate) const LIST_SENT: Cause = Cause::new(
    "write.list-sent",
    95,
    Explanation {
        title: "The Table API takes one record a request; of a list it uses the first and says nothing of the others",
        tell_apart: "Only the first record of the list exists afterwards.",
        fix: &["Send one request for each record, or several of them in one call of the Batch API."],
        source: "KB0534905",
    },
);

pub(crate) const ORDERED_BY_TABLE: Cause = Cause::new(
    "catalog.ordered-by-table",
    90,
    Explanation {
        title: "Rows of sc_request and sc_req_item that are inserted as such have no variables, and no flow or workflow begins",
        tell_apart: "The item has no rows in sc_item_option_mtom and its stage stays empty; one ordered in the portal has both.",
        fix: &[
            "Order the item: POST /api/sn_sc/servicecatalog/items/<sys_id>/order_now with sysparm_quantity and variables.",
        ],
        source: "documentation page \"Service Catalog API\"",
    },
);

pub(crate) const NAME_UNKNOWN: Cause = Cause::new(
    "write.field-misspelt",
    65,
    Explanation {
        title: "The table has no field of that name, and the instance leaves such fields out of a write",
        tell_apart: "sys_dictionary has the name for neither the table nor its parents; a field has a name and a label.",
        fix: &["Send the field's name from System Definition > Dictionary, not its label."],
        source: "documentation page \"Table API\"",
    },
);

pub(crate) const PROTECTED: Cause = Cause::new(
    "write.field-protected",
    55,
    Explanation {
        title: "The field is read-only, calculated, or closed to this user or on this child table, which a write passes over",
        tell_apart: "An administrator's write is kept, or the dictionary entry is read-only or calculated.",
        fix: &[
            "Write the fields that it follows from (for priority: impact and urgency), or have {user} given the role of its write ACL.",
            "Where the instance never keeps it from outside, let a script of the instance set it.",
        ],
        source: "documentation page \"Table API\"",
    },
);

pub(crate) const LABEL_SENT: Cause = Cause::new(
    "write.label-for-value",
    45,
    Explanation {
        title: "A label or a display name was sent where the instance expects the value or the sys_id",
        tell_apart: "With sysparm_input_display_value=true the same body is kept.",
        fix: &[
            "Send the value of the choice (sys_choice) or the sys_id of the record.",
            "Or send labels for every field and set sysparm_input_display_value=true.",
        ],
        source: "KB0724429; KB0622075",
    },
);

pub(crate) const CHANGED_BY_RULE: Cause = Cause::new(
    "write.changed-by-rule",
    10,
    Explanation {
        title: "A business rule, a flow or a default of the instance set the field after the write",
        tell_apart: "The record's history has two changes within one second.",
        fix: &["Look at the business rules of {table} that set this field (System Definition > Business Rules)."],
        source: "documentation page \"Business rules\"",
    },
);

pub(crate) const ENCRYPTED: Cause = Cause::new(
    "field.encrypted",
    10,
    Explanation {
        title: "The field is stored encrypted: it is written through its display value only, and shown to users with its encryption context",
        tell_apart: "Its type is password or encrypted text, or an encryption context is set in its dictionary entry.",
        fix: &[
            "Write it with sysparm_input_display_value=true.",
            "Give {user} the role of the field's encryption context, where it has one.",
        ],
        source: "documentation page \"Table API\"",
    },
);

pub(crate) const JOURNAL_RAW: Cause = Cause::new(
    "journal.raw",
    80,
    Explanation {
        title: "Comments and work notes are entries of sys_journal_field; the field itself is empty in raw mode",
        tell_apart: "With sysparm_display_value=true the field holds its entries as one text.",
        fix: &[
            "Read it with sysparm_display_value=true or all.",
            "For single entries read sys_journal_field by element_id and element: that table has read rules of its own.",
        ],
        source: "documentation page \"Journal field type\"",
    },
);

pub(crate) const JOURNAL_WITHOUT_ENTRIES: Cause = Cause::new(
    "journal.no-entries",
    15,
    Explanation {
        title: "Nobody has written into this journal, or the user may not read its entries",
        tell_apart: "With sysparm_display_value=true the field is empty as well.",
        fix: &["Nothing, if that is the truth; otherwise grant {user} the role that reads the field."],
        source: "documentation page \"Journal field type\"",
    },
);
