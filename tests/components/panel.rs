use leptos::prelude::Set as _;
use parlour_chat::{
    Agents, ChatCommand, Command, Connection, IdleWarning, MessageState, Moment, Phase, State,
    Storage,
};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::stage::{Stage, anna, annas, chatting, mine};

/// A picture twice as wide as it is high.
const PICTURE: &str =
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 4'/%3E";

fn with_theme(theme: &str) -> Stage {
    Stage::with_config(&format!(
        "{{\"tenant\":\"acme\",\"server\":{{\"dialect\":\"gms-v2\",\"url\":\"http://127.0.0.1:9\",\
         \"service\":\"a\"}},\"theme\":{{{theme}}}}}"
    ))
}

#[wasm_bindgen_test]
async fn the_focus_goes_into_the_panel_and_back() {
    let stage = Stage::new();
    stage.one("[part~=launcher]").await.click();
    stage.focused("[name=firstName]").await;
    stage.press("[name=firstName]", "Escape", |_| ()).await;
    stage.focused("[part~=launcher]").await;
    stage.one("[data-panel=closed]").await;
}

#[wasm_bindgen_test]
async fn a_panel_that_is_open_after_a_reload_takes_no_focus() {
    let stage = Stage::prepared(|store| {
        store.state().set(chatting());
        store.set_open(true);
    });
    stage.one("[data-panel=open] [part~=input]").await;
    // Focus moves with a frame: after two of them it would have.
    stage.frames(2).await;
    assert!(!stage.has_focus(), "the focus stays with the page");
}

#[wasm_bindgen_test]
async fn the_tenants_logo_stands_before_the_title_and_says_nothing() {
    let stage = with_theme(&format!("\"logo\":\"{PICTURE}\""));
    stage.store.set_open(true);
    let logo = stage.one("[part~=header] > img:first-child").await;
    assert_eq!(logo.get_attribute("alt").as_deref(), Some(""));
    assert_eq!(logo.get_attribute("src").as_deref(), Some(PICTURE));
    stage
        .until("a logo", || (logo.offset_width() > 0).then_some(()))
        .await;
    assert!(!logo.hidden());
}

#[wasm_bindgen_test]
async fn a_logo_that_cannot_be_loaded_leaves_no_trace() {
    let bare = Stage::new();
    bare.store.set_open(true);
    let left = |title: &HtmlElement| title.offset_left();
    let usual = left(&bare.one("#title").await);
    drop(bare);
    let stage = with_theme("\"logo\":\"data:image/png;base64,AAAA\"");
    stage.store.set_open(true);
    stage.one("[part~=header] > img[hidden]").await;
    assert_eq!(left(&stage.one("#title").await), usual);
}

#[wasm_bindgen_test]
async fn the_tenants_avatar_stands_before_agents_names_only() {
    let stage = with_theme(&format!("\"avatar\":\"{PICTURE}\""));
    stage.store.state().set(chatting());
    stage.store.set_open(true);
    stage.append([mine("Hello", MessageState::Sent), annas("Hi")]);
    let avatar = stage
        .one(".byline > .face:first-child > img[part~=avatar]")
        .await;
    assert_eq!(avatar.get_attribute("alt").as_deref(), Some(""));
    stage.settle().await;
    assert_eq!(stage.all(".line img").len(), 1);
}

#[wasm_bindgen_test]
async fn the_tenants_picture_takes_the_place_of_the_launchers_icon() {
    let stage = Stage::with_config(
        r#"{"tenant":"acme","server":{"dialect":"gms-v2","url":"http://127.0.0.1:9","service":"a"},
            "launcher":{"icon":"none","image":"M0 0h9v9z"}}"#,
    );
    stage
        .one(".launcher-face:has(> .filled > path[d='M0 0h9v9z'])")
        .await;
    assert!(stage.all(".launcher-label").is_empty());
}

#[wasm_bindgen_test]
async fn a_closed_panel_is_there_hidden_and_takes_no_focus() {
    let stage = Stage::new();
    stage.store.state().set(chatting());
    let panel = stage.one("[part~=panel][inert]").await;
    stage.frames(2).await;
    assert!(!stage.has_focus());
    stage.store.set_open(true);
    stage.one("[part~=panel]:not([inert])").await;
    assert!(
        panel == stage.one("[part~=panel]").await,
        "opening it builds nothing anew"
    );
}

#[wasm_bindgen_test]
async fn unread_messages_are_counted_and_read_out() {
    let stage = Stage::new();
    stage.store.state().set(State {
        unread: 120,
        ..chatting()
    });
    stage.says("[part~=badge]", "99+").await;
    stage
        .one("[part~=launcher][aria-label*='120 unread messages']")
        .await;
}

