//! How a chat begins: it is asked for, and joined where that is a step of its own. And why it does not.

use core::time::Duration;

use super::Session;
use super::flights::{ErrandKind, Flight, Job};
use super::lifecycle::{Chat, ChatStage, JoinStep, Joining, Lifecycle};
use super::request_error::{RequestError, error_of_reply, is_busy};
use crate::dialect::{Accepts, FILES, JOINS, Keys, Outcome, Reply, wrong_dialect};
use crate::io::{Output, Response};
use crate::model::{Refusal, RefusalReason};
use crate::settings::DialectKind;

/// Tries to start a chat while the server says "not now".
const START_TRIES: u32 = 3;
/// How long a visitor waits for the next of them: nothing says why meanwhile.
const START_PATIENCE: Duration = Duration::from_secs(20);
/// Tries to join a chat in a row that get no answer of use: a server may be made anew meanwhile.
const JOIN_TRIES: u32 = 8;

impl Session {
    /// Handles a response that is no reply of this dialect's servers: perhaps it is one of others'.
    pub(super) fn on_undecodable(&mut self, flight: Flight, response: &Response) {
        let own = self.settings.dialect;
        let likely = match flight.job {
            _ if is_busy(response.status) => None,
            Job::Start | Job::Join => wrong_dialect::speaker(own, &response.body),
            _ => None,
        };
        let error = error_of_reply(&flight.job, response);
        if likely.is_some() {
            self.report_wrong_dialect(likely);
            self.on_wrong_setup();
        } else {
            if let (Job::Start, RequestError::Status(_)) = (&flight.job, error) {
                self.report_wrong_dialect(None);
            }
            self.on_error(flight, error, response.retry_after);
        }
    }

    /// Tells whether a server that was to push, and has pushed nothing, answers with the transcript as a
    /// polled one does.
    pub(super) fn is_polled_after_all(&self, flight: &Flight, reply: &Reply) -> bool {
        let unheard = |chat: &Chat| chat.known.is_empty();
        self.settings.dialect.keeps_transcript()
            && flight.reads()
            && !reply.events_missing
            && matches!(reply.outcome, Outcome::Done)
            && self.lifecycle.chat().is_some_and(unheard)
    }

    /// Reports that the server seems to speak another dialect.
    pub(super) fn report_wrong_dialect(&mut self, likely: Option<DialectKind>) {
        let spoken = self.settings.dialect;
        self.outputs
            .push_back(Output::WrongDialect { spoken, likely });
    }

    /// Gives up a chat that the configuration makes impossible: nothing that the visitor can do would help.
    pub(super) fn on_wrong_setup(&mut self) {
        let refusal = Refusal::of(RefusalReason::UnknownService);
        if JOINS && self.lifecycle.chat().is_some() {
            self.on_join_refused(refusal);
        } else {
            self.on_start_failed(refusal);
        }
    }

    pub(super) fn on_started(&mut self, keys: Keys) {
        let keys = self.with_visitor_name(keys);
        let starting = core::mem::take(&mut self.lifecycle);
        // The first refresh reads its events again: only replies to refreshes move the position.
        let mut chat = Chat::new(keys);
        if let (true, Lifecycle::Starting(starting)) = (self.settings.dialect.joins(), starting) {
            chat.stage = ChatStage::Joining(Joining {
                answers: starting.answers,
                step: JoinStep::Join,
                tries: 0,
            });
        }
        chat.accepts = self.accepted_from_the_start();
        self.tabs.forget_chat();
        self.lead_new_chat();
        self.lifecycle = Lifecycle::Open(Box::new(chat));
        self.pace.active(self.now.moment);
        if self.is_pushed() && !self.settings.dialect.joins() {
            // The news is pushed from here on.
            self.pace.on_refreshed(self.now.moment);
        } else {
            self.pace.hurry(self.now.moment);
        }
        if FILES && self.settings.features.files {
            self.run_errand(ErrandKind::Limits);
        }
    }

    /// Returns what a new chat accepts as far as it is known before the server says it.
    pub(super) fn accepted_from_the_start(&self) -> Option<Accepts> {
        (!self.settings.dialect.asks_status()).then_some(Accepts::ALL)
    }

