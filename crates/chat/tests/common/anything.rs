//! What must hold whatever a server answers; shared with the fuzzer.

use parlour_chat::dialect::gms_v2::decode;

use super::{Rig, secs};

/// Reads anything as a reply, and answers each kind of request with it. Panics if that does harm.
pub fn as_a_reply(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(reply) = decode(&text) {
        assert!(
            reply.events.is_sorted_by_key(|event| event.index),
            "the transcript is read in order"
        );
    }
    let mut rig = Rig::new();
    rig.start();
    rig.answer_with_anything("start", &text);
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
        rig.answer_with_anything(operation, &text);
        rig.advance(secs(30));
        // The page goes on, and so does the next one.
        rig.say("still here");
        rig.advance(secs(5));
        rig.reload();
        rig.advance(secs(5));
    }
}
