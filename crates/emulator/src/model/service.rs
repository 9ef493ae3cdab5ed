//! What GMS version 1 calls a service: it is asked for first, may wait for an agent, and has at most one chat.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::change::Step;
use super::{Change, ChatId, NewChat, ServiceId, World};

const ID: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const ID_LENGTH: usize = 32;

/// Is what a visitor gives to ask for a service.
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

/// Says how a visitor's program wants to hear of news.
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

/// Tells that a service's chat is pushed rather than polled (`notify_by=comet`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Push {
    /// The `_id` of replies whose news go another way.
    pub id: String,
    /// The subscription that hears when the channel breaks (`subscriptionID`), if given.
    pub subscription: Option<String>,
}

/// Is one service.
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

/// Tells how a service changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ServiceStep {
    Created {
        by: NewService,
        data_id: String,
        available_at_ms: i64,
    },
    ChatStarted {
        chat: ChatId,
        user: Option<String>,
        push: Option<Push>,
    },
}

/// Holds all services.
#[derive(Debug, Default)]
pub(super) struct Services {
    all: BTreeMap<ServiceId, Service>,
    by_chat: HashMap<ChatId, ServiceId>,
    by_user: HashMap<String, Vec<ServiceId>>,
}

impl World {
    /// Takes in what a visitor asks for; a service that waits will find an agent within the time that is set for it.
    pub fn create_service(&mut self, by: NewService, now_ms: i64) -> ServiceId {
        let id = self.draw_service_id(by.waits);
        let within = super::world::millis(self.options().agent_within);
        let wait_ms = if by.waits {
            // At least a moment: whoever waits is told so once.
            let drawn = self.rng.below(u64::try_from(within).unwrap_or(0));
            i64::try_from(drawn).unwrap_or(0).max(1)
        } else {
            0
        };
        let data_id = format!("{}-{}", self.rng.below(1_000), self.draw_uuid());
        let step = ServiceStep::Created {
            by,
            data_id,
            available_at_ms: now_ms.saturating_add(wait_ms),
        };
        self.commit_service(&id, step);
        id
    }

    /// Starts the chat of a service, or finds the one that it has: a lost reply must not ring twice. `user` takes the place
    /// of the service's own, if given.
    pub fn start_service_chat(
        &mut self,
        service: &ServiceId,
        by: NewChat,
        user: Option<String>,
        delivery: Delivery,
        now_ms: i64,
    ) -> ChatId {
        if let Some(chat) = self.service(service).and_then(Service::chat) {
            return chat.clone();
        }
        let push = match delivery {
            Delivery::Polled => None,
            Delivery::Pushed { subscription } => Some(Push {
                id: self.rng.word(ID, ID_LENGTH),
                subscription,
            }),
        };
        let chat = self.start_chat(by, now_ms);
        let step = ServiceStep::ChatStarted {
            chat: chat.clone(),
            user,
            push,
        };
        self.commit_service(service, step);
        chat
    }

    /// Finds a service.
    pub fn service(&self, id: &ServiceId) -> Option<&Service> {
        self.services.all.get(id)
    }

    /// Finds the service whose chat this is.
    pub fn service_of(&self, chat: &ChatId) -> Option<&Service> {
        let id = self.services.by_chat.get(chat)?;
        self.services.all.get(id)
    }

    /// Lists the services of which a user's push session hears, the oldest first.
    pub fn services_of_user(&self, user: &str) -> impl Iterator<Item = &Service> {
        let ids = self.services.by_user.get(user).into_iter().flatten();
        ids.filter_map(|id| self.services.all.get(id))
    }

    fn commit_service(&mut self, service: &ServiceId, step: ServiceStep) {
        let change = Change(Step::Service {
            service: service.clone(),
            step,
        });
        self.journal.push(change.clone());
        self.apply(change);
    }

    fn draw_service_id(&mut self, waits: bool) -> ServiceId {
        loop {
            // They look like the samples: a7e6ed0b-0380-4223-97f8-b3c7d93205e8, EKUJPKAQ197CFA6SJQKTJO3DBG00001M.
            let id = ServiceId::new(if waits {
                self.rng.word(ID, ID_LENGTH)
            } else {
                self.draw_uuid()
            });
            if !self.services.all.contains_key(&id) {
                return id;
            }
        }
    }
}

impl Services {
    /// Applies a step. Steps that make no sense here (a damaged journal) are skipped rather than fatal.
    pub(super) fn apply(&mut self, id: ServiceId, step: ServiceStep) {
        match step {
            ServiceStep::Created {
                by,
                data_id,
                available_at_ms,
            } => {
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
            ServiceStep::ChatStarted { chat, user, push } => {
                if let Some(service) = self.all.get_mut(&id) {
                    service.chat = Some(chat.clone());
                    service.push = push;
                    self.by_chat.insert(chat, id.clone());
                    self.name_user(&id, user);
                }
            }
        }
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
    /// Gives the service's id.
    pub fn id(&self) -> &ServiceId {
        &self.id
    }

    /// Shows what the visitor gave to ask for it.
    pub fn asked(&self) -> &NewService {
        &self.asked
    }

    /// Gives the id of the business data (`_data_id`).
    pub fn data_id(&self) -> &str {
        &self.data_id
    }

    /// Tells whether a chat can be started.
    pub fn is_available(&self, now_ms: i64) -> bool {
        // With a chat it was: the clock may have been set back since.
        self.chat.is_some() || !self.asked.waits || now_ms >= self.available_at_ms
    }

    /// Names its chat, once there is one.
    pub fn chat(&self) -> Option<&ChatId> {
        self.chat.as_ref()
    }

    /// Tells whose push session hears of it (`gms_user`), if that is known.
    pub fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }

    /// Tells how its chat is pushed; not at all for one that is polled.
    pub fn push(&self) -> Option<&Push> {
        self.push.as_ref()
    }
}
