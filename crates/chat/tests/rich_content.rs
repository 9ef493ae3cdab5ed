//! What is read of rich messages: each kind, whatever is missing, and nothing of what cannot be shown.

use parlour_chat::{Layout, Picture, Rich, RichAction, RichItem};
use proptest::prelude::*;
use serde_json::{Value, json};

fn read(kind: &str, content: Value) -> Option<Rich> {
    Rich::parse(&json!({"contentType": kind, "content": content}).to_string())
}

fn says(text: &str) -> RichAction {
    RichAction::Say(text.into())
}

fn opens(address: &str) -> RichAction {
    RichAction::Open(address.into())
}

#[test]
fn quick_replies_say_their_texts() {
    let rich = read(
        "quick-replies",
        json!([
            {"id": "1", "type": "quick-reply", "action": "message", "text": " Yes "},
            {"id": 2, "text": "No"},
            {"text": ""},
            {"text": "Call", "action": "dial"},
            "Perhaps",
            null
        ]),
    )
    .unwrap();
    assert_eq!(rich.layout, Layout::Replies);
    let reply = |text: &str| RichItem {
        title: Some(text.into()),
        action: Some(says(text)),
        ..RichItem::default()
    };
    assert_eq!(rich.items, [reply("Yes"), reply("No")]);
    assert!(!rich.repeats("Yes"), "the text of replies is the question");
}

#[test]
fn a_card_has_words_a_picture_and_buttons() {
    let card = json!({
        "id": "1", "type": "generic", "title": "Express", "description": "Before noon.",
        "image": "https://shop.example/van.png",
        "components": [
            {"id": "1", "type": "button", "action": "message", "text": "Book it"},
            {"type": "button", "action": "openurl", "text": "Prices", "url": "https://shop.example/prices"},
            {"type": "link", "title": "Terms", "link": "https://shop.example/terms"},
            {"type": "button", "action": "vendor-specific", "text": "?"}
        ]
    });
    let expected = RichItem {
        title: Some("Express".into()),
        text: Some("Before noon.".into()),
        picture: Some(Picture {
            address: "https://shop.example/van.png".into(),
            words: None,
        }),
        action: None,
        buttons: vec![
            ("Book it".into(), says("Book it")),
            ("Prices".into(), opens("https://shop.example/prices")),
            ("Terms".into(), opens("https://shop.example/terms")),
        ],
    };
    for (kind, content) in [
        ("generic", json!([card])),
        ("carousel", json!([card])),
        ("carousel", json!([{"type": "carousel", "items": [card]}])),
    ] {
        let rich = read(kind, content).unwrap();
        assert_eq!(
            (rich.layout, rich.items),
            (Layout::Cards, vec![expected.clone()])
        );
    }
}

#[test]
fn a_card_may_be_made_of_components() {
    let rich = read(
        "generic",
        json!([{"components": [
            {"type": "title", "text": "Tent"},
            {"type": "text", "text": "Green"},
            {"type": "text", "text": "Two rooms"},
            {"type": "image", "url": "https://shop.example/tent.png", "alt": "A green tent"}
        ]}]),
    )
    .unwrap();
    let [card] = rich.items.as_slice() else {
        panic!("{rich:?}")
    };
    assert_eq!(card.title.as_deref(), Some("Tent"));
    assert_eq!(card.text.as_deref(), Some("Green\nTwo rooms"));
    let picture = card.picture.as_ref().unwrap();
    assert_eq!(picture.words.as_deref(), Some("A green tent"));
}

#[test]
fn rows_of_lists_may_be_chosen() {
    let content = json!([
        {"id": "1", "type": "list-item", "action": "message", "title": "Order 4711", "text": "4711", "description": "two books"},
        {"id": "2", "title": "Order 4712"}
    ]);
    let list = read("list-vertical", content.clone()).unwrap();
    assert_eq!(list.layout, Layout::List);
    assert_eq!(list.items[0].text.as_deref(), Some("two books"));
    assert_eq!(list.items[0].action, Some(says("4711")));
    assert_eq!(list.items[1].action, None, "it is only to be read");
    let selection = read("single-selection-list", content).unwrap();
    assert_eq!(selection.layout, Layout::Selection);
    assert_eq!(selection.items[1].action, Some(says("Order 4712")));
}

