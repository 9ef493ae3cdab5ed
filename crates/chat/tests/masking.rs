//! Card and account numbers: masked before anything is done with them, and nothing else is.

mod common;

use common::*;
use parlour_chat::{ChatCommand, Command, FormAnswers, Mask, Panel, Settings};
use proptest::prelude::*;
use serde_json::Value;

const ALL: Mask = Mask {
    cards: true,
    ibans: true,
};

fn masking() -> Settings {
    let mut settings = Settings {
        mask: ALL,
        ..steady()
    };
    settings.features.typing_preview = true;
    settings
}

fn masked(text: &str) -> String {
    let mut text = text.into();
    ALL.apply(&mut text);
    text
}

/// Everything that has left the page or outlives it, as one text.
fn traces(rig: &Rig) -> String {
    let requests = rig.log.iter().flat_map(|(_, request)| fields(request));
    let requests = requests.map(|(name, value)| format!("{name}={value}\n"));
    let records = rig
        .storage
        .values()
        .filter_map(|record| record.value.clone());
    let told = rig.told.iter().map(|message| message.0.clone());
    requests
        .chain(records)
        .chain(told)
        .chain(rig.lines())
        .collect()
}

#[test]
fn numbers_are_masked_as_the_table_says() {
    // The form for messages has its own code for it: `tests/loader/masking.test.mjs` reads this table, too.
    let table: Value = serde_json::from_str(include_str!("masking.json")).unwrap();
    for group in table.as_array().unwrap() {
        let about = group["about"].as_str().unwrap();
        let kinds = group["kinds"].as_array().unwrap();
        let mask = Mask {
            cards: kinds.contains(&"cards".into()),
            ibans: kinds.contains(&"ibans".into()),
        };
        let rows = group["rows"].as_array().unwrap();
        assert!(!rows.is_empty(), "{about}");
        for row in rows {
            let (text, expected) = (row[0].as_str().unwrap(), row[1].as_str().unwrap());
            let mut masked = text.to_owned();
            mask.apply(&mut masked);
            assert_eq!(masked, expected, "{about}: {text}");
            assert_eq!(mask.finds(text), text != expected, "{about}: {text}");
        }
    }
}

#[test]
fn a_message_is_masked_before_it_is_shown_stored_previewed_or_sent() {
    let mut rig = Rig::with_agent_and(masking());
    let card = "my card: 4111 1111 1111 1111";
    // Letter by letter, so slowly that the agent sees each.
    for (at, _) in card.char_indices() {
        rig.draft(&card[..=at]);
        rig.serve(secs(4));
    }
    rig.draft(card);
    rig.serve(secs(10));
    assert_eq!(rig.composer, card, "nothing changes while it is typed");
    rig.say(card);
    rig.serve(secs(10));
    assert_eq!(
        rig.lines().last().map(String::as_str),
        Some("me: my card: **** **** **** 1111")
    );
    let traces = traces(&rig);
    assert!(traces.contains("message=my card: **"), "{traces}");
    let previews = rig
        .log
        .iter()
        .filter_map(|(_, request)| field(request, "message"));
    for preview in previews {
        assert!(!preview.contains("4111 111"), "{preview}");
    }
    assert!(!traces.contains(&card[9..]), "{traces}");
}

#[test]
fn a_preview_shows_no_number_that_may_become_one() {
    let mut rig = Rig::with_agent_and(masking());
    rig.draft("pay with 4111 11");
    rig.serve(secs(10));
    rig.draft("pay with 4111 1111 11");
    rig.serve(secs(10));
    let previews: Vec<_> = rig
        .log
        .iter()
        .filter_map(|(_, request)| field(request, "message"))
        .collect();
    assert_eq!(previews, ["pay with 4111 11", "pay with **** **** **"]);
    // What is kept for the visitor is what the visitor wrote: it may be an order's number.
    rig.reload();
    rig.answer_rest();
    assert_eq!(rig.composer, "pay with 4111 1111 11");
}

#[test]
fn the_echo_of_a_masked_message_is_its_own() {
    let mut rig = Rig::with_agent_and(masking());
    rig.say("4111111111111111");
    let sent = rig.field("send", "message").unwrap();
    assert_eq!(sent, "************1111");
    rig.answer("send", transcript(&[visitor_says(3, &sent)], 4));
    assert_eq!(rig.lines()[1..], ["me: ************1111"]);
    // And where the server masks more than that.
    rig.say("5555555555554444");
    rig.answer("send", transcript(&[visitor_says(4, "(masked)")], 5));
    assert_eq!(rig.lines()[1..], ["me: ************1111", "me: (masked)"]);
}

#[test]
fn answers_of_the_form_are_masked() {
    let mut rig = Rig::with(masking());
    rig.command(Command::Start(FormAnswers {
        nickname: Some("Maria".into()),
        email: Some("4111111111111111@mail.example".into()),
        subject: Some("4111 1111 1111 1111 was charged twice".into()),
        user_data: vec![("note".into(), "GB82WEST12345698765432".into())],
        ..FormAnswers::default()
    }));
    let value = |name| rig.field("start", name).unwrap();
    assert_eq!(value("subject"), "**** **** **** 1111 was charged twice");
    assert_eq!(value("userData[note]"), "******************5432");
    assert_eq!(value("emailAddress"), "4111111111111111@mail.example");
}

