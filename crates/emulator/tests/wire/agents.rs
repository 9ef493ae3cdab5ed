//! The agents' side: the automatic agent, and scenarios, on virtual time.

use std::sync::Arc;

use crate::talk::{START_MS, Talk};
use parlour_emulator::agents::{
    Action, Attachment, Cast, Director, Pace, Person, Rule, Scenario, Step, Trigger, Who,
};
use parlour_emulator::model::{
    Blobs, Event, EventKind, FileId, LeaveReason, MemoryBlobs, NewChat, Options, ParticipantId,
    Role, World,
};

/// Lets time pass step by step, as the program does, until `until_ms` after the start.
fn run(talk: &mut Talk, director: &mut Director, until_ms: i64) {
    // Far more than anything that happens in one moment here.
    const MAX_AT_ONCE: u32 = 10;
    let mut blobs = MemoryBlobs::default();
    let mut at_once = 0;
    loop {
        talk.world.tick(talk.now_ms);
        // Stay alive.
        let chat = talk.chat.clone();
        talk.world.note_sign_of_life(&chat, talk.now_ms);
        let next = director.tick(&mut talk.world, &mut blobs, talk.now_ms);
        match next.filter(|at| *at <= START_MS + until_ms) {
            Some(at) => {
                assert!(at >= talk.now_ms, "the director wants to act in the past");
                at_once = if at > talk.now_ms { 0 } else { at_once + 1 };
                assert!(at_once < MAX_AT_ONCE, "the director never rests");
                talk.now_ms = at;
            }
            None => break,
        }
    }
    talk.now_ms = START_MS + until_ms;
}

fn messages(talk: &Talk, role: Role) -> Vec<String> {
    let events = talk.record().events().iter();
    events
        .filter(|e| e.from.role == role)
        .filter_map(Event::message)
        .map(str::to_owned)
        .collect()
}

fn at(talk: &Talk, find: impl Fn(&Event) -> bool) -> i64 {
    let event = talk.record().events().iter().find(|event| find(event));
    event
        .unwrap_or_else(|| panic!("no such event in {:#?}", talk.record().events()))
        .at_ms
        - START_MS
}

#[test]
fn the_automatic_agent_joins_within_five_seconds_and_answers_by_the_last_character() {
    for seed in 0..50 {
        let mut talk = Talk::start();
        let mut director = Director::new(seed, Cast::Automatic);
        talk.call("send", &[("message", "early")]);
        run(&mut talk, &mut director, 0);
        assert_eq!(
            at(&talk, |e| e.from.role == Role::External
                && e.kind == EventKind::Joined),
            0
        );
        run(&mut talk, &mut director, 7_000);
        let joined = at(&talk, |e| {
            e.from.role == Role::Agent && e.kind == EventKind::Joined
        });
        assert!(joined < 5_000, "{joined}");
        assert_eq!(messages(&talk, Role::Agent), ["early"]);
        let answered = at(&talk, |e| {
            e.from.role == Role::Agent && e.message().is_some()
        });
        assert!(
            (joined..=joined + 2_000).contains(&answered),
            "{joined} {answered}"
        );
        let typed = at(&talk, |e| {
            e.from.role == Role::Agent && e.kind == EventKind::TypingStarted
        });
        assert!(typed <= answered);

        for text in ["hello!", "why?", "so.", "echo"] {
            talk.call("send", &[("message", text)]);
        }
        run(&mut talk, &mut director, 9_100);
        let answers = messages(&talk, Role::Agent);
        assert_eq!(answers.len(), 5, "{answers:?}");
        assert_eq!(answers[4], "echo");
        let different: std::collections::HashSet<_> = answers.iter().collect();
        assert_eq!(different.len(), 5, "{answers:?}");
    }
}

#[test]
fn the_system_posts_every_twenty_seconds() {
    let mut talk = Talk::start();
    run(&mut talk, &mut Director::new(1, Cast::Automatic), 61_000);
    let events = talk.record().events().iter();
    let posts: Vec<i64> = events
        .filter(|e| e.from.role == Role::External && e.message().is_some())
        .map(|e| e.at_ms - START_MS)
        .collect();
    assert_eq!(posts, [20_000, 40_000, 60_000]);
}

