use std::collections::BTreeMap;

use crate::build::pattern::{matches, wrong_pattern};
use crate::build::place::{at, join};
use crate::build::suggest::nearest;
use crate::{Config, Dialect, Field, FieldKind, Localized, Role};

use super::address::wrong_link;
use super::judge::Judge;
use super::server::{data_key, wrong_data_key};
use super::{locale, texts};

pub(super) fn judge(config: &Config, judge: &mut Judge<'_>) {
    let form = &config.form;
    if let Some(intro) = &form.intro {
        words(intro, "form.intro", judge);
    }
    let mut names = BTreeMap::new();
    let mut roles = BTreeMap::new();
    for (i, field) in form.fields.iter().enumerate() {
        let path = at("form.fields", i);
        if !judge.is_spoiled(&join(&path, "name"))
            && let Some(first) = names.insert(&field.name, i)
        {
            judge.mistake(
                &join(&path, "name"),
                format!("is the name of form.fields[{first}] too"),
            );
        }
        if !judge.is_spoiled(&join(&path, "role"))
            && let Some(first) = roles.insert(role_name(&field.role), i)
        {
            let message = format!("is the role of form.fields[{first}] too");
            judge.mistake(&join(&path, "role"), message);
        }
        one(config, field, &path, judge);
    }
    names_the_visitor(config.server.dialect, &form.fields, judge);
}

/// `gms-v2` refuses a chat without a nickname or a first and a last name (`docs/servers.md`, request
/// chat; error codes 102 and 103), `gws` one without any name.
fn names_the_visitor(dialect: Dialect, fields: &[Field], judge: &mut Judge<'_>) {
    let sure = |role: &Role| {
        fields.iter().any(|f| {
            let given =
                f.kind == FieldKind::Hidden && f.value.as_ref().is_some_and(|v| !v.is_empty());
            &f.role == role && (f.required || given)
        })
    };
    let (first, last) = (sure(&Role::FirstName), sure(&Role::LastName));
    let (names, those) = match dialect {
        Dialect::GmsV2 | Dialect::GmsV2Cometd => (
            first && last,
            "those with the roles first_name and last_name",
        ),
        Dialect::Gws => (first || last, "one with the role first_name or last_name"),
        Dialect::GmsV1 | Dialect::GmsV1Cometd => return,
    };
    if !(names || sure(&Role::Nickname)) {
        let message = format!(
            "the server needs the visitor's name: make a field with the role nickname required, or \
             {those}, or add a hidden one with a value"
        );
        judge.mistake("form.fields", message);
    }
}

fn one(config: &Config, field: &Field, path: &str, judge: &mut Judge<'_>) {
    let starts_well = field.name.starts_with(|c: char| c.is_ascii_alphabetic());
    if !starts_well
        || !field
            .name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b))
    {
        judge.mistake(
            &join(path, "name"),
            "expected a letter, then letters, digits, _ or -",
        );
    }
    if let Some(message) = data_key(field).and_then(wrong_data_key) {
        judge.mistake(&join(&join(path, "role"), "user_data"), message);
    }
    let kind_path = join(path, "kind");
    if judge.is_spoiled(&kind_path) {
        return;
    }
    if field.role == Role::Email && !matches!(field.kind, FieldKind::Email | FieldKind::Hidden) {
        judge.mistake(
            &kind_path,
            "expected \"email\" or \"hidden\" for the role email",
        );
    }
    fits_kind(field, path, judge);
    options(field, path, judge);
    pattern(field, path, judge);
    autocomplete(field, path, judge);
    value(field, path, judge);
    for (key, words_of) in [
        ("label", &field.label),
        ("placeholder", &field.placeholder),
        ("help", &field.help),
    ] {
        if let Some(found) = words_of {
            words(found, &join(path, key), judge);
        }
    }
    link(field, path, judge);
    label(config, field, path, judge);
}

/// Tells what is set although the kind has no use for it: the tenant expects something of it.
fn fits_kind(field: &Field, path: &str, judge: &mut Judge<'_>) {
    use FieldKind::{Checkbox, Consent, Email, Hidden, Select, Tel, Text, Textarea};
    let kind = field.kind;
    let typed = matches!(kind, Text | Email | Tel | Textarea);
    let useless = [
        ("max_length", field.max_length.is_some() && !typed),
        (
            "pattern",
            field.pattern.is_some() && !matches!(kind, Text | Email | Tel),
        ),
        ("options", !field.options.is_empty() && kind != Select),
        (
            "autocomplete",
            field.autocomplete.is_some() && !typed && kind != Select,
        ),
        (
            "placeholder",
            field.placeholder.is_some() && !typed && kind != Select,
        ),
        ("label", field.label.is_some() && kind == Hidden),
        ("help", field.help.is_some() && kind == Hidden),
        (
            "link",
            field.link.is_some() && !matches!(kind, Consent | Checkbox),
        ),
    ];
    for (key, useless) in useless {
        if useless {
            let message = format!("has no meaning for the kind \"{}\"", kind_name(kind));
            judge.key_mistake(&join(path, key), message);
        }
    }
}

