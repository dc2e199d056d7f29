//! What the exports share that take the parts of a [`Reading`](crate::page::Reading).

use wasm_bindgen::JsValue;

use super::thrown::{thrown_failure, unknown_code};
use crate::code::Code;
use crate::diagnose::Failure;
use crate::page::InvalidReading;
use crate::protocol::ValueForm;
use crate::request::DisplayValue;

#[expect(clippy::needless_pass_by_value, reason = "as map_err hands it over")]
pub(super) fn unreadable(reason: InvalidReading) -> JsValue {
    thrown_failure(&Failure::invalid(Code::REQUEST_READING, &[&reason.to_string()]))
}

pub(super) fn form(display_value: u8) -> Result<DisplayValue, JsValue> {
    Ok(match ValueForm::try_from(display_value).map_err(unknown_code)? {
        ValueForm::Raw => DisplayValue::Raw,
        ValueForm::Label => DisplayValue::Label,
        ValueForm::Both => DisplayValue::Both,
    })
}
