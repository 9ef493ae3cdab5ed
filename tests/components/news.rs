use leptos::prelude::Set as _;
use parlour_chat::{Author, EndReason, IdleWarning, Item, State};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::stage::{Stage, anna, annas, chatting};

const PREVIEW: &str = "[part~=preview]";
const SPOKEN: &str = "[aria-live=polite]";

/// A widget with a chat going on and its panel closed.
fn closed() -> Stage {
    Stage::prepared(|store| store.state().set(chatting()))
}

#[wasm_bindgen_test]
async fn what_came_stands_beside_the_launcher_and_a_click_leads_to_it() {
    let stage = closed();
    stage.one("[part~=launcher]").await;
    assert!(stage.all(PREVIEW).is_empty(), "nothing came");
    stage.store.add_arrival(annas("Your parcel is on its way."));
    stage
        .says(PREVIEW, "Anna: Your parcel is on its way.")
        .await;
    stage.store.add_arrival(annas("Anything else?"));
    stage.says(PREVIEW, "Anna: Anything else?").await;
    stage.one("[part~=preview] button").await.click();
    stage.one("[data-panel=open]").await;
    stage.none(PREVIEW).await;
}

#[wasm_bindgen_test]
async fn a_preview_can_be_dismissed_and_the_next_message_shows_again() {
    let stage = closed();
    stage.store.add_arrival(annas("one"));
    stage.one("[aria-label=Dismiss]").await.click();
    stage.none(PREVIEW).await;
    stage.one("[data-panel=closed]").await;
    stage.store.add_arrival(annas("two"));
    stage.says(PREVIEW, "Anna: two").await;
}

#[wasm_bindgen_test]
async fn a_screen_reader_is_told_each_line_outside_of_the_closed_panel() {
    let stage = closed();
    let region = stage.one(SPOKEN).await;
    assert_eq!(region.text_content().as_deref(), Some(""));
    assert!(region.closest("[inert]").expect("a selector").is_none());
    let link = Item::Link {
        from: Author::Other(anna()),
        url: "https://shop.example/returns".into(),
    };
    for item in [
        Item::Joined(anna()),
        annas("Hello"),
        link,
        Item::Ended(EndReason::ByServer),
    ] {
        stage.store.add_arrival(item);
        stage.settle().await;
    }
    let lines: Vec<_> = stage.all("[aria-live=polite] p");
    let lines: Vec<_> = lines
        .iter()
        .filter_map(|line| line.text_content())
        .collect();
    assert_eq!(
        lines,
        [
            "Anna joined the chat",
            "Anna: Hello",
            "Anna suggests this page",
            "The chat has ended."
        ]
    );
    stage.store.set_open(true);
    stage.none("[aria-live=polite] p").await;
}

#[wasm_bindgen_test]
async fn each_arrival_calls_for_attention_in_few_words() {
    let stage = closed();
    stage.store.add_arrival(annas("Hello"));
    stage
        .until("an alert", || stage.alerts().first().cloned())
        .await;
    stage.store.add_arrival(annas(&"ä".repeat(500)));
    let long = stage
        .until("another", || stage.alerts().get(1).cloned())
        .await;
    assert_eq!(stage.alerts()[0], "Anna: Hello");
    assert_eq!(long.chars().count(), 141);
    assert!(
        long.starts_with("Anna: ää") && long.ends_with('…'),
        "{long}"
    );
    stage.store.clear_arrivals();
    stage.settle().await;
    assert_eq!(stage.alerts().len(), 2, "to look calls for nothing");
}

#[wasm_bindgen_test]
async fn the_launcher_tells_a_visitor_who_returns_that_a_chat_goes_on() {
    let stage = closed();
    stage.one("[part~=badge][data-state=ongoing]").await;
    stage
        .one("[part~=launcher][aria-label$='your chat goes on']")
        .await;
    stage.store.set_open(true);
    stage.none("[part~=badge]").await;
}

#[wasm_bindgen_test]
async fn sound_and_notifications_are_switched_in_the_menu() {
    let stage = Stage::new();
    stage.set_can_notify();
    stage.store.sounds().set(true);
    stage.store.state().set(chatting());
    stage.store.set_open(true);
    stage.one("[part~=menu]").await.click();
    stage.one("[part~=sound][aria-checked=true]").await.click();
    stage.none("[role=menu]").await;
    stage.focused("[part~=menu]").await;
    stage.one("[part~=menu]").await.click();
    stage
        .one("[part~=notifications][aria-checked=false]")
        .await
        .click();
    assert_eq!(stage.alerts(), ["sound false", "notifications true"]);
}

#[wasm_bindgen_test]
async fn a_browser_without_notifications_offers_none() {
    let stage = Stage::chatting().await;
    stage.one("[part~=menu]").await.click();
    stage.one("[part~=sound]").await;
    assert!(stage.all("[part~=notifications]").is_empty());
}

#[wasm_bindgen_test]
async fn a_chat_that_is_about_to_close_calls_for_a_visitor_who_does_not_look() {
    let stage = closed();
    let idle = State {
        idle: Some(IdleWarning { closes_at: None }),
        ..chatting()
    };
    stage.store.state().set(idle.clone());
    stage.says(PREVIEW, "Are you still there?").await;
    stage.says(SPOKEN, "The chat is about to close.").await;
    stage
        .until("an alert", || stage.alerts().first().cloned())
        .await;
    // Something else changes.
    stage.store.state().set(State { unread: 1, ..idle });
    stage.frames(2).await;
    assert_eq!(stage.alerts().len(), 1, "{:?}", stage.alerts());
    stage.store.state().set(chatting());
    stage.none(PREVIEW).await;
}

#[wasm_bindgen_test]
async fn a_preview_that_is_dismissed_leaves_the_focus_on_the_launcher() {
    let stage = closed();
    stage.store.add_arrival(annas("one"));
    let dismiss = stage.one("[aria-label=Dismiss]").await;
    dismiss.focus().expect("focused");
    dismiss.click();
    stage.none(PREVIEW).await;
    stage.focused("[part~=launcher]").await;
}

#[wasm_bindgen_test]
async fn what_the_tenant_switches_off_does_not_call_for_attention() {
    let stage = Stage::with_config(
        r#"{"tenant": "acme", "server": {"service": "support"},
            "attention": {"preview": false, "sound": false}}"#,
    );
    stage.store.state().set(chatting());
    stage.store.add_arrival(annas("Hello"));
    // To a screen reader the words are not a matter of taste.
    stage.says(SPOKEN, "Anna: Hello").await;
    stage.settle().await;
    assert!(stage.all(PREVIEW).is_empty());
    stage.store.set_open(true);
    stage.one("[part~=menu]").await.click();
    stage.one("[part~=print]").await;
    assert!(stage.all("[part~=sound]").is_empty());
}
