//! What the visitor asked in the form: shown as the first line for as long as the chat is shown, and not sent as such.

mod common;

use common::*;
use parlour_chat::{Command, FormAnswers, Mask, Settings};

const QUESTION: &str = "Does the tent leak?";

fn asking(question: &str) -> FormAnswers {
    FormAnswers {
        question: Some(question.into()),
        ..maria()
    }
}

fn chat(settings: Settings, question: &str) -> Rig {
    let mut rig = Rig::with(settings);
    rig.command(Command::Start(asking(question)));
    rig.answer("start", started());
    rig.refresh(&[own_join(1)], 2);
    rig
}

fn question(rig: &Rig) -> Option<&str> {
    rig.state().question.as_deref()
}

#[test]
fn it_is_shown_until_another_chat_begins_over_reloads_too() {
    let mut rig = chat(steady(), QUESTION);
    assert_eq!(question(&rig), Some(QUESTION));
    rig.reload();
    assert_eq!(question(&rig), Some(QUESTION), "after a reload");
    rig.refresh_with(ended(&[own_join(1)]));
    assert_eq!(question(&rig), Some(QUESTION), "after the end");
    rig.reload();
    assert_eq!(question(&rig), Some(QUESTION), "after the end and a reload");
    rig.command(Command::Reset);
    assert_eq!(question(&rig), None);
    rig.command(Command::Start(maria()));
    assert_eq!(question(&rig), None, "in a chat without one");
}

#[test]
fn it_is_not_sent() {
    let mut rig = chat(steady(), QUESTION);
    rig.say("Hello");
    rig.answer_rest();
    let sent = rig.log.iter().flat_map(|(_, request)| fields(request));
    let sent: Vec<_> = sent.filter(|(_, value)| value.contains("tent")).collect();
    assert_eq!(sent, [], "the server was told");
    assert_eq!(
        rig.lines()
            .iter()
            .filter(|line| line.contains("tent"))
            .count(),
        0
    );
}

#[test]
fn numbers_in_it_are_masked_before_it_is_kept() {
    let mut settings = steady();
    settings.mask = Mask {
        cards: true,
        ibans: true,
    };
    let rig = chat(settings, "Charged 4111111111111111 twice");
    assert_eq!(question(&rig), Some("Charged ************1111 twice"));
    let kept = rig.storage["session"].value.clone().unwrap();
    assert!(!kept.contains("4111"), "{kept}");
}

#[test]
fn who_was_dropped_and_goes_on_asks_the_same() {
    let mut rig = chat(steady(), QUESTION);
    rig.refresh_with(gone());
    rig.command(Command::StartAgain);
    assert_eq!(question(&rig), Some(QUESTION));
}
