//! Reads anything as a reply: fast, for breadth.
#![no_main]

use libfuzzer_sys::fuzz_target;
use parlour_chat::EventIndex;
use parlour_chat::dialect::{ReplyKind, Reply, gms_v1, gms_v2, gws};

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let in_order = |reply: Reply| {
        assert!(reply.events.is_sorted_by_key(|event| event.index));
    };
    gms_v2::decode(&text).into_iter().for_each(in_order);
    for asked in [ReplyKind::Start, ReplyKind::Join, ReplyKind::Transcript, ReplyKind::Else] {
        let read = gms_v1::decode(asked, 200, &text, EventIndex(u64::MAX - 1));
        read.into_iter().for_each(in_order);
        let read = gws::decode(asked, 200, &text);
        read.into_iter().for_each(in_order);
    }
});
