/**
 * The codes in which the core and this package talk. Generated from `src/protocol/codes.rs` by
 * `SYSPARM_WRITE=1 cargo test --test protocol`: change them there.
 */

/** The headers that the core wants of a reply. */
export const WANTED_HEADERS = [
  "content-type",
  "x-total-count",
  "retry-after",
  "x-ratelimit-limit",
  "x-ratelimit-reset",
  "x-ratelimit-rule",
  "www-authenticate",
  "x-mfa_token",
  "location",
  "date",
];

/** What the host performs next. `Client.poll` returns it; the client's getters give its details until the next `poll`. */
export enum Due {
  /** Nothing, until a call begins or an effect ends. */
  nothing = 0,
  /** Fetch. `text` has the method, the address, the body (empty if the caller has it) and the headers, with a NUL between two. */
  fetch = 1,
  /** Ask the token source; `text` is the token that was refused, empty for none. */
  askSource = 2,
  /** Cancel the effect, or release the lock that it holds. */
  cancel = 3,
  /** Sleep for `length` milliseconds: a call waits for it. */
  sleep = 4,
  /** The call has ended with the reply last reported for it. */
  reply = 5,
  /** The call has ended with the token in `text`. */
  token = 6,
  /** The call has ended with the failure in `text`, as JSON. */
  failed = 7,
  /** Acquire the lock of the client's tokens. */
  lock = 8,
  /** Read the client's tokens from the store. */
  load = 9,
  /** Replace what the store holds by `text`, which expires at `length`. */
  save = 10,
  /** Sign `text` with the host's key. */
  sign = 11,
  /** Pass the event in `text`, which is JSON, to the listener. */
  emit = 12,
  /** The call, a sign-out, has ended. */
  signedOut = 13,
  /** Fetch the caller's own method and path, with the headers of the fetch before. */
  fetchSameHeaders = 14,
  /** Fetch as for `Fetch`, and take the reply out of a Batch of one. */
  fetchBatch = 15,
  /** Sleep as for `Sleep`; no call waits for it. */
  backgroundSleep = 16,
}

/** How an effect ended that did not end with a reply. `Client.ended` takes it, with a number and two texts. */
export enum EffectEnd {
  /** No reply came; the request may have arrived. */
  unreachable = 0,
  /** The token source failed. */
  sourceFailed = 1,
  /** The sleep is over. */
  slept = 2,
  /** The lock is held, or the store has the tokens. */
  done = 3,
  /** The store, the lock or the key failed, or nothing of the request has left. */
  failed = 4,
  /** The host's own request that performed it has ended, so no result will come. */
  lost = 5,
  /** The token endpoint granted a token: its lifetime in milliseconds, the token, and the refresh token if there is one. */
  granted = 6,
  /** The token source supplied a token: its expiry, and the token. */
  supplied = 7,
  /** The store answered: what it holds, if it holds anything. */
  loaded = 8,
  /** The key signed: the signature in base64url without padding. */
  signed = 9,
}

/** What a caller expects of a reply's body, so what the host does with it. `Client.start` takes it. */
export enum ExpectedBody {
  /** It is handed over unread; of a failure the beginning and the end go to the core. */
  untouched = 0,
  /** `{"result":[...]}` is parsed, and the number of its rows goes to the core. */
  rows = 1,
  /** `{"result":{...}}` is parsed. */
  record = 2,
  /**
   * The status says whether the request was done. Only with a 202 the body is read, because a full session queue answers so for what
   * it has not looked at; the APIs here answer 200, 201 or 204.
   */
  done = 3,
}

/** What a reply's body was found to be. `Client.replied` takes it. */
export enum FoundBody {
  /** Text, which goes to the core: of a failure, or not what was expected. */
  text = 0,
  /** Rows; their number goes to the core. */
  rows = 1,
  /** A record. */
  record = 2,
  /** Unread, of a success. */
  untouched = 3,
}

/** How a walk finds the next page. `new Walk` takes it. */
export enum PageOrder {
  /** By key where that is sure to find every row, else by offset. */
  best = 0,
  /** By key, in the query's own order. */
  keyset = 1,
  /** By offset. */
  offset = 2,
}

/** The form of values. `new Walk` takes it. */
export enum ValueForm {
  /** The stored value. */
  raw = 0,
  /** The display value. */
  label = 1,
  /** Both, as an object. */
  both = 2,
}

/** Places in `SyncRun.progress`. NaN stands for what is not known. */
export enum SyncNumber {
  /** Rows in total. */
  total = 0,
  /** Rows handed over or known. */
  passed = 1,
  /** Rows handed over more than once. */
  repeated = 2,
  /** Rows that are hidden. */
  hidden = 3,
  /** Deletions that are hidden. */
  hiddenDeletions = 4,
  /** Milliseconds left. */
  remainingMs = 5,
  /** A code of `DeletionsState`. */
  deletions = 6,
  /** 1 if the run is complete. */
  complete = 7,
}

/** What a sync has of deletions. */
export enum DeletionsState {
  /** They were read. */
  read = 0,
  /** They were read, and older ones may be gone. */
  trimmed = 1,
  /** They were not read. */
  unread = 2,
}

