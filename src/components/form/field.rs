use leptos::ev::Event;
use leptos::prelude::*;
use leptos::tachys::html::attribute::Attribute;
use parlour_config::{self as config, Choice, FieldKind};

use super::Answers;
use super::control::Control;
use super::form_field::FormField;
use crate::components::links::Link;
use crate::i18n::{I18n, Text, use_i18n};

/// The answers as fields use them.
pub(super) type StoredAnswers = StoredValue<Answers, LocalStorage>;

/// A field: label, control, help, and what is wrong.
#[component]
pub(super) fn Field(field: FormField, answers: StoredAnswers) -> impl IntoView {
    let i18n = use_i18n();
    let error = field.error;
    let error_id = field.error_id();
    let help = help(i18n, &field).map(|help| {
        view! { class = "w", <p class="help" dir="auto" id=field.help_id()>{help}</p> }.into_any()
    });
    let labelled = if field.is_tick() {
        view! { <LabelledTick field answers/> }.into_any()
    } else {
        view! { <LabelledControl field answers/> }.into_any()
    };
    view! { class = "w",
        <div
            class="field"
            part="field"
            data-state=move || error.with(Option::is_some).then_some("invalid")
        >
            {labelled}
            {help}
            {move || {
                let id = error_id.clone();
                error
                    .get()
                    .map(|words| {
                        view! { class = "w",
                            <p class="error" part="error" dir="auto" id=id>
                                {words}
                            </p>
                        }
                            .into_any()
                    })
            }}
        </div>
    }
}

/// A box to tick, its label beside it, and the page that a consent is about.
#[component]
fn LabelledTick(field: FormField, answers: StoredAnswers) -> impl IntoView {
    let i18n = use_i18n();
    let ticked = answers.with_value(|answers| answers.get(&field.config.name).is_some());
    view! { class = "w",
        <div class="tick">
            <input
                class="tick-box"
                type="checkbox"
                checked=ticked
                node_ref=field.node
                on:change=bind_value(field.clone(), answers)
                {..label_and_describe(i18n, &field)}
            />
            <label class="tick-label" dir="auto" for=field.id.clone()>
                {label(i18n, &field)}
            </label>
        </div>
        {consent_link(i18n, &field.config).map(|link| view! { <ConsentLink link/> }.into_any())}
    }
}

/// A control below its label.
#[component]
fn LabelledControl(field: FormField, answers: StoredAnswers) -> impl IntoView {
    let i18n = use_i18n();
    // The comma keeps the words apart where they are read aloud or copied.
    let optional = (!field.config.required).then(|| {
        view! { class = "w",
            <span class="unseen">", "</span>
            <span class="optional">{i18n.text(Text::FORM_OPTIONAL)}</span>
        }
        .into_any()
    });
    let label = label(i18n, &field);
    let id = field.id.clone();
    let control = match field.config.kind {
        FieldKind::Select => view! { <Select field answers/> }.into_any(),
        FieldKind::Textarea => view! { <TextArea field answers/> }.into_any(),
        _ => view! { <TextInput field answers/> }.into_any(),
    };
    view! { class = "w",
        <label class="label" dir="auto" for=id>
            {label}
            {optional}
        </label>
        {control}
    }
}

#[component]
fn TextInput(field: FormField, answers: StoredAnswers) -> impl IntoView {
    let i18n = use_i18n();
    let config = &field.config;
    let kind = match config.kind {
        FieldKind::Email => "email",
        FieldKind::Tel => "tel",
        _ => "text",
    };
    view! { class = "w",
        <input
            class="input"
            dir="auto"
            type=kind
            placeholder=placeholder_or_blank(i18n, &field)
            maxlength=config.max_length.map(|most| most.to_string())
            pattern=config.pattern.clone()
            value=current_value(&field, answers)
            node_ref=field.node
            on:input=bind_value(field.clone(), answers)
            {..label_and_describe(i18n, &field)}
        />
    }
}