#[test]
fn attachments_are_files_and_pictures_elsewhere() {
    let rich = read(
        "attachments",
        json!([
            {"type": "file", "title": "Manual", "url": "https://shop.example/m.pdf"},
            {"type": "image/png", "alt": "The tent", "url": "https://shop.example/t.png"},
            {"url": "https://shop.example/x"},
            {"type": "file"}
        ]),
    )
    .unwrap();
    assert_eq!(rich.items.len(), 3);
    assert_eq!(
        rich.items[0].action,
        Some(opens("https://shop.example/m.pdf"))
    );
    let picture = rich.items[1].picture.as_ref().unwrap();
    assert_eq!(picture.words.as_deref(), Some("The tent"));
    assert_eq!(
        rich.items[2].title.as_deref(),
        Some("https://shop.example/x")
    );
}

#[test]
fn a_text_that_stands_in_the_items_need_not_be_shown() {
    let card = json!([{"title": "Express", "description": "Before noon."}]);
    let rich = read("generic", card).unwrap();
    assert!(rich.repeats("Express\n\n Before noon."));
    assert!(rich.repeats(""));
    assert!(!rich.repeats("Choose:\nExpress"));
}

#[test]
fn what_cannot_be_shown_is_left_to_its_text() {
    for broken in [
        "",
        "{",
        "[]",
        "7",
        "{}",
        r#"{"contentType": "quick-replies"}"#,
        r#"{"contentType": "quick-replies", "content": {}}"#,
        r#"{"contentType": "quick-replies", "content": [{}]}"#,
        r#"{"contentType": "generic", "content": [{"components": "x"}, 1, null]}"#,
        r#"{"contentType": "date-picker", "content": [{"text": "Monday"}]}"#,
        r#"{"contentType": null, "content": [{"text": "Monday"}]}"#,
        r#"{"contentType": "attachments", "content": [{"type": "image"}]}"#,
    ] {
        assert_eq!(Rich::parse(broken), None, "{broken}");
    }
}

#[test]
fn no_message_is_endless() {
    let replies: Vec<_> = (0..500)
        .map(|n| json!({"text": n.to_string().repeat(9_000)}))
        .collect();
    let rich = read("quick-replies", json!(replies)).unwrap();
    assert!(rich.items.len() <= 50);
    let longest = rich.items.iter().filter_map(|item| item.title.as_ref());
    assert!(longest.map(|title| title.chars().count()).max() <= Some(2_000));
}

/// Any JSON, with the names that mean something more often than others.
fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[a-z \n]{0,8}".prop_map(Value::from),
        prop_oneof![
            Just("message"),
            Just("link"),
            Just("image"),
            Just("title"),
            Just("text")
        ]
        .prop_map(Value::from),
    ];
    let name = prop_oneof![
        Just("type"),
        Just("action"),
        Just("text"),
        Just("title"),
        Just("description"),
        Just("image"),
        Just("url"),
        Just("components"),
        Just("items"),
        Just("content"),
        Just("value"),
        Just("alt"),
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((name.clone(), inner), 0..6).prop_map(|members| {
                members
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value))
                    .collect()
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_content_can_be_read(
        kind in prop_oneof![
            Just("quick-replies"), Just("generic"), Just("list-vertical"),
            Just("single-selection-list"), Just("attachments"), Just("x"),
        ],
        content in anything(),
    ) {
        if let Some(rich) = read(kind, content) {
            prop_assert!(!rich.items.is_empty());
            for item in &rich.items {
                let shown = item.title.iter().chain(&item.text);
                prop_assert!(shown.clone().all(|text| !text.trim().is_empty()));
                prop_assert!(shown.count() + item.buttons.len() > 0 || item.picture.is_some());
            }
            _ = rich.repeats("any\ntext");
        }
    }

    #[test]
    fn any_text_can_be_read(text in any::<String>()) {
        _ = Rich::parse(&text);
    }
}
