use leptos::prelude::Set as _;
use parlour_chat::{Command, FormAnswers, Phase, RefusalReason, State};
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

/// Waits for the form to be sent.
async fn started(stage: &Stage) -> FormAnswers {
    stage
        .until("a start", || {
            stage
                .commands()
                .into_iter()
                .find_map(|command| match command {
                    Command::Start(given) => Some(given),
                    _ => None,
                })
        })
        .await
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
async fn nothing_is_remembered_before_the_visitor_agrees_to_what_must_be() {
    let fields = r#"[
        {"name": "name", "role": "nickname"},
        {"name": "terms", "kind": "consent", "required": true, "role": {"user_data": "Terms"}}]"#;
    let stage = Stage::with_form(fields, None);
    stage.store.set_open(true);
    stage.write("[name=name]", "Marie").await;
    assert_eq!(stage.answers(), None);
    stage.one("[name=terms]").await.click();
    stage
        .until("them to be remembered", || {
            stage.answers().filter(|kept| kept.contains("Marie"))
        })
        .await;
    stage.one("[name=terms]").await.click();
    stage
        .until("them to be forgotten", || {
            stage.answers().is_none().then_some(())
        })
        .await;
}

#[wasm_bindgen_test]
async fn what_is_remembered_has_its_numbers_masked_but_for_the_address() {
    let fields = r#"[
        {"name": "topic", "role": "subject"},
        {"name": "mail", "role": "email"}]"#;
    let stage = Stage::with_form(fields, None);
    let mut state = State::default();
    state.offers.mask.cards = true;
    stage.store.state().set(state);
    stage.store.set_open(true);
    stage.write("[name=topic]", "4111 1111 1111 1111").await;
    stage
        .write("[name=mail]", "4111111111111111@shop.example")
        .await;
    assert_eq!(
        stage.answers().as_deref(),
        Some(r#"{"mail":"4111111111111111@shop.example","topic":"**** **** **** 1111"}"#)
    );
}

#[wasm_bindgen_test]
async fn what_was_filled_in_is_there_after_a_reload_but_no_agreement() {
    let fields = r#"[
        {"name": "name", "role": "nickname", "value": "Guest"},
        {"name": "topic", "kind": "select", "role": {"user_data": "Topic"}, "options": [{"value": "a"}]},
        {"name": "gone", "kind": "select", "role": {"user_data": "Gone"}, "options": [{"value": "a"}]},
        {"name": "news", "kind": "checkbox", "role": {"user_data": "News"}},
        {"name": "terms", "kind": "consent", "role": {"user_data": "Terms"}},
        {"name": "rules", "kind": "checkbox", "role": {"user_data": "Rules"},
         "link": {"en": "https://shop.example/rules"}},
        {"name": "page", "kind": "hidden", "role": {"user_data": "Page"}, "value": "here"}]"#;
    let before = Stage::with_form(fields, None);
    before.store.set_open(true);
    before.write("[name=name]", "").await;
    for tick in ["[name=news]", "[name=terms]", "[name=rules]"] {
        before.one(tick).await.click();
    }
    let kept = before.answers().expect("answers");
    assert_eq!(kept, r#"{"name":"","news":"true"}"#);

    let stored = r#"{"name": "", "topic": "a", "gone": "b", "news": "true", "terms": "true",
        "rules": "true", "page": "there", "other": 7}"#;
    let after = Stage::with_form(fields, Some(stored));
    after.store.set_open(true);
    after.one("[name=news]:checked").await;
    assert!(
        after
            .all("[name=terms]:checked, [name=rules]:checked")
            .is_empty()
    );
    after.one("[part~=submit]").await.click();
    let given = started(&after).await;
    assert_eq!(given.nickname, None, "what was emptied stays empty");
    let data = [("Topic", "a"), ("News", "true"), ("Page", "here")];
    let data = data.map(|(key, value)| (key.to_owned(), value.to_owned()));
    assert_eq!(given.user_data, data);
}

#[wasm_bindgen_test]
async fn nonsense_that_is_stored_is_ignored() {
    for stored in ["", "{", "null", "[1]", r#"{"name": 7}"#] {
        let fields = r#"[{"name": "name", "role": "nickname", "value": "Guest"}]"#;
        let stage = Stage::with_form(fields, Some(stored));
        stage.store.set_open(true);
        stage.one("[part~=submit]").await.click();
        assert_eq!(started(&stage).await.nickname.as_deref(), Some("Guest"));
    }
}

