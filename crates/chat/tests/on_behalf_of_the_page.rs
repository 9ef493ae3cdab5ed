//! What the page sends by itself, beside what the visitor is writing.

mod common;

use common::*;
use parlour_chat::{ChatCommand, DialectKind, RefusalReason};

fn data(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let pair = |(key, value): &(&str, &str)| ((*key).into(), (*value).into());
    pairs.iter().map(pair).collect()
}

#[test]
fn a_message_of_the_page_leaves_the_draft_and_its_files_alone() {
    let mut rig = Rig::with_agent();
    rig.draft("I was about to");
    let file = rig.new_file("torn.png", 3);
    rig.command(ChatCommand::Attach(vec![file]));
    rig.command(ChatCommand::Send("Order 17 was opened".into()));
    assert!(rig.is_pending("send"));
    assert!(!rig.is_pending("file"));
    assert_eq!(rig.composer, "I was about to");
    assert_eq!(rig.state().attachments.len(), 1);
    rig.answer(
        "send",
        transcript(&[visitor_says(3, "Order 17 was opened")], 4),
    );
    assert_eq!(rig.lines().last().unwrap(), "me: Order 17 was opened");
}

#[test]
fn a_message_of_the_page_needs_a_chat_and_room() {
    let mut rig = Rig::new();
    rig.command(ChatCommand::Send("hello".into()));
    assert_eq!((rig.requests(), rig.lines().len()), (0, 0));
    let mut rig = Rig::with_agent();
    let before = rig.lines();
    for text in [" \n".to_owned(), "x".repeat(14_001)] {
        rig.command(ChatCommand::Send(text));
    }
    assert_eq!(rig.lines(), before);
}

#[test]
fn a_file_of_the_page_leaves_at_once_and_by_itself() {
    let mut rig = Rig::with_agent();
    let attached = rig.new_file("torn.png", 3);
    rig.command(ChatCommand::Attach(vec![attached]));
    let file = rig.new_file("../receipt.pdf", 3);
    rig.command(ChatCommand::SendFile(file));
    assert!(rig.is_pending("file"));
    assert_eq!(
        rig.lines().last().unwrap(),
        "me: file receipt.pdf (uploading 0/3)"
    );
    assert_eq!(rig.state().attachments.len(), 1);
    let empty = rig.new_file("empty.txt", 0);
    rig.command(ChatCommand::SendFile(empty));
    let refused = &rig.state().refused_files;
    assert_eq!(refused[0].refusal.reason, RefusalReason::FileEmpty);
}

#[test]
fn data_of_the_page_goes_with_the_next_chat() {
    let mut rig = Rig::new();
    rig.command(update_data(data(&[("cart", "1"), ("plan", "gold")])));
    rig.command(update_data(data(&[("cart", "2")])));
    assert_eq!(rig.state().refusal, None);
    rig.start();
    let sent = |key: &str| rig.field("start", &format!("userData[{key}]"));
    assert_eq!(sent("cart").as_deref(), Some("2"));
    assert_eq!(sent("plan").as_deref(), Some("gold"));
}

#[test]
fn data_waits_for_the_next_chat_where_a_chat_takes_none() {
    let mut settings = settings();
    settings.dialect = DialectKind::GmsV1;
    let mut rig = Rig::with(settings);
    rig.start();
    assert!(!rig.state().offers.user_data && !rig.state().offers.push_url);
    rig.command(update_data(data(&[("cart", "1")])));
    assert_eq!(
        rig.state().refusal,
        None,
        "the visitor has asked for nothing"
    );
}
