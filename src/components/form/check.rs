use leptos::prelude::Set as _;
use parlour_chat::is_telephone;
use parlour_config::FieldKind;

use super::control::Control;
use super::form_field::FormField;
use crate::i18n::{I18n, Text};

/// Checks all fields and marks the wrong ones; returns the first of them.
pub(super) fn first_error(i18n: I18n, fields: &[FormField]) -> Option<&FormField> {
    let mut first = None;
    for field in fields {
        let error = field
            .control()
            .and_then(|control| check(i18n, field, &control));
        if error.is_some() {
            first = first.or(Some(field));
        }
        field.error.set(error);
    }
    first
}

/// Says what is wrong with a field. The rules are the browser's own, the words ours.
fn check(i18n: I18n, field: &FormField, control: &Control) -> Option<String> {
    let config = &field.config;
    let validity = control.validity();
    let blank = config.required && !field.is_tick() && control.value().trim().is_empty();
    let text = if validity.value_missing() || blank {
        match config.kind {
            FieldKind::Checkbox | FieldKind::Consent => Text::FORM_ERROR_TICK,
            FieldKind::Select => Text::FORM_ERROR_CHOOSE,
            _ => Text::FORM_ERROR_REQUIRED,
        }
    } else if validity.type_mismatch() {
        Text::FORM_ERROR_EMAIL
    } else if validity.pattern_mismatch() {
        Text::FORM_ERROR_PATTERN
    } else if is_no_telephone(field, &control.value()) {
        Text::FORM_ERROR_TEL
    } else if let Some(most) = exceeded_length(field, &control.value()) {
        let limit = i18n.number(most.into());
        return Some(i18n.fill(Text::FORM_ERROR_LENGTH, &[("limit", &limit)]));
    } else {
        return None;
    };
    Some(i18n.text(text))
}

/// Tells whether a value is none for a field of this kind. A tenant's own pattern is the only rule.
fn is_no_telephone(field: &FormField, value: &str) -> bool {
    let config = &field.config;
    let is_checked = config.kind == FieldKind::Tel && config.pattern.is_none();
    is_checked && !value.is_empty() && !is_telephone(value)
}

/// Returns the limit that a value exceeds, in UTF-16 code units. Browsers keep visitors from typing
/// more, but check neither values to begin with nor what a script fills in.
fn exceeded_length(field: &FormField, value: &str) -> Option<u32> {
    let units = value.encode_utf16().count();
    field
        .config
        .max_length
        .filter(|most| !field.is_tick() && units > *most as usize)
}
