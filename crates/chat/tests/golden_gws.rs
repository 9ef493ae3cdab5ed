//! Every sample of the vendor's pages of the GWS chat service, and the shapes live servers add: what the
//! core asks is what the sample asks, what the core reads is what the sample says. See
//! `golden/gws/README.md`.

mod common;

use common::golden::{Golden, event, message, who};
use parlour_chat::dialect::gws::{decode, encode};
use parlour_chat::dialect::{
    Accepts, Action, ChatStatus, DecodeError, Event, EventKind, Keys, Outcome, Reply, ReplyKind,
    ServerError,
};
use parlour_chat::{
    Body, FormAnswers, GwsPaths, GwsReads, LeaveReason, Participant, ParticipantKind, ReadFrom,
    ServerCode,
};

const SERVICE: &str = "customer-support";
const ID: &str = "652492d9-c2d9-44c9-b9ad-0ab7984114bb";

/// The calls of the samples, and where the chats are.
fn calls() -> Vec<(&'static str, Action, GwsPaths)> {
    let here = GwsPaths::default;
    let mine = || GwsPaths {
        reads: GwsReads::MeChat,
        ..here()
    };
    let remote = GwsPaths {
        base: "/chat-key".into(),
        ..here()
    };
    let ask = || {
        Action::RequestChat(FormAnswers {
            nickname: Some("James".into()),
            subject: Some("Question about relativity".into()),
            ..FormAnswers::default()
        })
    };
    let send = Action::Send {
        text: "Are you there?".into(),
        from: ReadFrom(3),
    };
    let preview = || Some("not for anybody yet".to_owned());
    let read = |from| Action::Refresh {
        from: ReadFrom(from),
        preview: preview(),
    };
    vec![
        ("request_chat", ask(), here()),
        ("request_chat_remote", ask(), remote),
        ("start_typing", Action::StartTyping(preview()), here()),
        ("stop_typing", Action::StopTyping, here()),
        ("send", send, here()),
        ("complete", Action::Disconnect, here()),
        ("get_chat", Action::Status, here()),
        ("get_chat_mine", Action::Status, mine()),
        ("get_transcript", read(1), here()),
        ("get_transcript_mine", read(4), mine()),
    ]
}

#[test]
fn calls_are_the_samples() {
    let golden = Golden::of("gws");
    let keys = Keys {
        chat: ID.into(),
        ..Keys::default()
    };
    for (name, action, paths) in calls() {
        let encoded = encode(&action, &paths, SERVICE, &keys).unwrap();
        golden.assert_asked(name, &encoded);
        let json = matches!(encoded.body, Body::Json(_));
        assert_eq!(json, encoded.method == "POST", "{name}");
    }
}

#[test]
fn a_chats_data_goes_by_the_names_that_agents_know() {
    let answers = FormAnswers {
        first_name: Some("Maria".into()),
        last_name: Some("Doe".into()),
        email: Some("maria@example.com".into()),
        user_data: vec![("Order".into(), "4711".into())],
        ..FormAnswers::default()
    };
    let action = Action::RequestChat(answers);
    let paths = GwsPaths::default();
    let encoded = encode(&action, &paths, SERVICE, &Keys::default()).unwrap();
    let Body::Json(body) = encoded.body else {
        panic!("{:?}", encoded.body)
    };
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    let expected = serde_json::json!({
        "operationName": "RequestChat", "nickname": "Maria Doe", "subject": SERVICE,
        "userData": {
            "FirstName": "Maria", "LastName": "Doe", "EmailAddress": "maria@example.com", "Order": "4711",
        },
    });
    assert_eq!(body, expected);
}

fn done() -> Reply {
    Reply::of(Outcome::Done, ChatStatus::Unknown)
}

fn chat(status: ChatStatus, messages: bool, typing: bool) -> Reply {
    Reply {
        status,
        accepts: Some(Accepts { messages, typing }),
        ..done()
    }
}