#[wasm_bindgen_test]
async fn a_telephone_number_has_digits() {
    let fields = r#"[
        {"name": "phone", "kind": "tel", "role": {"user_data": "Phone"}, "required": true},
        {"name": "own", "kind": "tel", "role": {"user_data": "Own"}, "pattern": "x+"}]"#;
    let stage = Stage::with_form(fields, None);
    stage.store.set_open(true);
    stage.write("[name=own]", "x").await;
    stage.write("[name=phone]", "x").await;
    stage.one("[part~=submit]").await.click();
    stage.one("[name=phone][aria-invalid=true]").await;
    stage.says("[part~=error]", "telephone number").await;
    stage.write("[name=phone]", "+49 (0)89 123").await;
    stage.one("[part~=submit]").await.click();
    assert_eq!(started(&stage).await.user_data.len(), 2);
}

#[wasm_bindgen_test]
async fn an_answer_of_another_form_or_too_long_is_said_to_be() {
    let fields = r#"[
        {"name": "order", "role": {"user_data": "Order"}, "pattern": "[A-Z]{2}\\d{6}"},
        {"name": "note", "kind": "textarea", "role": {"user_data": "Note"}, "max_length": 5,
         "value": "abcdefgh"}]"#;
    let stage = Stage::with_form(fields, None);
    stage.store.set_open(true);
    stage.write("[name=order]", "12").await;
    stage.one("[part~=submit]").await.click();
    for (field, words) in [
        ("order", "it does not look right"),
        ("note", "shorten this to 5 characters"),
    ] {
        stage
            .says(
                &format!("[part~=field]:has([name={field}][aria-invalid=true]) [part~=error]"),
                words,
            )
            .await;
    }
    stage.write("[name=order]", "AB123456").await;
    stage.write("[name=note]", "abc").await;
    stage.one("[part~=submit]").await.click();
    let given = started(&stage).await.user_data;
    let wanted = [("Order", "AB123456"), ("Note", "abc")];
    assert_eq!(given, wanted.map(|(key, value)| (key.into(), value.into())));
}

#[wasm_bindgen_test]
async fn a_label_says_apart_from_its_name_that_the_field_is_optional() {
    let stage = opened().await;
    stage.says("label[for=field-2]", "Email, optional").await;
    stage.says("label[for=field-0]", "First name").await;
}

#[wasm_bindgen_test]
async fn a_form_that_asks_nothing_does_not_ask_who_one_is() {
    let fields = r#"[{"name": "name", "kind": "hidden", "role": "nickname", "value": "Guest"}]"#;
    let stage = Stage::with_form(fields, None);
    stage.store.set_open(true);
    stage.says(".form-intro", "Someone will be with you").await;
    let intro = stage.one(".form-intro").await.text_content();
    assert!(!intro.unwrap_or_default().contains("who you are"));
}

#[wasm_bindgen_test]
async fn answers_go_where_their_roles_say() {
    let stage = opened().await;
    stage.write("[name=firstName]", " Marie ").await;
    stage.write("[name=lastName]", "Curie").await;
    stage.one("[part~=submit]").await.click();
    let given = started(&stage).await;
    assert_eq!(given.first_name.as_deref(), Some("Marie"));
    assert_eq!(given.last_name.as_deref(), Some("Curie"));
    assert_eq!(given.email, None, "left blank");
}

#[wasm_bindgen_test]
async fn what_a_password_manager_fills_in_without_an_event_counts() {
    let stage = opened().await;
    for (name, value) in [("firstName", "Marie"), ("lastName", "Curie")] {
        let field = stage.one(&format!("[name={name}]")).await;
        field.unchecked_into::<HtmlInputElement>().set_value(value);
    }
    stage.one("[part~=submit]").await.click();
    let given = started(&stage).await;
    assert_eq!(given.first_name.as_deref(), Some("Marie"));
    assert_eq!(given.last_name.as_deref(), Some("Curie"));
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
    let refused = Phase::Refused(refusal(RefusalReason::Refused, None));
    stage.store.state().set(State {
        phase: refused,
        ..State::default()
    });
    // To say only that it was refused would help nobody.
    stage
        .says("[role=alert] [part~=error]", "try again later")
        .await;
}

