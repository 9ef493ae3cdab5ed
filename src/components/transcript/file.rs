use crate::context::context;
use leptos::prelude::*;
use parlour_chat::{Author, ChatCommand, EntryId, FileEntry, FileState};

use super::action::ActionButton;
use super::frame::{Byline, Frame, Place, Timestamp, data_from};
use super::words::in_short_runs;
use crate::components::composer::file_refusal;
use crate::components::focus::use_focus;
use crate::components::icon::{Drawing, Icon};
use crate::i18n::{FileSubject, I18n, Text, use_i18n};
use crate::store::Store;

/// A file: what it is, how far its transfer got, and what can be done with it.
#[component]
pub(in crate::components) fn File(place: Place, from: Author, file: FileEntry) -> impl IntoView {
    let i18n = use_i18n();
    let Place { id, group, .. } = place;
    let description = file.description.as_deref().map(|words| {
        let words = in_short_runs(words);
        view! { class = "w", <p class="card-text" dir="auto">{words}</p> }.into_any()
    });
    let buttons = match file.state {
        FileState::Available { deletable } => {
            let name = file.name.clone();
            Some(view! { <Buttons id name deletable/> }.into_any())
        }
        _ => None,
    };
    let progress = transfer_progress(&file.state).map(|(done, total)| {
        let name = file.name.clone();
        view! { <Progress name done total/> }.into_any()
    });
    view! { class = "w",
        <Frame from=from.clone() group>
            <Byline from=from.clone() group/>
            <div
                class="card"
                part="file"
                data-from=data_from(&from)
                data-state=data_state(&file.state)
            >
                <div class="card-row">
                    <span class="card-icon">
                        <Icon drawing=Drawing::FILE/>
                    </span>
                    <div class="card-words">
                        <p class="card-name">
                            <bdi>{file.name.clone()}</bdi>
                        </p>
                        <p class="card-facts">{facts(i18n, &file)}</p>
                    </div>
                    {buttons}
                </div>
                {description}
                {progress}
                <TransferActions id state=file.state.clone()/>
            </div>
            <Timestamp place/>
        </Frame>
    }
}

/// The buttons of a file on the server: save it, or delete it if it is the visitor's own.
#[component]
fn Buttons(id: EntryId, name: String, deletable: bool) -> impl IntoView {
    let delete = deletable.then(|| {
        view! {
            <FileButton
                file=name.clone()
                drawing=Drawing::DELETE
                action="delete"
                text=Text::FILE_DELETE
                command=ChatCommand::DeleteFile(id)
            />
        }
        .into_any()
    });
    view! { class = "w",
        <div class="card-buttons">
            {delete}
            <FileButton
                file=name
                drawing=Drawing::SAVE
                action="download"
                text=Text::FILE_DOWNLOAD
                command=ChatCommand::Download(id)
            />
        </div>
    }
}

#[component]
fn FileButton(
    file: String,
    drawing: Drawing,
    action: &'static str,
    text: Text,
    command: ChatCommand,
) -> impl IntoView {
    let store = context::<Store>();
    let i18n = use_i18n();
    let focus = use_focus();
    let title = i18n.text(text);
    // It goes while the transfer lasts, or for good.
    on_cleanup(move || focus.restore_if_lost());
    view! { class = "w",
        <button
            class="icon-button small"
            type="button"
            data-action=action
            aria-label=format!("{title} {file}")
            title=title
            on:click=move |_| store.command(command.clone())
        >
            <Icon drawing/>
        </button>
    }
}

/// How far a transfer is. Without a known total the bar only says that something moves.
#[component]
fn Progress(name: String, done: u64, total: Option<u64>) -> impl IntoView {
    let i18n = use_i18n();
    view! { class = "w",
        <progress
            class="progress"
            part="progress"
            max=total.unwrap_or(1).to_string()
            value=total.map(|_| done.to_string())
            aria-label=i18n.fill(Text::FILE_PROGRESS, &[("name", &name)])
        ></progress>
    }
}

/// What can be done about a transfer that goes on or went wrong.
#[component]
fn TransferActions(id: EntryId, state: FileState) -> impl IntoView {
    let store = context::<Store>();
    let i18n = use_i18n();
    let view = match state {
        FileState::Uploading { .. } => view! { class = "w",
            <div class="actions">
                <ActionButton
                    name="cancel"
                    text=Text::FILE_CANCEL
                    command=ChatCommand::CancelUpload(id)
                />
            </div>
        }
        .into_any(),
        FileState::UploadFailed { refusal, retry } => {
            let retry = retry.then(|| {
                let command = ChatCommand::Retry(id);
                view! { <ActionButton name="retry" text=Text::FILE_RETRY command/> }.into_any()
            });
            let words = store
                .state()
                .with_untracked(|state| file_refusal(i18n, state, &refusal, FileSubject::Upload));
            view! { class = "w",
                <p class="card-text wrong">{words}</p>
                <div class="actions">
                    {retry}
                    <ActionButton
                        name="discard"
                        text=Text::FILE_DISCARD
                        command=ChatCommand::Discard(id)
                    />
                </div>
            }
            .into_any()
        }
        FileState::DownloadFailed(refusal) => view! { class = "w",
            <p class="card-text wrong">{i18n.file_refusal(&refusal, FileSubject::Download)}</p>
            <div class="actions">
                <ActionButton
                    name="download"
                    text=Text::FILE_RETRY
                    command=ChatCommand::Download(id)
                />
            </div>
        }
        .into_any(),
        FileState::Available { .. }
        | FileState::Downloading { .. }
        | FileState::Expired
        | FileState::Deleted => return None,
    };
    Some(view)
}

fn data_state(state: &FileState) -> &'static str {
    match state {
        FileState::Uploading { .. } => "uploading",
        FileState::UploadFailed { .. } => "failed",
        FileState::Available { .. } => "available",
        FileState::Downloading { .. } => "downloading",
        FileState::DownloadFailed(_) => "download-failed",
        FileState::Expired => "expired",
        FileState::Deleted => "deleted",
    }
}

/// Says what there is to know of a file beside its name.
fn facts(i18n: I18n, file: &FileEntry) -> String {
    match &file.state {
        FileState::Uploading { done, total } => {
            let percent = i18n.percent(*done, *total);
            i18n.fill(Text::FILE_UPLOADING, &[("percent", &percent)])
        }
        FileState::UploadFailed { .. }
        | FileState::Available { .. }
        | FileState::DownloadFailed(_) => file
            .bytes
            .map(|bytes| i18n.bytes(bytes))
            .unwrap_or_default(),
        FileState::Downloading { .. } => i18n.text(Text::FILE_DOWNLOADING),
        FileState::Expired => i18n.text(Text::FILE_EXPIRED),
        FileState::Deleted => i18n.text(Text::FILE_DELETED),
    }
}

/// Returns the bytes of a transfer that were moved so far and, where known, in all.
fn transfer_progress(state: &FileState) -> Option<(u64, Option<u64>)> {
    let (done, total) = match state {
        FileState::Uploading { done, total } => (*done, Some(*total)),
        FileState::Downloading { done, total } => (*done, *total),
        _ => return None,
    };
    Some((done, total.filter(|total| *total > 0)))
}
