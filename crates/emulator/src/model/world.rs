//! All chats of a server.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::change::{ChatChange, JournalEntry};
use super::recent::Recent;
use super::service::Services;
use super::{
    Change, Chat, ChatId, Dialect, End, EndReason, Event, EventIndex, EventKind, FileId,
    LeaveReason, MemoryBlobs, Options, Participant, ParticipantId, Role, Service, ServiceId,
    Version,
};
use crate::rng::Rng;

const HEX_LOWER: &[u8] = b"0123456789abcdef";
const HEX_UPPER: &[u8] = b"0123456789ABCDEF";
const FILE_ID_LENGTH: usize = 16;
const CHAT_ID: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The whole state of a server.
///
/// All calls that change it take `now_ms`, the time as Unix milliseconds; it may stand still or jump.
#[derive(Debug)]
pub struct World {
    options: Options,
    pub(super) rng: Rng,
    pub(super) services: Services,
    chats: BTreeMap<ChatId, Chat>,
    live: BTreeSet<ChatId>,
    /// When to look at which chat (Unix ms).
    pub(super) agenda: BTreeSet<(i64, ChatId)>,
    keys: HashMap<String, ChatId>,
    pub(super) journal: Vec<Change>,
    contents: MemoryBlobs,
    recent: Recent,
}

impl World {
    /// Creates an empty world whose keys, ids and chances come from `seed`.
    pub fn new(seed: u64, options: Options) -> Self {
        Self {
            options,
            rng: Rng::new(seed),
            services: Services::default(),
            chats: BTreeMap::new(),
            live: BTreeSet::new(),
            agenda: BTreeSet::new(),
            keys: HashMap::new(),
            journal: Vec::new(),
            contents: MemoryBlobs::default(),
            recent: Recent::default(),
        }
    }

    /// Creates the world that a server has after a restart: everything durable is back, signs of life are unknown.
    pub fn replay(seed: u64, options: Options, changes: impl IntoIterator<Item = Change>) -> Self {
        let mut world = Self::new(seed, options);
        let mut count = 0_u64;
        for change in changes {
            world.apply(change);
            count += 1;
        }
        // The same seed must not draw the same keys again.
        world.rng = Rng::new(seed ^ count.wrapping_mul(0xd134_2543_de82_ef95));
        world
    }

    /// Takes out the changes since the last call, in order: they have to be made durable.
    pub fn take_changes(&mut self) -> Vec<Change> {
        std::mem::take(&mut self.journal)
    }

    /// Returns how this server is set up.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Changes how this server is set up, from the next call on.
    pub fn options_mut(&mut self) -> &mut Options {
        self.reschedule_all();
        &mut self.options
    }

    /// Finds a chat.
    pub fn chat(&self, id: &ChatId) -> Option<&Chat> {
        self.chats.get(id)
    }

    /// Finds the chat for which `key` was issued: keys are unique across chats.
    pub fn chat_by_key(&self, key: &str) -> Option<&Chat> {
        self.keys.get(key).and_then(|id| self.chats.get(id))
    }

    /// Lists all chats, ended ones included.
    pub fn chats(&self) -> impl Iterator<Item = &Chat> {
        self.chats.values()
    }

    /// Lists the chats that go on.
    pub fn live_chats(&self) -> impl Iterator<Item = &Chat> {
        self.live.iter().filter_map(|id| self.chats.get(id))
    }

    /// Finds a service.
    pub fn service(&self, id: &ServiceId) -> Option<&Service> {
        self.services.find(id)
    }

    /// Finds the service whose chat this is.
    pub fn service_of(&self, chat: &ChatId) -> Option<&Service> {
        self.services.find_by_chat(chat)
    }

    /// Lists the services of which a user's push session hears, the oldest first.
    pub fn services_of_user(&self, user: &str) -> impl Iterator<Item = &Service> {
        self.services.of_user(user)
    }

    /// Returns the current point in this world's history: see [`changed_since`](Self::changed_since).
    pub fn version(&self) -> Version {
        self.recent.now()
    }

    /// Lists the chats that have changed after `version`, the one that changed last at the end.
    pub fn changed_since(&self, version: Version) -> impl Iterator<Item = &ChatId> {
        self.recent.since(version)
    }

    /// Holds the contents of files for [`gms_v2::respond`](crate::gms_v2::respond). They are not part of the journal: a
    /// test that restarts its server carries them over.
    pub fn contents_mut(&mut self) -> &mut MemoryBlobs {
        &mut self.contents
    }

    /// Draws a reference that names one failed request in a reply (`referenceId`).
    pub(crate) fn reference(&mut self) -> String {
        self.rng.word(HEX_LOWER, 16)
    }

    /// Decides whether the next reply brings a new key.
    pub(crate) fn key_is_due(&mut self) -> bool {
        self.rng.one_in(self.options.rotate_key_one_in)
    }
}

/// The parts that the operations are made of.
impl World {
    pub(super) fn open(&mut self, by: super::NewChat, now_ms: i64) -> ChatId {
        let id = self.draw_chat_id(by.dialect);
        let user_id = self.rng.word(HEX_UPPER, 16);
        let alias = (100 + self.rng.below(900)).to_string();
        let nickname = by.nickname.clone();
        self.commit(
            &id,
            ChatChange::Started {
                by,
                user_id,
                alias,
                at_ms: now_ms,
            },
        );
        self.note_sign_of_life(&id, now_ms);
        self.issue_key(&id);
        self.add(&id, &nickname, Role::Visitor, now_ms);
        id
    }

