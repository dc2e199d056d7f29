//! Being let in to APIs, tables, fields and queries.

use super::{Cause, cause};

const USER: &str = "All > User Administration > Users: open {user}, tab Roles > Edit.";

pub(super) static CAUSES: [Cause; 21] = [
    cause(
        "api.one-time-code",
        "The user is asked for a one-time code",
        &[
            "Use OAuth, or a user with Web service access only.",
            "Or set glide.authenticate.multifactor.for_integrations to false.",
        ],
        "REST API, Multi-factor authentication",
    ),
    cause(
        "api.basic-restriction",
        "Basic is closed to users who can also log in to the user interface",
        &[
            "All > User Administration > Users: open {user}, tick Web service access only (Identity type Machine).",
            "Or give the role snc_basic_auth_api_access, or use OAuth.",
        ],
        "Basic authentication restriction",
    ),
    cause(
        "api.scope",
        "The Table API asks for an auth scope that the client does not have",
        &[
            "All > System Web Services > REST API Auth Scopes: see which scope is linked to the Table API.",
            "All > System OAuth > Application Registry: add that scope, or useraccount, to the record with client id {clientId}.",
        ],
        "REST API Auth Scope",
    ),
    cause(
        "api.endpoint-acl",
        "An access rule of the API asks for a role that {user} does not have",
        &[USER, "Add snc_platform_rest_api_access, or itil, which contains it."],
        "Base system roles; KB0753132",
    ),
    cause(
        "api.machine-identity",
        "A machine identity access control keeps {user} from this API or table",
        &[
            "All > Machine Identity > Access controls: add the API and the table {table} to the record that names {user}.",
        ],
        "Create a machine identity access control",
    ),
    cause(
        "table.unknown",
        "There is no table named {table}",
        &["Compare the name with All > System Definition > Tables.", "If it comes with a plugin, activate the plugin."],
        "REST API HTTP response codes",
    ),
    cause(
        "table.web-services",
        "The table {table} is not open to web services",
        &[
            "All > System Definition > Tables: open {table}, tab Application Access.",
            "Tick Allow access to this table via web services.",
        ],
        "Table API; Application access settings",
    ),
    cause(
        "table.read-acl",
        "Access rules keep {user} from reading {table}",
        &[
            "All > System Security > Access Control (ACL): look for {table}, operation read, and the roles that it asks for.",
            USER,
            "Add one of those roles.",
        ],
        "Access control list rules; KB0546297",
    ),
    cause(
        "table.report-acl",
        "Access rules keep {user} from counting {table}",
        &[
            "All > System Security > Access Control (ACL): look for {table}, operations read and report_view.",
            USER,
            "Add one of the roles that they ask for.",
        ],
        "KB0744425",
    ),
    cause(
        "table.write-acl",
        "Access rules keep {user} from this operation ({operation}) on {table}",
        &[
            "All > System Security > Access Control (ACL): look for {table}, operation {operation}.",
            USER,
            "Add one of the roles that the rule asks for.",
        ],
        "Access control list rules",
    ),
    cause(
        "table.rows-hidden",
        "Access rules hide rows of {table} from {user}",
        &[
            "All > System Security > Access Control (ACL): look at the conditions and scripts of the read rules of {table}.",
            USER,
            "Add a role that reads these rows; or order the readable rows first and count the others as hidden.",
        ],
        "Table API, sysparm_limit; KB3047115",
    ),
    cause(
        "table.field-acl",
        "Fields of {table} are kept from {user}, or have other names",
        &[
            "All > System Definition > Dictionary: compare the names.",
            "All > System Security > Access Control (ACL): look for {table}. with the field's name, operation read, and its roles.",
            USER,
            "Add one of those roles.",
        ],
        "Table API, sysparm_fields; Access control list rules",
    ),
    cause(
        "table.truncated",
        "The reply breaks off: the transaction took longer than a minute",
        &[
            "Ask for smaller pages and fewer fields, and no display values.",
            "Sort by an indexed column, such as sys_id.",
        ],
        "KB1297438",
    ),
    cause(
        "table.business-rule",
        "A business rule aborts this operation ({operation}) on {table}",
        &["All > System Definition > Business Rules: open the rule and satisfy its condition.", "Or deactivate it."],
        "Business rules",
    ),
    cause(
        "table.data-policy",
        "A data policy asks for fields that the integration may not send",
        &[
            "All > System Policy > Rules > Data Policies: see which fields are mandatory, and when.",
            "Send them with the change.",
        ],
        "Data policies",
    ),
    cause(
        "query.too-long",
        "The query is longer than an address may be",
        &[
            "Split it into several, or send it by the Batch API.",
            "Set sysparm_suppress_pagination_header=true: the Link header repeats the query.",
        ],
        "Table API, sysparm_suppress_pagination_header",
    ),
    cause(
        "query.field-denied",
        "A field of the query may not be read or compared by {user}",
        &[
            "All > System Security > Access Control (ACL): look for the field, operations read, query_match and query_range.",
            USER,
            "Add one of the roles that they ask for, or leave the condition out.",
        ],
        "Query ACL rules",
    ),
    cause(
        "query.field-unknown",
        "A field of the query is none of {table}: the condition is dropped, or nothing is found",
        &[
            "All > System Definition > Dictionary: compare the name; fields of a parent table count too.",
            "Set glide.invalid_query.returns_no_rows to true, so that a typo never gives the whole table.",
        ],
        "Table API, sysparm_query; Available system properties",
    ),
    cause(
        "query.order",
        "Rows come in another order each time: pages repeat rows and lose others",
        &["End every query in ^ORDERBYsys_id, or another field that is unique."],
        "KB2628639; Xanadu Patch 4 release notes",
    ),
    cause(
        "user.roles",
        "{user} lacks roles that are wanted",
        &[USER, "Add the roles that are missing."],
        "Base system roles",
    ),
    cause(
        "user.time-zone",
        "{user} has a time zone: display values and relative dates are in it",
        &["Use the values and not the display values: they are UTC.", "Or set the user's time zone to GMT."],
        "Table API, sysparm_display_value",
    ),
];
