//! What visitor, agent and weather do.

use super::*;

impl Storm {
    pub(super) fn visitor_acts(&mut self) {
        let pause = self.dice.within(200, 12_000);
        self.plan(pause, Happening::Visitor);
        let awake = self.awake();
        if awake.is_empty() {
            return;
        }
        let page = awake[self.dice.within(0, awake.len() as u64) as usize];
        match self.dice.within(0, 12) {
            0 => self.input(page, Input::Command(Command::Draft("I am typi".into()))),
            1 => self.input(page, Input::Visibility(Visibility::Hidden)),
            2 => self.look_at(page),
            3 => self.input(
                page,
                Input::Command(ChatCommand::Rename("Ada L.".into()).into()),
            ),
            4 => self.input(page, Input::Command(Command::TryNow)),
            _ => {
                if self.pages.len() > 1 {
                    self.look_at(page);
                }
                self.say(page);
            }
        }
    }

    /// The visitor looks at a tab. Most often it hides the others.
    pub(super) fn look_at(&mut self, page: u32) {
        for other in self.awake() {
            if other != page && self.dice.percent(80) {
                self.input(other, Input::Visibility(Visibility::Hidden));
            }
        }
        self.input(page, Input::Visibility(Visibility::Visible));
    }

    pub(super) fn say(&mut self, page: u32) {
        let chatting = |page: &mut Page| page.session.state().phase == Phase::Chatting;
        if !self.page(page).is_some_and(chatting) {
            return;
        }
        let number = self.typed.len();
        let letter = |n: usize| char::from(b'a' + u8::try_from(n % 26).unwrap_or(0));
        let tag: String = [letter(number / 676), letter(number / 26), letter(number)]
            .iter()
            .collect();
        let spaces = if self.dice.percent(20) { " \n" } else { "" };
        let text = format!("card {tag} 4111 {number}{spaces}");
        self.typed.push(Typed {
            text: text.clone(),
            page,
            durable: false,
            tainted: false,
            has_two_senders: false,
            waits_for_page: false,
            left: Vec::new(),
            turned_away: 0,
            retried: false,
        });
        self.tally.typed += 1;
        self.input(page, Input::Command(Command::Say(text)));
    }

    pub(super) fn agent_acts(&mut self) {
        let pause = self.dice.within(500, 9_000);
        self.plan(pause, Happening::Agent);
        let Some(chat) = self.chat.clone() else {
            return;
        };
        if !self.server_up {
            return;
        }
        let now = self.server_clock();
        self.world.tick(now);
        let world = &mut self.world;
        // A chat that has ended takes nothing more: that is the agent's luck.
        match (self.agent, self.dice.within(0, 10)) {
            (None, _) => self.agent = world.join(&chat, "Grace", Role::Agent, now).ok(),
            (Some(agent), 0) => drop(world.typing(&chat, agent, true, now)),
            (Some(agent), 1) => {
                let _ = world.hold(&chat, agent, now);
                self.agent = None;
            }
            (Some(_), 2) => drop(world.hidden(&chat, now)),
            (Some(_), 3) => drop(world.change_alias(&chat)),
            // To `gws` a page is but another message.
            (Some(agent), 4) if self.dialect != DialectKind::Gws => {
                let _ = world.push_url(&chat, agent, "https://example.org/", now);
            }
            (Some(agent), _) => {
                self.agent_words += 1;
                let _ = world.say(&chat, agent, &format!("word {}", self.agent_words), now);
            }
        }
        self.journal.extend(self.world.take_changes());
    }

    pub(super) fn weather(&mut self) {
        let mut pause = self.dice.within(2_000, 25_000);
        let at = self.dice.within(0, self.pages.len() as u64) as usize;
        let page = self.pages[at].id;
        match self.dice.within(0, if self.most_tabs > 1 { 13 } else { 9 }) {
            0 | 1 => {
                self.note(&format!("tab {page} is reloaded"));
                self.reload(page);
            }
            2 => self.pages[at].crash_after = Some(self.dice.within(0, 30)),
            3 if !self.pages[at].frozen => self.freeze(page),
            3 => {}
            9..11 if self.pages.len() < self.most_tabs => {
                self.tally.opened += 1;
                self.open_tab();
            }
            9..13 if self.pages.len() > 1 => {
                self.note(&format!("tab {page} is closed"));
                check::note_close(self, page);
                self.close(page);
            }
            9..13 => {}
            4 => {
                let jump = self.dice.within(0, 7_200_000) as i64 - 3_600_000;
                self.note(&format!("the wall clock jumps by {jump} ms"));
                self.wall_jump += jump;
            }
            5 => {
                let length = self.dice.within(1_000, 40_000);
                let happening = if self.dice.percent(70) {
                    Happening::Offline
                } else {
                    Happening::SaysOffline
                };
                self.happen(happening(true));
                self.plan(length, happening(false));
            }
            6 if self.dice.percent(50) => {
                let mut length = self.dice.within(2_000, 30_000);
                if self.dice.percent(30) {
                    // Only a page that is left alone for so long loses its patience.
                    length += 90_000;
                    pause = length;
                }
                self.note(&format!("the server takes no messages for {length} ms"));
                self.full_until = self.now + length;
            }
            6 if self.storage_fails => {
                let length = self.dice.within(500, 15_000);
                self.happen(Happening::Storage(true));
                self.plan(length, Happening::Storage(false));
            }
            _ => {
                let length = self.dice.within(0, 20_000);
                self.note(&format!("the server is killed for {length} ms"));
                self.server_up = false;
                for (_, (page, id, _)) in std::mem::take(&mut self.held) {
                    if self.dice.percent(70) {
                        self.deliver(page, id, Fate::Fine, Some(Err(Failure::Unreachable)));
                    }
                }
                self.plan(length, Happening::ServerUp);
            }
        }
        self.plan(pause, Happening::Weather);
    }

    pub(super) fn freeze(&mut self, page: u32) {
        let length = self.dice.within(1_000, 100_000);
        self.note(&format!("tab {page} freezes for {length} ms"));
        self.input(page, Input::Visibility(Visibility::Hidden));
        let clock_stops = self.dice.percent(50);
        let now = self.now;
        if let Some(page) = self.page(page) {
            page.freeze(now, clock_stops);
        }
        self.plan(length, Happening::Thaw { page });
    }

    pub(super) fn restart_server(&mut self) {
        self.note("the server is back");
        self.server_up = true;
        self.tally.restarts += 1;
        let journal = self.journal.clone();
        self.world = World::replay(
            self.seed + self.tally.restarts,
            self.options.clone(),
            journal,
        );
        self.broker = Broker::new(self.seed + self.tally.restarts, cometd::Options::default());
        self.world.tick(self.server_clock());
    }
}
