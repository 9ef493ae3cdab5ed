#![allow(
    clippy::panic,
    dead_code,
    reason = "helpers fail tests, and each test file uses its part"
)]

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
        tokens: Tokens::default(),
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