#[test]
fn many_chats_are_looked_after_as_if_each_were_alone() {
    const CHATS: i64 = 40;
    const APART_MS: i64 = 333;
    let mut world = World::new(1, Options::default());
    let mut blobs = MemoryBlobs::default();
    let mut director = Director::new(1, Cast::Automatic);
    let mut chats = Vec::new();
    let mut now_ms = 0;
    while now_ms <= 62_000 {
        if now_ms % APART_MS == 0 && now_ms < CHATS * APART_MS {
            chats.push(world.start_chat(NewChat::default(), now_ms));
        }
        for (nth, chat) in (0..).zip(&chats) {
            // Each says a word in its own second, and a few go before the others.
            if now_ms == 20_000 + nth * 1_000 {
                let who = ParticipantId::VISITOR;
                let said = world.say(chat, who, &format!("word {nth}"), now_ms);
                assert_eq!(said.is_ok(), nth % 10 != 9);
            } else if now_ms == 19_000 && nth % 10 == 9 {
                world.disconnect(chat, now_ms).unwrap();
            }
            world.note_sign_of_life(chat, now_ms);
        }
        let next = director.tick(&mut world, &mut blobs, now_ms);
        let next = next.expect("somebody to look after");
        assert!(next > now_ms, "the director wants to act in the past");
        // Whatever the visitors do happens at whole multiples of this.
        let visitors = (now_ms / APART_MS + 1) * APART_MS;
        let second = (now_ms / 1_000 + 1) * 1_000;
        now_ms = next.min(visitors).min(second);
    }
    for (nth, chat) in (0..).zip(&chats) {
        let chat = world.chat(chat).unwrap();
        let find = |role, joined| {
            let mut events = chat.events().iter().filter(|e| e.from.role == role);
            events.find(|e| {
                joined == (e.kind == EventKind::Joined) && (joined || e.message().is_some())
            })
        };
        let started = chat.started_at_ms();
        let joined = find(Role::Agent, true).unwrap().at_ms - started;
        assert!((0..5_000).contains(&joined), "chat {nth}: {joined}");
        if nth % 10 == 9 {
            assert!(find(Role::Agent, false).is_none());
            continue;
        }
        let answer = find(Role::Agent, false).unwrap();
        let took = answer.at_ms - (20_000 + nth * 1_000);
        assert!((0..2_000).contains(&took), "chat {nth}: {took}");
        assert_eq!(answer.message().unwrap(), format!("word {nth}"));
        let posted = find(Role::External, false).unwrap().at_ms - started;
        assert_eq!(posted, 20_000, "chat {nth}");
    }
}

#[test]
fn an_answer_that_nobody_is_there_to_give_waits_for_somebody() {
    let mut talk = Talk::start();
    let mut director = Director::new(1, Cast::Automatic);
    run(&mut talk, &mut director, 6_000);
    talk.call("send", &[("message", "still there")]);
    let chat = talk.chat.clone();
    let agent = talk
        .record()
        .participant_named("Agent Emulator")
        .unwrap()
        .id;
    talk.world.hold(&chat, agent, talk.now_ms).unwrap();
    // It never asks to be called at a time that is over: that would keep a processor busy with nothing.
    run(&mut talk, &mut director, 12_000);
    assert!(messages(&talk, Role::Agent).is_empty());
    talk.world
        .return_from_hold(&chat, agent, talk.now_ms)
        .unwrap();
    run(&mut talk, &mut director, 14_000);
    assert_eq!(messages(&talk, Role::Agent), ["still there"]);
}

