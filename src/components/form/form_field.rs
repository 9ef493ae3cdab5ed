use std::sync::Arc;

use leptos::html::ElementType;
use leptos::prelude::*;
use parlour_config::{Field, FieldKind};
use wasm_bindgen::JsCast;

use super::control::Control;
use crate::components::focus::{ElementGetter, Focus, getter};

/// A field of the form together with its control and with what is wrong about its answer.
#[derive(Clone)]
pub(super) struct FormField {
    /// The field as the tenant configured it.
    pub(super) config: Arc<Field>,
    /// The id of the control, unique within the shadow root.
    pub(super) id: String,
    /// What is wrong, in the visitor's language.
    pub(super) error: RwSignal<Option<String>>,
    control: StoredValue<Option<ElementGetter>>,
}

impl FormField {
    /// Makes the field at a place in the form.
    pub(super) fn new(at: usize, config: &Field) -> Self {
        Self {
            config: Arc::new(config.clone()),
            id: format!("field-{at}"),
            error: RwSignal::new(None),
            control: StoredValue::new(None),
        }
    }

    /// Tells how to find the control.
    pub(super) fn bind<E>(&self, node: NodeRef<E>)
    where
        E: ElementType + 'static,
        E::Output: JsCast + Clone + 'static,
    {
        self.control.set_value(Some(getter(node)));
    }

    /// Returns the control, while it is mounted. Hidden fields have none.
    pub(super) fn control(&self) -> Option<Control> {
        let control = self.control.get_value()?.try_run(())??;
        Some(control.unchecked_into())
    }

    /// Makes the control the one that gets the focus when the panel opens.
    pub(super) fn begin_here(&self, focus: Focus) {
        let field = self.clone();
        focus.set_first_control(Callback::new(move |()| Some(field.control()?.into())));
    }

    /// Tells whether a visitor sees the field.
    pub(super) fn is_shown(&self) -> bool {
        self.config.kind != FieldKind::Hidden
    }

    /// Tells whether the field takes a tick rather than a text.
    pub(super) fn is_tick(&self) -> bool {
        is_tick(self.config.kind)
    }

    /// Returns the text key of a part of the field: `form.<name>.<part>`.
    pub(super) fn key(&self, part: &str) -> String {
        format!("form.{}.{part}", self.config.name)
    }

    pub(super) fn error_id(&self) -> String {
        format!("{}-error", self.id)
    }

    pub(super) fn help_id(&self) -> String {
        format!("{}-help", self.id)
    }
}

/// Tells whether a field of this kind takes a tick rather than a text.
pub(super) fn is_tick(kind: FieldKind) -> bool {
    matches!(kind, FieldKind::Checkbox | FieldKind::Consent)
}
