//! Every sample of the vendor's page of Chat API Version 1, and the shapes live servers add: what the core
//! asks is what the sample asks, what the core reads is what the sample says. See `golden/v1/README.md`.

mod common;

use common::golden::{Golden, event, message};
use parlour_chat::dialect::gms_v1::{decode, encode};
use parlour_chat::dialect::gms_v1_cometd;
use parlour_chat::dialect::{
    Action, ChatStatus, DecodeError, Event, EventKind, Keys, Outcome, Reply, ReplyKind,
};
use parlour_chat::{
    EventIndex, FormAnswers, LeaveReason, Participant, ParticipantId, ParticipantKind, ReadFrom,
};
use serde_json::Value;

/// The services that the samples are about: one a chapter, mostly.
const PLAIN: &str = "a7e6ed0b-0380-4223-97f8-b3c7d93205e8";
const BASIC: &str = "81f0ef4e-99dd-43ea-8366-8d27a2cbd605";
const VERBOSE: &str = "9d6c31d3-1121-4ba9-91e1-b93c0fabe32f";
const PUSHED: &str = "4d1697a9-dda5-4742-8a6f-fbc01c25c640";
const POLLED: &str = "EKUJPKAQ197CFA6SJQKTJ03DBG00001M";

/// When the chats of the samples began.
const MORNING: i64 = 1_339_222_535_000;
const EVENING: i64 = 1_339_280_777_000;
const SUNDAY: i64 = 1_339_313_862_000;
const SEPTEMBER: i64 = 1_411_717_255_000;

fn service(id: &str) -> Keys {
    Keys {
        chat: id.into(),
        ..Keys::default()
    }
}

/// The links of a verbose reply; `more` are those that not every one has.
fn links(id: &str, more: &[(&str, &str)]) -> Vec<(String, String)> {
    let all = [
        ("_chatIxnAPI_SEND_URL", "/send"),
        ("_chatIxnAPI_REFRESH_URL", "/refresh"),
        ("_chatIxnAPI_START_TYPING_URL", "/startTyping"),
        ("_chatIxnAPI_STOP_TYPING_URL", "/stopTyping"),
        ("_chatIxnAPI_DISCONNECT_URL", "/disconnect"),
    ];
    let link = |(name, rest): &(&str, &str)| {
        let path = format!("/genesys/1/service/{id}/ixn/chat{rest}");
        ((*name).to_owned(), path)
    };
    all.iter().chain(more).map(link).collect()
}

const CUSTOM: (&str, &str) = ("_chatIxnAPI_SEND_CUSTOM_URL", "/customNotice");

/// Where a service says that its chat is made.
fn create_link(id: &str) -> Vec<(String, String)> {
    let path = format!("/genesys/1/service/{id}/ixn/chat");
    vec![("_chatIxnAPI-CREATE-URL".into(), path)]
}

fn vasya() -> FormAnswers {
    FormAnswers {
        first_name: Some("Vasya".into()),
        last_name: Some("Pupkin".into()),
        email: Some("Vasya.Pupkin@genesyslab.com".into()),
        subject: Some("test".into()),
        ..FormAnswers::default()
    }
}

/// The calls of the samples: service, action, and the keys that are known by then.
fn calls() -> Vec<(&'static str, &'static str, Action, Keys)> {
    let basic = "request-chat";
    let polled = "request-chat-poll";
    let linked = || Keys {
        links: links(PUSHED, &[CUSTOM]),
        ..service(PUSHED)
    };
    let joins = |id| Keys {
        links: create_link(id),
        ..service(id)
    };
    let send = |text: &str| Action::Send {
        text: text.into(),
        from: ReadFrom(4),
    };
    let ask = || Action::RequestChat(FormAnswers::default());
    let refresh = Action::Refresh {
        from: ReadFrom::START,
        preview: Some("not for anybody yet".into()),
    };
    let typing = || Action::StartTyping(Some("not for anybody yet".into()));
    let notice = Action::CustomNotice {
        message: Some("stay".into()),
        attributes: None,
    };
    vec![
        ("create_service", basic, ask(), Keys::default()),
        ("create_service_poll", polled, ask(), Keys::default()),
        ("status", polled, Action::AwaitAgent, service(POLLED)),
        ("create_chat", basic, Action::Join(vasya()), joins(VERBOSE)),
        (
            "create_chat_quick",
            polled,
            Action::Join(vasya()),
            service(POLLED),
        ),
        ("refresh", polled, refresh, service(POLLED)),
        ("send", polled, send("hello agent"), service(POLLED)),
        ("send_verbose", basic, send("Hi Verbose"), linked()),
        ("start_typing", polled, typing(), service(POLLED)),
        ("stop_typing", polled, Action::StopTyping, service(POLLED)),
        ("custom_notice", basic, notice, linked()),
        ("disconnect", polled, Action::Disconnect, service(POLLED)),
        ("disconnect_verbose", basic, Action::Disconnect, linked()),
    ]
}

