use parlour_chat::{Author, Command, Entry, EntryId, FileEntry, FileState, RefusalReason};
use parlour_json::digits;

use super::bubble::action;
use super::row::{from, meta, said};
use crate::components::Ui;
use crate::components::composer::types;
use crate::components::dom::{El, el};
use crate::components::icon::Icon;
use crate::i18n::{Subject, Text};

/// Shows a file: what it is, how far it got, and what can be done with it.
pub(super) fn file(ui: Ui, entry: &Entry, author: &Author, file: &FileEntry) -> El {
    let (state, facts) = facts(ui, file);
    let words = el("div.card-words")
        .child(el("p.card-name").child(el("bdi").text(file.name.clone())))
        .child(el("p.card-facts").text(facts));
    let row = el("div.card-row")
        .child(el("span.card-icon").icon(Icon::FILE))
        .child(words)
        .child_if(buttons(ui, entry.id, file));
    let about = file.description.as_deref();
    let card = el("div.card part=file")
        .fixed("data-from", from(author))
        .fixed("data-state", state)
        .child(row)
        .child_if(about.map(|about| el("p.card-text dir=auto").text(about.into())))
        .child_if(progress(ui, file));
    let card = trouble(ui, card, entry.id, file);
    said(ui, entry, author)
        .child(card)
        .child_if(meta(ui, entry))
}

/// Names a file's state, and says what there is to know about it.
fn facts(ui: Ui, file: &FileEntry) -> (&'static str, String) {
    let size = || file.bytes.map(|bytes| ui.bytes(bytes)).unwrap_or_default();
    match &file.state {
        FileState::Uploading { done, total } => {
            let percent = ui.texts(|texts| texts.formats().percent(*done, *total));
            (
                "uploading",
                ui.fill(Text::FileUploading, &[("percent", &percent)]),
            )
        }
        FileState::UploadFailed { .. } => ("failed", size()),
        FileState::Available { .. } => ("available", size()),
        FileState::Downloading { .. } => ("downloading", ui.text(Text::FileDownloading)),
        FileState::DownloadFailed(_) => ("download-failed", size()),
        FileState::Expired => ("expired", ui.text(Text::FileExpired)),
        FileState::Deleted => ("deleted", ui.text(Text::FileDeleted)),
    }
}

/// Shows what one does with a file on the server.
fn buttons(ui: Ui, id: EntryId, file: &FileEntry) -> Option<El> {
    let FileState::Available { deletable } = file.state else {
        return None;
    };
    let button = |sign: Icon, name, text, command: fn(EntryId) -> Command| {
        let title = ui.text(text);
        el("button.icon-button.small type=button")
            .fixed("data-action", name)
            .attr("aria-label", [&title, " ", &file.name].concat())
            .attr("title", title)
            .click(move || {
                ui.store().command(command(id));
                // It goes while the transfer lasts, or for good.
                ui.keep_focus();
            })
            .icon(sign)
    };
    let delete = || {
        let delete = Command::DeleteFile;
        button(Icon::DELETE, "delete", Text::FileDelete, delete)
    };
    let save = button(
        Icon::SAVE,
        "download",
        Text::FileDownload,
        Command::Download,
    );
    let delete = deletable.then(delete);
    Some(el("div.card-buttons").child_if(delete).child(save))
}

fn progress(ui: Ui, file: &FileEntry) -> Option<El> {
    let (done, total) = match file.state {
        FileState::Uploading { done, total } => (done, Some(total)),
        FileState::Downloading { done, total } => (done, total),
        _ => return None,
    };
    // Without a value the bar says that something moves, not how far it is.
    let known = total.filter(|total| *total > 0);
    let bar = el("progress.progress part=progress")
        .attr("max", digits(known.unwrap_or(1)))
        .attr_if("value", known.map(|_| digits(done)))
        .attr(
            "aria-label",
            ui.fill(Text::FileProgress, &[("name", &file.name)]),
        );
    Some(bar)
}

/// Shows what can be done about a transfer that goes on or went wrong.
fn trouble(ui: Ui, card: El, id: EntryId, file: &FileEntry) -> El {
    let actions = el("div.actions");
    match &file.state {
        FileState::Uploading { .. } => {
            let cancel = action(ui, id, "cancel", Text::FileCancel, Command::CancelUpload);
            card.child(actions.child(cancel))
        }
        FileState::UploadFailed { refusal, retry } => {
            let again = retry.then(|| action(ui, id, "retry", Text::FileRetry, Command::Retry));
            let discard = action(ui, id, "discard", Text::FileDiscard, Command::Discard);
            let mut words = ui.refusal(refusal, Subject::File);
            if refusal.reason == RefusalReason::FileTypeRefused {
                let limits = ui.store().limits.peek();
                let allowed = limits.and_then(|limits| types(ui, &limits));
                words = [words, allowed.unwrap_or_default()].join(" ");
            }
            card.child(el("p.card-text.wrong").text(words))
                .child(actions.child_if(again).child(discard))
        }
        FileState::DownloadFailed(refusal) => {
            let again = action(ui, id, "download", Text::FileRetry, Command::Download);
            card.child(el("p.card-text.wrong").text(ui.refusal(refusal, Subject::Download)))
                .child(actions.child(again))
        }
        FileState::Available { .. }
        | FileState::Downloading { .. }
        | FileState::Expired
        | FileState::Deleted => card,
    }
}