    /// Issues a new key for a chat; the older ones stay good.
    pub(crate) fn issue_key(&mut self, chat: &ChatId) {
        let mut key = self.rng.word(HEX_LOWER, 16);
        while self.keys.contains_key(&key) {
            key = self.rng.word(HEX_LOWER, 16);
        }
        self.commit(chat, ChatChange::KeyIssued { key });
    }

    pub(super) fn move_host(&mut self, chat: &ChatId) {
        let Some(old) = self.chats.get(chat).map(|c| c.alias().to_owned()) else {
            return;
        };
        let mut alias = old.clone();
        while alias == old {
            alias = (100 + self.rng.below(900)).to_string();
        }
        self.commit(chat, ChatChange::AliasChanged { alias });
    }

    pub(super) fn add(
        &mut self,
        chat: &ChatId,
        nickname: &str,
        role: Role,
        now_ms: i64,
    ) -> ParticipantId {
        let count = self.chats.get(chat).map_or(0, |c| c.participants().len());
        let id = ParticipantId(u32::try_from(count).unwrap_or(u32::MAX).saturating_add(1));
        let participant = Participant {
            id,
            nickname: nickname.to_owned(),
            role,
            present: false,
            typing: false,
            on_hold: false,
        };
        self.commit(chat, ChatChange::ParticipantAdded { participant });
        self.record_event(chat, id, EventKind::Joined, None, now_ms);
        id
    }

    /// Adds an event under the sender's name of now.
    pub(super) fn record_event(
        &mut self,
        chat: &ChatId,
        who: ParticipantId,
        kind: EventKind,
        attributes: Option<serde_json::Value>,
        now_ms: i64,
    ) -> EventIndex {
        let Some(record) = self.chats.get(chat) else {
            return EventIndex::FIRST;
        };
        let index = record.next_index();
        let Some(from) = record.sender(who) else {
            return index;
        };
        let event = Event {
            index,
            at_ms: now_ms,
            from,
            kind,
            attributes,
        };
        self.commit(chat, ChatChange::Happened { event });
        index
    }

    pub(super) fn draw_file_id(&mut self) -> FileId {
        FileId::new(self.rng.word(HEX_UPPER, FILE_ID_LENGTH))
    }

    /// Ends a chat: everybody leaves, the visitor first if it was the visitor who went (the vendor's sample has the
    /// agent first when the agent went).
    pub(super) fn finish(&mut self, chat: &ChatId, reason: EndReason, now_ms: i64) {
        let Some(record) = self.chats.get(chat) else {
            return;
        };
        let mut present: Vec<ParticipantId> = record
            .participants()
            .iter()
            .filter(|p| p.present)
            .map(|p| p.id)
            .collect();
        if matches!(reason, EndReason::Closed | EndReason::Idle) {
            present.reverse();
        }
        for who in present {
            self.record_event(
                chat,
                who,
                EventKind::Left {
                    reason: LeaveReason::Left,
                },
                None,
                now_ms,
            );
        }
        self.commit(
            chat,
            ChatChange::Ended {
                end: End {
                    at_ms: now_ms,
                    reason,
                },
            },
        );
    }

    /// Applies a change and notes it for the journal: the only way in which anything durable changes.
    pub(super) fn commit(&mut self, chat: &ChatId, what: ChatChange) {
        let change = Change(JournalEntry::Chat {
            chat: chat.clone(),
            what,
        });
        self.journal.push(change.clone());
        self.apply(change);
    }

    pub(super) fn chat_mut(&mut self, id: &ChatId) -> Option<&mut Chat> {
        self.chats.get_mut(id)
    }

    pub(super) fn apply(&mut self, change: Change) {
        match change.0 {
            JournalEntry::Chat { chat, what } => self.apply_to_chat(chat, what),
            JournalEntry::Service { service, step } => self.services.apply(service, step),
        }
    }

    fn apply_to_chat(&mut self, id: ChatId, what: ChatChange) {
        self.recent.touch(&id);
        match what {
            ChatChange::Started {
                by,
                user_id,
                alias,
                at_ms,
            } => {
                self.live.insert(id.clone());
                let chat = Chat::new(id.clone(), by, user_id, alias, at_ms);
                self.chats.insert(id.clone(), chat);
                self.schedule(&id);
            }
            what => {
                let timed = matches!(
                    what,
                    ChatChange::IdleDeadline { .. } | ChatChange::Ended { .. }
                );
                if let ChatChange::KeyIssued { key } = &what {
                    self.keys.insert(key.clone(), id.clone());
                }
                if let ChatChange::Ended { .. } = &what {
                    self.live.remove(&id);
                }
                if let Some(chat) = self.chats.get_mut(&id) {
                    chat.apply(what);
                }
                if timed {
                    self.schedule(&id);
                }
            }
        }
    }

    fn draw_chat_id(&mut self, dialect: Dialect) -> ChatId {
        loop {
            // They look like the samples of their dialects: 00048aAPEQJ8000U, 652492d9-c2d9-44c9-b9ad-0ab7984114bb.
            let id = ChatId::new(match dialect {
                Dialect::GmsV1 | Dialect::GmsV2 => format!("000{}", self.rng.word(CHAT_ID, 13)),
                Dialect::Gws => self.draw_uuid(),
            });
            if !self.chats.contains_key(&id) {
                return id;
            }
        }
    }

    pub(super) fn draw_uuid(&mut self) -> String {
        let parts = [8, 4, 4, 4, 12].map(|length| self.rng.word(HEX_LOWER, length));
        parts.join("-")
    }
}

/// Returns whether `name` could be a file's id that a world has drawn.
#[cfg(feature = "server")]
pub(crate) fn could_be_file_id(name: &str) -> bool {
    name.len() == FILE_ID_LENGTH && name.bytes().all(|byte| HEX_UPPER.contains(&byte))
}
