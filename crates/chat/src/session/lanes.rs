//! What leaves when: one send, one refresh, one errand, one upload at a time.

use super::Session;
use super::flights::{Errand, Job};
use super::lifecycle::{Chat, Ending, JoinStep, Lifecycle};
use crate::dialect::{Action, FILES, JOINS};
use crate::model::{EndReason, EventIndex, ReadFrom, TabRole};
use crate::outbox::SendState;
use crate::time::Moment;

/// A request that is about to leave.
pub(super) struct Departure {
    pub(super) job: Job,
    pub(super) action: Action,
}

impl Departure {
    pub(super) fn new(job: Job, action: Action) -> Self {
        Self { job, action }
    }
}

impl Session {
    /// Lets everything leave that is due; what must survive is stored first.
    pub(super) fn launch_due(&mut self) {
        if self.tabs.is_reading() || self.now.moment < self.pace.free_at() {
            return;
        }
        if self.role == TabRole::Follows {
            self.launch_own_upload();
            return;
        }
        if !self.link_is_ready() {
            return;
        }
        let departures = match self.lifecycle {
            Lifecycle::Starting(_) => self.departing_start().into_iter().collect(),
            Lifecycle::Open(_) => self.departing_on_link(),
            Lifecycle::Idle | Lifecycle::Refused(_) | Lifecycle::Ended(_) => Vec::new(),
        };
        if departures.is_empty() {
            return;
        }
        self.save();
        for departure in departures {
            self.launch(departure);
        }
    }

    /// Lets a file leave: its contents are in this tab, whichever leads.
    fn launch_own_upload(&mut self) {
        if self.lifecycle.chat().is_some()
            && let Some(upload) = self.next_upload()
        {
            self.save();
            self.launch(upload);
        }
    }

    fn departing_start(&mut self) -> Option<Departure> {
        if self.flights.any(|job| matches!(job, Job::Start))
            || self.now.moment < self.pace.asks_at()
        {
            return None;
        }
        let starting = self.lifecycle.starting_mut()?;
        starting.tries += 1;
        Some(Departure::new(
            Job::Start,
            Action::RequestChat(starting.answers.clone()),
        ))
    }

    pub(super) fn departing(&mut self) -> Vec<Departure> {
        if self.flights.any(|job| matches!(job, Job::End)) {
            return Vec::new();
        }
        if self.is_closing() {
            return self.next_refresh().into_iter().collect();
        }
        if self.is_ready_to_end() {
            return vec![Departure::new(Job::End, Action::Disconnect)];
        }
        if self.is_joining() {
            return self.next_join().into_iter().collect();
        }
        let lanes = [
            self.next_send(),
            self.next_errand(),
            self.next_upload(),
            self.next_status(),
            self.next_refresh(),
        ];
        lanes.into_iter().flatten().collect()
    }

    /// Tells whether the chat is yet to be joined.
    pub(super) fn is_joining(&self) -> bool {
        let chat = self.lifecycle.chat();
        self.settings.dialect.joins() && chat.is_some_and(|chat| chat.joining().is_some())
    }

    /// Tells whether the visitor wants to end the chat, and nothing is on its way that they would miss.
    pub(super) fn is_ready_to_end(&self) -> bool {
        self.lifecycle
            .chat()
            .and_then(|chat| chat.ending())
            .is_some_and(|ending| {
                if ending.tries > 0 {
                    return self.now.moment >= self.pace.patience_until();
                }
                self.now.moment >= ending.patience_until
                    || self.is_joining()
                    || !(self.outbox.is_busy()
                        || self.flights.any(|job| matches!(job, Job::Upload(_))))
            })
    }

    /// Tells whether something is yet to leave that would be in doubt if it got no answer, and waits until a request
    /// gets one.
    pub(super) fn awaits_connection(&self) -> bool {
        self.pace.is_doubtful()
            && (self.outbox.next_to_send().is_some() || FILES && self.uploads.is_waiting())
    }

    pub(super) fn next_send(&mut self) -> Option<Departure> {
        let chat = self.lifecycle.chat()?;
        let from = chat.read;
        let taken = chat.accepts.is_some_and(|takes| takes.messages);
        if !(chat.caught_up && taken)
            || self.pace.is_doubtful()
            || self.flights.any(|job| matches!(job, Job::Send(_)))
        {
            return None;
        }
        let position = self.read_position();
        let next = self.outbox.next_to_send()?;
        if next.not_before > self.now.moment {
            return None;
        }
        let entry = next.entry;
        let outgoing = self.outbox.find_mut(entry)?;
        outgoing.state = SendState::InFlight {
            since: self.now.moment,
        };
        outgoing.from = outgoing.from.max(position);
        let text = outgoing.text.clone();
        Some(Departure::new(
            Job::Send(entry),
            Action::Send { text, from },
        ))
    }

