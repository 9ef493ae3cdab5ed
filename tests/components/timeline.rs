use leptos::prelude::Set as _;
use parlour_chat::{
    Author, Change, ChatCommand, EndReason, Entry, EntryId, FileEntry, FileState, Item,
    LeaveReason, MessageState, Participant, ParticipantId, ParticipantKind, Phase, RefusalReason,
    State, WallTime,
};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::stage::{NOW, Stage, anna, annas, chatting, mine, refusal};

#[wasm_bindgen_test]
async fn a_failed_message_offers_what_can_be_done() {
    let stage = Stage::chatting().await;
    let failed = MessageState::Failed(refusal(RefusalReason::Unreachable, None));
    stage.append([mine("Hello?", failed)]);
    stage.one("[part~=message][data-state=failed]").await;
    stage.says(".wrong", "Not sent.").await;
    for action in ["retry", "edit", "discard"] {
        stage
            .one(&["[data-action=", action, "]"].concat())
            .await
            .click();
    }
    let commands = stage.chat_commands();
    let given = |wanted: fn(&ChatCommand) -> bool| commands.iter().any(wanted);
    assert!(given(|it| matches!(it, ChatCommand::Retry(EntryId(0)))));
    assert!(given(|it| matches!(it, ChatCommand::Edit(EntryId(0)))));
    assert!(given(|it| matches!(it, ChatCommand::Discard(EntryId(0)))));
    stage.store.state().set(State {
        phase: Phase::Ended(EndReason::ByServer),
        ..chatting()
    });
    for action in ["retry", "edit"] {
        stage.none(&["[data-action=", action, "]"].concat()).await;
    }
    stage.one("[data-action=discard]").await;
}

/// Puts up a chat whose transcript is read again.
fn catching_up() -> Stage {
    Stage::prepared(|store| {
        store.state().set(State {
            is_catching_up: true,
            ..chatting()
        });
        store.set_open(true);
    })
}

#[wasm_bindgen_test]
async fn what_was_said_before_a_reload_comes_while_the_log_is_busy() {
    let stage = catching_up();
    stage.one("[role=log][aria-busy=true]").await;
    // The transcript and the word that this is all of it come together.
    stage.append([annas("Hello"), mine("Hi", MessageState::Sent)]);
    stage.store.state().set(chatting());
    stage.says("[role=log]", "Hi").await;
    stage.frames(3).await;
    stage.one("[role=log][aria-busy=true]").await;
    stage.one("[role=log][aria-busy=false]").await;
    // From now on it is news.
    stage.append([annas("Still there?")]);
    stage.says("[role=log]", "Still there?").await;
    stage.one("[role=log][aria-busy=false]").await;
}

#[wasm_bindgen_test]
async fn a_widget_may_go_while_the_log_is_busy() {
    let count = "window.errors = 0; addEventListener('error', () => window.errors += 1)";
    _ = js_sys::Function::new_no_args(count).call0(&JsValue::NULL);
    let gone = catching_up();
    gone.one("[role=log][aria-busy=true]").await;
    gone.store.state().set(chatting());
    gone.frames(3).await;
    drop(gone);
    // What waits for the end of the silence there comes before this.
    let other = catching_up();
    other.one("[role=log][aria-busy=true]").await;
    other.store.state().set(chatting());
    other.one("[role=log][aria-busy=false]").await;
    let errors = js_sys::Function::new_no_args("return window.errors").call0(&JsValue::NULL);
    assert_eq!(errors, Ok(JsValue::from(0)));
}

#[wasm_bindgen_test]
async fn a_message_that_arrives_stays_the_same_element() {
    let stage = Stage::chatting().await;
    stage.append([mine("Hello", MessageState::Sending)]);
    let before = stage.one("[part~=message][data-state=sending]").await;
    let entry = Entry::new(EntryId(0), WallTime(NOW), mine("Hello", MessageState::Sent));
    stage.store.apply(Change::Update { at: 0, entry });
    let after = stage.one("[part~=message][data-state=sent]").await;
    assert!(
        before == after,
        "a log that gets a new element reads it out again"
    );
}

