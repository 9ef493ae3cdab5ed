//! GMS v2 over CometD: one line that is kept up, on which one message is published at a time and the news come
//! by themselves; whatever breaks, the transcript is read again from before it.

#![expect(clippy::panic, reason = "a test may fail")]

#[path = "../common/mod.rs"]
mod common;

mod chat;
mod pages;
mod polls;
mod sending;

use common::line::{self, channels};
use common::*;
use parlour_chat::{
    Body, Command, DialectKind, EndReason, EntryId, Failure, FileState, Item, MessageState,
    Network, Panel, Phase, RefusalReason, Settings, Visibility,
};
use serde_json::{Value, json};

const FILES: &str = "https://chat.example/genesys/2/chat-ntf";

fn settings() -> Settings {
    let mut settings = Settings {
        dialect: DialectKind::GmsV2Cometd,
        ..steady()
    };
    settings.features.files = false;
    settings
}

/// A chat with an agent (event 2), all of whose news have come.
fn chatting() -> Rig {
    chatting_with(settings())
}

fn chatting_with(settings: Settings) -> Rig {
    let mut rig = Rig::with(settings);
    rig.start();
    rig.open_the_line();
    rig.hear("start", &[started()]);
    rig.hear("poll", &[transcript(&[agent_joins(2)], 3)]);
    rig.panel(Panel::Open);
    assert_eq!(rig.lines(), ["Anna joined"]);
    rig
}

fn state_of(rig: &Rig, entry: EntryId) -> MessageState {
    match &rig.entry(entry).item {
        Item::Message { state, .. } => state.clone(),
        other => panic!("no message: {other:?}"),
    }
}

fn failed_because(rig: &Rig, entry: EntryId) -> Option<RefusalReason> {
    match state_of(rig, entry) {
        MessageState::Failed(refusal) => Some(refusal.reason),
        _ => None,
    }
}

fn position(rig: &Rig) -> Option<String> {
    rig.field("refresh", "transcriptPosition")
}

/// The only operation under way beside the poll.
fn alone(rig: &Rig) -> Option<String> {
    let mut operations = rig.pending_operations();
    operations.retain(|operation| operation != "poll");
    assert!(operations.len() < 2, "{operations:?}");
    operations.pop()
}
