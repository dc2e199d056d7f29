import type { Api } from "../model";
import { parameters } from "../parameters";

const BASE = "/api/sn_sc/servicecatalog";
const LIST = ["sysparm_text", ["sysparm_limit", "10"], "sysparm_offset", "sysparm_view"] as const;
const ORDER = { json: { sysparm_quantity: "1", variables: {} } };

export const SERVICE_CATALOG: Api = {
  name: "Service Catalog",
  source: "rest-apis/c_ServiceCatalogAPI",
  needs: "An item is seen and ordered by its user criteria",
  calls: [
    {
      id: "sc-catalogs",
      method: "GET",
      path: `${BASE}/catalogs`,
      summary: "List catalogs",
      parameters: parameters(...LIST),
    },
    {
      id: "sc-catalog",
      method: "GET",
      path: `${BASE}/catalogs/{catalog_id}`,
      summary: "Read a catalog",
      parameters: parameters("sysparm_view"),
    },
    {
      id: "sc-categories",
      method: "GET",
      path: `${BASE}/catalogs/{catalog_id}/categories`,
      summary: "List the categories of a catalog",
      parameters: parameters(["sysparm_limit", "10"], "sysparm_offset", "sysparm_view"),
    },
    {
      id: "sc-category",
      method: "GET",
      path: `${BASE}/categories/{category_id}`,
      summary: "Read a category",
      parameters: parameters("sysparm_view"),
    },
    {
      id: "sc-items",
      method: "GET",
      path: `${BASE}/items`,
      summary: "List items",
      parameters: parameters(...LIST, "sysparm_catalog", "sysparm_category", "sysparm_type"),
    },
    {
      id: "sc-item",
      method: "GET",
      path: `${BASE}/items/{item_id}`,
      summary: "Read an item with its variables",
      parameters: parameters("sysparm_view"),
      note: "Variables of a variable set are not among those at the item.",
    },
    {
      id: "sc-order-now",
      method: "POST",
      path: `${BASE}/items/{item_id}/order_now`,
      summary: "Order an item at once",
      parameters: [],
      body: ORDER,
      note: "A missing quantity counts as an invalid one. Client scripts and UI policies do not run.",
    },
    {
      id: "sc-add-to-cart",
      method: "POST",
      path: `${BASE}/items/{item_id}/add_to_cart`,
      summary: "Put an item into the cart",
      parameters: [],
      body: ORDER,
    },
    {
      id: "sc-submit-producer",
      method: "POST",
      path: `${BASE}/items/{item_id}/submit_producer`,
      summary: "Submit a record producer",
      parameters: [],
      body: { json: { variables: {} } },
    },
    {
      id: "sc-checkout-guide",
      method: "POST",
      path: `${BASE}/items/{item_id}/checkout_guide`,
      summary: "Check an order guide out",
      parameters: [],
      body: ORDER,
    },
    { id: "sc-cart", method: "GET", path: `${BASE}/cart`, summary: "Show the cart", parameters: [] },
    {
      id: "sc-cart-change",
      method: "PUT",
      path: `${BASE}/cart/{cart_item_id}`,
      summary: "Change an item of the cart",
      parameters: [],
      body: ORDER,
    },
    {
      id: "sc-cart-remove",
      method: "DELETE",
      path: `${BASE}/cart/{cart_item_id}`,
      summary: "Take an item out of the cart",
      parameters: [],
    },
    {
      id: "sc-cart-empty",
      method: "DELETE",
      path: `${BASE}/cart/{cart_id}/empty`,
      summary: "Empty the cart",
      parameters: [],
    },
    {
      id: "sc-checkout",
      method: "POST",
      path: `${BASE}/cart/checkout`,
      summary: "Check the cart out",
      parameters: [],
      note: "Orders where the check-out has one step. With two steps, submit_order orders.",
    },
    {
      id: "sc-submit-order",
      method: "POST",
      path: `${BASE}/cart/submit_order`,
      summary: "Order what is in the cart",
      parameters: [],
      note: "400 for an empty cart.",
    },
  ],
};
