//! Files: what may be sent, on their way, on the server, on their way back.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

mod common;

use common::*;
use parlour_chat::{
    Body, ChatCommand, Connection, EntryId, Expect, Failure, FileHandle, FileState, Item,
    RefusalReason, Settings,
};
use serde_json::{Value, json};

/// A chat with an agent whose server has said its limits.
fn with_limits() -> Rig {
    limited(json!({}))
}

/// The same, with some limits changed.
fn limited(changes: Value) -> Rig {
    let mut rig = Rig::with(settings());
    rig.start();
    rig.answer("start", started());
    let mut data = limits_data();
    for (key, value) in changes.as_object().unwrap() {
        data[key] = value.clone();
    }
    rig.answer("file/limits", with(done(), "userData", data));
    rig.answer("refresh", transcript(&[own_join(1)], 2));
    rig
}

fn state(rig: &Rig, entry: EntryId) -> &FileState {
    match &rig.entry(entry).item {
        Item::File { file, .. } => &file.state,
        other => panic!("no file but {other:?}"),
    }
}

/// Tells why the file chosen last could not be attached.
fn why(rig: &Rig) -> Option<RefusalReason> {
    let refused = rig.state().refused_files.last();
    refused.map(|file| file.refusal.reason)
}

fn shown(rig: &Rig, entry: EntryId) -> String {
    show::file_state(state(rig, entry))
}

/// A file of the agent on the timeline.
fn received(rig: &mut Rig) -> EntryId {
    rig.refresh(
        &[
            agent_joins(2),
            uploaded(3, agent(), "F9", "offer.pdf", 2048),
        ],
        4,
    );
    rig.entries().last().unwrap().id
}

/// A file of the visitor that is on the server.
fn sent(rig: &mut Rig) -> EntryId {
    let file = rig.attach("a.txt", 3).unwrap();
    rig.answer("file", upload_done("F1"));
    rig.answer_rest();
    rig.refresh(&[uploaded(2, visitor(), "F1", "a.txt", 3)], 3);
    file
}

#[test]
fn the_limits_are_asked_for_at_the_start() {
    let rig = with_limits();
    let limits = rig.state().limits.clone().unwrap();
    assert_eq!(limits.max_files, Some(3));
    assert_eq!(limits.max_file_bytes, Some(1_000));
    assert_eq!(limits.max_total_bytes, Some(2_500));
    assert_eq!(limits.extensions, ["pdf", "png", "txt"]);
    assert!(!limits.needs_agent);
}

#[test]
fn live_servers_put_the_limits_into_a_notice() {
    let mut rig = Rig::new();
    rig.start();
    rig.answer("start", started());
    let notice =
        json!({"type": "Notice", "text": "file-client-cfg-get", "userData": limits_data()});
    let reply = with(done(), "messages", json!([notice]));
    rig.answer("file/limits", reply);
    assert_eq!(
        rig.state()
            .limits
            .as_ref()
            .and_then(|limits| limits.max_files),
        Some(3)
    );
    // Some write it into the transcript as well: nothing for the visitor to read.
    let logged = with(
        event(2, "Notice", system()),
        "text",
        json!("file-client-cfg-get"),
    );
    rig.answer("refresh", transcript(&[own_join(1), logged], 3));
    assert_eq!(rig.lines(), [""; 0]);
}

#[test]
fn a_tenant_may_do_without_files() {
    let mut settings = Settings::new("acme", "https://chat.example", "support");
    settings.features.files = false;
    let mut rig = Rig::chatting_with(settings);
    assert_eq!(rig.times("file/limits").len(), 0);
    assert_eq!(rig.attach("a.txt", 3), None);
    assert_eq!(rig.files_kept(), 0, "the contents are let go");
    assert_eq!(why(&rig), Some(RefusalReason::NotOffered));
}

