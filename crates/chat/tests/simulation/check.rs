//! What must be true when the storm is over.

use parlour_chat::{Author, Item, MessageState, Phase, Record};
use parlour_emulator::model::Role;

use crate::page::{Joins, Page};
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

/// What was not sent in a chat that is over is shown by the tabs that saw the end. It goes with the last of them.
pub fn note_close(storm: &mut Storm, page: u32) {
    let page = storm
        .page(page)
        .map(|page| page.session.state().phase.is_open());
    if page == Some(false) {
        storm
            .typed
            .iter_mut()
            .for_each(|typed| typed.tainted = true);
    }
}

/// A page that opens beside others, where none leads, cannot tell whether the tab that stored a message is still
/// there: both may send what waits.
pub fn note_another_sender(storm: &mut Storm) {
    let waits: Vec<bool> = storm
        .typed
        .iter()
        .map(|typed| storm.is_stored(typed))
        .collect();
    for (typed, waits) in storm.typed.iter_mut().zip(waits) {
        typed.has_two_senders |= waits;
    }
}

/// A page that comes to lead because another has died asks the server at once, unless that wants patience.
pub fn taken_over(page: &Page, since: u64) {
    let goes_on = page.session.state().phase == Phase::Chatting && page.patient_until < since;
    assert!(
        !goes_on || page.asked_at >= since,
        "tab {} leads, and has asked for nothing for 2 s",
        page.id
    );
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
    storm.tally.sent += own.len() as u64;
    storm.tally.doubled += doubles(&own);
    let over = storm.pages[0].session.state().phase != Phase::Chatting;
    storm.tally.ended += u64::from(over);
    if storm.in_step {
        one_leads(storm);
    }
    for page in &storm.pages {
        storm.note(&format!("what tab {} shows:", page.id));
        one_page(storm, page, &on_server, &own);
    }
}

/// One page leads, and it alone asks for news. A page that never had a chat is not concerned.
fn one_leads(storm: &Storm) {
    let concerned = |page: &&Page| page.joins == Joins::Done;
    let concerned: Vec<&Page> = storm.pages.iter().filter(concerned).collect();
    let leaders = concerned.iter().filter(|page| page.leads);
    assert!(
        leaders.count() == 1 || concerned.is_empty(),
        "one tab leads"
    );
    for page in concerned.iter().filter(|page| !page.leads) {
        assert!(
            page.polled_at + 100_000 < storm.now,
            "tab {} follows, and polls",
            page.id
        );
    }
}

fn one_page(storm: &Storm, page: &Page, on_server: &[(bool, String)], own: &[&str]) {
    let chat = storm.chat.clone().expect("a chat was started");
    let chat = storm.world.chat(&chat).expect("the server knows the chat");
    let phase = page.session.state().phase.clone();
    let going_on = phase == Phase::Chatting;
    if going_on {
        assert!(
            chat.end().is_none(),
            "the page did not notice that the chat has ended"
        );
    } else {
        // With its storage failing at the wrong time a page may come back without its chat.
        let lost = phase == Phase::Idle && storm.typed.iter().all(|typed| typed.tainted);
        // A tab that was opened after the end knows of nothing.
        let lost = lost || phase == Phase::Idle && chat.end().is_some();
        assert!(
            matches!(phase, Phase::Ended(_)) || lost,
            "neither going on nor over: {phase:?}"
        );
        if lost {
            return;
        }
    }
    each_message(storm, page, own, going_on);
    let doubtful = storm.typed.iter().any(|typed| typed.tainted);
    if storm.family == Family::WithinTheWindow && !doubtful {
        the_visitors_order(storm, own);
    }
    the_timeline(storm, page, on_server, going_on);
}

fn doubles(own: &[&str]) -> u64 {
    let mut sorted = own.to_vec();
    sorted.sort_unstable();
    sorted.windows(2).filter(|pair| pair[0] == pair[1]).count() as u64
}

/// Each message that was typed is somewhere, and what is shown of it is true. A message of which the
/// storage kept nothing, or something out of date, may arrive after a reload without anybody knowing it;
/// then it may be taken for the echo of one other.
fn each_message(storm: &Storm, page: &Page, own: &[&str], going_on: bool) {
    let mut strangers = storm.typed.iter().filter(|typed| typed.tainted).count();
    let shows = |page: &Page, text: &str| {
        let seen = storm.seen(text);
        page.view.iter().any(|entry| {
            matches!(&entry.item, Item::Message { from: Author::Me, text: said, .. } if said == text || *said == seen)
        })
    };
    for typed in &storm.typed {
        let times = own.iter().filter(|text| **text == typed.text).count();
        let seen = storm.seen(&typed.text);
        let shown = page.view.iter().find_map(|entry| match &entry.item {
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
                let drafted = page.session.draft().contains(text.trim());
                // The server may refuse the transcript of a chat that is over. What was not sent by then is
                // shown by a tab that saw the end.
                let elsewhere = storm.pages.iter().any(|page| shows(page, text));
                // Where none leads, a tab does not know what another left unsent in a chat that is over.
                let there = !going_on && (times > 0 || elsewhere || !storm.in_step);
                // What waits in a tab that is closed waits for the next page.
                let waits = !storm.in_step || typed.waits_for_page;
                let there = there || waits && storm.is_stored(typed);
                if !(drafted || typed.tainted || !typed.durable || there) {
                    assert!(strangers > 0, "typed and gone: {text:?}");
                    strangers -= 1;
                }
            }
        }
        if storm.family == Family::WithinTheWindow && !typed.tainted && !typed.has_two_senders {
            assert!(times <= 1, "{times} times on the server: {text:?}");
        }
    }
}

/// The server has them in the order in which they were typed on one page.
fn the_visitors_order(storm: &Storm, own: &[&str]) {
    let place = |text: &str| own.iter().position(|said| *said == text);
    for page in storm.typed.iter().map(|typed| typed.page) {
        let typed = storm.typed.iter();
        let places: Vec<usize> = typed
            .filter(|typed| typed.page == page && !typed.tainted && !typed.retried)
            .filter(|typed| !typed.has_two_senders)
            .filter_map(|typed| place(&typed.text))
            .collect();
        assert!(places.is_sorted(), "out of order on the server: {own:?}");
    }
}

/// The timeline shows what the server recorded: nothing missing, nothing doubled, in its order.
fn the_timeline(storm: &Storm, page: &Page, on_server: &[(bool, String)], going_on: bool) {
    let said = Storm::shown_messages(page);
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
