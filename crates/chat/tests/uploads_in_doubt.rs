//! Files whose upload may have been processed although no reply said so: none is sent twice.
#![expect(clippy::panic, reason = "a test may fail")]

mod common;

use common::*;
use parlour_chat::{ChatCommand, EntryId, Failure, FileState, Item, RequestId};

fn file_state(rig: &Rig, entry: EntryId) -> &FileState {
    match &rig.entry(entry).item {
        Item::File { file, .. } => &file.state,
        other => panic!("no file but {other:?}"),
    }
}

fn file_rows(rig: &Rig) -> usize {
    let is = |entry: &&parlour_chat::Entry| matches!(entry.item, Item::File { .. });
    rig.entries().iter().filter(is).count()
}

type Loss = fn(&mut Rig, RequestId);

/// The ways in which the outcome of a request can stay unknown.
const LOSSES: [Loss; 4] = [
    |rig, id| rig.fail_id(id, Failure::Unreachable),
    |rig, id| rig.answer_id(id, http(503, "")),
    |rig, id| rig.answer_id(id, http(502, "<html>")),
    |rig, id| rig.answer_id(id, http(200, "{\"statusCode\":0,")),
];

#[test]
fn a_file_that_arrived_is_not_sent_again_when_tried_again_at_once() {
    for lose in LOSSES {
        let mut rig = Rig::with_agent();
        let file = rig.attach("a.pdf", 3).unwrap();
        let id = rig.request("file").id;
        lose(&mut rig, id);
        rig.command(ChatCommand::Retry(file));
        assert!(matches!(
            file_state(&rig, file),
            FileState::Uploading { .. }
        ));
        assert!(!rig.is_pending("file"), "the transcript is yet to be read");
        rig.serve_until("refresh", secs(5));
        rig.answer(
            "refresh",
            transcript(&[uploaded(3, visitor(), "F1", "a.pdf", 3)], 4),
        );
        assert!(matches!(
            file_state(&rig, file),
            FileState::Available { deletable: true }
        ));
        rig.serve(secs(60));
        assert_eq!((rig.times("file").len(), file_rows(&rig)), (1, 1));
        assert_eq!(rig.files_kept(), 0);
    }
}

#[test]
fn a_file_that_did_not_arrive_leaves_again_soon() {
    for lose in LOSSES {
        let mut rig = Rig::with_agent();
        let file = rig.attach("a.pdf", 3).unwrap();
        let id = rig.request("file").id;
        lose(&mut rig, id);
        rig.command(ChatCommand::Retry(file));
        rig.serve_until("file", secs(5));
        assert!(rig.is_pending("file"), "{}", rig.describe());
        rig.answer("file", upload_done("F1"));
        assert!(matches!(
            file_state(&rig, file),
            FileState::Available { .. }
        ));
    }
}

#[test]
fn only_a_transcript_that_was_asked_for_after_the_failure_tells() {
    let mut rig = Rig::with_agent();
    rig.wait_for("refresh");
    let early = rig.request("refresh").id;
    let file = rig.attach("a.pdf", 3).unwrap();
    rig.answer_with("file", http(503, ""));
    rig.command(ChatCommand::Retry(file));
    rig.answer_id(early, http(200, &transcript(&[], 3).to_string()));
    assert!(!rig.is_pending("file"), "it was asked for before");
    rig.serve_until("refresh", secs(2));
    rig.answer("refresh", transcript(&[], 3));
    assert!(rig.is_pending("file"));
}

#[test]
fn a_second_try_ends_when_the_first_turns_up() {
    let mut rig = Rig::with_agent();
    let file = rig.attach("a.pdf", 3).unwrap();
    rig.fail("file");
    rig.command(ChatCommand::Retry(file));
    rig.serve_until("file", secs(5));
    let second = rig.request("file").id;
    rig.refresh(&[uploaded(3, visitor(), "F1", "a.pdf", 3)], 4);
    assert!(rig.aborted.iter().any(|request| request.id == second));
    assert!(matches!(
        file_state(&rig, file),
        FileState::Available { .. }
    ));
    assert_eq!((file_rows(&rig), rig.files_kept()), (1, 0));
    // What waits while another file is on its way is dropped as well.
    let mut rig = Rig::with_agent();
    let file = rig.attach("a.pdf", 3).unwrap();
    rig.fail("file");
    rig.serve_until("", secs(8));
    rig.attach("b.pdf", 4).unwrap();
    rig.serve_until("file", secs(5));
    rig.command(ChatCommand::Retry(file));
    rig.refresh(&[uploaded(3, visitor(), "F1", "a.pdf", 3)], 4);
    rig.answer("file", upload_done("F2"));
    rig.serve(secs(30));
    assert_eq!(rig.times("file").len(), 2, "{}", rig.describe());
}

#[test]
fn a_file_that_was_surely_refused_waits_for_no_transcript() {
    let mut rig = Rig::with_agent();
    let file = rig.attach("a.pdf", 3).unwrap();
    rig.answer("file", refusal(249, ""));
    rig.command(ChatCommand::Retry(file));
    assert!(rig.is_pending("file"));
}
