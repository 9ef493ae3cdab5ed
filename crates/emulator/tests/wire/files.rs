//! Files: limits, upload, download, delete (protocol section 1).

use serde_json::{Value, json};

use crate::talk::{Talk, body, text, types};
use parlour_emulator::model::{Blobs, FileLimits, NewFile, Options, Role};
use parlour_emulator::wire::Response;

fn talk(files: FileLimits) -> Talk {
    Talk::start_with(Options {
        files,
        ..Options::default()
    })
}

fn upload(talk: &mut Talk, name: &str, bytes: &[u8]) -> String {
    let response = talk.upload(name, bytes);
    assert_eq!(
        response.status,
        200,
        "{}",
        String::from_utf8_lossy(&response.body)
    );
    text(&body(&response)["userData"], "file-id")
}

fn error(response: &Response) -> (u16, Value, Value) {
    let reply = body(response);
    assert_eq!(
        (&reply["statusCode"], &reply["chatEnded"]),
        (&json!(2), &json!(false))
    );
    (
        response.status,
        reply["errors"][0]["code"].clone(),
        reply["errors"][0]["advice"].clone(),
    )
}

fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    response
        .headers
        .iter()
        .find(|(n, _)| n == name)
        .map(|(_, value)| value.as_str())
}

#[test]
fn limits_stand_in_both_places_and_are_texts() {
    let mut talk = Talk::start();
    upload(&mut talk, "a.txt", b"12345");
    let reply = talk.call("file/limits", &[]);
    let notice = &reply["messages"][0];
    assert_eq!(
        (&notice["type"], &notice["text"]),
        (&json!("Notice"), &json!("file-client-cfg-get"))
    );
    assert_eq!(notice.get("index"), None);
    assert_eq!(notice["userData"], reply["userData"]);
    assert_eq!(
        reply["userData"],
        json!({
            "download-attempts": "10",
            "used-download-attempts": "0",
            "upload-max-files": "3",
            "used-upload-max-files": "1",
            "upload-max-file-size": "2097152",
            "upload-max-total-size": "5242880",
            "used-upload-max-total-size": "5",
            "upload-need-agent": "false",
            "upload-file-types": "bmp:csv:doc:docx:exe:gif:htm:jpg:pdf:png:ppt:pptx:tif:txt:xls:xlsx:zip",
            "delete-file": "odd",
        })
    );
}

#[test]
fn an_uploaded_file_is_in_the_transcript_and_comes_back_whole() {
    let mut talk = Talk::start();
    let bytes: Vec<u8> = (0..=255).cycle().take(5000).collect();
    let id = upload(&mut talk, "häß \"x\".PNG", &bytes);
    let reply = talk.call("refresh", &[("transcriptPosition", "2")]);
    assert_eq!(types(&reply), ["FileUploaded"]);
    let data = &reply["messages"][0]["userData"];
    assert_eq!(
        (&data["file-id"], &data["file-size"]),
        (&json!(id), &json!("5000"))
    );
    for path in [format!("file/{id}/download"), format!("file/{id}")] {
        let response = talk.raw(&path, &[]);
        assert_eq!(response.status, 200);
        assert_eq!(response.body, bytes);
        assert_eq!(header(&response, "Content-Type"), Some("text/plain"));
        let disposition = header(&response, "Content-Disposition").unwrap();
        assert!(
            disposition.starts_with("attachment; filename=\"h__ "),
            "{disposition}"
        );
        assert!(
            disposition.contains("filename*=UTF-8''h%C3%A4%C3%9F%20"),
            "{disposition}"
        );
    }
}

#[test]
fn the_description_of_an_upload_is_kept() {
    let mut talk = Talk::start();
    let (chat, now) = (talk.chat.clone(), talk.now_ms);
    let agent = talk.world.join(&chat, "Anna", Role::Agent, now).unwrap();
    let mut file = NewFile {
        name: "a.bin".into(),
        size: 1,
        ..NewFile::default()
    };
    file.user_data
        .insert("file-description".into(), "March invoice".into());
    let id = talk
        .world
        .send_file(&chat, agent, file, |_| Ok(()), now)
        .unwrap();
    talk.world.contents_mut().put(&id, b"x").unwrap();
    let reply = talk.call("refresh", &[("transcriptPosition", "-1")]);
    assert_eq!(
        reply["messages"][0]["userData"],
        json!({"file-id": id, "file-name": "a.bin", "file-size": "1", "file-description": "March invoice"})
    );
    let response = talk.raw(&format!("file/{id}/download"), &[]);
    assert_eq!(
        header(&response, "Content-Type"),
        Some("application/octet-stream")
    );
    // Visitors may not delete what agents sent.
    let response = talk.raw(&format!("file/{id}/delete"), &[]);
    assert_eq!(error(&response).1, 249);
    assert!(!talk.record().file(&id).unwrap().deleted);
}

