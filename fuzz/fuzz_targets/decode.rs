//! Reads anything as a reply: fast, for breadth.
#![no_main]

use libfuzzer_sys::fuzz_target;
use parlour_chat::dialect::gms_v2::decode;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(reply) = decode(&String::from_utf8_lossy(bytes)) {
        assert!(reply.events.is_sorted_by_key(|event| event.index));
    }
});