fn options(field: &Field, path: &str, judge: &mut Judge<'_>) {
    let path = join(path, "options");
    if field.kind == FieldKind::Select && field.options.is_empty() {
        judge.mistake(
            &path,
            "expected at least one choice for the kind \"select\"",
        );
    }
    let mut seen = BTreeMap::new();
    for (i, option) in field.options.iter().enumerate() {
        let inner = at(&path, i);
        if !judge.is_spoiled(&join(&inner, "value"))
            && let Some(first) = seen.insert(&option.value, i)
        {
            let message = format!("is the value of {path}[{first}] too");
            judge.mistake(&join(&inner, "value"), message);
        }
        if let Some(label) = &option.label {
            words(label, &join(&inner, "label"), judge);
        }
    }
}

fn pattern(field: &Field, path: &str, judge: &mut Judge<'_>) {
    let Some(pattern) = &field.pattern else {
        return;
    };
    let path = join(path, "pattern");
    if let Some(message) = wrong_pattern(pattern) {
        judge.mistake(&path, message);
    } else if let Some(value) = field.value.as_ref().filter(|value| !value.is_empty())
        && !matches(pattern, value)
    {
        judge.mistake(&path, format!("refuses the field's own value \"{value}\""));
    }
}

fn autocomplete(field: &Field, path: &str, judge: &mut Judge<'_>) {
    let Some(tokens) = &field.autocomplete else {
        return;
    };
    let last = tokens
        .split_ascii_whitespace()
        .next_back()
        .unwrap_or_default();
    if AUTOFILL.contains(&last) {
        return;
    }
    let mut message = "expected on, off or a field name of HTML's autocomplete".to_owned();
    if let Some(near) = nearest(last, AUTOFILL) {
        message.push_str(&format!(", did you mean \"{near}\"?"));
    }
    judge.mistake(&join(path, "autocomplete"), message);
}

fn value(field: &Field, path: &str, judge: &mut Judge<'_>) {
    let path_of_value = join(path, "value");
    let Some(value) = &field.value else {
        if field.kind == FieldKind::Hidden && field.required {
            let message = "a hidden field that is required needs a value: visitors cannot give one";
            judge.mistake(&path_of_value, message);
        }
        return;
    };
    let options = join(path, "options");
    let offered = field.options.iter().any(|option| &option.value == value);
    if field.kind == FieldKind::Select && !offered && !judge.is_spoiled(&options) {
        judge.mistake(&path_of_value, "expected the value of one of the options");
    }
    let length = value.encode_utf16().count();
    if let Some(most) = field.max_length
        && length > usize::try_from(most).unwrap_or(usize::MAX)
    {
        judge.mistake(
            &path_of_value,
            format!("is longer ({length}) than max_length ({most})"),
        );
    }
}

fn link(field: &Field, path: &str, judge: &mut Judge<'_>) {
    let Some(link) = &field.link else {
        return;
    };
    let path = join(path, "link");
    words(link, &path, judge);
    for (locale, url) in &link.0 {
        if let Some(message) = wrong_link(url) {
            judge.mistake(&join(&path, locale), message);
        }
    }
}

/// Checks that a field has a label: without one it cannot be used with a screen reader. Only where the widget's
/// own words are known.
fn label(config: &Config, field: &Field, path: &str, judge: &mut Judge<'_>) {
    let key = format!("form.{}.label", field.name);
    let known = &judge.known.texts;
    let has = field.label.is_some() || texts::has_words(config, &key) || known.contains_key(&key);
    if field.kind != FieldKind::Hidden && !known.is_empty() && !has {
        judge.mistake(
            &join(path, "label"),
            format!("missing: add label.en or the text \"{key}\""),
        );
    }
}

/// Checks words by locale.
fn words(words: &Localized, path: &str, judge: &mut Judge<'_>) {
    if words.0.is_empty() {
        judge.mistake(
            path,
            "expected words for at least one locale: { en = \"…\" }",
        );
    }
    for (tag, text) in &words.0 {
        let inner = join(path, tag);
        locale::check_key(tag, &inner, judge);
        if text.trim().is_empty() {
            judge.mistake(&inner, "expected words, found nothing");
        }
    }
}

fn role_name(role: &Role) -> String {
    match role {
        Role::FirstName => "first_name".into(),
        Role::LastName => "last_name".into(),
        Role::Nickname => "nickname".into(),
        Role::Email => "email".into(),
        Role::Subject => "subject".into(),
        Role::UserData(key) => format!("user_data {key}"),
    }
}

fn kind_name(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Text => "text",
        FieldKind::Email => "email",
        FieldKind::Tel => "tel",
        FieldKind::Select => "select",
        FieldKind::Checkbox => "checkbox",
        FieldKind::Textarea => "textarea",
        FieldKind::Hidden => "hidden",
        FieldKind::Consent => "consent",
    }
}

/// The field names of HTML's `autocomplete` that a contact form may want, and on and off.
const AUTOFILL: [&str; 33] = [
    "on",
    "off",
    "name",
    "honorific-prefix",
    "given-name",
    "additional-name",
    "family-name",
    "honorific-suffix",
    "nickname",
    "username",
    "organization",
    "organization-title",
    "street-address",
    "address-line1",
    "address-line2",
    "address-line3",
    "address-level1",
    "address-level2",
    "address-level3",
    "address-level4",
    "country",
    "country-name",
    "postal-code",
    "language",
    "bday",
    "sex",
    "url",
    "email",
    "tel",
    "tel-country-code",
    "tel-national",
    "tel-local",
    "tel-extension",
];
