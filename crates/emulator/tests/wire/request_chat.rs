//! Request chat: which forms start a chat, and what is said about those that do not.

use serde_json::{Value, json};

use crate::talk::{START_MS, body, post, text};
use parlour_emulator::gms_v2::respond;
use parlour_emulator::model::{ChatId, Options, World};
use parlour_emulator::wire::{Request, Response};

fn world() -> World {
    World::new(7, Options::default())
}

fn request(world: &mut World, fields: &[(&str, &str)]) -> Response {
    respond(world, &post("/genesys/2/chat/support", fields), START_MS)
}

fn name_of(fields: &[(&str, &str)]) -> Value {
    body(&request(&mut world(), fields))["messages"][0]["from"]["nickname"].clone()
}

#[test]
fn the_name_shown_is_the_nickname_or_else_first_and_last() {
    assert_eq!(name_of(&[("nickname", "JD")]), "JD");
    assert_eq!(
        name_of(&[("firstName", "First"), ("lastName", "Last")]),
        "First Last"
    );
    assert_eq!(
        name_of(&[("firstName", "A"), ("lastName", "B"), ("nickname", "JD")]),
        "JD"
    );
    assert_eq!(
        name_of(&[("nickname", " "), ("firstName", "A"), ("lastName", "B")]),
        "A B"
    );
}

#[test]
fn blank_fields_and_a_trailing_slash_are_usual() {
    let mut world = world();
    let fields = [
        ("nickname", "Zoë & co"),
        ("firstName", ""),
        ("lastName", ""),
        ("emailAddress", ""),
        ("subject", ""),
        ("alias", ""),
        ("secureKey", ""),
        ("userId", ""),
        ("text", ""),
        ("endpoint", ""),
        ("userData[TimeZone]", "-480"),
        ("userData[empty]", ""),
    ];
    let reply = body(&respond(
        &mut world,
        &post("/genesys/2/chat/support/", &fields),
        START_MS,
    ));
    let chat = world.chat(&ChatId::new(text(&reply, "chatId"))).unwrap();
    assert_eq!(chat.visitor().unwrap().nickname, "Zoë & co");
    assert_eq!(chat.started().subject, None);
    assert_eq!(
        chat.user_data().iter().collect::<Vec<_>>(),
        [(&"TimeZone".into(), &"-480".into())]
    );
}

#[test]
fn multipart_is_as_good_as_urlencoded() {
    let part = |name: &str, value: &str| {
        format!("--XX\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let request = Request {
        method: "POST".into(),
        path: "/genesys/2/chat/support".into(),
        headers: vec![(
            "content-type".into(),
            "Multipart/Form-Data; charset=UTF-8; boundary=XX".into(),
        )],
        body: (part("nickname", "Zoë") + &part("userData[a b]", "1\r\n2") + "--XX--\r\n")
            .into_bytes(),
        ..Request::default()
    };
    let mut world = world();
    let reply = body(&respond(&mut world, &request, START_MS));
    let chat = world.chat(&ChatId::new(text(&reply, "chatId"))).unwrap();
    assert_eq!(chat.visitor().unwrap().nickname, "Zoë");
    assert_eq!(chat.user_data()["a b"], "1\r\n2");
}

#[test]
fn a_form_that_is_not_filled_in_well_is_reported_by_code_and_status_400() {
    let mut world = world();
    for (fields, code) in [
        (&[][..], 161),
        (&[("nickname", "  ")][..], 161),
        (&[("lastName", "Doe")][..], 102),
        (&[("firstName", "John"), ("lastName", "")][..], 103),
        (&[("nickname", "JD"), ("emailAddress", "nowhere")][..], 364),
        (&[("nickname", "JD"), ("emailAddress", "a b@c")][..], 364),
    ] {
        let response = request(&mut world, fields);
        let reply = body(&response);
        assert_eq!(response.status, 400, "{fields:?}");
        assert_eq!(reply["errors"][0]["code"], code, "{fields:?}");
        assert_eq!(
            (&reply["statusCode"], &reply["messages"]),
            (&json!(2), &json!([]))
        );
    }
    assert_eq!(world.chats().count(), 0);
}

#[test]
fn a_service_that_is_not_on_the_list_is_unknown() {
    let services = Some(vec!["sales".to_owned()]);
    let mut world = World::new(
        7,
        Options {
            services,
            ..Options::default()
        },
    );
    let response = request(&mut world, &[("nickname", "JD")]);
    assert_eq!(response.status, 404);
    assert_eq!(body(&response)["errors"][0]["code"], 306);
    let sales = post("/genesys/2/chat/sales", &[("nickname", "JD")]);
    assert_eq!(respond(&mut world, &sales, START_MS).status, 200);
}

#[test]
fn a_broken_multipart_body_is_reported() {
    let request = Request {
        method: "POST".into(),
        path: "/genesys/2/chat/support".into(),
        headers: vec![("Content-Type".into(), "multipart/form-data".into())],
        ..Request::default()
    };
    let response = respond(&mut world(), &request, START_MS);
    assert_eq!(
        (response.status, &body(&response)["statusCode"]),
        (400, &json!(2))
    );
}

#[test]
fn a_name_that_fits_no_packet_is_refused() {
    let long = "x".repeat(3_000_000);
    for fields in [
        vec![("nickname", long.as_str())],
        vec![("firstName", "Maria"), ("lastName", &long)],
    ] {
        let response = request(&mut world(), &fields);
        assert_eq!(response.status, 400);
        assert_eq!(body(&response)["errors"][0]["code"], 161);
    }
}
