//! A chat, to be read. Only [`Change`](super::Change)s change it.

use std::collections::{BTreeMap, HashSet};
use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::numbering::Numbering;
use super::{
    ChatId, Event, EventIndex, EventKind, FileId, FileMeta, LeaveReason, ParticipantId, Role,
    Sender,
};

/// A family of servers, and so the API that a visitor's program uses.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dialect {
    /// GMS Chat API Version 2.
    #[default]
    GmsV2,
    /// GMS Chat API Version 1.
    GmsV1,
    /// GWS, or HTCC.
    Gws,
}

/// What a visitor gives to start a chat.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewChat {
    /// The service's name in the address.
    pub service: String,
    /// The name that everybody sees.
    pub nickname: String,
    /// First name, if given.
    pub first_name: Option<String>,
    /// Last name, if given.
    pub last_name: Option<String>,
    /// Subject, if given.
    pub subject: Option<String>,
    /// E-mail address, if given.
    pub email: Option<String>,
    /// Anything else.
    pub user_data: BTreeMap<String, String>,
    /// The dialect in which it is started. Journals of before there were several have none.
    #[serde(default)]
    pub dialect: Dialect,
    /// The address that the request came from, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<IpAddr>,
}

/// Somebody who takes part in a chat, or did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    /// Number within the chat.
    pub id: ParticipantId,
    /// The name of now.
    pub nickname: String,
    /// The part played.
    pub role: Role,
    /// Whether they are in the chat now.
    #[serde(default)]
    pub present: bool,
    /// Whether they are typing now.
    #[serde(default)]
    pub typing: bool,
    /// Whether they left with a promise to come back.
    #[serde(default)]
    pub on_hold: bool,
}

/// When and why a chat ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    /// Unix time in milliseconds.
    pub at_ms: i64,
    /// Why.
    pub reason: EndReason,
}

/// Why a chat ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// The visitor said so.
    Disconnected,
    /// The agents' side said so.
    Closed,
    /// The visitor was silent for too long, as a program.
    Dropped,
    /// Everybody was silent for too long, as people.
    Idle,
}

/// A chat.
#[derive(Debug, Clone)]
pub struct Chat {
    id: ChatId,
    started: NewChat,
    started_at_ms: i64,
    user_id: String,
    alias: String,
    key: String,
    keys: HashSet<String>,
    participants: Vec<Participant>,
    events: Vec<Event>,
    numbering: Numbering,
    user_data: BTreeMap<String, String>,
    files: Vec<FileMeta>,
    preview: Option<String>,
    read_up_to: Option<EventIndex>,
    idle_deadline_ms: Option<i64>,
    end: Option<End>,
    script: Option<String>,
    /// The visitor's last sign of life; unknown after a restart, until the next tick.
    pub(super) seen_ms: Option<i64>,
    /// Up to where readers who give no position have been told; forgotten at a restart.
    pub(super) delivered_up_to: EventIndex,
    /// Until when the visitor's program waits for news on a line that is held open.
    pub(super) waits_until_ms: Option<i64>,
    /// Where the chat stands in the world's agenda.
    pub(super) scheduled_ms: Option<i64>,
}

impl Chat {
    pub(super) fn new(id: ChatId, by: NewChat, user_id: String, alias: String, at_ms: i64) -> Self {
        Self {
            id,
            user_data: by.user_data.clone(),
            started: by,
            started_at_ms: at_ms,
            user_id,
            alias,
            key: String::new(),
            keys: HashSet::new(),
            participants: Vec::new(),
            events: Vec::new(),
            numbering: Numbering::default(),
            files: Vec::new(),
            preview: None,
            read_up_to: None,
            idle_deadline_ms: None,
            end: None,
            script: None,
            seen_ms: None,
            delivered_up_to: EventIndex::NONE,
            waits_until_ms: None,
            scheduled_ms: None,
        }
    }

    /// Returns the chat's id.
    pub fn id(&self) -> &ChatId {
        &self.id
    }

    /// Returns what the visitor gave at the start.
    pub fn started(&self) -> &NewChat {
        &self.started
    }

    /// Returns when it started (Unix ms).
    pub fn started_at_ms(&self) -> i64 {
        self.started_at_ms
    }

