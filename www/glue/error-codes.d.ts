/** The stable codes of errors. Generated from src/code: `SYSPARM_WRITE=1 cargo test --test error_codes`. Longer than 400 lines because it is generated. */

/** The codes that this version throws or diagnoses. */
export type KnownErrorCode =
  /** The user may not use this REST API at all, in a session that a cookie continues. */
  | "acl.api"
  /** The user may not do this. */
  | "acl.refused"
  /** The Aggregate API needs read access to the whole table, and the user has none. */
  | "acl.table-counts"
  /** The instance left a field or measure out of an aggregate. */
  | "aggregate.field"
  /** The file is shorter or longer than the instance says that it is. */
  | "attachment.cut"
  /** The instance does not take the file. */
  | "attachment.refused"
  /** The file is larger than the instance takes. */
  | "attachment.too-large"
  /** The query finds more attachments than are listed. */
  | "attachments.too-many"
  /** The instance asks for a one-time code. */
  | "authentication.mfa"
  /** The API asks for credentials, and neither the request nor the certificate of its connection shows a user. */
  | "authentication.refused"
  /** The sign-in ends at an address of the application registry record, not of this request. */
  | "authorize.redirected"
  /** The sign-in page asks for a state parameter. */
  | "authorize.state-missing"
  /** The API does not accept the user name and password, in words of the releases that restrict Basic. */
  | "basic.not-accepted"
  /** The instance accepted the batch and did not process every request in it. */
  | "batch.unserviced"
  /** The time limit passed before a request slot was free; nothing was sent. */
  | "capacity.line"
  /** The instance's queue for integrations is full. */
  | "capacity.queue-full"
  /** The session's own queue is full, and the request was not processed. */
  | "capacity.session-queue"
  /** 10,000 calls are pending already. */
  | "capacity.too-many-calls"
  /** A required variable of the catalog item has no answer. */
  | "catalog.answer-missing"
  /** The cart of this user is empty. */
  | "catalog.cart-empty"
  /** This user may not order the item, or there is no such item. */
  | "catalog.item-refused"
  /** A catalog request was created by the Table API, so it has no variables and starts no flow. */
  | "catalog.made-by-table"
  /** The order was begun and failed inside the instance. */
  | "catalog.order-failed"
  /** The Service Catalog does not take the quantity. */
  | "catalog.quantity"
  /** Answers to variables of a catalog item are refused, so nothing was sent: see `problems`. */
  | "catalog.variables-refused"
  /** An option or argument of `sysparm/codegen` is invalid. */
  | "codegen.options"
  /** The instance answers, and the browser withholds the reply from this page. */
  | "cors.refused"
  /** The examination ended before its report. */
  | "doctor.ended"
  /** A field's name has characters other than letters, digits, _ and dots. */
  | "field.name"
  /** A requested field is in no row, or in some rows only. */
  | "fields.missing"
  /** A group of conditions is empty. */
  | "group.empty"
  /** The query needs more groups than an instance accepts. */
  | "group.too-many"
  /** The import set has no row that this user may read. */
  | "import-set.empty"
  /** The import was accepted, and a row of it was skipped or did not become a record. */
  | "import.not-applied"
  /** A page refuses this request before it reaches an API. */
  | "instance.address-refused"
  /** The WebAssembly of the package ended with a trap, and all its calls with it. */
  | "instance.broken"
  /** The instance has failed so often that no request is sent until `resumesAt`. */
  | "instance.circuit-open"
  /** The instance object was closed. */
  | "instance.closed"
  /** The reply is not the whole JSON that the API promises. */
  | "instance.cut-reply"
  /** The instance failed while it worked on the request. */
  | "instance.error"
  /** A gateway in front of the instance asks for its own sign-in. */
  | "instance.gateway-refuses"
  /** The instance is asleep. */
  | "instance.hibernating"
  /** The reply has no content, where this API promises a result. */
  | "instance.no-content"
  /** A web page came where the API should answer. */
  | "instance.not-its-api"
  /** The reply is no JSON, although it says that it succeeded. */
  | "instance.not-json"
  /** The reply is whole, and not the JSON that this API promises. */
  | "instance.other-reply"
  /** The instance redirects a request to one of its APIs. */
  | "instance.redirected"
  /** The Worker's request that made the call has ended, or did not run for a while. */
  | "instance.request-ended"
  /** A gateway answers instead of the instance. */
  | "instance.unavailable"
  /** A journal field came back empty, as it always does without display values. */
  | "journal.raw-empty"
  /** The API does not accept the API key. */
  | "key.not-accepted"
  /** No row matches, which version 1 of the API answers with 404. */
  | "list.none"
  /** The map of an instance cannot be used: see `problems`. */
  | "model.map"
  /** An option or argument of `sysparm/model` is invalid. */
  | "model.options"
  /** The object cannot be written: see `problems`. */
  | "model.refused"
  /** The unified model has no such table, and the map names none that it is like. */
  | "model.table"
  /** The connection was cut after five minutes. */
  | "network.cut-at-five-minutes"
  /** A page loaded by https may not call an http address. */
  | "network.mixed-content"
  /** A proxy on the way asks for its own sign-in. */
  | "network.proxy-sign-in"
  /** No reply came in time, or a gateway on the way gave up waiting. */
  | "network.timeout"
  /** The instance could not be reached. */
  | "network.unreachable"
  /** The document is no OpenAPI 3 in JSON. */
  | "openapi.document"
  /** An option or argument of `sysparm/openapi` is invalid. */
  | "openapi.options"
  /** The description would have more operations or bytes than the options allow. */
  | "openapi.too-large"
  /** The operator has no opposite, so it cannot be negated. */
  | "operator.no-opposite"
  /** There is no such operator. */
  | "operator.unknown"
  /** The value does not fit the operator. */
  | "operator.value"
  /** The option `ahead` is out of range. */
  | "options.ahead"
  /** The option `auth` is invalid. */
  | "options.auth"
  /** The option `by` is neither "keyset" nor "offset". */
  | "options.by"
  /** The option `correlation` is invalid. */
  | "options.correlation"
  /** The option `displayValue` is invalid. */
  | "options.display-value"
  /** A member of the option `having` is invalid. */
  | "options.having"
  /** A member of the option `orderBy` is invalid. */
  | "options.order-by"
  /** A member of the option `pace` is out of range. */
  | "options.pace"
  /** The option `recovery` is invalid. */
  | "options.recovery"
  /** The option `size` of a batch is out of range. */
  | "options.size"
  /** The option `store` cannot be used in the request that needs it. */
  | "options.store"
  /** A member of the option `timeLimits` is out of range. */
  | "options.time-limits"
  /** An option or argument has a value that the call cannot use. */
  | "options.type"
  /** An option is not supported. */
  | "options.unknown"
  /** The instance URL is invalid. */
  | "options.url"
  /** The WebAssembly that reads pages could not be loaded. */
  | "pages.not-loaded"
  /** Rows come twice, so others are missing: the pages have no stable order, or the rows changed while they were read. */
  | "pages.unstable"
  /** The instance has no such API. */
  | "path.unknown"
  /** The JavaScript environment lacks something that every supported one has. */
  | "platform.incomplete"
  /** JavaScript and WebAssembly are of two versions of the package. */
  | "protocol.unknown-code"
  /** The text is an address that holds an encoded query. */
  | "query.address"
  /** Rows came that a condition of the query excludes: the instance ignores it. */
  | "query.condition-dropped"
  /** The text is a percent-encoded query. */
  | "query.encoded"
  /** A field in the query may not be read, or does not exist. */
  | "query.field-not-readable"
  /** No row came, and the query names a field that no row of this table has shown. */
  | "query.field-unknown"
  /** The option `limit` of a write by query is out of range. */
  | "query.limit"
  /** No row matches the query, or the instance did not understand it. */
  | "query.no-match"
  /** The argument `query` of a write by query is no Query. */
  | "query.not-examined"
  /** A query was used before `load()` had ended. */
  | "query.not-loaded"
  /** An option of a write by query is not supported. */
  | "query.option"
  /** The fields of a write by query are no object, are empty or unknown. */
  | "query.patch"
  /** A row came without its `sys_id`, so nothing was written. */
  | "query.row-unnamed"
  /** The schema is missing, invalid or of another table. */
  | "query.schema"
  /** The text is no encoded query. */
  | "query.syntax"
  /** The argument `table` of a write by query is not what `instance.table()` gives. */
  | "query.table"
  /** The query finds more rows than the write may change. */
  | "query.too-many-rows"
  /** The option `confirm` of a write by query is no function. */
  | "query.unconfirmed"
  /** The text is an address, is percent-encoded or has no operator, so it is no encoded query. */
  | "query.unread"
  /** The linter finds an error in the query. */
  | "query.unsound"
  /** The query does not restrict the rows of a write by query. */
  | "query.whole-table"
  /** The instance cancelled the request at its time limit, so the reply is cut. */
  | "quota.cancelled"
  /** The hourly limit of a rate limit rule is used up. */
  | "rate.rule"
  /** The state of the comparison is damaged, or of another version of the package. */
  | "reconcile.checkpoint"
  /** The versions of the copy do not come in the order of their ids. */
  | "reconcile.copy"
  /** Too many identifiers are not 32 hexadecimal digits. */
  | "reconcile.identifiers"
  /** The rows of the source do not come in the order of `sys_id`. */
  | "reconcile.order"
  /** The state of the comparison belongs to another table or query. */
  | "reconcile.other-query"
  /** The ^NQ groups of the query are ambiguous, so no bound can be added to it. */
  | "reconcile.query"
  /** The record is not at the version that the write expects, so nothing was written. */
  | "record.changed"
  /** The request conflicts with the present state of the record. */
  | "record.conflict"
  /** Another request or job holds a lock on what this request needs. */
  | "record.locked"
  /** A data policy of the instance requires fields that the write leaves empty. */
  | "record.mandatory-missing"
  /** There is no such record, or access rules hide it. */
  | "record.not-found"
  /** The write was done, and its sys_mod_count shows that another change came between the look and the write. */
  | "record.overtaken"
  /** A business rule of the instance refuses the write. */
  | "record.rule-refused"
  /** A text of the reply holds a raw control character, which strict JSON parsers refuse with the whole reply. */
  | "reply.control-character"
  /** The reply is in order. */
  | "reply.in-order"
  /** The instance reports success, and the reply lacks what it is read for. */
  | "reply.incomplete"
  /** The body is larger than `maxBodyBytes`. */
  | "reply.too-large"
  /** The body or record cannot be sent as given. */
  | "request.body"
  /** The body is larger than the instance reads. */
  | "request.body-too-large"
  /** A header of the caller is not sent. */
  | "request.header"
  /** This API does not serve this method. */
  | "request.method"
  /** The server does not implement this method. */
  | "request.not-implemented"
  /** The instance refuses a parameter of the request, which its reply names. */
  | "request.parameter"
  /** The path cannot be requested: only paths of the instance's own origin are. */
  | "request.path"
  /** The table, query or fields cannot be read as requested. */
  | "request.reading"
  /** The fetch function refused the request before it was sent. */
  | "request.refused"
  /** The server did not process a request that came before the connection was confirmed. */
  | "request.too-early"
  /** The address is too long for the instance. */
  | "request.too-long"
  /** The table has no field of this name, by its schema. */
  | "request.unknown-field"
  /** The instance could not read the request. */
  | "request.unreadable"
  /** The instance counts rows that it does not show. */
  | "rows.hidden-by-acl"
  /** An option or argument of `schema()` is invalid. */
  | "schema.options"
  /** The schema of the table cannot be read. */
  | "schema.unreadable"
  /** The token lacks the auth scope of this API. */
  | "scope.missing"
  /** The token is good for the APIs of its own scopes only, and this API and method have none of them. */
  | "scope.unscoped-api"
  /** A script of the instance may not use a table or script of another scope. */
  | "script.cross-scope"
  /** Requests of one session wait for each other. */
  | "session.one-at-a-time"
  /** The session is alive, and its X-UserToken is missing or stale. */
  | "session.token-stale"
  /** The return address belongs to no sign-in that was begun here. */
  | "sign-in.foreign"
  /** The grant of this instance has no sign-in. */
  | "sign-in.grant"
  /** The person or the instance refused the sign-in. */
  | "sign-in.refused"
  /** Outside a page a sign-in needs `auth.session`. */
  | "sign-in.session"
  /** The sign-out could not delete the stored token. */
  | "store.not-cleared"
  /** The checkpoint is damaged, or of another version of the package. */
  | "sync.checkpoint"
  /** The instance's time cannot be read from its replies. */
  | "sync.clock"
  /** The user may not read `sys_id` or `sys_updated_on`. */
  | "sync.keys-hidden"
  /** A sync needs stored values: `displayValue` is false or "all". */
  | "sync.labels"
  /** The checkpoint belongs to another table, query, list of fields or form of values. */
  | "sync.other-query"
  /** The ^NQ groups of the query are ambiguous, so no bound can be added to it. */
  | "sync.query"
  /** The table is closed to web services. */
  | "table.not-for-web-services"
  /** The instance has no such table. */
  | "table.unknown"
  /** This machine's clock and the instance's differ, so the instance takes the assertion for expired or early. */
  | "token.clock"
  /** The API does not accept a signed token that the instance was not seen to issue. */
  | "token.foreign-not-accepted"
  /** The supplied token has expired or was refused, and this client cannot renew it. */
  | "token.gone"
  /** The token endpoint refuses the scope that was asked for. */
  | "token.invalid-scope"
  /** This client authenticates without an OAuth token, so there is none to return. */
  | "token.none"
  /** The API does not accept the token. */
  | "token.not-accepted"
  /** The key that this instance was opened with cannot sign the assertion. */
  | "token.not-signed"
  /** The instance refuses to issue a token. */
  | "token.refused"
  /** A person has to sign in first. */
  | "token.sign-in-needed"
  /** The token source that this instance was opened with gave no token. */
  | "token.source-failed"
  /** The subject of the assertion is an administrator, to whom this grant gives no token. */
  | "token.subject-refused"
  /** The token endpoint failed. */
  | "token.unavailable"
  /** The reply of the token endpoint has no bearer token. */
  | "token.unreadable"
  /** The token endpoint does not let this client use this grant. */
  | "token.unsupported-grant"
  /** The tree is not of the shape of `QueryTree`. */
  | "tree.shape"
  /** The conditions are nested too deep. */
  | "tree.too-deep"
  /** sysparm does not know what this reply means. */
  | "unknown"
  /** The value begins like another operator or keyword. */
  | "value.ambiguous"
  /** The value contains ^, which ends a condition. */
  | "value.caret"
  /** The value is no instant that a query can hold. */
  | "value.instant"
  /** The length of time is invalid. */
  | "value.length"
  /** The value contains a line break or NUL character. */
  | "value.line-break"
  /** The value is no number that a query can hold. */
  | "value.number"
  /** An option or argument of `sysparm/values` is invalid. */
  | "value.options"
  /** The day is neither a date nor a known preset. */
  | "value.preset"
  /** Values cannot be written to their fields: see `problems`. */
  | "value.refused"
  /** The value begins with javascript: and is not given as a script. */
  | "value.script"
  /** The value contains the separator of its list. */
  | "value.separator"
  /** Dates and times are in the user's time zone, not in UTC. */
  | "values.display"
  /** A file of WebAssembly could not be loaded, and neither could its copy in JavaScript. */
  | "wasm.not-loaded"
  /** More than one record carries the key of this write. */
  | "write.duplicated"
  /** A field that was sent came back with another value: the instance did not keep it. */
  | "write.field-dropped"
  /** The body is a list of records, and the instance kept the first one only. */
  | "write.first-only"
  /** The record was created, and the instance did not store its key. */
  | "write.key-dropped"
  /** The key cannot show whether the record exists, so nothing was written. */
  | "write.key-unusable"
  /** The user may not read `sys_mod_count`, so nothing was written. */
  | "write.unguarded"
  /** A write may have been sent, and no reply says whether it happened. */
  | "write.unknown-outcome";

/** The code of an error or a diagnosis: one that is known here, or one that a later version adds. */
export type ErrorCode = KnownErrorCode | (string & Record<never, never>);
