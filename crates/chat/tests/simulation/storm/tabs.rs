//! The visitor's tabs: how they open, join, lead and hear each other.

use super::*;

impl Storm {
    /// Loads a page anew, from what the storage has.
    pub(super) fn reload(&mut self, page: u32) {
        self.tally.reloads += 1;
        let own = self.close(page);
        self.load(own);
    }

    /// Opens a tab beside those that are there.
    pub(super) fn open_tab(&mut self) {
        self.load(Storage::default());
    }

    pub(super) fn load(&mut self, own: Storage) {
        if !self.in_step && !self.pages.is_empty() {
            check::note_another_sender(self);
        }
        self.generation += 1;
        let id = self.generation;
        let mut settings = settings(self.dialect);
        settings.tab = format!("t{id}");
        if self.in_step {
            settings.role = TabRole::Follows;
        }
        let seed = self.dice.roll();
        let mono_start = self.dice.within(0, 5_000_000);
        let mut page = Page::new(
            id,
            Session::new(settings.clone(), seed),
            self.now,
            mono_start,
        );
        let now = page.clocks(self.now, self.wall_jump);
        let records = [self.storage.all(), own.all()].concat();
        page.session = Session::restore(settings, seed, records, now);
        page.own = own;
        page.leads = !self.in_step;
        self.pages.push(page);
        self.note(&format!("tab {id} is there"));
        self.carry_out(id);
        self.input(id, Input::Command(Command::Panel(Panel::Open)));
    }

    /// Follows what a page shows: with a chat it gets the code to keep step, most often soon.
    pub(super) fn follow_state(&mut self, id: u32, state: &State) {
        let (in_step, others) = (self.in_step, self.pages.len() > 1);
        let Some(page) = self.page(id) else { return };
        if !in_step || page.joins == Joins::Done {
            return;
        }
        page.leads = state.role == TabRole::Leads;
        if !state.phase.is_open() {
            return;
        }
        let is_alone = page.leads && page.joins == Joins::Soon && others;
        if page.joins == Joins::No {
            page.joins = Joins::Soon;
            let delay = match self.dice.within(0, 20) {
                // What its server pushes to one tab, another never sees.
                _ if self.dialect == DialectKind::GmsV1Cometd => 0,
                0..4 => self.dice.within(300, 5_000),
                _ => self.dice.within(0, 300),
            };
            self.plan(delay, Happening::Join { page: id });
        } else if is_alone {
            // It has waited long enough for that code.
            check::note_another_sender(self);
        }
    }

    /// Keeps a page in step with the others: it leads if no other has the lock.
    pub(super) fn join(&mut self, id: u32) {
        let (now, wall_jump) = (self.now, self.wall_jump);
        let is_free = self.browser.holder.is_none();
        let Some(page) = self.page(id) else { return };
        if page.frozen {
            self.plan(100, Happening::Join { page: id });
            return;
        }
        let role = if is_free {
            TabRole::Leads
        } else {
            TabRole::Follows
        };
        page.leads = is_free;
        page.joins = Joins::Done;
        let now = page.clocks(now, wall_jump);
        page.session.join_tabs(&TAB_SYNC, role, now);
        self.note(&format!("tab {id} joins: {role:?}"));
        if is_free {
            self.browser.holder = Some(id);
        } else {
            self.browser.queue.push_back(id);
        }
        self.carry_out(id);
    }

    /// Shows the other pages that one has stored a chat.
    pub(super) fn show_store(&mut self, by: u32) {
        for page in self.ids() {
            if page != by && self.in_step {
                let delay = self.dice.within(1, 20);
                self.plan(delay, Happening::Stored { page });
            }
        }
    }

    /// Closes a page. Returns what is only its own.
    pub(super) fn close(&mut self, page: u32) -> Storage {
        check::note_reload(self);
        let at = self.pages.iter().position(|there| there.id == page);
        let gone = self.pages.remove(at.expect("it is there"));
        if gone.joins != Joins::Done {
            let typed = self.typed.iter_mut().filter(|typed| typed.page == page);
            typed.for_each(|typed| typed.waits_for_page = true);
        }
        self.browser.queue.retain(|waiting| *waiting != page);
        if self.browser.holder == Some(page) {
            self.browser.holder = None;
            self.grant(self.now);
        }
        gone.own
    }

    /// Gives a lock that is free to the next page that waits. `since` is when its holder died, if it did.
    pub(super) fn grant(&mut self, since: u64) {
        if self.browser.holder.is_some() {
            return;
        }
        let Some(page) = self.browser.queue.pop_front() else {
            return;
        };
        self.browser.holder = Some(page);
        let delay = self.dice.within(1, 200);
        self.tell_role(page, TabRole::Leads, delay);
        if since > 0 {
            self.plan(2_000, Happening::TakenOver { page, since });
        }
    }

    /// Takes the lock from whichever page has it.
    pub(super) fn steal(&mut self, thief: u32) {
        if self.browser.holder == Some(thief) {
            return;
        }
        if let Some(page) = self.browser.holder.replace(thief) {
            self.browser.queue.push_back(page);
            let delay = self.dice.within(1, 20);
            self.tell_role(page, TabRole::Follows, delay);
        }
        self.browser.queue.retain(|waiting| *waiting != thief);
        let delay = self.dice.within(1, 20);
        self.tell_role(thief, TabRole::Leads, delay);
    }

    /// Tells a page its part; in the order in which the browser gave it.
    pub(super) fn tell_role(&mut self, page: u32, role: TabRole, delay: u64) {
        if let Some(page) = self.page(page) {
            page.roles.push_back(role);
        }
        self.plan(delay, Happening::Role { page });
    }

    /// Tells the other pages something. What one page says is heard in its order.
    pub(super) fn tell(&mut self, from: u32, message: &TabMessage) {
        if self.log {
            self.note(&format!("  tab {from} tells {}", message.0));
        }
        for page in self.ids() {
            if page == from || !self.in_step {
                continue;
            }
            let way = self.dice.within(1, 60);
            let at = self.browser.next_mail(from, page, self.now + way);
            let message = message.clone();
            self.plan_at(at, Happening::Heard { page, message });
        }
    }
}