    /// Returns the visitor's `userId`.
    pub fn user_id(&self) -> &str {
        &self.user_id
    }

    /// Returns the alias of the host that serves the chat now.
    pub fn alias(&self) -> &str {
        &self.alias
    }

    /// Returns the newest `secureKey`.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Returns whether `key` was ever issued for this chat: all of them stay good (protocol section 1, keys).
    pub fn knows_key(&self, key: &str) -> bool {
        self.keys.contains(key)
    }

    /// Returns whether the chat was begun as an asynchronous one: it outlives the visitor's silence, and agents come
    /// and go (protocol section 1b).
    pub fn is_asynchronous(&self) -> bool {
        let mode = self.started.user_data.get("GCTI_Chat_AsyncMode");
        mode.is_some_and(|mode| mode.trim().eq_ignore_ascii_case("true"))
    }

    /// Lists all events, hidden ones included, by index.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Lists the events from `first` on, hidden ones included.
    pub fn events_from(&self, first: EventIndex) -> &[Event] {
        self.events.get(first.offset()..).unwrap_or_default()
    }

    /// Lists the events that the chat's own dialect numbers, those above `number`; 0 = all. It costs what it returns,
    /// however long the chat has been.
    pub(crate) fn numbered_after(&self, number: u32) -> impl Iterator<Item = (u32, &Event)> {
        let numbered = self.numbering.after(number);
        numbered.filter_map(|(number, index)| Some((number, self.events_from(index).first()?)))
    }

    /// Returns the number of the last event that has one; 0 of none.
    pub(crate) fn last_number(&self) -> u32 {
        self.numbering.last()
    }

    /// Returns the number of the last event up to `index` that has one; 0 of none.
    pub(crate) fn number_up_to(&self, index: EventIndex) -> u32 {
        self.numbering.up_to(index)
    }

    /// Lists what the visitor may see, from `first` on.
    pub fn transcript_from(&self, first: EventIndex) -> impl DoubleEndedIterator<Item = &Event> {
        self.events_from(first)
            .iter()
            .filter(|event| event.is_visible())
    }

    /// Lists what the visitor may see.
    pub fn transcript(&self) -> impl DoubleEndedIterator<Item = &Event> {
        self.transcript_from(EventIndex::FIRST)
    }

    /// Returns up to where readers who give no position have been told. A restarted server has forgotten it: they are
    /// told everything again rather than too little.
    pub(crate) fn delivered_up_to(&self) -> EventIndex {
        self.delivered_up_to
    }

    /// Returns the index of the last event, hidden ones included.
    pub(crate) fn last_index(&self) -> EventIndex {
        EventIndex(self.next_index().0.saturating_sub(1))
    }

    /// Returns the index that the next event will have.
    pub fn next_index(&self) -> EventIndex {
        EventIndex(u32::try_from(self.events.len()).unwrap_or(u32::MAX)).next()
    }

    /// Lists everybody who ever took part, in order of joining.
    pub fn participants(&self) -> &[Participant] {
        &self.participants
    }

    /// Finds a participant.
    pub fn participant(&self, id: ParticipantId) -> Option<&Participant> {
        self.participants.iter().find(|p| p.id == id)
    }

    /// Finds the participant who goes by `nickname` now; the latest, if several do.
    pub fn participant_named(&self, nickname: &str) -> Option<&Participant> {
        self.participants
            .iter()
            .rev()
            .find(|p| p.nickname == nickname)
    }

    /// Finds the visitor.
    pub fn visitor(&self) -> Option<&Participant> {
        self.participant(ParticipantId::VISITOR)
    }

    /// Returns whether an agent has ever accepted this chat.
    pub fn was_accepted(&self) -> bool {
        self.participants.iter().any(|p| p.role == Role::Agent)
    }

    /// Returns whether an agent is in the chat now.
    pub fn has_agent(&self) -> bool {
        self.participants
            .iter()
            .any(|p| p.role == Role::Agent && p.present)
    }

    /// Returns what the visitor is typing, if a preview came since the last message.
    pub fn preview(&self) -> Option<&str> {
        self.preview.as_deref()
    }

    /// Returns up to which event the visitor says to have read.
    pub fn read_up_to(&self) -> Option<EventIndex> {
        self.read_up_to
    }

