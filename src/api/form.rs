//! The pre-chat form as the page fills it in, or does without it.

use js_sys::{Array, Object, Reflect};
use parlour_chat::{FormAnswers, is_telephone};
use parlour_config::{Field, FieldKind, Role};
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, HtmlInputElement};

use super::Api;
use super::commands::{Denial, pairs};
use super::detail::member;

/// The name under which data is given that no field asks for.
const USER_DATA: &str = "userData";

/// What a tick is worth that has no value of its own.
const TICKED: &str = "true";

impl Api {
    /// Fills in fields that the visitor has not.
    pub(super) fn prefill(&self, values: &JsValue) -> Result<(), Denial> {
        let given = self.by_field(values)?;
        for (at, value) in given {
            let Some(field) = self.config.form.fields.get(at) else {
                continue;
            };
            if field.kind == FieldKind::Consent {
                return Err(Denial::new(
                    [&field.name, ": an agreement is the visitor's to give"].concat(),
                ));
            }
            if self.is_the_pages(field) {
                self.fill_in(at, field, &value);
            }
        }
        Ok(())
    }

    /// Tells whether what is in a field is not the visitor's.
    fn is_the_pages(&self, field: &Field) -> bool {
        let answers = self.store.answers();
        let answers = answers.borrow();
        let now = answers.get(&field.name);
        let own = if is_tick(field) {
            None
        } else {
            field.value.as_ref()
        };
        now.is_none_or(String::is_empty)
            || now == own
            || now == self.prefilled.borrow().get(&field.name)
    }

    fn fill_in(&self, at: usize, field: &Field, value: &JsValue) {
        let value = answer(field, value);
        let mut prefilled = self.prefilled.borrow_mut();
        match &value {
            Some(value) => prefilled.insert(&field.name, value.clone()),
            None => drop(prefilled.remove(&field.name)),
        }
        drop(prefilled);
        if let Some(control) = self.control(at) {
            // As if the visitor had done it: the form takes it over, and remembers it where it may.
            let (property, filled) = if is_tick(field) {
                ("checked", value.is_some().into())
            } else {
                ("value", value.unwrap_or_default().into())
            };
            _ = Reflect::set(&control, &property.into(), &filled);
            for name in ["input", "change"] {
                if let Ok(event) = Event::new(name) {
                    _ = control.dispatch_event(&event);
                }
            }
            return;
        }
        let answers = self.store.answers();
        let mut answers = answers.borrow_mut();
        match value {
            Some(value) => answers.insert(&field.name, value),
            None => drop(answers.remove(&field.name)),
        }
    }

    /// Returns the control of the field at a place, while the form is shown.
    fn control(&self, at: usize) -> Option<Element> {
        let id = ["#field-", &at.to_string()].concat();
        self.root.query_selector(&id).ok()?
    }

    /// Answers the form's questions for the visitor: from what the page gives, and from what is filled in.
    pub(super) fn answers(&self, values: &JsValue) -> Result<FormAnswers, Denial> {
        let given = self.by_field(values)?;
        let known = self.store.answers();
        let mut answers = FormAnswers::default();
        let mut missing = Vec::new();
        for (at, field) in self.config.form.fields.iter().enumerate() {
            let given = given.iter().find(|(place, _)| *place == at);
            let value = match given {
                Some((_, value)) => answer(field, value),
                None => known.borrow().get(&field.name).cloned(),
            };
            let value = value.unwrap_or_default().trim().to_owned();
            if value.is_empty() {
                if field.required {
                    missing.push(field.name.as_str());
                }
                continue;
            }
            if !is_valid(field, &value) {
                return Err(wrong(
                    "a value that the form does not take",
                    &[field.name.as_str()],
                )
                .with("code", "invalid".into()));
            }
            match &field.role {
                Role::FirstName => answers.first_name = Some(value),
                Role::LastName => answers.last_name = Some(value),
                Role::Nickname => answers.nickname = Some(value),
                Role::Email => answers.email = Some(value),
                Role::Subject => answers.subject = Some(value),
                Role::UserData(key) => answers.user_data.push((key.clone(), value)),
            }
        }
        if !missing.is_empty() {
            return Err(wrong("required, but not given", &missing).with("code", "missing".into()));
        }
        for (key, value) in pairs(&member(values, USER_DATA)) {
            answers.user_data.retain(|(other, _)| *other != key);
            answers.user_data.push((key, value));
        }
        Ok(answers)
    }