/** Places in the texts of a sync's checkpoint, to and from the core. */
export enum CheckpointText {
  /** The version of the checkpoint's form. */
  form = 0,
  /** The hash of the query. */
  query = 1,
  /** Not empty if there is a last row. */
  hasRow = 2,
  /** The last row's timestamp. */
  rowValue = 3,
  /** The last row's `sys_id`. */
  rowId = 4,
  /** Not empty if rows without a timestamp were read. */
  unstampedRead = 5,
  /** The time up to which deletions were read. */
  deletions = 6,
  /** The number of row keys among the versions. */
  rowKeys = 7,
  /** From here on versions: row keys, then keys of deletions. */
  versions = 8,
}

/** Places in the texts of the state of a comparison, to and from the core. */
export enum ComparedText {
  /** The version of the state's form. */
  form = 0,
  /** The hash of the query. */
  query = 1,
  /** The `sys_id` up to which the source was read. */
  after = 2,
  /** The count of the source; empty if it is not known. */
  total = 3,
  /** Rows compared. */
  rows = 4,
  /** Rows that the copy lacks. */
  missing = 5,
  /** Rows of which the copy holds another version. */
  stale = 6,
  /** Rows that only the copy holds. */
  surplus = 7,
  /** Differences that a sync still has to hand over. */
  pending = 8,
  /** Rows whose versions cannot be compared. */
  unknown = 9,
  /** The number of versions of the source among those that follow. */
  sourceAside = 10,
  /** From here on versions: of the source, then of the copy. */
  versions = 11,
}

/** Places in the texts of a version of a row: where versions cross, each is as many texts. */
export enum VersionText {
  /** The `sys_id`. */
  id = 0,
  /** The timestamp. */
  at = 1,
  /** The number of changes; of a deletion the `sys_id` of the deleted record. */
  changes = 2,
}

/** Places in the texts of `Comparison.found`. */
export enum DifferenceText {
  /** The number of missing rows. */
  missing = 0,
  /** The number of stale rows. */
  stale = 1,
  /** From here on `sys_id`s: missing, stale, surplus. */
  ids = 2,
}

/** Why a request has no reply, as the caller of `classify()` says. `Classifier.unanswered` takes it. */
export enum TransportFailure {
  /** No reply came, for a reason that is not known. */
  unreachable = 0,
  /** The time limit passed. */
  timedOut = 1,
  /** A reply came that the browser withholds. */
  unreadable = 2,
  /** A page's request failed without a reason. */
  silent = 3,
  /** A page of https asked for http. */
  mixedContent = 4,
}

/** Places in the texts of `Classifier.diagnosed`. */
export enum DiagnosisText {
  /** The code. */
  code = 0,
  /** The title. */
  title = 1,
  /** The kind. */
  kind = 2,
  /** When to retry. */
  retry = 3,
  /** The milliseconds until then; empty if there is no such time. */
  retryAfterMs = 4,
  /** The number of causes. */
  causeCount = 5,
  /** From here on causes, then the evidence. */
  causes = 6,
}

/** Places in the texts of a cause of `Classifier.diagnosed`. */
export enum CauseText {
  /** The code. */
  code = 0,
  /** The likelihood in percent. */
  percent = 1,
}

/** Why the doctor gets no reply that it could read. `Doctor.unread` takes it. */
export enum UnreadReply {
  /** A reply came that the browser withholds. */
  answered = 0,
  /** The reply is a redirect. */
  redirected = 1,
  /** The time limit passed. */
  timedOut = 2,
  /** No reply came; the platform gave a reason. */
  noReply = 3,
}

/**
 * What follows in the form of a query, which `buildQuery` takes: texts with NUL between them, read from left to right. First the
 * conditions, as one node or as groups; then orders and groupings.
 */
export enum QueryPart {
  /** At the very beginning: the number of `^NQ` groups, and each as a node. */
  groups = "n",
  /** A node: the number of nodes of which all hold, and these. */
  all = "&",
  /** A node: the number of nodes of which one holds, and these. */
  any = "|",
  /** A node: the opposite of the node that follows. */
  not = "!",
  /** A node: field, operator, the number of values, and these, each with a letter of `QueryValue` before it. */
  condition = "c",
  /** A node: the related column, comparison, count, the number of nodes, and these. */
  related = "r",
  /** The same of a many-to-many table. */
  manyToMany = "m",
  /** A field to order by. */
  orderBy = "o",
  /** A field to order by, from the highest value on. */
  orderByDescending = "d",
  /** A field to group by. */
  groupBy = "g",
}

/** What a value in the form of a query is. */
export enum QueryValue {
  /** Text. */
  text = "t",
  /** Text in which carets are doubled. */
  escaped = "e",
  /** A script that guarded script allows. */
  script = "s",
  /** A script that the caller answers for. */
  insistedScript = "x",
  /** An instant, as ISO 8601 writes it. */
  instant = "i",
  /** Another field. */
  field = "f",
}

/** What follows in the form of a schema, which `lintQuery` takes: texts with NUL between them. */
export enum SchemaPart {
  /** A table: name, extended table, number of rows. */
  table = "t",
  /** A column of the table before: name, type, reference, `1` if it is indexed. */
  column = "c",
  /** A choice of the column before: value, label. */
  choice = "v",
}
