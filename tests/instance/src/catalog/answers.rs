//! The answers to an item's variables: found by name, checked for what is mandatory, kept as rows of `sc_item_option`.

use serde_json::{Map, Value};

use crate::records::{self, Record};
use crate::store::Store;

use super::variable_types;
use super::variables::{choices, questions};
use super::{price, text};

/// An answer before it is stored.
pub(super) struct Answer {
    /// The `sys_id` of the variable.
    pub(super) variable: String,
    pub(super) value: String,
    pub(super) order: String,
    /// Whether the variable is of the type "Requested For".
    pub(super) is_requested_for: bool,
}

impl Answer {
    /// This answer on the line of a user: theirs is the name that "Requested For" has.
    pub(super) fn of_user(&self, user: &str) -> Self {
        let value = if self.is_requested_for { user } else { &self.value };
        Self { value: value.to_owned(), variable: self.variable.clone(), order: self.order.clone(), ..*self }
    }
}

/// The answer to a variable in the body: under its name, or under `IO:` and its `sys_id`, as the portal sends it.
fn given(variables: &Map<String, Value>, variable: &Record<'_>) -> Option<String> {
    let keys = [variable.text("name").to_owned(), format!("IO:{}", variable.id())];
    keys.iter().filter(|key| !key.is_empty()).find_map(|key| text(variables.get(key)))
}

/// Whether an answer to every mandatory variable is given. A mandatory check box must be checked.
pub(super) fn are_complete(store: &Store, item: &str, variables: &Map<String, Value>) -> bool {
    let mandatory = questions(store, item).into_iter().filter(|variable| variable.is("mandatory"));
    mandatory.into_iter().all(|variable| {
        let answer = given(variables, &variable).unwrap_or_default();
        let unchecked = variable_types::of(variable.text("type")).friendly == "check_box" && answer == "false";
        !answer.is_empty() && !unchecked
    })
}

/// The answers of a body, in the order of the form; a variable that is not answered has its default. Unknown names are ignored, and
/// values are kept as they were sent.
pub(super) fn of_body(store: &Store, item: &str, variables: &Map<String, Value>) -> Vec<Answer> {
    let questions = questions(store, item).into_iter();
    let answers = questions.map(|variable| Answer {
        variable: variable.id().to_owned(),
        value: given(variables, &variable).unwrap_or_else(|| variable.text("default_value").to_owned()),
        order: variable.text("order").to_owned(),
        is_requested_for: variable.text("type") == "31",
    });
    answers.collect()
}

/// What the answers add to the price of an item, in cents.
pub(super) fn surcharge<'a>(store: &Store, answers: impl Iterator<Item = (&'a str, &'a str)>) -> i64 {
    let added = answers.filter_map(|(variable, value)| {
        let variable = records::by_id(store, "item_option_new", variable)?;
        match variable_types::of(variable.text("type")).friendly {
            "check_box" if value == "true" => Some(price::cents(variable.text("price_if_checked"))),
            "multiple_choice" | "select_box" => {
                choices(store, &variable).into_iter().find(|choice| choice.value == value).map(|choice| choice.price)
            }
            _ => None,
        }
    });
    added.sum()
}
