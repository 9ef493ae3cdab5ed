//! The pre-chat form: what the visitor is asked before the chat begins.

mod answers;
mod check;
mod contact;
mod control;
mod field;
mod form_field;

use std::sync::Arc;

use crate::context::context;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_node_ref::AnyNodeRef;
use parlour_chat::{Command, Phase, Refusal, RefusalReason};
use parlour_config::{Config, Role};

use super::effect::on_change;
use super::extras::Extras;
use super::focus::{focus_now, focus_soon, use_focus};
use super::icon::{Drawing, Icon};
use crate::components::show::Show;
use crate::i18n::{I18n, Subject, Text, use_i18n};
use crate::store::Store;

pub(super) use answers::Answers;
pub(super) use contact::OtherWays;
use field::{Field, StoredAnswers};
use form_field::FormField;

/// The form. It is filled in from `answers`, which outlive it.
#[component]
pub(super) fn Form(answers: StoredAnswers) -> impl IntoView {
    let store = context::<Store>();
    let config = context::<Arc<Config>>();
    let i18n = use_i18n();
    let form = &config.form;
    let fields: Vec<FormField> = form
        .fields
        .iter()
        .enumerate()
        .map(|(at, field)| FormField::new(at, field))
        .collect();
    let alert = RwSignal::new(None::<String>);
    let submit = AnyNodeRef::new();
    let starting = Signal::derive(move || store.phase() == Phase::Starting);
    if let Some(first) = fields.iter().find(|field| field.is_shown()) {
        use_focus().set_first_control(first.node);
    }
    follow_refusals(store, i18n, fields.clone(), alert);

    let asks = fields.iter().any(FormField::is_shown);
    let usual_intro = if asks {
        Text::FORM_INTRO
    } else {
        Text::FORM_INTRO_BARE
    };
    let intro = i18n.own_or(form.intro.as_ref(), usual_intro);
    let shown = fields
        .iter()
        .filter(|field| field.is_shown())
        .map(|field| view! { <Field field=field.clone() answers/> }.into_any())
        .collect::<Vec<_>>();
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        if starting.get_untracked() {
            return;
        }
        alert.set(None);
        match check::first_error(i18n, &fields) {
            Some(field) => focus_soon(field.node),
            None => {
                // What is in the body cannot keep the focus while the chat starts.
                focus_now(submit);
                let given = answers.with_value(|answers| {
                    // Password managers and extensions may fill in fields without an event.
                    for field in &fields {
                        if let Some(control) = field.control() {
                            answers.take_over(field, &control);
                        }
                    }
                    answers.by_role(&fields)
                });
                store.command(Command::Start(given));
            }
        }
    };
    view! { class = "w",
        <form
            class="form"
            part="form"
            aria-labelledby="title"
            novalidate
            data-state=move || if starting.get() { "sending" } else { "ready" }
            on:submit=on_submit
        >
            <div class="form-body" inert=move || starting.get()>
                <p class="form-intro" dir="auto">
                    {intro}
                </p>
                <div class="form-alerts" role="alert">
                    {move || alert.get().map(|words| view! { <Alert words/> }.into_any())}
                </div>
                {shown}
            </div>
            <div class="form-foot">
                <SubmitButton starting node_ref=submit/>
            </div>
        </form>
    }
}

/// What keeps the chat from starting and belongs to no field.
#[component]
fn Alert(words: String) -> impl IntoView {
    let extras = context::<Extras>();
    view! { class = "w",
        <div class="form-alert" part="error">
            <Icon drawing=Drawing::ALERT/>
            <div>
                <span dir="auto">{words}</span>
                {extras.view(|views| (views.other_ways)())}
            </div>
        </div>
    }
}

/// The button that starts the chat. It stays enabled meanwhile: a disabled one would lose the focus.
#[component]
fn SubmitButton(starting: Signal<bool>, node_ref: AnyNodeRef) -> impl IntoView {
    let i18n = use_i18n();
    let words = move || {
        i18n.text(if starting.get() {
            Text::FORM_SENDING
        } else {
            Text::FORM_SUBMIT
        })
    };
    view! { class = "w",
        <button
            class="button primary wide"
            type="submit"
            part="submit"
            node_ref=node_ref
            aria-disabled=move || starting.get().then_some("true")
        >
            <Show when=starting>
                <span class="spinner"></span>
            </Show>
            {move || words()}
        </button>
    }
}

/// Shows why the server refused: at the field it is about, if there is one.
fn follow_refusals(
    store: Store,
    i18n: I18n,
    fields: Vec<FormField>,
    alert: RwSignal<Option<String>>,
) {
    let focus = use_focus();
    let show = move |phase: &Phase| {
        let Phase::Refused(refusal) = phase else {
            return;
        };
        let concerned = fields
            .iter()
            .find(|field| field.is_shown() && is_about(refusal, &field.config.role));
        if let Some(field) = concerned {
            field.error.set(Some(i18n.refusal(refusal, Subject::Other)));
            focus_soon(field.node);
        } else {
            alert.set(Some(i18n.refusal(refusal, Subject::Start)));
            focus.restore_if_lost();
        }
    };
    show(&untrack(|| store.phase()));
    on_change(move || store.phase(), move |_, phase| show(&phase));
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
