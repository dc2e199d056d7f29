//! An API knows the user and denies access, or says that there is no such record.

use super::Row;
use super::access_causes::*;
use super::request::is_unknown_path;
use super::request_causes::PATH_WRONG;
use crate::code::Code;
use crate::diagnose::model::body_text::{is_word_of, names_rule};
use crate::diagnose::model::diagnosis::{Kind, Retry};
use crate::diagnose::model::facts::{Seen, Stage};
use crate::request::Method;

fn forbidden(seen: &Seen<'_>, words: &str) -> bool {
    seen.is_of_api(403) && seen.says(words)
}

const REFUSED: Row = Row {
    code: Code::ACL_REFUSED,
    kind: Kind::Authorization,
    title: "The user may not do this",
    retry: Retry::Never,
    fits: |seen| seen.is_of_api(403),
    // What a machine identity access control answers is not documented.
    causes: &[ROLE_MISSING.at(70), MACHINE_IDENTITY.at(10)],
};

const NOT_FOUND: Row = Row {
    code: Code::RECORD_NOT_FOUND,
    kind: Kind::Record,
    title: "There is no such record, or access rules hide it",
    fits: misses_record,
    causes: &[RECORD_HIDDEN.at(44), RECORD_ABSENT.at(44), OTHER_DOMAIN.at(8)],
    ..REFUSED
};

const NUMBER_GIVEN: Row = Row {
    title: "There is no record with this sys_id, which is a number",
    fits: |seen| misses_record(seen) && seen.named().has_record_number(),
    causes: &[NUMBER_FOR_SYS_ID, RECORD_ABSENT.at(5)],
    ..NOT_FOUND
};

/// Whether a 404 is the instance's own and speaks of a record: the words do, or the path names one.
fn misses_record(seen: &Seen<'_>) -> bool {
    let by_words = seen.says("record");
    let of_record = seen.named().names_record().unwrap_or(by_words);
    let fits = seen.says("No Record found") || of_record && (seen.is_enveloped() || by_words);
    seen.is_of_api(404) && fits && !is_unknown_path(seen)
}

/// Whether a list of version 1 says that no row matches.
fn finds_none(seen: &Seen<'_>) -> bool {
    let by_form = seen.named().is_first_list() && seen.is_enveloped() && !seen.says("No Record found");
    seen.is_of_api(404) && (seen.says("matching query not found") || by_form && !is_unknown_path(seen))
}

/// Whether a 404 names a record by its path.
fn misses_path_of_record(seen: &Seen<'_>) -> bool {
    seen.is_of_api(404) && seen.named().names_record() == Some(true) && !is_unknown_path(seen)
}

/// Whether a 404 is about records, and not about a table or an API.
pub(in crate::diagnose) fn is_absent_record(seen: &Seen<'_>) -> bool {
    finds_none(seen) || misses_record(seen) || misses_path_of_record(seen)
}

/// Whether a file was sent and refused. No public capture shows the text.
fn is_refused_file(seen: &Seen<'_>) -> bool {
    seen.is_of_api(403) && seen.method == Method::Post && seen.endpoint().contains("/attachment/")
}