#[test]
fn what_a_page_says_for_the_visitor_is_masked() {
    let mut rig = Rig::with_agent_and(masking());
    let say = ChatCommand::Send("card 4111111111111111".into());
    rig.command(say);
    assert_eq!(
        rig.field("send", "message").as_deref(),
        Some("card ************1111")
    );
    let mut file = rig.new_file("scan.pdf", 10);
    file.description = Some("card 4111111111111111".into());
    rig.command(ChatCommand::SendFile(file));
    assert_eq!(
        rig.field("file", "userData[file-description]").as_deref(),
        Some("card ************1111")
    );
    // What it gives by name and value is its own: numbers of orders and customers.
    rig.command(update_data(vec![(
        "order".into(),
        "4111111111111111".into(),
    )]));
    rig.serve(secs(5));
    assert!(traces(&rig).contains("userData[order]=4111111111111111"));
}

#[test]
fn what_was_not_sent_when_a_chat_ended_is_masked() {
    let mut rig = Rig::with_agent_and(masking());
    rig.draft("4111111111111111");
    rig.command(Command::End);
    rig.serve(secs(30));
    rig.panel(Panel::Closed);
    assert!(traces(&rig).contains("************1111"));
    assert!(!traces(&rig).contains("4111111111111111"));
}

/// Writes a number in groups of the given lengths.
fn grouped(digits: &str, lengths: &[usize], separator: &str) -> String {
    let mut parts = Vec::new();
    let mut rest = digits;
    for length in lengths {
        let (part, after) = rest.split_at((*length).min(rest.len()));
        parts.push(part);
        rest = after;
    }
    parts.push(rest);
    parts.retain(|part| !part.is_empty());
    parts.join(separator)
}

/// Appends the check digit (ISO/IEC 7812-1, annex B).
fn with_check_digit(payload: &str) -> String {
    let sum: u32 = payload
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, byte)| {
            let digit = u32::from(byte - b'0');
            let weighted = if at % 2 == 0 { digit * 2 } else { digit };
            weighted / 10 + weighted % 10
        })
        .sum();
    format!("{payload}{}", (10 - sum % 10) % 10)
}

/// Puts in the two check digits of an account number (ISO 13616-1, 6.1).
fn with_checksum(country: &str, account: &str) -> String {
    let digits = format!("{account}{country}00")
        .chars()
        .filter_map(|c| c.to_digit(36))
        .map(|value| value.to_string())
        .collect::<String>();
    let rest = digits
        .bytes()
        .fold(0, |rest, byte| (rest * 10 + u32::from(byte - b'0')) % 97);
    format!("{country}{:02}{account}", 98 - rest)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_card_number_is_masked(
        payload in "[1-9][0-9]{11,17}",
        lengths in proptest::collection::vec(1_usize..7, 0..6),
        separator in prop::sample::select(vec![" ", "-", "\u{a0}", " - "]),
        before in "[a-z ,.(]{0,8}",
        after in "[a-z,.)]{0,8}",
    ) {
        let number = with_check_digit(&payload);
        let written = grouped(&number, &lengths, separator);
        let text = format!("{before}{written}{after}");
        let mut masked = text.clone();
        Mask { ibans: false, ..ALL }.apply(&mut masked);
        prop_assert!(!masked.contains(&written), "{} became {}", text, masked);
        let left: String = masked.chars().filter(char::is_ascii_digit).collect();
        prop_assert_eq!(left, &number[number.len() - 4..]);
    }

    #[test]
    fn every_account_number_is_masked(
        country in "[A-Z]{2}",
        account in "[0-9A-Z]{11,30}",
        groups_of in 3_usize..8,
    ) {
        let number = with_checksum(&country, &account);
        let written = grouped(&number, &[groups_of; 12], " ");
        let masked = masked(&format!("to {written}, please"));
        let stars = masked.matches('*').count();
        prop_assert_eq!(stars, number.len() - 4, "{}", masked);
    }

    #[test]
    fn lengths_stay_and_what_is_masked_stays_so(text in any::<String>(), digits in "[0-9 -]{0,40}") {
        let text = format!("{text}{digits}");
        let once = masked(&text);
        prop_assert_eq!(once.encode_utf16().count(), text.encode_utf16().count());
        prop_assert!(!once.contains(&digits) || !ALL.finds(&digits));
        prop_assert_eq!(masked(&once), once);
    }

    #[test]
    fn a_text_with_few_digits_stays(text in "[a-z ,.+é-]{0,20}[0-9]{0,12}[ a-z,.]{0,20}") {
        let cards = Mask { cards: true, ..Mask::default() };
        prop_assert!(!cards.finds(&text));
    }
}