#[wasm_bindgen_test]
async fn only_harmless_addresses_become_links() {
    let stage = Stage::chatting().await;
    stage.append([annas(
        "see https://example.com/a?b=c. Or javascript:alert(1), data:text/html,x and tel:+123",
    )]);
    stage.one("[part~=message] a").await;
    let links = stage.all("[part~=message] a");
    let hrefs: Vec<_> = links
        .iter()
        .filter_map(|link| link.get_attribute("href"))
        .collect();
    assert_eq!(hrefs, ["https://example.com/a?b=c", "tel:+123"]);
    assert_eq!(
        links[0].get_attribute("rel").as_deref(),
        Some("noopener noreferrer")
    );
    stage.says("[part~=message]", "javascript:alert(1)").await;
}

#[wasm_bindgen_test]
async fn a_link_shows_the_host_it_really_leads_to() {
    let stage = Stage::chatting().await;
    stage.append([annas("https://bank.example@evil.example/login")]);
    let link = stage.one("[part~=message] a").await;
    assert_eq!(
        link.get_attribute("href").as_deref(),
        Some("https://evil.example/login")
    );
    assert_eq!(
        link.text_content().as_deref(),
        Some("https://evil.example/login")
    );
}

#[wasm_bindgen_test]
async fn hosts_mail_and_telephone_numbers_are_links() {
    let stage = Stage::chatting().await;
    stage.append([annas(
        "参见https://example.com/guide，或 www.example.org、www.müller.de、a@example.com、+49 89 1234567。",
    )]);
    stage.one("[part~=message] a").await;
    let links = stage.all("[part~=message] a").into_iter();
    let links: Vec<_> = links
        .map(|link| (link.get_attribute("href"), link.text_content()))
        .map(|(href, shown)| (href.unwrap_or_default(), shown.unwrap_or_default()))
        .collect();
    let links: Vec<_> = links
        .iter()
        .map(|(href, shown)| (href.as_str(), shown.as_str()))
        .collect();
    assert_eq!(
        links,
        [
            ("https://example.com/guide", "https://example.com/guide"),
            ("https://www.example.org/", "www.example.org"),
            // A name that may be mistaken for another is shown as it is looked up.
            (
                "https://www.xn--mller-kva.de/",
                "https://www.xn--mller-kva.de/"
            ),
            ("mailto:a@example.com", "a@example.com"),
            ("tel:+49891234567", "+49 89 1234567"),
        ]
    );
}

#[wasm_bindgen_test]
async fn a_pushed_page_is_offered_never_followed() {
    let stage = Stage::chatting().await;
    let offer = |url: &str| Item::Link {
        from: Author::Other(anna()),
        url: url.into(),
    };
    stage.append([offer("shop.example/returns"), offer("javascript:alert(1)")]);
    stage
        .says("[data-kind=link] .card-host", "shop.example")
        .await;
    let links = stage.all("[data-kind=link] a");
    assert_eq!(links.len(), 1, "the other is only text");
    assert_eq!(
        links[0].get_attribute("href").as_deref(),
        Some("https://shop.example/returns")
    );
}

#[wasm_bindgen_test]
async fn hold_transfer_leaving_and_the_end_read_differently() {
    let stage = Stage::chatting().await;
    stage.append([
        Item::Left(anna(), LeaveReason::Hold),
        Item::Left(anna(), LeaveReason::Transfer),
        Item::Left(anna(), LeaveReason::Left),
        Item::Ended(EndReason::ByServer),
    ]);
    stage
        .says("[part~=system][data-state=hold]", "will be back")
        .await;
    stage
        .says("[part~=system][data-state=transfer]", "to a colleague")
        .await;
    stage
        .says("[part~=system][data-state=left]", "has left")
        .await;
    stage
        .says("[part~=system][data-state=ended]", "The chat has ended")
        .await;
}

