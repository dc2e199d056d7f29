//! The endpoints of the Service Catalog API.

use crate::catalog::CatalogOperation;

use super::rows::row;
use super::{Endpoint, Given, Operation, Sent};

const API: &str = "Service Catalog API";

const fn catalog(
    method: &'static str,
    path: &'static str,
    operation: CatalogOperation,
    summary: &'static str,
) -> Endpoint {
    row(API, (method, path), Operation::Catalog(operation), summary).gives(200, Given::Json("CatalogObject"))
}

pub(super) static ENDPOINTS: &[Endpoint] = &[
    catalog("GET", "sn_sc/servicecatalog/catalogs", CatalogOperation::Catalogs, "Lists catalogs")
        .with(&["sysparm_text", "sysparm_view", "sysparm_limit", "sysparm_offset"])
        .gives(200, Given::Json("CatalogObjects")),
    catalog("GET", "sn_sc/servicecatalog/catalogs/{catalog_id}", CatalogOperation::Catalog, "Reads a catalog")
        .with(&["sysparm_view"]),
    catalog(
        "GET",
        "sn_sc/servicecatalog/catalogs/{catalog_id}/categories",
        CatalogOperation::Categories,
        "Lists the categories of a catalog",
    )
    .with(&["sysparm_top_level_only", "sysparm_view", "sysparm_limit", "sysparm_offset"])
    .gives(200, Given::Json("CatalogObjects")),
    catalog("GET", "sn_sc/servicecatalog/categories/{category_id}", CatalogOperation::Category, "Reads a category")
        .with(&["sysparm_view"]),
    catalog("GET", "sn_sc/servicecatalog/items", CatalogOperation::Items, "Lists items")
        .with(&[
            "sysparm_text",
            "sysparm_catalog",
            "sysparm_category",
            "sysparm_type",
            "sysparm_view",
            "sysparm_limit",
            "sysparm_offset",
        ])
        .gives(200, Given::Json("CatalogObjects")),
    catalog("GET", "sn_sc/servicecatalog/items/{item_id}", CatalogOperation::Item, "Reads an item with its variables")
        .with(&["sysparm_view"]),
    catalog("POST", "sn_sc/servicecatalog/items/{item_id}/order_now", CatalogOperation::OrderNow, "Orders an item")
        .takes(Sent::Json("CatalogOrder"))
        .refuses(&[404, 415]),
    catalog(
        "POST",
        "sn_sc/servicecatalog/items/{item_id}/add_to_cart",
        CatalogOperation::AddToCart,
        "Adds an item to the cart",
    )
    .takes(Sent::Json("CatalogOrder"))
    .refuses(&[404, 415]),
    catalog(
        "POST",
        "sn_sc/servicecatalog/items/{item_id}/add_to_wishlist",
        CatalogOperation::AddToWishList,
        "Adds an item to the wish list",
    )
    .takes(Sent::Json("CatalogOrder"))
    .refuses(&[404, 415]),
    catalog(
        "POST",
        "sn_sc/servicecatalog/items/{item_id}/submit_producer",
        CatalogOperation::SubmitProducer,
        "Makes a record of what a record producer asks for",
    )
    .takes(Sent::Json("CatalogAnswers"))
    .refuses(&[404, 415]),
    catalog(
        "GET",
        "sn_sc/servicecatalog/items/{item_id}/delegation/{user_id}",
        CatalogOperation::Delegation,
        "Says whether a user may have an item",
    ),
    catalog(
        "POST",
        "sn_sc/servicecatalog/items/{item_id}/get_invalid_delegated_users",
        CatalogOperation::InvalidDelegates,
        "Names users who may not have an item",
    )
    .takes(Sent::Json("CatalogDelegates"))
    .refuses(&[415]),
    catalog(
        "PUT",
        "sn_sc/servicecatalog/items/{item_id}/submit_guide",
        CatalogOperation::SubmitGuide,
        "Lists the items that follow from the answers to an order guide",
    )
    .takes(Sent::Json("CatalogAnswers"))
    .gives(200, Given::Json("CatalogObjects"))
    .refuses(&[415]),
    catalog(
        "POST",
        "sn_sc/servicecatalog/items/{item_id}/checkout_guide",
        CatalogOperation::CheckoutGuide,
        "Adds the items of an order guide to the cart, or orders them",
    )
    .takes(Sent::Json("CatalogChosen"))
    .refuses(&[404, 415]),
    catalog("GET", "sn_sc/servicecatalog/cart", CatalogOperation::Cart, "Shows the cart"),
    catalog(
        "PUT",
        "sn_sc/servicecatalog/cart/{cart_item_id}",
        CatalogOperation::UpdateCart,
        "Changes a line of the cart",
    )
    .takes(Sent::Json("CatalogOrder"))
    .gives(201, Given::Json("CatalogObject"))
    .refuses(&[404, 415]),
    catalog(
        "DELETE",
        "sn_sc/servicecatalog/cart/{cart_item_id}",
        CatalogOperation::RemoveFromCart,
        "Takes a line out of the cart",
    )
    .gives(204, Given::Nothing),
    catalog(
        "DELETE",
        "sn_sc/servicecatalog/cart/{cart_id}/empty",
        CatalogOperation::EmptyCart,
        "Empties and deletes a cart",
    )
    .gives(204, Given::Nothing),
    catalog(
        "POST",
        "sn_sc/servicecatalog/cart/checkout",
        CatalogOperation::Checkout,
        "Orders the cart, or shows it first where the checkout has two steps",
    ),
    catalog("POST", "sn_sc/servicecatalog/cart/submit_order", CatalogOperation::SubmitOrder, "Orders the cart"),
    catalog(
        "GET",
        "sn_sc/servicecatalog/cart/delivery_address/{user_id}",
        CatalogOperation::DeliveryAddress,
        "Gives the shipping address of a user",
    )
    .gives(200, Given::Json("CatalogText")),
    catalog("GET", "sn_sc/servicecatalog/wishlist", CatalogOperation::WishList, "Shows the wish list"),
    catalog(
        "GET",
        "sn_sc/servicecatalog/wishlist/{cart_item_id}",
        CatalogOperation::WishListItem,
        "Reads a line of the wish list",
    )
    .refuses(&[404]),
    catalog(
        "POST",
        "sn_sc/servicecatalog/variables/{variable_id}/display_value",
        CatalogOperation::DisplayValue,
        "Gives the display value of an answer",
    )
    .takes(Sent::Json("CatalogValue"))
    .gives(200, Given::Json("CatalogText"))
    .refuses(&[404, 415]),
];
