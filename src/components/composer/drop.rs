use crate::context::context;
use leptos::ev::DragEvent;
use leptos::prelude::*;
use parlour_chat::{Command, State, text_wins};
use web_sys::{DataTransfer, Element, File};

use super::attach::hint;
use crate::components::extras::Extras;
use crate::components::icon::{Drawing, Icon};
use crate::components::show::Show;
use crate::i18n::{Text, use_i18n};
use crate::store::Store;

/// The area over the panel that takes files while they are dragged there, or says why it does not.
#[component]
pub(in crate::components) fn DropZone(dragging: RwSignal<bool>) -> impl IntoView {
    let extras = context::<Extras>();
    view! {
        <Show when=move || dragging.get()>
            {extras.view(move |views| (views.drop)(dragging))}
        </Show>
    }
}

/// What stands over the panel while files are dragged there.
#[component]
pub(in crate::components) fn DropNotice(dragging: RwSignal<bool>) -> impl IntoView {
    let store = context::<Store>();
    let i18n = use_i18n();
    let refused = move || store.state().with(State::refuse_files).is_some();
    view! { class = "w",
        <div
            class="drop"
            data-state=move || if refused() { "refused" } else { "dragging" }
            on:dragleave=move |_| dragging.set(false)
        >
            <p class="drop-title">
                <Icon drawing=Drawing::CLIP/>
                {move || (!refused()).then(|| i18n.text(Text::FILE_DROP))}
            </p>
            <p class="drop-text">{move || hint(store, i18n)}</p>
        </div>
    }
}

/// Opens the drop zone when files are dragged over the panel.
pub(in crate::components) fn on_drag_enter(
    event: &DragEvent,
    dragging: RwSignal<bool>,
    extras: Extras,
) {
    if event.data_transfer().is_some_and(|data| has_files(&data)) {
        extras.load();
        dragging.set(true);
    }
}

/// Opens the panel for files that are dragged over the launcher, or over what stands beside it.
pub(in crate::components) fn opens_for(event: &DragEvent, store: Store) {
    if event.data_transfer().is_some_and(|data| has_files(&data)) {
        store.set_open(true);
    }
}

/// Takes what is dragged over the widget, or dropped there before the extras are there: the browser would open a
/// file or an address, some in the place of the page. Text may still be dropped where one can write.
pub(in crate::components) fn on_drag_over(event: &DragEvent) {
    let Some(data) = event.data_transfer() else {
        return;
    };
    let takes_text = || {
        let matches = event_target::<Element>(event).matches("input,textarea");
        matches.unwrap_or(false)
    };
    if has_files(&data) {
        event.prevent_default();
    } else if !takes_text() {
        event.prevent_default();
        data.set_drop_effect("none");
    }
}

/// Attaches the files that were dropped to the next message.
pub(in crate::components) fn on_drop(event: &DragEvent, store: Store, dragging: RwSignal<bool>) {
    dragging.set(false);
    let data = event.data_transfer().filter(has_files);
    if let Some(data) = data {
        event.prevent_default();
        let files = files(&data);
        if files.is_empty() {
            // A picture that is dragged out of a page may come as its address alone.
            let mut draft = store.draft().get_untracked();
            draft.push_str(&text(&data));
            store.draft().set(draft.clone());
            store.command(Command::Draft(draft));
        } else {
            store.attach(files);
        }
    }
}

/// Attaches what was pasted, if it is files alone; tells whether it is. Text goes before pictures: spreadsheets
/// and word processors copy both.
pub(in crate::components) fn pastes_files(data: &DataTransfer, store: Store) -> bool {
    let files = files(data);
    let names: Vec<String> = files.iter().map(File::name).collect();
    if files.is_empty() || text_wins(&text(data), &names) {
        return false;
    }
    store.attach(files);
    true
}

fn has_files(data: &DataTransfer) -> bool {
    data.types().iter().any(|kind| kind == "Files")
}

fn text(data: &DataTransfer) -> String {
    data.get_data("text/plain").unwrap_or_default()
}

/// Lists the files. A folder becomes an empty one: what is in it cannot be sent.
fn files(data: &DataTransfer) -> Vec<File> {
    let items = data.items();
    let items = (0..items.length()).filter_map(|at| items.get(at));
    items
        .filter_map(|item| {
            let file = item.get_as_file().ok()??;
            let entry = item.webkit_get_as_entry().ok().flatten();
            if entry.is_some_and(|entry| entry.is_directory()) {
                return File::new_with_str_sequence(&js_sys::Array::new(), &file.name()).ok();
            }
            Some(file)
        })
        .collect()
}
