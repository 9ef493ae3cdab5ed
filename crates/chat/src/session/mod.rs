//! The state machine of one visitor's chat.

mod begin;
mod chat_commands;
mod commands;
mod denials;
mod events;
mod flights;
mod lanes;
mod launch;
mod lifecycle;
mod link;
mod position;
mod push;
mod replies;
mod request_error;
mod restore;
mod save;
mod tabs;
mod timers;
mod uploads;

use core::fmt;
use std::collections::VecDeque;

use crate::draft::Draft;
use crate::io::{FormAnswers, Input, Network, Output, Panel, RecordName};
use crate::model::{EndReason, Refusal, RefusalReason, TabRole};
use crate::outbox::{Outbox, Senders};
use crate::pace::Pace;
use crate::records::{SESSION, TRANSCRIPT};
use crate::settings::Settings;
use crate::state::{Connection, Offers, State, Storage};
use crate::time::{Moment, Now};
use crate::timeline::{Item, MessageState, Timeline};
use crate::typing::{OthersTyping, OwnTyping};

use flights::{Errand, ErrandKind, Flights, Job};
use lifecycle::Lifecycle;
use uploads::Uploads;

pub use tabs::{TAB_SYNC, TabSync};

/// One visitor's chat with one service.
pub struct Session {
    settings: Settings,
    now: Now,
    pace: Pace,
    role: TabRole,
    network: Network,
    panel: Panel,
    lifecycle: Lifecycle,
    state: State,
    /// The state as it was last handed out.
    shown: Option<State>,
    timeline: Timeline,
    outputs: VecDeque<Output>,
    /// The channel on which a server that pushes brings the news.
    push: push::PushChannel,
    flights: Flights,
    errands: VecDeque<Errand>,
    /// Small requests may not leave before, by the server's wish.
    errands_at: Moment,
    outbox: Outbox,
    uploads: Uploads,
    /// Numbers outbox entries in the visitor's order.
    next_order: u64,
    draft: Draft,
    /// The answers with which the last chat was asked for on this page.
    answers: Option<FormAnswers>,
    own_typing: OwnTyping,
    others_typing: OthersTyping,
    /// Records as last handed out; without a value those that may be stale in the storage.
    stored: Vec<(String, Option<String>)>,
    /// The number of unread messages when the records were last looked at.
    saved_unread: u32,
    /// Whether a store was handed out that no failure was reported for yet.
    storing: bool,
    /// The wake-up last asked for.
    wake: Option<Moment>,
    /// What is known of the visitor's other tabs.
    tabs: tabs::Tabs,
}

impl fmt::Debug for Session {
    /// Leaves out what holds keys: requests, replies, records.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("now", &self.now)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

impl Session {
    /// Makes a session without a chat. `seed` feeds the jitter of its waits.
    #[must_use]
    pub fn new(settings: Settings, seed: u64) -> Self {
        let settings = settings.within_abilities();
        Self {
            pace: Pace::new(settings.pace, settings.dialect.pushes(), seed),
            timeline: Timeline::new(settings.utc_offset_minutes),
            now: Now::default(),
            role: TabRole::Leads,
            network: Network::Online,
            panel: Panel::Closed,
            lifecycle: Lifecycle::default(),
            state: State::default(),
            shown: None,
            outputs: VecDeque::new(),
            push: push::PushChannel::new(&settings),
            flights: Flights::default(),
            errands: VecDeque::new(),
            errands_at: Moment(0),
            outbox: Outbox::default(),
            uploads: Uploads::default(),
            next_order: 0,
            draft: Draft::default(),
            answers: None,
            own_typing: OwnTyping::default(),
            others_typing: OthersTyping::default(),
            stored: Vec::new(),
            saved_unread: 0,
            storing: false,
            wake: None,
            tabs: tabs::Tabs::default(),
            settings,
        }
    }

    /// Handles an input. Drain [`poll`](Self::poll) afterwards.
    pub fn handle(&mut self, input: Input, now: Now) {
        self.heed_sleep(now);
        // A monotonic clock must not run backwards.
        self.now = Now {
            moment: now.moment.max(self.now.moment),
            wall: now.wall,
        };
        if let Input::StorageFailed(name) = input {
            // No store in answer to a failed store: the next change tries again.
            self.on_storage_failed(&name);
            self.show();
            return;
        }
        if core::mem::take(&mut self.storing) {
            self.state.storage = Storage::Works;
        }
        self.take_in(input);
        self.time_out();
        self.fail_what_waits_too_long();
        self.end_locally_if_server_unavailable();
        self.tick_typing();
        self.tick_tabs();
        self.launch_due();
        self.save();
        self.show();
    }

