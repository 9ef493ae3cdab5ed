//! Typing and its preview (protocol section 1, typing preview).

use crate::talk::{Talk, types};
use parlour_emulator::model::{Options, Role, TypingPreview};

fn talk(typing_preview: TypingPreview) -> Talk {
    Talk::start_with(Options {
        typing_preview,
        ..Options::default()
    })
}

#[test]
fn starting_and_stopping_come_back_as_ones_own_echo() {
    let mut talk = Talk::start();
    talk.call("startTyping", &[]);
    talk.call("startTyping", &[]);
    assert!(talk.record().visitor().unwrap().typing);
    talk.call("stopTyping", &[]);
    assert!(!talk.record().visitor().unwrap().typing);
    let reply = talk.call("refresh", &[("transcriptPosition", "2")]);
    assert_eq!(types(&reply), ["TypingStarted", "TypingStopped"]);
    assert_eq!(reply["messages"][0]["from"]["type"], "Client");
}

#[test]
fn agents_see_the_whole_text_of_the_box_and_visitors_do_not_get_it_back() {
    let mut talk = talk(TypingPreview::On);
    talk.call("refresh", &[("message", "I nee")]);
    assert_eq!(talk.record().preview(), Some("I nee"));
    assert!(talk.record().visitor().unwrap().typing);
    let reply = talk.call(
        "refresh",
        &[("message", "I need help"), ("transcriptPosition", "2")],
    );
    assert_eq!(talk.record().preview(), Some("I need help"));
    assert_eq!(types(&reply), ["TypingStarted"]);
    assert!(!reply.to_string().contains("nee"), "{reply}");
    // The hidden events have used up indexes.
    assert_eq!(reply["nextPosition"], 5);
    talk.call("startTyping", &[("message", "I need help!")]);
    assert_eq!(talk.record().preview(), Some("I need help!"));
}

#[test]
fn a_preview_goes_with_the_message_or_when_the_box_is_emptied() {
    let mut talk = talk(TypingPreview::On);
    talk.call("refresh", &[("message", "hello")]);
    talk.call("send", &[("message", "hello")]);
    assert_eq!(talk.record().preview(), None);
    assert!(!talk.record().visitor().unwrap().typing);
    talk.call("refresh", &[("message", "more")]);
    talk.call("stopTyping", &[]);
    assert_eq!(talk.record().preview(), None);
}

#[test]
fn a_blank_text_counts_only_in_strict_mode() {
    let mut lenient = talk(TypingPreview::On);
    lenient.call("refresh", &[("message", "")]);
    assert!(!lenient.record().visitor().unwrap().typing);
    let mut strict = talk(TypingPreview::Strict);
    strict.call("refresh", &[]);
    assert!(!strict.record().visitor().unwrap().typing);
    strict.call("refresh", &[("message", "")]);
    assert!(strict.record().visitor().unwrap().typing);
    assert_eq!(strict.record().preview(), Some(""));
}

#[test]
fn a_server_without_the_option_ignores_the_text() {
    let mut talk = talk(TypingPreview::Off);
    talk.call("refresh", &[("message", "secret")]);
    talk.call("startTyping", &[("message", "secret")]);
    assert_eq!(talk.record().preview(), None);
    let reply = talk.call("refresh", &[("transcriptPosition", "2")]);
    assert_eq!(types(&reply), ["TypingStarted"]);
}

#[test]
fn an_agents_typing_ends_with_the_message() {
    let mut talk = Talk::start();
    let (chat, now) = (talk.chat.clone(), talk.now_ms);
    let anna = talk.world.join(&chat, "Anna", Role::Agent, now).unwrap();
    talk.world.typing(&chat, anna, true, now).unwrap();
    talk.world.say(&chat, anna, "hello", now).unwrap();
    assert!(!talk.record().participant(anna).unwrap().typing);
    let reply = talk.call("refresh", &[("transcriptPosition", "3")]);
    assert_eq!(types(&reply), ["TypingStarted", "Message"]);
}
