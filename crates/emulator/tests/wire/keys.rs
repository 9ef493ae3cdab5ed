//! Keys: both habits of real clients work, and a wrong key harms only who shows it (protocol section 1, keys).

use serde_json::json;

use crate::talk::{Talk, body, post, text};
use parlour_emulator::gms_v2::respond;
use parlour_emulator::model::Options;

#[test]
fn every_key_ever_issued_stays_good() {
    let mut talk = Talk::start_with(Options {
        rotate_key_one_in: 1,
        ..Options::default()
    });
    let first = talk.key.clone();
    let mut keys = vec![first.clone()];
    for _ in 0..5 {
        // With the newest key, as the vendor says …
        let reply = talk.call("refresh", &[]);
        talk.key = text(&reply, "secureKey");
        keys.push(talk.key.clone());
    }
    let different: std::collections::HashSet<_> = keys.iter().collect();
    assert_eq!(different.len(), keys.len(), "each reply brought a new key");
    for key in keys {
        // … or with any older one, as some real clients do.
        talk.key = key;
        assert_eq!(talk.call("send", &[("message", "hello")])["statusCode"], 0);
    }
}

#[test]
fn keys_change_now_and_then_so_that_clients_are_exercised() {
    let mut talk = Talk::start();
    let keys: Vec<String> = (0..60)
        .map(|_| text(&talk.call("refresh", &[]), "secureKey"))
        .collect();
    let changes = keys.windows(2).filter(|pair| pair[0] != pair[1]).count();
    assert!(
        (5..40).contains(&changes),
        "{changes} changes in 60 replies"
    );
}

#[test]
fn the_secure_key_alone_is_enough() {
    let mut talk = Talk::start();
    let path = format!("/genesys/2/chat/support/{}/send", talk.chat);
    let key = talk.key.clone();
    for fields in [
        vec![("secureKey", key.as_str()), ("message", "hello")],
        vec![
            ("secureKey", &key),
            ("userId", ""),
            ("alias", " "),
            ("message", "hello"),
        ],
    ] {
        let reply = body(&respond(
            &mut talk.world,
            &post(&path, &fields),
            talk.now_ms,
        ));
        assert_eq!(reply["statusCode"], 0);
    }
}

#[test]
fn a_wrong_key_is_refused_and_leaves_the_chat_alone() {
    let mut talk = Talk::start();
    let (key, user) = (talk.key.clone(), talk.user_id.clone());
    let before = talk.record().events().len();
    let path = format!("/genesys/2/chat/support/{}/send", talk.chat);
    for fields in [
        vec![("secureKey", "0123456789abcdef"), ("userId", &user)],
        vec![("secureKey", ""), ("userId", &user)],
        vec![("userId", user.as_str())],
        vec![("secureKey", &key), ("userId", "0123456789ABCDEF")],
    ] {
        let mut fields = fields;
        fields.push(("message", "let me in"));
        let response = respond(&mut talk.world, &post(&path, &fields), talk.now_ms);
        let reply = body(&response);
        assert_eq!(response.status, 200);
        assert_eq!(
            (&reply["statusCode"], &reply["chatEnded"]),
            (&json!(2), &json!(true))
        );
        assert_eq!(reply["errors"][0]["code"], 249);
    }
    assert_eq!(talk.record().events().len(), before);
    assert_eq!(talk.call("send", &[("message", "hello")])["statusCode"], 0);
}

#[test]
fn a_key_opens_no_other_chat() {
    let mut talk = Talk::start();
    let other = post("/genesys/2/chat/support", &[("nickname", "Paul")]);
    let other = text(
        &body(&respond(&mut talk.world, &other, talk.now_ms)),
        "secureKey",
    );
    talk.key = other;
    talk.user_id = String::new();
    assert_eq!(talk.call("refresh", &[])["chatEnded"], true);
}

#[test]
fn a_change_of_host_brings_another_alias_and_old_keys_go_on() {
    let mut talk = Talk::start();
    let before = text(&talk.call("refresh", &[]), "alias");
    let chat = talk.chat.clone();
    talk.world.change_alias(&chat).unwrap();
    let reply = talk.call("refresh", &[]);
    assert_ne!(text(&reply, "alias"), before);
    assert_ne!(text(&reply, "secureKey"), talk.key);
    assert_eq!(reply["statusCode"], 0);
}
