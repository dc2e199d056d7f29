//! Lists as files, from the addresses of the user interface: `/incident_list.do?CSV&sysparm_query=...` ("Export directly from a URL",
//! "Export limits", "JSON Data Retrieval API").

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use crate::dispatch::CallContext;
use crate::exchange::{Reply, Request, is_true};
use crate::instance::Instance;
use crate::records::{is_set, property};
use crate::refusal::Refusal;
use crate::search::{Wanted, run};
use crate::store::{Kind, RowId, Store};
use crate::table_api::{Call, Shape, permissions, plan};
use crate::xml;

/// The processor that the first parameter names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Csv,
    Xml,
    Json,
    JsonV2,
}

/// The rows of an export unless a property says otherwise ("Export limits").
const DEFAULT_LIMIT: usize = 10_000;

/// The largest export; a longer one ends before its next row.
const LARGEST: usize = 64 * 1024 * 1024;

impl Format {
    /// The format that a request for a page asks for; `None` for a page that is no export.
    fn of(request: &Request) -> Option<Self> {
        let parameters = request.parameters();
        let named = |name: &str| parameters.0.iter().any(|(given, value)| given == name && value.is_empty());
        let all = [("CSV", Self::Csv), ("XML", Self::Xml), ("JSONv2", Self::JsonV2), ("JSON", Self::Json)];
        all.into_iter().find(|(name, _)| named(name)).map(|(_, format)| format)
    }

    /// The property of its limit; behind it comes that of all exports.
    fn limit(self) -> &'static str {
        match self {
            Self::Csv => "glide.csv.export.limit",
            Self::Xml => "glide.xml.export.limit",
            Self::Json => "glide.json.export.limit",
            Self::JsonV2 => "glide.processor.json.row_limit",
        }
    }
}

/// The table of a page, if the request is an export: `/incident.do` and `/incident_list.do`.
pub(crate) fn table(request: &Request) -> Option<&str> {
    let page = request.path.strip_prefix('/')?.strip_suffix(".do")?;
    Format::of(request)?;
    Some(page.strip_suffix("_list").unwrap_or(page)).filter(|name| !name.contains('/'))
}

/// Exports the rows that the caller may read.
pub(crate) fn answer(instance: &mut Instance, request: &Request, context: CallContext<'_>) -> Result<Reply, Refusal> {
    let (Some(name), Some(format)) = (table(request), Format::of(request)) else {
        return Err(Refusal::no_such_resource());
    };
    if request.method != "GET" && request.method != "HEAD" {
        return Err(Refusal::method_not_allowed());
    }
    let Some(table) = instance.store.find(name) else {
        return Ok(Reply::html(404, "Page not found", "The page you are looking for could not be found."));
    };
    let mut call = context.call(instance, request, table);
    permissions::check(&instance.store, &call, &[], "GET")?;
    let shows = match format {
        Format::Csv => !is_set(&instance.store, "glide.export.csv.raw.value"),
        Format::Xml => false,
        Format::Json | Format::JsonV2 => is_set(&instance.store, "glide.json.return_displayValue"),
    };
    prepare(&mut call, format, shows);
    let plan = plan(&instance.store, &call, &instance.switches)?;
    let limit = [format.limit(), "glide.ui.export.limit"];
    let limit = limit.into_iter().find_map(|name| property(&instance.store, name)?.trim().parse().ok());
    let limit = limit.unwrap_or(DEFAULT_LIMIT);
    let limit = call.parameters.count("sysparm_record_count").map_or(limit, |asked| asked.min(limit));
    let found = run(&mut instance.store, table, &plan, Wanted { limit, ..Wanted::ALL }).rows;
    let store = &instance.store;
    let readable = permissions::readable(store, &call);
    let rows: Vec<RowId> = found.into_iter().filter(|row| readable(*row)).collect();
    match format {
        Format::Csv => csv(store, &call, name, &rows),
        Format::Xml => Ok(as_xml(store, &call, name, &rows)),
        Format::Json | Format::JsonV2 => Ok(as_json(store, &mut call, format, &rows)),
    }
}

