//! What was acknowledged, or shown, survives `kill -9`.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::emulator::{Emulator, Folder, Visitor, nothing, wait_for};

#[test]
fn a_message_survives_a_kill_right_after_its_acknowledgement() {
    let folder = Folder::new();
    let mut emulator = Emulator::on(&folder);
    let mut visitor = emulator.visitor("Maria");
    let mut sent = Vec::new();
    for round in 0..5 {
        let text = format!("message {round}");
        let position = visitor.say(&text)["nextPosition"].as_u64().unwrap();
        emulator.kill();
        sent.push(text);
        emulator = Emulator::on(&folder);
        visitor = visitor.at(&emulator);
        assert_eq!(visitor.texts(), sent);
        assert_eq!(visitor.call("refresh", &[])["nextPosition"], position);
    }
}

#[test]
fn nothing_acknowledged_or_shown_is_lost_when_many_talk_at_once() {
    let folder = Folder::new();
    let emulator = Emulator::on(&folder);
    let visitors: Vec<Visitor> = (0..6)
        .map(|nth| emulator.visitor(&format!("V{nth}")))
        .collect();
    let acknowledged = AtomicUsize::new(0);
    // Each visitor sends until the server is gone, and reads in between.
    let told: Vec<(Vec<String>, usize)> = thread::scope(|scope| {
        let talking: Vec<_> = visitors
            .iter()
            .map(|visitor| {
                let acknowledged = &acknowledged;
                scope.spawn(move || {
                    let (mut sent, mut seen) = (Vec::new(), 0);
                    for nth in 0.. {
                        let text = format!("{nth}");
                        if visitor.raw("send", &[("message", &text)]).is_err() {
                            break;
                        }
                        sent.push(text);
                        acknowledged.fetch_add(1, Ordering::Relaxed);
                        match visitor.raw("refresh", &[]) {
                            Ok(reply) => seen = reply.json()["messages"].as_array().unwrap().len(),
                            Err(_) => break,
                        }
                    }
                    (sent, seen)
                })
            })
            .collect();
        wait_for("some messages", || {
            (acknowledged.load(Ordering::Relaxed) > 120).then_some(())
        });
        emulator.kill();
        talking
            .into_iter()
            .map(|handle| handle.join().unwrap())
            .collect()
    });
    let emulator = Emulator::on(&folder);
    for (visitor, (sent, seen)) in visitors.iter().zip(told) {
        let visitor = visitor.at(&emulator);
        let kept = visitor.texts();
        assert!(!sent.is_empty());
        assert_eq!(kept[..sent.len()], sent, "in order, each once");
        // At most the one whose acknowledgement was on its way.
        assert!(kept.len() <= sent.len() + 1);
        assert!(
            visitor.events().len() >= seen,
            "what was shown is still there"
        );
    }
}

#[test]
fn keys_data_names_receipts_files_and_endings_survive_too() {
    let folder = Folder::new();
    let emulator = Emulator::on(&folder);
    let visitor = emulator.visitor("Maria");
    let mut keys = BTreeSet::from([visitor.key.clone()]);
    while keys.len() < 3 {
        keys.insert(
            visitor.call("refresh", &[])["secureKey"]
                .as_str()
                .unwrap()
                .to_owned(),
        );
    }
    visitor.call("updateData", &[("userData[order]", "4711")]);
    visitor.call("updateNickname", &[("nickname", "Mary")]);
    visitor.call("readReceipt", &[("transcriptPosition", "2")]);
    let uploaded = visitor.upload("a.txt", b"contents").unwrap().json();
    let file = uploaded["userData"]["file-id"].as_str().unwrap().to_owned();
    let gone = emulator.visitor("Paul");
    gone.raw("disconnect", &[]).unwrap();
    emulator.kill();

    let emulator = Emulator::on(&folder);
    for key in keys {
        let visitor = Visitor {
            key,
            ..visitor.at(&emulator)
        };
        assert_eq!(visitor.call("refresh", &[])["chatEnded"], false);
    }
    let chat = emulator.desk("GET", &format!("/chats/{}", visitor.chat), &nothing());
    assert_eq!(
        (&chat["user_data"]["order"], &chat["nickname"]),
        (&"4711".into(), &"Mary".into())
    );
    assert_eq!(chat["visitor"]["read_up_to"], 2);
    let download = visitor
        .at(&emulator)
        .raw(&format!("file/{file}/download"), &[])
        .unwrap();
    assert_eq!(
        (download.status, download.body.as_slice()),
        (200, &b"contents"[..])
    );
    assert_eq!(
        gone.at(&emulator).raw("refresh", &[]).unwrap().json()["chatEnded"],
        true
    );
}

