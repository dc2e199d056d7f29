//! Codes of diagnoses: the rows of the catalogue, and what a call or a look at the outcome adds to them.

use super::codes;

codes! {
    DIAGNOSES:
    /// The user may not use this REST API at all, in a session that a cookie continues.
    ACL_API = "acl.api";
    /// The user may not do this.
    ACL_REFUSED = "acl.refused";
    /// The Aggregate API needs read access to the whole table, and the user has none.
    ACL_TABLE_COUNTS = "acl.table-counts";
    /// The file is shorter or longer than the instance says that it is.
    ATTACHMENT_CUT = "attachment.cut";
    /// The instance does not take the file.
    ATTACHMENT_REFUSED = "attachment.refused";
    /// The file is larger than the instance takes.
    ATTACHMENT_TOO_LARGE = "attachment.too-large";
    /// The instance asks for a one-time code.
    AUTHENTICATION_MFA = "authentication.mfa";
    /// The API asks for credentials, and neither the request nor the certificate of its connection shows a user.
    AUTHENTICATION_REFUSED = "authentication.refused";
    /// The sign-in ends at an address of the application registry record, not of this request.
    AUTHORIZE_REDIRECTED = "authorize.redirected";
    /// The sign-in page asks for a state parameter.
    AUTHORIZE_STATE_MISSING = "authorize.state-missing";
    /// The API does not accept the user name and password, in words of the releases that restrict Basic.
    BASIC_NOT_ACCEPTED = "basic.not-accepted";
    /// The instance accepted the batch and did not process every request in it.
    BATCH_UNSERVICED = "batch.unserviced";
    /// The instance's queue for integrations is full.
    CAPACITY_QUEUE_FULL = "capacity.queue-full";
    /// The session's own queue is full, and the request was not processed.
    CAPACITY_SESSION_QUEUE = "capacity.session-queue";
    /// A required variable of the catalog item has no answer.
    CATALOG_ANSWER_MISSING = "catalog.answer-missing";
    /// The cart of this user is empty.
    CATALOG_CART_EMPTY = "catalog.cart-empty";
    /// This user may not order the item, or there is no such item.
    CATALOG_ITEM_REFUSED = "catalog.item-refused";
    /// A catalog request was created by the Table API, so it has no variables and starts no flow.
    CATALOG_MADE_BY_TABLE = "catalog.made-by-table";
    /// The order was begun and failed inside the instance.
    CATALOG_ORDER_FAILED = "catalog.order-failed";
    /// The Service Catalog does not take the quantity.
    CATALOG_QUANTITY = "catalog.quantity";
    /// The instance answers, and the browser withholds the reply from this page.
    CORS_REFUSED = "cors.refused";
    /// A requested field is in no row, or in some rows only.
    FIELDS_MISSING = "fields.missing";
    /// The import was accepted, and a row of it was skipped or did not become a record.
    IMPORT_NOT_APPLIED = "import.not-applied";
    /// A page refuses this request before it reaches an API.
    INSTANCE_ADDRESS_REFUSED = "instance.address-refused";
    /// The WebAssembly of the package ended with a trap, and all its calls with it.
    INSTANCE_BROKEN = "instance.broken";
    /// The reply is not the whole JSON that the API promises.
    INSTANCE_CUT_REPLY = "instance.cut-reply";
    /// The instance failed while it worked on the request.
    INSTANCE_ERROR = "instance.error";
    /// A gateway in front of the instance asks for its own sign-in.
    INSTANCE_GATEWAY_REFUSES = "instance.gateway-refuses";
    /// The instance is asleep.
    INSTANCE_HIBERNATING = "instance.hibernating";
    /// The reply has no content, where this API promises a result.
    INSTANCE_NO_CONTENT = "instance.no-content";
    /// A web page came where the API should answer.
    INSTANCE_NOT_ITS_API = "instance.not-its-api";
    /// The reply is no JSON, although it says that it succeeded.
    INSTANCE_NOT_JSON = "instance.not-json";
    /// The reply is whole, and not the JSON that this API promises.
    INSTANCE_OTHER_REPLY = "instance.other-reply";
    /// The instance redirects a request to one of its APIs.
    INSTANCE_REDIRECTED = "instance.redirected";
    /// A gateway answers instead of the instance.
    INSTANCE_UNAVAILABLE = "instance.unavailable";
    /// A journal field came back empty, as it always does without display values.
    JOURNAL_RAW_EMPTY = "journal.raw-empty";
    /// The API does not accept the API key.
    KEY_NOT_ACCEPTED = "key.not-accepted";
    /// No row matches, which version 1 of the API answers with 404.
    LIST_NONE = "list.none";
    /// The connection was cut after five minutes.
    NETWORK_CUT_AT_FIVE_MINUTES = "network.cut-at-five-minutes";
    /// A page loaded by https may not call an http address.
    NETWORK_MIXED_CONTENT = "network.mixed-content";
    /// A proxy on the way asks for its own sign-in.
    NETWORK_PROXY_SIGN_IN = "network.proxy-sign-in";
    /// No reply came in time, or a gateway on the way gave up waiting.
    NETWORK_TIMEOUT = "network.timeout";
    /// The instance could not be reached.
    NETWORK_UNREACHABLE = "network.unreachable";
    /// Rows come twice, so others are missing: the pages have no stable order, or the rows changed while they were read.
    PAGES_UNSTABLE = "pages.unstable";
    /// The instance has no such API.
    PATH_UNKNOWN = "path.unknown";
    /// Rows came that a condition of the query excludes: the instance ignores it.
    QUERY_CONDITION_DROPPED = "query.condition-dropped";
    /// A field in the query may not be read, or does not exist.
    QUERY_FIELD_NOT_READABLE = "query.field-not-readable";
    /// No row came, and the query names a field that no row of this table has shown.
    QUERY_FIELD_UNKNOWN = "query.field-unknown";
    /// No row matches the query, or the instance did not understand it.
    QUERY_NO_MATCH = "query.no-match";
    /// The instance cancelled the request at its time limit, so the reply is cut.
    QUOTA_CANCELLED = "quota.cancelled";
    /// The hourly limit of a rate limit rule is used up.
    RATE_RULE = "rate.rule";
    /// The record is not at the version that the write expects, so nothing was written.
    RECORD_CHANGED = "record.changed";
    /// The request conflicts with the present state of the record.
    RECORD_CONFLICT = "record.conflict";
    /// Another request or job holds a lock on what this request needs.
    RECORD_LOCKED = "record.locked";
    /// A data policy of the instance requires fields that the write leaves empty.
    RECORD_MANDATORY_MISSING = "record.mandatory-missing";
    /// There is no such record, or access rules hide it.
    RECORD_NOT_FOUND = "record.not-found";
    /// The write was done, and its sys_mod_count shows that another change came between the look and the write.
    RECORD_OVERTAKEN = "record.overtaken";
    /// A business rule of the instance refuses the write.
    RECORD_RULE_REFUSED = "record.rule-refused";
    /// A text of the reply holds a raw control character, which strict JSON parsers refuse with the whole reply.
    REPLY_CONTROL_CHARACTER = "reply.control-character";
    /// The reply is in order.
    REPLY_IN_ORDER = "reply.in-order";
    /// The body is larger than the instance reads.
    REQUEST_BODY_TOO_LARGE = "request.body-too-large";
    /// This API does not serve this method.
    REQUEST_METHOD = "request.method";
    /// The server does not implement this method.
    REQUEST_NOT_IMPLEMENTED = "request.not-implemented";
    /// The instance refuses a parameter of the request, which its reply names.
    REQUEST_PARAMETER = "request.parameter";
    /// The server did not process a request that came before the connection was confirmed.
    REQUEST_TOO_EARLY = "request.too-early";
    /// The address is too long for the instance.
    REQUEST_TOO_LONG = "request.too-long";
    /// The instance could not read the request.
    REQUEST_UNREADABLE = "request.unreadable";
    /// The instance counts rows that it does not show.
    ROWS_HIDDEN_BY_ACL = "rows.hidden-by-acl";
    /// The token lacks the auth scope of this API.
    SCOPE_MISSING = "scope.missing";
    /// The token is good for the APIs of its own scopes only, and this API and method have none of them.
    SCOPE_UNSCOPED_API = "scope.unscoped-api";
    /// A script of the instance may not use a table or script of another scope.
    SCRIPT_CROSS_SCOPE = "script.cross-scope";
    /// Requests of one session wait for each other.
    SESSION_ONE_AT_A_TIME = "session.one-at-a-time";
    /// The session is alive, and its X-UserToken is missing or stale.
    SESSION_TOKEN_STALE = "session.token-stale";
    /// The table is closed to web services.
    TABLE_NOT_FOR_WEB_SERVICES = "table.not-for-web-services";
    /// The instance has no such table.
    TABLE_UNKNOWN = "table.unknown";
    /// This machine's clock and the instance's differ, so the instance takes the assertion for expired or early.
    TOKEN_CLOCK = "token.clock";
    /// The API does not accept a signed token that the instance was not seen to issue.
    TOKEN_FOREIGN_NOT_ACCEPTED = "token.foreign-not-accepted";
    /// The token endpoint refuses the scope that was asked for.
    TOKEN_INVALID_SCOPE = "token.invalid-scope";
    /// The API does not accept the token.
    TOKEN_NOT_ACCEPTED = "token.not-accepted";
    /// The key that this instance was opened with cannot sign the assertion.
    TOKEN_NOT_SIGNED = "token.not-signed";
    /// The instance refuses to issue a token.
    TOKEN_REFUSED = "token.refused";
    /// The token source that this instance was opened with gave no token.
    TOKEN_SOURCE_FAILED = "token.source-failed";
    /// The subject of the assertion is an administrator, to whom this grant gives no token.
    TOKEN_SUBJECT_REFUSED = "token.subject-refused";
    /// The token endpoint failed.
    TOKEN_UNAVAILABLE = "token.unavailable";
    /// The reply of the token endpoint has no bearer token.
    TOKEN_UNREADABLE = "token.unreadable";
    /// The token endpoint does not let this client use this grant.
    TOKEN_UNSUPPORTED_GRANT = "token.unsupported-grant";
    /// sysparm does not know what this reply means.
    UNKNOWN = "unknown";
    /// Dates and times are in the user's time zone, not in UTC.
    VALUES_DISPLAY = "values.display";
    /// More than one record carries the key of this write.
    WRITE_DUPLICATED = "write.duplicated";
    /// A field that was sent came back with another value: the instance did not keep it.
    WRITE_FIELD_DROPPED = "write.field-dropped";
    /// The body is a list of records, and the instance kept the first one only.
    WRITE_FIRST_ONLY = "write.first-only";
    /// A write may have been sent, and no reply says whether it happened.
    WRITE_UNKNOWN_OUTCOME = "write.unknown-outcome";
}