#[test]
fn calls_are_the_samples() {
    let golden = Golden::of("v1");
    for (name, service, action, keys) in calls() {
        let encoded = encode(&action, service, &keys).unwrap();
        golden.assert_asked(name, &encoded);
    }
}

#[test]
fn a_position_is_that_of_the_last_event() {
    let refresh = |from| {
        let action = Action::Refresh {
            from: ReadFrom(from),
            preview: None,
        };
        let encoded = encode(&action, "request-chat", &service(PLAIN)).unwrap();
        common::decode_form(match &encoded.body {
            parlour_chat::Body::Form(form) => form,
            _ => "",
        })
    };
    let position = |value: &str| [("transcriptPosition".to_owned(), value.to_owned())];
    assert_eq!(refresh(6), position("5"));
    assert_eq!(refresh(1), position("1"), "0 is not what servers expect");
}

fn done(status: ChatStatus) -> Reply {
    Reply::of(Outcome::Done, status)
}

/// A reply about a service: its id, its links.
fn made(id: &str, links: Vec<(String, String)>) -> Reply {
    Reply {
        keys: Keys {
            links,
            ..service(id)
        },
        ..done(ChatStatus::Unknown)
    }
}

/// A reply about a chat: its status, its links.
fn linked(status: ChatStatus, links: Vec<(String, String)>) -> Reply {
    let keys = Keys {
        links,
        ..Keys::default()
    };
    Reply {
        keys,
        ..done(status)
    }
}

/// A reply that brings events, the last of which has the position.
fn brings(events: Vec<Event>, links: Vec<(String, String)>) -> Reply {
    Reply {
        next: events.last().map(|event| ReadFrom(event.index.0 + 1)),
        events,
        ..linked(ChatStatus::Open, links)
    }
}

fn who(nickname: &str, part: &str) -> Participant {
    Participant {
        id: ParticipantId(format!("{part}/{nickname}")),
        nickname: nickname.into(),
        kind: match part {
            "CLIENT" => ParticipantKind::Visitor,
            "AGENT" => ParticipantKind::Agent,
            _ => ParticipantKind::System,
        },
    }
}

fn agent() -> Participant {
    who("ksippo", "AGENT")
}

fn kristi() -> Participant {
    who("Kristi Sippola", "AGENT")
}

fn vasya_p() -> Participant {
    who("VasyaP", "CLIENT")
}

/// The four events of nearly every sample, in the order of the verbose ones.
fn four() -> Vec<Event> {
    let at = |seconds: i64| EVENING + seconds * 1_000;
    vec![
        event(2, at(15), agent(), EventKind::Joined),
        event(3, at(26), vasya_p(), message("hello agent")),
        event(4, at(57), agent(), EventKind::TypingStarted),
        event(5, at(61), agent(), message("hello customer")),
    ]
}

