//! Who may call an operation on a chat.

use super::error::Failure;
use super::route::Action;
use crate::model::{ChatId, EndReason, World};
use crate::wire::Form;

/// Lets in whoever shows a key that was ever issued for the chat, and counts it as a sign of life. `userId` and `alias`
/// may be missing; a `userId` that is there must be the chat's own. An ended chat is only still read (refresh), so that
/// nobody misses its last events; one that the visitor ended answers nothing more.
pub(super) fn admit(
    world: &mut World,
    action: &Action,
    id: &ChatId,
    form: &Form,
    now_ms: i64,
) -> Result<(), Failure> {
    let chat = world.chat(id).ok_or_else(Failure::no_chat)?;
    let key_fits = form
        .get("secureKey")
        .is_some_and(|key| chat.knows_key(key.trim()));
    let user_fits = form
        .get("userId")
        .is_none_or(|user| user.trim() == chat.user_id());
    let open = match chat.end() {
        None => true,
        Some(end) => {
            matches!(action, Action::Refresh(_) | Action::ReadBack(_))
                && end.reason != EndReason::Disconnected
        }
    };
    if !(key_fits && user_fits && open) {
        return Err(Failure::no_chat());
    }
    world.note_sign_of_life(id, now_ms);
    Ok(())
}
