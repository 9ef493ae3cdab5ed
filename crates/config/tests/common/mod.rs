#![allow(
    clippy::panic,
    dead_code,
    reason = "helpers fail tests, and each test file uses its part"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use parlour_config::build::{self, Known, Mistakes, Tenant, Tokens};

/// Has no mistake, so that each one in a test is the test's own. Six lines long.
pub(crate) const GOOD: &str = "\
tenant = \"acme\"

[server]
url = \"https://chat.example\"
service = \"sales\"

";

pub(crate) fn known() -> Known {
    let texts = [
        ("form.firstName.label", "First name"),
        ("form.lastName.label", "Last name"),
        ("form.email.label", "E-mail"),
        ("form.subject.label", "Subject"),
        ("launcher.label", "Chat with us"),
        ("composer.placeholder", "Write a message"),
        ("files.tooLarge", "{name} is larger than {limit}"),
        ("unread.one", "{count} new message"),
        ("unread.other", "{count} new messages"),
    ];
    let texts = texts
        .map(|(key, words)| (key.to_owned(), words.to_owned()))
        .into();
    Known {
        texts,
        ..Known::default()
    }
}

/// Returns what the widget itself brings: its texts in all languages, the scripts' among them, and its tokens.
pub(crate) fn widget() -> Known {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let read = |path: &Path| {
        fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    let folder = root.join("public/locales");
    let entries =
        fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let files = entries.flatten().map(|entry| entry.path());
    let mut locales: BTreeMap<String, BTreeMap<String, String>> = files
        .map(|path| {
            let tag = path.file_stem().unwrap_or_default().to_string_lossy();
            let texts = serde_json::from_str(&read(&path))
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            (tag.into_owned(), texts)
        })
        .collect();
    Known {
        texts: locales.remove("en").unwrap_or_default(),
        locales,
        tokens: Tokens::from_sheet(&read(&root.join("style/tokens.css"))),
    }
}

pub(crate) fn read(file: &str) -> Result<Tenant, Mistakes> {
    build::read(file, &Known::default())
}

/// Returns the mistakes of a file that must have some, one a line.
#[track_caller]
pub(crate) fn mistakes(file: &str) -> String {
    mistakes_with(file, &Known::default())
}

#[track_caller]
pub(crate) fn mistakes_with(file: &str, known: &Known) -> String {
    match build::read(file, known) {
        Ok(tenant) => panic!("took a file with mistakes as {:?}", tenant.config),
        Err(mistakes) => mistakes.to_string(),
    }
}

/// Returns the warnings of a file that must have no mistakes, one a line.
#[track_caller]
pub(crate) fn warnings(file: &str) -> String {
    match read(file) {
        Ok(tenant) => tenant
            .warnings
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n"),
        Err(mistakes) => panic!("refused a good file: {mistakes}"),
    }
}

/// Names the visitor, so that the other field of a test is the only one with mistakes. The field
/// begins in line 11.
pub(crate) fn field(rest: &str) -> String {
    format!(
        "{GOOD}[[form.fields]]\nname = \"nick\"\nrole = \"nickname\"\nrequired = true\n\
         [[form.fields]]\nname = \"a\"\nrole.user_data = \"A\"\n{rest}"
    )
}

/// Sets every key to something other than its default.
pub(crate) const FULL: &str = r##"
tenant = "acme"
locale = "pt-BR"

[server]
dialect = "gms-v2"
url = "https://chat.example/base"
service = "sales"
credentials = "include"
headers = { X-Site = "shop" }
user_data = { Shop = "Acme" }

[form]
intro = { en = "Hello", de = "Hallo" }

[[form.fields]]
name = "nick"
kind = "text"
role = "nickname"
required = true
max_length = 40
pattern = "[^@]+"
value = "Guest"
autocomplete = "nickname"
label = { en = "Name" }
placeholder = { en = "Jane" }
help = { en = "Shown to the agent" }

[[form.fields]]
name = "topic"
kind = "select"
role = { user_data = "Topic" }
options = [{ value = "a", label = { en = "A" } }, { value = "b" }]

[[form.fields]]
name = "terms"
kind = "consent"
role = { user_data = "Terms" }
link = { en = "https://acme.example/terms" }

[theme]
scheme = "dark"
radius = "4px"
font = "Inter, sans-serif"
logo = "pictures/logo.svg"
avatar = "agent.webp"
tokens = { gap = "8px" }
light = { accent = "#123456" }
dark = { accent = "#abcdef" }

[texts.de]
"launcher.label" = "Chat"

[features]
files = false
typing = false
typing_preview = false
read_receipts = true
rename = false
upload_progress = false

[attention]
title = false
preview = false
sound = false
notifications = false

[pace]
active_ms = 3001
quiet_ms = 5001
hidden_ms = 15001
drop_after_ms = 45002
jitter_percent = 11
retry_min_ms = 1001
retry_max_ms = 30001
request_timeout_ms = 15001
upload_timeout_ms = 180001
resend_window_ms = 30002
typing_silence_ms = 5001
preview_every_ms = 10001

[privacy]
before_chat = "memory"
chat = "session"
mask = { cards = true, ibans = true }

[launcher]
corner = "top_left"
offset = { x = 1, y = 2 }
label = "launcher.open"
icon = "question"
image = "bubble.svg"

[contact]
email = "help@acme.example"
phone = "+44 20 7946 0000"
url = "/contact"

[survey]
url = "https://acme.example/survey?chat={chat}"

[context]
url = "PageUrl"
title = "PageTitle"
referrer = "Referrer"
locale = "Locale"
time_zone = "Zone"
data = { cart-value = "Cart" }
keep_query = ["utm_source"]
keep_hash = true
follow = false

[embed]
api_name = "AcmeHelp"
frame = "always"
allowed_origins = ["https://acme.example"]
cookie_domain = "acme.example"

[rules]
show_on = ["/shop/*"]
hide_on = ["/shop/checkout/*"]
open_after_s = 30
open_on_exit = true
open_as = "invitation"
open_once = "session"

[hours]
zone = "America/Sao_Paulo"
closed = "message"
monday = ["09:00-12:30", "13:30-18:00"]
tuesday = ["09:00-18:00"]
wednesday = ["09:00-18:00"]
thursday = ["09:00-18:00"]
friday = ["09:00-18:00"]
saturday = ["22:00-02:00"]
sunday = ["10:00-14:00"]
holidays = { 12-25 = [], 2026-12-24 = ["09:00-12:00"] }

[message]
url = "/messages"
name = "required"
email = "optional"
"##;