/// What the vendor's replies say: what was asked, and the last event known by then.
fn replies() -> Vec<(&'static str, ReplyKind, u64, Reply)> {
    let verbose = || links(VERBOSE, &[]);
    let pushed = || links(PUSHED, &[CUSTOM]);
    let goes_on = || done(ChatStatus::Open);
    let waiting = Reply {
        outcome: Outcome::Waiting,
        ..done(ChatStatus::Unknown)
    };
    let at = |seconds: i64| MORNING + seconds * 1_000;
    let first = vec![
        event(2, at(35), agent(), EventKind::Joined),
        event(3, at(42), agent(), EventKind::TypingStarted),
        event(4, at(48), agent(), message("hello customer")),
        event(5, at(71), vasya_p(), message("hello agent")),
    ];
    let own = |index, seconds: i64, kind| {
        let at = SUNDAY + seconds * 1_000;
        brings(vec![event(index, at, vasya_p(), kind)], Vec::new())
    };
    let (start, join) = (ReplyKind::Start, ReplyKind::Join);
    vec![
        ("create_service", start, 0, made(PLAIN, create_link(PLAIN))),
        ("create_service_plain", start, 0, made(PLAIN, Vec::new())),
        (
            "create_service_basic",
            start,
            0,
            made(BASIC, create_link(BASIC)),
        ),
        (
            "create_service_pushed",
            start,
            0,
            made(PUSHED, create_link(PUSHED)),
        ),
        ("create_service_poll", start, 0, made(POLLED, Vec::new())),
        ("status_waiting", join, 0, waiting),
        ("status_available", join, 0, done(ChatStatus::Unknown)),
        ("create_chat", join, 0, linked(ChatStatus::Open, verbose())),
        (
            "create_chat_with_transcript",
            join,
            1,
            brings(four(), verbose()),
        ),
        ("create_chat_plain", join, 0, goes_on()),
        (
            "create_chat_verbose",
            join,
            0,
            linked(ChatStatus::Open, verbose()),
        ),
        ("create_chat_quick", join, 0, goes_on()),
        (
            "create_chat_pushed",
            join,
            0,
            linked(ChatStatus::Open, pushed()),
        ),
        (
            "refresh",
            ReplyKind::Transcript,
            1,
            brings(first, Vec::new()),
        ),
        (
            "refresh_verbose",
            ReplyKind::Transcript,
            1,
            brings(four(), verbose()),
        ),
        (
            "refresh_without_position",
            ReplyKind::Transcript,
            1,
            Reply {
                next: Some(ReadFrom(6)),
                events_missing: true,
                ..linked(ChatStatus::Open, verbose())
            },
        ),
        (
            "refresh_from_position",
            ReplyKind::Transcript,
            1,
            brings(four(), verbose()),
        ),
        (
            "send_verbose_pushed",
            ReplyKind::Else,
            4,
            linked(ChatStatus::Open, pushed()),
        ),
        (
            "start_typing",
            ReplyKind::Else,
            7,
            own(8, 57, EventKind::TypingStarted),
        ),
        (
            "stop_typing",
            ReplyKind::Else,
            8,
            own(9, 77, EventKind::TypingStopped),
        ),
        ("disconnect", ReplyKind::Else, 9, done(ChatStatus::Over)),
        (
            "disconnect_verbose",
            ReplyKind::Else,
            5,
            linked(ChatStatus::Over, pushed()),
        ),
    ]
}

/// What live servers' replies say.
fn live_replies() -> Vec<(&'static str, ReplyKind, u64, Reply)> {
    let at = |seconds: i64| SEPTEMBER + seconds * 1_000;
    let types = vec![
        event(3, at(20), kristi(), EventKind::TypingStarted),
        event(4, at(21), kristi(), EventKind::TypingStopped),
        event(
            5,
            at(22),
            kristi(),
            EventKind::PushUrl("https://shop.example/offer".into()),
        ),
        event(6, at(23), kristi(), EventKind::CustomNotice),
        event(
            7,
            at(24),
            who("system", "EXTERNAL"),
            message("agent will be with you shortly"),
        ),
        event(8, at(25), kristi(), EventKind::Left(LeaveReason::Left)),
        event(
            9,
            at(26),
            kristi(),
            EventKind::Unknown("Notice.HologramShown".into()),
        ),
    ];
    let number = event(7, at(23), who("Anna", "AGENT"), message("Hello"));
    let left = event(10, at(60), kristi(), EventKind::Left(LeaveReason::Left));
    let read = ReplyKind::Transcript;
    vec![
        ("live_number", read, 6, brings(vec![number], Vec::new())),
        ("live_event_types", read, 2, brings(types, Vec::new())),
        (
            "live_no_news",
            read,
            9,
            Reply {
                next: Some(ReadFrom(10)),
                ..done(ChatStatus::Open)
            },
        ),
        (
            "live_ended",
            read,
            9,
            Reply {
                status: ChatStatus::Over,
                ..brings(vec![left], Vec::new())
            },
        ),
    ]
}

#[test]
fn replies_are_read_as_the_samples_say() {
    let golden = Golden::of("v1");
    for (name, asked, last, expected) in replies().into_iter().chain(live_replies()) {
        let read = decode(asked, 200, &golden.reply(name), EventIndex(last));
        assert_eq!(read, Ok(expected), "{name}");
    }
}

/// What is pushed, by the last event known.
fn pushes() -> Vec<(&'static str, u64, Event)> {
    let at = |seconds: i64| SEPTEMBER + seconds * 1_000;
    let me = who("127.0.0.1", "CLIENT");
    vec![
        (
            "push_joined",
            1,
            event(2, at(14), kristi(), EventKind::Joined),
        ),
        (
            "push_typing",
            2,
            event(3, at(22), kristi(), EventKind::TypingStarted),
        ),
        (
            "push_message",
            3,
            event(4, at(23), kristi(), message("Hello")),
        ),
        ("push_echo", 4, event(5, at(32), me, message("Hi Verbose"))),
    ]
}