#[test]
fn a_step_that_an_answer_triggers_runs_at_once() {
    let mia = || Who::Person(0);
    let heard = |word: &str| Trigger::Says(vec![word.to_owned()]);
    let scenario = Scenario {
        // The story has nobody to go on with until the answer brings Mia back.
        story: vec![
            step(0, Action::Join(mia())),
            step(0, Action::Hold(mia())),
            step(0, say(Who::AnyAgent, "As I said", 0)),
        ],
        rules: vec![Rule {
            when: heard("back"),
            times: None,
            steps: vec![step(0, Action::Return(mia()))],
        }],
        ..scenario()
    };
    let mut talk = Talk::start();
    let mut director = Director::new(1, Cast::Scenario(Arc::new(scenario)));
    let mut blobs = MemoryBlobs::default();
    director.tick(&mut talk.world, &mut blobs, talk.now_ms);
    assert!(messages(&talk, Role::Agent).is_empty());
    talk.call("send", &[("message", "come back")]);
    director.tick(&mut talk.world, &mut blobs, talk.now_ms);
    assert_eq!(messages(&talk, Role::Agent), ["As I said"]);
}

#[test]
fn steps_that_wait_for_each_other_run_at_once_however_often() {
    // More turns than the director takes at a time.
    const PEOPLE: usize = 30;
    let every = |action: fn(Who) -> Action| {
        (0..PEOPLE).map(move |place| step(0, action(Who::Person(place))))
    };
    // Story and answer speak by turns, and each brings back who has to speak next in the other.
    let turns = |first| {
        (first..PEOPLE).step_by(2).flat_map(|place| {
            let words = place.to_string();
            let say = step(0, say(Who::Person(place), &words, 0));
            [say, step(0, Action::Return(Who::Person(place + 1)))]
        })
    };
    let back = step(0, Action::Return(Who::Person(0)));
    let people = (0..PEOPLE).map(|place| Person {
        key: place.to_string(),
        nickname: place.to_string(),
        role: Role::Agent,
    });
    let scenario = Scenario {
        people: people.collect(),
        story: every(Action::Join)
            .chain(every(Action::Hold))
            .chain(turns(0))
            .collect(),
        rules: vec![Rule {
            when: Trigger::Says(Vec::new()),
            times: None,
            steps: [back].into_iter().chain(turns(1)).collect(),
        }],
        ..scenario()
    };
    let mut talk = Talk::start();
    let mut director = Director::new(1, Cast::Scenario(Arc::new(scenario)));
    run(&mut talk, &mut director, 0);
    assert!(messages(&talk, Role::Agent).is_empty());
    talk.call("send", &[("message", "go on")]);
    run(&mut talk, &mut director, 0);
    let all: Vec<String> = (0..PEOPLE).map(|place| place.to_string()).collect();
    assert_eq!(messages(&talk, Role::Agent), all);
}

#[test]
fn the_same_seed_does_the_same() {
    let play = |seed| {
        let mut talk = Talk::start();
        talk.call("send", &[("message", "hello")]);
        run(&mut talk, &mut Director::new(seed, Cast::Automatic), 30_000);
        talk.record().events().to_vec()
    };
    assert_eq!(play(3), play(3));
    assert_ne!(play(3), play(4));
}

#[test]
fn agents_can_be_made_faster() {
    let mut talk = Talk::start();
    let mut director = Director::new(1, Cast::Automatic);
    director.set_pace(Pace::new(20.0).unwrap());
    talk.call("send", &[("message", "hello")]);
    run(&mut talk, &mut director, 400);
    assert_eq!(messages(&talk, Role::Agent), ["hello"]);
}

#[test]
fn a_pace_that_no_clock_can_follow_is_refused() {
    for wrong in [
        0.0,
        -1.0,
        1e-300,
        0.000_9,
        1_001.0,
        1e300,
        f64::NAN,
        f64::INFINITY,
    ] {
        let error = Pace::new(wrong).unwrap_err().to_string();
        assert_eq!(error, "expected a number from 0.001 to 1000");
    }
    for good in [0.001, 1.0, 1_000.0] {
        assert!(Pace::new(good).is_ok());
    }
}

