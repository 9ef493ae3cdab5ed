//! Anything the visitor, the browser and the server may do, in any order: the driver's checks hold
//! after every step, no word is lost, and in the end all comes to rest.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod common;

use std::time::Duration;

use common::*;
use parlour_chat::{
    ChatCommand, Command, EndReason, EntryId, Failure, FileState, Item, MessageState, Network,
    Panel, Phase, Request, Settings, TabRole, Visibility,
};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

/// One thing that happens.
#[derive(Clone, Debug)]
enum Deed {
    Start,
    Say,
    Draft(u8),
    Attach(u8),
    /// Something is done to some entry.
    ToEntry(Index, u8),
    Rename,
    PushUrl,
    End,
    Reset,
    Panel(bool),
    Visible(bool),
    Online(bool),
    Wait(u16),
    Freeze(u16),
    Reload,
    /// A request under way meets its fate.
    Answer(Index, Fate),
    Progress(Index),
    AgentSays,
    AgentSendsFile,
    AgentComesOrGoes(u8),
    ServerEnds,
}

#[derive(Clone, Debug)]
enum Fate {
    Done,
    LostBefore,
    LostAfter,
    GarbageAfter,
    Busy(u8),
    TryAgain,
    Refused(u8),
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        8 => Just(Fate::Done),
        1 => Just(Fate::LostBefore),
        1 => Just(Fate::LostAfter),
        1 => Just(Fate::GarbageAfter),
        1 => any::<u8>().prop_map(Fate::Busy),
        1 => Just(Fate::TryAgain),
        1 => any::<u8>().prop_map(Fate::Refused),
    ]
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        2 => Just(Deed::Start),
        8 => Just(Deed::Say),
        4 => any::<u8>().prop_map(Deed::Draft),
        3 => any::<u8>().prop_map(Deed::Attach),
        6 => (any::<Index>(), any::<u8>()).prop_map(|(entry, what)| Deed::ToEntry(entry, what)),
        1 => Just(Deed::Rename),
        1 => Just(Deed::PushUrl),
        1 => Just(Deed::End),
        1 => Just(Deed::Reset),
        1 => any::<bool>().prop_map(Deed::Panel),
        1 => any::<bool>().prop_map(Deed::Visible),
        1 => any::<bool>().prop_map(Deed::Online),
        6 => (0u16..9_000).prop_map(Deed::Wait),
        1 => any::<u16>().prop_map(Deed::Freeze),
        2 => Just(Deed::Reload),
        20 => (any::<Index>(), fate()).prop_map(|(request, fate)| Deed::Answer(request, fate)),
        1 => any::<Index>().prop_map(Deed::Progress),
        4 => Just(Deed::AgentSays),
        1 => Just(Deed::AgentSendsFile),
        2 => any::<u8>().prop_map(Deed::AgentComesOrGoes),
        1 => Just(Deed::ServerEnds),
    ]
}

/// A server with one chat at a time.
#[derive(Default)]
struct Desk {
    events: Vec<Value>,
    over: bool,
    files: usize,
}

impl Desk {
    fn record(&mut self, event: impl FnOnce(u64) -> Value) {
        let index = self.next();
        self.events.push(event(index));
    }

    fn next(&self) -> u64 {
        u64::try_from(self.events.len()).unwrap() + 1
    }

    fn serve(&mut self, request: &Request) -> Value {
        let operation = operation_of(request);
        if operation == "start" {
            *self = Self::default();
            self.record(own_join);
            return started();
        }
        if self.over {
            let from = position(request);
            return if operation == "refresh" {
                ended(&self.from(from))
            } else {
                gone()
            };
        }
        match operation.as_str() {
            "refresh" => self.transcript(request),
            "send" => {
                let text = field(request, "message").unwrap();
                self.record(|index| visitor_says(index, &text));
                self.transcript(request)
            }
            "file" => {
                self.files += 1;
                let id = format!("F{}", self.files);
                let parlour_chat::Body::Upload { name, .. } = &request.body else {
                    return gone();
                };
                self.record(|index| uploaded(index, visitor(), &id, name, 5));
                upload_done(&id)
            }
            "disconnect" => {
                self.over = true;
                json!({"messages": null, "chatEnded": null, "statusCode": 0})
            }
            _ => done(),
        }
    }

    fn transcript(&self, request: &Request) -> Value {
        transcript(&self.from(position(request)), self.next())
    }

    fn from(&self, from: u64) -> Vec<Value> {
        let all = self.events.iter();
        all.filter(|event| event["index"].as_u64().unwrap() >= from)
            .cloned()
            .collect()
    }
}

fn position(request: &Request) -> u64 {
    let position = field(request, "transcriptPosition");
    position
        .and_then(|position| position.parse().ok())
        .unwrap_or(1)
}

