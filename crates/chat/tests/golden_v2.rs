//! Every sample of the vendor's page, and the shapes live servers add: what the core asks is what the
//! sample asks, what the core reads is what the sample says. See `golden/v2/README.md`.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod common;

use std::time::Duration;

use common::golden::{Golden, event, message, who};
use parlour_chat::dialect::gms_v2::{decode, encode};
use parlour_chat::dialect::{
    Action, ChatStatus, DecodeError, Event, EventKind, Keys, Outcome, Reply, ServerError,
};
use parlour_chat::{
    Body, EventIndex, Expect, FileHandle, FileId, FileLimits, FormAnswers, LeaveReason,
    Participant, ParticipantKind, ReadFrom, ServerCode,
};
use serde_json::{Value, json};

const SERVICE: &str = "customer-support";

/// The calls of the samples that have a request.
fn calls() -> Vec<(&'static str, Action, Keys)> {
    let keys = |chat: &str, user: &str, secure: &str| Keys {
        chat: chat.into(),
        user: user.into(),
        secure: secure.into(),
        alias: "117".into(),
        links: Vec::new(),
    };
    let typing = || keys("00048aAPEQJ8000S", "0075555D17270020", "cccfa34d89441faf");
    let notice = || keys("00048aAPEQJ8000S", "00755567761A0008", "09fa6e8a8691c229");
    let table = |chat| keys(chat, "007553863DC30029", "8b31761b2154884c");
    let refresh = |from, preview: Option<&str>| Action::Refresh {
        from: ReadFrom(from),
        preview: preview.map(Into::into),
    };
    let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    let file = || FileId("00048aAPEQJ8ABCD".into());
    let upload = |description: Option<&str>| Action::Upload {
        file: FileHandle(1),
        name: "afile.txt".into(),
        description: description.map(Into::into),
    };
    let (s, u, w) = ("00048aAPEQJ8000S", "00048aAPEQJ8000U", "00048aAPEQJ8000W");
    vec![
        (
            "request_chat",
            Action::RequestChat(FormAnswers {
                first_name: Some("First".into()),
                last_name: Some("Last".into()),
                subject: Some("Subject to".into()),
                ..FormAnswers::default()
            }),
            Keys::default(),
        ),
        (
            "request_chat_full",
            Action::RequestChat(FormAnswers {
                nickname: Some("JohnDoe".into()),
                first_name: Some("John".into()),
                last_name: Some("Doe".into()),
                subject: Some("Help with account".into()),
                email: Some("jdoe@gmail.com".into()),
                question: None,
                user_data: vec![
                    pair("attachedDataKey1", "value1"),
                    pair("importantKey2", "value2"),
                    pair("TimeZone", "-480"),
                ],
            }),
            Keys::default(),
        ),
        (
            "send",
            Action::Send {
                text: "hello".into(),
                from: ReadFrom(8),
            },
            notice(),
        ),
        ("start_typing", Action::StartTyping(None), typing()),
        (
            "start_typing_preview",
            Action::StartTyping(Some("message .....".into())),
            table(s),
        ),
        ("stop_typing", Action::StopTyping, typing()),
        ("refresh_nothing_new", refresh(5, None), table(w)),
        ("refresh_new_message", refresh(7, None), table(w)),
        ("refresh_ended", refresh(9, None), table(w)),
        ("refresh_hold", refresh(12, None), table(w)),
        (
            "refresh",
            refresh(20, None),
            keys(w, "007555677CB4000D", "3e2a69d421ae2672"),
        ),
        (
            "refresh_preview",
            refresh(2, Some("Text that user is typing ...")),
            table(w),
        ),
        ("disconnect", Action::Disconnect, typing()),
        ("push_url", Action::PushUrl("url.to.see".into()), typing()),
        (
            "update_nickname",
            Action::UpdateNickname("newName".into()),
            notice(),
        ),
        (
            "custom_notice",
            Action::CustomNotice {
                message: Some("custom message".into()),
                attributes: None,
            },
            notice(),
        ),
        (
            "live_stay_awake",
            Action::CustomNotice {
                message: None,
                attributes: Some(r#"{"purpose":"cancel-idle-timer"}"#.into()),
            },
            table(s),
        ),
        (
            "update_data",
            Action::UpdateData(vec![pair("key1", "value1"), pair("key2", "value2")]),
            keys(s, "0075556DEA820000", "7d1f6f3ff2e60cd6"),
        ),
        ("read_receipt", Action::ReadReceipt(EventIndex(5)), table(s)),
        ("file_limits", Action::FileLimits, table(u)),
        ("upload", upload(None), table(u)),
        ("upload_described", upload(Some("March invoice")), table(u)),
        (
            "download",
            Action::Download {
                id: file(),
                name: "afile.txt".into(),
            },
            table(u),
        ),
        ("delete", Action::DeleteFile(file()), table(u)),
    ]
}

#[test]
fn calls_are_the_samples() {
    let golden = Golden::of("v2");
    for (name, action, keys) in calls() {
        golden.assert_asked(name, &encode(&action, SERVICE, &keys));
    }
}

#[test]
fn only_a_download_is_saved_and_only_an_upload_is_multipart() {
    for (name, action, keys) in calls() {
        let encoded = encode(&action, SERVICE, &keys);
        let saved = matches!(&encoded.expect, Expect::File { name } if name == "afile.txt");
        assert_eq!(saved, name == "download", "{name}");
        let multipart = matches!(encoded.body, Body::Upload { .. });
        assert_eq!(multipart, name.starts_with("upload"), "{name}");
    }
}

#[test]
fn names_keep_their_place_in_a_path() {
    let keys = Keys {
        chat: "a/b".into(),
        ..Keys::default()
    };
    let call = encode(
        &Action::DeleteFile(FileId("../x?".into())),
        "täglich 24/7",
        &keys,
    );
    assert_eq!(
        call.path,
        "/genesys/2/chat/t%C3%A4glich%2024%2F7/a%2Fb/file/..%2Fx%3F/delete"
    );
}

fn keys(secure: &str, user: &str, alias: &str) -> Keys {
    Keys {
        chat: String::new(),
        user: user.into(),
        secure: secure.into(),
        alias: alias.into(),
        links: Vec::new(),
    }
}

fn of_chat(chat: &str, keys: Keys) -> Keys {
    Keys {
        chat: chat.into(),
        ..keys
    }
}

fn done(keys: Keys) -> Reply {
    Reply {
        keys,
        ..Reply::of(Outcome::Done, ChatStatus::Open)
    }
}

fn refused(code: ServerCode, number: i64, limit: Option<u64>, keys: Keys) -> Reply {
    let error = ServerError {
        code,
        number,
        limit,
    };
    Reply {
        outcome: Outcome::Refused(Some(error)),
        ..done(keys)
    }
}

fn agent() -> Participant {
    who("AgentNick", "3", ParticipantKind::Agent)
}

fn system() -> Participant {
    who("system", "2", ParticipantKind::System)
}

/// What a reply of one event says.
fn one(event: Event, next: u64, keys: Keys) -> Reply {
    Reply {
        events: vec![event],
        next: Some(ReadFrom(next)),
        ..done(keys)
    }
}

/// What the vendor's replies say.
fn replies() -> Vec<(&'static str, Reply)> {
    let refresh = || keys("45327f306556129f", "00F9568B2DA601BA", "249");
    let typing = || keys("cccfa34d89441faf", "0075555D17270020", "117");
    let notice = || keys("09fa6e8a8691c229", "00755567761A0008", "117");
    let maria = || who("Maria", "1", ParticipantKind::Visitor);
    let me = || who("First Last", "1", ParticipantKind::Visitor);
    let left = |index, from, reason| event(index, 1_451_961_917_000, from, EventKind::Left(reason));
    let soon = "agent will be with you shortly";
    vec![
        (
            "request_chat",
            Reply {
                events: vec![event(1, 1_432_845_088_000, me(), EventKind::Joined)],
                ..done(of_chat(
                    "00048aAPEQJ8000U",
                    keys("4ee15d7e1c343c8e", "007555677B20000A", "117"),
                ))
            },
        ),
        (
            "send",
            Reply {
                events: vec![
                    event(7, 1_432_845_541_000, me(), message("hello")),
                    event(8, 1_432_845_548_000, me(), message("hello")),
                ],
                ..done(keys("3e2a69d421ae2672", "007555677CB4000D", "117"))
            },
        ),
        ("start_typing", done(typing())),
        ("stop_typing", done(typing())),
        (
            "refresh_nothing_new",
            Reply {
                next: Some(ReadFrom(5)),
                ..done(refresh())
            },
        ),
        (
            "refresh_new_message",
            one(
                event(7, 1_451_961_875_000, agent(), message("hello")),
                8,
                refresh(),
            ),
        ),
        (
            "refresh_ended",
            Reply {
                status: ChatStatus::Over,
                events: vec![
                    left(9, agent(), LeaveReason::Left),
                    left(10, maria(), LeaveReason::Left),
                ],
                // "After the end a reply may say 1."
                next: Some(ReadFrom(1)),
                ..done(refresh())
            },
        ),
        (
            "refresh_hold",
            one(left(12, agent(), LeaveReason::Hold), 14, refresh()),
        ),
        (
            "live_transfer",
            one(left(12, agent(), LeaveReason::Transfer), 13, refresh()),
        ),
        (
            "refresh",
            Reply {
                events: vec![
                    event(
                        20,
                        1_432_845_749_000,
                        system(),
                        message(&format!("{soon} ...")),
                    ),
                    event(
                        21,
                        1_432_845_767_000,
                        system(),
                        message(&format!("{soon}...")),
                    ),
                ],
                next: Some(ReadFrom(22)),
                ..done(keys("3e2a69d421ae2672", "007555677CB4000D", "117"))
            },
        ),
        ("disconnect", done(Keys::default())),
        ("push_url", done(notice())),
        ("update_nickname", done(notice())),
        ("custom_notice", done(notice())),
        ("update_data", done(notice())),
        (
            "read_receipt",
            done(keys("799c5ff0faccd5bb", "00F05702F26B0006", "117")),
        ),
        (
            "file_limits",
            Reply {
                limits: Some(FileLimits {
                    max_files: Some(10),
                    max_file_bytes: Some(100_000_000),
                    max_total_bytes: Some(500_000_000),
                    extensions:
                        "bmp csv doc docx exe gif htm jpg pdf png ppt pptx tif txt xls xlsx zip"
                            .split(' ')
                            .map(Into::into)
                            .collect(),
                    needs_agent: true,
                    used_files: 0,
                    used_bytes: 0,
                }),
                ..done(keys("799c5ff0faccd5bb", "00F05702F26B0006", "240"))
            },
        ),
        (
            "upload",
            Reply {
                file: Some(FileId("00F057DB0FF10005".into())),
                next: Some(ReadFrom(6)),
                ..done(of_chat(
                    "0001KaBWNVUV000K",
                    keys("77cd1c487b67fefb", "00F057DB0FC30001", "240"),
                ))
            },
        ),
        (
            "delete",
            Reply {
                next: Some(ReadFrom(7)),
                ..done(of_chat(
                    "0001KaBWNVUV0011",
                    keys("ad437d2338d09d09", "00F057DB125E000A", "240"),
                ))
            },
        ),
    ]
}

/// What live servers' replies say.
fn live_replies() -> Vec<(&'static str, Reply)> {
    let common = || keys("799c5ff0faccd5bb", "00F05702F26B0006", "240");
    let robo = || who("Robo", "5", ParticipantKind::Agent);
    let at = 1_451_961_875_000;
    let quick = |content: Value| {
        let rich = json!({"contentType": "quick-replies", "content": content});
        rich.to_string()
    };
    let reply = |id: &str, text: &str| json!({"id": id, "type": "quick-reply", "action": "message", "text": text});
    let rich = |rich: String| EventKind::Message {
        text: "Yes or no?".into(),
        rich: Some(rich),
    };
    let inner = json!({
        "contentType": "quick-replies", "text": "Yes or no?", "content": [reply("1", "Yes")],
    });
    let bot = who("Robo", "5", ParticipantKind::Bot);
    let kinds = [
        EventKind::TypingStarted,
        EventKind::TypingStopped,
        EventKind::Renamed(String::new()),
        EventKind::PushUrl("https://shop.example/offer".into()),
        EventKind::FileDeleted(Some(FileId("00F057DB0FF10005".into()))),
        EventKind::CustomNotice,
        EventKind::Notice("You are next".into()),
        EventKind::IdleClose,
        EventKind::Unknown("HologramShown".into()),
    ];
    let types = (10..).zip(kinds).map(|(index, kind)| {
        let from = match kind {
            EventKind::Renamed(_) => who("Sue", "9", ParticipantKind::Supervisor),
            EventKind::Notice(_) => system(),
            _ => agent(),
        };
        event(
            index,
            at + (i64::try_from(index).unwrap() - 10) * 1_000,
            from,
            kind,
        )
    });
    vec![
        (
            "live_failure",
            Reply {
                status: ChatStatus::Over,
                ..refused(
                    ServerCode::NotExecutable,
                    249,
                    None,
                    of_chat("0001JaBUS5FD002U", keys("", "", "1323")),
                )
            },
        ),
        (
            "live_form_error",
            refused(ServerCode::LastNameMissing, 103, None, keys("", "", "1323")),
        ),
        (
            "live_upload_error",
            refused(
                ServerCode::FileTooLarge,
                202,
                Some(2_097_152),
                of_chat("0001JaBUS5FD002U", keys("", "", "1323")),
            ),
        ),
        (
            "live_try_again",
            Reply {
                outcome: Outcome::TryAgain,
                ..done(Keys::default())
            },
        ),
        (
            "live_typing",
            Reply {
                next: Some(ReadFrom(9)),
                ..done(of_chat(
                    "00048aAPEQJ8000S",
                    keys("cccfa34d89441faf", "0075555D17270020", "117"),
                ))
            },
        ),
        (
            "live_limits_notice",
            Reply {
                next: Some(ReadFrom(4)),
                limits: Some(FileLimits {
                    max_files: Some(3),
                    max_file_bytes: Some(2_097_152),
                    max_total_bytes: Some(5_242_880),
                    extensions: vec!["pdf".into(), "png".into(), "txt".into()],
                    needs_agent: false,
                    used_files: 1,
                    used_bytes: 1_024,
                }),
                ..done(of_chat("0001KaBWNVUV0011", common()))
            },
        ),
        (
            "live_file_uploaded",
            one(
                event(
                    5,
                    at,
                    agent(),
                    EventKind::FileUploaded {
                        id: FileId("00F057DB0FF10005".into()),
                        name: "offer.pdf".into(),
                        bytes: Some(20_480),
                        description: Some("March offer".into()),
                    },
                ),
                6,
                of_chat("0001KaBWNVUV0011", common()),
            ),
        ),
        (
            "live_rich_top_level",
            one(
                event(
                    6,
                    at,
                    robo(),
                    rich(quick(json!([reply("1", "Yes"), reply("2", "No")]))),
                ),
                7,
                common(),
            ),
        ),
        (
            "live_rich_in_attributes",
            one(event(6, at, robo(), rich(inner.to_string())), 7, common()),
        ),
        (
            "live_rich_in_attributes_as_text",
            one(event(6, at, robo(), rich(inner.to_string())), 7, common()),
        ),
        (
            "live_rich_in_content",
            one(event(6, at, robo(), rich(inner.to_string())), 7, common()),
        ),
        (
            "live_rich_in_content_as_text",
            one(event(6, at, robo(), rich(inner.to_string())), 7, common()),
        ),
        (
            "live_idle_alert",
            Reply {
                idle_expires: Some(Duration::from_secs(44)),
                ..one(
                    event(
                        8,
                        at,
                        system(),
                        EventKind::IdleAlert {
                            closes_in: Some(Duration::from_secs(45)),
                        },
                    ),
                    9,
                    common(),
                )
            },
        ),
        (
            "live_bot",
            one(event(2, at, bot.clone(), EventKind::Joined), 3, common()),
        ),
        (
            "live_bot_as_text",
            one(event(2, at, bot, EventKind::Joined), 3, common()),
        ),
        (
            "live_event_types",
            Reply {
                events: types.collect(),
                next: Some(ReadFrom(19)),
                ..done(common())
            },
        ),
    ]
}

#[test]
fn replies_are_read_as_the_samples_say() {
    let golden = Golden::of("v2");
    for (name, expected) in replies() {
        assert_eq!(decode(&golden.reply(name)), Ok(expected), "{name}");
    }
}

#[test]
fn live_replies_are_read_too() {
    let golden = Golden::of("v2");
    for (name, expected) in live_replies() {
        let mut read = decode(&golden.reply(name)).unwrap();
        let mut expected = expected;
        // The order of a rich message's fields does not count.
        for event in read.events.iter_mut().chain(&mut expected.events) {
            if let EventKind::Message {
                rich: Some(rich), ..
            } = &mut event.kind
            {
                *rich = serde_json::from_str::<Value>(rich).unwrap().to_string();
            }
        }
        assert_eq!(read, expected, "{name}");
    }
}

#[test]
fn a_failed_download_is_no_reply() {
    let page = Golden::of("v2").read("download_failed.reply.html");
    assert_eq!(decode(&page), Err(DecodeError));
}

#[test]
fn every_golden_file_is_tested() {
    let requests = calls()
        .into_iter()
        .map(|(name, ..)| format!("{name}.request"));
    let read = replies().into_iter().chain(live_replies());
    let read = read.map(|(name, _)| format!("{name}.reply.json"));
    let page = "download_failed.reply.html".into();
    Golden::of("v2").assert_all_tested(requests.chain(read).chain([page]));
}
