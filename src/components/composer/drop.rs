use crate::context::context;
use leptos::ev::DragEvent;
use leptos::prelude::*;
use web_sys::DataTransfer;

use super::attach::{can_send_files, hint, send_files};
use crate::components::icon::{Drawing, Icon};
use crate::components::show::Show;
use crate::i18n::{Text, use_i18n};
use crate::store::Store;

/// The area over the chat that takes files, while they are dragged there.
#[component]
pub(in crate::components) fn DropZone(dragging: RwSignal<bool>) -> impl IntoView {
    let store = context::<Store>();
    let i18n = use_i18n();
    view! { class = "w",
        <Show when=move || dragging.get()>
            <div
                class="drop"
                data-state="dragging"
                on:dragover=|event| event.prevent_default()
                on:dragleave=move |_| dragging.set(false)
            >
                <p class="drop-title">
                    <Icon drawing=Drawing::Clip/>
                    {i18n.text(Text::FileDrop)}
                </p>
                <p class="drop-text">{move || hint(store, i18n, Ok(()))}</p>
            </div>
        </Show>
    }
}

/// Opens the drop zone when files are dragged over the chat and can be sent.
pub(in crate::components) fn on_drag_enter(
    event: &DragEvent,
    store: Store,
    dragging: RwSignal<bool>,
) {
    let has_files = event.data_transfer().is_some_and(|data| has_files(&data));
    if has_files && untrack(|| can_send_files(store)).is_ok() {
        event.prevent_default();
        dragging.set(true);
    }
}

/// Refuses a drop where no files are taken: the browser would open the file, some in the place of
/// the page. Files that were dragged over the chat may be dropped before the zone is there.
pub(in crate::components) fn on_drag_over(event: &DragEvent, dragging: RwSignal<bool>) {
    let Some(data) = event.data_transfer() else {
        return;
    };
    if !event.default_prevented() && has_files(&data) {
        event.prevent_default();
        if !dragging.get_untracked() {
            data.set_drop_effect("none");
        }
    }
}

/// Sends the files that were dragged over the chat and dropped.
pub(in crate::components) fn on_drop(event: &DragEvent, store: Store, dragging: RwSignal<bool>) {
    if dragging.get_untracked() {
        event.prevent_default();
        dragging.set(false);
        if let Some(files) = event.data_transfer().and_then(|data| data.files()) {
            send_files(store, &files);
        }
    }
}

fn has_files(data: &DataTransfer) -> bool {
    data.types().iter().any(|kind| kind == "Files")
}
