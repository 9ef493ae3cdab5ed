use leptos::html::{Button, ElementType, Section};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::effect::on_change;
use crate::store::Store;

/// A way to find an element, while it is mounted.
pub(super) type ElementGetter = Callback<(), Option<HtmlElement>>;

/// Where the keyboard focus goes when panes come and go. Provided as context by the root.
///
/// The focus moves with the next frame, when what a change has made is in place.
#[derive(Clone, Copy)]
pub(super) struct Focus {
    /// The button that opens and closes the panel.
    pub(super) launcher: NodeRef<Button>,
    /// The panel itself.
    pub(super) panel: NodeRef<Section>,
    /// The button that opens the menu, while there is one.
    pub(super) menu_button: NodeRef<Button>,
    /// The control that a visitor begins with: the composer, or the form's first field.
    first_control: StoredValue<Option<ElementGetter>>,
}

impl Focus {
    pub(super) fn new() -> Self {
        Self {
            launcher: NodeRef::new(),
            panel: NodeRef::new(),
            menu_button: NodeRef::new(),
            first_control: StoredValue::new(None),
        }
    }

    /// Makes an element the control that a visitor begins with.
    pub(super) fn set_first_control(self, control: ElementGetter) {
        self.first_control.set_value(Some(control));
    }

    /// Moves the focus into the panel when it opens, and back to the launcher when it closes. It
    /// follows what the visitor does, not what a reload restores.
    pub(super) fn follow_panel(self, store: Store) {
        on_change(
            move || store.open().get(),
            move |_, open| {
                if open {
                    request_animation_frame(move || self.enter_panel());
                } else if self.is_in_panel() {
                    focus_soon(self.launcher);
                }
            },
        );
    }

    /// Enters the panel again, with the next frame, if the element that had the focus is gone.
    pub(super) fn restore_if_lost(self) {
        request_animation_frame(move || {
            if is_lost() {
                self.enter_panel();
            }
        });
    }

    /// Focuses the control that a visitor begins with. On touch screens the panel itself gets the
    /// focus: a field would bring up the keyboard before anything could be read.
    fn enter_panel(self) {
        // The widget may be unmounted by now.
        let control = self.first_control.try_get_value().flatten();
        let target = if has_coarse_pointer() {
            element(self.panel)
        } else {
            control.and_then(|control| control.try_run(()).flatten())
        };
        if let Some(target) = target {
            focus(&target);
        }
    }

    fn is_in_panel(self) -> bool {
        element(self.panel).is_some_and(|panel| panel.matches(":focus-within").unwrap_or(false))
    }
}

/// Returns the focus context.
pub(super) fn use_focus() -> Focus {
    expect_context()
}

/// Returns a way to find the element of any node.
pub(super) fn getter<E>(node: NodeRef<E>) -> ElementGetter
where
    E: ElementType + 'static,
    E::Output: JsCast + Clone + 'static,
{
    Callback::new(move |()| element(node))
}

/// Focuses an element with the next frame, if it is there then.
pub(super) fn focus_soon<E>(node: NodeRef<E>)
where
    E: ElementType + 'static,
    E::Output: JsCast + Clone + 'static,
{
    request_animation_frame(move || focus_now(node));
}

/// Focuses an element, if it is there. For what must happen within an event: phones keep their
/// keyboard open then.
pub(super) fn focus_now<E>(node: NodeRef<E>)
where
    E: ElementType + 'static,
    E::Output: JsCast + Clone + 'static,
{
    if let Some(target) = element(node) {
        focus(&target);
    }
}

/// Tells whether an element has the focus.
pub(super) fn is_focused<E>(node: NodeRef<E>) -> bool
where
    E: ElementType + 'static,
    E::Output: JsCast + Clone + 'static,
{
    element(node).is_some_and(|element| element.matches(":focus").unwrap_or(false))
}

/// Focuses an element.
pub(super) fn focus(target: &HtmlElement) {
    // Fails only where an element cannot have the focus.
    _ = target.focus();
}

/// Returns a node as an element; `None` before it is mounted and after its component is gone.
fn element<E>(node: NodeRef<E>) -> Option<HtmlElement>
where
    E: ElementType + 'static,
    E::Output: JsCast + Clone + 'static,
{
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
