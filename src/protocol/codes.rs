//! The tables.

use super::table::codes;

codes! {
    /// What the host performs next. `Client.poll` returns it; the client's getters give its details until the next `poll`.
    enum Due {
        /// Nothing, until a call begins or an effect ends.
        Nothing = 0,
        /// Fetch. `text` has the method, the address, the body (empty if the caller has it) and the headers, with a NUL between two.
        Fetch = 1,
        /// Ask the token source; `text` is the token that was refused, empty for none.
        AskSource = 2,
        /// Cancel the effect, or release the lock that it holds.
        Cancel = 3,
        /// Sleep for `length` milliseconds: a call waits for it.
        Sleep = 4,
        /// The call has ended with the reply last reported for it.
        Reply = 5,
        /// The call has ended with the token in `text`.
        Token = 6,
        /// The call has ended with the failure in `text`, as JSON.
        Failed = 7,
        /// Acquire the lock of the client's tokens.
        Lock = 8,
        /// Read the client's tokens from the store.
        Load = 9,
        /// Replace what the store holds by `text`, which expires at `length`.
        Save = 10,
        /// Sign `text` with the host's key.
        Sign = 11,
        /// Pass the event in `text`, which is JSON, to the listener.
        Emit = 12,
        /// The call, a sign-out, has ended.
        SignedOut = 13,
        /// Fetch the caller's own method and path, with the headers of the fetch before.
        FetchSameHeaders = 14,
        /// Fetch as for `Fetch`, and take the reply out of a Batch of one.
        FetchBatch = 15,
        /// Sleep as for `Sleep`; no call waits for it.
        BackgroundSleep = 16,
    }

    /// How an effect ended that did not end with a reply. `Client.ended` takes it, with a number and two texts.
    enum EffectEnd {
        /// No reply came; the request may have arrived.
        Unreachable = 0,
        /// The token source failed.
        SourceFailed = 1,
        /// The sleep is over.
        Slept = 2,
        /// The lock is held, or the store has the tokens.
        Done = 3,
        /// The store, the lock or the key failed, or nothing of the request has left.
        Failed = 4,
        /// The host's own request that performed it has ended, so no result will come.
        Lost = 5,
        /// The token endpoint granted a token: its lifetime in milliseconds, the token, and the refresh token if there is one.
        Granted = 6,
        /// The token source supplied a token: its expiry, and the token.
        Supplied = 7,
        /// The store answered: what it holds, if it holds anything.
        Loaded = 8,
        /// The key signed: the signature in base64url without padding.
        Signed = 9,
    }

    /// What a caller expects of a reply's body, so what the host does with it. `Client.start` takes it.
    enum ExpectedBody {
        /// It is handed over unread; of a failure the beginning and the end go to the core.
        Untouched = 0,
        /// `{"result":[...]}` is parsed, and the number of its rows goes to the core.
        Rows = 1,
        /// `{"result":{...}}` is parsed.
        Record = 2,
        /// The status says whether the request was done. Only with a 202 the body is read, because a full session queue answers so for what
        /// it has not looked at; the APIs here answer 200, 201 or 204.
        Done = 3,
    }

    /// What a reply's body was found to be. `Client.replied` takes it.
    enum FoundBody {
        /// Text, which goes to the core: of a failure, or not what was expected.
        Text = 0,
        /// Rows; their number goes to the core.
        Rows = 1,
        /// A record.
        Record = 2,
        /// Unread, of a success.
        Untouched = 3,
    }

    /// How a walk finds the next page. `new Walk` takes it.
    enum PageOrder {
        /// By key where that is sure to find every row, else by offset.
        Best = 0,
        /// By key, in the query's own order.
        Keyset = 1,
        /// By offset.
        Offset = 2,
    }

    /// The form of values. `new Walk` takes it.
    enum ValueForm {
        /// The stored value.
        Raw = 0,
        /// The display value.
        Label = 1,
        /// Both, as an object.
        Both = 2,
    }

    /// Places in `SyncRun.progress`. NaN stands for what is not known.
    enum SyncNumber {
        /// Rows in total.
        Total = 0,
        /// Rows handed over or known.
        Passed = 1,
        /// Rows handed over more than once.
        Repeated = 2,
        /// Rows that are hidden.
        Hidden = 3,
        /// Deletions that are hidden.
        HiddenDeletions = 4,
        /// Milliseconds left.
        RemainingMs = 5,
        /// A code of `DeletionsState`.
        Deletions = 6,
        /// 1 if the run is complete.
        Complete = 7,
    }

    /// What a sync has of deletions.
    enum DeletionsState {
        /// They were read.
        Read = 0,
        /// They were read, and older ones may be gone.
        Trimmed = 1,
        /// They were not read.
        Unread = 2,
    }

    /// Places in the texts of a sync's checkpoint, to and from the core.
    enum CheckpointText {
        /// The version of the checkpoint's form.
        Form = 0,
        /// The hash of the query.
        Query = 1,
        /// Not empty if there is a last row.
        HasRow = 2,
        /// The last row's timestamp.
        RowValue = 3,
        /// The last row's `sys_id`.
        RowId = 4,
        /// Not empty if rows without a timestamp were read.
        UnstampedRead = 5,
        /// The time up to which deletions were read.
        Deletions = 6,
        /// The number of row keys among the versions.
        RowKeys = 7,
        /// From here on versions: row keys, then keys of deletions.
        Versions = 8,
    }

    /// Places in the texts of the state of a comparison, to and from the core.
    enum ComparedText {
        /// The version of the state's form.
        Form = 0,
        /// The hash of the query.
        Query = 1,
        /// The `sys_id` up to which the source was read.
        After = 2,
        /// The count of the source; empty if it is not known.
        Total = 3,
        /// Rows compared.
        Rows = 4,
        /// Rows that the copy lacks.
        Missing = 5,
        /// Rows of which the copy holds another version.
        Stale = 6,
        /// Rows that only the copy holds.
        Surplus = 7,
        /// Differences that a sync still has to hand over.
        Pending = 8,
        /// Rows whose versions cannot be compared.
        Unknown = 9,
        /// The number of versions of the source among those that follow.
        SourceAside = 10,
        /// From here on versions: of the source, then of the copy.
        Versions = 11,
    }

    /// Places in the texts of a version of a row: where versions cross, each is as many texts.
    enum VersionText {
        /// The `sys_id`.
        Id = 0,
        /// The timestamp.
        At = 1,
        /// The number of changes; of a deletion the `sys_id` of the deleted record.
        Changes = 2,
    }

    /// Places in the texts of `Comparison.found`.
    enum DifferenceText {
        /// The number of missing rows.
        Missing = 0,
        /// The number of stale rows.
        Stale = 1,
        /// From here on `sys_id`s: missing, stale, surplus.
        Ids = 2,
    }

    /// Why a request has no reply, as the caller of `classify()` says. `Classifier.unanswered` takes it.
    enum TransportFailure {
        /// No reply came, for a reason that is not known.
        Unreachable = 0,
        /// The time limit passed.
        TimedOut = 1,
        /// A reply came that the browser withholds.
        Unreadable = 2,
        /// A page's request failed without a reason.
        Silent = 3,
        /// A page of https asked for http.
        MixedContent = 4,
    }

    /// Places in the texts of `Classifier.diagnosed`.
    enum DiagnosisText {
        /// The code.
        Code = 0,
        /// The title.
        Title = 1,
        /// The kind.
        Kind = 2,
        /// When to retry.
        Retry = 3,
        /// The milliseconds until then; empty if there is no such time.
        RetryAfterMs = 4,
        /// The number of causes.
        CauseCount = 5,
        /// From here on causes, then the evidence.
        Causes = 6,
    }

    /// Places in the texts of a cause of `Classifier.diagnosed`.
    enum CauseText {
        /// The code.
        Code = 0,
        /// The likelihood in percent.
        Percent = 1,
    }

    /// Why the doctor gets no reply that it could read. `Doctor.unread` takes it.
    enum UnreadReply {
        /// A reply came that the browser withholds.
        Answered = 0,
        /// The reply is a redirect.
        Redirected = 1,
        /// The time limit passed.
        TimedOut = 2,
        /// No reply came; the platform gave a reason.
        NoReply = 3,
    }

    /// What follows in the form of a query, which `buildQuery` takes: texts with NUL between them, read from left to right. First the
    /// conditions, as one node or as groups; then orders and groupings.
    enum QueryPart {
        /// At the very beginning: the number of `^NQ` groups, and each as a node.
        Groups = b'n',
        /// A node: the number of nodes of which all hold, and these.
        All = b'&',
        /// A node: the number of nodes of which one holds, and these.
        Any = b'|',
        /// A node: the opposite of the node that follows.
        Not = b'!',
        /// A node: field, operator, the number of values, and these, each with a letter of `QueryValue` before it.
        Condition = b'c',
        /// A node: the related column, comparison, count, the number of nodes, and these.
        Related = b'r',
        /// The same of a many-to-many table.
        ManyToMany = b'm',
        /// A field to order by.
        OrderBy = b'o',
        /// A field to order by, from the highest value on.
        OrderByDescending = b'd',
        /// A field to group by.
        GroupBy = b'g',
    }

    /// What a value in the form of a query is.
    enum QueryValue {
        /// Text.
        Text = b't',
        /// Text in which carets are doubled.
        Escaped = b'e',
        /// A script that guarded script allows.
        Script = b's',
        /// A script that the caller answers for.
        InsistedScript = b'x',
        /// An instant, as ISO 8601 writes it.
        Instant = b'i',
        /// Another field.
        Field = b'f',
    }

    /// What follows in the form of a schema, which `lintQuery` takes: texts with NUL between them.
    enum SchemaPart {
        /// A table: name, extended table, number of rows.
        Table = b't',
        /// A column of the table before: name, type, reference, `1` if it is indexed.
        Column = b'c',
        /// A choice of the column before: value, label.
        Choice = b'v',
    }
}