#[wasm_bindgen_test]
async fn each_situation_has_its_own_words() {
    let stage = Stage::chatting().await;
    let show = |agents, connection| {
        stage.store.state().set(State {
            agents,
            connection,
            ..chatting()
        });
    };
    show(Agents::Awaited, Connection::Up);
    stage
        .says("[part~=status][data-state=waiting]", "Waiting")
        .await;
    show(Agents::OnHold(anna()), Connection::Up);
    stage
        .says("[part~=status][data-state=hold]", "Anna will be back")
        .await;
    show(Agents::Transferring(anna()), Connection::Up);
    stage
        .says("[part~=status][data-state=transfer]", "colleague")
        .await;
    show(Agents::OnHold(anna()), Connection::Reconnecting);
    stage
        .says("[part~=status][data-state=reconnecting]", "Reconnecting")
        .await;
    stage.one("[data-action=try-now]").await.click();
    assert!(matches!(stage.commands().last(), Some(Command::TryNow)));
    show(Agents::OnHold(anna()), Connection::Offline);
    stage
        .says("[part~=status][data-state=offline]", "offline")
        .await;
    stage.one("[data-action=try-now]").await;
    show(Agents::Present, Connection::Up);
    stage.none("[part~=status]").await;
    stage.store.state().set(State {
        is_last_known: true,
        ..chatting()
    });
    stage
        .says("[part~=status][data-state=last-known]", "last known")
        .await;
}

#[wasm_bindgen_test]
async fn storage_that_is_denied_is_reported() {
    let stage = Stage::chatting().await;
    stage.store.state().set(State {
        storage: Storage::Fails,
        ..chatting()
    });
    stage
        .says("[part~=status][data-state=memory]", "would lose it")
        .await;
}

#[wasm_bindgen_test]
async fn ending_asks_first() {
    let stage = Stage::chatting().await;
    let ended = || stage.commands().iter().any(|it| matches!(it, Command::End));
    stage.one("[part~=menu]").await.click();
    stage.one("[part~=end]").await.click();
    stage.focused("[data-action=cancel]").await;
    stage.press("[data-action=cancel]", "Escape", |_| ()).await;
    stage.none("[role=alertdialog]").await;
    assert!(!ended());
    stage.one("[data-panel=open]").await;
    stage.one("[part~=menu]").await.click();
    stage.one("[part~=end]").await.click();
    stage.one("[data-action=confirm]").await.click();
    stage.until("an end", || ended().then_some(())).await;
}

#[wasm_bindgen_test]
async fn a_new_name_is_taken_over() {
    let stage = Stage::chatting().await;
    stage.one("[part~=menu]").await.click();
    stage.one("[part~=rename]").await.click();
    stage.write(".dialog-input", "Marie").await;
    stage.one("[data-action=confirm]").await.click();
    stage
        .until("a new name", || {
            let renamed =
                |it: &ChatCommand| matches!(it, ChatCommand::Rename(name) if name == "Marie");
            stage.chat_commands().iter().any(renamed).then_some(())
        })
        .await;
}

#[wasm_bindgen_test]
async fn an_empty_name_is_said_to_be_empty() {
    let stage = Stage::chatting().await;
    stage.one("[part~=menu]").await.click();
    stage.one("[part~=rename]").await.click();
    stage.write(".dialog-input", " ").await;
    stage.one("[data-action=confirm]").await.click();
    stage
        .says(".dialog [part~=error]", "Please fill this in.")
        .await;
    stage.one(".dialog-input[aria-invalid=true]").await;
    stage.focused(".dialog-input").await;
    assert!(
        !stage
            .chat_commands()
            .iter()
            .any(|it| matches!(it, ChatCommand::Rename(_)))
    );
}

#[wasm_bindgen_test]
async fn a_question_keeps_the_focus() {
    let stage = Stage::chatting().await;
    stage.one("[part~=menu]").await.click();
    stage.one("[part~=end]").await.click();
    stage.focused("[data-action=cancel]").await;
    let back = |key: &web_sys::KeyboardEventInit| key.set_shift_key(true);
    assert!(stage.press("[data-action=cancel]", "Tab", back).await);
    stage.focused("[data-action=confirm]").await;
    assert!(stage.press("[data-action=confirm]", "Tab", |_| ()).await);
    stage.focused("[data-action=cancel]").await;
    // Between its own controls the browser moves it.
    assert!(!stage.press("[data-action=cancel]", "Tab", |_| ()).await);
}