#[test]
fn an_upload_carries_the_keys_then_the_file() {
    let mut rig = with_limits();
    rig.attach_described("C:\\fakepath\\März\u{202e}.pdf", 900, Some("March invoice"));
    let request = rig.request("file");
    assert_eq!(request.url, format!("{SERVICE}/{CHAT}/file"));
    assert_eq!(request.deadline, secs(180));
    let fields = [
        ("userId", USER),
        ("secureKey", KEY),
        ("alias", ALIAS),
        ("userData[file-description]", "March invoice"),
    ];
    let expected = Body::Upload {
        fields: fields
            .map(|(key, value)| (key.into(), value.into()))
            .to_vec(),
        file: FileHandle(100),
        name: "März.pdf".into(),
    };
    assert_eq!(request.body, expected);
}

#[test]
fn progress_is_shown_and_buys_time() {
    let mut rig = with_limits();
    let file = rig.attach("a.txt", 900).unwrap();
    assert_eq!(shown(&rig, file), "(uploading 0/900)");
    for done in [200, 400, 600] {
        rig.serve_but("file", secs(170));
        rig.progress("file", done, 950);
        assert_eq!(shown(&rig, file), format!("(uploading {done}/950)"));
    }
    rig.serve_but("file", millis(179_999));
    assert!(rig.is_pending("file"));
    rig.serve_but("file", millis(1));
    assert!(!rig.is_pending("file"));
    assert_eq!(shown(&rig, file), "(failed: BadReply, may retry)");
}

#[test]
fn an_uploaded_file_becomes_the_servers_event_in_place() {
    let mut rig = with_limits();
    let file = rig.attach("a.txt", 3).unwrap();
    rig.answer("file", upload_done("F1"));
    assert_eq!(shown(&rig, file), "(there, own)");
    assert_eq!(rig.files_kept(), 0);
    assert!(rig.is_pending("file/limits"), "fewer may follow now");
    rig.refresh(&[uploaded(2, visitor(), "F1", "a.txt", 3)], 3);
    assert_eq!(rig.lines(), ["me: file a.txt (there, own)"]);
    rig.entry(file);
}

#[test]
fn its_event_may_come_before_its_reply() {
    let mut rig = with_limits();
    let file = rig.attach("a.txt", 3).unwrap();
    rig.refresh(&[uploaded(2, visitor(), "F1", "a.txt", 3)], 3);
    assert_eq!(shown(&rig, file), "(there, own)");
    rig.answer("file", upload_done("F1"));
    assert_eq!(rig.lines(), ["me: file a.txt (there, own)"]);
    assert_eq!(rig.files_kept(), 0);
}

#[test]
fn a_reply_without_an_id_is_completed_by_the_event() {
    let mut rig = with_limits();
    let file = rig.attach("a.txt", 3).unwrap();
    rig.answer("file", done());
    assert_eq!(
        shown(&rig, file),
        "(there)",
        "it cannot be deleted without its id"
    );
    rig.answer_rest();
    rig.refresh(&[uploaded(2, visitor(), "F1", "a.txt", 3)], 3);
    assert_eq!(rig.lines(), ["me: file a.txt (there, own)"]);
    rig.command(ChatCommand::DeleteFile(file));
    assert!(rig.is_pending("file/F1/delete"));
}

#[test]
fn a_lost_upload_waits_for_the_visitor_and_the_transcript() {
    for failure in [Failure::Unreachable, Failure::TimedOut] {
        let mut rig = with_limits();
        let file = rig.attach("a.txt", 3).unwrap();
        rig.fail_with("file", failure);
        assert!(matches!(
            state(&rig, file),
            FileState::UploadFailed { retry: true, .. }
        ));
        rig.serve(secs(60));
        assert_eq!(rig.times("file").len(), 1, "never twice by itself");
        assert_eq!(rig.files_kept(), 1);
        rig.refresh(&[uploaded(2, visitor(), "F1", "a.txt", 3)], 3);
        assert_eq!(
            rig.lines(),
            ["me: file a.txt (there, own)"],
            "it did arrive"
        );
        assert_eq!(rig.files_kept(), 0);
        rig.entry(file);
    }
}

