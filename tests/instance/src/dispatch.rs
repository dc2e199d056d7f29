//! From an endpoint's row to the module that handles it.

use crate::endpoints::{Matched, Operation, without_version};
use crate::exchange::{Body, Reply, Request};
use crate::instance::Instance;
use crate::refusal::Refusal;
use crate::route::base;
use crate::search::{Caller, Domain};
use crate::sign_in::Principal;
use crate::store::TableId;
use crate::table_api::{self, Call, permissions};
use crate::{access, aggregate, attachments, batch, catalog, cmdb, form_metadata, import_set, scripted, tiny_urls};

/// What the calls of one request have in common.
#[derive(Clone, Copy)]
pub(crate) struct CallContext<'a> {
    pub(crate) principal: &'a Principal,
    /// "v1" or "v2"; empty for the latest.
    pub(crate) version: &'a str,
    /// The rows that the caller's domain makes visible; `None` where domains are not separated.
    pub(crate) domain: Option<&'a Domain>,
    pub(crate) now: u64,
}

impl<'a> CallContext<'a> {
    pub(crate) fn call(self, instance: &Instance, request: &'a Request, table: TableId) -> Call<'a> {
        let Self { principal, version, domain, now } = self;
        let store = &instance.store;
        Call {
            request,
            parameters: request.parameters(),
            table,
            version,
            caller: Caller::of(principal, domain, now),
            base: base(request),
            principal,
            share: if principal.roles.contains("admin") { 0.0 } else { instance.switches.hidden },
            field_rules: access::FieldRules::of(store, principal, "read"),
        }
    }
}

/// Runs a permitted request; `parts` is its path behind `/api`.
pub(crate) fn dispatch(
    instance: &mut Instance,
    request: &Request,
    principal: &Principal,
    parts: &[&str],
    method: &str,
    now: u64,
) -> Result<Reply, Refusal> {
    let (version, rest) = without_version(parts);
    let (operation, captured) = match Matched::of(method, &rest, instance.switches.release) {
        Matched::Found { endpoint, captured } => (endpoint.operation, captured),
        Matched::WrongMethod => return Err(Refusal::method_not_allowed()),
        Matched::Nothing => return scripted::answer(&instance.store, request, principal, (method, parts)),
    };
    let table = match operation {
        Operation::Batch => return batch::answer(instance, request, principal, now),
        Operation::CurrentUser => return Ok(current_user(principal)),
        Operation::Tables => return Ok(form_metadata::tables(&instance.store, principal)),
        Operation::TinyUrl => return tiny_urls::create(&mut instance.store, request, now),
        Operation::PracticeBytes => return bytes(request),
        Operation::AttachmentList
        | Operation::AttachmentRead
        | Operation::AttachmentFile
        | Operation::AttachmentPost
        | Operation::AttachmentUpload
        | Operation::AttachmentRename
        | Operation::AttachmentDelete
        | Operation::AttachmentAttributes
        | Operation::AttachmentAttribute => "sys_attachment",
        Operation::CmdbList
        | Operation::CmdbCreate
        | Operation::CmdbRead
        | Operation::CmdbUpdate
        | Operation::CmdbRelate
        | Operation::CmdbUnrelate
        | Operation::CmdbMeta
        | Operation::CmdbReconcile
        | Operation::CmdbSimulate => cmdb::class_or_root(captured.first().copied().unwrap_or_default()),
        Operation::Catalog(_) => "sc_cat_item",
        _ => captured.first().copied().unwrap_or_default(),
    };
    let table = instance.store.find(table).ok_or_else(|| Refusal::invalid_table(table))?;
    let domain = Domain::in_force(&instance.store, principal, &request.parameters(), &instance.switches);
    let call = CallContext { principal, version, domain: domain.as_ref(), now }.call(instance, request, table);
    let unique = instance.requests ^ instance.settings.entropy;
    let last = captured.last().copied().unwrap_or_default();
    match operation {
        Operation::AttachmentList => attachments::list(instance, &call),
        Operation::AttachmentRead => attachments::read(instance, &call, last),
        Operation::AttachmentFile => attachments::file(instance, &call, last),
        // KB0817665: brackets in a file name must be percent-encoded.
        Operation::AttachmentPost if request.query.contains(['[', ']']) => {
            Err(Refusal::new(400, "Invalid query", Some("Invalid uri")))
        }
        Operation::AttachmentPost => attachments::post(instance, &call, unique, now),
        Operation::AttachmentUpload => attachments::upload(instance, &call, unique, now),
        Operation::AttachmentRename => attachments::rename(instance, &call, last, now),
        Operation::AttachmentDelete => attachments::delete(instance, &call, last),
        Operation::AttachmentAttributes => attachments::attributes(instance, &call, (method, last), now),
        Operation::AttachmentAttribute => {
            let of = captured.first().copied().unwrap_or_default();
            attachments::attribute(instance, &call, (method, of, last), now)
        }
        Operation::CmdbList
        | Operation::CmdbCreate
        | Operation::CmdbRead
        | Operation::CmdbUpdate
        | Operation::CmdbRelate
        | Operation::CmdbUnrelate
        | Operation::CmdbMeta
        | Operation::CmdbReconcile
        | Operation::CmdbSimulate => items(instance, &call, operation, &captured, unique, now),
        Operation::Catalog(operation) => catalog::answer(instance, &call, operation, &captured, unique, now),
        Operation::ImportOne | Operation::ImportMany | Operation::ImportRead => {
            permissions::check(&instance.store, &call, rest.get(1..).unwrap_or_default(), method)?;
            match operation {
                Operation::ImportOne => import_set::import(&mut instance.store, &call, unique, now),
                Operation::ImportMany => import_set::import_many(instance, &call, unique, now),
                _ => import_set::read(&instance.store, &call, last),
            }
        }
        operation => {
            permissions::check(&instance.store, &call, rest.get(1..).unwrap_or_default(), method)?;
            table_call(instance, &call, operation, last, unique, now)
        }
    }
}

fn items(
    instance: &mut Instance,
    call: &Call<'_>,
    operation: Operation,
    captured: &[&str],
    unique: u64,
    now: u64,
) -> Result<Reply, Refusal> {
    let place = |number: usize| captured.get(number).copied().unwrap_or_default();
    let (class, sys_id) = (place(0), place(1));
    let store = &mut instance.store;
    if let Operation::CmdbReconcile | Operation::CmdbSimulate = operation {
        return cmdb::reconcile(store, call, operation == Operation::CmdbReconcile, unique, now);
    }
    cmdb::check(call, class)?;
    match operation {
        Operation::CmdbCreate => cmdb::create(store, call, unique, now),
        Operation::CmdbRead => cmdb::read(store, call, sys_id),
        Operation::CmdbUpdate => cmdb::update(store, call, sys_id, unique, now),
        Operation::CmdbRelate => cmdb::relate(store, call, sys_id, unique, now),
        Operation::CmdbUnrelate => cmdb::unrelate(store, call, sys_id, place(2)),
        Operation::CmdbMeta => Ok(cmdb::meta(store, call, class)),
        _ => cmdb::list(store, call, &instance.switches),
    }
}

fn table_call(
    instance: &mut Instance,
    call: &Call<'_>,
    operation: Operation,
    sys_id: &str,
    unique: u64,
    now: u64,
) -> Result<Reply, Refusal> {
    let (store, switches) = (&mut instance.store, &mut instance.switches);
    match operation {
        Operation::TableList => {
            let shuffle = crate::identity::hash(&call.request.query, unique);
            table_api::list(store, call, switches, shuffle)
        }
        Operation::TableInsert => {
            let reply = table_api::insert(store, call, switches, unique, now)?;
            if store.table(call.table).definition.name == "ecc_queue" {
                let made =
                    reply.header("Location").and_then(|location| location.rsplit('/').next()).unwrap_or_default();
                attachments::follow_message(instance, call, made, unique, now);
            }
            Ok(reply)
        }
        Operation::TableRead => table_api::read(store, call, sys_id),
        Operation::TableUpdate => table_api::update(store, call, switches, sys_id, now),
        Operation::TableDelete => {
            let reply = table_api::remove(store, call, sys_id, now)?;
            let name = store.table(call.table).definition.name;
            attachments::follow_deletion(instance, name, sys_id);
            Ok(reply)
        }
        Operation::Stats => aggregate::answer(store, call, switches),
        Operation::Columns => Ok(form_metadata::columns(store, call)),
        _ => Err(Refusal::no_such_resource()),
    }
}

/// The undocumented but widely used reply to "who am I".
fn current_user(principal: &Principal) -> Reply {
    let initials: String = principal.name.split(' ').filter_map(|word| word.chars().next()).collect();
    let result = serde_json::json!({ "result": {
        "user_sys_id": principal.user_id,
        "user_name": principal.user_name,
        "user_display_name": principal.name,
        "user_initials": initials,
    }});
    Reply::json(200, result.to_string())
}

/// The largest reply of [`bytes`].
const MAX_BYTES: u64 = 1 << 30;

/// The practice instance's own resource: a reply of any size, for tests of streaming.
fn bytes(request: &Request) -> Result<Reply, Refusal> {
    let size = request.parameters().text("size").and_then(|size| size.parse().ok());
    match size {
        Some(size) if size <= MAX_BYTES => {
            let mut reply = Reply::new(200, "application/octet-stream", Vec::new());
            reply.body = Body::Filler(size);
            Ok(reply)
        }
        _ => Err(Refusal::new(400, "size must be a number of bytes up to 1073741824", None)),
    }
}