    /// Handles the reply to a join: the chat was joined, or an agent has come, or it is too early.
    pub(super) fn on_join_reply(&mut self, outcome: Outcome) {
        let Some(chat) = self.lifecycle.chat_mut() else {
            return;
        };
        let Some(joining) = chat.joining_mut() else {
            return;
        };
        joining.tries = 0;
        match (outcome, joining.step) {
            (Outcome::Waiting, _) => {
                joining.step = JoinStep::AwaitAgent;
                self.pace.refresh_again(self.now.moment);
                return;
            }
            (_, JoinStep::AwaitAgent) => joining.step = JoinStep::Join,
            (_, JoinStep::Join) => {
                chat.finish_joining();
                self.pace.active(self.now.moment);
            }
        }
        self.pace.hurry(self.now.moment);
    }

    /// Tells whether the chat is yet to be joined and waits for an agent.
    pub(super) fn awaits_agent(&self) -> bool {
        let joining = self.lifecycle.chat().and_then(|chat| chat.joining());
        joining.is_some_and(|joining| joining.step == JoinStep::AwaitAgent)
    }

    /// Handles a failed join. It can be repeated: a service has one chat, so nobody is called twice.
    pub(super) fn on_join_error(&mut self, error: RequestError) {
        let step = self
            .lifecycle
            .chat_mut()
            .and_then(|chat| chat.joining_mut());
        let Some(joining) = step else { return };
        match error {
            RequestError::Status(_) if joining.step == JoinStep::AwaitAgent => {
                // Not every service tells whether an agent is there: try to join instead.
                joining.step = JoinStep::Join;
                self.pace.on_success();
                self.pace.refresh_again(self.now.moment);
                return;
            }
            // A visitor without a connection for a while keeps the place in the queue.
            RequestError::Unknown(RefusalReason::Unreachable) => return,
            RequestError::Status(_) => {}
            RequestError::Unknown(_) | RequestError::NotNow => {
                joining.tries += 1;
                if joining.tries < JOIN_TRIES {
                    self.pace.be_patient(self.now.moment);
                    return;
                }
            }
        }
        self.on_join_refused(match error {
            RequestError::NotNow => Refusal::of(RefusalReason::CannotStartNow),
            _ => error.refusal(),
        });
    }

    /// Handles a refused join: back to the form, with the messages written meanwhile in the composer. A
    /// visitor who is about to leave is not shown the form.
    pub(super) fn on_join_refused(&mut self, refusal: Refusal) {
        if self.lifecycle.is_ending() {
            self.pace.on_failure(self.now.moment, None);
            return;
        }
        self.lifecycle = Lifecycle::Idle;
        self.errands.clear();
        self.detach_all();
        for outgoing in self.outbox.drain() {
            self.draft.append(&outgoing.text);
        }
        self.timeline.clear();
        self.on_start_failed(refusal);
    }

    pub(super) fn on_start_failed(&mut self, refusal: Refusal) {
        self.give_up_start();
        self.leave_link();
        self.lifecycle = Lifecycle::Refused(refusal);
        self.pace.on_success();
        self.judge_connection();
    }

    pub(super) fn on_start_error(&mut self, error: RequestError) {
        if error == RequestError::NotNow && self.can_start_again() {
            return;
        }
        // A second try after an unknown outcome could call two agents: the visitor decides.
        self.on_start_failed(match error {
            RequestError::Status(404) => Refusal::of(RefusalReason::UnknownService),
            RequestError::NotNow => Refusal::of(RefusalReason::CannotStartNow),
            _ => error.refusal(),
        });
    }

    /// Tells whether to ask for the chat once more. A visitor who would have to wait longer is told to try later.
    pub(super) fn can_start_again(&self) -> bool {
        let soon = self.now.moment + START_PATIENCE;
        let Lifecycle::Starting(starting) = &self.lifecycle else {
            return false;
        };
        starting.tries < START_TRIES && self.pace.asks_at() <= soon
    }
}

/// Tells whether the reply to a start is none: its keys are unusable, or it refuses in another dialect.
pub(super) fn is_no_start(
    dialect: DialectKind,
    flight: &Flight,
    reply: &Reply,
    body: &str,
) -> bool {
    let is_one = match reply.outcome {
        Outcome::Done => dialect.can_use(&reply.keys),
        Outcome::Refused(_) => wrong_dialect::speaker(dialect, body).is_none(),
        _ => true,
    };
    matches!(flight.job, Job::Start) && !is_one
}