struct World {
    rig: Rig,
    desk: Desk,
    said: usize,
    /// What the visitor said and has not taken back.
    kept: Vec<String>,
}

impl World {
    fn new() -> Self {
        let mut settings = settings();
        settings.features.typing_preview = true;
        settings.features.read_receipts = true;
        let mut world = Self {
            rig: Rig::with(settings),
            desk: Desk::default(),
            said: 0,
            kept: Vec::new(),
        };
        world.rig.panel(Panel::Open);
        world
    }

    fn happen(&mut self, deed: Deed) {
        match deed {
            Deed::Start => self.anew(Command::Start(maria())),
            Deed::Reset => self.anew(Command::Reset),
            Deed::Say => {
                self.said += 1;
                let text = format!("words {}", self.said);
                let open = self.rig.state().phase == Phase::Chatting;
                self.rig.say(&text);
                if open {
                    self.kept.push(text);
                }
            }
            Deed::Draft(length) => self.rig.draft(&"x".repeat(usize::from(length % 9))),
            Deed::Attach(number) => drop(self.rig.attach(&format!("{}.txt", number % 3), 5)),
            Deed::ToEntry(entry, what) => self.treat(entry, what),
            Deed::Rename => self.rig.command(ChatCommand::Rename("Mia".into())),
            Deed::PushUrl => self
                .rig
                .command(ChatCommand::PushUrl("https://shop.example".into())),
            Deed::End => self.rig.command(Command::End),
            Deed::Panel(open) => self
                .rig
                .panel(if open { Panel::Open } else { Panel::Closed }),
            Deed::Visible(visible) => self.rig.visibility(if visible {
                Visibility::Visible
            } else {
                Visibility::Hidden
            }),
            Deed::Online(online) => {
                self.rig.network(if online {
                    Network::Online
                } else {
                    Network::Offline
                });
            }
            Deed::Wait(wait) => self.rig.advance(Duration::from_millis(wait.into())),
            Deed::Freeze(wait) => self.rig.freeze(Duration::from_millis(wait.into())),
            Deed::Reload => {
                if self.rig.state().phase != Phase::Starting {
                    self.rig.reload();
                    self.rig.panel(Panel::Open);
                }
            }
            Deed::Answer(request, fate) => self.answer(request, &fate),
            Deed::Progress(request) => {
                let mut transfers = self.rig.pending();
                transfers.retain(|request| {
                    let operation = operation_of(request);
                    operation == "file" || operation.ends_with("/download")
                });
                if !transfers.is_empty() {
                    self.rig.progress_id(request.get(&transfers).id, 2, 5);
                }
            }
            Deed::AgentSays if self.desk.over => {}
            Deed::AgentSays => self.desk.record(|index| agent_says(index, "mhm")),
            Deed::AgentSendsFile => {
                self.desk
                    .record(|index| uploaded(index, agent(), "F-agent", "offer.pdf", 9));
            }
            Deed::AgentComesOrGoes(how) => self.desk.record(|index| match how % 5 {
                0 => agent_joins(index),
                1 => agent_leaves(index, None),
                2 => agent_leaves(index, Some("HOLD")),
                3 => agent_leaves(index, Some("TRANSFER")),
                _ => agent_types(index),
            }),
            Deed::ServerEnds => self.desk.over = true,
        }
        self.check();
    }

    /// A new chat, or none: what was not sent goes into the composer.
    fn anew(&mut self, command: Command) {
        let over = matches!(self.rig.state().phase, Phase::Ended(_));
        let unsent: Vec<String> = self.unsent();
        self.rig.command(command);
        if over {
            for text in unsent {
                assert!(
                    self.rig.composer.contains(&text),
                    "{text} of {}",
                    self.rig.composer
                );
            }
            self.kept.clear();
        }
    }

    fn unsent(&self) -> Vec<String> {
        let failed = |entry: &parlour_chat::Entry| match &entry.item {
            Item::Message {
                text,
                state: MessageState::Failed(_),
                ..
            } => Some(text.clone()),
            _ => None,
        };
        self.rig.entries().iter().filter_map(failed).collect()
    }

    fn treat(&mut self, entry: Index, what: u8) {
        let ids: Vec<EntryId> = self.rig.entries().iter().map(|entry| entry.id).collect();
        if ids.is_empty() {
            return;
        }
        let id = *entry.get(&ids);
        let text = match &self.rig.entry(id).item {
            Item::Message {
                text,
                state: MessageState::Failed(_),
                ..
            } => Some(text.clone()),
            _ => None,
        };
        let command = match what % 6 {
            0 => ChatCommand::Discard(id),
            1 => ChatCommand::Edit(id),
            2 => ChatCommand::CancelUpload(id),
            3 => ChatCommand::Download(id),
            4 => ChatCommand::DeleteFile(id),
            _ => ChatCommand::Retry(id),
        };
        if matches!(command, ChatCommand::Discard(_) | ChatCommand::Edit(_)) {
            self.kept.retain(|kept| Some(kept) != text.as_ref());
        }
        self.rig.command(command);
    }