    /// Returns the data attached to the chat.
    pub fn user_data(&self) -> &BTreeMap<String, String> {
        &self.user_data
    }

    /// Lists the files that were shared, deleted ones included.
    pub fn files(&self) -> &[FileMeta] {
        &self.files
    }

    /// Finds a file.
    pub fn file(&self, id: &FileId) -> Option<&FileMeta> {
        self.files.iter().find(|f| f.id == *id)
    }

    /// Lists the files that the visitor sent, deleted ones included: they still count against the limits.
    pub fn visitor_files(&self) -> impl Iterator<Item = &FileMeta> {
        self.files
            .iter()
            .filter(|f| f.sender == ParticipantId::VISITOR)
    }

    /// Returns when the chat will be closed for idleness (Unix ms), if nobody speaks.
    pub fn idle_deadline_ms(&self) -> Option<i64> {
        self.idle_deadline_ms
    }

    /// Returns when and why the chat ended, if it has.
    pub fn end(&self) -> Option<&End> {
        self.end.as_ref()
    }

    /// Reads what the agents' script noted for itself.
    pub fn script(&self) -> Option<&str> {
        self.script.as_deref()
    }

    pub(super) fn sender(&self, id: ParticipantId) -> Option<Sender> {
        if id == ParticipantId::SERVER {
            return Some(Sender::server());
        }
        self.participant(id).map(|p| Sender {
            participant: p.id,
            nickname: p.nickname.clone(),
            role: p.role,
        })
    }
}

/// The changes, one each.
impl Chat {
    pub(super) fn add_key(&mut self, key: String) {
        self.keys.insert(key.clone());
        self.key = key;
    }

    pub(super) fn set_alias(&mut self, alias: String) {
        self.alias = alias;
    }

    pub(super) fn add_participant(&mut self, participant: Participant) {
        self.participants.push(participant);
    }

    pub(super) fn merge_user_data(&mut self, entries: BTreeMap<String, String>) {
        self.user_data.extend(entries);
    }

    pub(super) fn add_file(&mut self, file: FileMeta) {
        self.files.push(file);
    }

    pub(super) fn count_download(&mut self, id: &FileId) {
        if let Some(file) = self.files.iter_mut().find(|f| f.id == *id) {
            file.downloads = file.downloads.saturating_add(1);
        }
    }

    pub(super) fn set_idle_deadline(&mut self, at_ms: Option<i64>) {
        self.idle_deadline_ms = at_ms;
    }

    pub(super) fn set_script(&mut self, state: String) {
        self.script = Some(state);
    }

    pub(super) fn set_end(&mut self, end: End) {
        self.end = Some(end);
        self.idle_deadline_ms = None;
        self.preview = None;
    }

    pub(super) fn add_event(&mut self, event: Event) {
        self.note_on_participant(&event);
        match &event.kind {
            EventKind::Preview { text } => self.preview = Some(text.clone()),
            EventKind::Read { up_to } => {
                self.read_up_to = self.read_up_to.max(Some(*up_to));
            }
            EventKind::FileDeleted { file } => {
                if let Some(file) = self.files.iter_mut().find(|f| f.id == *file) {
                    file.deleted = true;
                }
            }
            EventKind::Message { .. } | EventKind::TypingStopped
                if event.from.participant == ParticipantId::VISITOR =>
            {
                self.preview = None;
            }
            _ => {}
        }
        self.numbering.count(self.started.dialect, &event);
        self.events.push(event);
    }

    fn note_on_participant(&mut self, event: &Event) {
        let Some(who) = self
            .participants
            .iter_mut()
            .find(|p| p.id == event.from.participant)
        else {
            return;
        };
        match &event.kind {
            EventKind::Joined => {
                who.present = true;
                who.on_hold = false;
            }
            EventKind::Left { reason } => {
                who.present = false;
                who.typing = false;
                who.on_hold = *reason == LeaveReason::Hold;
            }
            EventKind::TypingStarted => who.typing = true,
            EventKind::TypingStopped | EventKind::Message { .. } => who.typing = false,
            EventKind::NicknameUpdated => who.nickname.clone_from(&event.from.nickname),
            _ => {}
        }
    }
}
