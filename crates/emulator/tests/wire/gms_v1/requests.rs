//! Requests: in which forms values come, and what is said of wrong ones.

use super::*;

#[test]
fn verbose_replies_have_keys_and_links_that_lead_somewhere() {
    let mut session = Session::start();
    for fields in [&[("_verbose", "true")][..], &[("_verbose", "True")]] {
        let reply = session.call("refresh", fields);
        let chat = session.record();
        assert_eq!(
            (
                &reply["secureKey"],
                &reply["userId"],
                &reply["chatServerLoadBalancerAlias"]
            ),
            (
                &json!(chat.key()),
                &json!(chat.user_id()),
                &json!(chat.alias())
            )
        );
        for name in [
            "SEND",
            "REFRESH",
            "START_TYPING",
            "STOP_TYPING",
            "REFRESH_FROM_START",
        ] {
            let link = reply[format!("_chatIxnAPI_{name}_URL")]
                .as_str()
                .unwrap()
                .to_owned();
            let (path, query) = link.split_once('?').unwrap_or((&link, ""));
            let mut request = post(path, &[("message", "m")]);
            request.query = Some(query.to_owned());
            assert_eq!(session.send(&request).status, 200, "{link}");
        }
        assert_eq!(reply.get("_chatIxnAPI_SEND_CUSTOM_URL"), None);
        // Everything but lists is a string.
        for (name, value) in reply.as_object().unwrap() {
            assert!(value.is_string() || name == "transcriptToShow", "{name}");
        }
    }
    assert_eq!(
        session.call("refresh", &[("_verbose", "no")]).get("userId"),
        None
    );
}

#[test]
fn fields_come_as_query_form_multipart_or_json_whatever_the_label() {
    let form = "application/x-www-form-urlencoded";
    let part = "--X\r\nContent-Disposition: form-data; name=\"message\"\r\n\r\nö 1\r\n--X--\r\n";
    for (kind, query, body) in [
        ("", "message=%C3%B6+1", ""),
        (form, "", "message=%C3%B6+1"),
        (form, "message=other", "message=%C3%B6+1"),
        ("multipart/form-data; boundary=X", "", part),
        (
            "application/json; charset=UTF-8",
            "",
            r#"{"message":"ö 1","transcriptPosition":1,"_verbose":true,"x":null}"#,
        ),
        (form, "", " {\"message\":\"ö 1\",\"x\":[1]}"),
        ("text/plain", "message=other", "{\"message\":\"ö 1\"}"),
    ] {
        let mut session = Session::start();
        let mut request = post(&format!("{SERVICE}/{}/ixn/chat/send", session.service), &[]);
        request.headers = vec![("content-type".into(), kind.into())];
        request.query = (!query.is_empty()).then(|| query.into());
        request.body = body.as_bytes().to_vec();
        let reply = session.send(&request);
        assert_eq!(reply.status, 200, "{kind} {body}");
        let reply = crate::talk::body(&reply);
        assert_eq!(texts(&reply), ["ö 1"], "{kind} {body}");
        assert_eq!(reply.get("userId").is_some(), body.contains("_verbose"));
    }
}

#[test]
fn missing_and_wrong_values_are_415_and_change_nothing() {
    let long = "x".repeat(15_000);
    let mut session = Session::of("request-chat");
    for fields in [
        &[][..],
        &[("subject", " ")],
        &[("subject", long.as_str())],
        &[("subject", "s"), ("notify_by", "mail")],
        &[("subject", "s"), ("message", long.as_str())],
        &[("subject", "s"), ("userDisplayName", long.as_str())],
    ] {
        let reply = session.raw("", fields);
        assert_eq!(reply.status, 415, "{fields:?}");
        assert!(body(&reply)["message"].is_string());
    }
    assert_eq!(session.world.chats().count(), 0);
    session.call("", &[("subject", "s")]);
    for (operation, fields) in [
        ("send", &[][..]),
        ("send", &[("message", "")]),
        ("send", &[("message", long.as_str())]),
        ("refresh", &[("message", long.as_str())]),
        ("refresh", &[("message", "m"), ("transcriptPosition", "-1")]),
        (
            "refresh",
            &[("message", "m"), ("transcriptPosition", "two")],
        ),
        ("customNotice", &[("message", long.as_str())]),
    ] {
        assert_eq!(
            session.raw(operation, fields).status,
            415,
            "{operation} {fields:?}"
        );
    }
    for (kind, body) in [
        ("application/json", "{\"message\":"),
        ("application/json", "[\"message\"]"),
        ("application/x-www-form-urlencoded", "{message=m"),
        ("multipart/form-data; boundary=X", "--Y\r\n"),
        ("multipart/form-data", "message=m"),
        ("", &"{\"a\":".repeat(5_000)),
    ] {
        let mut request = post(&format!("{SERVICE}/{}/ixn/chat/send", session.service), &[]);
        request.headers = vec![("content-type".into(), kind.into())];
        request.body = body.as_bytes().to_vec();
        assert_eq!(session.send(&request).status, 415, "{kind} {body:.20}");
    }
    assert_eq!(session.record().events().len(), 1);
}

#[test]
fn unknown_services_and_chats_are_reported() {
    let mut session = Session::of("request-chat");
    assert_eq!(session.raw("refresh", &[]).status, 400, "no chat yet");
    let known = std::mem::replace(&mut session.service, ServiceId::new("nobody"));
    for operation in ["", "refresh", "disconnect"] {
        let reply = session.raw(operation, &[("subject", "s")]);
        assert_eq!(reply.status, 404, "{operation}");
        assert!(body(&reply)["message"].is_string());
    }
    let status = post(&format!("{SERVICE}/nobody/status"), &[]);
    assert_eq!(session.send(&status).status, 404);
    for (method, path, wanted) in [
        ("GET", format!("{SERVICE}/{known}/ixn/chat/send"), 405),
        ("PUT", format!("{SERVICE}/{known}"), 405),
        ("POST", format!("{SERVICE}/{known}/ixn/chat/nothing"), 404),
        ("OPTIONS", format!("{SERVICE}/{known}/anything"), 204),
    ] {
        let mut request = post(&path, &[]);
        request.method = method.into();
        assert_eq!(session.send(&request).status, wanted, "{method} {path}");
    }
}
