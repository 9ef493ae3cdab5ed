//! What the transcript's events do to the timeline and to the view.

use super::Session;
use super::tabs::Echo;
use crate::dialect::{Event, EventKind, KEEPS, TIMELESS};
use crate::io::Output;
use crate::model::{Author, EventIndex, LeaveReason, Participant, ParticipantKind};
use crate::outbox::Claim;
use crate::state::{Agents, IdleWarning};
use crate::timeline::{Item, MessageState};

/// The text of the notice in which live servers wrap file limits.
const LIMITS_NOTICE: &str = "file-client-cfg-get";

impl Session {
    /// Applies a transcript's events, ascending by index; each once, however often it comes.
    pub(super) fn take_events(&mut self, events: Vec<Event>) {
        for event in events {
            self.take_new(event, Echo::ToJudge);
        }
        if let (true, Some(chat)) = (KEEPS, self.lifecycle.chat_mut()) {
            chat.transcript.shorten();
        }
        self.timeline.remove_doubted();
        self.look();
    }

    /// Applies an event that is not known yet.
    pub(super) fn take_new(&mut self, mut event: Event, echo: Echo) {
        let Some(chat) = self.lifecycle.chat_mut() else {
            return;
        };
        let Err(place) = chat.known.binary_search(&event.index) else {
            return;
        };
        chat.is_read_sure |= place < chat.known.len();
        chat.known.insert(place, event.index);
        chat.known_at = self.now.moment;
        if TIMELESS && event.at.is_none() {
            event.at = Some(chat.first_seen(event.index, self.now.wall));
        }
        if KEEPS && self.settings.dialect.keeps_transcript() {
            chat.transcript.keep(&event);
        }
        let told = self.elects_leader().then(|| event.clone());
        let echo = self.take_event(event, echo);
        if let Some(event) = told {
            self.note_for_tabs(event, echo);
        }
    }

    /// Returns the record of the message whose echo it is.
    fn take_event(&mut self, event: Event, echo: Echo) -> Option<String> {
        if let (Some(chat), false) = (
            self.lifecycle.chat_mut(),
            matches!(event.kind, EventKind::Left(_)),
        ) {
            chat.has_left = false;
        }
        if matches!(event.kind, EventKind::Message { .. }) {
            // Any message stops the server's idle timer.
            self.state.idle = None;
        }
        if event.from.kind == ParticipantKind::Visitor {
            return self.take_own(event, echo);
        }
        self.take_others(event);
        None
    }

    fn take_own(&mut self, event: Event, echo: Echo) -> Option<String> {
        let before = self.note_own_name(&event.from.nickname);
        let at = self.at(event.at);
        let old = self.is_old(event.index);
        let senders = self.senders();
        match event.kind {
            EventKind::Message { text, rich } => {
                let item = Item::Message {
                    from: Author::Me,
                    text: text.clone(),
                    state: MessageState::Sent,
                    rich,
                };
                let claim = match &echo {
                    Echo::ToJudge if self.timeline.doubts(&item) => Claim::Nobodys,
                    Echo::ToJudge => self.outbox.claim(event.index, &text, old, senders),
                    Echo::Told(name) => self.outbox.claim_for(event.index, name.as_deref()),
                };
                match claim {
                    Claim::Of(entry, name) => {
                        self.timeline.settle(entry, item, at, event.index);
                        self.note_settled(&name);
                        return Some(name);
                    }
                    Claim::Nobodys => drop(self.timeline.record(item, at, event.index)),
                }
                if let Echo::Told(Some(name)) = echo {
                    self.note_settled(&name);
                    return Some(name);
                }
            }
            EventKind::PushUrl(url) => {
                let item = Item::Link {
                    from: Author::Me,
                    url,
                };
                self.timeline.record(item, at, event.index);
            }
            EventKind::FileUploaded {
                id,
                name,
                bytes,
                description,
            } => {
                self.own_file(event.index, at, id, &name, bytes, description);
            }
            EventKind::FileDeleted(id) => self.on_file_gone(id.as_ref()),
            EventKind::Renamed(text) => {
                let name = new_name(&before, event.from.nickname, text);
                let item = Item::Renamed {
                    who: Author::Me,
                    before,
                    name,
                };
                self.timeline.record(item, at, event.index);
            }
            // Where the agent went first, the chat is over for another reason.
            EventKind::Left(_) if self.state.agents != Agents::Gone => {
                if let Some(chat) = self.lifecycle.chat_mut() {
                    chat.has_left = true;
                    chat.was_alone = self.state.agents != Agents::Present;
                }
            }
            _ => {}
        }
        None
    }

