//! The pre-chat form: what the visitor is asked before the chat begins.

mod answers;
mod check;
mod field;

use std::rc::Rc;

use parlour_chat::{Command, Phase, Refusal, RefusalReason};
use parlour_config::{FieldKind, Role};

use super::Ui;
use super::dom::{El, derived, effect, el};
use super::icon::Icon;
use crate::i18n::{Subject, Text};
use crate::watched::Watched;

pub(super) use answers::Answers;
use field::{Slot, field};

const FIRST_ERROR: &str = "[aria-invalid=true]";

/// What is wrong with the form as a whole.
type Alert = Rc<Watched<Option<String>>>;

/// Shows the form.
pub(super) fn form(ui: Ui, answers: &Rc<Answers>) -> El {
    let slots: Rc<Vec<Slot>> = Rc::new(ui.config(|config| {
        (config.form.fields.iter().enumerate())
            .map(|(at, field)| Slot::new(at, field))
            .collect()
    }));
    let alert = Alert::default();
    let starting = derived(move || ui.store().phase.get() == Phase::Starting);
    follow_refusals(ui, &slots, &alert);

    let given = Rc::clone(answers);
    let (asked, warned) = (Rc::clone(&slots), Rc::clone(&alert));
    let submit = move || {
        if ui.store().phase.peek() == Phase::Starting {
            return;
        }
        warned.set(None);
        if check::check_all(ui, &asked) {
            ui.store().command(Command::Start(given.given(&asked)));
        } else {
            ui.focus(FIRST_ERROR);
        }
    };

    let intro = ui.config(|config| ui.words(config.form.intro.as_ref(), &[Text::FormIntro.key()]));
    let busy = Rc::clone(&starting);
    let mut body = el("div.form-body")
        .live_flag("inert", move || busy.get())
        .child_if(intro.map(|intro| el("p.form-intro").text(intro)))
        .child(el("div.form-alerts role=alert").show(move || alert.get().map(alert_line)));
    for slot in slots.iter().filter(|slot| slot.is_shown()) {
        body = body.child(field(ui, slot, answers));
    }
    let busy = Rc::clone(&starting);
    el("form.form part=form aria-labelledby=title novalidate")
        .live("data-state", move || {
            Some(if busy.get() { "sending" } else { "ready" }.into())
        })
        .on("submit", move |event| {
            event.prevent_default();
            submit();
        })
        .child(body)
        .child(el("div.form-foot").child(submit_button(ui, starting)))
}

fn submit_button(ui: Ui, starting: Rc<Watched<bool>>) -> El {
    let (busy, waiting) = (Rc::clone(&starting), Rc::clone(&starting));
    el("button.button.primary.wide type=submit part=submit")
        // It keeps the focus, which a disabled button would lose.
        .live("aria-disabled", move || busy.get().then(|| "true".into()))
        .show(move || waiting.get().then(|| el("span.spinner")))
        .live_text(move || {
            ui.text(if starting.get() {
                Text::FormSending
            } else {
                Text::FormSubmit
            })
        })
}

fn alert_line(words: String) -> El {
    el("p.form-alert part=error")
        .icon(Icon::ALERT)
        .child(el("span").text(words))
}

/// Shows why the server refused: at the field it is about, if there is one.
fn follow_refusals(ui: Ui, slots: &Rc<Vec<Slot>>, alert: &Alert) {
    let (slots, alert) = (Rc::clone(slots), Rc::clone(alert));
    effect(move || {
        let Phase::Refused(refusal) = ui.store().phase.get() else {
            return;
        };
        let about = |slot: &&Slot| slot.is_shown() && is_about(&refusal, &slot.field.role);
        if let Some(slot) = slots.iter().find(about) {
            slot.error.set(Some(ui.refusal(&refusal, Subject::Other)));
            ui.focus(FIRST_ERROR);
        } else {
            alert.set(Some(ui.refusal(&refusal, Subject::Start)));
            ui.keep_focus();
        }
    });
}

fn is_about(refusal: &Refusal, role: &Role) -> bool {
    match refusal.reason {
        RefusalReason::FirstNameMissing => *role == Role::FirstName,
        RefusalReason::LastNameMissing => *role == Role::LastName,
        RefusalReason::NameInvalid => matches!(role, Role::Nickname | Role::FirstName),
        RefusalReason::EmailInvalid => *role == Role::Email,
        _ => false,
    }
}

/// Tells whether a field takes a tick rather than a text.
fn is_tick(kind: FieldKind) -> bool {
    matches!(kind, FieldKind::Checkbox | FieldKind::Consent)
}
