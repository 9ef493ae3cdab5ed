//! What a message may say.

use super::*;

#[test]
fn too_long_a_message_goes_back_into_the_composer() {
    let mut settings = settings();
    settings.max_message_units = 10;
    let mut rig = Rig::chatting_with(settings);
    for (text, passes) in [
        ("0123456789", true),
        ("01234567890", false),
        ("😀😀😀😀😀", true),
        ("😀😀😀😀😀😀", false),
        ("éééééééééé", true),
    ] {
        rig.say(text);
        assert_eq!(rig.composer == text, !passes, "{text}");
        let refusal = rig
            .state()
            .refusal
            .clone()
            .map(|why| (why.reason, why.limit));
        let expected = (!passes).then_some((RefusalReason::MessageTooLong, Some(10)));
        assert_eq!(refusal, expected, "{text}");
    }
    assert_eq!(rig.texts(), ["0123456789", "😀😀😀😀😀", "éééééééééé"]);
}

#[test]
fn forty_thousand_characters_are_refused_with_the_text_kept() {
    let mut rig = Rig::with_agent();
    let novel = "word ".repeat(8_000);
    rig.say(&novel);
    assert_eq!(rig.composer, novel);
    assert_eq!(rig.session.draft(), novel);
    assert!(!rig.is_pending("send"));
    rig.draft("word");
    assert!(rig.state().refusal.is_some(), "stays until the next try");
    rig.say("word");
    assert_eq!(rig.state().refusal, None);
}

#[test]
fn blank_messages_are_none() {
    let mut rig = Rig::with_agent();
    // What is copied from other chats may hold nothing but marks that nobody sees.
    for blank in [
        "",
        " ",
        "\n\t ",
        "\u{3000}",
        "\u{200b}",
        "\u{feff}\u{2060}\u{a0}",
    ] {
        assert!(!rig.state().can_send(blank), "{blank:?}");
        rig.command(Command::Say(blank.into()));
    }
    assert_eq!(rig.lines(), ["Anna joined"]);
    assert!(!rig.is_pending("send"));
}

#[test]
fn whatever_is_typed_reaches_the_server_unchanged() {
    let mut rig = Rig::with_agent();
    let nasty = "a+b&c=d%20;\u{0}\r\n\t\"'<script>é漢😀\u{202e}";
    rig.say(nasty);
    assert_eq!(rig.field("send", "message").as_deref(), Some(nasty));
}
