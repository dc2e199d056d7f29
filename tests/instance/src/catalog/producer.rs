//! Record producers: the answers become the fields of a new record of another table ("Record producers").

use serde_json::json;

use crate::clock::stamp;
use crate::data::put;
use crate::exchange::Reply;
use crate::identity::sys_id_of;
use crate::records::{self, Record};
use crate::refusal::Refusal;
use crate::store::{Full, Store};
use crate::table_api::added;

use super::access::{Person, can_view, item};
use super::answers::{self, Answer};
use super::order::answers_in;
use super::script::{Assigned, assignments};
use super::{Context, bad_request, body, exception, items, not_viewable, result, text};

pub(super) fn submit(store: &mut Store, context: Context<'_>, id: &str) -> Result<Reply, Refusal> {
    let body = body(context.call)?;
    let producer = item(store, id).filter(|item| items::kind(item) == "record_producer").ok_or_else(exception)?;
    if !can_view(store, &Person::calling(context.call.principal), &producer) {
        return Err(not_viewable());
    }
    let variables = answers_in(&body);
    let validated = text(body.get("sysparm_no_validation")).as_deref() != Some("true");
    if validated && !answers::are_complete(store, id, &variables) {
        // The text of this call differs from that of an order (KB0656003).
        return Err(bad_request("Mandatory variables are not filled"));
    }
    let table = producer.text("table_name").to_owned();
    let definition = store.find(&table).map(|table| store.table(table).definition).ok_or_else(exception)?;
    let answers = answers::of_body(store, id, &variables);
    let fields = fields(store, context, &producer, &answers);
    let view = producer.text("view").to_owned();
    let redirect = producer.text("redirect_url").to_owned();
    let pairs: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let full = |Full| Refusal::store_full();
    let name = format!("produced {} {id}", context.unique);
    let sys_id = added(store, &table, &pairs, &context.call.caller, &name, context.now).map_err(full)?;
    keep(store, context, (&table, &sys_id), &answers).map_err(full)?;
    let number = records::by_id(store, &table, &sys_id).map_or("", |record| record.text("number")).to_owned();
    let base = definition.ancestry().last().map_or(definition.name, |base| base.name);
    let view = if view.is_empty() { String::new() } else { format!("&sysparm_view={view}") };
    Ok(result(&json!({
        "sys_id": sys_id,
        "number": number,
        "parent_id": null,
        "record": format!("api/now/table/{table}/{sys_id}"),
        "redirect_portal_url": "",
        "parent_table": base,
        "redirect_url": format!("{table}.do?sys_id={sys_id}{view}"),
        "table": table,
        "redirect_to": redirect,
    })))
}

/// The fields of the new record: answers to variables that are mapped to a field or are named like one, then what the script assigns.
fn fields(store: &Store, context: Context<'_>, producer: &Record<'_>, answers: &[Answer]) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    let named = |answer: &Answer| records::by_id(store, "item_option_new", &answer.variable);
    for answer in answers.iter().filter(|answer| !answer.value.is_empty()) {
        let Some(variable) = named(answer) else { continue };
        let field = if variable.is("map_to_field") { variable.text("field") } else { variable.text("name") };
        fields.push((field.to_owned(), answer.value.clone()));
    }
    for (field, assigned) in assignments(producer.text("script")) {
        let value = match assigned {
            Assigned::Text(text) => text.to_owned(),
            Assigned::CallerId => context.call.caller.user_id.to_owned(),
            Assigned::Answer(name) => {
                let of_name = |answer: &&Answer| named(answer).is_some_and(|variable| variable.text("name") == name);
                answers.iter().find(of_name).map_or_else(String::new, |answer| answer.value.clone())
            }
        };
        fields.retain(|(other, _)| other != field);
        fields.push((field.to_owned(), value));
    }
    fields
}

/// Keeps the answers as rows of `question_answer`.
fn keep(store: &mut Store, context: Context<'_>, record: (&str, &str), answers: &[Answer]) -> Result<(), Full> {
    let (table, sys_id) = record;
    for answer in answers {
        let id = sys_id_of("question_answer", &format!("{sys_id} {}", answer.variable));
        let fields = [
            ("table_name", table),
            ("table_sys_id", sys_id),
            ("question", answer.variable.as_str()),
            ("value", &answer.value),
            ("order", &answer.order),
        ];
        put(store, "question_answer", &id, &stamp(context.now), &fields)?;
    }
    Ok(())
}
