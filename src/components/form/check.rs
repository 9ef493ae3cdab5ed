use parlour_config::FieldKind;
use wasm_bindgen::prelude::*;
use web_sys::{Element, ValidityState};

use super::field::Slot;
use super::is_tick;
use crate::components::Ui;
use crate::i18n::Text;

#[wasm_bindgen]
extern "C" {
    /// Is what inputs, selects and text areas have in common.
    #[wasm_bindgen(extends = Element)]
    pub(super) type Control;
    #[wasm_bindgen(method, getter)]
    fn validity(this: &Control) -> ValidityState;
    #[wasm_bindgen(method, getter)]
    pub(super) fn value(this: &Control) -> String;
    #[wasm_bindgen(method, getter)]
    pub(super) fn checked(this: &Control) -> bool;
}

/// Checks all fields and marks the wrong ones; tells whether there are none.
pub(super) fn check_all(ui: Ui, slots: &[Slot]) -> bool {
    let mut sound = true;
    for slot in slots {
        let control = ui.find::<Control>(&["#", &slot.id].concat());
        let wrong = control.and_then(|control| check(ui, slot, &control));
        sound &= wrong.is_none();
        slot.error.set(wrong);
    }
    sound
}

/// Says what is wrong with a field. The rules are the browser's own; only the words are ours.
fn check(ui: Ui, slot: &Slot, control: &Control) -> Option<String> {
    let field = &slot.field;
    let validity = control.validity();
    let blank = field.required && !is_tick(field.kind) && control.value().trim().is_empty();
    let text = if validity.value_missing() || blank {
        match field.kind {
            kind if is_tick(kind) => Text::FormErrorTick,
            FieldKind::Select => Text::FormErrorChoose,
            _ => Text::FormErrorRequired,
        }
    } else if validity.type_mismatch() {
        Text::FormErrorEmail
    } else if validity.pattern_mismatch() {
        Text::FormErrorPattern
    } else if let Some(most) = too_long(slot, &control.value()) {
        let limit = ui.texts(|texts| texts.formats().number(most.into()));
        return Some(ui.fill(Text::FormErrorLength, &[("limit", &limit)]));
    } else {
        return None;
    };
    Some(ui.text(text))
}

/// Returns the limit that a value breaks. Browsers keep visitors from typing more, but not the
/// page from filling it in.
fn too_long(slot: &Slot, value: &str) -> Option<u32> {
    let units = value.encode_utf16().count();
    slot.field
        .max_length
        .filter(|most| !is_tick(slot.field.kind) && units > *most as usize)
}