    /// Takes over the visitor's name when it changes in the transcript: no source says whether the event of a
    /// renaming carries the new name or still the old one. Returns the name before.
    fn note_own_name(&mut self, name: &str) -> String {
        let Some(chat) = self.lifecycle.chat_mut() else {
            return String::new();
        };
        let before = chat.name.clone();
        if !name.is_empty() && chat.name != name {
            name.clone_into(&mut chat.name);
            self.state.nickname = Some(name.into());
        }
        before
    }

    fn take_others(&mut self, event: Event) {
        let Event {
            index,
            mut from,
            kind,
            ..
        } = event;
        // A bot's events say that it is one when it joins, not with each message.
        let known = |who: &&Participant| who.id == from.id && !from.id.0.is_empty();
        if let (Some(who), false) = (
            self.state.participants.iter().find(known),
            matches!(kind, EventKind::Joined),
        ) {
            from.kind = who.kind;
        }
        let at = self.at(event.at);
        let old = self.is_old(index);
        if !matches!(kind, EventKind::TypingStarted) {
            self.others_typing.remove(&from);
        }
        let author = Author::Other(from.clone());
        let item = match kind {
            EventKind::TypingStarted => {
                if !old {
                    let believed = self.settings.pace.typing_believed;
                    self.others_typing.add(&from, self.now.moment, believed);
                    self.pace.active(self.now.moment);
                }
                return;
            }
            EventKind::Joined => self.on_joined(from, index),
            EventKind::Left(reason) => self.on_left(from, reason),
            EventKind::Message { text, rich } => {
                self.note_from_others(index);
                Some(Item::Message {
                    from: author,
                    text,
                    state: MessageState::Sent,
                    rich,
                })
            }
            EventKind::PushUrl(url) => {
                self.note_from_others(index);
                Some(Item::Link { from: author, url })
            }
            EventKind::FileUploaded {
                id,
                name,
                bytes,
                description,
            } => {
                self.note_from_others(index);
                Some(Self::others_file(author, id, &name, bytes, description))
            }
            EventKind::FileDeleted(id) => {
                self.on_file_gone(id.as_ref());
                None
            }
            EventKind::Renamed(text) => {
                let before = known_name(&self.state.participants, &from);
                from.nickname = new_name(&before, from.nickname, text);
                self.on_renamed(&from);
                from.kind.is_agent_side().then(|| Item::Renamed {
                    name: from.nickname.clone(),
                    who: Author::Other(from),
                    before,
                })
            }
            EventKind::Notice(text) if !text.is_empty() && text != LIMITS_NOTICE => {
                Some(Item::Notice { from: author, text })
            }
            EventKind::IdleAlert { closes_in } => {
                if !old {
                    let closes_at = closes_in.map(|wait| self.now.moment + wait);
                    self.state.idle = Some(IdleWarning { closes_at });
                }
                None
            }
            EventKind::TypingStopped
            | EventKind::Notice(_)
            | EventKind::CustomNotice
            | EventKind::IdleClose
            | EventKind::Unknown(_) => None,
        };
        if let Some(item) = item {
            if !old && !self.timeline.doubts(&item) {
                self.pace.active(self.now.moment);
                let incoming = Box::new(item.clone());
                self.outputs.push_back(Output::Incoming(incoming));
            }
            self.timeline.record(item, at, index);
        }
    }

