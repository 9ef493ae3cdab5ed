//! What the visitor wants.

use super::Session;
use super::flights::{ErrandKind, Job};
use super::lifecycle::{Lifecycle, Starting};
use crate::blank::is_blank;
use crate::io::{CarriedCommand, Command, Output, Panel, Visibility};
use crate::model::{EndReason, EventIndex, Refusal, RefusalReason, TabRole};
use crate::outbox::{Outgoing, SendState};
use crate::state::{Connection, State};
use crate::time::{Moment, WallTime};
use crate::timeline::{EntryId, Item, MessageState};
use crate::typing::TypingNews;

impl Session {
    pub(super) fn on_command(&mut self, mut command: Command) {
        let mask = self.settings.mask;
        match &mut command {
            Command::Draft(text) | Command::Say(text) => mask.apply(text),
            Command::Start(answers) => answers.mask(mask),
            _ => {}
        }
        if !matches!(command, Command::Draft(_) | Command::Panel(_)) {
            self.state.refusal = None;
            self.state.refused_files.clear();
        }
        if self.is_for_leader(&command) {
            self.postpone(command);
            return;
        }
        match command {
            Command::Start(answers) => self.start(answers),
            Command::StartAgain => self.start_again(),
            Command::Draft(text) => self.on_draft(text),
            Command::Say(text) => self.say(text),
            Command::Chat(CarriedCommand { command, carry_out }) => carry_out(self, command),
            Command::TryNow => self.try_now(),
            Command::End => self.end(),
            Command::Reset => self.reset(),
            Command::Panel(panel) => {
                self.panel = panel;
                self.look();
            }
        }
    }

    fn start(&mut self, mut answers: crate::io::FormAnswers) {
        match self.lifecycle {
            Lifecycle::Idle | Lifecycle::Refused(_) => {}
            Lifecycle::Ended(_) => self.reset(),
            Lifecycle::Starting(_) | Lifecycle::Open(_) => return,
        }
        self.answers = Some(answers.clone());
        self.state.question = answers.question.take();
        let mut user_data = self.settings.user_data.clone();
        let offset = self.settings.utc_offset_minutes.to_string();
        user_data.push(("TimeZone".into(), offset));
        user_data.append(&mut answers.user_data);
        answers.user_data = user_data;
        self.pace.on_success();
        self.lifecycle = Lifecycle::Starting(Starting { answers, tries: 0 });
    }

    fn start_again(&mut self) {
        if matches!(self.lifecycle, Lifecycle::Ended(_)) {
            self.reset();
            if let Some(answers) = self.answers.take() {
                self.start(answers);
            }
        }
    }

    /// Tells whether the server takes news of typing now.
    fn heeds_typing(&self) -> bool {
        let takes = self.lifecycle.chat().and_then(|chat| chat.accepts);
        self.role == TabRole::Leads
            && self.lifecycle.is_chatting()
            && !self.is_joining()
            && takes.is_some_and(|takes| takes.typing)
    }

    pub(super) fn on_draft(&mut self, text: String) {
        if self.lifecycle.is_chatting() && text != self.draft.as_str() {
            self.pace.active(self.now.moment);
        }
        if self.heeds_typing() && text != self.draft.as_str() {
            let (allowed, pace) = (self.settings.features, &self.settings.pace);
            if let Some(news) = self.own_typing.key(&text, allowed, pace, self.now.moment) {
                self.announce_typing(news);
            }
        }
        self.draft.type_in(text);
    }

    pub(super) fn announce_typing(&mut self, news: TypingNews) {
        // Notifications that have not left yet are stale now.
        self.errands.retain(|errand| {
            !matches!(
                errand.kind,
                ErrandKind::StartTyping(_) | ErrandKind::StopTyping
            )
        });
        self.run_errand(match news {
            TypingNews::Started(preview) => ErrandKind::StartTyping(self.mask_preview(preview)),
            TypingNews::Stopped => ErrandKind::StopTyping,
        });
    }

    /// Masks numbers, complete or not, in what the agent sees of a text that is being written.
    pub(super) fn mask_preview(&self, mut preview: Option<String>) -> Option<String> {
        if let Some(text) = &mut preview {
            self.settings.mask.apply_to_preview(text);
        }
        preview
    }

    fn say(&mut self, text: String) {
        let has_words = !is_blank(&text);
        if !has_words && self.state.attachments.is_empty() {
            return;
        }
        let too_long = self.offers().room_for(&text) < 0;
        if too_long || !self.lifecycle.is_chatting() {
            self.draft.set(text);
            self.state.refusal = Some(if too_long {
                let longest = self.settings.max_message_units;
                let limit = u64::try_from(longest).unwrap_or(u64::MAX);
                Refusal::with_limit(RefusalReason::MessageTooLong, limit)
            } else {
                Refusal::of(RefusalReason::ChatEnded)
            });
            return;
        }
        self.draft.set(String::new());
        if let Some(news) = self.own_typing.stop() {
            self.announce_typing(news);
        }
        self.state.idle = None;
        self.pace.active(self.now.moment);
        // The words first: they are at the server before the files are.
        if has_words {
            self.send_text(text);
        }
        for file in core::mem::take(&mut self.state.attachments) {
            self.upload(file);
        }
    }