#[test]
fn a_time_span_without_end_never_ends() {
    let longest = |action| Scenario {
        story: vec![
            step(0, Action::Join(Who::Person(0))),
            step(0, action),
            step(u64::MAX, Action::Leave(Who::Person(0))),
        ],
        rules: Vec::new(),
        ..scenario()
    };
    let who = || Who::Person(0);
    for action in [
        say(who(), "Hello", u64::MAX),
        Action::Type {
            who: who(),
            for_ms: u64::MAX,
        },
        Action::Transfer {
            who: who(),
            to: Who::Person(1),
            joins_after_ms: u64::MAX,
        },
        Action::IdleAlert {
            close_after_ms: u64::MAX,
        },
    ] {
        let cast = Cast::Scenario(Arc::new(longest(action.clone())));
        let mut talk = Talk::start();
        let next =
            Director::new(1, cast).tick(&mut talk.world, &mut MemoryBlobs::default(), talk.now_ms);
        assert_eq!(next, Some(i64::MAX), "{action:?}");
    }
}

#[test]
fn the_automatic_agent_never_acts_at_the_end_of_time() {
    let mut director = Director::new(1, Cast::Automatic);
    let mut talk = Talk::start();
    talk.call("send", &[("message", "hello")]);
    let next = director.tick(&mut talk.world, &mut MemoryBlobs::default(), i64::MAX - 1);
    assert_eq!(next, Some(i64::MAX));
}

fn step(after_ms: u64, action: Action) -> Step {
    Step {
        when: None,
        after_ms,
        action,
    }
}

fn say(who: Who, text: &str, typing_ms: u64) -> Action {
    Action::Say {
        who,
        text: text.into(),
        typing_ms,
    }
}

fn send_file() -> Action {
    Action::SendFile {
        who: Who::AnyAgent,
        file: Arc::new(Attachment {
            name: "a.txt".into(),
            content_type: "text/plain".into(),
            description: None,
            bytes: b"hello".to_vec(),
        }),
    }
}

fn scenario() -> Scenario {
    let person = |key: &str, role| Person {
        key: key.into(),
        nickname: key.to_uppercase(),
        role,
    };
    let mia = || Who::Person(0);
    let file = Attachment {
        name: "a.txt".into(),
        content_type: "text/plain".into(),
        description: Some("a text".into()),
        bytes: b"hello".to_vec(),
    };
    Scenario {
        name: "test".into(),
        fingerprint: 1,
        people: vec![
            person("mia", Role::Agent),
            person("jon", Role::Agent),
            person("sue", Role::Supervisor),
        ],
        story: vec![
            step(1_000, Action::Join(mia())),
            step(500, say(mia(), "Hello {visitor}, {agent} here", 1_500)),
            Step {
                when: Some(Trigger::Says(vec!["Order".into()])),
                after_ms: 1_000,
                action: Action::Hold(mia()),
            },
            step(2_000, Action::Return(mia())),
            step(
                0,
                Action::SendFile {
                    who: mia(),
                    file: Arc::new(file),
                },
            ),
            step(
                0,
                Action::PushUrl {
                    who: mia(),
                    url: "https://example.com".into(),
                },
            ),
            step(
                0,
                Action::Notice {
                    who: mia(),
                    text: "note".into(),
                },
            ),
            step(0, Action::Join(Who::Person(2))),
            step(
                0,
                Action::Type {
                    who: Who::Person(2),
                    for_ms: 300,
                },
            ),
            step(
                1_000,
                Action::Transfer {
                    who: mia(),
                    to: Who::Person(1),
                    joins_after_ms: 2_000,
                },
            ),
        ],
        rules: vec![
            Rule {
                when: Trigger::Says(vec!["bye".into()]),
                times: None,
                steps: vec![
                    step(0, say(Who::AnyAgent, "Goodbye", 0)),
                    step(500, Action::End),
                ],
            },
            Rule {
                when: Trigger::Uploads,
                times: Some(1),
                steps: vec![step(0, say(Who::AnyAgent, "Got it", 0))],
            },
            Rule {
                when: Trigger::Says(Vec::new()),
                times: None,
                steps: vec![step(200, say(Who::AnyAgent, "{agent}: {message}", 400))],
            },
        ],
    }
}