    /// Hands out the next thing to do, in order, until there is none.
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// Reads what the view shows beside the timeline.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Reads the timeline.
    #[must_use]
    pub fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// Reads what the composer should hold.
    #[must_use]
    pub fn draft(&self) -> &str {
        self.draft.as_str()
    }

    fn take_in(&mut self, input: Input) {
        match input {
            Input::Command(command) => self.on_command(command),
            Input::Reply { id, response } => self.on_reply(id, &response),
            Input::Failed { id, failure } => self.on_failed(id, failure),
            Input::Progress { id, done, total } => self.on_progress(id, done, total),
            // The wake-up is used up: timers may be early, and the next must be asked for anew.
            Input::Tick => self.wake = None,
            Input::StorageFailed(_) => {}
            Input::Visibility(visibility) => {
                // Requests of before the page froze time out first, so that they do not delay those of the
                // page that is back.
                self.time_out();
                self.pace.set_visibility(visibility, self.now.moment);
                self.look();
                if self.role == TabRole::Follows {
                    self.ask_tabs();
                }
            }
            Input::Network(network) => {
                self.time_out();
                let was_offline =
                    core::mem::replace(&mut self.network, network) == Network::Offline;
                match network {
                    Network::Online if was_offline => self.reconnect(),
                    Network::Online => self.try_now(),
                    // It may be wrong: a machine without an outer network reaches its own servers.
                    Network::Offline => {
                        self.pace.doubt();
                        self.pace.hurry(self.now.moment);
                    }
                }
                self.judge_connection();
            }
            Input::TabRole(role) => self.on_role(role),
            Input::TabMessage(message) => self.on_tab_message(&message),
            Input::Records(records) => self.on_records(records),
        }
    }

    /// Asks the server now, unless requests are answered anyway.
    fn try_now(&mut self) {
        if self.pace.failures() > 0 {
            self.reconnect();
        }
    }

    /// Asks the server now: the way to it may be free again. A refresh that is under way may wait for a connection
    /// that has gone, and reading twice does no harm.
    fn reconnect(&mut self) {
        if let Some(id) = self.flights.find(|job| matches!(job, Job::Refresh))
            && !self.is_pushed()
        {
            self.flights.land(id);
            self.outputs.push_back(Output::Abort(id));
        }
        self.pace.come_back(self.now.moment);
    }

    /// Gives up requests whose time is over; what became of them is unknown.
    fn time_out(&mut self) {
        while let Some((id, answered)) = self.flights.first_past_deadline(self.now.moment) {
            if !answered {
                self.outputs.push_back(Output::Abort(id));
            }
            self.on_failed(id, crate::io::Failure::TimedOut);
        }
    }

    fn tick_typing(&mut self) {
        self.others_typing.tick(self.now.moment);
        if let Some(news) = self.own_typing.tick(&self.settings.pace, self.now.moment) {
            self.announce_typing(news);
        }
        self.preview_on_link();
    }

    /// Ends the chat: what was not sent stays to be read, the keys go.
    fn finish(&mut self, reason: EndReason) {
        self.finish_for(self.real_reason(reason));
    }

    fn finish_for(&mut self, reason: EndReason) {
        for id in self.flights.drain() {
            self.outputs.push_back(Output::Abort(id));
        }
        self.errands.clear();
        self.errands_at = Moment(0);
        for outgoing in self.outbox.drain() {
            if matches!(outgoing.state, crate::outbox::SendState::Taken { .. }) {
                continue;
            }
            self.timeline.update(outgoing.entry, |item| {
                if let Item::Message { state, .. } = item
                    && !has_a_reason(state)
                {
                    *state = MessageState::Failed(Refusal::of(RefusalReason::ChatEnded));
                }
            });
        }
        self.leave_link();
        self.end_uploads();
        // What was being written stays to be read, too.
        let unsent = self.draft.as_str().to_owned();
        if !unsent.trim().is_empty() {
            let ended = MessageState::Failed(Refusal::of(RefusalReason::ChatEnded));
            self.timeline
                .append(Item::mine(unsent, ended), self.now.wall);
            self.draft.set(String::new());
        }
        let end = Item::Ended(reason);
        if reason != EndReason::ByVisitor {
            let incoming = Box::new(end.clone());
            self.outputs.push_back(Output::Incoming(incoming));
        }
        self.timeline.append(end, self.now.wall);
        let ended_chat = self.lifecycle.chat().map(|chat| chat.keys.chat.clone());
        self.lifecycle = Lifecycle::Ended(reason);
        if self.role == TabRole::Follows {
            // The tab that leads erases them for the visitor. This tab has copies.
            for name in [SESSION, TRANSCRIPT] {
                self.stored.push((name.into(), None));
            }
        }
        self.own_typing = OwnTyping::default();
        self.others_typing.clear();
        self.pace.on_success();
        self.state = State {
            ended_chat,
            unread: self.state.unread,
            question: self.state.question.take(),
            nickname: self.state.nickname.take(),
            storage: self.state.storage,
            ..State::default()
        };
    }