#[test]
fn a_failed_upload_can_be_tried_again_where_it_failed() {
    let mut rig = with_limits();
    let file = rig.attach("a.txt", 3).unwrap();
    rig.answer_with("file", http(500, "<html>"));
    assert_eq!(shown(&rig, file), "(failed: BadReply, may retry)");
    rig.serve(secs(2));
    rig.say("hello");
    rig.serve(secs(2));
    rig.command(ChatCommand::Retry(file));
    assert_eq!(rig.lines(), ["me: file a.txt (uploading 0/3)", "me: hello"]);
    rig.answer("file", upload_done("F1"));
    assert_eq!(rig.lines(), ["me: file a.txt (there, own)", "me: hello"]);
    let recorded = uploaded(4, visitor(), "F1", "a.txt", 3);
    rig.answer_next("refresh", transcript(&[recorded], 5));
    assert_eq!(rig.lines(), ["me: hello", "me: file a.txt (there, own)"]);
    assert_eq!(shown(&rig, file), "(there, own)", "it is the same entry");
    assert_eq!(rig.files_kept(), 0);
}

#[test]
fn an_upload_can_be_cancelled_at_each_moment() {
    let failed = |rig: &mut Rig| rig.answer_with("file", http(500, "<html>"));
    let retried = |rig: &mut Rig, file| rig.command(ChatCommand::Retry(file));
    for moment in [
        "waiting",
        "on its way",
        "failed",
        "tried again",
        "failed again",
    ] {
        let mut rig = with_limits();
        if moment == "waiting" {
            rig.attach("other.txt", 3);
        }
        let file = rig.attach("a.txt", 3).unwrap();
        match moment {
            "failed" => failed(&mut rig),
            "tried again" => {
                failed(&mut rig);
                retried(&mut rig, file);
                rig.serve_until("file", secs(60));
            }
            "failed again" => {
                failed(&mut rig);
                retried(&mut rig, file);
                rig.serve_until("file", secs(60));
                failed(&mut rig);
            }
            _ => {}
        }
        let under_way = rig.pending_operations().contains(&"file".to_owned());
        rig.command(ChatCommand::CancelUpload(file));
        let others = usize::from(moment == "waiting");
        assert_eq!(rig.lines().len(), others, "{moment}");
        assert_eq!(rig.files_kept(), others, "{moment}");
        let stopped = under_way && moment != "waiting";
        assert_eq!(rig.aborted.len(), usize::from(stopped), "{moment}");
        rig.command(ChatCommand::Retry(file));
        rig.command(ChatCommand::CancelUpload(file));
        rig.serve(secs(60));
        assert_eq!(rig.lines().len(), others, "{moment}");
    }
}

#[test]
fn a_file_that_is_there_is_not_cancelled() {
    let mut rig = with_limits();
    let file = rig.attach("a.txt", 3).unwrap();
    rig.answer("file", upload_done("F1"));
    rig.command(ChatCommand::CancelUpload(file));
    assert_eq!(shown(&rig, file), "(there, own)");
}

#[test]
fn a_refused_upload_says_why_and_whether_another_try_makes_sense() {
    let limit = |rig: &Rig, entry| match state(rig, entry) {
        FileState::UploadFailed { refusal, .. } => refusal.limit,
        _ => None,
    };
    for (code, advice, expected, number) in [
        (201, "3", "(failed: TooManyFiles)", Some(3)),
        (202, "1000", "(failed: FileTooLarge)", Some(1_000)),
        (203, "bmp:csv", "(failed: FileTypeRefused)", None),
        (249, "", "(failed: Refused, may retry)", None),
    ] {
        for status in [200, 400] {
            let mut rig = with_limits();
            let file = rig.attach("a.txt", 3).unwrap();
            rig.answer_with("file", http(status, &refusal(code, advice).to_string()));
            assert_eq!(shown(&rig, file), expected);
            assert_eq!(limit(&rig, file), number);
            assert_eq!(rig.state().connection, Connection::Up);
        }
    }
    for (status, expected) in [
        (413, "(failed: FileTooLarge)"),
        (500, "(failed: BadReply, may retry)"),
        (503, "(failed: Busy, may retry)"),
    ] {
        let mut rig = with_limits();
        let file = rig.attach("a.txt", 3).unwrap();
        rig.answer_with("file", http(status, "<html>no</html>"));
        assert_eq!(shown(&rig, file), expected, "HTTP {status}");
        rig.command(ChatCommand::Discard(file));
        assert_eq!(rig.lines(), [""; 0]);
        assert_eq!(rig.files_kept(), 0);
    }
}

