use std::rc::Rc;

use parlour_config::{Choice, Field, FieldKind};
use parlour_json::digits;
use wasm_bindgen::JsCast;

use super::check::Control;
use super::{Answers, is_tick};
use crate::components::Ui;
use crate::components::dom::{El, el, link};
use crate::components::links::Link;
use crate::i18n::Text;
use crate::watched::Watched;

/// Is a field of the form with what is wrong about it.
#[derive(Clone)]
pub(super) struct Slot {
    pub(super) field: Rc<Field>,
    pub(super) id: String,
    pub(super) error: Rc<Watched<Option<String>>>,
}

impl Slot {
    pub(super) fn new(at: usize, field: &Field) -> Self {
        let id = ["field-", &digits(at as u64)].concat();
        Self {
            field: Rc::new(field.clone()),
            id,
            error: Rc::default(),
        }
    }

    /// Tells whether a visitor sees the field.
    pub(super) fn is_shown(&self) -> bool {
        self.field.kind != FieldKind::Hidden
    }

    fn key(&self, part: &str) -> String {
        ["form.", &self.field.name, ".", part].concat()
    }

    fn error_id(&self) -> String {
        [&self.id, "-error"].concat()
    }

    fn help_id(&self) -> String {
        [&self.id, "-help"].concat()
    }
}

/// Shows a field: label, control, help, and what is wrong.
pub(super) fn field(ui: Ui, slot: &Slot, answers: &Rc<Answers>) -> El {
    let field = &slot.field;
    let label = ui.words(field.label.as_ref(), &[&slot.key("label")]);
    let label = label.unwrap_or_else(|| field.name.clone());
    let help = ui.words(field.help.as_ref(), &[&slot.key("help")]);
    let has_help = help.is_some();
    let error = Rc::clone(&slot.error);
    let around = el("div.field part=field").live("data-state", move || {
        error.with(Option::is_some).then(|| "invalid".into())
    });
    let labelled = if is_tick(field.kind) {
        let tick = tick(slot, answers);
        let label = el("label.tick-label")
            .attr("for", slot.id.clone())
            .text(label);
        around
            .child(
                el("div.tick")
                    .child(tied(tick, slot, has_help))
                    .child(label),
            )
            .child_if(consent_link(ui, field))
    } else {
        let control = match field.kind {
            FieldKind::Select => select(ui, slot, answers),
            FieldKind::Textarea => textarea(ui, slot, answers),
            _ => input(ui, slot, answers),
        };
        let optional = (!field.required).then(|| el("span.optional").say(ui, Text::FormOptional));
        let label = el("label.label")
            .attr("for", slot.id.clone())
            .text(label)
            .child_if(optional);
        around.child(label).child(tied(control, slot, has_help))
    };
    labelled
        .child_if(help.map(|help| el("p.help").attr("id", slot.help_id()).text(help)))
        .show(error_line(slot))
}

fn error_line(slot: &Slot) -> impl Fn() -> Option<El> + use<> {
    let slot = slot.clone();
    move || {
        let words = slot.error.get()?;
        Some(
            el("p.error part=error")
                .attr("id", slot.error_id())
                .text(words),
        )
    }
}

/// Gives a control what all have: its name, and help and error tied to it for those who do not see
/// them beside it.
fn tied(control: El, slot: &Slot, has_help: bool) -> El {
    let (wrong, described) = (slot.clone(), slot.clone());
    let autocomplete = slot.field.autocomplete.clone();
    control
        .attr("id", slot.id.clone())
        .attr("name", slot.field.name.clone())
        .attr("autocomplete", autocomplete.unwrap_or_else(|| "off".into()))
        .flag("required", slot.field.required)
        .live("aria-invalid", move || {
            wrong.error.with(Option::is_some).then(|| "true".into())
        })
        .live("aria-describedby", move || {
            let mut ids = Vec::new();
            if described.error.with(Option::is_some) {
                ids.push(described.error_id());
            }
            if has_help {
                ids.push(described.help_id());
            }
            (!ids.is_empty()).then(|| ids.join(" "))
        })
}

/// Takes over what is filled in; a mistake is forgiven as soon as one works on it.
fn taking(control: El, event: &'static str, slot: &Slot, answers: &Rc<Answers>) -> El {
    let (slot, answers) = (slot.clone(), Rc::clone(answers));
    control.on(event, move |event| {
        if let Some(control) = event.target().map(JsCast::unchecked_into::<Control>) {
            if is_tick(slot.field.kind) {
                answers.tick(&slot, control.checked());
            } else {
                answers.set(&slot, control.value());
            }
        }
        slot.error.replace(None);
    })
}

fn input(ui: Ui, slot: &Slot, answers: &Rc<Answers>) -> El {
    let field = &slot.field;
    let kind = match field.kind {
        FieldKind::Email => "email",
        FieldKind::Tel => "tel",
        _ => "text",
    };
    let input = typed(ui, el("input.input dir=auto data-focus"), slot)
        .fixed("type", kind)
        .attr_if("pattern", field.pattern.clone())
        .attr_if("value", answers.get(&field.name));
    taking(input, "input", slot, answers)
}

fn textarea(ui: Ui, slot: &Slot, answers: &Rc<Answers>) -> El {
    let area = typed(ui, el("textarea.input rows=3 dir=auto data-focus"), slot);
    // What stands inside is the value to begin with.
    let area = area.text(answers.get(&slot.field.name).unwrap_or_default());
    taking(area, "input", slot, answers)
}

fn typed(ui: Ui, control: El, slot: &Slot) -> El {
    // Never without: style sheets tell by it that the field is empty.
    control
        .attr(
            "placeholder",
            placeholder(ui, slot).unwrap_or_else(|| " ".into()),
        )
        .attr_if(
            "maxlength",
            slot.field.max_length.map(|most| digits(most.into())),
        )
}

fn select(ui: Ui, slot: &Slot, answers: &Rc<Answers>) -> El {
    let field = &slot.field;
    let chosen = answers.get(&field.name).unwrap_or_default();
    let none = placeholder(ui, slot).unwrap_or_else(|| ui.text(Text::FormChoose));
    let mut select = el("select.input.select data-focus").child(el("option value").text(none));
    for Choice { value, label } in &field.options {
        let key = slot.key("options.");
        let label = ui
            .words(label.as_ref(), &[&key, value])
            .unwrap_or_else(|| value.clone());
        let option = el("option")
            .attr("value", value.clone())
            .flag("selected", *value == chosen)
            .text(label);
        select = select.child(option);
    }
    taking(select, "change", slot, answers)
}

fn tick(slot: &Slot, answers: &Rc<Answers>) -> El {
    let tick = el("input.tick-box type=checkbox data-focus")
        .flag("checked", answers.get(&slot.field.name).is_some());
    taking(tick, "change", slot, answers)
}

fn placeholder(ui: Ui, slot: &Slot) -> Option<String> {
    ui.words(slot.field.placeholder.as_ref(), &[&slot.key("placeholder")])
}

/// Links to what is agreed to, if it is a web page.
fn consent_link(ui: Ui, field: &Field) -> Option<El> {
    let address = ui.words(field.link.as_ref(), &[])?;
    let target = Link::parse(&address).filter(|link| !link.host.is_empty())?;
    Some(
        link("a.link.consent", target.href)
            .say(ui, Text::FormConsentLink)
            .child(el("span.unseen").say(ui, Text::LinkNewTab)),
    )
}
