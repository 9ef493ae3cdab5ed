//! Uploads and downloads of real sizes.

use std::fs;
use std::io::Write;

use serde_json::json;

use crate::emulator::{Emulator, Folder};
use crate::http::{connect, multipart, read_reply, write_head};

/// Reads the most memory that a process has ever had, in kB (Linux).
fn peak_kb(emulator: &Emulator) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", emulator.pid())).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[test]
fn a_large_file_passes_through_without_being_held_in_memory() {
    const MEGABYTES: usize = 64;
    let folder = Folder::new();
    let emulator = Emulator::on(&folder);
    let limit = MEGABYTES * 1024 * 1024;
    emulator.desk(
        "PUT",
        "/settings",
        &json!({"upload_max_file_size": limit, "upload_max_total_size": limit}),
    );
    let visitor = emulator.visitor("Maria");
    let contents: Vec<u8> = (0..limit).map(|nth| (nth % 251) as u8).collect();
    let before = peak_kb(&emulator);
    let reply = visitor.upload("film.zip", &contents).unwrap().json();
    let file = reply["userData"]["file-id"].as_str().unwrap();
    let download = visitor.raw(&format!("file/{file}/download"), &[]).unwrap();
    assert!(download.body == contents, "it comes back as it was");
    let after = peak_kb(&emulator);
    if let (Some(before), Some(after)) = (before, after) {
        assert!(
            after - before < 24 * 1024,
            "{} kB more for {MEGABYTES} MB",
            after - before
        );
    }
}

#[test]
fn a_file_over_the_limit_is_refused_while_it_comes_and_leaves_nothing() {
    let folder = Folder::new();
    let emulator = Emulator::on(&folder);
    let visitor = emulator.visitor("Maria");
    let reply = visitor.upload("a.zip", &vec![7; 8 * 1024 * 1024]).unwrap();
    assert_eq!(reply.status, 400);
    let reply = reply.json();
    assert_eq!(reply["errors"], json!([{"code": 202, "advice": "2097152"}]));
    assert_eq!(reply["chatEnded"], false);
    assert_eq!(
        fs::read_dir(folder.path().join("uploads")).unwrap().count(),
        0
    );
    assert_eq!(visitor.types(), ["ParticipantJoined"]);
    visitor
        .upload("b.zip", &vec![7; 2_097_152])
        .map(|reply| assert_eq!(reply.status, 200))
        .unwrap();
}

#[test]
fn a_file_of_a_wrong_key_or_type_leaves_nothing() {
    let folder = Folder::new();
    let emulator = Emulator::on(&folder);
    let visitor = emulator.visitor("Maria");
    assert_eq!(
        visitor.upload("a.sh", b"x").unwrap().json()["errors"][0]["code"],
        203
    );
    let stranger = crate::emulator::Visitor {
        key: "0".repeat(16),
        ..visitor.clone()
    };
    let reply = stranger.upload("a.txt", b"x").unwrap().json();
    assert_eq!(
        (&reply["statusCode"], &reply["chatEnded"]),
        (&json!(2), &json!(true))
    );
    assert_eq!(
        fs::read_dir(folder.path().join("uploads")).unwrap().count(),
        0
    );
}

#[test]
fn a_file_of_an_agents_that_is_too_large_is_refused_before_it_comes() {
    let folder = Folder::new();
    let emulator = Emulator::on(&folder);
    let visitor = emulator.visitor("Maria");
    let chat = format!("/chats/{}", visitor.chat);
    let join = json!({"nickname": "Anna"});
    emulator.desk("POST", &format!("{chat}/join"), &join);
    let mut stream = connect(emulator.address).unwrap();
    let path = format!("/desk/api{chat}/files?name=film.mp4");
    write_head(&mut stream, "POST", &path, &[], 100 * 1024 * 1024 + 1).unwrap();
    let reply = read_reply(&mut stream).unwrap();
    assert_eq!(reply.status, 413, "{}", reply.text());
    assert_eq!(
        reply.json()["error"],
        "the file is larger than 100 MB, the most that an agent can send"
    );
    assert_eq!(
        fs::read_dir(folder.path().join("uploads")).unwrap().count(),
        0
    );
    assert_eq!(visitor.types(), ["ParticipantJoined", "ParticipantJoined"]);
}

#[test]
fn an_upload_that_breaks_off_leaves_nothing_and_the_chat_alone() {
    let folder = Folder::new();
    let emulator = Emulator::on(&folder);
    let visitor = emulator.visitor("Maria");
    let (kind, body) = multipart(
        &[("file", "@a.txt"), ("secureKey", &visitor.key)],
        &vec![7; 100_000],
    );
    let mut stream = connect(emulator.address).unwrap();
    write_head(
        &mut stream,
        "POST",
        &visitor.path("file"),
        &[("Content-Type", &kind)],
        body.len(),
    )
    .unwrap();
    stream.write_all(&body[..50_000]).unwrap();
    let uploads = folder.path().join("uploads");
    let count = || fs::read_dir(&uploads).unwrap().count();
    crate::emulator::wait_for("the file to be received", || (count() == 1).then_some(()));
    drop(stream);
    crate::emulator::wait_for("the leftovers to go", || (count() == 0).then_some(()));
    assert_eq!(visitor.types(), ["ParticipantJoined"]);
}

#[test]
fn a_broken_body_is_reported() {
    let emulator = Emulator::start();
    let visitor = emulator.visitor("Maria");
    for (kind, body) in [
        ("multipart/form-data", &b"--bound--"[..]),
        ("multipart/form-data; boundary=bound", &b""[..]),
        (
            "multipart/form-data; boundary=bound",
            &b"--bound\r\nContent-Disposition: form-data\r\n\r\nx\r\n--bound--"[..],
        ),
        (
            "multipart/form-data; boundary=bound",
            &b"--bound\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nx"[..],
        ),
    ] {
        let reply = emulator
            .request(
                "POST",
                &visitor.path("file"),
                &[("Content-Type", kind)],
                body,
            )
            .unwrap();
        assert_eq!(reply.status, 400, "{kind}: {}", reply.text());
        assert_eq!(reply.json()["statusCode"], 2);
    }
}

#[test]
fn a_form_larger_than_any_is_refused() {
    let emulator = Emulator::start();
    let visitor = emulator.visitor("Maria");
    let reply = visitor.raw("send", &[("message", &"x".repeat(5 * 1024 * 1024))]);
    // The server need not read to the end before it answers.
    if let Ok(reply) = reply {
        assert_eq!(
            (reply.status, &reply.json()["errors"][0]["code"]),
            (413, &json!(204))
        );
    }
    assert_eq!(visitor.types(), ["ParticipantJoined"]);
    let reply = visitor
        .raw("send", &[("message", &"x".repeat(40_000))])
        .unwrap();
    assert_eq!(
        (reply.status, &reply.json()["errors"][0]["code"]),
        (200, &json!(204))
    );
}
