//! Causes of denied access and of hidden records.

use crate::diagnose::model::diagnosis::{Cause, Explanation};

pub(crate) const QUERY_ACL: Cause = Cause::new(
    "acl.query",
    50,
    Explanation {
        title: "A query ACL (query_match or query_range) or a field ACL forbids the condition or the order",
        tell_apart: "The condition works with = and fails with >, or works for an administrator.",
        fix: &[
            "Grant {user} the role that the field's query_match, query_range or read ACL asks for (System Security > Access Control), or leave the condition out.",
        ],
        source: "documentation page \"Query ACL rules\"",
    },
);

pub(crate) const UNKNOWN_FIELD: Cause = Cause::new(
    "query.unknown-field",
    40,
    Explanation {
        title: "A field name in the query is misspelt",
        tell_apart: "The field is in sys_dictionary for neither the table nor its parents.",
        fix: &["Compare the field names of the query with the table's dictionary (System Definition > Dictionary)."],
        source: "documentation page \"Table API\"",
    },
);

pub(crate) const API_SCOPE: Cause = Cause::new(
    "scope.not-attached",
    95,
    Explanation {
        title: "The API is linked to an auth scope that the application registry record does not have",
        tell_apart: "Basic authentication passes, and other APIs accept the token.",
        fix: &[
            "Under System Web Services > REST API Auth Scopes see which scope is linked to {api}; add it, or useraccount, to the Auth Scopes of the {record} of {clientId}.",
        ],
        source: "documentation page \"REST API Auth Scope\"",
    },
);

pub(crate) const RECORD_RESTRICTED: Cause = Cause::new(
    "scope.record-restricted",
    95,
    Explanation {
        title: "The registry record is restricted to the APIs of its scopes (Scope Restriction: Securely scoped)",
        tell_apart: "Basic authentication passes, no role changes it, and one method or version may pass while another does not.",
        fix: &[
            "Add the scope useraccount to the Auth Scopes of the {record} of {clientId}.",
            "Or link {api} and its method to one of the record's scopes under System Web Services > REST API Auth Scopes.",
            "Or clear the box Allow access only to APIs in selected scope of the record.",
        ],
        source: "documentation page \"Configure an OAuth client credentials grant\"",
    },
);

pub(crate) const API_ROLE: Cause = Cause::new(
    "role.rest-api-access",
    90,
    Explanation {
        title: "A REST_Endpoint ACL is active and the user lacks its role",
        tell_apart: "Every table answers alike.",
        fix: &["Grant {user} the role snc_platform_rest_api_access, or itil, which contains it."],
        source: "KB0753132",
    },
);

pub(crate) const RULE_WITHOUT_ROLES: Cause = Cause::new(
    "acl.roles-gone",
    10,
    Explanation {
        title: "The access rule names only roles that no longer exist; from Brazil on such a rule lets nobody pass",
        tell_apart: "It began with an upgrade, and the rule's list Requires role is empty although rows of sys_security_acl_role point to it.",
        fix: &[
            "Under System Security > Access Control (ACL) give the rule of {table} a role that exists and {user} that role.",
            "Until then, set the system property glide.security.acl_with_invalid_roles_strict_deny to false.",
        ],
        source: "Brazil release notes \"Access management\"",
    },
);

pub(crate) const NO_TABLE_READ: Cause = Cause::new(
    "acl.no-table-read",
    90,
    Explanation {
        title: "No ACL lets the user read the table as a whole: counting and grouping look at nothing else",
        tell_apart: "The Table API lists the same table.",
        fix: &[
            "Under System Security > Access Control (ACL) see which roles the rules read and report_view of {table} ask for, and grant {user} one of them.",
        ],
        source: "KB0744425",
    },
);

pub(crate) const NO_WEB_SERVICE_ACCESS: Cause = Cause::new(
    "table.web-service-access",
    80,
    Explanation {
        title: "\"Allow access to this table via web services\" is not ticked for this table",
        tell_apart: "An administrator is refused too, and other tables answer.",
        fix: &[
            "Under System Definition > Tables open {table}, tab Application Access, and tick Allow access to this table via web services.",
        ],
        source: "documentation page \"Application access settings\"",
    },
);

