use js_sys::Array;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos_node_ref::AnyNodeRef;
use parlour_chat::{
    Author, Conversation, Entry, FileEntry, FileState, Item, Line, MessageState, WallTime, Wording,
};

use super::dialog::{CancelButton, Dismiss, Frame, dismissed_by, keep_focus_inside};
use crate::components::focus::focus_soon;
use crate::components::icon::{Drawing, Icon};
use crate::components::transcript::event;
use crate::context::context;
use crate::driver::{copy, save};
use crate::i18n::{I18n, Text, is_right_to_left, use_i18n};
use crate::store::Store;

/// What tells programs that a text file is UTF-8: without it some take the letters for others.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// A form in which the conversation can be taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// On the clipboard.
    Copy,
    /// As a file of plain text.
    Text,
    /// As a web page.
    Html,
}

/// Asks in which form the visitor takes the conversation away. It stays open: a visitor whose browser denies one can
/// take another.
#[component]
pub(super) fn SaveDialog(dismiss: Dismiss) -> impl IntoView {
    let i18n = use_i18n();
    let outcome = RwSignal::new(None::<Text>);
    let first = AnyNodeRef::new();
    let cancel = AnyNodeRef::new();
    focus_soon(first);
    let on_keydown = move |event: KeyboardEvent| {
        if !dismissed_by(&event, dismiss) {
            keep_focus_inside(&event, first, cancel);
        }
    };
    view! { class = "w",
        <Frame role="dialog">
            <div class="dialog" on:keydown=on_keydown>
                <h2 class="dialog-title" id="dialog-title">
                    {i18n.text(Text::SAVE_TITLE)}
                </h2>
                <FormButton form=Form::Copy outcome node_ref=first/>
                <FormButton form=Form::Text outcome/>
                <FormButton form=Form::Html outcome/>
                <p class="dialog-text" id="dialog-text" role="status">
                    {move || outcome.get().map(|text| i18n.text(text))}
                </p>
                <div class="dialog-buttons">
                    <CancelButton node_ref=cancel dismiss words=Text::PANEL_CLOSE/>
                </div>
            </div>
        </Frame>
    }
}

/// A button that takes the conversation away in a form.
#[component]
fn FormButton(
    form: Form,
    outcome: RwSignal<Option<Text>>,
    #[prop(optional)] node_ref: AnyNodeRef,
) -> impl IntoView {
    let store = context::<Store>();
    let i18n = use_i18n();
    let (name, drawing, text) = match form {
        Form::Copy => ("copy", Drawing::COPY, Text::SAVE_COPY),
        Form::Text => ("save-text", Drawing::FILE, Text::SAVE_TEXT),
        Form::Html => ("save-html", Drawing::PAGE, Text::SAVE_HTML),
    };
    let on_click = move |_| {
        // A screen reader hears the same words again, too.
        outcome.set(None);
        let conversation = conversation(store, i18n);
        let today = store.today().get_untracked();
        let save_as = |contents: String, ending| {
            let name = conversation.file_name(&i18n.day_in_digits(today), ending);
            let saved = save(&Array::of1(&contents.into()), &name);
            outcome.set(saved.err().map(|_| Text::SAVE_FAILED));
        };
        match form {
            Form::Text => save_as([BYTE_ORDER_MARK, &conversation.to_text()].concat(), "txt"),
            Form::Html => save_as(conversation.to_html(), "html"),
            Form::Copy => leptos::task::spawn_local(async move {
                let text = match copy(&conversation.to_text()).await {
                    true => Text::SAVE_COPIED,
                    false => Text::SAVE_DENIED,
                };
                // The question may be gone.
                outcome.try_set(Some(text));
            }),
        }
    };
    view! { class = "w",
        <button
            class="button dialog-choice"
            type="button"
            data-action=name
            node_ref=node_ref
            on:click=on_click
        >
            <Icon drawing/>
            {i18n.text(text)}
        </button>
    }
}

/// Puts the conversation into words.
fn conversation(store: Store, i18n: I18n) -> Conversation {
    let question = store.state().with_untracked(|state| state.question.clone());
    let asked = |text| Line::Said {
        name: i18n.text(Text::NAME_YOU),
        is_mine: true,
        time: String::new(),
        text,
        fate: None,
    };
    let mut conversation = Conversation {
        title: i18n.text(Text::PANEL_TITLE),
        date: i18n.date(store.today().get_untracked()),
        is_right_to_left: is_right_to_left(&i18n.locale()),
        locale: i18n.locale(),
        lines: question.map(asked).into_iter().collect(),
    };
    let mut entries = Vec::<Entry>::new();
    store.each_entry(|entry| entries.push(entry.clone()));
    conversation.extend(&entries, &i18n);
    conversation
}

impl Wording for I18n {
    fn name(&self, author: &Author) -> String {
        match author {
            Author::Me => self.text(Text::NAME_YOU),
            Author::Other(who) => I18n::name(*self, who),
        }
    }

    fn day(&self, at: WallTime) -> String {
        self.date(at)
    }

    fn time(&self, at: WallTime) -> String {
        I18n::time(*self, at)
    }

    fn event(&self, item: &Item) -> Option<String> {
        event(*self, item).map(|(_, words)| words)
    }

    fn file(&self, file: &FileEntry) -> String {
        let size = file.bytes.map(|bytes| self.bytes(bytes));
        let size = size.map(|size| [" (", &size, ")"].concat());
        let about = file
            .description
            .as_ref()
            .map(|about| ["\n", about].concat());
        let fate = match &file.state {
            FileState::Deleted => Some(self.text(Text::FILE_DELETED)),
            FileState::UploadFailed { .. } => Some(self.text(Text::FILE_FAILED)),
            _ => None,
        };
        let fate = fate.map(|fate| ["\n", &fate].concat());
        let name = self.fill(Text::SAVE_FILE, &[("name", &file.name)]);
        [Some(name), size, about, fate]
            .into_iter()
            .flatten()
            .collect()
    }

    fn fate(&self, state: &MessageState) -> Option<String> {
        match state {
            MessageState::Sent => None,
            MessageState::Sending => Some(self.text(Text::MESSAGE_SENDING)),
            MessageState::Failed(_) => Some(self.text(Text::SAVE_NOT_SENT)),
        }
    }
}
