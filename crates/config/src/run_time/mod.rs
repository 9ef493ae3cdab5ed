//! The reader in the browser.
//!
//! It is written by hand over [`serde_json::Value`], which the module has anyway for the server's replies: the
//! derived readers of the same types would cost every visitor several times the bytes. Nothing
//! returns early; what does not fit is noted, the first of it, and a default takes its place.
//! `tests/run_time.rs` holds the two against each other.

mod node;

use std::cell::RefCell;

#[cfg(feature = "gws")]
use crate::Reads;
use crate::{
    Attention, BeforeChat, Choice, Config, ConfigError, Contact, Corner, Credentials, Dialect,
    Features, Field, FieldKind, Form, Icon, KeepChat, Launcher, Mask, Offset, Pace, Privacy, Role,
    Scheme, Server, Survey, Table, Theme, rules,
};
use node::Node;

impl Config {
    /// Reads the run-time JSON that the build wrote for a tenant.
    ///
    /// # Errors
    ///
    /// Returns what is wrong and where: a line and column when the text is no JSON, otherwise a key
    /// path, be it that a value has the wrong type or that it would make the widget misbehave (a
    /// server that is no web address, a pause of zero between two requests, …). What cannot do harm
    /// is checked only when the tenant's file is built.
    pub fn from_json(json: &str) -> Result<Self, ConfigError> {
        let value = serde_json::from_str(json).map_err(|error| ConfigError::from_json(&error))?;
        let wrong = RefCell::new(None);
        let config = config(&Node::top(&value, &wrong));
        match wrong
            .into_inner()
            .or_else(|| rules::first_violation(&config))
        {
            Some(error) => Err(error),
            None => Ok(config),
        }
    }
}

fn config(node: &Node<'_>) -> Config {
    let table = node.table("texts");
    let mut texts = Table::default();
    for key in table.keys() {
        texts.insert(key, table.texts(key));
    }
    Config {
        tenant: node.required_text("tenant"),
        server: server(&node.required_table("server")),
        form: form(&node.table("form")),
        theme: theme(&node.table("theme")),
        texts,
        locale: node.text("locale"),
        features: features(&node.table("features")),
        attention: attention(&node.table("attention")),
        pace: pace(&node.table("pace")),
        privacy: privacy(&node.table("privacy")),
        launcher: launcher(&node.table("launcher")),
        contact: contact(&node.table("contact")),
        survey: Survey {
            url: node.table("survey").text("url"),
        },
        #[cfg(feature = "build")]
        locales: Vec::new(),
        #[cfg(feature = "build")]
        embed: crate::Embed::default(),
        #[cfg(feature = "build")]
        rules: crate::Rules::default(),
        #[cfg(feature = "build")]
        hours: None,
        #[cfg(feature = "build")]
        message: None,
        #[cfg(feature = "build")]
        context: crate::Context::default(),
    }
}

/// The dialects that the module was built with; a file for another one is told so.
const NAMES: &[&str] = &[
    #[cfg(feature = "gms-v2")]
    "gms-v2",
    #[cfg(feature = "gms-v2-cometd")]
    "gms-v2-cometd",
    #[cfg(feature = "gms-v1")]
    "gms-v1",
    #[cfg(feature = "gms-v1-cometd")]
    "gms-v1-cometd",
    #[cfg(feature = "gws")]
    "gws",
];

/// Returns the dialect at a place among [`NAMES`].
fn spoken(at: usize) -> Dialect {
    let all = [
        #[cfg(feature = "gms-v2")]
        Dialect::GmsV2,
        #[cfg(feature = "gms-v2-cometd")]
        Dialect::GmsV2Cometd,
        #[cfg(feature = "gms-v1")]
        Dialect::GmsV1,
        #[cfg(feature = "gms-v1-cometd")]
        Dialect::GmsV1Cometd,
        #[cfg(feature = "gws")]
        Dialect::Gws,
    ];
    all.get(at).copied().unwrap_or_default()
}

fn server(node: &Node<'_>) -> Server {
    if cfg!(not(feature = "gms-v2")) {
        // Left out it is gms-v2, which this module does not speak.
        node.required_text("dialect");
    }
    Server {
        dialect: spoken(node.word("dialect", NAMES)),
        url: node.text("url").unwrap_or_default(),
        service: node.required_text("service"),
        #[cfg(feature = "gws")]
        base: node.text("base").unwrap_or_else(|| "/api".into()),
        #[cfg(feature = "gws")]
        reads: match node.word("reads", &["chats", "me_chat"]) {
            1 => Reads::MeChat,
            _ => Reads::Chats,
        },
        headers: node.texts("headers"),
        credentials: match node.word("credentials", &["omit", "include"]) {
            1 => Credentials::Include,
            _ => Credentials::Omit,
        },
        user_data: node.texts("user_data"),
    }
}

fn form(node: &Node<'_>) -> Form {
    let fields = match node.at("fields").is_absent() {
        true => Form::default().fields,
        false => node.items("fields", field),
    };
    Form {
        fields,
        intro: node.localized("intro"),
    }
}

