//! What must hold whatever a server answers; shared with the fuzzer.

use parlour_chat::dialect::{Reply, ReplyKind, gms_v1, gms_v1_cometd, gms_v2, gws};
use parlour_chat::{DialectKind, EventIndex, Request};
use serde_json::{Value, json};

use super::{
    Rig, agent_joins, http, limits, line, operation_of, own_join, secs, settings, started,
    transcript,
};

/// How far a chat gets before its server answers with anything: enough to have been joined and read.
const STEPS: usize = 6;

/// Reads anything as a reply, and answers each kind of request with it. Panics if that does harm.
pub fn as_a_reply(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    read_in_each_dialect(&text);
    answer_gms_v2(&text);
    for dialect in [
        DialectKind::GmsV1,
        DialectKind::Gws,
        DialectKind::GmsV2Cometd,
        DialectKind::GmsV1Cometd,
    ] {
        for step in 0..STEPS {
            answer_from(dialect, step, &text);
        }
    }
}

fn read_in_each_dialect(text: &str) {
    let in_order = |reply: Reply| {
        let sorted = reply.events.is_sorted_by_key(|event| event.index);
        assert!(sorted, "the transcript is read in order");
    };
    gms_v2::decode(text).into_iter().for_each(in_order);
    for asked in [
        ReplyKind::Start,
        ReplyKind::Join,
        ReplyKind::Transcript,
        ReplyKind::Else,
    ] {
        for status in [200, 400, 503] {
            for last in [0, u64::MAX - 1] {
                let read = gms_v1::decode(asked, status, text, EventIndex(last));
                read.into_iter().for_each(in_order);
            }
            let read = gms_v1_cometd::decode(asked, status, text);
            read.into_iter().for_each(in_order);
            let read = gws::decode(asked, status, text);
            read.into_iter().for_each(in_order);
        }
    }
}

fn answer_gms_v2(text: &str) {
    let mut rig = Rig::new();
    rig.start();
    rig.answer_with_anything("start", text);
    rig.advance(secs(30));
    for operation in [
        "refresh",
        "send",
        "startTyping",
        "file",
        "file/limits",
        "disconnect",
    ] {
        let mut rig = Rig::with_agent();
        match operation {
            "send" => drop(rig.say("hello")),
            "startTyping" => rig.draft("h"),
            "file" => drop(rig.attach("a.txt", 3)),
            "disconnect" => rig.command(parlour_chat::Command::End),
            "file/limits" => {
                rig.reload();
            }
            _ => drop(rig.wait_for(operation)),
        }
        rig.answer_with_anything(operation, text);
        rig.advance(secs(30));
        go_on(&mut rig);
    }
}

/// A chat whose server answers so from some request on.
fn answer_from(dialect: DialectKind, step: usize, text: &str) {
    let mut settings = settings();
    settings.dialect = dialect;
    let mut rig = Rig::with(settings);
    rig.start();
    for _ in 0..step {
        rig.wait_until("a request", |rig| !rig.pending().is_empty());
        let request = rig.pending().remove(0);
        let reply = well_answered(dialect, &request);
        rig.answer_id(request.id, http(200, &reply.to_string()));
    }
    rig.say("hello");
    for status in [200, 400] {
        for request in rig.pending() {
            rig.answer_id_with_anything(request.id, http(status, text));
        }
        rig.advance(secs(30));
    }
    go_on(&mut rig);
}

/// The page goes on, and so does the next one.
fn go_on(rig: &mut Rig) {
    rig.say("still here");
    rig.advance(secs(5));
    rig.reload();
    rig.advance(secs(5));
}

/// What a server answers that means well.
fn well_answered(dialect: DialectKind, request: &Request) -> Value {
    let operation = operation_of(request);
    match (dialect, operation.as_str()) {
        (_, "file/limits") => limits(),
        (DialectKind::GmsV2Cometd, "start") => line::reply(request, &[started()]),
        (DialectKind::GmsV2Cometd, "refresh") => {
            let events = [own_join(1), agent_joins(2)];
            line::reply(request, &[transcript(&events, 3)])
        }
        (DialectKind::GmsV2Cometd, _) => line::reply(request, &[]),
        (DialectKind::GmsV1Cometd, "poll" | "goodbye") => line::reply(request, &[]),
        (DialectKind::GmsV1 | DialectKind::GmsV1Cometd, "start") => json!({"_id": "a7e6ed0b"}),
        (DialectKind::GmsV1 | DialectKind::GmsV1Cometd, _) => {
            let joined = [
                "Notice.Joined",
                "Anna",
                "has joined the session",
                "14",
                "AGENT",
            ];
            json!({
                "chatIxnState": "TRANSCRIPT", "transcriptPosition": "2", "transcriptToShow": [joined],
                "startedAt": "2014-09-26T07:40:55Z",
            })
        }
        (_, "start") => json!({"id": "652492d9", "statusCode": 0}),
        (_, "course") => {
            json!({"chat": {"state": "Chatting", "capabilities": []}, "statusCode": 0})
        }
        (_, "refresh") => {
            let anna = json!({"nickname": "Anna", "participantId": "2", "type": "Agent"});
            let joined = json!({"from": anna, "index": 1, "type": "ParticipantJoined"});
            json!({"messages": [joined], "statusCode": 0})
        }
        _ => json!({"statusCode": 0}),
    }
}