#[test]
fn what_the_limits_forbid_is_not_even_tried() {
    for (name, bytes, expected) in [
        ("a.exe", 3, Some(RefusalReason::FileTypeRefused)),
        ("README", 3, Some(RefusalReason::FileTypeRefused)),
        ("pdf", 3, Some(RefusalReason::FileTypeRefused)),
        ("a.pdf.exe", 3, Some(RefusalReason::FileTypeRefused)),
        ("a.PDF", 1_000, None),
        ("a.pdf", 0, Some(RefusalReason::FileEmpty)),
        ("a.pdf", 1_001, Some(RefusalReason::FileTooLarge)),
    ] {
        let mut rig = with_limits();
        rig.attach(name, bytes);
        assert_eq!(why(&rig), expected, "{name} of {bytes}");
        let accepted = usize::from(expected.is_none());
        assert_eq!(rig.is_pending("file"), expected.is_none());
        assert_eq!(rig.files_kept(), accepted);
        assert_eq!(rig.entries().len(), accepted);
    }
}

#[test]
fn files_on_their_way_count_towards_the_limits() {
    let mut rig = with_limits();
    for _ in 0..2 {
        let file = rig.attach("a.pdf", 900).unwrap();
        assert_eq!(shown(&rig, file), "(uploading 0/900)");
    }
    assert_eq!(rig.attach("a.pdf", 900), None);
    assert_eq!(why(&rig), Some(RefusalReason::FilesTooLarge));
    let file = rig.attach("a.pdf", 3).unwrap();
    assert_eq!(shown(&rig, file), "(uploading 0/3)");
    assert_eq!(rig.attach("a.pdf", 3), None);
    assert_eq!(why(&rig), Some(RefusalReason::TooManyFiles));
}

#[test]
fn files_sent_before_count_towards_the_limits() {
    let mut rig = limited(json!({"used-upload-max-files": "3"}));
    assert_eq!(rig.attach("a.pdf", 3), None);
    assert_eq!(why(&rig), Some(RefusalReason::TooManyFiles));
    let mut rig = limited(json!({"used-upload-max-total-size": "2000"}));
    assert_eq!(rig.attach("a.pdf", 600), None);
    assert_eq!(why(&rig), Some(RefusalReason::FilesTooLarge));
}

#[test]
fn some_servers_want_an_agent_first() {
    let mut rig = limited(json!({"upload-need-agent": "true"}));
    assert_eq!(rig.attach("a.pdf", 3), None);
    assert_eq!(why(&rig), Some(RefusalReason::NeedsAgent));
    rig.refresh(&[agent_joins(2)], 3);
    let file = rig.attach("a.pdf", 3).unwrap();
    assert_eq!(shown(&rig, file), "(uploading 0/3)");
}

#[test]
fn without_limits_the_server_decides() {
    for silent in [done(), with(done(), "userData", json!({"other": "1"}))] {
        let mut rig = Rig::new();
        rig.start();
        rig.answer("start", started());
        rig.answer("file/limits", silent);
        assert_eq!(rig.state().limits, None);
        let file = rig.attach("setup.exe", 1 << 40).unwrap();
        assert_eq!(shown(&rig, file), format!("(uploading 0/{})", 1u64 << 40));
    }
}

#[test]
fn one_upload_is_in_flight_at_a_time() {
    let mut rig = with_limits();
    let name = |rig: &Rig| match &rig.request("file").body {
        Body::Upload { name, .. } => name.clone(),
        other => panic!("{other:?}"),
    };
    rig.attach("a.pdf", 3);
    rig.attach("b.pdf", 3);
    assert_eq!(name(&rig), "a.pdf");
    rig.answer("file", upload_done("F1"));
    assert_eq!(name(&rig), "b.pdf");
    rig.say("hello");
    assert!(rig.is_pending("send"), "messages do not wait for it");
}

