//! What messages hold: answers to choose from, cards, lists, Markdown, emoji, and long texts.

use leptos::prelude::{Set as _, Update as _};
use parlour_chat::{
    Author, Change, ChatCommand, EndReason, Entry, EntryId, Item, MessageState, Participant,
    ParticipantKind, Phase, State, WallTime,
};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::stage::{NOW, Stage, anna, annas, chatting, mine};

const MARKDOWN: &str =
    r#"{"tenant": "acme", "server": {"service": "support"}, "features": {"markdown": true}}"#;

/// A question of Anna's with replies.
const REPLIES: &str = r#"{"contentType": "quick-replies", "content": [
    {"id": "1", "type": "quick-reply", "action": "message", "text": "Yes"},
    {"id": "2", "type": "quick-reply", "action": "message", "text": "Not quite"}]}"#;

const CARDS: &str = r#"{"contentType": "generic", "content": [
    {"title": "Express", "description": "Before noon.", "image": "https://pictures.example/van.png",
     "components": [
        {"type": "button", "action": "message", "text": "Book it"},
        {"type": "link", "text": "Prices", "url": "https://user@shop.example/prices"},
        {"type": "link", "text": "Trap", "url": "javascript:alert(1)"}]},
    {"title": "Standard", "components": [{"type": "button", "action": "message", "text": "Take it"}]}]}"#;

const SELECTION: &str = r#"{"contentType": "single-selection-list", "content": [
    {"title": "Order 4711", "description": "two books", "text": "4711"}, {"title": "Order 4712"}]}"#;

fn rich(text: &str, rich: &str) -> Item {
    Item::Message {
        from: Author::Other(anna()),
        text: text.into(),
        state: MessageState::Sent,
        rich: Some(rich.into()),
    }
}

fn texts(stage: &Stage, selector: &str) -> Vec<String> {
    let found = stage.all(selector).into_iter();
    found.filter_map(|one| one.text_content()).collect()
}

fn sent(stage: &Stage) -> Vec<String> {
    let commands = stage.chat_commands().into_iter();
    let sent = commands.filter_map(|command| match command {
        ChatCommand::Send(text) => Some(text),
        _ => None,
    });
    sent.collect()
}

fn is_disabled(element: &HtmlElement) -> bool {
    element.get_attribute("aria-disabled").as_deref() == Some("true")
}

#[wasm_bindgen_test]
async fn a_reply_is_said_for_the_visitor_and_the_replies_go() {
    let stage = Stage::chatting().await;
    stage.append([rich("Did that help?", REPLIES)]);
    let group = stage.one("[role=group][data-kind=replies]").await;
    assert_eq!(
        group.get_attribute("aria-label").as_deref(),
        Some("Answers to choose from")
    );
    stage.says("[part~=message]", "Did that help?").await;
    assert_eq!(texts(&stage, "ul > li > button"), ["Yes", "Not quite"]);
    stage.write("[part~=input]", "half a sen").await;
    stage.all("[data-kind=replies] button")[1].click();
    assert_eq!(sent(&stage), ["Not quite"]);
    stage.append([mine("Not quite", MessageState::Sending)]);
    stage.none("[data-kind=replies]").await;
    stage.says("[part~=message]", "Did that help?").await;
    let input = stage.one("[part~=input]").await;
    assert_eq!(
        wasm_bindgen::JsCast::unchecked_into::<web_sys::HtmlTextAreaElement>(input).value(),
        "half a sen"
    );
}

#[wasm_bindgen_test]
async fn other_words_answer_a_question_too() {
    let stage = Stage::chatting().await;
    stage.append([
        mine("Hello", MessageState::Sent),
        rich("Did that help?", REPLIES),
    ]);
    stage.one("[data-kind=replies]").await;
    stage.append([mine("Well, …", MessageState::Sent)]);
    stage.none("[data-kind=replies]").await;
    stage.append([rich("And now?", REPLIES)]);
    stage.one("[data-kind=replies]").await;
    stage.store.state().set(State {
        phase: Phase::Ended(EndReason::ByServer),
        ..chatting()
    });
    stage.none("[data-kind=replies]").await;
}

#[wasm_bindgen_test]
async fn nothing_is_said_while_nothing_can_be() {
    let stage = Stage::chatting().await;
    stage.append([rich("Did that help?", REPLIES)]);
    let button = stage.one("[data-kind=replies] button").await;
    stage
        .store
        .state()
        .update(|state| state.messages_taken = false);
    stage
        .until("a button that does nothing", || {
            is_disabled(&button).then_some(())
        })
        .await;
    button.click();
    assert_eq!(sent(&stage), [""; 0]);
}