#[wasm_bindgen_test]
async fn an_idle_warning_counts_down_and_can_be_answered() {
    let stage = Stage::chatting().await;
    let idle = Some(IdleWarning {
        closes_at: Some(Moment(65_000)),
    });
    stage.store.state().set(State { idle, ..chatting() });
    stage.says(".idle-text", "1:05").await;
    stage.set_now(Moment(60_500));
    stage.says(".idle-text", "0:05").await;
    stage.one("[data-action=stay]").await.click();
    assert!(matches!(
        stage.chat_commands().last(),
        Some(ChatCommand::StayAwake)
    ));
}

#[wasm_bindgen_test]
async fn after_the_end_a_new_chat_is_offered() {
    let stage = Stage::chatting().await;
    let phase = Phase::Ended(parlour_chat::EndReason::ByServer);
    stage.store.state().set(State {
        phase,
        ..chatting()
    });
    stage.one("[data-action=new-chat]").await.click();
    assert!(matches!(stage.commands().last(), Some(Command::Reset)));
    stage.none("[part~=composer]").await;
}

#[wasm_bindgen_test]
async fn a_new_chat_asks_before_it_forgets_what_was_said() {
    for (reason, is_next) in [
        (
            parlour_chat::EndReason::ByServer,
            (|it| matches!(it, Command::Reset)) as fn(&Command) -> bool,
        ),
        (parlour_chat::EndReason::Dropped, |it| {
            matches!(it, Command::StartAgain)
        }),
    ] {
        let stage = Stage::chatting().await;
        let goes_on = || stage.commands().iter().any(is_next);
        stage.append([annas("Bring the receipt")]);
        stage.store.state().set(State {
            phase: Phase::Ended(reason),
            ..chatting()
        });
        stage.one("[data-action=new-chat]").await.click();
        stage.says("[role=alertdialog]", "no longer be shown").await;
        stage.focused("[data-action=cancel]").await;
        stage.press("[data-action=cancel]", "Escape", |_| ()).await;
        stage.none("[role=alertdialog]").await;
        stage.focused("[data-action=new-chat]").await;
        stage.says("[part~=transcript]", "Bring the receipt").await;
        assert!(!goes_on());
        stage.one("[data-action=new-chat]").await.click();
        stage.one("[data-action=confirm]").await.click();
        stage.until("a new chat", || goes_on().then_some(())).await;
    }
}

#[wasm_bindgen_test]
async fn after_the_end_the_tenants_survey_is_linked_and_not_opened() {
    let config = r#"{"tenant": "acme", "server": {"service": "support"},
        "survey": {"url": "https://ask.example/s?chat={chat}&lang={locale}"}}"#;
    for (config, chat, href) in [
        (
            config,
            Some("00a&b"),
            Some("https://ask.example/s?chat=00a%26b&lang=en"),
        ),
        (config, None, Some("https://ask.example/s?chat=&lang=en")),
        // What a configuration from elsewhere may have.
        (
            &config.replace("https://ask.example/s", "javascript:alert(1)//"),
            None,
            None,
        ),
    ] {
        let stage = Stage::with_config(config);
        stage.store.set_open(true);
        stage.store.state().set(State {
            phase: Phase::Ended(parlour_chat::EndReason::ByVisitor),
            ended_chat: chat.map(Into::into),
            ..chatting()
        });
        stage.one("[data-action=new-chat]").await;
        let links = stage.all("[data-action=survey]");
        let attribute = |name: &str| links.first().and_then(|link| link.get_attribute(name));
        assert_eq!(attribute("href").as_deref(), href);
        if href.is_some() {
            assert_eq!(attribute("target").as_deref(), Some("_blank"));
            assert_eq!(attribute("rel").as_deref(), Some("noopener noreferrer"));
            stage
                .says("[data-action=survey]", "Tell us how it went")
                .await;
        }
    }
}

#[wasm_bindgen_test]
async fn who_was_dropped_goes_on_with_one_click() {
    let stage = Stage::chatting().await;
    let phase = Phase::Ended(parlour_chat::EndReason::Dropped);
    stage.store.state().set(State {
        phase,
        ..chatting()
    });
    stage.says("[data-action=new-chat]", "Go on").await;
    stage.one("[data-action=new-chat]").await.click();
    assert!(matches!(stage.commands().last(), Some(Command::StartAgain)));
}