    /// Finds the field of each value, by its place.
    fn by_field(&self, values: &JsValue) -> Result<Vec<(usize, JsValue)>, Denial> {
        let Some(values) = values.dyn_ref::<Object>() else {
            return Ok(Vec::new());
        };
        let fields = &self.config.form.fields;
        let mut found = Vec::new();
        for entry in Object::entries(values).to_vec() {
            let entry: Array = entry.unchecked_into();
            let name = entry.get(0).as_string().unwrap_or_default();
            if name == USER_DATA {
                continue;
            }
            let by_name = fields.iter().position(|field| is_alike(&field.name, &name));
            let by_role = || {
                let role =
                    |field: &Field| role(&field.role).is_some_and(|own| is_alike(own, &name));
                fields.iter().position(role)
            };
            let Some(at) = by_name.or_else(by_role) else {
                let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
                return Err(Denial::new(
                    [
                        "the form has no field \"",
                        &name,
                        "\"; it has ",
                        &names.join(", "),
                    ]
                    .concat(),
                ));
            };
            found.push((at, entry.get(1)));
        }
        Ok(found)
    }
}

/// Tells whether two names are the same but for case and hyphens: attributes know neither.
fn is_alike(one: &str, other: &str) -> bool {
    let plain = |name: &str| -> String {
        let letters = name.chars().filter(|c| !matches!(c, '-' | '_'));
        letters.flat_map(char::to_lowercase).collect()
    };
    plain(one) == plain(other)
}

/// Returns the name by which a field of this role can be given, whatever its own is.
fn role(role: &Role) -> Option<&'static str> {
    match role {
        Role::FirstName => Some("firstName"),
        Role::LastName => Some("lastName"),
        Role::Nickname => Some("nickname"),
        Role::Email => Some("email"),
        Role::Subject => Some("subject"),
        Role::UserData(_) => None,
    }
}

/// Returns the answer that a value of the page's is; nothing if it is empty, or no tick.
fn answer(field: &Field, value: &JsValue) -> Option<String> {
    if is_tick(field) {
        let is_ticked = value
            .as_bool()
            .unwrap_or_else(|| value.as_string().as_deref() == Some(TICKED));
        return is_ticked.then(|| field.value.clone().unwrap_or_else(|| TICKED.into()));
    }
    value.as_string().filter(|value| !value.is_empty())
}

fn is_tick(field: &Field) -> bool {
    matches!(field.kind, FieldKind::Checkbox | FieldKind::Consent)
}

/// Tells whether the form would take a value: by the browser's own rules.
fn is_valid(field: &Field, value: &str) -> bool {
    let fits = |most: u32| value.encode_utf16().count() <= most as usize;
    if is_tick(field) || field.kind == FieldKind::Hidden {
        return true;
    }
    if !field.max_length.is_none_or(fits) {
        return false;
    }
    match field.kind {
        FieldKind::Select => return field.options.iter().any(|one| one.value == value),
        FieldKind::Textarea => return true,
        FieldKind::Tel if field.pattern.is_none() => return is_telephone(value),
        _ => {}
    }
    let document = web_sys::window().and_then(|window| window.document());
    let input = document.and_then(|document| document.create_element("input").ok());
    let Some(input) = input.and_then(|input| input.dyn_into::<HtmlInputElement>().ok()) else {
        return true;
    };
    if field.kind == FieldKind::Email {
        input.set_type("email");
    }
    if let Some(pattern) = &field.pattern {
        _ = input.set_attribute("pattern", pattern);
    }
    input.set_value(value);
    input.check_validity()
}

fn wrong(what: &str, fields: &[&str]) -> Denial {
    let names: Array = fields.iter().map(|name| JsValue::from_str(name)).collect();
    Denial::new([what, ": ", &fields.join(", ")].concat()).with("fields", names.into())
}
