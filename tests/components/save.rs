//! Taking the conversation away.

use js_sys::{Array, Function};
use leptos::prelude::Set as _;
use parlour_chat::{
    Author, EndReason, FileEntry, FileState, Item, MessageState, Phase, RefusalReason, State,
};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::stage::{Stage, anna, annas, chatting, mine, refusal};

/// A browser whose clipboard and downloads are recorded, until it is dropped.
struct Recording {
    seen: Array,
    restore: Function,
}

impl Recording {
    /// `clipboard` is the script that makes the browser's.
    fn new(clipboard: &str) -> Self {
        let seen = Array::new();
        let install = Function::new_with_args(
            "seen",
            &"const real = Object.getOwnPropertyDescriptor(navigator, 'clipboard');
              Object.defineProperty(navigator, 'clipboard', {configurable: true, value: CLIPBOARD});
              const click = HTMLAnchorElement.prototype.click;
              const create = URL.createObjectURL;
              let blob;
              URL.createObjectURL = (made) => create.call(URL, (blob = made));
              HTMLAnchorElement.prototype.click = function () {
                const {download} = this;
                const bytes = blob.arrayBuffer();
                bytes.then((bytes) => seen.push(download, new TextDecoder('utf-8', {ignoreBOM: true}).decode(bytes)));
              };
              return () => {
                if (real) Object.defineProperty(navigator, 'clipboard', real);
                else delete navigator.clipboard;
                HTMLAnchorElement.prototype.click = click;
                URL.createObjectURL = create;
              };"
            .replace("CLIPBOARD", clipboard),
        );
        let restore = install.call1(&JsValue::NULL, &seen).expect("installed");
        Self {
            seen,
            restore: restore.into(),
        }
    }

    /// Waits for this number of texts, and returns all.
    async fn texts(&self, stage: &Stage, count: u32) -> Vec<String> {
        let done = || (self.seen.length() == count).then_some(());
        stage.until("what is saved", done).await;
        self.seen.iter().filter_map(|it| it.as_string()).collect()
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        self.restore.call0(&JsValue::NULL).expect("restored");
    }
}

async fn talk() -> Stage {
    let stage = Stage::chatting().await;
    stage.append([
        Item::Joined(anna()),
        annas("Good <b>evening</b>\nHow can I help?"),
        mine("My tent leaks", MessageState::Sent),
        mine(
            "Twice",
            MessageState::Failed(refusal(RefusalReason::Unreachable, None)),
        ),
        Item::File {
            from: Author::Me,
            file: FileEntry::new(
                "tent.jpg",
                Some(2048),
                FileState::Available { deletable: true },
            ),
        },
    ]);
    stage
}

fn ended() -> State {
    State {
        phase: Phase::Ended(EndReason::ByServer),
        ended_chat: Some("00aKEY".into()),
        question: Some("Does it leak?".into()),
        ..chatting()
    }
}

async fn open(stage: &Stage) {
    stage.one("[part~=menu]").await.click();
    stage.one("[part~=save]").await.click();
    stage.focused("[data-action=copy]").await;
}

#[wasm_bindgen_test]
async fn the_conversation_can_be_copied() {
    let recording = Recording::new("{writeText: async (text) => void seen.push(text)}");
    let stage = talk().await;
    open(&stage).await;
    stage.one("[data-action=copy]").await.click();
    stage.says(".dialog [role=status]", "copied").await;
    let texts = recording.texts(&stage, 1).await;
    let text = texts.first().expect("a text");
    assert!(text.starts_with("Chat with us\nFriday, November 20, 2026\n"));
    for line in [
        "* Anna joined the chat\n",
        "] Anna: Good <b>evening</b>\n    How can I help?\n",
        "] You: My tent leaks\n",
        "] You: Twice (not sent)\n",
        "] You: File: tent.jpg (2 kB)\n",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
    // The question stays for another form of it, and leads back to where it came from.
    stage.press("[data-action=copy]", "Escape", |_| ()).await;
    stage.none(".dialog").await;
    stage.focused("[part~=menu]").await;
}

#[wasm_bindgen_test]
async fn where_nothing_can_be_copied_a_file_is_offered() {
    for clipboard in [
        "{writeText: async () => { throw Error('denied') }}",
        "undefined",
    ] {
        let recording = Recording::new(clipboard);
        let stage = talk().await;
        open(&stage).await;
        stage.one("[data-action=copy]").await.click();
        stage.says(".dialog [role=status]", "save a file").await;
        stage.one("[data-action=save-text]").await.click();
        let saved = recording.texts(&stage, 2).await;
        let [name, text] = saved.as_slice() else {
            panic!("saved {saved:?}")
        };
        assert_eq!(name, "Chat with us 2026-11-20.txt");
        assert!(text.starts_with("\u{feff}Chat with us\n"), "{text}");
    }
}

#[wasm_bindgen_test]
async fn after_the_end_it_is_saved_as_a_page_without_keys() {
    let recording = Recording::new("undefined");
    let stage = talk().await;
    stage.store.state().set(ended());
    stage.one(".ended [data-action=save]").await.click();
    stage.focused("[data-action=copy]").await;
    stage.one("[data-action=save-html]").await.click();
    let saved = recording.texts(&stage, 2).await;
    let [name, html] = saved.as_slice() else {
        panic!("saved {saved:?}")
    };
    assert_eq!(name, "Chat with us 2026-11-20.html");
    assert!(html.starts_with("<!DOCTYPE html>"), "{html}");
    assert!(html.contains("Good &lt;b&gt;evening&lt;/b&gt;"), "{html}");
    assert!(html.contains(">Does it leak?<"), "{html}");
    assert!(!html.contains("00aKEY"), "{html}");
    stage.one(".dialog [data-action=cancel]").await.click();
    stage.focused(".ended [data-action=save]").await;
}

#[wasm_bindgen_test]
async fn the_focus_stays_among_the_forms() {
    let stage = talk().await;
    open(&stage).await;
    let back = |key: &web_sys::KeyboardEventInit| key.set_shift_key(true);
    assert!(stage.press("[data-action=copy]", "Tab", back).await);
    stage.focused(".dialog [data-action=cancel]").await;
    assert!(
        stage
            .press(".dialog [data-action=cancel]", "Tab", |_| ())
            .await
    );
    stage.focused("[data-action=copy]").await;
}