#[wasm_bindgen_test]
async fn who_is_back_and_who_is_called_otherwise_is_told() {
    let stage = Stage::chatting().await;
    let renamed = |who, before: &str, name: &str| Item::Renamed {
        who,
        before: before.into(),
        name: name.into(),
    };
    stage.append([
        Item::Returned(anna()),
        renamed(Author::Me, "Maria", "Mia"),
        renamed(Author::Other(anna()), "Anne", "Anna"),
        renamed(Author::Other(anna()), "", "Anna"),
        renamed(Author::Me, "", ""),
    ]);
    stage
        .says("[part~=system][data-state=returned]", "Anna is back")
        .await;
    let words: Vec<_> = stage
        .all("[part~=system][data-state=renamed]")
        .iter()
        .filter_map(|line| line.text_content())
        .collect();
    assert_eq!(
        words,
        [
            "You changed your name from Maria to Mia",
            "Anne is now called Anna",
            "Anna changed their name",
            "You changed your name"
        ]
    );
}

#[wasm_bindgen_test]
async fn each_end_has_its_own_words() {
    for (reason, words) in [
        (EndReason::ByVisitor, "You ended the chat"),
        (EndReason::ByServer, "The chat has ended"),
        (EndReason::Gone, "while you were away"),
        (EndReason::Dropped, "connection was lost for too long"),
        (EndReason::Elsewhere, "in another tab"),
        (EndReason::Untold, "could not be told"),
    ] {
        let stage = Stage::chatting().await;
        stage.append([Item::Ended(reason)]);
        stage.says("[part~=system][data-state=ended]", words).await;
    }
}

#[wasm_bindgen_test]
async fn two_thousand_lines_are_in_order_and_one_more_touches_none_of_them() {
    let stage = Stage::chatting().await;
    stage.append((0..2_000).map(|at: u32| annas(&at.to_string())));
    stage
        .until("2 000 lines", || {
            (stage.all("[part~=message]").len() == 2_000).then_some(())
        })
        .await;
    let lines = stage.all("[part~=message]");
    let texts = lines
        .iter()
        .map(|line| line.text_content().unwrap_or_default());
    assert!(texts.eq((0..2_000).map(|at: u32| at.to_string())));
    stage.append([annas("one more")]);
    stage
        .until("one more", || {
            (stage.all("[part~=message]").len() == 2_001).then_some(())
        })
        .await;
    let after = stage.all("[part~=message]");
    assert!(
        lines
            .iter()
            .zip(&after)
            .all(|(before, after)| before == after)
    );
}

#[wasm_bindgen_test]
async fn lines_before_what_waits_at_the_end_stay_in_order() {
    let stage = Stage::chatting().await;
    stage.append([mine("waiting", MessageState::Sending)]);
    for at in 0..450_u64 {
        let entry = Entry::new(EntryId(at + 1), WallTime(NOW), annas(&at.to_string()));
        stage.store.apply(Change::Insert {
            at: at as usize,
            entry,
        });
    }
    stage
        .until("all lines", || {
            (stage.all("[part~=message]").len() == 451).then_some(())
        })
        .await;
    let shown: Vec<_> = stage
        .all("[part~=message]")
        .iter()
        .filter_map(|line| line.text_content())
        .collect();
    let mut wanted: Vec<_> = (0..450).map(|at: u32| at.to_string()).collect();
    wanted.push("waiting".into());
    assert_eq!(shown, wanted);
    stage.store.apply(Change::Remove {
        at: 0,
        id: EntryId(1),
    });
    stage
        .until("one less", || {
            (stage.all("[part~=message]").len() == 450).then_some(())
        })
        .await;
    stage.store.apply(Change::Clear);
    stage.none("[part~=message]").await;
}

#[wasm_bindgen_test]
async fn an_upload_shows_how_far_it_is_and_can_be_cancelled() {
    let stage = Stage::chatting().await;
    let uploading = |done| {
        let state = FileState::Uploading { done, total: 100 };
        Item::File {
            from: Author::Me,
            file: FileEntry::new("a.pdf", Some(100), state),
        }
    };
    stage.append([uploading(10)]);
    let cancel = stage.one("[part~=file] [data-action=cancel]").await;
    let entry = Entry::new(EntryId(0), WallTime(NOW), uploading(40));
    stage.store.apply(Change::Update { at: 0, entry });
    stage.one("[part~=progress][value='40']").await;
    // What a finger is on must not be swapped for another by each step.
    assert!(cancel == stage.one("[part~=file] [data-action=cancel]").await);
    cancel.click();
    assert!(matches!(
        stage.chat_commands().last(),
        Some(ChatCommand::CancelUpload(EntryId(0)))
    ));
}

