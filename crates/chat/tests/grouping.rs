//! How entries stand to their neighbours: days begin, bubbles of one author group.

mod common;

use common::*;
use parlour_chat::{ChatCommand, Group};
use serde_json::{Value, json};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
/// The midnight (UTC) before these chats.
const MIDNIGHT: i64 = START - START % (24 * HOUR);

fn at(event: Value, time: i64) -> Value {
    with(event, "utcTime", json!(time))
}

fn groups(rig: &Rig) -> Vec<Group> {
    rig.entries().iter().map(|entry| entry.group).collect()
}

fn days(rig: &Rig) -> Vec<bool> {
    rig.entries().iter().map(|entry| entry.new_day).collect()
}

#[test]
fn bubbles_of_one_author_group() {
    let mut rig = Rig::with_agent();
    let anna = [
        agent_says(3, "one"),
        agent_says(4, "two"),
        agent_says(5, "three"),
    ];
    rig.refresh(&anna, 6);
    use Group::{Alone, First, Last, Middle};
    assert_eq!(groups(&rig), [Alone, First, Middle, Last]);
    rig.refresh(&[visitor_says(6, "four")], 7);
    assert_eq!(groups(&rig), [Alone, First, Middle, Last, Alone]);
    rig.refresh(&[visitor_says(7, "five")], 8);
    assert_eq!(groups(&rig)[4..], [First, Last]);
}

#[test]
fn links_and_files_are_bubbles_too_and_system_lines_are_not() {
    let mut rig = Rig::with_agent();
    let events = [
        agent_says(3, "look"),
        with(
            event(4, "PushUrl", agent()),
            "text",
            json!("https://shop.example"),
        ),
        uploaded(5, agent(), "F1", "a.pdf", 3),
        agent_leaves(6, None),
        agent_joins(7),
        agent_says(8, "back"),
    ];
    rig.refresh(&events, 9);
    use Group::{Alone, First, Last, Middle};
    assert_eq!(
        groups(&rig),
        [Alone, First, Middle, Last, Alone, Alone, Alone]
    );
}

#[test]
fn five_minutes_of_silence_part_a_group() {
    let mut rig = Rig::with_agent();
    let said = |index, text, time| at(agent_says(index, text), START + time);
    rig.refresh(
        &[
            said(3, "a", 0),
            said(4, "b", 5 * MINUTE),
            said(5, "c", 10 * MINUTE + 1),
        ],
        6,
    );
    assert_eq!(groups(&rig)[1..], [Group::First, Group::Last, Group::Alone]);
}

#[test]
fn agents_of_the_same_name_are_different_people() {
    let mut rig = Rig::with_agent();
    let other = json!({"nickname": "Anna", "participantId": 8, "type": "Agent"});
    rig.refresh(
        &[
            agent_says(3, "a"),
            with(event(4, "Message", other), "text", json!("b")),
        ],
        5,
    );
    assert_eq!(groups(&rig)[1..], [Group::Alone, Group::Alone]);
}

#[test]
fn days_begin_at_the_visitors_midnight() {
    for (offset, expected) in [
        (0, [true, false, true, false]),
        (-480, [true, false, false, false]),
        (120, [true, true, false, false]),
    ] {
        let mut settings = settings();
        settings.utc_offset_minutes = offset;
        let mut rig = Rig::chatting_with(settings);
        let said = |index, time| at(agent_says(index, "x"), MIDNIGHT + 24 * HOUR + time);
        rig.refresh(
            &[
                said(2, -3 * HOUR),
                said(3, -HOUR),
                said(4, HOUR),
                said(5, 3 * HOUR),
            ],
            6,
        );
        assert_eq!(days(&rig), expected, "{offset}");
    }
}

#[test]
fn a_group_does_not_cross_midnight() {
    let mut rig = Rig::with_agent();
    let said = |index, time| at(agent_says(index, "x"), MIDNIGHT + 24 * HOUR + time);
    rig.refresh(&[said(3, -MINUTE), said(4, MINUTE)], 5);
    assert_eq!(groups(&rig)[1..], [Group::Alone, Group::Alone]);
    assert_eq!(days(&rig)[1..], [false, true]);
}

#[test]
fn neighbours_close_up_when_one_goes() {
    let mut rig = Rig::with_agent();
    rig.say("one");
    rig.say("two");
    rig.say("three");
    use Group::{Alone, First, Last, Middle};
    assert_eq!(groups(&rig), [Alone, First, Middle, Last]);
    rig.answer("send", refusal(204, "2"));
    rig.command(ChatCommand::Discard(rig.find("one")));
    assert_eq!(groups(&rig), [Alone, First, Last]);
}

#[test]
fn what_comes_between_parts_a_group() {
    let mut rig = Rig::with_agent();
    rig.refresh(&[agent_says(3, "one"), agent_says(5, "three")], 6);
    assert_eq!(groups(&rig)[1..], [Group::First, Group::Last]);
    rig.refresh(&[visitor_says(4, "two")], 6);
    assert_eq!(
        groups(&rig)[1..],
        [Group::Alone, Group::Alone, Group::Alone]
    );
}