#[test]
fn an_upload_can_be_cancelled() {
    let mut rig = with_limits();
    let first = rig.attach("a.pdf", 3).unwrap();
    let second = rig.attach("b.pdf", 3).unwrap();
    let third = rig.attach("c.pdf", 3).unwrap();
    rig.command(ChatCommand::CancelUpload(second));
    assert_eq!(rig.aborted.len(), 0, "it had not left");
    rig.command(ChatCommand::CancelUpload(first));
    assert_eq!(rig.aborted.len(), 1);
    assert_eq!(rig.lines(), ["me: file c.pdf (uploading 0/3)"]);
    assert_eq!(rig.files_kept(), 1);
    rig.answer("file", upload_done("F3"));
    rig.command(ChatCommand::CancelUpload(third));
    assert_eq!(rig.lines(), ["me: file c.pdf (there, own)"], "too late");
}

#[test]
fn what_was_cancelled_too_late_shows_all_the_same() {
    let mut rig = with_limits();
    let file = rig.attach("a.pdf", 3).unwrap();
    rig.command(ChatCommand::CancelUpload(file));
    rig.refresh(&[uploaded(2, visitor(), "F1", "a.pdf", 3)], 3);
    assert_eq!(rig.lines(), ["me: file a.pdf (there, own)"]);
}

#[test]
fn a_file_that_is_gone_from_the_disk_cannot_be_retried() {
    let mut rig = with_limits();
    let file = rig.attach("a.pdf", 3).unwrap();
    rig.fail_with("file", Failure::FileGone);
    assert_eq!(shown(&rig, file), "(failed: FileGone)");
    assert_eq!(
        rig.state().connection,
        Connection::Up,
        "nothing is wrong with it"
    );
    assert_eq!(rig.files_kept(), 0);
}

#[test]
fn one_can_delete_ones_own_file() {
    let mut rig = with_limits();
    let file = sent(&mut rig);
    rig.command(ChatCommand::DeleteFile(file));
    assert_eq!(
        rig.request("file/F1/delete").url,
        format!("{SERVICE}/{CHAT}/file/F1/delete")
    );
    assert_eq!(shown(&rig, file), "(there, own)", "not yet");
    rig.answer("file/F1/delete", done());
    assert_eq!(shown(&rig, file), "(deleted)");
    assert!(rig.is_pending("file/limits"), "there may be room again");
    rig.command(ChatCommand::Download(file));
    rig.command(ChatCommand::DeleteFile(file));
    assert!(!rig.is_pending("file/F1/download") && !rig.is_pending("file/F1/delete"));
}

#[test]
fn a_second_click_deletes_nothing_twice() {
    let mut rig = with_limits();
    let file = sent(&mut rig);
    rig.command(ChatCommand::DeleteFile(file));
    rig.command(ChatCommand::DeleteFile(file));
    rig.answer("file/F1/delete", done());
    rig.command(ChatCommand::DeleteFile(file));
    rig.answer_rest();
    assert_eq!(rig.times("file/F1/delete").len(), 1);
}

#[test]
fn a_deletion_that_the_server_forbids_is_reported() {
    let mut rig = with_limits();
    let file = sent(&mut rig);
    rig.command(ChatCommand::DeleteFile(file));
    rig.answer("file/F1/delete", refusal(249, ""));
    assert_eq!(shown(&rig, file), "(there, own)");
    let reason = rig.state().refusal.as_ref().map(|refusal| refusal.reason);
    assert_eq!(reason, Some(RefusalReason::Refused));
    rig.command(ChatCommand::DeleteFile(file));
    assert!(
        rig.is_pending("file/F1/delete"),
        "but it may be tried again"
    );
}

#[test]
fn others_files_cannot_be_deleted() {
    let mut rig = with_limits();
    let file = received(&mut rig);
    assert_eq!(shown(&rig, file), "(there)");
    rig.command(ChatCommand::DeleteFile(file));
    rig.serve(secs(5));
    assert_eq!(rig.times("file/F9/delete").len(), 0);
}

