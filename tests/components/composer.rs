use js_sys::Array;
use leptos::prelude::{GetUntracked as _, Set as _};
use parlour_chat::{
    ChatCommand, Command, FileHandle, FileLimits, NewFile, Offers, Phase, RefusalReason,
    RefusedFile, State,
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{
    ClipboardEvent, ClipboardEventInit, DataTransfer, DragEvent, DragEventInit, Event, File,
    HtmlInputElement, HtmlTextAreaElement,
};

use crate::stage::{LONGEST, Stage, chatting, refusal};

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
    stage.one("#counter[aria-live=polite]").await;
    stage.press(INPUT, "Enter", |_| ()).await;
    assert!(sent_texts(&stage).is_empty());
    assert_eq!(value(&stage).await, long, "nothing typed is lost");
    // Counted as browsers count: an emoji is two.
    stage.write(INPUT, &"😀".repeat(LONGEST / 2)).await;
    stage.says("#counter", "0 characters left").await;
    stage.one("#counter[aria-live=off]").await;
}

#[wasm_bindgen_test]
async fn a_number_that_is_masked_is_said_until_the_next_message() {
    const NOTE: &str = ".mask-note[aria-live=polite]";
    const WORDS: &str = "Card and account numbers are hidden before they are sent.";
    let stage = Stage::chatting().await;
    let mut state = chatting();
    state.offers.mask.cards = true;
    stage.store.state().set(state);
    stage.write(INPUT, "Card 4111 1111 1111").await;
    stage.says(NOTE, "").await;
    stage.write(INPUT, "Card 4111 1111 1111 1111").await;
    stage.says(NOTE, WORDS).await;
    stage.press(INPUT, "Enter", |_| ()).await;
    stage
        .until("an empty box", || {
            stage.store.draft().get_untracked().is_empty().then_some(())
        })
        .await;
    stage.settle().await;
    stage.says(NOTE, WORDS).await;
    stage.write(INPUT, "Thanks").await;
    stage.says(NOTE, "").await;
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
async fn picked_files_are_attached_and_the_limits_are_told_before() {
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
    let data = copied(None, &["a.pdf", "b.png"]);
    picker.set_files(data.files().as_ref());
    picker
        .dispatch_event(&Event::new("change").expect("an event"))
        .expect("dispatched");
    assert_eq!(stage.files(), ["a.pdf", "b.png"]);
    assert!(sent_texts(&stage).is_empty());
    stage.focused(INPUT).await;
}

/// What was copied or is dragged: a text and files.
fn copied(text: Option<&str>, files: &[&str]) -> DataTransfer {
    let data = DataTransfer::new().expect("a data transfer");
    if let Some(text) = text {
        data.set_data("text/plain", text).expect("a text");
        data.set_data("text/html", "<b>x</b>").expect("a text");
    }
    for name in files {
        let parts = Array::of1(&JsValue::from_str("x"));
        let file = File::new_with_str_sequence(&parts, name).expect("a file");
        data.items().add_with_file(&file).expect("added");
    }
    data
}

/// Pastes; tells whether the widget took it.
async fn paste(stage: &Stage, data: &DataTransfer) -> bool {
    let init = ClipboardEventInit::new();
    init.set_clipboard_data(Some(data));
    init.set_bubbles(true);
    init.set_cancelable(true);
    let event = ClipboardEvent::new_with_event_init_dict("paste", &init).expect("an event");
    !stage
        .one(INPUT)
        .await
        .dispatch_event(&event)
        .expect("dispatched")
}

/// Drags something over an element; tells whether the widget took the event.
async fn drag(stage: &Stage, selector: &str, kind: &str, data: &DataTransfer) -> bool {
    let init = DragEventInit::new();
    init.set_data_transfer(Some(data));
    init.set_bubbles(true);
    init.set_cancelable(true);
    let event = DragEvent::new_with_event_init_dict(kind, &init).expect("an event");
    !stage
        .one(selector)
        .await
        .dispatch_event(&event)
        .expect("dispatched")
}

#[wasm_bindgen_test]
async fn text_wins_over_a_picture_of_it() {
    let stage = Stage::chatting().await;
    assert!(!paste(&stage, &copied(Some("1\t2\n3\t4"), &["image.png"])).await);
    assert!(stage.files().is_empty());
    assert!(paste(&stage, &copied(None, &["image.png"])).await);
    assert!(paste(&stage, &copied(Some("plan.pdf"), &["plan.pdf"])).await);
    assert_eq!(stage.files(), ["image.png", "plan.pdf"]);
    assert!(!paste(&stage, &copied(Some("just words"), &[])).await);
}

#[wasm_bindgen_test]
async fn files_are_taken_wherever_in_the_panel_they_are_dropped() {
    let stage = Stage::chatting().await;
    for (at, place) in ["[part~=header]", "[part~=transcript]", "[part~=composer]"]
        .into_iter()
        .enumerate()
    {
        let data = copied(None, &["a.pdf", "b.png"]);
        drag(&stage, place, "dragenter", &data).await;
        stage
            .says(".drop[data-state=dragging]", "Drop files here")
            .await;
        assert!(
            drag(&stage, ".drop", "dragover", &data).await,
            "the page would be left"
        );
        assert!(
            drag(&stage, ".drop", "drop", &data).await,
            "the page would be left"
        );
        assert_eq!(stage.files().len(), 2 * (at + 1), "{place}");
        stage.none(".drop").await;
    }
}

#[wasm_bindgen_test]
async fn files_that_are_dragged_to_the_launcher_open_the_panel_and_are_taken() {
    let stage = Stage::chatting().await;
    stage.store.set_open(false);
    stage.one("[data-panel=closed]").await;
    let data = copied(None, &["a.pdf"]);
    drag(&stage, "[part~=launcher]", "dragenter", &data).await;
    stage.one("[data-panel=open]").await;
    for kind in ["dragover", "drop"] {
        assert!(
            drag(&stage, "[part~=launcher]", kind, &data).await,
            "the page would be left"
        );
    }
    assert_eq!(stage.files(), ["a.pdf"]);
    stage.none(".drop").await;
}

#[wasm_bindgen_test]
async fn where_no_files_are_taken_a_drop_is_told_why_and_leaves_no_page() {
    let stage = Stage::new();
    stage.store.set_open(true);
    let data = copied(None, &["a.pdf"]);
    drag(&stage, "[part~=form]", "dragenter", &data).await;
    stage
        .says(".drop[data-state=refused]", "Files cannot be sent here")
        .await;
    assert!(drag(&stage, ".drop", "dragover", &data).await);
    assert!(drag(&stage, ".drop", "drop", &data).await);
    stage.store.state().set(State {
        refused_files: vec![
            refused("a.pdf", RefusalReason::NotOffered),
            refused("b.exe", RefusalReason::FileTypeRefused),
        ],
        limits: Some(FileLimits {
            extensions: vec!["pdf".into()],
            ..FileLimits::default()
        }),
        ..State::default()
    });
    let words = "\u{2068}a.pdf\u{2069}: Files cannot be sent here at the moment.\n\
                 \u{2068}b.exe\u{2069}: This type of file cannot be sent. Types: pdf";
    stage
        .says("[role=status] [data-state=refused]", words)
        .await;
}

fn refused(name: &str, reason: RefusalReason) -> RefusedFile {
    RefusedFile {
        name: name.into(),
        refusal: refusal(reason, None),
    }
}

#[wasm_bindgen_test]
async fn an_address_that_is_dropped_beside_the_box_leaves_no_page() {
    let stage = Stage::chatting().await;
    let data = copied(Some("https://shop.example/"), &[]);
    assert!(drag(&stage, "[part~=transcript]", "dragover", &data).await);
    assert!(
        !drag(&stage, INPUT, "dragover", &data).await,
        "text goes into the box"
    );
    stage.none(".drop").await;
}

#[wasm_bindgen_test]
async fn text_can_be_dropped_into_the_form_before_the_extras_are_there() {
    let stage = Stage::new();
    let text = copied(Some("Eva"), &[]);
    assert!(!drag(&stage, "[part~=form] input", "drop", &text).await);
    let file = copied(None, &["a.txt"]);
    assert!(
        drag(&stage, "[part~=form] input", "drop", &file).await,
        "the browser would leave the page"
    );
}

#[wasm_bindgen_test]
async fn attached_files_are_shown_and_can_be_taken_off() {
    const DOT: &str = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==";
    let stage = Stage::chatting().await;
    stage.set_pictures(&[Some(DOT), Some("data:image/png,none"), None]);
    let file = |at: u64, name: &str| NewFile {
        handle: FileHandle(at),
        name: name.into(),
        bytes: 2_048,
        description: None,
    };
    let files = vec![file(0, "a.gif"), file(1, "b.png"), file(2, "c.pdf")];
    let attached = |attachments: Vec<NewFile>| State {
        attachments,
        ..chatting()
    };
    assert!(stage.all("[part~=tray] li").is_empty());
    stage.store.state().set(attached(files.clone()));
    stage.says("[part~=tray] li", "a.gif").await;
    stage.says("[part~=tray] li", "2 kB").await;
    stage
        .until("the picture that is one", || {
            (stage.all("[part~=tray] img").len() == 1).then_some(())
        })
        .await;
    stage
        .one("[part~=input][placeholder*='Add a message']")
        .await;
    // Without a word, too.
    stage.one("[part~=send]:enabled").await;
    let shown = stage.one("[part~=tray] img").await;
    let remove = stage.one("[part~=tray] [aria-label='Remove b.png']").await;
    remove.focus().expect("focused");
    remove.click();
    let detached = stage
        .chat_commands()
        .into_iter()
        .any(|command| matches!(command, ChatCommand::Detach(handle) if handle == FileHandle(1)));
    assert!(detached);
    stage
        .store
        .state()
        .set(attached(vec![files[0].clone(), files[2].clone()]));
    stage.focused(INPUT).await;
    assert!(
        stage.one("[part~=tray] img").await == shown,
        "the others stay as they are"
    );
    stage.press(INPUT, "Enter", |_| ()).await;
    assert_eq!(sent_texts(&stage), [""], "the core sends what is attached");
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
