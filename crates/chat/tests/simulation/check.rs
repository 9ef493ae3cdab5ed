//! What must be true when the storm is over.

use parlour_chat::{Author, Item, MessageState, Phase, Record};
use parlour_emulator::model::Role;

use crate::storm::{Family, Storm, Typed};

/// How often a page may send one message within a minute.
const A_MINUTE: usize = 10;
/// How often a message must have been turned away before it may be given up.
const PATIENCE: u32 = 10;

/// Notes what the storage knows of each message.
pub fn note_store(storm: &mut Storm, record: &Record, worked: bool) {
    let name = &record.name.0;
    for typed in &mut storm.typed {
        let concerns = match &record.value {
            Some(value) => {
                let text = serde_json::to_string(&typed.text).expect("text is JSON");
                name.starts_with("outbox/") && value.contains(&text)
            }
            // An erased record names nobody: all it may concern are those in doubt anyway.
            None => !worked,
        };
        if concerns && worked {
            typed.durable = true;
        } else if concerns || !worked {
            typed.tainted = true;
        }
    }
}

/// What the storage never had is gone with the page: nobody can promise otherwise.
pub fn note_reload(storm: &mut Storm) {
    for typed in &mut storm.typed {
        if !typed.durable {
            typed.tainted = true;
        }
    }
}

/// However often the server says "not now", it is not hammered with a message.
pub fn no_hammering(typed: &Typed, page: u32, now: u64) {
    let lately = |left: &&(u32, u64)| left.0 == page && left.1 + 60_000 > now;
    let times = typed.left.iter().filter(lately).count();
    // The visitor may want it sent once more.
    let most = A_MINUTE + usize::from(typed.retried);
    assert!(
        times <= most,
        "{:?} left {times} times in a minute: {:?}",
        typed.text,
        typed.left
    );
}

/// A message fails in a chat that goes on only because the server would not have it for long.
pub fn given_up_with_reason(typed: &Typed) {
    assert!(
        typed.turned_away >= PATIENCE,
        "turned away {} times, and given up: {:?}",
        typed.turned_away,
        typed.text
    );
}

/// Looks at everything.
pub fn everything(storm: &mut Storm) {
    let chat = storm.chat.clone().expect("a chat was started");
    let chat = storm.world.chat(&chat).expect("the server knows the chat");
    let is_visitor = |role| matches!(role, Role::Visitor);
    let on_server: Vec<(bool, String)> = chat
        .transcript()
        .filter_map(|event| Some((is_visitor(event.from.role), event.message()?.to_owned())))
        .collect();
    let own: Vec<&str> = on_server
        .iter()
        .filter(|(own, _)| *own)
        .map(|(_, text)| text.as_str())
        .collect();
    let phase = storm.page.session.state().phase.clone();
    let going_on = phase == Phase::Chatting;
    storm.tally.sent += own.len() as u64;
    storm.tally.ended += u64::from(!going_on);

    if going_on {
        assert!(
            chat.end().is_none(),
            "the page did not notice that the chat has ended"
        );
    } else {
        // With its storage failing at the wrong time a page may come back without its chat.
        let lost = phase == Phase::Idle && storm.typed.iter().all(|typed| typed.tainted);
        assert!(
            matches!(phase, Phase::Ended(_)) || lost,
            "neither going on nor over: {phase:?}"
        );
        if lost {
            return;
        }
    }
    each_message(storm, &own, going_on);
    let doubtful = storm.typed.iter().any(|typed| typed.tainted);
    if storm.family == Family::WithinTheWindow && !doubtful {
        the_visitors_order(storm, &own);
    }
    the_timeline(storm, &on_server, going_on);
    storm.tally.doubled += doubles(&own);
}

fn doubles(own: &[&str]) -> u64 {
    let mut sorted = own.to_vec();
    sorted.sort_unstable();
    sorted.windows(2).filter(|pair| pair[0] == pair[1]).count() as u64
}

/// Each message that was typed is somewhere, and what is shown of it is true. A message of which the
/// storage kept nothing, or something out of date, may arrive after a reload without anybody knowing it;
/// then it may be taken for the echo of one other.
fn each_message(storm: &Storm, own: &[&str], going_on: bool) {
    let mut strangers = storm.typed.iter().filter(|typed| typed.tainted).count();
    for typed in &storm.typed {
        let times = own.iter().filter(|text| **text == typed.text).count();
        let seen = storm.seen(&typed.text);
        let shown = storm.page.view.iter().find_map(|entry| match &entry.item {
            Item::Message {
                from: Author::Me,
                text,
                state,
                ..
            } if *text == typed.text || *text == seen => Some(state),
            _ => None,
        });
        let text = &typed.text;
        match shown {
            Some(MessageState::Sent) => {
                assert!(times > 0, "shown as sent, and not on the server: {text:?}");
            }
            Some(MessageState::Sending) => {
                assert!(!going_on, "still on its way after a long calm: {text:?}");
                panic!("on its way in a chat that is over: {text:?}");
            }
            Some(MessageState::Failed(_)) => {
                assert!(
                    !going_on,
                    "nothing was refused, and yet it failed: {text:?}"
                );
            }
            None => {
                let drafted = storm.page.session.draft().contains(text.trim());
                // The server may refuse the transcript of a chat that is over.
                let there = !going_on && times > 0;
                if !(drafted || typed.tainted || !typed.durable || there) {
                    assert!(strangers > 0, "typed and gone: {text:?}");
                    strangers -= 1;
                }
            }
        }
        if storm.family == Family::WithinTheWindow && !typed.tainted {
            assert!(times <= 1, "{times} times on the server: {text:?}");
        }
    }
}

/// The server has them in the order in which they were typed.
fn the_visitors_order(storm: &Storm, own: &[&str]) {
    let place = |text: &str| own.iter().position(|said| *said == text);
    let places: Vec<usize> = storm
        .typed
        .iter()
        .filter(|typed| !typed.tainted && !typed.retried)
        .filter_map(|typed| place(&typed.text))
        .collect();
    assert!(places.is_sorted(), "out of order on the server: {own:?}");
}

/// The timeline shows what the server recorded: nothing missing, nothing doubled, in its order.
fn the_timeline(storm: &Storm, on_server: &[(bool, String)], going_on: bool) {
    let said = storm.shown_messages();
    let server: Vec<(bool, String)> = on_server
        .iter()
        .map(|(own, text)| (*own, if *own { storm.seen(text) } else { text.clone() }))
        .collect();
    let shown: Vec<(bool, String)> = said
        .iter()
        .map(|(own, text)| (*own, (*text).to_owned()))
        .collect();
    if going_on {
        assert_eq!(
            shown, server,
            "the timeline is not what the server recorded"
        );
    } else {
        // What was said right before the end may never have been handed out; a message may be known to
        // be taken without its event having come.
        let trimmed = |(own, text): &(bool, String)| (*own, storm.seen(text).trim().to_owned());
        let server: Vec<_> = server.iter().map(trimmed).collect();
        let mut rest = server.as_slice();
        for one in shown.iter().map(trimmed) {
            let at = rest.iter().position(|said| *said == one);
            let at = at.unwrap_or_else(|| panic!("not recorded so, or shown twice: {one:?}"));
            rest = &rest[at + 1..];
        }
    }
}
