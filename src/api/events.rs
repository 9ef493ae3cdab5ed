//! What the page is told.

use leptos::prelude::*;
use parlour_chat::{
    Author, Change, Connection, Entry, EntryId, FileState, Item, MessageState, Participant, Phase,
    Refusal,
};
use wasm_bindgen::JsValue;

use super::Api;
use super::detail::{
    author, connection, end_reason, kind, leave_reason, number, object, people, refused,
};
use super::waiting::is_under_way;

/// What of the state the page is told.
#[derive(Clone, Default)]
pub(super) struct Told {
    phase: Phase,
    connection: Connection,
    typing: Vec<Participant>,
    unread: u32,
    refusal: Option<Refusal>,
}

impl Api {
    /// Tells what has happened so far in a chat that this page has started. A chat that was taken up is none of
    /// the page's news.
    pub(super) fn begin(&self, has_started: bool) {
        let sent = self.note_what_is_under_way();
        if has_started {
            self.told.replace(Told {
                phase: Phase::Starting,
                ..Told::default()
            });
            self.tell_state();
            for (from, text) in sent {
                self.tell_message(&from, "text", &text);
            }
        }
        self.told.replace(self.now());
        self.tell_news();
    }

    fn now(&self) -> Told {
        let state = self.store.state();
        state.with_untracked(|state| Told {
            phase: state.phase.clone(),
            connection: state.connection,
            typing: state.typing.clone(),
            unread: state.unread,
            refusal: state.refusal.clone(),
        })
    }

    /// Notes what of the visitor's is on its way. Returns the messages that have arrived.
    fn note_what_is_under_way(&self) -> Vec<(Author, String)> {
        let mut sent = Vec::new();
        self.store.each_entry(|entry| match &entry.item {
            Item::Message {
                from: from @ Author::Me,
                text,
                state: MessageState::Sent,
                ..
            } => sent.push((from.clone(), text.clone())),
            _ if is_under_way(&entry.item) => self.under_way.borrow_mut().push(entry.id),
            _ => {}
        });
        sent
    }

    /// Tells what others said and did.
    pub(super) fn tell_news(&self) {
        for item in self.store.take_news() {
            match &item {
                Item::Message { from, text, .. } => self.tell_message(from, "text", text),
                Item::Link { from, url } => self.tell_message(from, "link", url),
                Item::Notice { from, text } => self.tell_message(from, "notice", text),
                Item::File { from, file } => self.emit(
                    "fileReceived",
                    &[
                        ("from", author(from, None)),
                        ("name", file.name.as_str().into()),
                        ("size", number(file.bytes)),
                    ],
                ),
                Item::Joined(who) | Item::Returned(who) => self.emit(
                    "agentJoined",
                    &[
                        ("name", who.nickname.as_str().into()),
                        ("kind", kind(who.kind).into()),
                        ("isBack", matches!(item, Item::Returned(_)).into()),
                    ],
                ),
                Item::Left(who, reason) => self.emit(
                    "agentLeft",
                    &[
                        ("reason", leave_reason(reason).into()),
                        ("name", who.nickname.as_str().into()),
                        ("kind", kind(who.kind).into()),
                    ],
                ),
                // The state tells that the chat is over, whoever ended it.
                Item::Renamed { .. } | Item::Ended(_) => {}
            }
        }
    }

    fn tell_message(&self, from: &Author, is: &str, text: &str) {
        let state = self.store.state();
        let from = state.with_untracked(|state| author(from, state.nickname.as_deref()));
        self.emit(
            "message",
            &[("from", from), ("type", is.into()), ("text", text.into())],
        );
    }

    /// Follows the visitor's own messages and files.
    pub(super) fn on_timeline(&self, change: &Change) {
        let entry = match change {
            Change::Insert { entry, .. } => {
                self.newest.set(Some(entry.id));
                if matches!(
                    entry.item,
                    Item::Link {
                        from: Author::Me,
                        ..
                    }
                ) {
                    self.own_links.update(|count| count + 1);
                }
                entry
            }
            Change::Update { entry, .. } => entry,
            // An entry that moves comes back.
            Change::Remove { .. } => return,
            Change::Clear => {
                self.under_way.borrow_mut().clear();
                return;
            }
        };
        if is_under_way(&entry.item) {
            let mut under_way = self.under_way.borrow_mut();
            if !under_way.contains(&entry.id) {
                under_way.push(entry.id);
            }
        } else if self.arrive(entry.id) {
            self.tell_arrival(entry);
        }
    }

    /// Takes an entry off those on their way. Returns whether it was one.
    fn arrive(&self, id: EntryId) -> bool {
        let mut under_way = self.under_way.borrow_mut();
        let at = under_way.iter().position(|other| *other == id);
        at.map(|at| under_way.remove(at)).is_some()
    }

    fn tell_arrival(&self, entry: &Entry) {
        match &entry.item {
            Item::Message {
                from, text, state, ..
            } => match state {
                MessageState::Failed(refusal) => {
                    self.store.emit("error", &refused("sendMessage", refusal));
                }
                _ => self.tell_message(from, "text", text),
            },
            Item::File { file, .. } => {
                if let FileState::UploadFailed { refusal, .. } = &file.state {
                    self.store.emit("error", &refused("sendFile", refusal));
                }
            }
            _ => {}
        }
    }

    pub(super) fn tell_state(&self) {
        let now = self.now();
        let before = self.told.replace(now.clone());
        if before.phase != now.phase {
            let was_starting = before.phase == Phase::Starting;
            let began = now.phase.is_open() || matches!(now.phase, Phase::Ended(_));
            // A chat that another tab has started is told there.
            if was_starting && began {
                self.emit("chatStarted", &[]);
            }
            match &now.phase {
                Phase::Refused(refusal) => {
                    self.store.emit("error", &refused("startChat", refusal));
                }
                Phase::Ended(reason) if was_starting || before.phase.is_open() => {
                    self.emit("chatEnded", &[("reason", end_reason(*reason).into())]);
                }
                _ => {}
            }
        }
        if before.connection != now.connection {
            let is = connection(now.connection);
            self.emit("connectionChanged", &[("connection", is.into())]);
        }
        if before.typing != now.typing {
            self.emit("typing", &[("participants", people(&now.typing))]);
        }
        if before.unread != now.unread {
            self.emit("unreadChanged", &[("count", now.unread.into())]);
        }
        if let Some(refusal) = &now.refusal
            && before.refusal != now.refusal
        {
            self.store.emit("error", &refused("other", refusal));
        }
    }

    fn emit(&self, name: &str, detail: &[(&str, JsValue)]) {
        self.store.emit(name, &object(detail));
    }
}
