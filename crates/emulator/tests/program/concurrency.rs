//! Many at once.

use std::thread;

use crate::emulator::{Emulator, Folder};

#[test]
fn many_visitors_talk_at_once_and_each_finds_only_their_own_words() {
    let folder = Folder::new();
    let emulator = Emulator::on(&folder);
    thread::scope(|scope| {
        for nth in 0..40 {
            let emulator = &emulator;
            scope.spawn(move || {
                let visitor = emulator.visitor(&format!("V{nth}"));
                let words: Vec<String> = (0..10).map(|word| format!("{nth}: {word}")).collect();
                for word in &words {
                    visitor.say(word);
                }
                assert_eq!(visitor.texts(), words);
            });
        }
    });
    assert_eq!(emulator.get("/health").json()["live"], 40);
}
