use leptos::ev::KeyboardEvent;

/// Tells whether a key press closes something: not if it ends a composition, or closed something
/// else already.
pub(super) fn is_escape(event: &KeyboardEvent) -> bool {
    event.key() == "Escape" && !event.is_composing() && !event.default_prevented()
}