#[test]
fn a_deletion_by_anybody_shows_if_the_server_says_which() {
    let mut rig = with_limits();
    let file = received(&mut rig);
    rig.refresh(&[event(4, "FileDeleted", agent())], 5);
    assert_eq!(shown(&rig, file), "(there)", "which one was it?");
    let deleted = event(5, "FileDeleted", agent());
    rig.refresh(&[with(deleted, "userData", json!({"file-id": "F9"}))], 6);
    assert_eq!(shown(&rig, file), "(deleted)");
}

#[test]
fn a_download_is_saved_under_a_clean_name() {
    let mut rig = with_limits();
    let hostile = uploaded(2, agent(), "F/9?", "../../x\u{202e}fdp.exe", 2048);
    rig.refresh(&[hostile], 3);
    let file = rig.entries()[0].id;
    assert_eq!(rig.lines(), ["Anna: file xfdp.exe (there)"]);
    rig.command(ChatCommand::Download(file));
    let request = rig.request("file/F%2F9%3F/download");
    assert_eq!(
        request.expect,
        Expect::File {
            name: "xfdp.exe".into()
        }
    );
    assert_eq!(request.deadline, secs(180));
    assert_eq!(field(request, "secureKey").as_deref(), Some(KEY));
    assert_eq!(shown(&rig, file), "(downloading 0/Some(2048))");
    rig.progress("file/F%2F9%3F/download", 1024, 0);
    assert_eq!(shown(&rig, file), "(downloading 1024/Some(2048))");
    rig.progress("file/F%2F9%3F/download", 1500, 2100);
    assert_eq!(shown(&rig, file), "(downloading 1500/Some(2100))");
    rig.answer_with("file/F%2F9%3F/download", http(200, ""));
    assert_eq!(shown(&rig, file), "(there)");
}

#[test]
fn a_failed_download_can_be_tried_again() {
    let page = "<html>referenceId[8f2]</html>";
    for (status, expected) in [
        (500, "(download failed: Refused)"),
        (404, "(download failed: Refused)"),
    ] {
        let mut rig = with_limits();
        let file = received(&mut rig);
        rig.command(ChatCommand::Download(file));
        rig.answer_with("file/F9/download", http(status, page));
        assert_eq!(shown(&rig, file), expected);
        rig.command(ChatCommand::Download(file));
        rig.answer_with("file/F9/download", http(200, ""));
        assert_eq!(shown(&rig, file), "(there)");
    }
    let mut rig = with_limits();
    let file = received(&mut rig);
    rig.command(ChatCommand::Download(file));
    rig.fail("file/F9/download");
    assert_eq!(shown(&rig, file), "(download failed: Unreachable)");
}

#[test]
fn a_file_is_downloaded_once_at_a_time() {
    let mut rig = with_limits();
    let file = received(&mut rig);
    rig.command(ChatCommand::Download(file));
    rig.command(ChatCommand::Download(file));
    assert_eq!(rig.times("file/F9/download").len(), 1);
}

#[test]
fn ones_own_file_can_be_downloaded_and_stays_ones_own() {
    let mut rig = with_limits();
    let file = sent(&mut rig);
    rig.command(ChatCommand::Download(file));
    rig.answer_with("file/F1/download", http(200, ""));
    assert_eq!(shown(&rig, file), "(there, own)");
}

#[test]
fn a_file_without_a_usable_id_can_only_be_seen() {
    for id in ["", ".", ".."] {
        let mut rig = with_limits();
        let events = [
            uploaded(2, agent(), id, "a.pdf", 3),
            uploaded(3, visitor(), id, "b.pdf", 3),
        ];
        rig.refresh(&events, 4);
        assert_eq!(
            rig.lines(),
            ["Anna: file a.pdf (there)", "me: file b.pdf (there)"]
        );
        let before = rig.requests();
        for entry in rig
            .entries()
            .iter()
            .map(|entry| entry.id)
            .collect::<Vec<_>>()
        {
            rig.command(ChatCommand::Download(entry));
            rig.command(ChatCommand::DeleteFile(entry));
        }
        assert_eq!(rig.operations_since(before), [""; 0], "{id:?}");
    }
}