#[component]
fn TextArea(field: FormField, answers: StoredAnswers) -> impl IntoView {
    let i18n = use_i18n();
    // What stands inside a text area is its first value.
    view! { class = "w",
        <textarea
            class="input"
            rows="3"
            dir="auto"
            placeholder=placeholder_or_blank(i18n, &field)
            maxlength=field.config.max_length.map(|most| most.to_string())
            node_ref=field.node
            on:input=bind_value(field.clone(), answers)
            {..label_and_describe(i18n, &field)}
        >
            {current_value(&field, answers).unwrap_or_default()}
        </textarea>
    }
}

#[component]
fn Select(field: FormField, answers: StoredAnswers) -> impl IntoView {
    let i18n = use_i18n();
    let chosen = current_value(&field, answers).unwrap_or_default();
    let none = placeholder(i18n, &field).unwrap_or_else(|| i18n.text(Text::FORM_CHOOSE));
    let option = |Choice { value, label }: &Choice| {
        let key = field.key("options.") + value;
        let label = i18n
            .label(label.as_ref(), &key)
            .unwrap_or_else(|| value.clone());
        view! { class = "w",
            <option value=value.clone() selected=*value == chosen>
                {label}
            </option>
        }
        .into_any()
    };
    let options = field.config.options.iter().map(option).collect::<Vec<_>>();
    view! { class = "w",
        <select
            class="input select"
            node_ref=field.node
            on:change=bind_value(field.clone(), answers)
            {..label_and_describe(i18n, &field)}
        >
            <option value="">{none}</option>
            {options}
        </select>
    }
}

/// The link to the page that a consent is about. It opens in a new tab.
#[component]
fn ConsentLink(link: Link) -> impl IntoView {
    let i18n = use_i18n();
    view! { class = "w",
        <a class="link consent" href=link.href target="_blank" rel="noopener noreferrer">
            {i18n.text(Text::FORM_CONSENT_LINK)}
            <span class="unseen">{i18n.text(Text::LINK_NEW_TAB)}</span>
        </a>
    }
}

/// Returns the attributes that all controls share: its name, and the ids of its error and its help.
fn label_and_describe(i18n: I18n, field: &FormField) -> impl Attribute + use<> {
    let error = field.error;
    let help_id = help(i18n, field).map(|_| field.help_id());
    let error_id = field.error_id();
    let described_by = move || {
        let error_id = error.with(Option::is_some).then_some(&error_id);
        let ids: Vec<&str> = error_id
            .into_iter()
            .chain(&help_id)
            .map(String::as_str)
            .collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    };
    let autocomplete = field.config.autocomplete.clone();
    view! {
        <{..}
            id=field.id.clone()
            name=field.config.name.clone()
            autocomplete=autocomplete.unwrap_or_else(|| "off".into())
            required=field.config.required
            aria-invalid=move || error.with(Option::is_some).then_some("true")
            aria-describedby=move || described_by()
        />
    }
}

/// Makes the handler that takes an answer over. An error goes as soon as the visitor works on it.
fn bind_value(field: FormField, answers: StoredAnswers) -> impl Fn(Event) + use<> {
    move |event| {
        let control: Control = event_target(&event);
        answers.with_value(|answers| answers.take_over(&field, &control));
        if field.error.with_untracked(Option::is_some) {
            field.error.set(None);
        }
    }
}

fn current_value(field: &FormField, answers: StoredAnswers) -> Option<String> {
    answers.with_value(|answers| answers.get(&field.config.name))
}

fn label(i18n: I18n, field: &FormField) -> String {
    let label = i18n.label(field.config.label.as_ref(), &field.key("label"));
    label.unwrap_or_else(|| field.config.name.clone())
}

fn help(i18n: I18n, field: &FormField) -> Option<String> {
    i18n.label(field.config.help.as_ref(), &field.key("help"))
}

fn placeholder(i18n: I18n, field: &FormField) -> Option<String> {
    i18n.label(field.config.placeholder.as_ref(), &field.key("placeholder"))
}

/// Returns the placeholder, or a blank: style sheets recognise an empty field by it.
fn placeholder_or_blank(i18n: I18n, field: &FormField) -> String {
    placeholder(i18n, field).unwrap_or_else(|| " ".into())
}

/// Returns the link of a consent, if it leads to a web page.
fn consent_link(i18n: I18n, field: &config::Field) -> Option<Link> {
    let address = i18n.label(field.link.as_ref(), "")?;
    Link::parse_on_site(&address)
}