#[test]
fn a_scenario_follows_its_time_line() {
    let mut talk = Talk::start();
    let mut director = Director::new(1, Cast::Scenario(Arc::new(scenario())));
    run(&mut talk, &mut director, 4_000);
    assert_eq!(
        at(&talk, |e| e.kind == EventKind::Joined
            && e.from.nickname == "MIA"),
        1_000
    );
    assert_eq!(at(&talk, |e| e.kind == EventKind::TypingStarted), 1_500);
    assert_eq!(at(&talk, |e| e.message().is_some()), 3_000);
    assert_eq!(messages(&talk, Role::Agent), ["Hello Maria, MIA here"]);
    // The story waits for the visitor now, however long that takes.
    run(&mut talk, &mut director, 60_000);
    assert_eq!(messages(&talk, Role::Agent).len(), 1);

    talk.call("send", &[("message", "where is my ORDER?")]);
    run(&mut talk, &mut director, 80_000);
    let left = |reason: LeaveReason| {
        move |e: &Event| {
            e.kind
                == EventKind::Left {
                    reason: reason.clone(),
                }
        }
    };
    assert_eq!(at(&talk, left(LeaveReason::Hold)), 61_000);
    assert_eq!(
        at(&talk, |e| matches!(e.kind, EventKind::FileUploaded { .. })),
        63_000
    );
    assert_eq!(
        at(&talk, |e| matches!(e.kind, EventKind::PushUrl { .. })),
        63_000
    );
    assert_eq!(
        at(&talk, |e| e.from.role == Role::Supervisor
            && e.kind == EventKind::TypingStopped),
        63_300
    );
    assert_eq!(at(&talk, left(LeaveReason::Transfer)), 64_300);
    assert_eq!(
        at(&talk, |e| e.kind == EventKind::Joined
            && e.from.nickname == "JON"),
        66_300
    );
    assert_eq!(
        talk.record().files()[0].user_data["file-description"],
        "a text"
    );
}

#[test]
fn the_story_hears_first_then_the_first_rule_that_matches() {
    let mut talk = Talk::start();
    let mut director = Director::new(1, Cast::Scenario(Arc::new(scenario())));
    run(&mut talk, &mut director, 5_000);
    talk.call("send", &[("message", "nice {weather}")]);
    talk.call("send", &[("message", "is it not")]);
    run(&mut talk, &mut director, 8_000);
    // One answer after the other, with the visitor's braces left alone.
    assert_eq!(
        messages(&talk, Role::Agent)[1..],
        ["MIA: nice {weather}", "MIA: is it not"]
    );
    talk.call("send", &[("message", "my order, bye")]);
    run(&mut talk, &mut director, 9_000);
    assert!(
        talk.record().participant_named("MIA").unwrap().on_hold,
        "the story took it"
    );
    // Nobody is there to answer until somebody comes back.
    talk.call("send", &[("message", "hello?")]);
    run(&mut talk, &mut director, 9_999);
    assert_eq!(messages(&talk, Role::Agent).len(), 3);
    run(&mut talk, &mut director, 20_000);
    assert_eq!(messages(&talk, Role::Agent).last().unwrap(), "MIA: hello?");

    for name in ["a.txt", "b.txt"] {
        talk.upload(name, b"x");
    }
    run(&mut talk, &mut director, 25_000);
    let got = messages(&talk, Role::Agent)
        .iter()
        .filter(|text| *text == "Got it")
        .count();
    assert_eq!(got, 1, "the rule answers once");
    talk.call("send", &[("message", "Bye now")]);
    run(&mut talk, &mut director, 30_000);
    assert_eq!(messages(&talk, Role::Agent).last().unwrap(), "Goodbye");
    assert!(talk.record().end().is_some());
}

#[test]
fn a_visitor_who_goes_by_an_agents_name_is_not_put_words_into_the_mouth() {
    let mut talk = Talk::start();
    talk.call("updateNickname", &[("nickname", "MIA")]);
    let mut director = Director::new(1, Cast::Scenario(Arc::new(scenario())));
    run(&mut talk, &mut director, 4_000);
    assert!(messages(&talk, Role::Visitor).is_empty());
    assert_eq!(messages(&talk, Role::Agent).len(), 1);
}

