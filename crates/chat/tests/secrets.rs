//! What opens a chat is never printed.

mod common;

use common::*;

#[test]
fn nothing_that_is_printed_holds_a_key() {
    let mut rig = Rig::with_agent();
    rig.say("hello");
    rig.draft("and");
    let printed = format!(
        "{:?} {:?} {:?} {:?}",
        rig.session,
        rig.storage,
        rig.request("send"),
        http(200, &started().to_string())
    );
    for secret in [KEY, USER] {
        assert!(!printed.contains(secret), "{printed}");
    }
    assert!(
        printed.contains("Chatting"),
        "but what happens is: {printed}"
    );
}
