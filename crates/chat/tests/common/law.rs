//! The crate's law: how outputs are carried out, and what each of them must keep to.

use super::*;

impl Rig {
    pub(super) fn drain(&mut self) {
        loop {
            while let Some(output) = self.session.poll() {
                self.carry_out(output);
            }
            let Some(bad_news) = self.unstored.pop() else {
                break;
            };
            self.session.handle(bad_news, self.now);
        }
        assert_eq!(
            self.mirror,
            self.session.timeline().entries(),
            "the changes make another timeline"
        );
        if let Some(shown) = &self.shown {
            assert_eq!(
                shown,
                self.session.state(),
                "a change of state was not told"
            );
        }
    }

    fn carry_out(&mut self, output: Output) {
        match output {
            Output::Request(request) => self.leave(request),
            Output::Abort(id) => {
                let request = self.pending.remove(&id);
                self.aborted
                    .push(request.expect("only what is under way is given up"));
            }
            Output::Wake(at) => {
                assert!(
                    at.is_none_or(|at| at > self.now.moment),
                    "a wake-up at {at:?} does not lie after {:?}",
                    self.now.moment
                );
                self.wake = at;
            }
            Output::Store(record) => self.store(record),
            Output::TellTabs(word) => self.told.push(word),
            Output::TakeLead => self.wants_lead = true,
            Output::ReadRecords => {
                let records = self.storage.values().cloned().collect();
                self.unstored.push(Input::Records(records));
            }
            Output::Timeline(change) => self.change(change),
            Output::State(state) => self.shown = Some(*state),
            Output::Draft(text) => self.composer = text,
            Output::Release(handle) => {
                assert!(
                    self.files.remove(&handle),
                    "{handle:?} was never given, or is released twice"
                );
            }
            Output::WrongDialect { likely, .. } => self.wrong_dialects.push(likely),
            Output::Incoming(item) => self.incoming.push(show::line_of(&item)),
        }
    }

    fn change(&mut self, change: Change) {
        match change {
            Change::Insert { at, entry } => self.mirror.insert(at, entry),
            Change::Update { at, entry } => {
                let old = self.mirror.get_mut(at).expect("an entry to update");
                assert_eq!(old.id, entry.id, "an update changes no identity");
                *old = entry;
            }
            Change::Remove { at, id } => {
                let gone = self.mirror.remove(at);
                assert_eq!(gone.id, id, "another entry stands there");
            }
            Change::Clear => self.mirror.clear(),
        }
    }

    fn store(&mut self, record: Record) {
        let name = record.name.0.clone();
        if !self.storage_works {
            self.unstored.push(Input::StorageFailed(record.name));
            return;
        }
        if let Some(left) = &mut self.stores_left {
            let Some(fewer) = left.checked_sub(1) else {
                return;
            };
            *left = fewer;
        }
        match record.value {
            Some(_) => self.storage.insert(name, record),
            None => {
                self.storage
                    .retain(|key, kept| key != &name || kept.keep != record.keep);
                // This tab's copy goes with it.
                self.storage.remove(&["copy of ", &name].concat())
            }
        };
    }

    fn leave(&mut self, request: Request) {
        let visitor = Some(&self.settings.visitor).filter(|visitor| !visitor.is_empty());
        for secret in self.secrets.iter().chain(visitor) {
            assert!(!request.url.contains(secret), "a key in {}", request.url);
        }
        let read_by_get = self.settings.dialect == DialectKind::Gws && request.body == Body::Empty;
        assert_eq!(request.method, if read_by_get { "GET" } else { "POST" });
        assert!(request.url.starts_with(SERVER), "{}", request.url);
        assert!(request.deadline > Duration::ZERO);
        if let Body::Upload { file, .. } = &request.body {
            assert!(self.files.contains(file), "{file:?} is released already");
        }
        self.check_stored(&request);
        let operation = operation_of(&request);
        self.log.push((self.now.moment, request.clone()));
        self.pending.insert(request.id, request);
        if matches!(operation.as_str(), "refresh" | "send" | "start" | "poll") {
            // Panics if there are two.
            self.request(&operation);
        }
        let published = self
            .pending
            .values()
            .filter(|other| line::is_message(other));
        assert!(published.count() < 2, "two messages are under way");
    }

    /// Were the page to die now, the next one must have all that this request stands on.
    fn check_stored(&self, request: &Request) {
        let operation = operation_of(request);
        if matches!(operation.as_str(), "start" | "poll" | "goodbye") || !self.storage_works {
            return;
        }
        let records = self.storage.values().cloned();
        let mut settings = self.settings.clone();
        settings.role = TabRole::Leads;
        let mut heir = Session::restore(settings, 7, records, start_of_page());
        let mut asked = None;
        let mut polls = 0;
        let makings = line::line_of(self.settings.dialect).len();
        while let Some(output) = heir.poll() {
            let Output::Request(request) = output else {
                continue;
            };
            if operation_of(&request) == "poll" && polls < makings {
                // It says nothing before there is a line to say it on.
                polls += 1;
                let response = http(200, &line::reply(&request, &[]).to_string());
                let id = request.id;
                heir.handle(Input::Reply { id, response }, start_of_page());
            } else {
                asked = asked.or(identity(&request));
            }
        }
        assert_eq!(
            asked,
            identity(request),
            "the keys of {operation} are stored before it leaves"
        );
        if operation == "send" {
            let text = field(request, "message")
                .or(field(request, "text"))
                .unwrap();
            let has = |entry: &Entry| matches!(&entry.item, Item::Message { text: kept, .. } if *kept == text);
            assert!(
                heir.timeline().entries().iter().any(has),
                "{text:?} is stored before it leaves"
            );
        }
    }

    pub(super) fn note_secrets(&mut self, body: &str) {
        let Ok(reply) = serde_json::from_str::<Value>(body) else {
            return;
        };
        let pushed = reply.as_array().into_iter().flatten();
        for reply in pushed.map(|message| &message["data"]).chain([&reply]) {
            for key in ["secureKey", "userId", "alias"] {
                let secret = reply[key].as_str().filter(|secret| !secret.is_empty());
                self.secrets.extend(secret.map(ToOwned::to_owned));
            }
        }
    }
}
