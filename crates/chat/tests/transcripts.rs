//! A transcript makes one timeline, however it is cut, repeated and shuffled on its way.

mod common;

use common::*;
use proptest::prelude::*;
use serde_json::{Value, json};

/// One event of a random transcript, by its index.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Agent,
    Colleague,
    Visitor,
    System,
    Link,
    File,
    Typing,
    Unknown,
}

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![
        Just(Kind::Agent),
        Just(Kind::Colleague),
        Just(Kind::Visitor),
        Just(Kind::System),
        Just(Kind::Link),
        Just(Kind::File),
        Just(Kind::Typing),
        Just(Kind::Unknown),
    ]
}

fn written(index: u64, kind: Kind) -> Value {
    let text = json!(format!("#{index}"));
    let says = |who| with(event(index, "Message", who), "text", text.clone());
    match kind {
        Kind::Agent => says(agent()),
        Kind::Colleague => says(colleague()),
        Kind::Visitor => says(visitor()),
        Kind::System => says(system()),
        Kind::Link => with(event(index, "PushUrl", agent()), "text", text),
        Kind::File => uploaded(index, agent(), "F", &format!("#{index}"), 1),
        Kind::Typing => event(index, "TypingStarted", agent()),
        Kind::Unknown => event(index, "Unheard", agent()),
    }
}

fn shows(kind: Kind) -> bool {
    !matches!(kind, Kind::Typing | Kind::Unknown)
}

prop_compose! {
    /// Events with gaps between their indexes.
    fn a_transcript()(
        events in proptest::collection::vec((1u64..4, kind()), 1..40),
    ) -> Vec<(u64, Kind)> {
        let mut index = 1;
        events
            .into_iter()
            .map(|(gap, kind)| {
                index += gap;
                (index, kind)
            })
            .collect()
    }
}

/// Where a reply begins and how many events it has, in shares of the transcript.
fn a_cut() -> impl Strategy<Value = (f64, f64)> {
    (0.0..1.0f64, 0.0..0.6f64)
}

fn place(share: f64, length: usize) -> usize {
    ((0..=length).rev())
        .find(|at| {
            let at = u32::try_from(*at).unwrap_or(u32::MAX);
            let length = u32::try_from(length).unwrap_or(u32::MAX);
            f64::from(at) <= share * f64::from(length)
        })
        .unwrap_or_default()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn each_event_shows_once_and_in_order(
        events in a_transcript(),
        cuts in proptest::collection::vec(a_cut(), 0..12),
        reload_before in proptest::option::of(0usize..12),
        next_is_said in any::<bool>(),
    ) {
        let mut rig = Rig::chatting();
        let whole: Vec<Value> = events.iter().map(|(index, kind)| written(*index, *kind)).collect();
        let last = events.last().map_or(1, |(index, _)| *index);
        let pieces = cuts.iter().map(|(start, length)| {
            let from = place(*start, whole.len());
            let to = (from + place(*length, whole.len())).min(whole.len());
            &whole[from..to]
        });
        for (at, piece) in pieces.enumerate() {
            if reload_before == Some(at) {
                rig.reload();
            }
            rig.wait_for("refresh");
            let mut reply = transcript(piece, 1);
            if !next_is_said {
                reply["nextPosition"] = Value::Null;
            }
            rig.answer("refresh", reply);
        }
        rig.refresh(&whole, last + 1);
        let expected: Vec<String> = events
            .iter()
            .filter(|(_, kind)| shows(*kind))
            .map(|(index, _)| format!("#{index}"))
            .collect();
        let lines = rig.lines();
        let shown: Vec<&str> = lines
            .iter()
            .filter_map(|line| line.split_whitespace().find(|word| word.starts_with('#')))
            .collect();
        prop_assert_eq!(shown, expected, "{:#?}", lines);
    }

    #[test]
    fn what_waits_to_be_sent_stays_below_what_was_recorded(
        events in a_transcript(),
        cut in a_cut(),
    ) {
        let mut rig = Rig::with_agent();
        rig.say("waits");
        rig.fail("send");
        let recorded = |(index, kind): &(u64, Kind)| {
            // The visitor says nothing elsewhere: that would be taken for the echo.
            let kind = if matches!(kind, Kind::Visitor) { Kind::Agent } else { *kind };
            written(index + 10, kind)
        };
        let whole: Vec<Value> = events.iter().map(recorded).collect();
        let middle = place(cut.0, whole.len());
        rig.refresh(&whole[middle..], 1);
        rig.refresh(&whole[..middle], 1);
        let lines = rig.lines();
        prop_assert_eq!(lines.last().map(String::as_str), Some("me: waits (sending)"));
    }
}
