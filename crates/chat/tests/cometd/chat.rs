//! The chat from its beginning to its end, typing, files and keys.

use parlour_chat::ChatCommand;

use super::*;

#[test]
fn a_chat_begins_with_a_handshake_a_connect_and_a_request() {
    let mut rig = Rig::with(settings());
    assert_eq!(
        rig.requests(),
        0,
        "nothing is said before the visitor starts"
    );
    rig.start();
    let request = rig.request("poll").clone();
    assert_eq!((request.method, request.url.as_str()), ("POST", line::LINE));
    assert_eq!(channels(&request), ["/meta/handshake"]);
    rig.hear("poll", &[]);
    let connect = line::messages(rig.request("poll")).remove(0);
    assert_eq!(connect["channel"], "/meta/connect");
    assert_eq!(connect["advice"]["timeout"], 0, "it is answered at once");
    assert_eq!(alone(&rig), None, "not before there is a line");
    rig.hear("poll", &[]);

    let request = line::messages(rig.request("start")).remove(0);
    assert_eq!(request["channel"], line::CHANNEL);
    assert_eq!(request["clientId"], connect["clientId"]);
    assert_eq!(request["data"]["operation"], "requestChat");
    assert_eq!(request["data"]["nickname"], "Maria");
    assert_eq!(request["data"]["userData"]["TimeZone"], "0");
    let poll = rig.request("poll");
    assert_eq!(poll.deadline, secs(30) + rig.settings.pace.request_timeout);
    assert_eq!(
        line::messages(poll)[0]["advice"]["timeout"],
        30_000,
        "a lost one is missed before the server drops the visitor"
    );

    rig.hear("start", &[started()]);
    assert_eq!(rig.state().phase, Phase::Chatting);
    assert_eq!(alone(&rig), None, "the news come by themselves");
}

#[test]
fn what_came_of_a_request_may_come_before_or_after_its_acknowledgement() {
    for first in ["start", "poll"] {
        let mut rig = Rig::with(settings());
        rig.start();
        rig.open_the_line();
        if first == "start" {
            rig.hear("start", &[]);
            assert_eq!(rig.state().phase, Phase::Starting);
            rig.hear("poll", &[started()]);
        } else {
            rig.hear("poll", &[started()]);
            assert_eq!(rig.state().phase, Phase::Chatting);
            rig.hear("start", &[]);
        }
        assert_eq!(rig.state().phase, Phase::Chatting, "{first}");
        rig.hear("poll", &[transcript(&[agent_joins(2)], 3)]);
        assert_eq!(rig.lines(), ["Anna joined"], "{first}");
        rig.advance(secs(30));
        assert_eq!(rig.times("start").len(), 1, "{first}: nobody is rung twice");
    }
}

#[test]
fn the_last_word_ends_the_chat_and_the_session() {
    let mut rig = chatting();
    rig.command(Command::End);
    let goodbye = rig.request("disconnect").clone();
    assert_eq!(channels(&goodbye), [line::CHANNEL, "/meta/disconnect"]);
    assert_eq!(field(&goodbye, "operation").as_deref(), Some("disconnect"));
    rig.hear("disconnect", &[]);
    assert_eq!(rig.state().phase, Phase::Ended(EndReason::ByVisitor));
    assert!(rig.pending().is_empty(), "the poll is given up");
    let requests = rig.requests();
    rig.advance(secs(200));
    assert_eq!(rig.requests(), requests);
}

#[test]
fn the_last_word_waits_for_what_was_said_before() {
    let mut rig = chatting();
    rig.say("Bye");
    rig.command(Command::End);
    assert_eq!(alone(&rig).as_deref(), Some("send"));
    rig.hear("send", &[transcript(&[visitor_says(3, "Bye")], 4)]);
    assert_eq!(alone(&rig).as_deref(), Some("disconnect"));
}

#[test]
fn an_end_that_is_pushed_is_the_end() {
    let mut rig = chatting();
    let last = [agent_says(3, "Bye"), agent_leaves(4, None)];
    rig.hear("poll", &[ended(&last)]);
    assert_eq!(rig.state().phase, Phase::Ended(EndReason::ByServer));
    assert_eq!(
        rig.lines(),
        ["Anna joined", "Anna: Bye", "Anna left", "ended ByServer"]
    );
    let requests = rig.requests();
    rig.advance(secs(200));
    assert_eq!(rig.requests(), requests);
}

#[test]
fn an_end_that_is_the_answer_to_something_else_is_no_surprise_from_long_ago() {
    let mut rig = chatting();
    rig.command(ChatCommand::Rename("Mary".into()));
    rig.hear("updateNickname", &[gone()]);
    assert_eq!(rig.state().phase, Phase::Ended(EndReason::ByServer));
}

#[test]
fn a_chat_that_the_server_does_not_know_is_gone() {
    let mut rig = chatting();
    rig.reload();
    rig.open_the_line();
    rig.hear("refresh", &[gone()]);
    assert_eq!(rig.state().phase, Phase::Ended(EndReason::Gone));
}