fn kristi() -> Participant {
    who("Kristi Sippola", "2", ParticipantKind::Agent)
}

fn brings(events: Vec<Event>) -> Reply {
    Reply { events, ..done() }
}

/// What the replies say, by what was asked.
fn replies() -> Vec<(&'static str, ReplyKind, Reply)> {
    let chris = || who("Chris", "1", ParticipantKind::Visitor);
    let system = || who("system", "3", ParticipantKind::System);
    let started = Reply {
        keys: Keys {
            chat: ID.into(),
            ..Keys::default()
        },
        ..done()
    };
    let transcript = vec![
        event(1, None, chris(), EventKind::Joined),
        event(2, None, chris(), message("Hello?")),
        event(3, None, kristi(), EventKind::Joined),
    ];
    let types = vec![
        event(4, None, kristi(), EventKind::TypingStarted),
        event(5, None, kristi(), EventKind::TypingStopped),
        event(6, None, system(), message("Please hold")),
        event(7, None, system(), message("Still holding")),
        event(
            8,
            None,
            system(),
            EventKind::Notice("The office closes soon".into()),
        ),
        event(9, None, kristi(), EventKind::Joined),
        event(
            10,
            None,
            system(),
            EventKind::Unknown("TranscriptSaveDone".into()),
        ),
        event(11, None, kristi(), EventKind::Left(LeaveReason::Left)),
    ];
    let refused = ServerError {
        code: ServerCode::Other(2),
        number: 2,
        limit: None,
    };
    let refused = Reply {
        outcome: Outcome::Refused(Some(refused)),
        ..done()
    };
    vec![
        ("request_chat", ReplyKind::Start, started),
        ("start_typing", ReplyKind::Else, done()),
        ("stop_typing", ReplyKind::Else, done()),
        ("send", ReplyKind::Else, done()),
        ("complete", ReplyKind::Else, done()),
        (
            "get_chat",
            ReplyKind::Else,
            chat(ChatStatus::Open, true, true),
        ),
        ("get_transcript", ReplyKind::Transcript, brings(transcript)),
        (
            "live_waiting",
            ReplyKind::Else,
            chat(ChatStatus::Open, false, false),
        ),
        (
            "live_chatting",
            ReplyKind::Else,
            chat(ChatStatus::Open, true, false),
        ),
        (
            "live_idle",
            ReplyKind::Else,
            chat(ChatStatus::Over, true, true),
        ),
        ("live_no_news", ReplyKind::Transcript, done()),
        ("live_event_types", ReplyKind::Transcript, brings(types)),
        ("live_refusal", ReplyKind::Else, refused),
    ]
}

#[test]
fn replies_are_read_as_the_samples_say() {
    let golden = Golden::of("gws");
    for (name, asked, expected) in replies() {
        let read = decode(asked, 200, &golden.reply(name));
        assert_eq!(read, Ok(expected), "{name}");
    }
}

#[test]
fn a_refusal_needs_no_words() {
    let refused = Ok(Outcome::Refused(None));
    for (asked, status) in [
        (ReplyKind::Start, 400),
        (ReplyKind::Else, 405),
        (ReplyKind::Transcript, 400),
        (ReplyKind::Transcript, 404),
    ] {
        for body in ["", "Bad Request", r#"{"statusCode":0}"#] {
            let read = decode(asked, status, body).map(|reply| reply.outcome);
            assert_eq!(read, refused, "{status} {body}");
        }
    }
    assert_eq!(
        decode(ReplyKind::Else, 401, r#"{"statusCode":0}"#),
        Err(DecodeError)
    );
}

#[test]
fn every_golden_file_is_tested() {
    let requests = calls()
        .into_iter()
        .map(|(name, ..)| format!("{name}.request"));
    let read = replies()
        .into_iter()
        .map(|(name, ..)| format!("{name}.reply.json"));
    Golden::of("gws").assert_all_tested(requests.chain(read));
}
