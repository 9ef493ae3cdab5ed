use js_sys::Array;
use leptos::prelude::{GetUntracked as _, Set as _};
use parlour_chat::{Command, FileLimits, Offers, Phase, State};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{DataTransfer, Event, File, HtmlInputElement, HtmlTextAreaElement};

use crate::stage::{LONGEST, Stage, chatting};

const INPUT: &str = "[part~=input]";

fn sent_texts(stage: &Stage) -> Vec<String> {
    let text = |command| match command {
        Command::Say(text) => Some(text),
        _ => None,
    };
    stage.commands().into_iter().filter_map(text).collect()
}

async fn value(stage: &Stage) -> String {
    stage
        .one(INPUT)
        .await
        .unchecked_into::<HtmlTextAreaElement>()
        .value()
}

#[wasm_bindgen_test]
async fn enter_sends_and_empties_the_box() {
    let stage = Stage::chatting().await;
    stage.write(INPUT, "Hello").await;
    assert!(stage.press(INPUT, "Enter", |_| ()).await);
    assert_eq!(sent_texts(&stage), ["Hello"]);
    stage
        .until("an empty box", || {
            stage.store.draft().get_untracked().is_empty().then_some(())
        })
        .await;
    stage.settle().await;
    assert_eq!(value(&stage).await, "");
}

#[wasm_bindgen_test]
async fn a_click_on_send_leaves_the_focus_in_the_box() {
    let stage = Stage::chatting().await;
    stage.write(INPUT, "Hello").await;
    let send = stage.one("[part~=send]:enabled").await;
    send.focus().expect("focused");
    send.click();
    stage.focused(INPUT).await;
    assert_eq!(sent_texts(&stage), ["Hello"]);
}

#[wasm_bindgen_test]
async fn shift_and_enter_is_a_new_line() {
    let stage = Stage::chatting().await;
    stage.write(INPUT, "Hello").await;
    assert!(
        !stage
            .press(INPUT, "Enter", |key| key.set_shift_key(true))
            .await
    );
    assert!(sent_texts(&stage).is_empty());
}

#[wasm_bindgen_test]
async fn enter_that_ends_a_composition_sends_nothing() {
    let stage = Stage::chatting().await;
    stage.write(INPUT, "にほん").await;
    assert!(
        !stage
            .press(INPUT, "Enter", |key| key.set_is_composing(true))
            .await
    );
    assert!(
        !stage
            .press(INPUT, "Enter", |key| key.set_key_code(229))
            .await
    );
    assert!(sent_texts(&stage).is_empty());
}

#[wasm_bindgen_test]
async fn blanks_are_not_sent() {
    let stage = Stage::chatting().await;
    stage.write(INPUT, " \n ").await;
    stage.press(INPUT, "Enter", |_| ()).await;
    assert!(sent_texts(&stage).is_empty());
    assert!(stage.one("[part~=send]").await.has_attribute("disabled"));
}

#[wasm_bindgen_test]
async fn a_message_that_is_too_long_stays_and_says_by_how_much() {
    let stage = Stage::chatting().await;
    let long = "a".repeat(LONGEST + 3);
    stage.write(INPUT, &long).await;
    stage.says("#counter", "3 characters too many").await;
    stage.press(INPUT, "Enter", |_| ()).await;
    assert!(sent_texts(&stage).is_empty());
    assert_eq!(value(&stage).await, long, "nothing typed is lost");
    // Counted as browsers count: an emoji is two.
    stage.write(INPUT, &"😀".repeat(LONGEST / 2)).await;
    stage.says("#counter", "0 characters left").await;
}

#[wasm_bindgen_test]
async fn a_text_that_comes_from_elsewhere_is_shown() {
    let stage = Stage::chatting().await;
    stage.store.draft().set("as it was".into());
    stage
        .until("the draft", || {
            let input = stage.all(INPUT).into_iter().next()?;
            (input.unchecked_into::<HtmlTextAreaElement>().value() == "as it was").then_some(())
        })
        .await;
}

#[wasm_bindgen_test]
async fn while_the_chat_is_being_ended_nothing_is_sent_and_the_box_says_why() {
    let stage = Stage::chatting().await;
    stage.write(INPUT, "Wait").await;
    stage.store.state().set(State {
        phase: Phase::Ending,
        ..chatting()
    });
    stage
        .one("[part~=input][readonly][placeholder*=ended]")
        .await;
    stage.press(INPUT, "Enter", |_| ()).await;
    assert!(sent_texts(&stage).is_empty());
}

#[wasm_bindgen_test]
async fn picked_files_are_sent_and_the_limits_are_told_before() {
    let stage = Stage::chatting().await;
    let limits = FileLimits {
        max_files: Some(3),
        used_files: 1,
        max_file_bytes: Some(2_097_152),
        extensions: vec!["pdf".into(), "png".into()],
        ..FileLimits::default()
    };
    stage.store.state().set(State {
        limits: Some(limits),
        ..chatting()
    });
    stage.says("#limits", "2 more files").await;
    stage.says("#limits", "2 MB").await;
    let picker: HtmlInputElement = stage
        .one("input[type=file][accept='.pdf,.png']")
        .await
        .unchecked_into();
    let data = DataTransfer::new().expect("a data transfer");
    let parts = Array::of1(&JsValue::from_str("x"));
    let file = File::new_with_str_sequence(&parts, "a.pdf").expect("a file");
    data.items().add_with_file(&file).expect("added");
    picker.set_files(data.files().as_ref());
    picker
        .dispatch_event(&Event::new("change").expect("an event"))
        .expect("dispatched");
    assert_eq!(stage.files(), ["a.pdf"]);
}

#[wasm_bindgen_test]
async fn without_room_for_files_the_button_says_so() {
    let stage = Stage::chatting().await;
    let limits = FileLimits {
        max_files: Some(1),
        used_files: 1,
        ..FileLimits::default()
    };
    stage.store.state().set(State {
        limits: Some(limits),
        ..chatting()
    });
    stage.one("[part~=attach][aria-disabled=true]").await;
    stage
        .says("#limits", "as many files as this chat allows")
        .await;
}

#[wasm_bindgen_test]
async fn what_the_server_lacks_is_not_there() {
    let stage = Stage::new();
    let offers = Offers {
        files: false,
        rename: false,
        typing_preview: false,
        ..Offers::default()
    };
    stage.store.state().set(State {
        offers,
        ..chatting()
    });
    stage.store.set_open(true);
    stage.one(INPUT).await;
    stage.none("[part~=attach]").await;
    stage.none(".composer-note").await;
    stage.one("[part~=menu]").await.click();
    stage.one("[part~=end]").await;
    stage.none("[part~=rename]").await;
}

#[wasm_bindgen_test]
async fn what_the_server_does_not_take_now_waits_in_the_box() {
    let stage = Stage::chatting().await;
    stage.store.state().set(State {
        messages_taken: false,
        ..chatting()
    });
    stage.write(INPUT, "Hello").await;
    stage.one("[part~=send]:disabled").await;
    stage.press(INPUT, "Enter", |_| ()).await;
    assert!(sent_texts(&stage).is_empty());
    assert_eq!(value(&stage).await, "Hello");
    stage.store.state().set(chatting());
    stage.one("[part~=send]:enabled").await.click();
    assert_eq!(sent_texts(&stage), ["Hello"]);
}
