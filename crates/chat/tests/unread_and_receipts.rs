//! What the visitor has not seen yet, and what the agent is told of what they have.

mod common;

use common::*;
use parlour_chat::{Panel, Settings, Visibility};
use serde_json::json;

fn with_receipts() -> Settings {
    let mut settings = settings();
    settings.features.read_receipts = true;
    settings
}

#[test]
fn counts_what_others_said_while_the_panel_was_closed() {
    let mut rig = Rig::with_agent();
    rig.panel(Panel::Closed);
    let events = [
        agent_says(3, "one"),
        with(
            event(4, "PushUrl", agent()),
            "text",
            json!("https://shop.example"),
        ),
        uploaded(5, agent(), "F1", "a.pdf", 3),
        visitor_says(6, "from my phone"),
        agent_types(7),
        event(8, "ParticipantJoined", colleague()),
        with(event(9, "Message", system()), "text", json!("you are next")),
    ];
    rig.refresh(&events, 10);
    assert_eq!(rig.state().unread, 4);
    rig.panel(Panel::Open);
    assert_eq!(rig.state().unread, 0);
    rig.refresh(&[agent_says(10, "two")], 11);
    assert_eq!(rig.state().unread, 0, "the visitor is looking");
}

#[test]
fn an_open_panel_of_a_hidden_page_is_not_seen() {
    let mut rig = Rig::with_agent();
    rig.visibility(Visibility::Hidden);
    rig.refresh(&[agent_says(3, "one")], 4);
    assert_eq!(rig.state().unread, 1);
    rig.panel(Panel::Closed);
    rig.visibility(Visibility::Visible);
    assert_eq!(rig.state().unread, 1);
    rig.panel(Panel::Open);
    assert_eq!(rig.state().unread, 0);
}

#[test]
fn what_was_not_read_of_a_chat_that_is_over_stays_unread() {
    let mut rig = Rig::with_agent();
    rig.panel(Panel::Closed);
    rig.refresh(&[agent_says(3, "one"), agent_says(4, "two")], 5);
    rig.wait_for("refresh");
    rig.answer("refresh", ended(&[]));
    assert_eq!(rig.state().unread, 2);
    rig.reload();
    assert_eq!(rig.state().unread, 2, "after a reload");
    rig.panel(Panel::Open);
    assert_eq!(rig.state().unread, 0);
    rig.reload();
    assert_eq!(rig.state().unread, 0, "it was read");
}

#[test]
fn what_comes_twice_counts_once() {
    let mut rig = Rig::with_agent();
    rig.panel(Panel::Closed);
    rig.refresh(&[agent_says(3, "one")], 4);
    rig.refresh(&[agent_says(3, "one")], 4);
    assert_eq!(rig.state().unread, 1);
}

#[test]
fn survives_a_reload() {
    let mut rig = Rig::with_agent();
    rig.refresh(&[agent_says(3, "seen")], 4);
    rig.panel(Panel::Closed);
    rig.refresh(&[agent_says(4, "one"), agent_says(5, "two")], 6);
    rig.reload();
    let whole = [
        own_join(1),
        agent_joins(2),
        agent_says(3, "seen"),
        agent_says(4, "one"),
    ];
    let rest = [agent_says(5, "two"), agent_says(6, "while reloading")];
    rig.refresh(&[&whole[..], &rest].concat(), 7);
    assert_eq!(rig.state().unread, 3);
    assert_eq!(rig.incoming, ["Anna: while reloading"], "only what is new");
}

#[test]
fn stays_after_the_end_until_looked_at() {
    let mut rig = Rig::with_agent();
    rig.panel(Panel::Closed);
    rig.answer_next("refresh", ended(&[agent_says(3, "bye")]));
    assert_eq!(rig.state().unread, 1);
    rig.panel(Panel::Open);
    assert_eq!(rig.state().unread, 0);
}

