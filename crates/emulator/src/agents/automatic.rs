//! The automatic agent of the vendor's emulator (protocol section 4): a system participant joins at once and posts every
//! 20 s; an agent joins at a random time under 5 s and answers each message 0 to 2 s later by its last character.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::stage::{Pace, Stage};
use crate::model::{Chat, EventIndex, ParticipantId, Role};
use crate::rng::Rng;

const SYSTEM: &str = "system";
const AGENT: &str = "Agent Emulator";
const POST_EVERY_MS: u64 = 20_000;
const JOIN_WITHIN_MS: u64 = 5_000;
const ANSWER_WITHIN_MS: u64 = 2_000;

/// The automatic agent's plans for one chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Automatic {
    /// When the agent joins, for as long as it has not.
    joins_at_ms: Option<i64>,
    /// When the system posts next; none before it has joined.
    posts_at_ms: Option<i64>,
    /// Up to where the visitor's messages were looked at.
    seen: EventIndex,
    answers: VecDeque<PendingReply>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct PendingReply {
    to: EventIndex,
    due_ms: i64,
    typing: bool,
}

impl Automatic {
    pub(super) fn new(rng: &mut Rng, pace: Pace, now_ms: i64) -> Self {
        Self {
            joins_at_ms: Some(pace.after(now_ms, rng.below(JOIN_WITHIN_MS))),
            posts_at_ms: None,
            seen: EventIndex(0),
            answers: VecDeque::new(),
        }
    }

    pub(super) fn tick(&mut self, stage: &mut Stage<'_>) -> Option<i64> {
        self.post(stage);
        self.notice_messages(stage);
        self.join(stage);
        self.answer(stage);
        let answer = self.answers.front();
        // While no agent is there, an answer waits for one, not for a time.
        let answer = answer.filter(|_| present(stage.record(), Role::Agent).is_some());
        [
            self.joins_at_ms,
            self.posts_at_ms,
            answer.map(|answer| answer.due_ms),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    fn post(&mut self, stage: &mut Stage<'_>) {
        let (chat, now_ms) = (stage.chat, stage.now_ms);
        if self.posts_at_ms.is_none() {
            // Errors mean that the chat has just ended: nothing is left to do.
            let _ = stage.world.join(chat, SYSTEM, Role::External, now_ms);
        } else if self.posts_at_ms.is_some_and(|at| at <= now_ms) {
            if let Some(system) = present(stage.record(), Role::External) {
                let waiting = self.joins_at_ms.is_some();
                let text = if waiting {
                    "agent will be with you shortly..."
                } else {
                    "This is an emulated chat."
                };
                let _ = stage.world.say(chat, system, text, now_ms);
            }
        } else {
            return;
        }
        self.posts_at_ms = Some(stage.due_in(POST_EVERY_MS));
    }

    fn notice_messages(&mut self, stage: &mut Stage<'_>) {
        let Some(chat) = stage.record() else { return };
        let messages = chat.events_from(self.seen.next()).iter().filter(|event| {
            event.from.participant == ParticipantId::VISITOR && event.message().is_some()
        });
        let messages: Vec<EventIndex> = messages.map(|event| event.index).collect();
        self.seen = EventIndex(chat.next_index().0.saturating_sub(1));
        for to in messages {
            let wait = stage.rng.below(ANSWER_WITHIN_MS);
            let from = stage.now_ms.max(self.joins_at_ms.unwrap_or(stage.now_ms));
            let due_ms = stage.pace.after(from, wait);
            self.answers.push_back(PendingReply {
                to,
                due_ms,
                typing: false,
            });
        }
    }

    fn join(&mut self, stage: &mut Stage<'_>) {
        if self.joins_at_ms.is_some_and(|at| at <= stage.now_ms) {
            let _ = stage
                .world
                .join(stage.chat, AGENT, Role::Agent, stage.now_ms);
            self.joins_at_ms = None;
        }
    }

    fn answer(&mut self, stage: &mut Stage<'_>) {
        if self.joins_at_ms.is_some() {
            return;
        }
        while let Some(answer) = self.answers.front_mut() {
            let Some(agent) = present(stage.record(), Role::Agent) else {
                return;
            };
            if !answer.typing {
                answer.typing = true;
                let _ = stage.world.typing(stage.chat, agent, true, stage.now_ms);
            }
            if answer.due_ms > stage.now_ms {
                return;
            }
            let to = stage
                .record()
                .and_then(|chat| chat.events_from(answer.to).first());
            let text = to
                .and_then(|event| event.message())
                .map(reply_to)
                .unwrap_or_default();
            let _ = stage.world.say(stage.chat, agent, &text, stage.now_ms);
            self.answers.pop_front();
        }
    }
}

fn present(chat: Option<&Chat>, role: Role) -> Option<ParticipantId> {
    chat?
        .participants()
        .iter()
        .find(|p| p.present && p.role == role)
        .map(|p| p.id)
}

/// Answers by the last character.
fn reply_to(text: &str) -> String {
    match text.trim_end().chars().next_back() {
        Some('!') => "That is good to hear!".to_owned(),
        Some('?') => "That is a good question. Let me find out.".to_owned(),
        Some('.') => "I see. Please go on.".to_owned(),
        _ => text.to_owned(),
    }
}
