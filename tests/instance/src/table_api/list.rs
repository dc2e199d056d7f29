//! A page of a table. The limit is applied first and row access rules second, so a page may be short or empty while
//! later ones have rows; `X-Total-Count` is the count before the rules (Table API documentation, `sysparm_limit`).

use sysparm::query::{Condition, Operator, Query, Scalar, Value};

use crate::exchange::Reply;
use crate::records::is_set;
use crate::refusal::Refusal;
use crate::search::{Found, Plan, UnknownField, Wanted, path_of, run};
use crate::store::{Kind, Store, TableId};
use crate::switches::{DefaultOrder, InvalidFields, Switches};

use super::shape::Shape;
use super::{Call, permissions};

/// `sysparm_limit` when it is not given.
const DEFAULT_LIMIT: usize = 10_000;

/// The largest reply; it ends as one that took longer than 60 s.
const LARGEST_REPLY: usize = 128 * 1024 * 1024;

/// How a transaction that is cancelled in the middle of its reply ends (KB1297438).
const CANCELLED: &str = r#""error":{"message":"Transaction cancelled: maximum execution time exceeded","detail":"Transaction cancelled: maximum execution time exceeded Check logs for error trace or enable glide.rest.debug property to verify REST request processing"},"status":"failure"}"#;

pub(crate) fn list(
    store: &mut Store,
    call: &Call<'_>,
    switches: &mut Switches,
    shuffle: u64,
) -> Result<Reply, Refusal> {
    let parameters = &call.parameters;
    let plan = plan(store, call, switches)?;
    let limit = parameters.count("sysparm_limit").unwrap_or(DEFAULT_LIMIT);
    let offset = parameters.count("sysparm_offset").unwrap_or(0);
    let count = !parameters.flag("sysparm_no_count");
    let wanted = Wanted { offset, limit, count, scan: switches.offset_scan };
    let shuffled = plan.order.is_empty() && switches.default_order == DefaultOrder::Shuffled;
    let found = match shuffled {
        true => shuffled_page(store, call, &plan, wanted, shuffle),
        false => run(store, call.table, &plan, wanted),
    };

    let shape = Shape::of(store, call);
    let readable = permissions::readable(store, call);
    let mut body = Vec::with_capacity(64 + found.rows.len().min(10_000) * 400);
    body.extend_from_slice(b"{\"result\":[");
    let before_rows = body.len();
    let mut shown = 0;
    let mut complete = true;
    let cut_after = match switches.truncate_next {
        0 => usize::MAX,
        _ => found.rows.len() / 2,
    };
    switches.truncate_next = switches.truncate_next.saturating_sub(1);
    for (number, row) in found.rows.iter().enumerate() {
        if !readable(*row) {
            continue;
        }
        if number >= cut_after || body.len() > LARGEST_REPLY {
            complete = false;
            break;
        }
        if body.len() > before_rows {
            body.push(b',');
        }
        shape.write(store, *row, &mut body);
        shown += 1;
    }
    // Version 1 of the API answers an empty list with 404.
    if complete && body.len() == before_rows && call.version == "v1" {
        return Err(Refusal::no_records());
    }
    match complete {
        true => body.extend_from_slice(b"]}"),
        false => {
            body.push(b',');
            body.extend_from_slice(CANCELLED.as_bytes());
        }
    }
    let mut reply = Reply::json(200, body);
    // Without a count the header is sent all the same, with the number of records in this reply (KB0564204, 8 May 2026).
    reply.headers.push(("X-Total-Count", found.total.unwrap_or(shown).to_string()));
    if !parameters.flag("sysparm_suppress_pagination_header") {
        reply.headers.push(("Link", links(call, limit, offset, &found)));
    }
    Ok(reply)
}

