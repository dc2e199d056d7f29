//! From a path to the row that answers it: `/api/<namespace>/<version>/<API ID>/<relative path>` ("Scripted REST API URIs").

use crate::records::{self, Record};
use crate::store::Store;

/// A resource with the values of its path parameters.
pub(super) struct Route<'a> {
    service: Record<'a>,
    operation: Record<'a>,
    pub(super) path: Vec<(String, String)>,
}

impl<'a> Route<'a> {
    pub(super) fn text(&self, column: &str) -> &'a str {
        self.operation.text(column)
    }

    /// A list of formats: the resource's own, else the API's.
    pub(super) fn formats(&self, column: &str) -> &'a str {
        let own = self.operation.text(column);
        if own.is_empty() { self.service.text(column) } else { own }
    }
}

pub(super) enum Found<'a> {
    Route(Route<'a>),
    /// The path exists for other methods.
    OtherMethod,
    Nothing,
}

pub(super) fn find<'a>(store: &'a Store, method: &str, parts: &[&str]) -> Found<'a> {
    let Some((namespace, rest)) = parts.split_first() else {
        return Found::Nothing;
    };
    let (version, rest) = match rest.split_first() {
        Some((version, others)) if is_version(version) => (*version, others),
        _ => ("", rest),
    };
    let Some((service_id, relative)) = rest.split_first() else {
        return Found::Nothing;
    };
    let mut known = false;
    let services = records::with(store, "sys_ws_definition", "service_id", service_id)
        .filter(|service| service.is("active") && service.text("namespace") == *namespace);
    for service in services {
        for operation in records::with(store, "sys_ws_operation", "web_service_definition", service.id()) {
            if !operation.is("active") || !is_of_version(store, &operation, version) {
                continue;
            }
            let Some(path) = captured(operation.text("relative_path"), relative) else { continue };
            if operation.text("http_method").eq_ignore_ascii_case(method) {
                return Found::Route(Route { service, operation, path });
            }
            known = true;
        }
    }
    if known { Found::OtherMethod } else { Found::Nothing }
}

/// Every defined path with its method and its summary.
pub(super) fn paths(store: &Store) -> Vec<(String, String, String)> {
    let operations = records::all(store, "sys_ws_operation").filter(|operation| operation.is("active"));
    let mut paths: Vec<(String, String, String)> = operations
        .filter_map(|operation| {
            let service = records::by_id(store, "sys_ws_definition", operation.text("web_service_definition"))?;
            let version = match records::by_id(store, "sys_ws_version", operation.text("web_service_version")) {
                Some(version) => format!("/{}", version.text("version_id")),
                None => String::new(),
            };
            let relative = operation.text("relative_path").trim_matches('/');
            let slash = if relative.is_empty() { "" } else { "/" };
            let (namespace, id) = (service.text("namespace"), service.text("service_id"));
            let path = format!("/api/{namespace}{version}/{id}{slash}{relative}");
            let text = |column: &str| operation.text(column).to_owned();
            service.is("active").then(|| (path, text("http_method"), text("name")))
        })
        .collect();
    paths.sort();
    paths
}

fn is_version(part: &str) -> bool {
    part.strip_prefix('v').is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// A path without a version leads to the default version, and to resources without one.
fn is_of_version(store: &Store, operation: &Record<'_>, version: &str) -> bool {
    match records::by_id(store, "sys_ws_version", operation.text("web_service_version")) {
        Some(own) => {
            own.is("active") && (own.text("version_id") == version || version.is_empty() && own.is("is_default"))
        }
        None => version.is_empty(),
    }
}

/// The values of the names in braces, if the path has this form.
fn captured(pattern: &str, parts: &[&str]) -> Option<Vec<(String, String)>> {
    let wanted: Vec<&str> = pattern.split('/').filter(|part| !part.is_empty()).collect();
    let parts: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    if wanted.len() != parts.len() {
        return None;
    }
    let mut captured = Vec::new();
    for (wanted, part) in wanted.into_iter().zip(parts) {
        match wanted.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(name) => captured.push((name.to_owned(), part.to_owned())),
            None if wanted == part => {}
            None => return None,
        }
    }
    Some(captured)
}
