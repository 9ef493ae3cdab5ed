use std::rc::Rc;

use leptos::prelude::*;
use parlour_chat::{FileLimits, RefusalReason};
use web_sys::{DataTransfer, DragEvent, FileList, HtmlInputElement};

use crate::components::Ui;
use crate::components::dom::{El, derived, el};
use crate::components::icon::Icon;
use crate::i18n::{Count, Text};

/// Finds what opens the browser's file dialog.
const PICKER: &str = "input[type=file]";

/// Tells whether the visitor can send files now, or else why not, if there is anything to say about it:
/// there may be no files with this tenant or server, or no chat may be going on.
pub(super) fn files_now(ui: Ui) -> Result<(), Option<RefusalReason>> {
    if !ui.store().offers.get().files || !ui.is_open() {
        return Err(None);
    }
    let agents = ui.store().agents.get();
    let limits = ui.store().limits.get();
    match limits.and_then(|limits| limits.refuse_all(&agents)) {
        Some(reason) => Err(Some(reason)),
        None => Ok(()),
    }
}

/// Shows the button that picks files, with what the server allows of them.
pub(super) fn attach(ui: Ui) -> Option<El> {
    if !ui.store().offers.get().files {
        return None;
    }
    let picker = move || ui.find::<HtmlInputElement>(PICKER);
    let now = derived(move || files_now(ui));
    let (hinted, disabled, asked) = (Rc::clone(&now), Rc::clone(&now), now);
    let pick = el("button.icon-button type=button part=attach aria-describedby=limits")
        .attr("aria-label", ui.text(Text::FileAttach))
        // It keeps the focus, and with it the words that say why.
        .live("aria-disabled", move || {
            disabled.get().is_err().then(|| "true".into())
        })
        .click(move || {
            if let (Some(picker), Ok(())) = (picker(), asked.peek()) {
                picker.click();
            }
        })
        .icon(Icon::CLIP);
    let hint = el("p.limits id=limits role=tooltip").live_text(move || hint(ui, hinted.get()));
    let picker = el("input.unseen type=file tabindex=-1 aria-hidden=true multiple")
        .live("accept", move || {
            ui.store().limits.with(|limits| accepted(limits.as_ref()?))
        })
        .on("change", move |_| {
            let Some(picker) = picker() else { return };
            if let Some(files) = picker.files() {
                send_files(ui, &files);
            }
            // The same file may be picked again.
            picker.set_value("");
        });
    Some(el("div.attach").child(pick).child(hint).child(picker))
}

/// Sends what was picked, dropped or pasted.
pub(super) fn send_files(ui: Ui, files: &FileList) {
    for file in (0..files.length()).filter_map(|at| files.item(at)) {
        ui.shared().said.update(|said| *said += 1);
        ui.store().attach(file);
    }
}

/// Takes files that are dragged onto the chat, while there are any.
pub(in crate::components) fn drop_zone(ui: Ui) -> Option<El> {
    let shared = ui.shared();
    let title = el("p.drop-title").icon(Icon::CLIP).say(ui, Text::FileDrop);
    shared.dragging.get().then(|| {
        el("div.drop data-state=dragging")
            .on("dragover", |event| event.prevent_default())
            .on("dragleave", move |_| ui.shared().dragging.set(false))
            .child(title)
            .child(el("p.drop-text").text(hint(ui, Ok(()))))
    })
}

/// Opens the drop zone when files are dragged over the chat.
pub(in crate::components) fn drag_enter(ui: Ui, event: &DragEvent) {
    let files = event.data_transfer().is_some_and(|data| has_files(&data));
    if files && untrack(|| files_now(ui)).is_ok() {
        event.prevent_default();
        ui.shared().dragging.replace(true);
    }
}

/// Lets a file that is dropped where none is taken come to nothing: the browser would open it, some in
/// the place of the page. What was dragged over the chat may be let go before its zone is there.
pub(in crate::components) fn drag_over(ui: Ui, event: &DragEvent) {
    let Some(data) = event.data_transfer() else {
        return;
    };
    if !event.default_prevented() && has_files(&data) {
        event.prevent_default();
        if !untrack(|| ui.shared().dragging.get()) {
            data.set_drop_effect("none");
        }
    }
}

/// Sends the files that were dragged over the chat and let go.
pub(in crate::components) fn dropped(ui: Ui, event: &DragEvent) {
    if untrack(|| ui.shared().dragging.get()) {
        event.prevent_default();
        ui.shared().dragging.set(false);
        if let Some(files) = event.data_transfer().and_then(|data| data.files()) {
            send_files(ui, &files);
        }
    }
}

fn has_files(data: &DataTransfer) -> bool {
    data.types().iter().any(|kind| kind == "Files")
}

/// Says what may be sent, or why nothing can be.
fn hint(ui: Ui, now: Result<(), Option<RefusalReason>>) -> String {
    match now {
        Err(Some(RefusalReason::NeedsAgent)) => return ui.text(Text::FileLimitAgent),
        Err(Some(_)) => return ui.text(Text::FileLimitNone),
        Err(None) | Ok(()) => {}
    }
    let words = ui
        .store()
        .limits
        .with(|limits| limits.as_ref().map(|limits| allowed(ui, limits)));
    words
        .filter(|words| !words.is_empty())
        .unwrap_or_else(|| ui.text(Text::FileAttach))
}

/// Puts the server's limits into words.
fn allowed(ui: Ui, limits: &FileLimits) -> String {
    let size = |text, bytes| ui.fill(text, &[("size", &ui.bytes(bytes))]);
    let mut facts = Vec::new();
    facts.extend(limits.left().map(|left| ui.count(Count::FilesLeft, left)));
    facts.extend(
        limits
            .max_file_bytes
            .map(|most| size(Text::FileLimitEach, most)),
    );
    facts.extend(
        limits
            .max_total_bytes
            .map(|most| size(Text::FileLimitTotal, most)),
    );
    let mut words = facts.join(", ");
    if let Some(types) = types(ui, limits) {
        if !words.is_empty() {
            words.push_str(". ");
        }
        words.push_str(&types);
    }
    words
}

/// Lists the types that may be sent, where the server limits them.
pub(in crate::components) fn types(ui: Ui, limits: &FileLimits) -> Option<String> {
    let types = limits.extensions.join(", ");
    (!types.is_empty()).then(|| ui.fill(Text::FileLimitTypes, &[("types", &types)]))
}

/// Lists the allowed types as a file input takes them.
fn accepted(limits: &FileLimits) -> Option<String> {
    let types: Vec<String> = limits
        .extensions
        .iter()
        .map(|ext| [".", ext].concat())
        .collect();
    (!types.is_empty()).then(|| types.join(","))
}
