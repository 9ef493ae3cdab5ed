//! What the tabs say to each other: one JSON object a message.

use super::Session;
use crate::dialect::json::{self, Object, Value};
use crate::io::{Output, TabMessage};
use crate::model::{EventIndex, TabRole};
use crate::records::{self, DRAFT};

/// The form of messages that is spoken today. Others are not heard.
const VERSION: u64 = 1;

impl Session {
    /// Handles what another tab says.
    pub(super) fn on_message_of_tab(&mut self, message: &TabMessage) {
        let Some(said) = json::parse_object(&message.0) else {
            return;
        };
        let known = json::count(&said, "v") == Some(VERSION);
        let from = json::text(&said, "tab").unwrap_or_default();
        if !known || from == self.settings.tab {
            return;
        }
        self.tabs.has_company = true;
        self.tabs.has_senders |= json::truth(&said, "senders") == Some(true);
        let leads = self.role == TabRole::Leads;
        if said.contains_key("news") && !leads {
            self.on_news(from, &said);
        } else if let (true, Some(number)) = (leads, json::count(&said, "ask")) {
            let mine = json::text(&said, "to").is_some_and(|to| to == self.settings.tab);
            self.tabs.is_followed = true;
            if json::truth(&said, "reads") == Some(true) {
                self.tabs.read_at = Some(self.now.moment);
            }
            self.tell_news(!mine || number != self.tabs.number);
        } else if let (true, Some(name)) = (leads, json::text(&said, "say")) {
            self.on_handed(&said, name);
        } else if let (true, Some(seen)) = (leads, json::count(&said, "seen")) {
            self.on_seen(EventIndex(seen));
        } else if let Some(draft) = said.get("draft").and_then(Value::as_str) {
            let base = json::text(&said, "base").unwrap_or_default();
            self.on_shared_draft(draft, &base);
        }
    }

    /// Says that this tab leads: whoever follows asks now.
    pub(super) fn greet(&mut self) {
        let mut hello = self.message();
        json::put(&mut hello, "news", 0);
        self.tell(&hello);
    }

    /// Asks the leader what there is, if it was not asked just now.
    pub(super) fn ask_leader(&mut self) {
        self.tabs.asked_at = self.now.moment;
        let mut ask = self.message();
        json::put(&mut ask, "ask", self.tabs.number);
        json::put(&mut ask, "reads", self.is_looking());
        self.tell(&ask);
    }

    /// Hands over what was said here while another tab leads.
    pub(super) fn hand_over(&mut self) {
        if self.role == TabRole::Leads {
            return;
        }
        for entry in core::mem::take(&mut self.tabs.said) {
            self.hand(entry, true);
        }
    }

    /// Hands a message to the leader; it is new if no leader had it before.
    pub(super) fn hand(&mut self, entry: crate::timeline::EntryId, is_new: bool) {
        let name = self
            .outbox
            .find(entry)
            .map(|outgoing| outgoing.name.clone());
        if let (Some(name), Some(value)) = (name, self.message_value(entry)) {
            let mut say = self.message();
            json::put(&mut say, "say", name);
            json::put(&mut say, "value", value);
            json::put(&mut say, "new", is_new);
            self.tell(&say);
        }
    }

    /// Tells the leader how far the visitor has seen the transcript.
    pub(super) fn tell_leader_what_is_seen(&mut self, seen: EventIndex) {
        if seen > self.tabs.seen {
            self.tabs.seen = seen;
            let mut message = self.message();
            json::put(&mut message, "seen", seen.0);
            self.tell(&message);
        }
    }

    /// Tells the other tabs what the visitor types, along with what that was typed after.
    pub(super) fn share_draft(&mut self) {
        let draft = self.draft.as_str();
        if draft == self.tabs.draft {
            return;
        }
        let draft = draft.to_owned();
        let base = core::mem::replace(&mut self.tabs.draft, draft.clone());
        if self.lifecycle.is_chatting() && (self.role == TabRole::Follows || self.tabs.has_company)
        {
            let mut message = self.message();
            json::put(&mut message, "draft", draft);
            json::put(&mut message, "base", base);
            self.tell(&message);
        }
    }

    /// Takes over what is typed in another tab, unless that would lose what was typed here.
    fn on_shared_draft(&mut self, draft: &str, base: &str) {
        let own = self.draft.as_str();
        if self.lifecycle.is_chatting() && (own == base || own.is_empty()) {
            self.on_draft(draft.into());
            self.draft.set(draft.into());
            self.tabs.draft = draft.into();
            // The tab in which it is typed has stored it, and by now perhaps more.
            self.stored.retain(|(name, _)| name != DRAFT);
            if !draft.is_empty() {
                let value = records::write(&self.settings.scope(), &self.tabs.draft);
                self.stored.push((DRAFT.into(), Some(value)));
            }
        }
    }

    /// Begins a message, to the leader that is known or to all.
    pub(super) fn message(&self) -> Object {
        let mut message = Object::new();
        json::put(&mut message, "v", VERSION);
        json::put(&mut message, "tab", self.settings.tab.as_str());
        json::put(&mut message, "to", self.tabs.leader.as_str());
        if self.tabs.has_senders {
            json::put(&mut message, "senders", true);
        }
        message
    }

    pub(super) fn tell(&mut self, message: &Object) {
        let message = TabMessage(json::write(message));
        self.outputs.push_back(Output::TellTabs(message));
    }
}
