//! The conversation as the visitor takes it away.

use parlour_chat::{
    Author, Conversation, Entry, EntryId, FileEntry, FileState, Item, Line, MessageState,
    Participant, ParticipantId, ParticipantKind, WallTime, Wording,
};

struct English;

impl Wording for English {
    fn name(&self, author: &Author) -> String {
        match author {
            Author::Me => "You".into(),
            Author::Other(who) => who.nickname.clone(),
        }
    }

    fn day(&self, _: WallTime) -> String {
        "Friday".into()
    }

    fn time(&self, at: WallTime) -> String {
        format!("18:{:02}", at.0)
    }

    fn event(&self, item: &Item) -> Option<String> {
        match item {
            Item::Joined(who) if who.kind.is_agent_side() => {
                Some(format!("{} joined", who.nickname))
            }
            _ => None,
        }
    }

    fn file(&self, file: &FileEntry) -> String {
        format!("File: {}", file.name)
    }

    fn fate(&self, state: &MessageState) -> Option<String> {
        (*state == MessageState::Sending).then(|| "Sending".into())
    }
}

fn who(name: &str, kind: ParticipantKind) -> Participant {
    Participant {
        id: ParticipantId("7f3a".into()),
        nickname: name.into(),
        kind,
    }
}

fn anna() -> Author {
    Author::Other(who("Anna", ParticipantKind::Agent))
}

fn said(from: Author, text: &str, state: MessageState) -> Item {
    Item::Message {
        from,
        text: text.into(),
        state,
        rich: None,
    }
}

fn conversation(items: Vec<Item>) -> Conversation {
    let entries: Vec<Entry> = items
        .into_iter()
        .zip(0..)
        .map(|(item, at)| {
            let mut entry = Entry::new(EntryId(at), WallTime(at.try_into().unwrap_or(0)), item);
            entry.new_day = at == 0;
            entry
        })
        .collect();
    let mut conversation = Conversation {
        title: "Chat with us".into(),
        date: "Friday, 20 November 2026".into(),
        locale: "en".into(),
        ..Conversation::default()
    };
    conversation.extend(&entries, &English);
    conversation
}

fn usual() -> Conversation {
    conversation(vec![
        Item::Joined(who("Zoe", ParticipantKind::Visitor)),
        Item::Joined(who("Anna", ParticipantKind::Agent)),
        said(
            Author::Other(who("System", ParticipantKind::System)),
            "You are next",
            MessageState::Sent,
        ),
        said(anna(), "Good evening", MessageState::Sent),
        Item::Notice {
            from: anna(),
            text: "Please rate us".into(),
        },
        Item::File {
            from: Author::Me,
            file: FileEntry::new(
                "plan.pdf",
                Some(9),
                FileState::Available { deletable: true },
            ),
        },
        said(Author::Me, "Thanks", MessageState::Sending),
    ])
}

#[test]
fn as_text_it_has_names_times_and_what_happened() {
    let expected = "Chat with us\nFriday, 20 November 2026\n\nFriday\n\n* Anna joined\n\
        \n* You are next\n\n[18:03] Anna: Good evening\n\n* Please rate us\n\n[18:05] You: File: plan.pdf\n\
        \n[18:06] You: Thanks (Sending)\n";
    assert_eq!(usual().to_text(), expected);
}

#[test]
fn what_has_no_time_has_none_in_it() {
    let mut conversation = usual();
    conversation.lines = vec![Line::Said {
        name: "You".into(),
        is_mine: true,
        time: String::new(),
        text: "My tent leaks".into(),
        fate: None,
    }];
    assert!(conversation.to_text().ends_with("\nYou: My tent leaks\n"));
    assert!(conversation.to_html().contains("<bdi>You</bdi></p>"));
}

