use leptos::ev::KeyboardEvent;

/// Key code of a key press that an input method handles (Safari reports it after the composition).
const KEY_CODE_COMPOSITION: u32 = 229;

/// Tells whether a key press belongs to an input method: it composes a text, or ends that.
pub(super) fn is_composing(event: &KeyboardEvent) -> bool {
    event.is_composing() || event.key_code() == KEY_CODE_COMPOSITION
}

/// Tells whether a key press closes something: not if it ends a composition, or closed something
/// else already.
pub(super) fn is_escape(event: &KeyboardEvent) -> bool {
    event.key() == "Escape" && !is_composing(event) && !event.default_prevented()
}