/// Restates the parameters of an export as those of a list.
fn prepare(call: &mut Call<'_>, format: Format, shows: bool) {
    let parameters = &mut call.parameters.0;
    let value = |name: &str, parameters: &[(Cow<'_, str>, Cow<'_, str>)]| {
        parameters.iter().find(|(other, _)| other == name).map(|(_, value)| value.clone().into_owned())
    };
    let mut query = value("sysparm_query", parameters);
    if let Some(order) = value("sysparm_orderby", parameters) {
        query = Some(format!("{}^ORDERBY{order}", query.unwrap_or_default()));
    }
    if let Some(id) = value("sysparm_sys_id", parameters) {
        query = Some(format!("sys_id={id}"));
    }
    let every = value("sysparm_default_export_fields", parameters).is_some_and(|fields| fields == "all");
    let view = value("sysparm_view", parameters).or_else(|| (format == Format::Csv).then(|| "Default view".to_owned()));
    parameters.retain(|(name, _)| !matches!(name.as_ref(), "sysparm_query" | "sysparm_view" | "sysparm_display_value"));
    let mut set = |name: &'static str, value: String| parameters.push((name.into(), value.into()));
    if let Some(query) = query {
        set("sysparm_query", query);
    }
    if let Some(view) = view.filter(|_| !every) {
        set("sysparm_view", view);
    }
    if shows {
        set("sysparm_display_value", "true".into());
    }
    set("sysparm_exclude_reference_link", "true".into());
}

fn file(name: &str, extension: &str, content_type: &str, body: Vec<u8>) -> Reply {
    Reply::new(200, content_type, body)
        .with_header("Content-Disposition", format!("attachment;filename={name}.{extension}"))
}

fn csv(store: &Store, call: &Call<'_>, name: &str, rows: &[RowId]) -> Result<Reply, Refusal> {
    let shape = Shape::of(store, call);
    let mut builder = csv::WriterBuilder::new();
    let builder = builder.quote_style(csv::QuoteStyle::Always).terminator(csv::Terminator::CRLF);
    let mut writer = builder.from_writer(Vec::new());
    let refused = |error: &dyn std::fmt::Display| Refusal::new(500, error.to_string(), None);
    writer.write_record(shape.names()).map_err(|error| refused(&error))?;
    let mut length = 0;
    for row in rows {
        let cells = shape.texts(store, *row);
        length += cells.iter().map(|cell| cell.len() + 3).sum::<usize>();
        if length > LARGEST {
            break;
        }
        writer.write_record(cells.iter().map(|cell| cell.as_bytes())).map_err(|error| refused(&error))?;
    }
    let body = writer.into_inner().map_err(|error| refused(&error))?;
    Ok(file(name, "csv", "text/csv;charset=UTF-8", body))
}

/// Journal fields are not exported ("Export directly from a URL").
fn as_xml(store: &Store, call: &Call<'_>, name: &str, rows: &[RowId]) -> Reply {
    let shape = Shape::of(store, call);
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?><xml>");
    for row in rows {
        if text.len() > LARGEST {
            break;
        }
        let cells = shape.texts(store, *row);
        let kept = shape.names().zip(shape.kinds()).zip(cells).filter(|((_, kind), _)| *kind != Kind::Journal);
        let record: Map<String, Value> =
            kept.map(|((field, _), cell)| (field.to_owned(), Value::String(cell.into_owned()))).collect();
        xml::write(&mut text, name, &Value::Object(record));
    }
    text.push_str("</xml>");
    file(name, "xml", "text/xml;charset=UTF-8", text.into_bytes())
}

/// `{"records":[...]}`. `displayvalue=true` shows references as people see them, `all` adds `dv_` fields.
fn as_json(store: &Store, call: &mut Call<'_>, format: Format, rows: &[RowId]) -> Reply {
    if call.parameters.text("sysparm_action") == Some("getKeys") {
        let keys: Vec<&str> = rows.iter().map(|row| store.text(*row, crate::store::SYS_ID)).collect();
        return Reply::json(200, json!({ "records": keys }).to_string());
    }
    let asked = call.parameters.text("displayvalue").unwrap_or_default().to_owned();
    let raw = Shape::of(store, call);
    call.parameters.0.push(("sysparm_display_value".into(), "true".into()));
    let shown = Shape::of(store, call);
    let (only, both) = (is_true(&asked), asked.eq_ignore_ascii_case("all"));
    let mut length = 0;
    let mut records = Vec::new();
    for row in rows {
        let cells = raw.texts(store, *row);
        length += cells.iter().map(|cell| cell.len() + 8).sum::<usize>();
        if length > LARGEST {
            break;
        }
        let mut record = Map::new();
        for (((name, kind), cell), label) in raw.names().zip(raw.kinds()).zip(cells).zip(shown.texts(store, *row)) {
            let reference = matches!(kind, Kind::Reference(_));
            if both && reference {
                record.insert(format!("dv_{name}"), label.clone().into());
            }
            record.insert(name.to_owned(), if only && reference { label.into() } else { cell.into() });
        }
        // Version 2 of the service says of each record what became of it.
        if format == Format::JsonV2 {
            record.insert("__status".into(), "success".into());
        }
        records.push(Value::Object(record));
    }
    Reply::json(200, json!({ "records": records }).to_string())
}
