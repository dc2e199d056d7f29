//! The Service Catalog refuses an order. Its script says no more than which check failed, in this order: quantity, access to the item,
//! required variables (KB0717979).

use super::Row;
use super::ordering_causes::*;
use super::request_causes::SCRIPT_FAILED;
use crate::code::Code;
use crate::diagnose::model::diagnosis::{Kind, Retry};
use crate::diagnose::model::facts::Seen;
use crate::request::Method;

fn of_catalog(seen: &Seen<'_>, status: u16, part: &str) -> bool {
    let (_, rest) = seen.endpoint().split_once("/servicecatalog/").unwrap_or_default();
    seen.is_of_api(status) && rest.starts_with(part)
}

/// Whether an item is read or ordered that this user may not order. Reading one says so by its status alone.
fn is_refused_item(seen: &Seen<'_>) -> bool {
    of_catalog(seen, 400, "items/") && (seen.method == Method::Get || seen.says("Security constraints"))
}

/// Orders name "variables" in another case than record producers.
fn lacks_answer(seen: &Seen<'_>) -> bool {
    of_catalog(seen, 400, "") && seen.says("Mandatory variables")
}

/// Whether an exception ended an order. The path names an item, which was found.
pub(in crate::diagnose) fn fails_order(seen: &Seen<'_>) -> bool {
    // Not of_catalog(): the client decides this, and split_once() adds 3.4 KB to it.
    seen.is_of_api(404) && seen.endpoint().contains("/servicecatalog/items/") && seen.says("Invalid Request")
}

fn is_empty_cart(seen: &Seen<'_>) -> bool {
    of_catalog(seen, 400, "cart/checkout") || of_catalog(seen, 400, "cart/submit_order")
}

const QUANTITY: Row = Row {
    code: Code::CATALOG_QUANTITY,
    kind: Kind::Request,
    title: "The Service Catalog does not take the quantity",
    retry: Retry::Never,
    fits: |seen| of_catalog(seen, 400, "") && seen.says("Invalid Quantity"),
    causes: &[QUANTITY_WRONG],
};

pub(super) const ROWS: &[Row] = &[
    QUANTITY,
    Row {
        code: Code::CATALOG_ITEM_REFUSED,
        title: "This user may not order the item, or there is no such item",
        fits: is_refused_item,
        causes: &[CRITERIA_EXCLUDE, ITEM_INACTIVE, CRITERIA_SCRIPT],
        ..QUANTITY
    },
    Row {
        code: Code::CATALOG_ANSWER_MISSING,
        title: "A required variable of the item has no answer",
        fits: lacks_answer,
        causes: &[ANSWER_MISSING, SET_ANSWER_MISSING],
        ..QUANTITY
    },
    Row {
        code: Code::CATALOG_CART_EMPTY,
        title: "The cart of this user is empty, so there is nothing to order",
        fits: is_empty_cart,
        causes: &[CART_EMPTY],
        ..QUANTITY
    },
    Row {
        code: Code::CATALOG_ORDER_FAILED,
        title: "The order was begun and failed inside the instance",
        fits: fails_order,
        causes: &[NOT_FOR_OTHERS, NOT_ORDERABLE, SCRIPT_FAILED.at(20)],
        ..QUANTITY
    },
];
