//! Calls that are done later.

use js_sys::Function;
use leptos::prelude::*;
use parlour_chat::{EntryId, FileState, Item, MessageState, Phase, Refusal, State};
use wasm_bindgen::JsValue;

use super::Api;
use super::commands::{Denial, Outcome};

/// A call that is not done yet.
pub(super) struct Wait {
    pub(super) command: String,
    pub(super) until: Until,
    pub(super) resolve: Function,
    pub(super) reject: Function,
}

/// What a call waits for.
pub(super) enum Until {
    /// The server has a chat.
    Started,
    /// The chat is over.
    Over,
    /// The server has this message or file.
    Arrived(EntryId),
    /// The name is this one, or at least no longer that one.
    Named(String, Option<String>),
    /// More pages were offered than this number.
    Offered(usize),
}

impl Api {
    /// Settles the calls that are done, or never will be.
    pub(super) fn settle_waits(&self) {
        if self.waits.borrow().is_empty() {
            return;
        }
        let mut settled = Vec::new();
        self.waits.borrow_mut().retain(|wait| {
            let outcome = self.outcome(&wait.until);
            let is_open = outcome.is_none();
            if let Some(outcome) = outcome {
                settled.push((
                    wait.command.clone(),
                    outcome,
                    wait.resolve.clone(),
                    wait.reject.clone(),
                ));
            }
            is_open
        });
        for (command, outcome, resolve, reject) in settled {
            settle(&command, outcome, &resolve, &reject);
        }
    }

    /// Returns what has come of it; nothing while that is open.
    pub(super) fn outcome(&self, until: &Until) -> Option<Outcome> {
        let state = self.store.state();
        state.with_untracked(|state| self.outcome_in(state, until))
    }

    fn outcome_in(&self, state: &State, until: &Until) -> Option<Outcome> {
        let over = || (!state.phase.is_open()).then(|| Err(Denial::new("the chat is over")));
        let refused = |refusal: &Refusal| Err(Denial::refused(refusal));
        match until {
            Until::Started => match &state.phase {
                Phase::Starting => None,
                Phase::Chatting | Phase::Ending | Phase::Ended(_) => done(),
                Phase::Refused(refusal) => Some(refused(refusal)),
                Phase::Idle => Some(Err(Denial::new("the visitor has given it up"))),
            },
            Until::Over => match state.phase {
                Phase::Starting | Phase::Chatting | Phase::Ending => None,
                _ => done(),
            },
            Until::Arrived(id) => {
                let Some(entry) = self.store.find_entry(*id) else {
                    return Some(Err(Denial::new("it was taken off the chat")));
                };
                match &entry.item {
                    Item::Message { state, .. } => match state {
                        MessageState::Sending => None,
                        MessageState::Sent => done(),
                        MessageState::Failed(refusal) => Some(refused(refusal)),
                    },
                    Item::File { file, .. } => match &file.state {
                        FileState::Uploading { .. } => None,
                        FileState::UploadFailed { refusal, .. } => Some(refused(refusal)),
                        _ => done(),
                    },
                    _ => done(),
                }
            }
            Until::Named(name, before) => {
                if state.nickname.as_ref() == Some(name) || state.nickname != *before {
                    return done();
                }
                state.refusal.as_ref().map(refused).or_else(over)
            }
            Until::Offered(before) => {
                if self.own_links.get() > *before {
                    return done();
                }
                state.refusal.as_ref().map(refused).or_else(over)
            }
        }
    }
}

fn done() -> Option<Outcome> {
    Some(Ok(JsValue::UNDEFINED))
}

/// Settles a call.
pub(super) fn settle(command: &str, outcome: Outcome, resolve: &Function, reject: &Function) {
    _ = match outcome {
        Ok(value) => resolve.call1(&JsValue::NULL, &value),
        Err(denial) => reject.call1(&JsValue::NULL, &denial.into_error(command)),
    };
}

/// Tells whether an item is on its way to the server.
pub(super) fn is_under_way(item: &Item) -> bool {
    match item {
        Item::Message { state, .. } => *state == MessageState::Sending,
        Item::File { file, .. } => matches!(file.state, FileState::Uploading { .. }),
        _ => false,
    }
}