#[test]
fn each_limit_is_told_by_its_code_and_status_400() {
    let limits = FileLimits {
        max_files: 2,
        max_file_size: 10,
        max_total_size: 12,
        ..FileLimits::default()
    };
    let mut talk = talk(limits);
    assert_eq!(
        error(&talk.upload("a.txt", b"12345678901")),
        (400, json!(202), json!("10"))
    );
    let (status, code, _) = error(&talk.upload("a.sh", b"x"));
    assert_eq!((status, code), (400, json!(203)));
    assert_eq!(error(&talk.upload("png", b"x")).1, 203);
    upload(&mut talk, "a.txt", b"1234567890");
    assert_eq!(
        error(&talk.upload("b.txt", b"123")),
        (400, json!(202), json!("12"))
    );
    upload(&mut talk, "b.txt", b"12");
    assert_eq!(
        error(&talk.upload("c.txt", b"")),
        (400, json!(201), json!("2"))
    );
    assert_eq!(talk.record().files().len(), 2);
}

#[test]
fn a_server_may_want_an_agent_first() {
    let mut talk = talk(FileLimits {
        need_agent: true,
        ..FileLimits::default()
    });
    assert_eq!(
        talk.call("file/limits", &[])["userData"]["upload-need-agent"],
        "true"
    );
    assert_eq!(error(&talk.upload("a.txt", b"x")).1, 249);
    let (chat, now) = (talk.chat.clone(), talk.now_ms);
    talk.world.join(&chat, "Anna", Role::Agent, now).unwrap();
    upload(&mut talk, "a.txt", b"x");
}

#[test]
fn an_upload_without_a_file_is_refused() {
    let mut talk = Talk::start();
    assert_eq!(error(&talk.raw("file", &[("file", "not a file")])).1, 249);
}

#[test]
fn a_deleted_file_is_gone_but_still_counts() {
    let mut talk = Talk::start();
    let id = upload(&mut talk, "a.txt", b"12345");
    let reply = talk.call(&format!("file/{id}/delete"), &[]);
    assert_eq!(
        (&reply["messages"], &reply["nextPosition"]),
        (&json!([]), &json!(4))
    );
    let reply = talk.call("refresh", &[("transcriptPosition", "3")]);
    assert_eq!(types(&reply), ["FileDeleted"]);
    assert_eq!(reply["messages"][0]["userData"]["file-id"], json!(id));
    assert_eq!(talk.raw(&format!("file/{id}/download"), &[]).status, 500);
    assert_eq!(error(&talk.raw(&format!("file/{id}/delete"), &[])).1, 249);
    assert_eq!(
        talk.call("file/limits", &[])["userData"]["used-upload-max-files"],
        "1"
    );
}

#[test]
fn a_server_may_forbid_deleting() {
    let mut talk = talk(FileLimits {
        delete_allowed: false,
        ..FileLimits::default()
    });
    let id = upload(&mut talk, "a.txt", b"x");
    assert_eq!(error(&talk.raw(&format!("file/{id}/delete"), &[])).1, 249);
}

#[test]
fn a_download_that_fails_is_a_page_with_a_reference() {
    let mut talk = talk(FileLimits {
        download_attempts: 2,
        ..FileLimits::default()
    });
    let id = upload(&mut talk, "a.txt", b"x");
    let path = format!("file/{id}/download");
    for _ in 0..2 {
        assert_eq!(talk.raw(&path, &[]).status, 200);
    }
    let too_often = talk.raw(&path, &[]);
    let unknown = talk.raw("file/0123456789ABCDEF/download", &[]);
    talk.key = "wrong".into();
    let wrong_key = talk.raw(&path, &[]);
    for response in [too_often, unknown, wrong_key] {
        assert_eq!(response.status, 500);
        assert_eq!(
            header(&response, "Content-Type"),
            Some("text/html;charset=UTF-8")
        );
        assert!(String::from_utf8_lossy(&response.body).contains("referenceId["));
    }
}