#[wasm_bindgen_test]
async fn cards_have_buttons_and_links_and_load_no_picture() {
    let stage = Stage::chatting().await;
    stage.append([rich("Express\nBefore noon.", CARDS)]);
    let group = stage.one("[role=group][data-kind=cards]").await;
    assert_eq!(group.tab_index(), 0, "the keyboard scrolls it");
    assert!(
        stage.all("[part~=message]").is_empty(),
        "the text only repeats the card"
    );
    assert!(stage.all("img").is_empty());
    assert_eq!(texts(&stage, ".cards .rich-title"), ["Express", "Standard"]);
    assert_eq!(texts(&stage, ".cards button"), ["Book it", "Take it"]);
    let links = stage.all(".cards a").into_iter();
    let links: Vec<_> = links
        .map(|link| {
            (
                link.get_attribute("href"),
                link.get_attribute("rel"),
                link.text_content(),
            )
        })
        .map(|(href, rel, text)| {
            (
                href.unwrap_or_default(),
                rel.unwrap_or_default(),
                text.unwrap_or_default(),
            )
        })
        .collect();
    let rel = "noopener noreferrer";
    let expected = [
        (
            "https://pictures.example/van.png",
            "Picturepictures.example",
        ),
        ("https://shop.example/prices", "Pricesshop.example"),
    ];
    assert_eq!(links.len(), 2);
    for ((href, has_rel, text), (address, words)) in links.iter().zip(expected) {
        assert_eq!((href.as_str(), has_rel.as_str()), (address, rel));
        assert!(text.starts_with(words), "{text}");
    }
    stage.says(".cards", "javascript:alert(1)").await;
    stage.all(".cards button")[0].click();
    assert_eq!(sent(&stage), ["Book it"]);
    stage.append([mine("Book it", MessageState::Sent)]);
    let chosen = stage.one(".cards button[data-state=chosen]").await;
    assert!(is_disabled(&chosen));
    assert!(
        chosen
            .text_content()
            .is_some_and(|text| text.contains("Chosen"))
    );
    assert!(
        !is_disabled(&stage.all(".cards button")[1]),
        "another card can still be taken"
    );
}

#[wasm_bindgen_test]
async fn one_of_a_selection_is_chosen_and_stays_marked() {
    let stage = Stage::chatting().await;
    stage.append([rich("Which order?", SELECTION)]);
    stage.one("[data-kind=list] button").await;
    stage.says("[part~=message]", "Which order?").await;
    stage.all("[data-kind=list] button")[0].click();
    assert_eq!(sent(&stage), ["4711"]);
    stage.append([mine("4711", MessageState::Sent), annas("Thanks")]);
    stage
        .one("[data-kind=list] button[data-state=chosen]")
        .await;
    let rows = stage.all("[data-kind=list] button");
    assert!(rows.iter().all(is_disabled), "one was to be chosen");
    assert!(
        rows[1]
            .text_content()
            .is_some_and(|text| text.contains("Order 4712"))
    );
}

