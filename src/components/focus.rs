use crate::context::context;
use leptos::ev::FocusEvent;
use leptos::prelude::*;
use leptos_node_ref::AnyNodeRef;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, Node};

use super::effect::on_change;
use crate::store::Store;

/// Where the keyboard focus goes when panes come and go. Provided as context by the root.
///
/// The focus moves with the next frame, when what a change has made is in place.
#[derive(Clone, Copy)]
pub(super) struct Focus {
    /// The button that opens and closes the panel.
    pub(super) launcher: AnyNodeRef,
    /// The panel itself.
    pub(super) panel: AnyNodeRef,
    /// The button that opens the menu, while there is one.
    pub(super) menu_button: AnyNodeRef,
    /// Whether the visitor is in the panel: the focus is there, or was when its element went.
    inside: RwSignal<bool>,
    /// The control that a visitor begins with: the composer, or the form's first field.
    first_control: StoredValue<AnyNodeRef>,
}

impl Focus {
    pub(super) fn new() -> Self {
        Self {
            launcher: AnyNodeRef::new(),
            panel: AnyNodeRef::new(),
            menu_button: AnyNodeRef::new(),
            inside: RwSignal::new(false),
            first_control: StoredValue::new(AnyNodeRef::new()),
        }
    }

    /// Makes an element the control that a visitor begins with.
    pub(super) fn set_first_control(self, control: AnyNodeRef) {
        self.first_control.set_value(control);
    }

    /// Moves the focus into the panel when it opens, and back to the launcher when it closes. It
    /// follows what the visitor does, not what a reload restores.
    pub(super) fn follow_panel(self, store: Store) {
        on_change(
            move || store.open().get(),
            move |_, open| {
                if open {
                    request_animation_frame(move || self.enter_panel());
                } else if self.is_in_panel() || self.inside.get_untracked() {
                    focus_soon(self.launcher);
                }
            },
        );
    }

    /// Notes, at a key in the panel, that the visitor is there.
    pub(super) fn on_key(self) {
        _ = self.inside.try_set(true);
    }

    /// Notes, when an element of the panel loses the focus, whether the visitor has left the panel: not
    /// if the element has gone or become inert, or the window was left.
    pub(super) fn on_focusout(self, event: &FocusEvent) {
        _ = self.inside.try_set(true);
        let next = event.related_target().map(JsCast::unchecked_into::<Node>);
        if next.is_some() && self.has(next.as_ref()) {
            return;
        }
        let left: Element = event_target(event);
        // Some browsers tell before the element is gone.
        request_animation_frame(move || {
            let stands = left.is_connected() && matches!(left.closest("[inert]"), Ok(None));
            let in_window = document().has_focus().unwrap_or(false);
            if stands && in_window && !self.is_in_panel() {
                _ = self.inside.try_set(false);
            }
        });
    }

    /// Enters the panel again, with the next frame, if the element that had the focus there is gone.
    pub(super) fn restore_if_lost(self) {
        request_animation_frame(move || {
            if self.inside.try_get_untracked() == Some(true) && is_lost() {
                self.enter_panel();
            }
        });
    }

    /// Focuses the control that a visitor begins with, or the panel where there is none. On touch
    /// screens the panel gets the focus in any case: a field would bring up the keyboard before
    /// anything could be read.
    fn enter_panel(self) {
        _ = self.inside.try_set(true);
        let control = self.first_control.try_get_value();
        let control = control.filter(|control| element::<HtmlElement>(*control).is_some());
        focus_now(
            control
                .filter(|_| !has_coarse_pointer())
                .unwrap_or(self.panel),
        );
    }

    /// Tells whether a node is in the panel.
    fn has(self, node: Option<&Node>) -> bool {
        let panel = element::<Node>(self.panel);
        panel.is_some_and(|panel| panel.contains(node))
    }

    fn is_in_panel(self) -> bool {
        let panel = element::<HtmlElement>(self.panel);
        panel.is_some_and(|panel| panel.matches(":focus-within").unwrap_or(false))
    }
}

/// Returns the focus context.
pub(super) fn use_focus() -> Focus {
    context()
}

/// Focuses an element with the next frame, if it is there then.
pub(super) fn focus_soon(node: AnyNodeRef) {
    request_animation_frame(move || focus_now(node));
}

/// Focuses an element, if it is there. For what must happen within an event: phones keep their
/// keyboard open then.
pub(super) fn focus_now(node: AnyNodeRef) {
    if let Some(target) = element::<HtmlElement>(node) {
        // Fails only where an element cannot have the focus.
        _ = target.focus();
    }
}

/// Tells whether an element has the focus.
pub(super) fn is_focused(node: AnyNodeRef) -> bool {
    let element = element::<HtmlElement>(node);
    element.is_some_and(|element| element.matches(":focus").unwrap_or(false))
}

/// Returns a node's element, as the type that it is known to have; `None` before it is mounted and
/// after its component is gone.
pub(super) fn element<T: JsCast>(node: AnyNodeRef) -> Option<T> {
    let found = node.try_get_untracked().flatten()?;
    Some(found.unchecked_into())
}

fn has_coarse_pointer() -> bool {
    let query = window().match_media("(pointer: coarse)").ok().flatten();
    query.is_some_and(|query| query.matches())
}

/// Tells whether nothing has the focus: the browser gives it to the body when its element goes.
fn is_lost() -> bool {
    let active = document().active_element();
    active.is_none_or(|active| active.tag_name() == "BODY")
}
