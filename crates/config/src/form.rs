use serde::{Deserialize, Serialize};

use crate::Localized;

/// The questions to the visitor before the chat begins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "build", derive(schemars::JsonSchema))]
pub struct Form {
    /// Lists the fields in the order they are shown. Absent: first name, last name, e-mail
    /// (optional) and subject.
    #[serde(default = "Form::usual_fields")]
    pub fields: Vec<Field>,
    /// Shows words above the fields, by locale. Absent: the text key `form.intro`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intro: Option<Localized>,
}

impl Default for Form {
    fn default() -> Self {
        Self {
            fields: Self::usual_fields(),
            intro: None,
        }
    }
}

impl Form {
    fn usual_fields() -> Vec<Field> {
        let field = |name: &str, kind, required, role, autocomplete: &str| Field {
            required,
            autocomplete: Some(autocomplete.into()).filter(|a: &String| !a.is_empty()),
            ..Field::new(name, kind, role)
        };
        vec![
            field(
                "firstName",
                FieldKind::Text,
                true,
                Role::FirstName,
                "given-name",
            ),
            field(
                "lastName",
                FieldKind::Text,
                true,
                Role::LastName,
                "family-name",
            ),
            field("email", FieldKind::Email, false, Role::Email, "email"),
            field("subject", FieldKind::Text, false, Role::Subject, ""),
        ]
    }
}

/// One field of the form.
///
/// Its words come from the text keys `form.<name>.label`, `form.<name>.placeholder` and
/// `form.<name>.help`, unless the field brings its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "build", derive(schemars::JsonSchema))]
pub struct Field {
    /// Names the field: a letter, then letters, digits, `_` or `-`; unique in the form. Text keys
    /// refer to it.
    pub name: String,
    /// Says what kind of control it is.
    #[serde(default)]
    pub kind: FieldKind,
    /// Says where the value goes when the chat is requested.
    pub role: Role,
    /// Refuses to start the chat while the field is empty (or, for a checkbox, unticked).
    #[serde(default)]
    pub required: bool,
    /// Limits the length, in UTF-16 code units as browsers count them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "build", schemars(range(min = 1, max = 10_000)))]
    pub max_length: Option<u32>,
    /// Checks the value as the `pattern` attribute of an HTML input does: a JavaScript regular
    /// expression with the `v` flag that must match the whole value; an empty value passes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// Lists the choices of a `select`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Choice>,
    /// Sets the value to begin with; what is sent by a `hidden` field, or by a ticked `checkbox`
    /// or `consent` (`true` if absent).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Tells the browser what to fill in by itself, as HTML's `autocomplete` attribute does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub autocomplete: Option<String>,
    /// Replaces the label, by locale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Localized>,
    /// Replaces the placeholder, by locale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placeholder: Option<Localized>,
    /// Replaces the words of help below the field, by locale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<Localized>,
    /// Links a `consent` or `checkbox` field to the text that is agreed to: a URL, or a path of
    /// the page's site that begins with `/`, by locale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Localized>,
}

impl Field {
    /// Makes an optional field with nothing else said of it.
    #[must_use]
    pub fn new(name: &str, kind: FieldKind, role: Role) -> Self {
        Self {
            name: name.into(),
            kind,
            role,
            required: false,
            max_length: None,
            pattern: None,
            options: Vec::new(),
            value: None,
            autocomplete: None,
            label: None,
            placeholder: None,
            help: None,
            link: None,
        }
    }
}

/// The kinds of controls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "build", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// Takes one line of text.
    #[default]
    Text,
    /// Takes an e-mail address, checked as browsers do.
    Email,
    /// Takes a telephone number.
    Tel,
    /// Offers a list to choose from.
    Select,
    /// Takes a tick.
    Checkbox,
    /// Takes several lines of text.
    Textarea,
    /// Shows nothing and sends its value.
    Hidden,
    /// Takes a tick of agreement, with a link to what is agreed to.
    Consent,
}

/// The place of a field's value in the request for a chat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "build", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Becomes the visitor's first name.
    FirstName,
    /// Becomes the visitor's last name.
    LastName,
    /// Becomes the name shown to the agent.
    Nickname,
    /// Becomes the visitor's e-mail address.
    Email,
    /// Becomes the subject of the chat.
    Subject,
    /// Attached to the chat under this key.
    UserData(String),
}

/// One choice of a `select`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "build", derive(schemars::JsonSchema))]
pub struct Choice {
    /// The value that the server gets.
    pub value: String,
    /// The words that the visitor reads, by locale. Absent: the text key `form.<name>.options.<value>`,
    /// then the value itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Localized>,
}
