//! Services of GMS version 1: a client creates one first; it may wait for an agent, and has at most one chat.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::{ChatId, ServiceId};

/// What a visitor gives to create a service.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewService {
    /// The service's name in the address.
    pub name: String,
    /// Business data: attached to the chat once there is one.
    pub data: BTreeMap<String, String>,
    /// Whether it waits for an agent before a chat can be started.
    pub waits: bool,
    /// Whose push session hears of it (the header `gms_user`), if given.
    pub user: Option<String>,
}

/// How a visitor's program gets news.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// It asks.
    Polled,
    /// It is told (`notify_by=comet`).
    Pushed {
        /// The subscription that hears when the channel breaks (`subscriptionID`), if given.
        subscription: Option<String>,
    },
}

/// How a service's chat is pushed (`notify_by=comet`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Push {
    /// The `_id` of replies whose news go another way.
    pub id: String,
    /// The subscription that hears when the channel breaks (`subscriptionID`), if given.
    pub subscription: Option<String>,
}

/// A service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    id: ServiceId,
    asked: NewService,
    data_id: String,
    available_at_ms: i64,
    user: Option<String>,
    chat: Option<ChatId>,
    push: Option<Push>,
}

/// All services.
#[derive(Debug, Default)]
pub(super) struct Services {
    all: BTreeMap<ServiceId, Service>,
    by_chat: HashMap<ChatId, ServiceId>,
    by_user: HashMap<String, Vec<ServiceId>>,
}

impl Services {
    /// Adds a service.
    pub(super) fn create(
        &mut self,
        id: ServiceId,
        by: NewService,
        data_id: String,
        available_at_ms: i64,
    ) {
        let user = by.user.clone();
        let service = Service {
            id: id.clone(),
            asked: by,
            data_id,
            available_at_ms,
            user: None,
            chat: None,
            push: None,
        };
        self.all.insert(id.clone(), service);
        self.name_user(&id, user);
    }

    /// Ties a chat to its service.
    pub(super) fn start_chat(
        &mut self,
        id: &ServiceId,
        chat: ChatId,
        user: Option<String>,
        push: Option<Push>,
    ) {
        if let Some(service) = self.all.get_mut(id) {
            service.chat = Some(chat.clone());
            service.push = push;
            self.by_chat.insert(chat, id.clone());
            self.name_user(id, user);
        }
    }

    /// Finds a service.
    pub(super) fn find(&self, id: &ServiceId) -> Option<&Service> {
        self.all.get(id)
    }

    /// Finds the service whose chat this is.
    pub(super) fn find_by_chat(&self, chat: &ChatId) -> Option<&Service> {
        self.all.get(self.by_chat.get(chat)?)
    }

    /// Lists a user's services, the oldest first.
    pub(super) fn of_user(&self, user: &str) -> impl Iterator<Item = &Service> {
        let ids = self.by_user.get(user).into_iter().flatten();
        ids.filter_map(|id| self.all.get(id))
    }

    fn name_user(&mut self, id: &ServiceId, user: Option<String>) {
        let (Some(user), Some(service)) = (user, self.all.get_mut(id)) else {
            return;
        };
        if let Some(old) = service.user.replace(user.clone())
            && let Some(services) = self.by_user.get_mut(&old)
        {
            services.retain(|other| other != id);
        }
        self.by_user.entry(user).or_default().push(id.clone());
    }
}

impl Service {
    /// Returns the service's id.
    pub fn id(&self) -> &ServiceId {
        &self.id
    }

    /// Returns what the visitor gave to ask for it.
    pub fn asked(&self) -> &NewService {
        &self.asked
    }

    /// Returns the id of the business data (`_data_id`).
    pub fn data_id(&self) -> &str {
        &self.data_id
    }

    /// Returns whether a chat can be started.
    pub fn is_available(&self, now_ms: i64) -> bool {
        // A service with a chat was available; the system's clock may have been set back since.
        self.chat.is_some() || !self.asked.waits || now_ms >= self.available_at_ms
    }

    /// Returns the id of its chat, once there is one.
    pub fn chat(&self) -> Option<&ChatId> {
        self.chat.as_ref()
    }

    /// Returns whose push session hears of it (`gms_user`), if that is known.
    pub fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }

    /// Returns how its chat is pushed; not at all for one that is polled.
    pub fn push(&self) -> Option<&Push> {
        self.push.as_ref()
    }
}
