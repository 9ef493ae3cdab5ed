//! A tenant as it is shown with a chat: at the preview's own server, which speaks one dialect, and with answers to its form.

use anyhow::Result;
use parlour_config::{
    BeforeChat, Context, Dialect, Features, Field, FieldKind, Form, Hours, KeepChat, Pace, Role,
    Rules, Server,
};
use parlour_packager::Tenant;
use serde_json::{Value, json};

/// The dialect of the preview's server.
pub(super) const DIALECT: Dialect = Dialect::GmsV2;

/// How long the server may be silent before the chat counts as lost for good, in milliseconds: as long as can be said.
const LONG_MS: u32 = 3_600_000;

/// Says what is not as it will be, where the tenant's server speaks another dialect.
pub(super) fn remark(tenant: &Tenant) -> Option<String> {
    let own = tenant.config.server.dialect;
    (own != DIALECT).then(|| {
        format!(
            "The chats are played as a {} server has them, and yours speaks {}: what happens in a chat may differ a little.",
            DIALECT.name(),
            own.name()
        )
    })
}

/// Changes a tenant's settings so that its chat can begin in a frame: whatever the hour and the page's path, and without
/// storage, which all frames share.
pub(super) fn for_chats(tenant: &Tenant) -> Result<Tenant> {
    let mut posed = tenant.clone();
    let config = &mut posed.config;
    if !matches!(config.server.dialect, Dialect::GmsV2 | Dialect::GmsV2Cometd) {
        config.features = Features {
            files: false,
            typing_preview: false,
            read_receipts: false,
            rename: false,
            upload_progress: false,
            ..config.features.clone()
        };
    }
    config.server = Server {
        dialect: DIALECT,
        url: String::new(),
        headers: parlour_config::Table::default(),
        ..config.server.clone()
    };
    config.privacy.chat = KeepChat::Memory;
    config.privacy.before_chat = BeforeChat::Memory;
    config.pace = Pace {
        drop_after_ms: LONG_MS,
        ..Pace::default()
    };
    config.rules = Rules::default();
    config.hours = None;
    config.message = None;
    config.context = Context::default();
    config.embed.frame = parlour_config::Frame::default();
    let mut json: Value = serde_json::from_str(&posed.json)?;
    json["features"] = serde_json::to_value(&config.features)?;
    json["server"] = serde_json::to_value(&config.server)?;
    json["privacy"] = serde_json::to_value(&config.privacy)?;
    json["pace"] = serde_json::to_value(&config.pace)?;
    posed.json = json.to_string();
    Ok(posed)
}

/// Changes a tenant's settings so that it is never open. Messages go to the preview, which takes none: nobody gets them.
pub(super) fn outside(tenant: &Tenant, hours: Hours) -> Tenant {
    let mut posed = tenant.clone();
    posed.config.hours = Some(Hours {
        zone: hours.zone,
        closed: hours.closed,
        ..Hours::default()
    });
    if let Some(message) = &mut posed.config.message {
        message.url = "/".to_owned();
    }
    posed
}

/// Lists what a frame may answer to the form's questions: for each the answers that are likely to be taken, and the pattern
/// that one of them must match.
pub(super) fn answers(form: &Form) -> Value {
    let asked = form.fields.iter().filter(|field| is_answered(field));
    let answers = asked.map(|field| {
        json!({
            "name": field.name,
            "answers": candidates(field),
            "pattern": field.pattern,
        })
    });
    answers.collect()
}

/// Returns whether a frame answers: to what is required, and with the visitor's name.
fn is_answered(field: &Field) -> bool {
    let names = [Role::FirstName, Role::LastName, Role::Nickname];
    field.kind != FieldKind::Hidden && (field.required || names.contains(&field.role))
}

fn candidates(field: &Field) -> Vec<Value> {
    let sample = match (field.kind, &field.role) {
        (FieldKind::Checkbox | FieldKind::Consent, _) => return vec![true.into()],
        (FieldKind::Select, _) => {
            let values = field.options.iter().map(|choice| choice.value.as_str());
            return values
                .filter(|value| !value.is_empty())
                .map(Value::from)
                .collect();
        }
        (FieldKind::Email, _) | (_, Role::Email) => "ada@mail.example",
        (FieldKind::Tel, _) => "+44 1632 960001",
        (_, Role::FirstName | Role::Nickname) => "Ada",
        (_, Role::LastName) => "Lovelace",
        (_, Role::Subject) => "My order",
        (_, Role::UserData(_)) => "Order 2026-117",
    };
    // A tenant's own examples may fit its patterns, and the simple ones others.
    let examples = [&field.placeholder, &field.help].into_iter().flatten();
    let examples =
        examples.flat_map(|words| words.0.values().flat_map(|text| text.split_whitespace()));
    let fits = |text: &str| {
        let most = field.max_length.unwrap_or(u32::MAX);
        u32::try_from(text.encode_utf16().count()).is_ok_and(|length| length <= most)
    };
    let own = field.value.iter().map(String::as_str);
    let simple = [
        "1",
        "12",
        "123",
        "1234",
        "12345",
        "123456",
        "1234567",
        "12345678",
        "AB-123456",
        "A1",
    ];
    let all = own.chain([sample]).chain(examples).chain(simple);
    let fitting = all.filter(|text| !text.is_empty() && fits(text));
    if field.pattern.is_some() {
        fitting.map(Value::from).collect()
    } else {
        fitting.take(1).map(Value::from).collect()
    }
}

#[cfg(test)]
mod tests {
    use parlour_config::{Choice, Localized};

    use super::*;

    fn answers_to(field: Field) -> Value {
        let mut list = answers(&Form {
            fields: vec![field],
            intro: None,
        });
        list[0]["answers"].take()
    }

    fn required(kind: FieldKind) -> Field {
        let role = Role::UserData("Key".into());
        Field {
            required: true,
            ..Field::new("it", kind, role)
        }
    }

    #[test]
    fn every_kind_of_field_has_an_answer() {
        let choice = |value: &str| Choice {
            value: value.into(),
            label: None,
        };
        let select = Field {
            options: vec![choice("payments"), choice("other")],
            ..required(FieldKind::Select)
        };
        assert_eq!(answers_to(select)[0], "payments");
        assert_eq!(answers_to(required(FieldKind::Consent)), json!([true]));
        assert_eq!(
            answers_to(required(FieldKind::Email)),
            json!(["ada@mail.example"])
        );
        assert_eq!(
            answers_to(required(FieldKind::Text)),
            json!(["Order 2026-117"])
        );
    }

    #[test]
    fn an_answer_is_as_short_as_the_form_wants_it() {
        let short = Field {
            max_length: Some(3),
            ..required(FieldKind::Text)
        };
        assert_eq!(answers_to(short), json!(["1"]));
    }

    #[test]
    fn a_pattern_may_take_the_tenants_own_example() {
        let mut example = Localized::default();
        example.0.insert("en", "NR-000000".into());
        let field = Field {
            pattern: Some(r"NR-\d{6}".into()),
            placeholder: Some(example),
            ..required(FieldKind::Text)
        };
        let answers = answers_to(field);
        assert!(answers.as_array().unwrap().contains(&json!("NR-000000")));
    }

    #[test]
    fn what_need_not_be_answered_is_left_out_but_for_names() {
        let form = Form::default();
        let answers = answers(&form);
        let names: Vec<_> = answers
            .as_array()
            .unwrap()
            .iter()
            .map(|it| &it["name"])
            .collect();
        assert_eq!(names, ["firstName", "lastName"]);
    }
}
