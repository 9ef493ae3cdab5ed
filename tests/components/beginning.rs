//! What stands before the first line.

use leptos::prelude::Set as _;
use parlour_chat::{Agents, MessageState, State};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::stage::{Stage, annas, chatting, mine};

const PICTURE: &str =
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 4'/%3E";

fn waiting() -> State {
    State {
        agents: Agents::Awaited,
        participants: Vec::new(),
        question: Some("Does the tent leak? See https://example.com/tent".into()),
        ..chatting()
    }
}

#[wasm_bindgen_test]
async fn the_visitors_question_comes_first_then_the_greeting_and_what_is_next() {
    let stage = Stage::new();
    stage.store.state().set(waiting());
    stage.store.set_open(true);
    stage.says("[part~=question]", "Does the tent leak?").await;
    stage.one("[part~=question] a").await;
    stage.says("[part~=greeting]", "thank you").await;
    stage
        .says("[data-state=next]", "will read what you write")
        .await;
    stage.append([mine("Hello?", MessageState::Sent), annas("It does not.")]);
    stage.store.state().set(State {
        agents: Agents::Present,
        ..waiting()
    });
    stage.none("[data-state=next]").await;
    let parts = stage.all("[part~=question], [part~=greeting], [part~=message]");
    let parts: Vec<_> = parts
        .iter()
        .filter_map(|it| it.get_attribute("part"))
        .collect();
    assert_eq!(parts, ["question", "greeting", "message", "message"]);
    assert_eq!(stage.commands().len(), 1, "nothing is sent because of it");
}

#[wasm_bindgen_test]
async fn a_tenant_greets_in_its_own_words_beside_its_picture() {
    let config = format!(
        r#"{{"tenant": "acme", "server": {{"service": "support"}},
            "theme": {{"avatar": "{PICTURE}"}}, "texts": {{"en": {{"greeting.text": "Ahoy!"}}}}}}"#
    );
    let stage = Stage::with_config(&config);
    stage.store.state().set(chatting());
    stage.store.set_open(true);
    stage.says("[part~=greeting]", "Ahoy!").await;
    stage.one(".greeting > [part~=avatar]").await;
    stage.none("[part~=question]").await;
    drop(stage);

    let stage = Stage::with_config(&config.replace("Ahoy!", ""));
    stage.store.state().set(waiting());
    stage.store.set_open(true);
    stage.one("[part~=question]").await;
    stage.none("[part~=greeting]").await;
}

#[wasm_bindgen_test]
async fn what_stood_there_before_a_reload_is_no_news() {
    let stage = Stage::prepared(|store| store.state().set(waiting()));
    stage.store.set_open(true);
    stage.one(".beginning[aria-live=off]").await;
}
