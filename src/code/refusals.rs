//! Codes of what the package refuses by itself, before a request or after a reply: calls, options, queries, values, syncs.

use super::codes;

codes! {
    REFUSALS:
    /// The table, query or fields cannot be read as requested.
    REQUEST_READING = "request.reading";
    /// The path cannot be requested: only paths of the instance's own origin are.
    REQUEST_PATH = "request.path";
    /// The body or record cannot be sent as given.
    REQUEST_BODY = "request.body";
    /// A header of the caller is not sent.
    REQUEST_HEADER = "request.header";
    /// The fetch function refused the request before it was sent.
    REQUEST_REFUSED = "request.refused";
    /// The time limit passed before a request slot was free; nothing was sent.
    CAPACITY_LINE = "capacity.line";
    /// 10,000 calls are pending already.
    CAPACITY_TOO_MANY_CALLS = "capacity.too-many-calls";
    /// The instance has failed so often that no request is sent until `resumesAt`.
    INSTANCE_CIRCUIT_OPEN = "instance.circuit-open";
    /// The instance object was closed.
    INSTANCE_CLOSED = "instance.closed";
    /// The Worker's request that made the call has ended, or did not run for a while.
    INSTANCE_REQUEST_ENDED = "instance.request-ended";
    /// JavaScript and WebAssembly are of two versions of the package.
    PROTOCOL_UNKNOWN_CODE = "protocol.unknown-code";
    /// The supplied token has expired or was refused, and this client cannot renew it.
    TOKEN_GONE = "token.gone";
    /// This client authenticates without an OAuth token, so there is none to return.
    TOKEN_NONE = "token.none";
    /// A person has to sign in first.
    TOKEN_SIGN_IN_NEEDED = "token.sign-in-needed";
    /// The sign-out could not delete the stored token.
    STORE_NOT_CLEARED = "store.not-cleared";
    /// The return address belongs to no sign-in that was begun here.
    SIGN_IN_FOREIGN = "sign-in.foreign";
    /// The grant of this instance has no sign-in.
    SIGN_IN_GRANT = "sign-in.grant";
    /// The person or the instance refused the sign-in.
    SIGN_IN_REFUSED = "sign-in.refused";
    /// Outside a page a sign-in needs `auth.session`.
    SIGN_IN_SESSION = "sign-in.session";
    /// An option is not supported.
    OPTIONS_UNKNOWN = "options.unknown";
    /// An option or argument has a value that the call cannot use.
    OPTIONS_TYPE = "options.type";
    /// The instance URL is invalid.
    OPTIONS_URL = "options.url";
    /// The option `auth` is invalid.
    OPTIONS_AUTH = "options.auth";
    /// The option `store` cannot be used in the request that needs it.
    OPTIONS_STORE = "options.store";
    /// A member of the option `pace` is out of range.
    OPTIONS_PACE = "options.pace";
    /// A member of the option `timeLimits` is out of range.
    OPTIONS_TIME_LIMITS = "options.time-limits";
    /// The option `ahead` is out of range.
    OPTIONS_AHEAD = "options.ahead";
    /// The option `by` is neither "keyset" nor "offset".
    OPTIONS_BY = "options.by";
    /// The option `displayValue` is invalid.
    OPTIONS_DISPLAY_VALUE = "options.display-value";
    /// The option `correlation` is invalid.
    OPTIONS_CORRELATION = "options.correlation";
    /// The option `recovery` is invalid.
    OPTIONS_RECOVERY = "options.recovery";
    /// The option `size` of a batch is out of range.
    OPTIONS_SIZE = "options.size";
    /// A member of the option `having` is invalid.
    OPTIONS_HAVING = "options.having";
    /// A member of the option `orderBy` is invalid.
    OPTIONS_ORDER_BY = "options.order-by";
    /// The instance reports success, and the reply lacks what it is read for.
    REPLY_INCOMPLETE = "reply.incomplete";
    /// The body is larger than `maxBodyBytes`.
    REPLY_TOO_LARGE = "reply.too-large";
    /// The record was created, and the instance did not store its key.
    WRITE_KEY_DROPPED = "write.key-dropped";
    /// The key cannot show whether the record exists, so nothing was written.
    WRITE_KEY_UNUSABLE = "write.key-unusable";
    /// The user may not read `sys_mod_count`, so nothing was written.
    WRITE_UNGUARDED = "write.unguarded";
    /// The table has no field of this name, by its schema.
    REQUEST_UNKNOWN_FIELD = "request.unknown-field";
    /// The instance left a field or measure out of an aggregate.
    AGGREGATE_FIELD = "aggregate.field";
    /// The query finds more attachments than are listed.
    ATTACHMENTS_TOO_MANY = "attachments.too-many";
    /// Answers to variables of a catalog item are refused, so nothing was sent: see `problems`.
    CATALOG_VARIABLES_REFUSED = "catalog.variables-refused";
    /// The import set has no row that this user may read.
    IMPORT_SET_EMPTY = "import-set.empty";
    /// The text is no encoded query.
    QUERY_SYNTAX = "query.syntax";
    /// The text is an address, is percent-encoded or has no operator, so it is no encoded query.
    QUERY_UNREAD = "query.unread";
    /// The text is an address that holds an encoded query.
    QUERY_ADDRESS = "query.address";
    /// The text is a percent-encoded query.
    QUERY_ENCODED = "query.encoded";
    /// The JavaScript environment lacks something that every supported one has.
    PLATFORM_INCOMPLETE = "platform.incomplete";
    /// A file of WebAssembly could not be loaded, and neither could its copy in JavaScript.
    WASM_NOT_LOADED = "wasm.not-loaded";
    /// The WebAssembly that reads pages could not be loaded.
    PAGES_NOT_LOADED = "pages.not-loaded";
    /// A query was used before `load()` had ended.
    QUERY_NOT_LOADED = "query.not-loaded";
    /// The linter finds an error in the query.
    QUERY_UNSOUND = "query.unsound";
    /// The query does not restrict the rows of a write by query.
    QUERY_WHOLE_TABLE = "query.whole-table";
    /// The query finds more rows than the write may change.
    QUERY_TOO_MANY_ROWS = "query.too-many-rows";
    /// A row came without its `sys_id`, so nothing was written.
    QUERY_ROW_UNNAMED = "query.row-unnamed";
    /// The argument `table` of a write by query is not what `instance.table()` gives.
    QUERY_TABLE = "query.table";
    /// The argument `query` of a write by query is no Query.
    QUERY_NOT_EXAMINED = "query.not-examined";
    /// The schema is missing, invalid or of another table.
    QUERY_SCHEMA = "query.schema";
    /// The option `confirm` of a write by query is no function.
    QUERY_UNCONFIRMED = "query.unconfirmed";
    /// The option `limit` of a write by query is out of range.
    QUERY_LIMIT = "query.limit";
    /// An option of a write by query is not supported.
    QUERY_OPTION = "query.option";
    /// The fields of a write by query are no object, are empty or unknown.
    QUERY_PATCH = "query.patch";
    /// A field's name has characters other than letters, digits, _ and dots.
    FIELD_NAME = "field.name";
    /// A group of conditions is empty.
    GROUP_EMPTY = "group.empty";
    /// The query needs more groups than an instance accepts.
    GROUP_TOO_MANY = "group.too-many";
    /// There is no such operator.
    OPERATOR_UNKNOWN = "operator.unknown";
    /// The value does not fit the operator.
    OPERATOR_VALUE = "operator.value";
    /// The operator has no opposite, so it cannot be negated.
    OPERATOR_NO_OPPOSITE = "operator.no-opposite";
    /// The tree is not of the shape of `QueryTree`.
    TREE_SHAPE = "tree.shape";
    /// The conditions are nested too deep.
    TREE_TOO_DEEP = "tree.too-deep";
    /// The value begins like another operator or keyword.
    VALUE_AMBIGUOUS = "value.ambiguous";
    /// The value contains ^, which ends a condition.
    VALUE_CARET = "value.caret";
    /// The value is no instant that a query can hold.
    VALUE_INSTANT = "value.instant";
    /// The length of time is invalid.
    VALUE_LENGTH = "value.length";
    /// The value contains a line break or NUL character.
    VALUE_LINE_BREAK = "value.line-break";
    /// The value is no number that a query can hold.
    VALUE_NUMBER = "value.number";
    /// The day is neither a date nor a known preset.
    VALUE_PRESET = "value.preset";
    /// The value begins with javascript: and is not given as a script.
    VALUE_SCRIPT = "value.script";
    /// The value contains the separator of its list.
    VALUE_SEPARATOR = "value.separator";
    /// An option or argument of `sysparm/values` is invalid.
    VALUE_OPTIONS = "value.options";
    /// Values cannot be written to their fields: see `problems`.
    VALUE_REFUSED = "value.refused";
    /// An option or argument of `schema()` is invalid.
    SCHEMA_OPTIONS = "schema.options";
    /// The schema of the table cannot be read.
    SCHEMA_UNREADABLE = "schema.unreadable";
    /// An option or argument of `sysparm/codegen` is invalid.
    CODEGEN_OPTIONS = "codegen.options";
    /// An option or argument of `sysparm/openapi` is invalid.
    OPENAPI_OPTIONS = "openapi.options";
    /// The document is no OpenAPI 3 in JSON.
    OPENAPI_DOCUMENT = "openapi.document";
    /// The description would have more operations or bytes than the options allow.
    OPENAPI_TOO_LARGE = "openapi.too-large";
    /// The checkpoint is damaged, or of another version of the package.
    SYNC_CHECKPOINT = "sync.checkpoint";
    /// The checkpoint belongs to another table, query, list of fields or form of values.
    SYNC_OTHER_QUERY = "sync.other-query";
    /// The ^NQ groups of the query are ambiguous, so no bound can be added to it.
    SYNC_QUERY = "sync.query";
    /// A sync needs stored values: `displayValue` is false or "all".
    SYNC_LABELS = "sync.labels";
    /// The user may not read `sys_id` or `sys_updated_on`.
    SYNC_KEYS_HIDDEN = "sync.keys-hidden";
    /// The instance's time cannot be read from its replies.
    SYNC_CLOCK = "sync.clock";
    /// The state of the comparison is damaged, or of another version of the package.
    RECONCILE_CHECKPOINT = "reconcile.checkpoint";
    /// The state of the comparison belongs to another table or query.
    RECONCILE_OTHER_QUERY = "reconcile.other-query";
    /// The ^NQ groups of the query are ambiguous, so no bound can be added to it.
    RECONCILE_QUERY = "reconcile.query";
    /// The rows of the source do not come in the order of `sys_id`.
    RECONCILE_ORDER = "reconcile.order";
    /// The versions of the copy do not come in the order of their ids.
    RECONCILE_COPY = "reconcile.copy";
    /// Too many identifiers are not 32 hexadecimal digits.
    RECONCILE_IDENTIFIERS = "reconcile.identifiers";
    /// The unified model has no such table, and the map names none that it is like.
    MODEL_TABLE = "model.table";
    /// The map of an instance cannot be used: see `problems`.
    MODEL_MAP = "model.map";
    /// The object cannot be written: see `problems`.
    MODEL_REFUSED = "model.refused";
    /// An option or argument of `sysparm/model` is invalid.
    MODEL_OPTIONS = "model.options";
    /// The examination ended before its report.
    DOCTOR_ENDED = "doctor.ended";
}