    /// Returns why the chat is over, by what is known beside the server's word.
    fn real_reason(&self, reason: EndReason) -> EndReason {
        let Some(chat) = self.lifecycle.chat().filter(|chat| chat.caught_up) else {
            return reason;
        };
        match reason {
            EndReason::Gone if self.pace.was_out() => EndReason::Dropped,
            EndReason::ByServer if chat.has_left && self.pace.was_out() => EndReason::Dropped,
            // Tabs in step tell each other.
            EndReason::ByServer
                if chat.has_left && !chat.was_alone && self.senders() == Senders::Any =>
            {
                EndReason::Elsewhere
            }
            _ => reason,
        }
    }

    fn run_errand(&mut self, kind: ErrandKind) {
        if self.role == TabRole::Follows {
            return;
        }
        self.errands.push_back(Errand { kind, failures: 0 });
    }

    fn judge_connection(&mut self) {
        self.state.connection = match (self.pace.failures(), self.network) {
            (0, _) => Connection::Up,
            (_, Network::Online) => Connection::Reconnecting,
            (_, Network::Offline) => Connection::Offline,
        };
    }

    /// Hands out what the view must know, and when to come back.
    fn show(&mut self) {
        self.state.phase = self.lifecycle.phase();
        self.state.typing = self.others_typing.names();
        self.state.offers = self.offers();
        self.state.role = self.role;
        let takes = self.lifecycle.chat().and_then(|chat| chat.accepts);
        // Until the transcript has been read, what is shown of it is what an earlier page knew.
        let is_read = self.lifecycle.chat().is_none_or(|chat| chat.caught_up);
        self.state.is_catching_up = !is_read;
        let fails = match self.role {
            TabRole::Leads => self.pace.failures() > 0,
            TabRole::Follows => self.state.connection != Connection::Up,
        };
        self.state.is_last_known = !is_read && fails && self.timeline.recorded().next().is_some();
        self.state.messages_taken = takes.is_none_or(|takes| takes.messages);
        for change in self.timeline.take_changes() {
            self.outputs.push_back(Output::Timeline(change));
        }
        if let Some(text) = self.draft.take_unshown() {
            self.outputs.push_back(Output::Draft(text));
        }
        if self.shown.as_ref() != Some(&self.state) {
            self.shown = Some(self.state.clone());
            self.outputs
                .push_back(Output::State(Box::new(self.state.clone())));
        }
        self.tell_tabs();
        let wake = self.next_wake();
        if wake != self.wake {
            self.wake = wake;
            self.outputs.push_back(Output::Wake(wake));
        }
    }

    fn offers(&self) -> Offers {
        let abilities = self.settings.dialect.abilities();
        Offers {
            files: self.settings.features.files,
            rename: abilities.rename,
            typing_preview: self.settings.features.typing_preview,
            push_url: abilities.extras == crate::dialect::Extras::All,
            notices: abilities.extras != crate::dialect::Extras::None,
            user_data: abilities.extras == crate::dialect::Extras::All,
            message_units: self.settings.max_message_units,
            mask: self.settings.mask,
        }
    }

    fn on_storage_failed(&mut self, name: &RecordName) {
        // Whatever is there now is stale: any value, even none, must be written anew.
        self.stored.retain(|(stored, _)| *stored != name.0);
        self.stored.push((name.0.clone(), None));
        self.storing = false;
        self.state.storage = Storage::Fails;
    }
}

/// Tells whether a message failed for a reason of its own, and not just because the chat was over.
fn has_a_reason(state: &MessageState) -> bool {
    matches!(state, MessageState::Failed(why) if why.reason != RefusalReason::Refused)
}