#[wasm_bindgen_test]
async fn what_support_needs_can_be_copied_where_something_went_wrong() {
    let stage = Stage::chatting().await;
    let ended = |reason| State {
        phase: Phase::Ended(reason),
        ..chatting()
    };
    let state = stage.store.state();
    state.set(ended(parlour_chat::EndReason::ByServer));
    stage.one("[data-action=new-chat]").await;
    stage.none("[part~=support]").await;
    state.set(chatting());
    stage.none("[data-action=new-chat]").await;
    let answer = "if (name === 'copyDiagnostics') detail(window.isCopied)";
    let page = js_sys::Function::new_with_args("name, detail", answer);
    stage.store.connect_page(page);
    state.set(ended(parlour_chat::EndReason::Dropped));
    for (copied, words) in [(false, "could not be copied"), (true, "Details copied")] {
        let window = web_sys::window().expect("a window");
        js_sys::Reflect::set(&window, &"isCopied".into(), &copied.into()).expect("set");
        stage.one("[part~=support]").await.click();
        stage.says(".support-outcome", words).await;
    }
}

#[wasm_bindgen_test]
async fn nothing_is_kept_of_a_widget_that_is_gone() {
    let gone = Stage::chatting().await;
    let trace = gone.trace();
    drop(gone);
    let other = Stage::new();
    other
        .until("the last of it", || trace.upgrade().is_none().then_some(()))
        .await;
    other.one("[part~=launcher]").await;
}

#[wasm_bindgen_test]
async fn a_chat_may_end_while_its_menu_is_open() {
    let stage = Stage::chatting().await;
    stage.one("[part~=menu]").await.click();
    stage.focused("[role^=menuitem]").await;
    let phase = Phase::Ended(parlour_chat::EndReason::ByServer);
    stage.store.state().set(State {
        phase,
        ..chatting()
    });
    stage.none("[role=menu]").await;
    stage.focused("[data-action=new-chat]").await;
}

#[wasm_bindgen_test]
async fn escape_dismisses_a_question_wherever_the_focus_is() {
    let stage = Stage::chatting().await;
    stage.one("[part~=menu]").await.click();
    stage.one("[part~=end]").await.click();
    stage.focused("[data-action=cancel]").await;
    // As after a click on the words of the question.
    stage.one("[part~=panel]").await.focus().expect("focused");
    stage.press("[part~=panel]", "Escape", |_| ()).await;
    stage.none("[role=alertdialog]").await;
    stage.one("[data-panel=open]").await;

    // Nor does it wait in a panel that was closed.
    stage.one("[part~=menu]").await.click();
    stage.one("[part~=end]").await.click();
    stage.one("[role=alertdialog]").await;
    stage.one("[part~=launcher]").await.click();
    stage.none("[role=alertdialog]").await;
}

#[wasm_bindgen_test]
async fn a_key_that_an_input_method_takes_closes_nothing() {
    let stage = Stage::chatting().await;
    let composing = |key: &web_sys::KeyboardEventInit| key.set_key_code(229);
    stage.press("[part~=input]", "Escape", composing).await;
    stage.one("[part~=menu]").await.click();
    stage.focused("[role^=menuitem]").await;
    for key in ["ArrowDown", "Escape"] {
        let taken = stage.press("[role^=menuitem]", key, composing).await;
        assert!(!taken || key == "Escape", "the menu takes {key}");
    }
    stage.focused("[role^=menuitem]").await;
    stage.one("[part~=rename]").await.click();
    stage.focused(".dialog-input").await;
    stage.press(".dialog-input", "Escape", composing).await;
    assert!(!stage.press("[data-action=confirm]", "Tab", composing).await);
    stage.settle().await;
    stage.one("[data-panel=open] .dialog-input").await;
    stage.press(".dialog-input", "Escape", |_| ()).await;
    stage.none(".dialog").await;
}

#[wasm_bindgen_test]
async fn a_visitor_who_reads_the_page_keeps_the_focus_there() {
    let stage = Stage::chatting().await;
    stage.focused("[part~=input]").await;
    // As by a click on the page's words.
    stage.one("[part~=input]").await.blur().expect("blurred");
    stage.frames(2).await;
    let phase = Phase::Ended(parlour_chat::EndReason::ByServer);
    stage.store.state().set(State {
        phase,
        ..chatting()
    });
    stage.one("[data-action=new-chat]").await;
    stage.frames(3).await;
    assert!(!stage.has_focus(), "the focus went into the panel");
}

#[wasm_bindgen_test]
async fn a_press_on_a_question_leaves_the_focus_in_it() {
    let stage = Stage::chatting().await;
    stage.one("[part~=menu]").await.click();
    stage.one("[part~=rename]").await.click();
    stage.focused(".dialog-input").await;
    for words in [".shade", ".dialog", ".dialog-title"] {
        assert!(
            stage.prevents("mousedown", words).await,
            "{words} takes the focus"
        );
    }
    for control in [".dialog-input", "[data-action=cancel]", ".dialog label"] {
        assert!(
            !stage.prevents("mousedown", control).await,
            "{control} is out of order"
        );
    }
}