#[wasm_bindgen_test]
async fn only_own_files_can_be_deleted() {
    let stage = Stage::chatting().await;
    let file = |deletable| FileEntry::new("a.pdf", Some(56), FileState::Available { deletable });
    stage.append([
        Item::File {
            from: Author::Other(anna()),
            file: file(false),
        },
        Item::File {
            from: Author::Me,
            file: file(true),
        },
    ]);
    stage
        .one("[part~=file][data-from=me] [data-action=delete]")
        .await;
    assert!(
        stage
            .all("[part~=file][data-from=agent] [data-action=delete]")
            .is_empty()
    );
    assert_eq!(stage.all("[part~=file] [data-action=download]").len(), 2);
    stage.says(".card-facts", "56 bytes").await;
}

#[wasm_bindgen_test]
async fn a_message_that_is_tried_again_is_sending_and_then_sent() {
    let stage = Stage::chatting().await;
    let hello = |state| Entry::new(EntryId(0), WallTime(NOW), mine("Hello?", state));
    let failed = || MessageState::Failed(refusal(RefusalReason::Unreachable, None));
    stage.append([mine("Hello?", failed()), annas("Are you there?")]);
    stage.one("[part~=message][data-state=failed]").await;
    stage.store.apply(Change::Update {
        at: 0,
        entry: hello(MessageState::Sending),
    });
    stage.one("[part~=message][data-state=sending]").await;
    stage.none("[data-action=retry]").await;

    // It fails again, and this time is put elsewhere under the same identity.
    stage.store.apply(Change::Update {
        at: 0,
        entry: hello(failed()),
    });
    stage.one("[part~=message][data-state=failed]").await;
    let id = EntryId(0);
    stage.store.apply(Change::Remove { at: 0, id });
    stage.store.apply(Change::Insert {
        at: 1,
        entry: hello(MessageState::Sending),
    });
    stage.none("[part~=message][data-state=failed]").await;
    stage.one("[part~=message][data-state=sending]").await;
    stage.store.apply(Change::Update {
        at: 1,
        entry: hello(MessageState::Sent),
    });
    stage.none("[part~=message][data-state=sending]").await;
    let texts: Vec<_> = stage
        .all("[part~=message][data-state=sent]")
        .iter()
        .filter_map(|line| line.text_content())
        .collect();
    assert_eq!(texts, ["Are you there?", "Hello?"]);
}

#[wasm_bindgen_test]
async fn a_file_that_is_tried_again_is_sending_and_then_there() {
    let stage = Stage::chatting().await;
    let file = |state| Item::File {
        from: Author::Me,
        file: FileEntry::new("a.pdf", Some(100), state),
    };
    let entry = |state| Entry::new(EntryId(0), WallTime(NOW), file(state));
    let failed = FileState::UploadFailed {
        refusal: refusal(RefusalReason::Unreachable, None),
        retry: true,
    };
    stage.append([file(failed)]);
    stage.one("[part~=file] [data-action=retry]").await.click();
    assert!(matches!(
        stage.chat_commands().last(),
        Some(ChatCommand::Retry(EntryId(0)))
    ));
    let id = EntryId(0);
    stage.store.apply(Change::Remove { at: 0, id });
    stage.store.apply(Change::Insert {
        at: 0,
        entry: entry(FileState::Uploading {
            done: 0,
            total: 100,
        }),
    });
    stage.one("[part~=file][data-state=uploading]").await;
    stage.one("[part~=file] [data-action=cancel]").await;
    stage.none("[data-action=retry]").await;
    stage.store.apply(Change::Update {
        at: 0,
        entry: entry(FileState::Available { deletable: true }),
    });
    stage.one("[part~=file][data-state=available]").await;
    stage.none("[part~=progress]").await;
}

