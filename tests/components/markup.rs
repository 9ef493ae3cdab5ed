//! Pages with Trusted Types refuse markup in strings: no view may assign any.

use js_sys::{Array, Function};
use leptos::prelude::Set as _;
use parlour_chat::{
    Agents, Author, Connection, EndReason, FileEntry, FileState, IdleWarning, Item, LeaveReason,
    MessageState, Moment, Phase, RefusalReason, State, Storage,
};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::stage::{Stage, anna, annas, chatting, mine, refusal};

/// A record of all markup that is assigned, until it is dropped.
struct MarkupWatch {
    seen: Array,
    restore: Function,
}

impl MarkupWatch {
    fn new() -> Self {
        let seen = Array::new();
        let install = Function::new_with_args(
            "seen",
            "const undo = [];
             for (const type of [Element, ShadowRoot]) {
               for (const name of ['innerHTML', 'outerHTML']) {
                 const old = Object.getOwnPropertyDescriptor(type.prototype, name);
                 if (!old) continue;
                 Object.defineProperty(type.prototype, name, {
                   ...old,
                   set(value) { seen.push(String(value)); old.set.call(this, value); },
                 });
                 undo.push(() => Object.defineProperty(type.prototype, name, old));
               }
             }
             const insert = Element.prototype.insertAdjacentHTML;
             Element.prototype.insertAdjacentHTML = function (where, value) {
               seen.push(String(value));
               return insert.call(this, where, value);
             };
             undo.push(() => { Element.prototype.insertAdjacentHTML = insert; });
             return () => undo.forEach((step) => step());",
        );
        let restore = install.call1(&JsValue::NULL, &seen).expect("installed");
        Self {
            seen,
            restore: restore.into(),
        }
    }

    fn seen(&self) -> Vec<String> {
        self.seen.iter().filter_map(|it| it.as_string()).collect()
    }
}

impl Drop for MarkupWatch {
    fn drop(&mut self) {
        self.restore.call0(&JsValue::NULL).expect("restored");
    }
}

#[wasm_bindgen_test]
async fn no_view_assigns_markup() {
    let watch = MarkupWatch::new();
    let probe = leptos::prelude::document()
        .create_element("p")
        .expect("made");
    probe.set_inner_html("<i></i>");
    assert_eq!(watch.seen(), ["<i></i>"], "the watch works");
    watch.seen.set_length(0);

    // The form: empty, with errors, sending, refused.
    let stage = Stage::with_config(
        r#"{"tenant": "acme", "server": {"service": "support"}, "features": {"markdown": true}}"#,
    );
    stage.store.set_open(true);
    stage.one("[part~=submit]").await.click();
    stage.one("[part~=error]").await;
    for phase in [
        Phase::Starting,
        Phase::Refused(refusal(RefusalReason::Unreachable, None)),
    ] {
        stage.store.state().set(State {
            phase,
            ..State::default()
        });
        stage.frames(1).await;
    }
    stage.one("[role=alert] [part~=error]").await;

    // The chat: every kind of entry, every line of status.
    stage.store.state().set(State {
        agents: Agents::OnHold(anna()),
        idle: Some(IdleWarning {
            closes_at: Some(Moment(65_000)),
        }),
        connection: Connection::Reconnecting,
        is_last_known: true,
        storage: Storage::Fails,
        typing: vec![anna()],
        unread: 3,
        refusal: Some(refusal(RefusalReason::Refused, None)),
        ..chatting()
    });
    let rich = |content: &str| Item::Message {
        from: Author::Other(anna()),
        text: "Choose".into(),
        state: MessageState::Sent,
        rich: Some(content.into()),
    };
    let file = |state| Item::File {
        from: Author::Me,
        file: FileEntry::new("a.pdf", Some(100), state),
    };
    let failed = || refusal(RefusalReason::Unreachable, None);
    stage.append([
        Item::Joined(anna()),
        Item::Returned(anna()),
        Item::Renamed {
            who: Author::Me,
            before: "Zoe".into(),
            name: "Zoë".into(),
        },
        annas("see https://example.com/a and more"),
        annas("👍"),
        annas("**a** *b* `c`\n- d\n1. e\n> f\n```\ng\n```\n[h](https://example.com)"),
        annas(&"a line\n".repeat(40)),
        rich(r#"{"contentType": "quick-replies", "content": [{"text": "Yes"}]}"#),
        rich(
            r#"{"contentType": "generic", "content": [{"title": "A", "description": "B", "image": "https://example.com/a.png",
                "components": [{"type": "button", "action": "message", "text": "C"}]}, {"title": "D"}]}"#,
        ),
        rich(r#"{"contentType": "single-selection-list", "content": [{"title": "A", "description": "B"}]}"#),
        rich(r#"{"contentType": "attachments", "content": [{"title": "A", "url": "javascript:1"}]}"#),
        mine("Hello", MessageState::Sending),
        mine("Hello", MessageState::Sent),
        mine("Hello", MessageState::Failed(failed())),
        Item::Link {
            from: Author::Other(anna()),
            url: "shop.example/returns".into(),
        },
        Item::Notice {
            from: Author::Other(anna()),
            text: "Please hold the line.".into(),
        },
        file(FileState::Uploading {
            done: 1,
            total: 100,
        }),
        file(FileState::UploadFailed {
            refusal: failed(),
            retry: true,
        }),
        file(FileState::Available { deletable: true }),
        file(FileState::DownloadFailed(failed())),
        Item::Left(anna(), LeaveReason::Transfer),
        Item::Ended(EndReason::ByServer),
    ]);
    stage.one("[part~=system][data-state=ended]").await;
    stage.one("[part~=typing]").await;
    stage.one("[data-action=stay]").await;

    // The menu, its questions, and the end.
    for question in ["rename", "end", "save"] {
        stage.one("[part~=menu]").await.click();
        stage
            .one(&["[part~=", question, "]"].concat())
            .await
            .click();
        stage.one(".dialog .cancel").await.click();
        stage.none(".dialog").await;
    }
    stage.store.state().set(State {
        phase: Phase::Ended(EndReason::ByServer),
        ..chatting()
    });
    stage.one("[data-action=new-chat]").await;
    assert_eq!(watch.seen(), Vec::<String>::new());
}