    /// Drops what an earlier page knew of the transcript and the server has not said: it has been read to its end.
    pub(super) fn forget_unconfirmed(&mut self) {
        if let Some(chat) = self.lifecycle.chat() {
            self.timeline.forget_unconfirmed(&chat.known);
        }
    }

    /// Tells whether an earlier page has read it already.
    fn is_old(&self, index: EventIndex) -> bool {
        self.lifecycle
            .chat()
            .is_some_and(|chat| index.0 < chat.old_before.0)
    }

    /// Takes note of something from somebody else.
    fn note_from_others(&mut self, index: EventIndex) {
        let looking = self.is_looking();
        let Some(chat) = self.lifecycle.chat_mut() else {
            return;
        };
        chat.newest_from_others = chat.newest_from_others.max(index);
        if index > chat.seen && !looking {
            self.state.unread = self.state.unread.saturating_add(1);
        }
    }

    pub(super) fn on_joined(&mut self, who: Participant, index: EventIndex) -> Option<Item> {
        if !who.kind.is_agent_side() {
            return None;
        }
        let is_back = self.has_left_for_a_while(&who, index);
        self.state
            .participants
            .retain(|present| !is_same(present, &who));
        self.state.participants.push(who.clone());
        self.state.agents = Agents::Present;
        let chat = self.lifecycle.chat_mut()?;
        if who.kind == ParticipantKind::Agent {
            chat.on_hold = None;
        }
        Some(if is_back {
            Item::Returned(who)
        } else {
            Item::Joined(who)
        })
    }

    /// Tells whether somebody who comes had gone only for a while: to put the chat on hold, or to hand it over. Who
    /// returns may have another id.
    fn has_left_for_a_while(&self, who: &Participant, index: EventIndex) -> bool {
        let before = self.timeline.recorded_before(index);
        let mut gone = before.filter_map(|item| match item {
            Item::Left(gone, reason) if is_same(gone, who) || gone.nickname == who.nickname => {
                Some(reason)
            }
            _ => None,
        });
        let last = gone.next();
        matches!(last, Some(LeaveReason::Hold | LeaveReason::Transfer))
    }

    pub(super) fn on_left(&mut self, who: Participant, reason: LeaveReason) -> Option<Item> {
        if !who.kind.is_agent_side() {
            return None;
        }
        self.state
            .participants
            .retain(|present| !is_same(present, &who));
        let chat = self.lifecycle.chat_mut()?;
        if reason == LeaveReason::Hold {
            chat.on_hold = Some(who.clone());
        }
        if self.state.participants.is_empty() {
            self.state.agents = match (&reason, &chat.on_hold) {
                (LeaveReason::Transfer, _) => Agents::Transferring(who.clone()),
                // The last to leave may be a supervisor who looked in.
                (_, Some(holder)) => Agents::OnHold(holder.clone()),
                (_, None) => Agents::Gone,
            };
        }
        // Everybody leaves a chat that the visitor has left: that is no news.
        (!chat.has_left).then_some(Item::Left(who, reason))
    }

    fn on_renamed(&mut self, who: &Participant) {
        if who.nickname.is_empty() {
            return;
        }
        for present in self
            .state
            .participants
            .iter_mut()
            .filter(|present| is_same(present, who))
        {
            present.nickname.clone_from(&who.nickname);
        }
    }
}

/// Returns the name that somebody was known by; empty if they were not.
fn known_name(participants: &[Participant], who: &Participant) -> String {
    let known = participants.iter().find(|present| is_same(present, who));
    known.map_or_else(String::new, |present| present.nickname.clone())
}

/// Picks the new name of somebody out of what the event of a renaming says; empty if it says the old one only.
fn new_name(before: &str, sender: String, text: String) -> String {
    let is_new = |name: &str| !name.is_empty() && name != before;
    if is_new(&sender) {
        sender
    } else if is_new(&text) {
        text
    } else {
        String::new()
    }
}

/// Tells whether two participants are the same one. Some events have no id; those are compared by name.
fn is_same(one: &Participant, other: &Participant) -> bool {
    one.id == other.id && (!one.id.0.is_empty() || one.nickname == other.nickname)
}