fn field(node: &Node<'_>) -> Field {
    let kinds = [
        "text", "email", "tel", "select", "checkbox", "textarea", "hidden", "consent",
    ];
    Field {
        name: node.required_text("name"),
        kind: match node.word("kind", &kinds) {
            1 => FieldKind::Email,
            2 => FieldKind::Tel,
            3 => FieldKind::Select,
            4 => FieldKind::Checkbox,
            5 => FieldKind::Textarea,
            6 => FieldKind::Hidden,
            7 => FieldKind::Consent,
            _ => FieldKind::Text,
        },
        role: role(node),
        required: node.flag("required", false),
        max_length: node.number("max_length", 1, 10_000),
        pattern: node.text("pattern"),
        options: node.items("options", choice),
        value: node.text("value"),
        autocomplete: node.text("autocomplete"),
        label: node.localized("label"),
        placeholder: node.localized("placeholder"),
        help: node.localized("help"),
        link: node.localized("link"),
    }
}

fn role(node: &Node<'_>) -> Role {
    let role = node.at("role");
    if !role.at("user_data").is_absent() {
        return Role::UserData(role.required_text("user_data"));
    }
    if role.is_absent() {
        role.expected("a string");
    }
    match node.word(
        "role",
        &["first_name", "last_name", "nickname", "email", "subject"],
    ) {
        1 => Role::LastName,
        2 => Role::Nickname,
        3 => Role::Email,
        4 => Role::Subject,
        _ => Role::FirstName,
    }
}

fn choice(node: &Node<'_>) -> Choice {
    Choice {
        value: node.required_text("value"),
        label: node.localized("label"),
    }
}

fn theme(node: &Node<'_>) -> Theme {
    Theme {
        scheme: match node.word("scheme", &["auto", "light", "dark"]) {
            1 => Scheme::Light,
            2 => Scheme::Dark,
            _ => Scheme::Auto,
        },
        radius: node.text("radius"),
        font: node.text("font"),
        logo: node.text("logo"),
        avatar: node.text("avatar"),
        tokens: node.texts("tokens"),
        light: node.texts("light"),
        dark: node.texts("dark"),
    }
}

fn features(node: &Node<'_>) -> Features {
    let default = Features::default();
    Features {
        files: node.flag("files", default.files),
        typing: node.flag("typing", default.typing),
        typing_preview: node.flag("typing_preview", default.typing_preview),
        read_receipts: node.flag("read_receipts", default.read_receipts),
        markdown: node.flag("markdown", default.markdown),
        rename: node.flag("rename", default.rename),
        upload_progress: node.flag("upload_progress", default.upload_progress),
    }
}

fn attention(node: &Node<'_>) -> Attention {
    let default = Attention::default();
    Attention {
        title: node.flag("title", default.title),
        preview: node.flag("preview", default.preview),
        sound: node.flag("sound", default.sound),
        notifications: node.flag("notifications", default.notifications),
    }
}

fn pace(node: &Node<'_>) -> Pace {
    let mut pace = Pace::default();
    for (key, value) in [
        ("active_ms", &mut pace.active_ms),
        ("quiet_ms", &mut pace.quiet_ms),
        ("hidden_ms", &mut pace.hidden_ms),
        ("drop_after_ms", &mut pace.drop_after_ms),
        ("retry_min_ms", &mut pace.retry_min_ms),
        ("retry_max_ms", &mut pace.retry_max_ms),
        ("request_timeout_ms", &mut pace.request_timeout_ms),
        ("upload_timeout_ms", &mut pace.upload_timeout_ms),
        ("resend_window_ms", &mut pace.resend_window_ms),
        ("typing_silence_ms", &mut pace.typing_silence_ms),
        ("preview_every_ms", &mut pace.preview_every_ms),
    ] {
        *value = node.number(key, 50, 3_600_000).unwrap_or(*value);
    }
    pace.jitter_percent = node
        .number("jitter_percent", 0, 50)
        .unwrap_or(pace.jitter_percent);
    pace
}

fn privacy(node: &Node<'_>) -> Privacy {
    let before_chat = match node.word("before_chat", &["session", "memory"]) {
        1 => BeforeChat::Memory,
        _ => BeforeChat::Session,
    };
    let chat = match node.word("chat", &["site", "session", "memory"]) {
        1 => KeepChat::Session,
        2 => KeepChat::Memory,
        _ => KeepChat::Site,
    };
    let mask = node.table("mask");
    Privacy {
        before_chat,
        chat,
        mask: Mask {
            cards: mask.flag("cards", false),
            ibans: mask.flag("ibans", false),
        },
    }
}

fn launcher(node: &Node<'_>) -> Launcher {
    let default = Launcher::default();
    let offset = node.table("offset");
    let pixels = |key, default| {
        offset
            .number(key, 0, 1_000)
            .and_then(|n| u16::try_from(n).ok())
            .unwrap_or(default)
    };
    let corners = ["bottom_right", "bottom_left", "top_right", "top_left"];
    Launcher {
        corner: match node.word("corner", &corners) {
            1 => Corner::BottomLeft,
            2 => Corner::TopRight,
            3 => Corner::TopLeft,
            _ => Corner::BottomRight,
        },
        offset: Offset {
            x: pixels("x", default.offset.x),
            y: pixels("y", default.offset.y),
        },
        label: node.text("label").unwrap_or(default.label),
        icon: match node.word("icon", &["chat", "question", "none"]) {
            1 => Icon::Question,
            2 => Icon::None,
            _ => Icon::Chat,
        },
        image: node.text("image"),
    }
}

fn contact(node: &Node<'_>) -> Contact {
    Contact {
        email: node.text("email"),
        phone: node.text("phone"),
        url: node.text("url"),
    }
}
