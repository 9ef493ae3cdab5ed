use leptos::prelude::*;

use crate::store::Store;

/// Tells whether there is a message to send and whether it can be sent now.
pub(super) fn can_send(store: Store) -> bool {
    let draft = store.draft().get();
    store.state().with(|state| state.can_send(&draft))
}

/// Tells whether the message is longer than the server takes.
pub(super) fn is_too_long(store: Store) -> bool {
    store
        .draft()
        .with(|draft| store.offers().room_for(draft) < 0)
}