    fn answer(&mut self, request: Index, fate: &Fate) {
        let pending = self.rig.pending();
        if pending.is_empty() {
            return;
        }
        let request = request.get(&pending);
        let id = request.id;
        match fate {
            Fate::Done => {
                let reply = self.desk.serve(request);
                self.rig.answer_id(id, http(200, &reply.to_string()));
            }
            Fate::LostBefore => self.rig.fail_id(id, Failure::Unreachable),
            Fate::LostAfter => {
                self.desk.serve(request);
                self.rig.fail_id(id, Failure::Unreachable);
            }
            Fate::GarbageAfter => {
                self.desk.serve(request);
                self.rig.answer_id(id, http(502, "<html>Bad Gateway"));
            }
            Fate::Busy(wait) => {
                self.rig.answer_id(
                    id,
                    retry_after(503, Duration::from_secs((wait % 20).into())),
                );
            }
            Fate::TryAgain => self.rig.answer_id(id, http(200, &try_again().to_string())),
            Fate::Refused(code) => {
                let codes = [249, 204, 201, 202, 161, 7];
                let code = codes[usize::from(code % 6)];
                self.rig
                    .answer_id(id, http(200, &refusal(code, "3").to_string()));
            }
        }
    }

    /// Whatever was said is there once, or will be when the transcript is read again.
    fn check(&self) {
        let texts = self.rig.texts();
        for text in &self.kept {
            let count = texts.iter().filter(|shown| *shown == text).count();
            let recorded = || {
                self.desk
                    .events
                    .iter()
                    .any(|event| event["text"] == json!(text))
            };
            assert!(
                count == 1 || count == 0 && recorded(),
                "{text} in {}",
                self.rig.describe()
            );
        }
        // An end that the server told was read to its last word.
        if self.rig.state().phase == Phase::Ended(EndReason::ByServer) {
            let said = self.desk.events.iter();
            let said = said.filter(|event| event["text"] == json!("mhm")).count();
            let shown = texts.iter().filter(|text| *text == "mhm").count();
            assert_eq!(shown, said, "{}", self.rig.describe());
        }
    }

    /// A good server and a patient visitor, until nothing more changes.
    fn come_to_rest(&mut self) {
        self.rig.network(Network::Online);
        let end = self.rig.now.moment + secs(300);
        while self.rig.now.moment < end && self.rig.will_wake() {
            for request in self.rig.pending() {
                let reply = self.desk.serve(&request);
                self.rig
                    .answer_id(request.id, http(200, &reply.to_string()));
            }
            self.rig.advance(millis(500));
        }
        self.check();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_word_is_lost_and_all_comes_to_rest(deeds in proptest::collection::vec(deed(), 1..120)) {
        let mut world = World::new();
        world.happen(Deed::Start);
        for deed in deeds {
            world.happen(deed);
        }
        world.come_to_rest();
        let rig = &world.rig;
        for entry in rig.entries() {
            let rests = match &entry.item {
                Item::Message { state, .. } => *state != MessageState::Sending,
                Item::File { file, .. } => !matches!(
                    file.state,
                    FileState::Uploading { .. } | FileState::Downloading { .. }
                ),
                _ => true,
            };
            prop_assert!(rests, "{}", rig.describe());
        }
        prop_assert!(
            !matches!(rig.state().phase, Phase::Starting | Phase::Ending),
            "{}",
            rig.describe()
        );
        // The timeline has what the server has, in its order.
        if rig.state().phase == Phase::Chatting {
            let recorded: Vec<&str> =
                world.desk.events.iter().filter_map(|event| event["text"].as_str()).collect();
            let shown: Vec<String> = rig
                .entries()
                .iter()
                .filter_map(|entry| match &entry.item {
                    Item::Message { text, state: MessageState::Sent, .. } => Some(text.clone()),
                    _ => None,
                })
                .collect();
            prop_assert_eq!(shown, recorded);
        }
    }
}

#[test]
fn a_tab_that_follows_for_a_while_loses_nothing() {
    let mut rig = Rig::with_agent_and(Settings {
        tab: "one".into(),
        ..settings()
    });
    rig.role(TabRole::Follows);
    rig.say("hello");
    rig.serve(secs(60));
    rig.role(TabRole::Leads);
    rig.serve(secs(60));
    assert_eq!(rig.lines(), ["Anna joined", "me: hello"]);
}