#[test]
fn files_end_with_the_chat() {
    let mut rig = with_limits();
    let own = sent(&mut rig);
    let theirs = {
        rig.refresh(&[uploaded(3, agent(), "F9", "offer.pdf", 2048)], 4);
        rig.entries().last().unwrap().id
    };
    rig.attach("b.pdf", 3);
    rig.fail("file");
    rig.attach("c.pdf", 3);
    rig.command(ChatCommand::Download(theirs));
    rig.answer_next("refresh", ended(&[]));
    let retry = rig.entries().iter().find_map(|entry| match &entry.item {
        Item::File { file, .. } => match file.state {
            FileState::UploadFailed { retry, .. } => Some(retry),
            _ => None,
        },
        _ => None,
    });
    assert_eq!(retry, Some(false), "there is no chat to try it in");
    assert_eq!(
        rig.lines(),
        [
            "me: file a.txt (expired)",
            "Anna: file offer.pdf (expired)",
            "me: file b.pdf (failed: Unreachable)",
            "me: file c.pdf (failed: ChatEnded)",
            "ended ByServer"
        ]
    );
    assert_eq!(rig.files_kept(), 0);
    assert_eq!(rig.pending_operations(), [""; 0]);
    rig.command(ChatCommand::Download(own));
    assert_eq!(rig.pending_operations(), [""; 0]);
}

#[test]
fn a_file_before_or_after_the_chat_is_let_go() {
    let mut rig = Rig::new();
    assert_eq!(rig.attach("a.pdf", 3), None);
    let mut over = Rig::with_agent();
    over.answer_next("refresh", ended(&[]));
    assert_eq!(over.attach("a.pdf", 3), None);
    for rig in [rig, over] {
        assert_eq!(rig.files_kept(), 0);
        assert_eq!(why(&rig), Some(RefusalReason::NotOffered));
    }
}

#[test]
fn a_file_does_not_survive_a_reload_and_its_row_says_so() {
    let mut rig = with_limits();
    rig.attach("a.pdf", 3);
    rig.attach("b.pdf", 3);
    rig.reload();
    let lines = [
        "me: file a.pdf (failed: FileGone)",
        "me: file b.pdf (failed: FileGone)",
    ];
    assert_eq!(rig.lines(), lines);
    // The server had the first one.
    rig.refresh(&[own_join(1), uploaded(2, visitor(), "F1", "a.pdf", 3)], 3);
    assert_eq!(rig.lines(), ["me: file a.pdf (there, own)", lines[1]]);
    let lost = rig.entries()[1].id;
    rig.command(ChatCommand::Retry(lost));
    assert_eq!(rig.times("file").len(), 0);
    rig.command(ChatCommand::Discard(lost));
    assert_eq!(rig.lines(), ["me: file a.pdf (there, own)"]);
    assert!(
        rig.storage.keys().all(|name| !name.starts_with("outbox/")),
        "{:?}",
        rig.storage
    );
}

#[test]
fn a_file_lost_in_a_reload_is_still_lost_when_the_chat_ends() {
    let mut rig = with_limits();
    rig.attach("a.pdf", 3);
    rig.reload();
    rig.answer_next("refresh", gone());
    assert_eq!(
        rig.lines(),
        ["me: file a.pdf (failed: FileGone)", "ended Gone"]
    );
}

#[test]
fn the_agents_answer_comes_below_the_files_that_were_refused() {
    let mut rig = with_limits();
    rig.refresh(&[agent_joins(2)], 3);
    rig.say("have a look");
    for name in ["a.txt", "b.txt"] {
        rig.attach(name, 3);
        rig.answer("file", refusal(203, "bmp:csv"));
    }
    let refused = |name: &str| format!("me: file {name} (failed: FileTypeRefused)");
    let above = [refused("a.txt"), refused("b.txt")];
    rig.refresh(&[agent_says(3, "at what?")], 4);
    let sending = ["Anna joined", "me: have a look (sending)"];
    assert_eq!(rig.lines()[..2], sending);
    assert_eq!(rig.lines()[2..4], above);
    assert_eq!(rig.lines()[4], "Anna: at what?");
    rig.answer("send", transcript(&[visitor_says(4, "have a look")], 5));
    assert_eq!(rig.lines()[1..3], above);
    assert_eq!(rig.lines()[3..], ["Anna: at what?", "me: have a look"]);
}
