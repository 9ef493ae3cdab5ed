use std::sync::Arc;

use leptos::prelude::*;
use leptos_node_ref::AnyNodeRef;
use parlour_config::{Field, FieldKind};

use super::control::Control;
use crate::components::focus::element;

/// A field of the form together with its control and with what is wrong about its answer.
#[derive(Clone)]
pub(super) struct FormField {
    /// The field as the tenant configured it.
    pub(super) config: Arc<Field>,
    /// The id of the control, unique within the shadow root.
    pub(super) id: String,
    /// What is wrong, in the visitor's language.
    pub(super) error: RwSignal<Option<String>>,
    /// The control's node.
    pub(super) node: AnyNodeRef,
}

impl FormField {
    /// Makes the field at a place in the form.
    pub(super) fn new(at: usize, config: &Field) -> Self {
        Self {
            config: Arc::new(config.clone()),
            id: format!("field-{at}"),
            error: RwSignal::new(None),
            node: AnyNodeRef::new(),
        }
    }

    /// Returns the control, while it is mounted. Hidden fields have none.
    pub(super) fn control(&self) -> Option<Control> {
        element(self.node)
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