    pub(super) fn next_errand(&mut self) -> Option<Departure> {
        if self.flights.any(|job| matches!(job, Job::Errand(_))) {
            return None;
        }
        let now = self.now.moment;
        let may_leave = |errand: &Errand| now >= self.errands_at || errand.is_fresh_wish();
        let at = self.errands.iter().position(may_leave)?;
        let errand = self.errands.remove(at)?;
        let action = errand.kind.action();
        Some(Departure::new(Job::Errand(errand), action))
    }

    pub(super) fn next_upload(&mut self) -> Option<Departure> {
        if !FILES {
            return None;
        }
        if self.pace.is_doubtful() || self.flights.any(|job| matches!(job, Job::Upload(_))) {
            return None;
        }
        let upload = self.uploads.next_to_send()?;
        let action = Action::Upload {
            file: upload.handle?,
            name: upload.name.clone(),
            description: upload.description.clone(),
        };
        Some(Departure::new(Job::Upload(upload.entry), action))
    }

    fn next_refresh(&mut self) -> Option<Departure> {
        let from = self.lifecycle.chat()?.read;
        if self.flights.any(|job| matches!(job, Job::Refresh)) {
            return None;
        }
        if self.now.moment < self.refresh_at() {
            return None;
        }
        let preview = self.own_typing.preview(
            self.draft.as_str(),
            self.settings.features,
            &self.settings.pace,
            self.now.moment,
        );
        Some(Departure::new(
            Job::Refresh,
            Action::Refresh {
                from,
                preview: self.mask_preview(preview),
            },
        ))
    }

    /// Asks for the chat's status along with a refresh, where the transcript does not tell it.
    fn next_status(&self) -> Option<Departure> {
        let asks = self.settings.dialect.asks_status() && self.now.moment >= self.refresh_at();
        let flying = |job: &Job| matches!(job, Job::Status | Job::Refresh);
        (asks && !self.flights.any(flying)).then(|| Departure::new(Job::Status, Action::Status))
    }

    /// Asks to join, and while it is too early whether an agent is there.
    fn next_join(&mut self) -> Option<Departure> {
        if !JOINS {
            return None;
        }
        let joining = self.lifecycle.chat()?.joining()?;
        if self.flights.any(|job| matches!(job, Job::Join)) || self.now.moment < self.refresh_at() {
            return None;
        }
        let action = match joining.step {
            JoinStep::Join => Action::Join(joining.answers.clone()),
            JoinStep::AwaitAgent => Action::AwaitAgent,
        };
        Some(Departure::new(Job::Join, action))
    }

    /// Returns how far the transcript was read, by the events that are known.
    pub(super) fn read_position(&self) -> ReadFrom {
        let known = |chat: &Chat| {
            let known = ReadFrom::after(chat.last_known()).max(chat.old_before);
            if chat.caught_up && chat.is_read_sure {
                known.min(chat.read)
            } else {
                known
            }
        };
        self.lifecycle.chat().map_or(ReadFrom::START, known)
    }

    /// Returns the last event that is known, here or to an earlier page.
    pub(super) fn last_event(&self) -> EventIndex {
        EventIndex(self.read_position().0.saturating_sub(1))
    }

    /// Ends the chat without telling the server if that asked for more patience than the visitor has.
    pub(super) fn end_locally_if_server_unavailable(&mut self) {
        let now = self.now.moment;
        let ending = self.lifecycle.chat().and_then(|chat| chat.ending());
        if ending.is_some_and(|ending| {
            now >= ending.patience_until && self.disconnect_held_until(ending) > now
        }) {
            self.finish(EndReason::Untold);
        }
    }

    /// Returns until when the server wants no disconnect; past if it did not say so. A channel on which the
    /// disconnect is published must be open.
    pub(super) fn disconnect_held_until(&self, ending: &Ending) -> Moment {
        if ending.tries > 0 || self.settings.dialect.publishes() {
            self.pace.patience_until()
        } else {
            Moment(0)
        }
    }

    /// Handles a disconnect that got no usable answer.
    pub(super) fn on_end_failed(&mut self) {
        const TRIES: u32 = 3;
        let joining = self.is_joining();
        let Some(ending) = self.lifecycle.chat_mut().and_then(|chat| chat.ending_mut()) else {
            return;
        };
        ending.tries += 1;
        if joining {
            self.finish(EndReason::ByVisitor);
        } else if ending.tries >= TRIES {
            // The server drops a silent visitor by itself.
            self.finish(EndReason::Untold);
        }
    }
}