#[wasm_bindgen_test]
async fn thousands_of_joined_letters_do_not_stop_the_page() {
    let stage = Stage::chatting().await;
    let text = "م".repeat(14_000);
    let now = || js_sys::Date::now();
    // What the browser takes for one node, on this machine.
    stage.append([annas("short")]);
    let bubble = stage.one("[part~=message]").await;
    let lines = stage.one(".lines").await;
    let narrow = "width: 300px; overflow-wrap: anywhere";
    lines.set_attribute("style", narrow).expect("a style");
    let began = now();
    bubble.set_text_content(Some(&text));
    let plain_height = bubble.offset_height();
    let plain = now() - began;
    bubble.set_text_content(Some("short"));
    let began = now();
    stage.append([annas(&text)]);
    stage.one("[data-action=fold]").await.click();
    stage.says("[data-action=fold]", "Show less").await;
    let shown = stage.one(".folded").await;
    let height = shown.offset_height();
    let taken = now() - began;
    assert!(
        taken < plain / 3.0,
        "{taken} ms, and {plain} ms in one node"
    );
    let is_whole = shown.text_content().as_deref() == Some(&*text);
    assert!(is_whole, "a letter is missing");
    assert!(
        (height - plain_height).abs() <= plain_height / 20,
        "it looks the same"
    );
}

/// Gives a transcript its styles and a width; returns the box that scrolls.
async fn with_styles(stage: &Stage) -> HtmlElement {
    let scroll = stage.one(".scroll").await;
    let document = scroll.owner_document().expect("a document");
    let sheet = document.create_element("style").expect("an element");
    let base = include_str!("../../style/base.css");
    let transcript = include_str!("../../src/components/transcript/transcript.css");
    let jump = include_str!("../../src/components/transcript/jump.css");
    sheet.set_text_content(Some(&[base, transcript, jump].concat()));
    let panel = stage.one("dialog").await;
    let top = panel.parent_element().expect("what is around it");
    top.set_class_name("root");
    top.append_child(&sheet).expect("added");
    scroll
        .set_attribute("style", "width: 320px")
        .expect("a style");
    scroll
}

#[wasm_bindgen_test]
async fn piled_up_marks_stay_in_their_bubble() {
    let stage = Stage::chatting().await;
    let scroll = with_styles(&stage).await;
    stage.append([annas(&["Z", &"\u{310}\u{489}\u{334}".repeat(100)].concat())]);
    stage.one("[part~=message]").await;
    assert_eq!(
        scroll.scroll_width(),
        scroll.client_width(),
        "it sticks out"
    );
}

#[wasm_bindgen_test]
async fn a_long_name_without_a_blank_stays_within_the_panel() {
    let stage = Stage::chatting().await;
    let scroll = with_styles(&stage).await;

    let long = Participant {
        nickname: "Wolfeschlegelsteinhausen".repeat(6),
        ..anna()
    };
    let name = ["Verfassungsschutz".repeat(9), ".pdf".into()].concat();
    stage.append([
        Item::Joined(long.clone()),
        Item::Message {
            from: Author::Other(long.clone()),
            text: "Hello".into(),
            state: MessageState::Sent,
            rich: None,
        },
        Item::File {
            from: Author::Other(long.clone()),
            file: FileEntry::new(&name, None, FileState::Available { deletable: false }),
        },
        Item::Link {
            from: Author::Other(long.clone()),
            url: ["https://example.com/", &name].concat(),
        },
    ]);
    stage.store.state().set(State {
        typing: vec![long],
        ..chatting()
    });
    stage.one(".typing-words").await;
    stage.one("[data-kind=link]").await;
    assert_eq!(scroll.scroll_width(), scroll.client_width());
    for line in stage.all(".byline, .typing-words, .card-title, .card-name, .system") {
        let (needs, has) = (line.scroll_width(), line.client_width());
        assert!(needs <= has, "{}: {needs} px in {has}", line.class_name());
    }
}