#[test]
fn a_clean_stop_finishes_what_is_running() {
    let folder = Folder::new();
    let emulator = Emulator::on(&folder);
    let visitor = emulator.visitor("Maria");
    let slow = serde_json::json!({"operation": "send", "kind": "delay_reply", "for": "500ms"});
    emulator.fault(&slow);
    thread::scope(|scope| {
        let talking = scope.spawn(|| visitor.say("last words"));
        let path = format!("/chats/{}", visitor.chat);
        wait_for("the message to be processed", || {
            (emulator.desk("GET", &path, &nothing())["next_index"] == 3).then_some(())
        });
        emulator.terminate();
        assert_eq!(talking.join().unwrap()["statusCode"], 0);
    });
    let (status, log) = emulator.stop();
    assert!(status.success(), "{log}");
    assert_eq!(visitor.at(&Emulator::on(&folder)).texts(), ["last words"]);
}

#[test]
fn two_programs_do_not_share_a_folder() {
    let folder = Folder::new();
    let _first = Emulator::on(&folder);
    let second = std::process::Command::new(crate::emulator::BINARY)
        .args([
            "--port",
            "0",
            "--data",
            &folder.path().display().to_string(),
        ])
        .output()
        .unwrap();
    assert!(!second.status.success());
    let error = String::from_utf8_lossy(&second.stderr);
    assert!(error.contains("in use"), "{error}");
}

#[test]
fn leftovers_of_uploads_are_cleared_away() {
    let folder = Folder::new();
    let emulator = Emulator::on(&folder);
    let visitor = emulator.visitor("Maria");
    let uploaded = visitor.upload("a.txt", b"contents").unwrap().json();
    let file = uploaded["userData"]["file-id"].as_str().unwrap().to_owned();
    emulator.kill();
    let uploads = folder.path().join("uploads");
    std::fs::write(uploads.join("receiving-1.part"), b"half").unwrap();
    std::fs::write(uploads.join("0123456789ABCDEF"), b"of no chat").unwrap();
    let _emulator = Emulator::on(&folder);
    let left: Vec<_> = std::fs::read_dir(uploads)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left, [std::ffi::OsString::from(file)]);
}

#[test]
fn a_users_own_files_in_the_folder_are_left_alone() {
    let folder = Folder::new();
    let uploads = folder.path().join("uploads");
    let own = [
        "holiday.jpg",
        "0123456789abcdef",
        "0123456789ABCDEF.txt",
        "0123456789ABCDE",
        "receiving-.part",
        "receiving-1.part.txt",
        "receiving-me.part",
    ];
    std::fs::create_dir_all(uploads.join("FEDCBA9876543210")).unwrap();
    std::fs::create_dir(uploads.join("album")).unwrap();
    for name in own {
        std::fs::write(uploads.join(name), b"mine").unwrap();
    }
    let _emulator = Emulator::on(&folder);
    let left: BTreeSet<String> = std::fs::read_dir(uploads)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let all = own.into_iter().chain(["FEDCBA9876543210", "album"]);
    assert_eq!(left, all.map(str::to_owned).collect());
}