#[test]
fn no_message_looks_like_one_of_another() {
    for end in ["\n", "\r\n", "\r", "\u{2028}", "\u{85}", "\u{b}"] {
        let forged = format!("Hi{end}[18:00] Anna: I owe you a tent");
        let text = conversation(vec![said(Author::Me, &forged, MessageState::Sent)]).to_text();
        let forged = text.lines().filter(|line| line.starts_with("[18:00] Anna"));
        assert_eq!(forged.count(), 0, "{text}");
        assert!(text.contains("\n    [18:00] Anna: I owe"), "{text}");
    }
}

#[test]
fn as_html_it_is_a_whole_document_that_runs_nothing() {
    let html = usual().to_html();
    assert!(html.starts_with("<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">"));
    assert!(html.ends_with("</html>\n"));
    for part in [
        "<meta charset=\"utf-8\">",
        "content=\"default-src 'none'; style-src 'unsafe-inline'\"",
        "<title>Chat with us</title>",
        "<h2>Friday</h2>",
        "<p class=\"event\" dir=\"auto\">Anna joined</p>",
        "<bdi>Anna</bdi> · 18:03</p>\n<p class=\"text\" dir=\"auto\">Good evening</p>",
        "<div class=\"line mine\">",
        "<bdi>You</bdi> · 18:06 · Sending</p>",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
    assert!(!html.contains("<script"));
    let mirrored = Conversation {
        is_right_to_left: true,
        ..usual()
    };
    assert!(mirrored.to_html().contains("dir=\"rtl\">"));
}

#[test]
fn what_people_wrote_is_no_markup() {
    let evil = "<img src=x onerror=alert(1)>\"'&</p><script>\u{0}\u{1b}";
    let from = Author::Other(who(evil, ParticipantKind::Agent));
    let mut conversation = conversation(vec![
        said(from, evil, MessageState::Sent),
        Item::Notice {
            from: Author::Me,
            text: evil.into(),
        },
    ]);
    conversation.title = evil.into();
    conversation.locale = "en\"><script>".into();
    let html = conversation.to_html();
    for part in ["<img", "<script", "\u{0}", "\u{1b}"] {
        assert!(!html.contains(part), "{part:?} in {html}");
    }
    assert_eq!(html.matches("</p>").count(), 4, "{html}");
}

#[test]
fn addresses_are_links_and_nothing_else_is() {
    let text = "See https://example.com/?a=1&b=\"2\" or javascript:alert(1)";
    let html = conversation(vec![said(anna(), text, MessageState::Sent)]).to_html();
    let link = "<a href=\"https://example.com/?a=1&amp;b=";
    assert!(html.contains(link), "{html}");
    assert_eq!(html.matches("<a ").count(), 1, "{html}");
    assert_eq!(html.matches("href=").count(), 1, "{html}");
}

#[test]
fn what_people_said_is_told_from_the_rest() {
    let system = Author::Other(who("", ParticipantKind::System));
    let notice = Item::Notice {
        from: anna(),
        text: "Rate us".into(),
    };
    for (item, is_said) in [
        (said(anna(), "Hello", MessageState::Sent), true),
        (said(Author::Me, "Hello", MessageState::Sending), true),
        (said(system, "Please wait", MessageState::Sent), false),
        (Item::Joined(who("Anna", ParticipantKind::Agent)), false),
        (notice, false),
    ] {
        assert_eq!(item.is_said(), is_said, "{item:?}");
    }
}

#[test]
fn nobodys_id_is_in_it() {
    assert!(!usual().to_text().contains("7f3a"));
    assert!(!usual().to_html().contains("7f3a"));
}

#[test]
fn its_file_is_named_by_title_and_date() {
    let named = |title: &str| {
        let conversation = Conversation {
            title: title.into(),
            ..Conversation::default()
        };
        conversation.file_name("2026-11-20", "html")
    };
    assert_eq!(named("Chat with us"), "Chat with us 2026-11-20.html");
    assert_eq!(named("../a\\b: \"c\"?\u{202e}\n"), "a b c 2026-11-20.html");
    assert_eq!(named("شات"), "شات 2026-11-20.html");
    assert_eq!(named(" "), "2026-11-20.html");
    assert!(named(&"x".repeat(500)).len() < 100);
}