/// Returns the texts of the elements, in their order.
fn texts(stage: &Stage, selector: &str) -> Vec<String> {
    let elements = stage.all(selector).into_iter();
    elements.filter_map(|one| one.text_content()).collect()
}

fn called(name: &str) -> Participant {
    Participant {
        nickname: name.into(),
        ..anna()
    }
}

#[wasm_bindgen_test]
async fn bots_and_supervisors_are_named_as_such() {
    let stage = Stage::chatting().await;
    let by = |kind| Item::Message {
        from: Author::Other(Participant { kind, ..anna() }),
        text: "Hello".into(),
        state: MessageState::Sent,
        rich: None,
    };
    stage.append([
        by(ParticipantKind::Agent),
        by(ParticipantKind::Bot),
        by(ParticipantKind::Supervisor),
    ]);
    stage
        .until("three lines", || {
            (stage.all(".byline").len() == 3).then_some(())
        })
        .await;
    assert_eq!(
        texts(&stage, ".byline .kind"),
        ["Automatic assistant", "Supervisor"]
    );
    assert!(stage.all(".byline")[0].query_selector(".kind") == Ok(None));
    // By a sign, too: initials, a robot, and initials with a shield.
    let faces = stage.all(".byline > .face[aria-hidden=true]");
    let signs: Vec<_> = faces
        .iter()
        .map(|face| {
            let drawn = face.query_selector_all("path").expect("a selector");
            let is_marked = face.query_selector(".face-mark path").expect("a selector");
            let words = face.text_content().unwrap_or_default();
            (words, drawn.length(), is_marked.is_some())
        })
        .collect();
    let sign = |words: &str, drawn, is_marked| (words.to_owned(), drawn, is_marked);
    assert_eq!(
        signs,
        [sign("A", 0, false), sign("", 1, false), sign("A", 1, true)]
    );
}

#[wasm_bindgen_test]
async fn who_is_there_has_a_face_in_the_panels_head() {
    let stage = Stage::chatting().await;
    let ben = Participant {
        id: ParticipantId("3".into()),
        nickname: "Ben Okri".into(),
        kind: ParticipantKind::Agent,
    };
    stage.says("[part~=header] .face", "A").await;
    let colour = |face: &web_sys::HtmlElement| face.get_attribute("data-colour");
    let annas_colour = colour(&stage.one("[part~=header] .face").await);
    stage.append([annas("Hello")]);
    let beside = stage.one(".byline > .face").await;
    assert_eq!(colour(&beside), annas_colour, "one person, one colour");
    stage.store.state().set(State {
        participants: vec![anna(), ben],
        ..chatting()
    });
    stage
        .until("both", || {
            (texts(&stage, "[part~=header] .face") == ["A", "BO"]).then_some(())
        })
        .await;
    stage.store.state().set(State {
        participants: Vec::new(),
        ..chatting()
    });
    stage.none("[part~=header] .face").await;
}

#[wasm_bindgen_test]
async fn a_day_that_begins_is_named_and_renamed_at_midnight() {
    const DAY: i64 = 24 * 60 * 60 * 1_000;
    let stage = Stage::chatting().await;
    for at in 0..3_u32 {
        let when = WallTime(NOW - (2 - i64::from(at)) * DAY);
        let mut entry = Entry::new(EntryId(at.into()), when, annas("Hello"));
        entry.new_day = true;
        let at = at as usize;
        stage.store.apply(Change::Insert { at, entry });
    }
    stage.append([annas("Still the same day")]);
    stage
        .until("all lines", || {
            (stage.all("[part~=message]").len() == 4).then_some(())
        })
        .await;
    let before = texts(&stage, ".day");
    assert_eq!(before[1..], ["Yesterday", "Today"]);
    assert!(
        before[0].contains(|c: char| c.is_ascii_digit()),
        "{before:?}"
    );
    stage.store.today().set(WallTime(NOW + DAY));
    stage
        .until("the next day", || {
            let after = texts(&stage, ".day");
            (after.len() == 3 && after[0] == before[0] && after[2] == "Yesterday").then_some(())
        })
        .await;
}

