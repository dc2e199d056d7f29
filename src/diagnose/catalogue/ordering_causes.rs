//! Causes of orders that the Service Catalog refuses.

use crate::diagnose::model::diagnosis::{Cause, Explanation};

pub(crate) const QUANTITY_WRONG: Cause = Cause::new(
    "catalog.quantity-wrong",
    95,
    Explanation {
        title: "sysparm_quantity is missing, or is not a whole number in digits",
        tell_apart: "With sysparm_quantity \"1\" the reply is another.",
        fix: &["Send sysparm_quantity as digits, such as \"1\": a missing one counts as wrong, too."],
        source: "KB0717979",
    },
);

pub(crate) const CRITERIA_EXCLUDE: Cause = Cause::new(
    "catalog.user-criteria",
    50,
    Explanation {
        title: "The user criteria of the item do not include this user, or exclude it",
        tell_apart: "The lists Available For and Not Available For of the item name criteria, and an administrator can order it.",
        fix: &[
            "Add the user, a group or a role to user criteria under Available For of the item, and take it from Not Available For.",
        ],
        source: "KB0717979; documentation page \"Service Catalog API\"",
    },
);

pub(crate) const ITEM_INACTIVE: Cause = Cause::new(
    "catalog.item-inactive",
    35,
    Explanation {
        title: "The sys_id is that of no item, or of an inactive one",
        tell_apart: "sc_cat_item has no active record with this sys_id.",
        fix: &["Take the sys_id from GET /api/sn_sc/servicecatalog/items, or activate the item."],
        source: "KB0717979",
    },
);

pub(crate) const CRITERIA_SCRIPT: Cause = Cause::new(
    "catalog.criteria-script",
    10,
    Explanation {
        title: "The script of a user criterion of the item fails, which counts as no access",
        tell_apart: "The system log has an error of the criterion at this time, such as for gs.log() in the scope sn_sc.",
        fix: &["Correct the script of the criterion (user_criteria), or replace it by users, groups or roles."],
        source: "KB0724965",
    },
);

pub(crate) const ANSWER_MISSING: Cause = Cause::new(
    "catalog.answer-left-out",
    65,
    Explanation {
        title: "The body has no answer to a required variable, or under another name",
        tell_apart: "GET of the item lists a variable with mandatory true whose name is not in the body.",
        fix: &[
            "Send every required variable under its name: the reply does not say which; catalog.checkVariables() does.",
        ],
        source: "KB0717979; KB0714209",
    },
);

pub(crate) const SET_ANSWER_MISSING: Cause = Cause::new(
    "catalog.set-answer-left-out",
    30,
    Explanation {
        title: "A required variable of a variable set has no answer",
        tell_apart: "The item has variable sets (io_set_item), whose variables are not among its own.",
        fix: &["Send the variables of single-row sets among those of the item, without the name of the set."],
        source: "KB0714209; KB0760304",
    },
);

pub(crate) const CART_EMPTY: Cause = Cause::new(
    "catalog.cart-without-lines",
    90,
    Explanation {
        title: "Nothing was added to the cart, or another process of the same user has ordered or emptied it",
        tell_apart: "GET /api/sn_sc/servicecatalog/cart shows no lines; sc_request may have a new request of this user.",
        fix: &[
            "Look for a new request of this user, then add the item and check out again.",
            "Give each process that orders through the cart a user of its own.",
        ],
        source: "documentation page \"Service Catalog API\"",
    },
);

pub(crate) const NOT_FOR_OTHERS: Cause = Cause::new(
    "catalog.not-for-others",
    40,
    Explanation {
        title: "This user may not order for the person that is named, or that person may not have the item",
        tell_apart: "Without sysparm_requested_for and sysparm_also_request_for the item is ordered.",
        fix: &["Give the user a role of the property glide.sc.req_for.roles, or order for the user itself."],
        source: "documentation page \"Service Catalog API\"",
    },
);

pub(crate) const NOT_ORDERABLE: Cause = Cause::new(
    "catalog.not-orderable",
    35,
    Explanation {
        title: "The item is a record producer or an order guide, which are not ordered",
        tell_apart: "GET of the item has type record_producer or order_guide.",
        fix: &[
            "Submit a record producer with submit_producer, and an order guide with submit_guide and checkout_guide.",
        ],
        source: "documentation page \"Service Catalog API\"",
    },
);
