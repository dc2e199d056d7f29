//! Every endpoint below `/api`. The router and `/__practice/openapi.json` read the same rows, so that they cannot
//! contradict each other.

mod catalog_rows;
mod catalog_schemas;
mod describe;
mod exported;
mod parameters;
mod rows;
mod schemas;

use crate::switches::Release;

pub(crate) use describe::description;

use crate::catalog::CatalogOperation;

/// The handler of an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    TableList,
    TableInsert,
    TableRead,
    TableUpdate,
    TableDelete,
    Stats,
    ImportOne,
    ImportMany,
    ImportRead,
    AttachmentList,
    AttachmentRead,
    AttachmentFile,
    AttachmentPost,
    AttachmentUpload,
    AttachmentRename,
    AttachmentDelete,
    AttachmentAttributes,
    AttachmentAttribute,
    Batch,
    CmdbList,
    CmdbCreate,
    CmdbRead,
    CmdbUpdate,
    CmdbRelate,
    CmdbUnrelate,
    CmdbMeta,
    CmdbReconcile,
    CmdbSimulate,
    Catalog(CatalogOperation),
    CurrentUser,
    Tables,
    Columns,
    TinyUrl,
    PracticeBytes,
}

/// The body of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sent {
    Nothing,
    /// JSON of this schema.
    Json(&'static str),
    /// A file as it is, of any type.
    File,
    /// `multipart/form-data`.
    Form,
}

/// The body of a successful reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Given {
    Nothing,
    /// JSON of this schema.
    Json(&'static str),
    /// Bytes of any type.
    File,
}

/// One method on one path.
#[derive(Debug)]
pub(crate) struct Endpoint {
    /// As access policies, rate rules and `glide.rest.apis.disabled` name it.
    pub(crate) api: &'static str,
    pub(crate) method: &'static str,
    /// Behind `/api/`, without the version, which stands behind `now` or `sn_sc`: "now/table/{table}".
    pub(crate) path: &'static str,
    pub(crate) operation: Operation,
    pub(crate) summary: &'static str,
    /// Names of query parameters.
    pub(crate) parameters: &'static [&'static str],
    pub(crate) sent: Sent,
    pub(crate) status: u16,
    pub(crate) given: Given,
    /// The statuses with which it refuses, in addition to those that every endpoint has.
    pub(crate) refusals: &'static [u16],
    /// The release that introduced it.
    pub(crate) since: Release,
}

/// The result of matching a method and a path.
#[derive(Debug)]
pub(crate) enum Matched<'a> {
    Found {
        endpoint: &'static Endpoint,
        /// The values of the names in braces, in order.
        captured: Vec<&'a str>,
    },
    /// The path exists for other methods.
    WrongMethod,
    Nothing,
}

impl<'a> Matched<'a> {
    /// Looks a request up by its method and the decoded parts of its path, version left out, among what a release has.
    pub(crate) fn of(method: &str, parts: &[&'a str], release: Release) -> Self {
        let mut known = false;
        for endpoint in rows::all().filter(|endpoint| endpoint.since <= release) {
            if let Some(captured) = captured(endpoint.path, parts) {
                if endpoint.method == method {
                    return Self::Found { endpoint, captured };
                }
                known = true;
            }
        }
        if known { Self::WrongMethod } else { Self::Nothing }
    }
}

/// Whether the reply is a file, which is sent in its own type regardless of `Accept`.
pub(crate) fn gives_file(method: &str, parts: &[&str]) -> bool {
    let (_, parts) = without_version(parts);
    matches!(Matched::of(method, &parts, Release::Brazil), Matched::Found { endpoint, .. } if endpoint.given == Given::File)
}

/// The values of the names in braces, if the path has this form.
fn captured<'a>(path: &str, parts: &[&'a str]) -> Option<Vec<&'a str>> {
    let mut captured = Vec::new();
    let mut parts = parts.iter();
    for wanted in path.split('/') {
        let part = parts.next()?;
        match wanted.starts_with('{') {
            true if part.is_empty() => return None,
            true => captured.push(*part),
            false if wanted == *part => {}
            false => return None,
        }
    }
    parts.next().is_none().then_some(captured)
}

/// Splits the version off: "v1" or "v2" behind the namespace, empty for the latest.
pub(crate) fn without_version<'a>(parts: &[&'a str]) -> (&'a str, Vec<&'a str>) {
    match parts {
        [namespace @ ("now" | "sn_sc"), version @ ("v1" | "v2"), rest @ ..] => {
            (version, [&[*namespace], rest].concat())
        }
        parts => ("", parts.to_vec()),
    }
}

#[cfg(test)]
mod tests {
    use super::{CatalogOperation, Matched, Operation, Release, rows, without_version};

    fn found(method: &str, path: &str) -> Option<(Operation, Vec<String>)> {
        let parts: Vec<&str> = path.split('/').collect();
        let (_, parts) = without_version(&parts);
        match Matched::of(method, &parts, Release::Brazil) {
            Matched::Found { endpoint, captured } => {
                Some((endpoint.operation, captured.into_iter().map(str::to_owned).collect()))
            }
            _ => None,
        }
    }

    #[test]
    fn path_matches_its_endpoint_with_and_without_version() {
        for path in ["now/table/incident", "now/v1/table/incident", "now/v2/table/incident"] {
            assert_eq!(found("GET", path), Some((Operation::TableList, vec!["incident".into()])));
        }
        let catalogs = Some((Operation::Catalog(CatalogOperation::Catalogs), vec![]));
        assert_eq!(found("GET", "sn_sc/v1/servicecatalog/catalogs"), catalogs);
        assert_eq!(found("POST", "now/attachment/file"), Some((Operation::AttachmentPost, vec![])));
        assert_eq!(found("GET", "now/table//x"), None);
        assert_eq!(found("GET", "now/v3/table/incident"), None);
    }

    #[test]
    fn router_finds_every_endpoint() {
        for endpoint in rows::all() {
            let path = endpoint.path.replace(['{', '}'], "_");
            let reached = found(endpoint.method, &path).map(|(operation, _)| operation);
            assert_eq!(reached, Some(endpoint.operation), "{} {}", endpoint.method, endpoint.path);
        }
    }
}