#[wasm_bindgen_test]
async fn who_reads_further_up_stays_there_and_is_told_of_what_is_new() {
    let stage = Stage::chatting().await;
    let scroll = stage.one(".scroll").await;
    scroll
        .set_attribute("style", "display: block; height: 100px; overflow: auto")
        .expect("a style");
    stage.append((0..50).map(|at: u32| annas(&at.to_string())));
    let at_end = || {
        let left = scroll.scroll_height() - scroll.scroll_top() - scroll.client_height();
        (left < 2 && scroll.scroll_top() > 300).then_some(())
    };
    stage.until("the end", at_end).await;
    stage.none("[data-action=jump]").await;
    // The browser tells of the scrolling to the end first.
    stage.frames(2).await;
    scroll.set_scroll_top(200);
    stage.one("[data-action=jump][data-state=old]").await;
    stage.append([annas("Are you still there?")]);
    stage
        .says("[data-action=jump][data-state=new]", "New messages")
        .await;
    assert_eq!(scroll.scroll_top(), 200, "it jumps while one reads");
    // Who speaks to the browser says what stands on the button.
    stage
        .one("[data-action=jump][aria-label='New messages, Go to the latest message']")
        .await;
    stage.one("[data-action=jump]").await.click();
    stage.until("the end again", at_end).await;
    stage.none("[data-action=jump]").await;
    stage.focused(".scroll").await;
}

#[wasm_bindgen_test]
async fn who_reads_the_end_keeps_it_when_the_box_grows_and_shrinks() {
    let stage = Stage::chatting().await;
    let scroll = with_styles(&stage).await;
    let set_height = |height: i32| {
        let style = format!("width: 320px; flex: none; height: {height}px");
        scroll.set_attribute("style", &style).expect("a style");
        // The browser lays it out, and keeps it from being scrolled beyond the end.
        scroll.scroll_top()
    };
    set_height(200);
    stage.append((0..50).map(|at: u32| annas(&at.to_string())));
    let at_end = || {
        let left = scroll.scroll_height() - scroll.scroll_top() - scroll.client_height();
        (left < 2 && scroll.scroll_top() > 300).then_some(())
    };
    stage.until("the end", at_end).await;
    stage.frames(2).await;
    // As when a phone is turned: there and back before the browser tells of anything.
    set_height(400);
    set_height(200);
    stage.frames(3).await;
    stage.none("[data-action=jump]").await;
    stage.until("the end again", at_end).await;
    stage.append([annas("Are you still there?")]);
    stage
        .until("the new line", || {
            (stage.all("[part~=message]").len() == 51).then_some(())
        })
        .await;
    stage.frames(2).await;
    stage.until("the end with the new line", at_end).await;
    stage.none("[data-action=jump]").await;
    // Whoever scrolls up after that still leaves the end.
    scroll.set_scroll_top(200);
    stage.one("[data-action=jump][data-state=old]").await;
}

#[wasm_bindgen_test]
async fn those_who_type_are_named_while_they_are_few() {
    let stage = Stage::chatting().await;
    let typing = |typing| State {
        typing,
        ..chatting()
    };
    let people = [anna(), called("Ben"), called("Carl")];
    for (count, words) in [
        (1, "Anna is typing"),
        (2, "Anna and Ben are typing"),
        (3, "Several people are typing"),
    ] {
        stage.store.state().set(typing(people[..count].to_vec()));
        stage.says("[role=status] [part~=typing]", words).await;
    }
    stage.store.state().set(typing(Vec::new()));
    stage.none("[part~=typing]").await;
}

#[wasm_bindgen_test]
async fn a_notice_is_shown_in_the_words_of_the_server() {
    let stage = Stage::chatting().await;
    let notice = |text: &str| Item::Notice {
        from: Author::Other(Participant {
            kind: ParticipantKind::System,
            ..anna()
        }),
        text: text.into(),
    };
    stage.append([notice(" "), notice("You are number 3 in the queue.")]);
    stage
        .says(
            "[part~=system][data-state=notice]",
            "You are number 3 in the queue.",
        )
        .await;
    assert_eq!(stage.all("[part~=system]").len(), 1, "a blank one is none");
}