#[wasm_bindgen_test]
async fn broken_content_leaves_the_text() {
    let stage = Stage::chatting().await;
    stage.append([
        rich("One", "{"),
        rich(
            "Two",
            r#"{"contentType": "hologram", "content": [{"text": "x"}]}"#,
        ),
        rich("Three", r#"{"contentType": "generic", "content": [{}]}"#),
    ]);
    stage
        .until("three texts", || {
            (texts(&stage, "[part~=message]") == ["One", "Two", "Three"]).then_some(())
        })
        .await;
    stage.none("[role=group]").await;
}

#[wasm_bindgen_test]
async fn markdown_of_agents_is_shown_where_the_tenant_wants_it() {
    let stage = Stage::with_config(MARKDOWN);
    stage.store.state().set(chatting());
    stage.store.set_open(true);
    let words = "**Bold**, *italic*, `code`\n\n1. one\n2. [two](https://shop.example/a)\n\n> said\n\n```\n<b>\n```\n[x](javascript:alert(1)) 2 * 3 * 4";
    stage.append([annas(words), mine("**mine**", MessageState::Sent)]);
    stage.one("[part~=message] strong").await;
    assert_eq!(texts(&stage, "strong"), ["Bold"]);
    assert_eq!(texts(&stage, "em"), ["italic"]);
    assert_eq!(texts(&stage, ".md-word"), ["code"]);
    assert_eq!(texts(&stage, "ol > li"), ["one", "two (shop.example)"]);
    assert_eq!(texts(&stage, "blockquote"), ["said"]);
    assert_eq!(texts(&stage, "pre"), ["<b>"]);
    assert_eq!(stage.all("[part~=message] a").len(), 1);
    stage
        .says("[part~=message]", "[x](javascript:alert(1)) 2 * 3 * 4")
        .await;
    stage
        .says("[part~=message][data-from=me]", "**mine**")
        .await;
}

#[wasm_bindgen_test]
async fn texts_are_shown_as_they_were_written_otherwise() {
    let stage = Stage::chatting().await;
    let robot = Participant {
        kind: ParticipantKind::Bot,
        ..anna()
    };
    let said = Item::Message {
        from: Author::Other(robot),
        text: "**bold** `code`\n- one".into(),
        state: MessageState::Sent,
        rich: None,
    };
    stage.append([said]);
    stage
        .says("[part~=message]", "**bold** `code`\n- one")
        .await;
}

#[wasm_bindgen_test]
async fn few_emoji_are_large() {
    let stage = Stage::chatting().await;
    stage.append([
        annas("👩‍👩‍👧‍👦 🇩🇪"),
        mine("👍🏽", MessageState::Sent),
        annas("👍 fine"),
        annas("12"),
    ]);
    stage.one(".emoji").await;
    stage
        .until("all lines", || {
            (stage.all("[part~=message]").len() == 4).then_some(())
        })
        .await;
    assert_eq!(texts(&stage, ".emoji"), ["👩‍👩‍👧‍👦 🇩🇪", "👍🏽"]);
}

#[wasm_bindgen_test]
async fn a_long_message_is_folded_and_stays_as_the_visitor_left_it() {
    let stage = Stage::chatting().await;
    let long: Vec<_> = (1..=60).map(|line: u32| format!("line {line}.")).collect();
    let long = long.join("\n");
    stage.append([annas(&long), mine(&long, MessageState::Sent)]);
    let button = stage.one("[data-action=fold]").await;
    assert_eq!(button.text_content().as_deref(), Some("Show more"));
    assert_eq!(
        button.get_attribute("aria-expanded").as_deref(),
        Some("false")
    );
    let bubble = || texts(&stage, "[part~=message][data-from=agent]").concat();
    assert!(bubble().contains("line 20.") && !bubble().contains("line 21."));
    button.click();
    stage.says("[part~=message]", "line 60.").await;
    stage.says("[data-action=fold]", "Show less").await;
    // Another message makes the line the first of a group.
    let mut entry = Entry::new(EntryId(0), WallTime(NOW), annas(&long));
    entry.group = parlour_chat::Group::First;
    stage.store.apply(Change::Update { at: 0, entry });
    stage.one("[data-group=first]").await;
    stage.says("[data-action=fold]", "Show less").await;
    assert!(bubble().contains("line 60."));
    stage.one("[data-action=fold]").await.click();
    stage.says("[data-action=fold]", "Show more").await;
    stage
        .until("the beginning", || {
            (!bubble().contains("line 21.")).then_some(())
        })
        .await;
}

#[wasm_bindgen_test]
async fn a_long_message_is_whole_on_paper() {
    let stage = Stage::chatting().await;
    let long: Vec<_> = (1..=60).map(|line: u32| format!("line {line}.")).collect();
    stage.append([annas(&long.join("\n"))]);
    stage.one("[data-action=fold]").await;
    // Without the browser's dialog.
    let print = js_sys::Function::new_no_args("");
    let window = leptos::prelude::window();
    js_sys::Reflect::set(&window, &"print".into(), &print).expect("set");
    stage.one("[part~=menu]").await.click();
    stage.one("[part~=print]").await.click();
    stage.says(".print", "line 60.").await;
    stage.none(".print [data-action=fold]").await;
}

#[wasm_bindgen_test]
async fn the_transcript_stays_where_a_text_is_unfolded() {
    let stage = Stage::chatting().await;
    let scroll = stage.one(".scroll").await;
    scroll
        .set_attribute(
            "style",
            "display: block; height: 200px; overflow: auto; white-space: pre",
        )
        .expect("a style");
    stage.append([annas(&"a line\n".repeat(60))]);
    let button = stage.one("[data-action=fold]").await;
    let is_at_end = || {
        let left = scroll.scroll_height() - scroll.scroll_top() - scroll.client_height();
        (left < 2 && scroll.scroll_top() > 0).then_some(())
    };
    stage.until("the end", is_at_end).await;
    let folded = scroll.scroll_top();
    button.click();
    stage.says("[data-action=fold]", "Show less").await;
    stage.frames(4).await;
    assert_eq!(
        scroll.scroll_top(),
        folded,
        "what is read next stands there"
    );
    stage.one("[data-action=jump]").await;
    scroll.set_scroll_top(scroll.scroll_height());
    stage.until("the end", is_at_end).await;
    button.click();
    stage.says("[data-action=fold]", "Show more").await;
    stage.frames(4).await;
    assert!(is_at_end().is_some(), "the button stays in view");
}
