use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use crate::context::context;
use leptos::prelude::WithUntracked as _;
use parlour_chat::FormAnswers;
use parlour_config::{Config, Field, FieldKind, Role, Table};
use serde_json::{Map, Value};

use super::control::Control;
use super::form_field::{FormField, is_tick};
use crate::store::Store;

/// What was filled in, by field name. It outlives the form, which comes and goes.
pub(in crate::components) struct Answers {
    config: Arc<Config>,
    store: Store,
    values: Rc<RefCell<Table<String>>>,
}

/// The value of a ticked field that has none of its own.
const TICKED: &str = "true";

impl Answers {
    /// Begins with what was remembered, and for the rest with what the tenant filled in.
    pub(in crate::components) fn new(store: Store) -> Self {
        let config = context::<Arc<Config>>();
        let remembered = store.actor().and_then(|actor| actor.remembered_answers());
        let remembered = remembered.and_then(|json| serde_json::from_str(&json).ok());
        let remembered: Value = remembered.unwrap_or_default();
        let answers = store.answers();
        let mut values = answers.borrow_mut();
        for field in &config.form.fields {
            // The tenant's file may have changed since.
            let remembered = remembered.get(&field.name).and_then(Value::as_str);
            let remembered = remembered.filter(|value| can_remember(field, value));
            let own = field.value.as_deref().filter(|_| !is_tick(field.kind));
            let value = remembered.or(own);
            // What is filled in already stays: the view may be made anew, in another language.
            if let Some(value) = value.filter(|_| !values.contains(&field.name)) {
                values.insert(&field.name, value.into());
            }
        }
        drop(values);
        Self {
            config,
            store,
            values: answers,
        }
    }

    /// Returns a field's value; nothing if it is empty or not ticked.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        self.values.borrow().get(name).cloned()
    }

    /// Takes over what a field's control holds.
    pub(super) fn take_over(&self, field: &FormField, control: &Control) {
        let name = &field.config.name;
        if !field.is_tick() {
            self.values.borrow_mut().insert(name, control.value());
        } else if control.checked() {
            let own = field.config.value.clone();
            let value = own.unwrap_or_else(|| TICKED.into());
            self.values.borrow_mut().insert(name, value);
        } else {
            self.values.borrow_mut().remove(name);
        }
        self.remember();
    }

    /// Returns the answers by their roles.
    pub(super) fn by_role(&self, fields: &[FormField]) -> FormAnswers {
        let mut given = FormAnswers::default();
        for field in fields {
            let value = self
                .get(&field.config.name)
                .unwrap_or_default()
                .trim()
                .to_owned();
            if value.is_empty() {
                continue;
            }
            match &field.config.role {
                Role::FirstName => given.first_name = Some(value),
                Role::LastName => given.last_name = Some(value),
                Role::Nickname => given.nickname = Some(value),
                Role::Email => given.email = Some(value),
                Role::Subject => {
                    // What is chosen from a list has words of the tenant's.
                    let is_typed =
                        matches!(field.config.kind, FieldKind::Text | FieldKind::Textarea);
                    given.question = Some(value.clone()).filter(|_| is_typed);
                    given.subject = Some(value);
                }
                Role::UserData(key) => given.user_data.push((key.clone(), value)),
            }
        }
        given
    }

    /// Has the browser remember what is filled in: nothing before the visitor has agreed to what the form requires.
    fn remember(&self) {
        if let Some(actor) = self.store.actor() {
            let mask = self.store.state().with_untracked(|state| state.offers.mask);
            let mut answers = Map::new();
            let mut has_agreed = true;
            for field in &self.config.form.fields {
                let value = self.get(&field.name);
                has_agreed &= value.is_some() || !(field.required && is_agreement(field));
                if let Some(mut value) = value.filter(|value| can_remember(field, value)) {
                    // As it is sent: an address for e-mails is no free text.
                    if field.role != Role::Email {
                        mask.apply(&mut value);
                    }
                    answers.insert(field.name.clone(), value.into());
                }
            }
            let answers = serde_json::to_string(&answers).ok();
            actor.remember_answers(answers.filter(|_| has_agreed).as_deref());
        }
    }
}

/// Tells whether a field is ticked to agree to something.
fn is_agreement(field: &Field) -> bool {
    field.kind == FieldKind::Consent || field.kind == FieldKind::Checkbox && field.link.is_some()
}

/// Tells whether a value may be taken over by the form of another page. A hidden field says what this page
/// wants, and an agreement is given by the visitor each time.
fn can_remember(field: &Field, value: &str) -> bool {
    match field.kind {
        FieldKind::Hidden => false,
        FieldKind::Consent | FieldKind::Checkbox => !is_agreement(field),
        FieldKind::Select => value.is_empty() || field.options.iter().any(|one| one.value == value),
        _ => true,
    }
}