    pub(super) fn send_text(&mut self, text: String) {
        let item = Item::mine(text.clone(), MessageState::Sending);
        let entry = self.timeline.append(item, self.now.wall);
        self.enqueue(entry, text);
    }

    fn enqueue(&mut self, entry: EntryId, text: String) {
        self.pace.shorten_wait(self.now.moment);
        let from = self.read_position();
        let (name, order) = self.next_record();
        self.outbox.push(Outgoing {
            entry,
            name,
            order,
            text,
            from,
            state: SendState::Queued,
            turned_away: 0,
            not_before: Moment(0),
        });
        if self.role == TabRole::Follows {
            self.tabs.said.push(entry);
        }
    }

    /// Names a new outbox record and its place in the visitor's order.
    pub(super) fn next_record(&mut self) -> (String, u64) {
        let order = self.next_order;
        self.next_order += 1;
        let name = [
            crate::records::OUTBOX,
            &self.settings.tab,
            "-",
            &order.to_string(),
        ]
        .concat();
        (name, order)
    }

    /// Waits for the answer to a start no longer, if there is still one to come.
    pub(super) fn give_up_start(&mut self) {
        if let Some(id) = self.flights.find(|job| matches!(job, Job::Start)) {
            let flight = self.flights.land(id);
            if flight.is_some_and(|flight| !flight.is_answered()) {
                self.outputs.push_back(Output::Abort(id));
            }
        }
    }

    pub(super) fn errand_of_chat(&mut self, kind: ErrandKind) {
        if !kind.within(self.settings.dialect.abilities()) {
            self.state.refusal = Some(Refusal::of(RefusalReason::NotOffered));
        } else if self.lifecycle.is_chatting() {
            self.pace.active(self.now.moment);
            self.run_errand(kind);
        }
    }

    fn end(&mut self) {
        let patience_until = self.now.moment + self.settings.pace.request_timeout;
        match &mut self.lifecycle {
            Lifecycle::Open(chat) => chat.begin_ending(patience_until),
            Lifecycle::Starting(_) => {
                // If the server took the request after all, it drops the silent visitor by itself.
                self.give_up_start();
                self.leave_link();
                self.lifecycle = Lifecycle::Idle;
                self.pace.on_success();
                self.judge_connection();
            }
            _ => {}
        }
        // A browser may say "offline" without reason; so a request must have failed, too.
        if self.lifecycle.is_ending() && self.state.connection == Connection::Offline {
            self.finish(EndReason::ByVisitor);
        }
    }

    fn reset(&mut self) {
        if self.lifecycle.is_under_way() {
            return;
        }
        // Unsent texts go into the new chat's composer.
        let unsent: Vec<String> = self
            .timeline
            .entries()
            .iter()
            .filter_map(|entry| match &entry.item {
                Item::Message {
                    state: MessageState::Failed(_),
                    text,
                    ..
                } => Some(text.clone()),
                _ => None,
            })
            .collect();
        if !unsent.is_empty() {
            let draft = self.draft.as_str().to_owned();
            self.draft.set(String::new());
            for text in unsent.iter().chain((!draft.is_empty()).then_some(&draft)) {
                self.draft.append(text);
            }
        }
        self.timeline.clear();
        self.lifecycle = Lifecycle::Idle;
        self.state = State {
            storage: self.state.storage,
            ..State::default()
        };
    }

    pub(super) fn set_message_state(&mut self, entry: EntryId, new: MessageState) {
        self.timeline.update(entry, |item| {
            if let Item::Message { state, .. } = item {
                *state = new;
            }
        });
    }

    /// Notes what the visitor sees now.
    pub(super) fn look(&mut self) {
        let looking = self.is_looking();
        let Some(chat) = self.lifecycle.chat_mut() else {
            if looking {
                self.state.unread = 0;
            }
            return;
        };
        if !looking {
            return;
        }
        self.state.unread = 0;
        chat.seen = chat.seen.max(chat.newest_from_others);
        let newest = chat.newest_from_others;
        if self.role == TabRole::Follows {
            self.tell_tabs_what_is_seen(newest);
            return;
        }
        let news = newest > chat.receipted && newest > EventIndex(0);
        if news && self.settings.features.read_receipts {
            chat.receipted = newest;
            self.errands
                .retain(|errand| !matches!(errand.kind, ErrandKind::Receipt(_)));
            self.run_errand(ErrandKind::Receipt(newest));
        }
    }

    /// Tells whether the visitor can see the timeline.
    #[must_use]
    pub fn is_looking(&self) -> bool {
        self.panel == Panel::Open && self.pace.visibility() == Visibility::Visible
    }

    /// Returns when something happened, by the server's clock where it said so.
    pub(super) fn at(&self, said: Option<WallTime>) -> WallTime {
        said.unwrap_or(self.now.wall)
    }
}