#[test]
fn what_others_do_is_news_and_so_is_the_servers_end() {
    let mut rig = Rig::with_agent();
    let sue = json!({"nickname": "Sue", "participantId": 9, "type": "Supervisor"});
    let events = [
        agent_says(3, "one"),
        visitor_says(4, "from my phone"),
        with(event(5, "Message", sue), "text", json!("two")),
        with(event(6, "Message", system()), "text", json!("three")),
        agent_types(7),
        agent_leaves(8, None),
    ];
    rig.refresh(&events, 9);
    let news = [
        "Anna joined",
        "Anna: one",
        "Sue: two",
        "system: three",
        "Anna left",
    ];
    assert_eq!(rig.incoming, news);
    rig.answer_next("refresh", ended(&[agent_says(9, "bye")]));
    assert_eq!(rig.incoming[5..], ["Anna: bye", "ended ByServer"]);
    rig.reload();
    assert!(rig.incoming.is_empty(), "the end is told once");
}

#[test]
fn an_end_that_the_visitor_asked_for_is_no_news() {
    let mut rig = Rig::with_agent();
    rig.command(parlour_chat::Command::End);
    rig.answer_next("disconnect", ended(&[]));
    assert_eq!(rig.incoming, ["Anna joined"]);
}

#[test]
fn no_receipts_unless_the_tenant_wants_them() {
    let mut rig = Rig::with_agent();
    rig.refresh(&[agent_says(3, "one")], 4);
    rig.serve(secs(60));
    assert_eq!(rig.times("readReceipt").len(), 0);
}

#[test]
fn a_receipt_names_the_last_event_that_was_seen() {
    let mut rig = Rig::with_agent_and(with_receipts());
    rig.refresh(
        &[agent_says(3, "one"), agent_says(5, "two"), agent_types(6)],
        9,
    );
    assert_eq!(
        rig.field("readReceipt", "transcriptPosition").as_deref(),
        Some("5")
    );
    rig.answer_rest();
    rig.serve(secs(60));
    assert_eq!(rig.times("readReceipt").len(), 1);
}

#[test]
fn no_receipt_for_what_was_not_seen() {
    let mut rig = Rig::with_agent_and(with_receipts());
    rig.panel(Panel::Closed);
    rig.refresh(&[agent_says(3, "one")], 4);
    rig.refresh(&[agent_says(4, "two")], 5);
    rig.serve(secs(60));
    assert_eq!(rig.times("readReceipt").len(), 0);
    rig.panel(Panel::Open);
    assert_eq!(
        rig.field("readReceipt", "transcriptPosition").as_deref(),
        Some("4")
    );
}

#[test]
fn no_receipt_for_ones_own_words() {
    let mut rig = Rig::with_agent_and(with_receipts());
    rig.refresh(&[visitor_says(3, "from my phone")], 4);
    assert!(!rig.is_pending("readReceipt"));
}

#[test]
fn a_lost_receipt_is_repeated_unless_a_newer_one_is_due() {
    let mut rig = Rig::with_agent_and(with_receipts());
    rig.refresh(&[agent_says(3, "one")], 4);
    rig.fail("readReceipt");
    rig.wait_until("another receipt", |rig| rig.is_pending("readReceipt"));
    assert_eq!(
        rig.field("readReceipt", "transcriptPosition").as_deref(),
        Some("3")
    );
    if rig.is_pending("refresh") {
        rig.answer("refresh", transcript(&[agent_says(4, "two")], 5));
    } else {
        rig.refresh(&[agent_says(4, "two")], 5);
    }
    rig.answer_rest();
    let receipts = rig
        .log
        .iter()
        .filter(|(_, request)| operation_of(request) == "readReceipt");
    let positions: Vec<_> = receipts
        .filter_map(|(_, request)| field(request, "transcriptPosition"))
        .collect();
    assert_eq!(positions, ["3", "3", "4"]);
}

#[test]
fn a_reload_repeats_no_receipt() {
    let mut rig = Rig::with_agent_and(with_receipts());
    rig.refresh(&[agent_says(3, "one")], 4);
    rig.answer_rest();
    rig.reload();
    rig.panel(Panel::Open);
    rig.refresh(&[own_join(1), agent_joins(2), agent_says(3, "one")], 4);
    rig.answer_rest();
    assert_eq!(rig.times("readReceipt").len(), 0);
}

#[test]
fn a_server_that_knows_no_receipts_does_not_disturb() {
    let mut rig = Rig::with_agent_and(with_receipts());
    rig.refresh(&[agent_says(3, "one")], 4);
    rig.answer_with("readReceipt", http(404, "<h1>Not Found</h1>"));
    rig.serve(secs(60));
    assert_eq!(rig.times("readReceipt").len(), 1);
    assert_eq!(rig.state().refusal, None);
}