#[wasm_bindgen_test]
async fn a_refused_start_names_other_ways_to_get_in_touch() {
    let config = r#"{"tenant": "acme", "server": {"service": "support"}, "contact":
        {"email": "a+b@acme.example", "phone": "+44 (20) 7946-0000", "url": "/contact"}}"#;
    let stage = Stage::with_config(config);
    stage.store.set_open(true);
    stage.one("[part~=form]").await;
    stage.store.state().set(State {
        phase: Phase::Refused(refusal(RefusalReason::Unreachable, None)),
        ..State::default()
    });
    stage.says("[role=alert]", "reach us another way").await;
    let origin = web_sys::window().expect("a window").location().origin();
    let page = [origin.expect("an origin"), "/contact".into()].concat();
    for (at, href, words) in [
        (0, "mailto:a+b@acme.example", "a+b@acme.example"),
        (1, "tel:+442079460000", "+44 (20) 7946-0000"),
        (2, page.as_str(), "Contact page"),
    ] {
        let link = &stage.all("[role=alert] a")[at];
        assert_eq!(link.get_attribute("href").as_deref(), Some(href));
        let shown = link.text_content().unwrap_or_default();
        assert!(shown.contains(words), "{shown}");
    }
    // Without any, there is nothing but the reason.
    let stage = opened().await;
    stage.store.state().set(State {
        phase: Phase::Refused(refusal(RefusalReason::Unreachable, None)),
        ..State::default()
    });
    stage.says("[role=alert]", "could not reach").await;
    let words = stage.one("[role=alert]").await.text_content();
    assert!(!words.unwrap_or_default().contains("another way"));
}

#[wasm_bindgen_test]
async fn a_link_to_what_is_agreed_to_may_be_a_path_of_the_site() {
    let of = |link: &str| {
        let fields = [
            r#"[{"name": "ok", "role": {"user_data": "ok"}, "kind": "consent", "link": {"en": ""#,
            link,
            r#""}}]"#,
        ];
        let stage = Stage::with_form(&fields.concat(), None);
        stage.store.set_open(true);
        stage
    };
    let origin = web_sys::window().expect("a window").location().origin();
    let terms = [origin.expect("an origin"), "/legal/terms?v=2".into()].concat();
    for (link, href) in [
        ("/legal/terms?v=2", terms.as_str()),
        ("https://shop.example/terms", "https://shop.example/terms"),
    ] {
        let stage = of(link);
        let shown = stage.one("a.consent").await;
        assert_eq!(shown.get_attribute("href").as_deref(), Some(href));
    }
    for link in ["javascript:alert(1)", "mailto:a@b.example", ""] {
        let stage = of(link);
        stage.one("[name=ok]").await;
        assert!(stage.all("a.consent").is_empty(), "{link}");
    }
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

#[wasm_bindgen_test]
async fn the_focus_stays_in_the_form_while_the_chat_starts() {
    let stage = opened().await;
    stage.focused("[name=firstName]").await;
    stage.write("[name=firstName]", "Marie").await;
    stage.write("[name=lastName]", "Curie").await;
    let field = stage.one("[name=subject]").await;
    field.focus().expect("focused");
    // As Enter does it.
    assert!(stage.prevents("submit", "[part~=form]").await);
    let phase = Phase::Starting;
    stage.store.state().set(State {
        phase,
        ..State::default()
    });
    stage.one(".form-body[inert]").await;
    stage.frames(3).await;
    stage.focused("[part~=submit]").await;
}

#[wasm_bindgen_test]
async fn words_of_another_direction_keep_theirs() {
    let fields = r#"[{"name": "nick", "role": "nickname", "required": true, "help": {"en": "Any."}},
        {"name": "ok", "role": {"user_data": "ok"}, "kind": "consent"}]"#;
    let stage = Stage::with_form(fields, None);
    stage.store.set_open(true);
    stage.one("[part~=submit]").await.click();
    stage.store.state().set(State {
        phase: Phase::Refused(refusal(RefusalReason::CannotStartNow, None)),
        ..State::default()
    });
    let spoken = [
        ".form-intro",
        ".label",
        ".help",
        ".error",
        ".tick-label",
        ".form-alert span",
    ];
    for words in spoken {
        let words = stage.one(words).await;
        assert_eq!(words.dir(), "auto", "{}", words.class_name());
    }
}
