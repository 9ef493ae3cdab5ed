use leptos::prelude::Set as _;
use parlour_chat::{Command, Phase, RefusalReason, State};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlInputElement;

use crate::stage::{Stage, refusal};

async fn opened() -> Stage {
    let stage = Stage::new();
    stage.store.set_open(true);
    stage.one("[part~=form]").await;
    stage
}

#[wasm_bindgen_test]
async fn a_missing_answer_is_tied_to_its_field_and_focused() {
    let stage = opened().await;
    stage.one("[part~=submit]").await.click();
    let wrong = stage.one("[name=firstName][aria-invalid=true]").await;
    stage.focused("[name=firstName]").await;
    let described = wrong
        .get_attribute("aria-describedby")
        .expect("a description");
    let error = stage.one("[part~=field] [part~=error]").await;
    assert_eq!(described, error.id());
    assert!(
        !stage
            .commands()
            .iter()
            .any(|it| matches!(it, Command::Start(_)))
    );
}

#[wasm_bindgen_test]
async fn blanks_are_no_answer_and_an_address_must_look_like_one() {
    let stage = opened().await;
    stage.write("[name=firstName]", "  ").await;
    stage.write("[name=lastName]", "Curie").await;
    stage.write("[name=email]", "nowhere").await;
    stage.one("[part~=submit]").await.click();
    stage.one("[name=firstName][aria-invalid=true]").await;
    stage.one("[name=email][aria-invalid=true]").await;
    assert!(stage.all("[name=lastName][aria-invalid=true]").is_empty());
}

#[wasm_bindgen_test]
async fn answers_are_remembered_until_the_chat_begins() {
    let stage = opened().await;
    stage.write("[name=firstName]", "Marie").await;
    assert!(stage.answers().is_some_and(|kept| kept.contains("Marie")));
    stage.store.state().set(crate::stage::chatting());
    stage
        .until("them to be forgotten", || {
            stage.answers().is_none().then_some(())
        })
        .await;
}

#[wasm_bindgen_test]
async fn answers_go_where_their_roles_say() {
    let stage = opened().await;
    stage.write("[name=firstName]", " Marie ").await;
    stage.write("[name=lastName]", "Curie").await;
    stage.one("[part~=submit]").await.click();
    let given = stage
        .until("a start", || {
            stage
                .commands()
                .into_iter()
                .find_map(|command| match command {
                    Command::Start(given) => Some(given),
                    _ => None,
                })
        })
        .await;
    assert_eq!(given.first_name.as_deref(), Some("Marie"));
    assert_eq!(given.last_name.as_deref(), Some("Curie"));
    assert_eq!(given.email, None, "left blank");
}

#[wasm_bindgen_test]
async fn a_refused_start_says_why_and_keeps_the_answers() {
    let stage = opened().await;
    stage.write("[name=firstName]", "Marie").await;
    stage.store.state().set(State {
        phase: Phase::Starting,
        ..State::default()
    });
    stage
        .one("[part~=form][data-state=sending] [part~=submit][aria-disabled=true]")
        .await;
    let refused = Phase::Refused(refusal(RefusalReason::Unreachable, None));
    stage.store.state().set(State {
        phase: refused,
        ..State::default()
    });
    stage
        .says("[role=alert] [part~=error]", "could not reach")
        .await;
    let first: HtmlInputElement = stage.one("[name=firstName]").await.unchecked_into();
    assert_eq!(first.value(), "Marie");
}

#[wasm_bindgen_test]
async fn a_refused_address_is_reported_at_its_field() {
    let stage = opened().await;
    let refused = Phase::Refused(refusal(RefusalReason::EmailInvalid, None));
    stage.store.state().set(State {
        phase: refused,
        ..State::default()
    });
    stage.focused("[name=email][aria-invalid=true]").await;
}

#[wasm_bindgen_test]
async fn a_mistake_is_forgiven_as_soon_as_one_works_on_it() {
    let stage = opened().await;
    stage.one("[part~=submit]").await.click();
    stage.one("[name=firstName][aria-invalid=true]").await;
    stage.write("[name=firstName]", "M").await;
    stage.none("[name=firstName][aria-invalid=true]").await;
}
