//! Files that go with the next message: nothing leaves before the visitor sends it.

mod common;

use common::*;
use parlour_chat::{ChatCommand, Command, FileHandle, RefusalReason};

/// A chat with an agent whose server takes three files of 1 000 bytes.
fn chatting() -> Rig {
    let mut rig = Rig::with(settings());
    rig.start();
    rig.answer("start", started());
    rig.answer("file/limits", with(done(), "userData", limits_data()));
    rig.answer("refresh", transcript(&[own_join(1)], 2));
    rig
}

fn attach(rig: &mut Rig, files: &[(&str, u64)]) -> Vec<FileHandle> {
    let files: Vec<_> = files
        .iter()
        .map(|(name, bytes)| rig.new_file(name, *bytes))
        .collect();
    let handles = files.iter().map(|file| file.handle).collect();
    rig.command(ChatCommand::Attach(files));
    handles
}

fn attached(rig: &Rig) -> Vec<&str> {
    let files = rig.state().attachments.iter();
    files.map(|file| file.name.as_str()).collect()
}

#[test]
fn files_wait_for_the_message_and_leave_with_it() {
    let mut rig = chatting();
    attach(&mut rig, &[("../torn.png", 3), ("b.pdf", 3)]);
    rig.command(Command::Draft("here".into()));
    rig.serve(secs(60));
    assert_eq!(attached(&rig), ["torn.png", "b.pdf"]);
    assert_eq!(rig.times("file").len(), 0, "nothing leaves before");
    assert_eq!(rig.lines(), [""; 0]);

    rig.command(Command::Say("here".into()));
    assert_eq!(attached(&rig), [""; 0]);
    assert_eq!(
        rig.lines(),
        [
            "me: here (sending)",
            "me: file torn.png (uploading 0/3)",
            "me: file b.pdf (uploading 0/3)",
        ]
    );
    assert!(rig.is_pending("file") && rig.is_pending("send"));
}

#[test]
fn words_and_their_files_keep_their_places_as_they_arrive() {
    let mut rig = chatting();
    attach(&mut rig, &[("torn.png", 3), ("b.pdf", 3)]);
    rig.command(Command::Say("here".into()));
    let order = |rig: &Rig| {
        let name = |line: &String| line.split(" (").next().map(str::to_owned);
        rig.lines().iter().filter_map(name).collect::<Vec<_>>()
    };
    let before = order(&rig);
    // Files take longer than words.
    rig.answer("send", transcript(&[visitor_says(2, "here")], 3));
    assert_eq!(order(&rig), before);
    rig.answer("file", upload_done("F1"));
    rig.refresh(&[uploaded(3, visitor(), "F1", "torn.png", 3)], 4);
    assert_eq!(order(&rig), before);
    rig.answer("file", upload_done("F2"));
    rig.refresh(&[uploaded(4, visitor(), "F2", "b.pdf", 3)], 5);
    assert_eq!(order(&rig), before);
}

#[test]
fn files_may_go_without_words_and_blanks_are_no_message() {
    let mut rig = chatting();
    assert!(!rig.state().can_send(" "));
    attach(&mut rig, &[("a.png", 3)]);
    assert!(rig.state().can_send(" "));
    rig.command(Command::Say(" ".into()));
    assert_eq!(rig.lines(), ["me: file a.png (uploading 0/3)"]);
    assert_eq!(rig.times("send").len(), 0);
}

#[test]
fn a_message_that_is_too_long_keeps_its_files() {
    let mut rig = chatting();
    attach(&mut rig, &[("a.png", 3)]);
    let long = "x".repeat(20_000);
    assert!(!rig.state().can_send(&long));
    rig.command(Command::Say(long.clone()));
    assert_eq!(attached(&rig), ["a.png"]);
    assert_eq!(rig.composer, long);
    assert_eq!(rig.times("file").len(), 0);
}

#[test]
fn a_file_can_be_taken_off_again() {
    let mut rig = chatting();
    let files = attach(&mut rig, &[("a.png", 3), ("b.pdf", 3)]);
    rig.command(ChatCommand::Detach(*files.first().unwrap()));
    assert_eq!(attached(&rig), ["b.pdf"]);
    assert_eq!(rig.files_kept(), 1, "its contents are let go");
}

#[test]
fn what_cannot_be_sent_is_refused_at_once_each_with_its_reason() {
    let mut rig = chatting();
    attach(
        &mut rig,
        &[
            ("a.png", 3),
            ("b.exe", 3),
            ("c.png", 3),
            ("d.png", 1_001),
            ("e.png", 3),
            ("f.png", 3),
        ],
    );
    assert_eq!(attached(&rig), ["a.png", "c.png", "e.png"]);
    let refused: Vec<_> = rig
        .state()
        .refused_files
        .iter()
        .map(|file| (file.name.as_str(), file.refusal.reason))
        .collect();
    assert_eq!(
        refused,
        [
            ("b.exe", RefusalReason::FileTypeRefused),
            ("d.png", RefusalReason::FileTooLarge),
            ("f.png", RefusalReason::TooManyFiles),
        ]
    );
    assert_eq!(rig.files_kept(), 3);
    rig.command(Command::Draft("typing on".into()));
    assert_eq!(rig.state().refused_files.len(), 3, "it can still be read");
    rig.command(Command::Say(String::new()));
    assert_eq!(rig.state().refused_files, []);
}

#[test]
fn what_the_server_has_forbidden_meanwhile_says_so_in_its_place() {
    let mut rig = chatting();
    attach(&mut rig, &[("a.png", 900), ("b.png", 900)]);
    let limits = limits_data();
    let used = serde_json::json!({"used-upload-max-total-size": "2000"});
    let mut changed = limits.clone();
    changed["used-upload-max-total-size"] = used["used-upload-max-total-size"].clone();
    rig.command(Command::Say(String::new()));
    rig.answer("file", upload_done("F1"));
    rig.answer("file/limits", with(done(), "userData", changed));
    attach(&mut rig, &[("c.png", 900)]);
    assert_eq!(attached(&rig), [""; 0], "files on their way count");
}

#[test]
fn without_a_chat_nothing_is_kept() {
    let mut rig = chatting();
    attach(&mut rig, &[("a.png", 3)]);
    rig.command(Command::End);
    attach(&mut rig, &[("b.png", 3)]);
    assert_eq!(
        rig.state().refused_files.first().unwrap().refusal.reason,
        RefusalReason::NotOffered
    );
    rig.serve(secs(60));
    assert_eq!(attached(&rig), [""; 0]);
    assert_eq!(rig.files_kept(), 0);
}

#[test]
fn a_reload_lets_them_go() {
    let mut rig = chatting();
    attach(&mut rig, &[("a.png", 3)]);
    rig.reload();
    assert_eq!(attached(&rig), [""; 0]);
}