#[test]
fn what_is_pushed_of_another_chat_is_not_shown() {
    let mut rig = chatting();
    let other = with(
        transcript(&[agent_says(3, "psst")], 4),
        "chatId",
        json!("another"),
    );
    rig.hear("poll", &[other, with(gone(), "chatId", json!("another"))]);
    assert_eq!(rig.lines(), ["Anna joined"]);
    assert_eq!(rig.state().phase, Phase::Chatting);
}

#[test]
fn files_go_by_posts_of_their_own_without_a_key_in_the_url() {
    let mut settings = settings();
    settings.features.files = true;
    let mut rig = Rig::with(settings);
    rig.start();
    rig.open_the_line();
    rig.hear("start", &[started()]);
    let request = rig.request("file/limits").clone();
    assert_eq!(request.url, FILES);
    let parts = [("operation", "fileGetLimits"), ("secureKey", KEY)];
    let own = |parts: &[(&str, &str)]| -> Vec<(String, String)> {
        let own = parts.iter();
        own.map(|(key, value)| ((*key).into(), (*value).into()))
            .collect()
    };
    assert_eq!(request.body, Body::Parts(own(&parts)));
    rig.answer("file/limits", limits());
    let max = rig
        .state()
        .limits
        .as_ref()
        .and_then(|limits| limits.max_files);
    assert_eq!(max, Some(3));

    let file = rig.attach_described("a.txt", 3, Some("notes")).unwrap();
    let request = rig.request("file").clone();
    assert_eq!(request.url, FILES);
    let Body::Upload { fields, name, .. } = &request.body else {
        panic!("{:?}", request.body)
    };
    let parts = [
        ("operation", "fileUpload"),
        ("secureKey", KEY),
        ("userData[file-description]", "notes"),
    ];
    assert_eq!((fields, name.as_str()), (&own(&parts), "a.txt"));
    rig.say("meanwhile");
    rig.hear("send", &[]);
    rig.answer("file", upload_done("F1"));
    let news = [
        visitor_says(2, "meanwhile"),
        uploaded(3, visitor(), "F1", "a.txt", 3),
    ];
    rig.hear("poll", &[transcript(&news, 4)]);
    let Item::File { file: row, .. } = &rig.entry(file).item else {
        panic!("{:?}", rig.entry(file))
    };
    assert_eq!(row.state, FileState::Available { deletable: true });

    rig.command(ChatCommand::Download(file));
    let request = rig.request("file/F1/download").clone();
    assert_eq!(request.url, FILES);
    let parts = [
        ("operation", "fileDownload"),
        ("secureKey", KEY),
        ("fileId", "F1"),
    ];
    assert_eq!(request.body, Body::Parts(own(&parts)));
}

#[test]
fn a_preview_is_told_as_typing() {
    let mut settings = settings();
    settings.features.typing_preview = true;
    let mut rig = chatting_with(settings);
    rig.draft("Whe");
    assert_eq!(rig.field("startTyping", "message").as_deref(), Some("Whe"));
    rig.hear("startTyping", &[]);
    rig.draft("Where i");
    assert_eq!(alone(&rig), None, "not with every key");
    rig.wait_for("startTyping");
    assert_eq!(
        rig.field("startTyping", "message").as_deref(),
        Some("Where i"),
        "but at a pause"
    );
    rig.hear("startTyping", &[]);
    rig.draft("Where is it");
    rig.wait_for("startTyping");
    assert_eq!(
        rig.field("startTyping", "message").as_deref(),
        Some("Where is it")
    );
    rig.hear("startTyping", &[]);
    rig.draft("");
    rig.hear("stopTyping", &[]);
    assert_eq!(rig.times("refresh").len(), 0);
}

#[test]
fn typing_without_leave_to_preview_tells_no_word() {
    let mut rig = chatting();
    rig.draft("secret so far");
    assert_eq!(rig.field("startTyping", "message"), None);
}

#[test]
fn a_request_that_is_refused_leads_back_to_the_form() {
    let mut rig = Rig::with(settings());
    rig.start();
    rig.open_the_line();
    rig.hear("start", &[refusal(161, "")]);
    let Phase::Refused(refused) = &rig.state().phase else {
        panic!("{:?}", rig.state().phase)
    };
    assert_eq!(refused.reason, RefusalReason::NameInvalid);
    assert!(rig.pending().is_empty(), "no line is kept up for nobody");
    rig.start();
    rig.open_the_line();
    rig.hear("start", &[started()]);
    assert_eq!(rig.state().phase, Phase::Chatting);
}

#[test]
fn keys_that_come_with_the_news_are_used() {
    let mut rig = chatting();
    let news = |reply: Value| {
        with(
            with(reply, "alias", json!("alias-118")),
            "secureKey",
            json!("another-key"),
        )
    };
    rig.hear("poll", &[news(transcript(&[], 3))]);
    rig.say("hello");
    assert_eq!(rig.field("send", "alias").as_deref(), Some("alias-118"));
    assert_eq!(
        rig.field("send", "secureKey").as_deref(),
        Some("another-key")
    );
}
