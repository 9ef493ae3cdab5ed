//! Some tabs in one browser: they share the storage and hear each other.

use std::collections::BTreeMap;

use crate::common::*;
use parlour_chat::{Input, Keep, Record, Settings, TabMessage, TabRole};

pub struct Browser {
    pub tabs: Vec<Rig>,
    shared: BTreeMap<String, Record>,
    /// Whether tabs hear each other.
    pub heard: bool,
    /// Everything that was said.
    pub said: Vec<String>,
}

/// Settings of the tab of this number.
pub fn tab(number: usize, settings: Settings) -> Settings {
    Settings {
        tab: format!("t{number}"),
        role: TabRole::Follows,
        ..settings
    }
}

impl Browser {
    /// A chat with an agent in the first of so many tabs, which leads; the others were opened after that.
    pub fn chatting(tabs: usize) -> Self {
        Self::chatting_with(tabs, settings())
    }

    pub fn chatting_with(tabs: usize, settings: Settings) -> Self {
        let mut browser = Self::idle_with(1, &settings);
        browser.act(0, |rig| {
            rig.start();
            rig.answer("start", started());
            rig.answer("refresh", transcript(&[own_join(1)], 2));
            rig.answer_rest();
            rig.panel(parlour_chat::Panel::Open);
            rig.refresh(&[agent_joins(2)], 3);
        });
        for _ in 1..tabs {
            browser.open(&settings);
        }
        browser
    }

    /// Tabs without a chat, of which the first leads.
    pub fn idle(tabs: usize) -> Self {
        Self::idle_with(tabs, &settings())
    }

    fn idle_with(tabs: usize, settings: &Settings) -> Self {
        let mut browser = Self {
            tabs: Vec::new(),
            shared: BTreeMap::new(),
            heard: true,
            said: Vec::new(),
        };
        for _ in 0..tabs {
            browser.open(settings);
        }
        browser.act(0, |rig| rig.role(TabRole::Leads));
        browser
    }

    /// A browser in which this tab is open.
    pub fn around(rig: Rig) -> Self {
        let shared = rig.storage.iter();
        let shared = shared.filter(|(_, record)| record.keep == Keep::ForVisitor);
        Self {
            shared: shared
                .map(|(name, record)| (name.clone(), record.clone()))
                .collect(),
            tabs: vec![rig],
            heard: true,
            said: Vec::new(),
        }
    }

    /// Opens a tab that follows.
    pub fn open(&mut self, settings: &Settings) {
        let number = self.tabs.len();
        let stored = self.shared.clone();
        self.tabs
            .push(Rig::restored(tab(number, settings.clone()), stored));
        self.act(number, |rig| rig.join(TabRole::Follows));
        self.act(number, |rig| rig.panel(parlour_chat::Panel::Open));
    }

    /// Lets something happen in a tab, and the others hear of it.
    pub fn act<T>(&mut self, number: usize, act: impl FnOnce(&mut Rig) -> T) -> T {
        let rig = &mut self.tabs[number];
        let own = rig.storage.values().cloned();
        let own = own.filter(|record| record.keep == Keep::ForTab);
        let own: Vec<_> = own.map(|record| (record.name.0.clone(), record)).collect();
        rig.storage.clone_from(&self.shared);
        rig.storage.extend(own);
        let result = act(rig);
        let shared = rig.storage.iter();
        let shared = shared.filter(|(_, record)| record.keep == Keep::ForVisitor);
        self.shared = shared
            .map(|(name, record)| (name.clone(), record.clone()))
            .collect();
        let told = std::mem::take(&mut rig.told);
        self.said.extend(told.iter().map(|word| word.0.clone()));
        for word in told {
            self.hear(number, &word);
        }
        result
    }

    fn hear(&mut self, from: usize, word: &TabMessage) {
        for other in 0..self.tabs.len() {
            if self.heard && other != from {
                self.act(other, |rig| rig.input(Input::TabMessage(word.clone())));
            }
        }
    }

    /// The lock goes from one tab to another.
    pub fn pass_lead(&mut self, from: usize, to: usize) {
        self.act(from, |rig| rig.role(TabRole::Follows));
        self.act(to, |rig| {
            rig.wants_lead = false;
            rig.role(TabRole::Leads);
        });
        self.pass(to, millis(200));
    }

    /// A tab dies at once. Which it was is the last from now on, and hears no more.
    pub fn kill(&mut self, number: usize) -> Rig {
        self.tabs.remove(number)
    }

    /// Lets time pass in a tab.
    pub fn pass(&mut self, number: usize, wait: std::time::Duration) {
        self.act(number, |rig| rig.advance(wait));
    }

    pub fn say(&mut self, number: usize, text: &str) {
        self.act(number, |rig| rig.say(text));
    }

    /// Answers what a tab has asked for, once it has.
    pub fn answer(&mut self, number: usize, operation: &str, reply: serde_json::Value) {
        self.act(number, |rig| rig.answer_next(operation, reply));
    }

    /// What all tabs show; fails unless it is the same.
    pub fn lines(&self) -> Vec<String> {
        let first = self.tabs[0].lines();
        for rig in &self.tabs {
            assert_eq!(rig.lines(), first, "not all tabs show the same");
        }
        first
    }
}