/// The plan of `sysparm_query`, or of name and value pairs where it is absent.
pub(crate) fn plan(store: &Store, call: &Call<'_>, switches: &Switches) -> Result<Plan, Refusal> {
    let text = match call.parameters.text("sysparm_query") {
        Some(text) => text.to_owned(),
        None => pairs(store, call),
    };
    permissions::check_query(store, call, &text)?;
    let regime = match is_set(store, "glide.invalid_query.returns_no_rows") {
        true => InvalidFields::NoRows,
        false => switches.invalid_field_regime,
    };
    Plan::of(store, call.table, &text, &call.caller, regime)
        .map_err(|UnknownField| Refusal::unreadable_field_in_query())
}

/// `state=closed&active=true` as an encoded query; choices and references may be given by display value.
fn pairs(store: &Store, call: &Call<'_>) -> String {
    let mut all = Vec::new();
    for (name, value) in &call.parameters.0 {
        let Some(path) = path_of(store, call.table, name).filter(|_| !name.starts_with("sysparm_")) else {
            continue;
        };
        let text = raw_value(store, path.end, path.kind(store), value);
        let either = vec![Condition {
            field: name.to_string(),
            operator: Operator::Is,
            value: Some(Value::One(Scalar::Text(text))),
        }];
        all.push(sysparm::query::Either { either });
    }
    let mut query = Query::default();
    if !all.is_empty() {
        query.any.push(sysparm::query::All { all });
    }
    query.print().unwrap_or_default()
}

/// The raw value of a display value, for choices and references; any other value is unchanged.
pub(super) fn raw_value(store: &Store, (table, column): (TableId, usize), kind: Kind, value: &str) -> String {
    let shown = match kind {
        Kind::Reference(target) => store.find(target).and_then(|target| {
            let display = store.table(target).display;
            let row = store.rows(target).find(|row| store.text(*row, display) == value)?;
            Some(store.text(row, crate::store::SYS_ID))
        }),
        _ if kind.is_choice() => {
            let choices = store.table(table).choices.get(column).map_or(&[][..], Vec::as_slice);
            let choice = choices.iter().find(|(_, label)| store.texts.of(*label).eq_ignore_ascii_case(value));
            choice.map(|(raw, _)| store.texts.of(*raw))
        }
        _ => None,
    };
    shown.unwrap_or(value).to_owned()
}

/// A list without an order, which a database may return in any: rotated and reversed differently each time.
fn shuffled_page(store: &mut Store, call: &Call<'_>, plan: &Plan, wanted: Wanted, shuffle: u64) -> Found {
    let everything = Wanted { count: wanted.count, ..Wanted::ALL };
    let mut found = run(store, call.table, plan, everything);
    let length = found.rows.len().max(1);
    found.rows.rotate_left(usize::try_from(shuffle % length as u64).unwrap_or_default() % length);
    if shuffle & 1 == 1 {
        found.rows.reverse();
    }
    found.rows = found.rows.into_iter().skip(wanted.offset).take(wanted.limit).collect();
    found
}

/// First, next, previous and last page; `prev` is absent on the first, `next` on the last. Without a count the
/// last page is unknown, so `last` is omitted and `next` is present whenever the page is full.
fn links(call: &Call<'_>, limit: usize, offset: usize, found: &Found) -> String {
    let kept: Vec<&str> = call
        .request
        .query
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.starts_with("sysparm_offset=") && !pair.starts_with("sysparm_limit="))
        .collect();
    let mut kept = kept.join("&");
    if !kept.is_empty() {
        kept.push('&');
    }
    let mut link = String::new();
    let mut add = |name: &str, offset: usize| {
        if !link.is_empty() {
            link.push(',');
        }
        let (base, path) = (&call.base, &call.request.path);
        link.push_str(&format!("<{base}{path}?{kept}sysparm_limit={limit}&sysparm_offset={offset}>;rel=\"{name}\""));
    };
    add("first", 0);
    let beyond = offset.saturating_add(limit);
    let more = match found.total {
        Some(total) => beyond < total,
        None => found.rows.len() == limit,
    };
    if more && limit > 0 {
        add("next", beyond);
    }
    if offset > 0 {
        add("prev", offset.saturating_sub(limit));
    }
    if let (Some(total), true) = (found.total, limit > 0) {
        add("last", total.saturating_sub(1) / limit * limit);
    }
    link
}