#[test]
fn a_restarted_server_goes_on_where_the_script_was() {
    let scenario = Arc::new(scenario());
    for cast in [Cast::Automatic, Cast::Scenario(scenario)] {
        let mut talk = Talk::start();
        let mut director = Director::new(1, cast.clone());
        run(&mut talk, &mut director, 6_000);
        talk.call("send", &[("message", "hello")]);
        run(&mut talk, &mut director, 12_000);
        let before = talk.record().events().len();
        let journal = talk.world.take_changes();
        talk.world = World::replay(7, Options::default(), journal);
        let mut director = Director::new(2, cast);
        run(&mut talk, &mut director, 13_000);
        assert_eq!(
            talk.record().events().len(),
            before,
            "nothing is done twice"
        );
        talk.call("send", &[("message", "still there")]);
        run(&mut talk, &mut director, 16_000);
        assert!(
            messages(&talk, Role::Agent)
                .last()
                .unwrap()
                .ends_with("still there")
        );
    }
}

/// A trap that breaks the agent that is the first to send a file, as a bug would.
#[derive(Default)]
struct Trap {
    sprung: u32,
}

impl Blobs for Trap {
    fn put(&mut self, _: &FileId, _: &[u8]) -> std::io::Result<()> {
        self.sprung += 1;
        assert!(self.sprung > 1, "a bug in an agent");
        Ok(())
    }
}

#[test]
fn a_bug_in_one_agent_stops_no_other() {
    let scenario = Scenario {
        story: vec![
            step(0, Action::Join(Who::Person(0))),
            step(0, say(Who::AnyAgent, "Hello", 0)),
            step(0, send_file()),
            step(1_000, say(Who::AnyAgent, "Bye", 0)),
        ],
        rules: Vec::new(),
        ..scenario()
    };
    let mut director = Director::new(1, Cast::Scenario(Arc::new(scenario)));
    let mut world = World::new(1, Options::default());
    let chats = [(); 3].map(|()| world.start_chat(NewChat::default(), 0));
    let mut trap = Trap::default();
    assert_eq!(director.tick(&mut world, &mut trap, 0), Some(1_000));
    assert_eq!(director.tick(&mut world, &mut trap, 1_000), None);
    let mut said: Vec<Vec<&str>> = chats
        .iter()
        .filter_map(|id| world.chat(id))
        .map(|chat| chat.events().iter().filter_map(Event::message).collect())
        .collect();
    said.sort();
    // The one that broke is not begun anew either: it would say the same again and again.
    assert_eq!(
        said,
        [vec!["Hello"], vec!["Hello", "Bye"], vec!["Hello", "Bye"]]
    );
}

/// A store that keeps nothing, as a full disk does.
struct Full;

impl Blobs for Full {
    fn put(&mut self, _: &FileId, _: &[u8]) -> std::io::Result<()> {
        Err(std::io::ErrorKind::StorageFull.into())
    }
}

#[test]
fn a_file_that_could_not_be_kept_is_not_announced() {
    let scenario = Scenario {
        story: vec![
            step(0, Action::Join(Who::Person(0))),
            step(0, send_file()),
            step(0, say(Who::AnyAgent, "Here you are", 0)),
        ],
        rules: Vec::new(),
        ..scenario()
    };
    let mut talk = Talk::start();
    let mut director = Director::new(1, Cast::Scenario(Arc::new(scenario)));
    director.tick(&mut talk.world, &mut Full, talk.now_ms);
    assert_eq!(messages(&talk, Role::Agent), ["Here you are"]);
    assert!(talk.record().files().is_empty());
    let announced = |e: &Event| matches!(e.kind, EventKind::FileUploaded { .. });
    assert!(!talk.record().events().iter().any(announced));
}

#[test]
fn a_chat_of_another_script_is_only_answered() {
    let mut talk = Talk::start();
    run(&mut talk, &mut Director::new(1, Cast::Automatic), 10_000);
    let mut director = Director::new(1, Cast::Scenario(Arc::new(scenario())));
    talk.call("send", &[("message", "before")]);
    run(&mut talk, &mut director, 11_000);
    assert!(messages(&talk, Role::Agent).is_empty());
    talk.call("send", &[("message", "after")]);
    run(&mut talk, &mut director, 20_000);
    assert_eq!(messages(&talk, Role::Agent), ["Agent Emulator: after"]);
    assert!(talk.record().participant_named("MIA").is_none());
}
