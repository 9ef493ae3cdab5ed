//! The director, which runs every chat's script.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::automatic::Automatic;
use super::play::Play;
use super::scenario::Scenario;
use super::stage::{Pace, Stage};
use crate::model::{Blobs, Chat, ChatId, EventIndex, Version, World};
use crate::rng::Rng;

/// Who answers the visitors.
#[derive(Debug, Clone, Default)]
pub enum Cast {
    /// Nobody: a person at the desk, or a test.
    Nobody,
    /// The vendor-like automatic agent (protocol section 4).
    #[default]
    Automatic,
    /// A scenario.
    Scenario(Arc<Scenario>),
}

/// The agents' side of all chats in one world.
#[derive(Debug)]
pub struct Director {
    cast: Cast,
    pace: Pace,
    rng: Rng,
    scripts: HashMap<ChatId, Script>,
    /// When to look at which chat (Unix ms), though nothing happens there until then.
    agenda: BTreeSet<(i64, ChatId)>,
    /// Where each chat stands in the agenda.
    due_ms: HashMap<ChatId, i64>,
    /// Up to where the world's changes were looked at.
    seen: Version,
    /// Chats whose script has panicked. Begun anew it would only do the same again, what it says included.
    panicked: HashSet<ChatId>,
}

/// The script that runs in one chat, with its progress.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
enum Script {
    Automatic(Automatic),
    Scenario(Play),
}

impl Director {
    /// Creates a director whose chances come from `seed`.
    pub fn new(seed: u64, cast: Cast) -> Self {
        Self {
            cast,
            pace: Pace::default(),
            rng: Rng::new(seed ^ 0xa6e7),
            scripts: HashMap::new(),
            agenda: BTreeSet::new(),
            due_ms: HashMap::new(),
            seen: Version::default(),
            panicked: HashSet::new(),
        }
    }

    /// Makes agents so many times faster, or slower, from now on.
    pub fn set_pace(&mut self, pace: Pace) {
        self.pace = pace;
    }

    /// Returns how many times faster than usual agents are.
    pub fn pace(&self) -> Pace {
        self.pace
    }

    /// Does all that is due, and returns when there will be more to do (Unix ms), if the visitor does nothing before. It
    /// looks only at chats that have changed or whose time has come.
    ///
    /// A bug in what is done in one chat leaves that chat without agents, and no other.
    pub fn tick(&mut self, world: &mut World, blobs: &mut dyn Blobs, now_ms: i64) -> Option<i64> {
        // Later rounds handle what earlier ones have changed: scripts may wait for each other's events.
        const MAX_ROUNDS: usize = 8;
        if matches!(self.cast, Cast::Nobody) {
            return None;
        }
        let mut now_due = self.take_due(now_ms);
        for _ in 0..MAX_ROUNDS {
            // A sorted set: the order of acting must not depend on the order of changes.
            now_due.extend(world.changed_since(self.seen).cloned());
            self.seen = world.version();
            if now_due.is_empty() {
                break;
            }
            for id in mem::take(&mut now_due) {
                self.act_in_chat(world, blobs, &id, now_ms);
            }
        }
        if world.version() != self.seen {
            // The changes of the last round are still to be handled.
            return Some(now_ms);
        }
        self.agenda.first().map(|(at_ms, _)| *at_ms)
    }

    /// Takes out of the agenda whose time has come.
    fn take_due(&mut self, now_ms: i64) -> BTreeSet<ChatId> {
        let mut due = BTreeSet::new();
        while let Some((at_ms, _)) = self.agenda.first()
            && *at_ms <= now_ms
            && let Some((_, id)) = self.agenda.pop_first()
        {
            self.due_ms.remove(&id);
            due.insert(id);
        }
        due
    }

    /// Does what is due in one chat and puts it in its place in the agenda. Nothing is kept of a chat that has ended.
    fn act_in_chat(&mut self, world: &mut World, blobs: &mut dyn Blobs, id: &ChatId, now_ms: i64) {
        let next = if is_live(world, id) {
            self.tick_safely(world, blobs, id, now_ms)
        } else {
            None
        };
        if let Some(before) = self.due_ms.remove(id) {
            self.agenda.remove(&(before, id.clone()));
        }
        if !is_live(world, id) {
            self.scripts.remove(id);
            self.panicked.remove(id);
        } else if let Some(at_ms) = next {
            self.due_ms.insert(id.clone(), at_ms);
            self.agenda.insert((at_ms, id.clone()));
        }
    }

    fn tick_safely(
        &mut self,
        world: &mut World,
        blobs: &mut dyn Blobs,
        id: &ChatId,
        now_ms: i64,
    ) -> Option<i64> {
        if self.panicked.contains(id) {
            return None;
        }
        // Unwind-safe: a world changes one whole step at a time, and the script that panicked is dropped.
        let tick = AssertUnwindSafe(|| self.tick_chat(world, blobs, id, now_ms));
        catch_unwind(tick).unwrap_or_else(|_| {
            #[cfg(feature = "server")]
            tracing::error!(chat = %id, "an agent has a bug: nobody answers in this chat until a restart");
            self.panicked.insert(id.clone());
            None
        })
    }

    fn tick_chat(
        &mut self,
        world: &mut World,
        blobs: &mut dyn Blobs,
        id: &ChatId,
        now_ms: i64,
    ) -> Option<i64> {
        let mut script = match self.scripts.remove(id) {
            Some(script) => script,
            None => self.resume_or_start(world.chat(id)?, now_ms),
        };
        let before = script.clone();
        let mut stage = Stage {
            world,
            blobs,
            rng: &mut self.rng,
            chat: id,
            pace: self.pace,
            now_ms,
        };
        let next = match (&mut script, &self.cast) {
            (Script::Automatic(automatic), _) => automatic.tick(&mut stage),
            (Script::Scenario(play), Cast::Scenario(scenario)) => play.tick(scenario, &mut stage),
            (Script::Scenario(_), _) => None,
        };
        if script != before || world.chat(id).is_some_and(|chat| chat.script().is_none()) {
            // Serialising plain data cannot fail; if it did, a restart would begin the script anew.
            world.save_script(id, serde_json::to_string(&script).unwrap_or_default());
        }
        self.scripts.insert(id.clone(), script);
        next
    }

    /// Goes on with a chat after a restart, or begins with a new one.
    fn resume_or_start(&mut self, chat: &Chat, now_ms: i64) -> Script {
        // State that cannot be read is another script's: its story is not told again.
        let kept = chat.script().map(|text| serde_json::from_str(text).ok());
        match (&self.cast, kept) {
            (Cast::Scenario(scenario), Some(Some(Script::Scenario(play))))
                if play.is_of(scenario) =>
            {
                Script::Scenario(play)
            }
            // The chat began with another script: only the rules hold from now on.
            (Cast::Scenario(scenario), Some(_)) => {
                let last = EventIndex(chat.next_index().0.saturating_sub(1));
                Script::Scenario(Play::late(scenario, last))
            }
            (Cast::Scenario(scenario), None) => {
                Script::Scenario(Play::new(scenario, chat.started_at_ms()))
            }
            (_, Some(Some(script @ Script::Automatic(_)))) => script,
            _ => Script::Automatic(Automatic::new(&mut self.rng, self.pace, now_ms)),
        }
    }
}

fn is_live(world: &World, id: &ChatId) -> bool {
    world.chat(id).is_some_and(|chat| chat.end().is_none())
}