#[wasm_bindgen_test]
async fn the_menu_button_closes_its_menu() {
    let stage = Stage::chatting().await;
    stage.one("[part~=menu]").await.click();
    stage.focused("[role^=menuitem]").await;
    // Otherwise Safari takes the focus from the item, which closes the menu before the click.
    assert!(stage.prevents("mousedown", "[part~=menu]").await);
    stage.one("[part~=menu]").await.click();
    stage.none("[role=menu]").await;
    stage.focused("[part~=menu]").await;
}

/// Has the page count how often it is printed, without the browser's dialog.
fn count_printing() {
    let window = leptos::prelude::window();
    let print = js_sys::Function::new_no_args("window.printed = (window.printed ?? 0) + 1");
    js_sys::Reflect::set(&window, &"printed".into(), &0.into()).expect("set");
    js_sys::Reflect::set(&window, &"print".into(), &print).expect("set");
}

fn times_printed() -> Option<f64> {
    js_sys::Reflect::get(&leptos::prelude::window(), &"printed".into())
        .ok()?
        .as_f64()
}

fn page_sheets() -> u32 {
    leptos::prelude::document().adopted_style_sheets().length()
}

fn printing_is_over() {
    let event = web_sys::Event::new("afterprint").expect("an event");
    let told = leptos::prelude::window().dispatch_event(&event);
    told.expect("dispatched");
}

#[wasm_bindgen_test]
async fn the_conversation_can_be_printed() {
    count_printing();
    let stage = Stage::chatting().await;
    stage.append([
        mine("Hello", MessageState::Sent),
        annas("Hello Zo\u{eb}, see https://example.com/guide"),
    ]);
    let sheets = page_sheets();
    stage.one("[part~=menu]").await.click();
    stage.says("[part~=print]", "Print").await;
    stage.one("[part~=print]").await.click();
    let printed = || (times_printed() == Some(1.0)).then_some(());
    stage.until("a print", printed).await;
    stage.says(".print", "Hello Zo\u{eb}").await;
    assert_eq!(stage.all(".print .line").len(), 2);
    stage.one("[part~=transcript]").await;
    assert_eq!(page_sheets(), sheets + 1, "what hides the page");
    stage.one("[part~=menu]").await;
    stage.focused("[part~=menu]").await;
    printing_is_over();
    stage.none(".print").await;
    stage
        .until("the page as it was", || {
            (page_sheets() == sheets && !stage.is_marked()).then_some(())
        })
        .await;

    // A chat that is over, too; and what was begun ends with the widget.
    let phase = Phase::Ended(parlour_chat::EndReason::ByServer);
    stage.store.state().set(State {
        phase,
        ..chatting()
    });
    stage.one("[data-action=print]").await.click();
    stage
        .until("another print", || {
            (times_printed() == Some(2.0)).then_some(())
        })
        .await;
    assert!(stage.is_marked());
    drop(stage);
    assert_eq!(page_sheets(), sheets);
}

#[wasm_bindgen_test]
async fn the_focus_goes_to_the_box_when_the_button_that_had_it_goes() {
    let stage = Stage::chatting().await;
    let idle = State {
        idle: Some(IdleWarning { closes_at: None }),
        ..chatting()
    };
    let reconnecting = State {
        connection: Connection::Reconnecting,
        ..chatting()
    };
    for (state, button) in [
        (idle, "[data-action=stay]"),
        (reconnecting, "[data-action=try-now]"),
    ] {
        stage.store.state().set(state);
        stage.one(button).await.focus().expect("focused");
        // As when the server has answered, which takes some time.
        stage.frames(3).await;
        stage.store.state().set(chatting());
        stage.none(button).await;
        stage.focused("[part~=input]").await;
    }
}

#[wasm_bindgen_test]
async fn a_name_that_is_missing_is_tied_to_its_field() {
    let stage = Stage::chatting().await;
    stage.one("[part~=menu]").await.click();
    stage.one("[part~=rename]").await.click();
    stage.write(".dialog-input", "  ").await;
    stage.one("[data-action=confirm]").await.click();
    let field = stage.one(".dialog-input[aria-invalid=true]").await;
    let id = field.get_attribute("aria-describedby").expect("described");
    stage
        .says(&["#", &id].concat(), "Please fill this in.")
        .await;
}