pub(crate) const MACHINE_IDENTITY: Cause = Cause::new(
    "acl.machine-identity",
    15,
    Explanation {
        title: "A machine identity access control names the APIs and tables of this user, and this is none of them",
        tell_apart: "The user is Web service access only, and an administrator is let.",
        fix: &[
            "Under Machine Identity > Access controls (Zurich and later) add {api} and {table} to the record that names {user}.",
        ],
        source: "documentation page \"Create a machine identity access control\"",
    },
);

pub(crate) const BUSINESS_RULE: Cause = Cause::new(
    "record.business-rule",
    95,
    Explanation {
        title: "The business rule that the reply names aborts the write (setAbortAction)",
        tell_apart: "The reply names the rule and its sys_id.",
        fix: &[
            "Open the rule under System Definition > Business Rules and send what it asks for.",
            "If it is meant for people only, let its condition leave the integration user out.",
        ],
        source: "documentation page \"Business rules\"",
    },
);

pub(crate) const DATA_POLICY: Cause = Cause::new(
    "record.data-policy",
    95,
    Explanation {
        title: "A data policy makes the fields that the reply names mandatory in this state",
        tell_apart: "The reply lists the labels of the fields.",
        fix: &["Send those fields too (to resolve an incident: close_code and close_notes)."],
        source: "documentation page \"Data policies\"",
    },
);

pub(crate) const ROLE_MISSING: Cause = Cause::new(
    "acl.role-missing",
    70,
    Explanation {
        title: "An access rule asks for a role that the integration user lacks",
        tell_apart: "The same call works for an administrator.",
        fix: &[
            "Under System Security > Access Control (ACL) look for {table} and what was tried on it, and for the roles that the rule asks for.",
            "Grant {user} one of them under User Administration > Users (for incidents: itil or sn_incident_read).",
        ],
        source: "KB0546297",
    },
);

pub(crate) const WRITE_ROLE_MISSING: Cause = Cause::new(
    "acl.write-role-missing",
    85,
    Explanation {
        title: "A write or delete ACL of the table, or of one field that was sent, asks for a role that the user lacks",
        tell_apart: "Leave the fields out one by one: if it passes, the last one left out was the field.",
        fix: &[
            "Grant {user} the role that the {operation} rule of {table} asks for (System Security > Access Control), or do not send the field.",
        ],
        source: "documentation page \"ACL rule types\"",
    },
);

pub(crate) const WRITTEN_UNREADABLE: Cause = Cause::new(
    "acl.written-but-not-readable",
    25,
    Explanation {
        title: "The record was written, and the user may not read it",
        tell_apart: "Somebody who may read the table finds the record by its correlation_id.",
        fix: &["Look the record up before you repeat the write; grant {user} read access to what it creates."],
        source: "KB2697679",
    },
);

#[cfg_attr(not(feature = "circumstances"), allow(dead_code, reason = "fewer rows, fewer causes"))]
pub(crate) const SESSION_WITHOUT_ROLES: Cause = Cause::new(
    "session.roles-lost",
    50,
    Explanation {
        title: "The session that the cookie names was restored on another node, for a moment without the user's roles",
        tell_apart: "It comes and goes, and never without cookies.",
        fix: &["Leave the cookies out: every request then signs in by itself."],
        source: "KB2466644",
    },
);

pub(crate) const CROSS_SCOPE: Cause = Cause::new(
    "script.cross-scope-access",
    90,
    Explanation {
        title: "A scripted API or a business rule of one scope used a table or script that is closed to its scope",
        tell_apart: "The system log has CrossScopeAccessNotAllowedException with both scopes.",
        fix: &[
            "Under System Applications > Application Cross-Scope Access set Status of the record for this source and target to Allowed.",
            "Or let Accessible from of the target's table record be All application scopes.",
        ],
        source: "documentation page \"Runtime access tracking\"",
    },
);

pub(crate) const DATABASE_VIEW: Cause = Cause::new(
    "write.database-view",
    5,
    Explanation {
        title: "The table is a database view, which can only be read",
        tell_apart: "sys_db_view has a record of that name.",
        fix: &["Write to the base table: System Definition > Database Views lists the tables of the view."],
        source: "KB0534905",
    },
);