#[test]
fn what_is_pushed_is_a_refresh_in_an_envelope() {
    let golden = Golden::of("v1");
    for (name, last, event) in pushes() {
        let batch: Value = serde_json::from_str(&golden.reply(name)).unwrap();
        let data = batch[0]["data"].as_object().unwrap();
        let mut expected = brings(vec![event], Vec::new());
        expected.keys.chat = PUSHED.into();
        // The push says itself how far it goes.
        for last in [last, 0, 99] {
            let read = gms_v1_cometd::read(data, EventIndex(last));
            assert_eq!(read, Ok(expected.clone()), "{name}");
        }
    }
}

#[test]
fn where_the_news_are_pushed_requests_ask_for_that() {
    let golden = Golden::of("v1");
    let keys = service(POLLED);
    let join = gms_v1_cometd::encode(&Action::Join(vasya()), "request-chat-poll", &keys);
    golden.assert_asked("create_chat_quick_pushed", &join.unwrap());
    for (name, service, action, keys) in calls() {
        if !matches!(action, Action::Join(_) | Action::Refresh { .. }) {
            let encoded = gms_v1_cometd::encode(&action, service, &keys).unwrap();
            golden.assert_asked(name, &encoded);
        }
    }
}

#[test]
fn replies_bring_nothing_but_how_far_the_transcript_goes_where_it_is_pushed() {
    let golden = Golden::of("v1");
    let read = |asked, name| gms_v1_cometd::decode(asked, 200, &golden.reply(name));
    let pointer = Reply {
        events_missing: true,
        ..done(ChatStatus::Unknown)
    };
    assert_eq!(read(ReplyKind::Else, "send_pushed"), Ok(pointer));
    let ends_at = |status, next| Reply {
        next: Some(ReadFrom(next)),
        events_missing: true,
        ..linked(status, links(PUSHED, &[CUSTOM]))
    };
    for asked in [ReplyKind::Else, ReplyKind::Transcript] {
        let sent = read(asked, "send_verbose_pushed");
        assert_eq!(
            sent,
            Ok(ends_at(ChatStatus::Open, 6)),
            "the last event is 5"
        );
    }
    let joined = read(ReplyKind::Join, "create_chat_pushed");
    assert_eq!(joined, Ok(ends_at(ChatStatus::Open, 2)));
    let polled = read(ReplyKind::Transcript, "refresh").unwrap();
    assert_eq!(polled.events, [], "what is not pushed is no news");
    assert!(!polled.events_missing, "though it is told from what is");
}

#[test]
fn what_only_points_to_a_push_is_no_reply_to_who_polls() {
    let golden = Golden::of("v1");
    for asked in [ReplyKind::Else, ReplyKind::Transcript, ReplyKind::Join] {
        let read = decode(asked, 200, &golden.reply("send_pushed"), EventIndex(1));
        assert_eq!(read, Err(DecodeError), "{asked:?}");
    }
}

#[test]
fn statuses_say_what_the_page_says() {
    let last = EventIndex(1);
    let outcome = |asked, status| decode(asked, status, "", last).map(|reply| reply.outcome);
    assert_eq!(
        outcome(ReplyKind::Join, 503),
        Ok(Outcome::Waiting),
        "no agent yet"
    );
    for asked in [
        ReplyKind::Start,
        ReplyKind::Join,
        ReplyKind::Transcript,
        ReplyKind::Else,
    ] {
        assert_eq!(outcome(asked, 415), Ok(Outcome::Refused(None)), "{asked:?}");
    }
    assert_eq!(
        outcome(ReplyKind::Else, 503),
        Err(DecodeError),
        "a server that is busy"
    );
}

#[test]
fn every_golden_file_is_tested() {
    let calls = calls().into_iter().map(|(name, ..)| name);
    let requests = calls.chain(["create_chat_quick_pushed"]);
    let requests = requests.map(|name| format!("{name}.request"));
    let replies = replies().into_iter().chain(live_replies());
    let names = replies.map(|(name, ..)| name);
    let pushed = pushes().into_iter().map(|(name, ..)| name);
    let read = names.chain(pushed).chain(["send_pushed"]);
    let read = read.map(|name| format!("{name}.reply.json"));
    Golden::of("v1").assert_all_tested(requests.chain(read));
}
