use std::cell::RefCell;

use parlour_chat::FormAnswers;
use parlour_config::{Role, Table};
use parlour_json::{Json, Object};

use super::field::Slot;
use super::is_tick;
use crate::components::Ui;
use crate::components::dom::effect;

/// Holds what was filled in, by field name: it outlives the form, which comes and goes.
pub(in crate::components) struct Answers {
    ui: Ui,
    values: RefCell<Table<String>>,
}

/// Is the value of a ticked field that has none of its own.
const TICKED: &str = "true";

impl Answers {
    /// Begins with what was remembered, and for the rest with what the tenant filled in.
    pub(in crate::components) fn new(ui: Ui) -> Self {
        let remembered = ui
            .store()
            .actor()
            .and_then(|actor| actor.remembered_answers());
        let remembered = remembered.and_then(|json| parlour_json::parse(&json).ok());
        let remembered = remembered.as_ref().and_then(Json::as_object);
        let mut values = Table::default();
        for (name, value) in remembered.into_iter().flat_map(Object::iter) {
            values.insert(name, value.as_str().unwrap_or_default().into());
        }
        ui.config(|config| {
            for field in &config.form.fields {
                let value = field.value.as_ref().filter(|_| !is_tick(field.kind));
                if let (Some(value), false) = (value, values.contains(&field.name)) {
                    values.insert(&field.name, value.clone());
                }
            }
        });
        effect(move || {
            if let (true, Some(actor)) = (ui.is_open(), ui.store().actor()) {
                // They were remembered in case the form had to be filled in again.
                actor.remember_answers(None);
            }
        });
        Self {
            ui,
            values: RefCell::new(values),
        }
    }

    /// Returns a field's value; nothing if it is empty or not ticked.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        self.values.borrow().get(name).cloned()
    }

    /// Takes in a field's value.
    pub(super) fn set(&self, slot: &Slot, value: String) {
        self.values.borrow_mut().insert(&slot.field.name, value);
        self.remember();
    }

    /// Takes in whether a field is ticked.
    pub(super) fn tick(&self, slot: &Slot, ticked: bool) {
        if ticked {
            let own = slot.field.value.clone();
            return self.set(slot, own.unwrap_or_else(|| TICKED.into()));
        }
        self.values.borrow_mut().remove(&slot.field.name);
        self.remember();
    }

    /// Puts the answers where they belong.
    pub(super) fn given(&self, slots: &[Slot]) -> FormAnswers {
        let mut given = FormAnswers::default();
        for slot in slots {
            let value = self
                .get(&slot.field.name)
                .unwrap_or_default()
                .trim()
                .to_owned();
            if value.is_empty() {
                continue;
            }
            match &slot.field.role {
                Role::FirstName => given.first_name = Some(value),
                Role::LastName => given.last_name = Some(value),
                Role::Nickname => given.nickname = Some(value),
                Role::Email => given.email = Some(value),
                Role::Subject => given.subject = Some(value),
                Role::UserData(key) => given.user_data.push((key.clone(), value)),
            }
        }
        given
    }

    fn remember(&self) {
        if let Some(actor) = self.ui.store().actor() {
            let mut answers = Object::new();
            for (name, value) in &*self.values.borrow() {
                answers.push(name, value.as_str());
            }
            actor.remember_answers(Some(&answers.to_text()));
        }
    }
}