pub(crate) const OTHER_DOMAIN: Cause = Cause::new(
    "record.other-domain",
    8,
    Explanation {
        title: "Domains are separated, and the record is in one that the user does not see",
        tell_apart: "With sysparm_query_no_domain=true, asked by a user who may, it is found.",
        fix: &[
            "Give {user} the record's domain, or one above it.",
            "Or grant {user} the role query_no_domain_table_api and send sysparm_query_no_domain=true.",
        ],
        source: "documentation page \"Table API\"",
    },
);

pub(crate) const ATTACHMENT_TYPE: Cause = Cause::new(
    "attachment.type",
    35,
    Explanation {
        title: "The file's extension or MIME type is not among those that the instance takes",
        tell_apart: "The same file named .txt, or a .pdf, is taken.",
        fix: &[
            "Add the extension to the system property glide.attachment.extensions; an empty one admits all.",
            "If glide.security.file.mime_type.validation is true, send a Content-Type that fits the file.",
        ],
        source: "documentation page \"Available system properties\"",
    },
);

pub(crate) const ATTACHMENT_UNWRITABLE: Cause = Cause::new(
    "attachment.record-not-writable",
    50,
    Explanation {
        title: "The user may not write the record that the file hangs on",
        tell_apart: "A PATCH of that record is refused too.",
        fix: &["Grant {user} the role that the write rules of the record's table ask for."],
        source: "documentation page \"Attachment API\"",
    },
);

pub(crate) const ATTACHMENT_ROLE: Cause = Cause::new(
    "attachment.role",
    20,
    Explanation {
        title: "Only users with certain roles may attach files",
        tell_apart: "The system property glide.attachment.role is something else than public.",
        fix: &["Grant {user} a role that glide.attachment.role names, or set the property to public."],
        source: "documentation page \"Available system properties\"",
    },
);

pub(crate) const NOT_A_CHOICE: Cause = Cause::new(
    "record.not-a-choice",
    30,
    Explanation {
        title: "The field was sent with a value that is none of its choices: the instance empties it first and then misses it",
        tell_apart: "The field that is said to be missing stands in the request.",
        fix: &[
            "Read sys_choice for the field (name={table}, element the field, inactive=false) and send one of its values: they differ between releases, as those of close_code do.",
        ],
        source: "documentation page \"Data policy\"; captures of incident and problem updates",
    },
);

pub(crate) const LIST_VERSION_1: Cause = Cause::new(
    "list.version-1",
    90,
    Explanation {
        title: "The path names version 1, where a list without rows is 404; version 2 and the path without a version answer 200",
        tell_apart: "The same query under /api/now/table answers 200 with an empty result.",
        fix: &["Take /v1 out of the path, or read this 404 as an empty list."],
        source: "KB0551763",
    },
);

pub(crate) const RECORD_HIDDEN: Cause = Cause::new(
    "record.hidden",
    45,
    Explanation {
        title: "The record exists, and a row ACL or the domain hides it from this user",
        tell_apart: "/api/now/stats counts it by sys_id (row ACLs do not apply there), or an administrator opens it.",
        fix: &["Grant {user} the role that reads the record."],
        source: "KB0546297",
    },
);

pub(crate) const NUMBER_FOR_SYS_ID: Cause = Cause::new(
    "record.number-for-sys-id",
    90,
    Explanation {
        title: "The address has the record's number where its sys_id belongs",
        tell_apart: "A sys_id has 32 hexadecimal digits; a number has a prefix, such as INC0010001.",
        fix: &[
            "Find the record by its number, with a query such as number=INC0010001, and use the sys_id of that row.",
        ],
        source: "documentation page \"Table API\"",
    },
);

pub(crate) const RECORD_ABSENT: Cause = Cause::new(
    "record.absent",
    45,
    Explanation {
        title: "The sys_id is wrong, or the record was deleted",
        tell_apart: "/api/now/stats counts 0 by that sys_id; sys_audit_delete may have its trace.",
        fix: &["Check the sys_id and the table it belongs to."],
        source: "documentation page \"Table API\"",
    },
);