pub(super) const ROWS: &[Row] = &[
    Row {
        code: Code::QUERY_FIELD_NOT_READABLE,
        title: "A field in the query may not be read, or does not exist",
        fits: |seen| forbidden(seen, "Field(s) present in the query"),
        causes: &[QUERY_ACL.at(50), UNKNOWN_FIELD.at(40)],
        ..REFUSED
    },
    Row {
        code: Code::SCOPE_MISSING,
        title: "The token lacks the auth scope of this API",
        fits: |seen| forbidden(seen, "api access scope"),
        causes: &[API_SCOPE.at(95)],
        ..REFUSED
    },
    // Before access rules and roles, and for each method by itself.
    Row {
        code: Code::SCOPE_UNSCOPED_API,
        title: "The token is good for the APIs of its own scopes only, and this API and method have none of them",
        fits: |seen| forbidden(seen, "unscoped api"),
        causes: &[RECORD_RESTRICTED.at(95)],
        ..REFUSED
    },
    #[cfg(feature = "circumstances")]
    Row {
        code: Code::ACL_API,
        title: "The user may not use this REST API at all, in a session that a cookie continues",
        fits: |seen| forbidden(seen, "API level ACL") && seen.around.cookies,
        causes: &[SESSION_WITHOUT_ROLES.at(50), API_ROLE.at(45)],
        ..REFUSED
    },
    Row {
        code: Code::ACL_API,
        title: "The user may not use this REST API at all",
        fits: |seen| forbidden(seen, "API level ACL"),
        causes: &[API_ROLE.at(90)],
        ..REFUSED
    },
    Row {
        code: Code::ACL_TABLE_COUNTS,
        title: "The Aggregate API needs read access to the whole table, and the user has none",
        fits: |seen| {
            // In another language by the table that it names.
            let counts = seen.named().counts().is_some_and(|table| is_word_of(seen.explanation(), table));
            forbidden(seen, "No permission to read table") || seen.is_of_api(403) && counts
        },
        causes: &[NO_TABLE_READ.at(90)],
        ..REFUSED
    },
    Row {
        code: Code::TABLE_NOT_FOR_WEB_SERVICES,
        title: "The table is closed to web services",
        fits: |seen| forbidden(seen, "web service"),
        causes: &[NO_WEB_SERVICE_ACCESS.at(80), MACHINE_IDENTITY.at(15)],
        ..REFUSED
    },
    Row {
        code: Code::RECORD_RULE_REFUSED,
        kind: Kind::Record,
        title: "A business rule of the instance refuses the write",
        fits: |seen| {
            let by_form = seen.is_of_api(403) && seen.writes() && names_rule(seen.explanation());
            forbidden(seen, "aborted by Business Rule") || by_form
        },
        causes: &[BUSINESS_RULE.at(95)],
        ..REFUSED
    },
    Row {
        code: Code::RECORD_MANDATORY_MISSING,
        kind: Kind::Record,
        title: "A data policy of the instance asks for fields that the write leaves empty",
        fits: |seen| forbidden(seen, "Data Policy") || forbidden(seen, "fields are mandatory"),
        causes: &[DATA_POLICY.at(65), NOT_A_CHOICE.at(30)],
        ..REFUSED
    },
    Row {
        code: Code::SCRIPT_CROSS_SCOPE,
        kind: Kind::Record,
        title: "A script of the instance may not use a table or script of another scope",
        fits: |seen| {
            seen.stage == Stage::Api
                && (seen.says("cross-scope")
                    || seen.says("CrossScope")
                    || seen.says("ScopeAccess")
                    || seen.says("from scope"))
        },
        causes: &[CROSS_SCOPE.at(90)],
        ..REFUSED
    },
    Row {
        code: Code::ATTACHMENT_REFUSED,
        title: "The instance does not take files of this type",
        fits: |seen| is_refused_file(seen) && (seen.says("file type") || seen.says("extension")),
        causes: &[ATTACHMENT_TYPE.at(90)],
        ..REFUSED
    },
    Row {
        code: Code::ATTACHMENT_REFUSED,
        title: "The instance does not take the file",
        fits: is_refused_file,
        causes: &[ATTACHMENT_UNWRITABLE.at(50), ATTACHMENT_ROLE.at(20), ATTACHMENT_TYPE.at(20)],
        ..REFUSED
    },
    // Also with the text of a refused insert: a user who may create and not read gets it.
    Row {
        title: "The user may not create this, or may not read back what was created",
        retry: Retry::LookFirst,
        fits: |seen| seen.method == Method::Post && forbidden(seen, "ACL Exception Insert"),
        causes: &[ROLE_MISSING.at(55), WRITTEN_UNREADABLE.at(35), DATABASE_VIEW.at(5)],
        ..REFUSED
    },
    Row {
        title: "An access rule refuses the write",
        fits: |seen| forbidden(seen, "ACL Exception Update") || forbidden(seen, "ACL Exception Delete"),
        causes: &[WRITE_ROLE_MISSING.at(85), DATABASE_VIEW.at(5)],
        ..REFUSED
    },
    Row {
        title: "The user may not use this table",
        fits: |seen| forbidden(seen, "denied due to table security"),
        causes: &[ROLE_MISSING.at(80), RULE_WITHOUT_ROLES.at(10)],
        ..REFUSED
    },
    Row {
        title: "The user may not do this, or may not read back what was written",
        retry: Retry::LookFirst,
        fits: |seen| seen.is_of_api(403) && seen.writes(),
        causes: &[ROLE_MISSING.at(60), WRITTEN_UNREADABLE.at(25), DATABASE_VIEW.at(5)],
        ..REFUSED
    },
    Row {
        title: "The user may not do this, or may not use a field of the query",
        fits: |seen| seen.is_of_api(403) && seen.path.contains("sysparm_query=") && seen.is_enveloped(),
        causes: &[ROLE_MISSING.at(45), QUERY_ACL.at(30), UNKNOWN_FIELD.at(10)],
        ..REFUSED
    },
    REFUSED,
    Row {
        code: Code::LIST_NONE,
        kind: Kind::Record,
        title: "No row matches, which version 1 of the API answers with 404",
        fits: finds_none,
        causes: &[LIST_VERSION_1.at(90)],
        ..REFUSED
    },
    NUMBER_GIVEN,
    NOT_FOUND,
    // A gateway, a mock or another product may mean the path.
    Row {
        title: "Nothing is at this path: no such record, or no such API",
        fits: misses_path_of_record,
        causes: &[RECORD_ABSENT.at(40), RECORD_HIDDEN.at(25), PATH_WRONG.at(20)],
        ..NOT_FOUND
    },
];
