//! The rules of each section: what a value must look like and what goes together.

mod common;

use common::{GOOD, known, mistakes, mistakes_with, read, warnings};
use parlour_config::build;

fn server(url: &str) -> String {
    format!("tenant = \"acme\"\n[server]\nservice = \"sales\"\nurl = \"{url}\"\n")
}

/// Names the visitor, so that the other field of a test is the only one with mistakes. The field
/// begins in line 11.
fn field(rest: &str) -> String {
    format!(
        "{GOOD}[[form.fields]]\nname = \"nick\"\nrole = \"nickname\"\nrequired = true\n\
         [[form.fields]]\nname = \"a\"\nrole.user_data = \"A\"\n{rest}"
    )
}

#[test]
fn a_tenants_name_fits_file_names_and_storage_keys() {
    for name in ["Acme", "a cme", "-acme", "acme/..", &"a".repeat(41)] {
        assert_eq!(
            mistakes(&format!("tenant = \"{name}\"\n[server]\nservice = \"s\"\n")),
            "1:10: tenant: expected lower-case letters, digits and hyphens, 40 at most"
        );
    }
    assert_eq!(
        mistakes("tenant = \"\"\n[server]\nservice = \"\"\n"),
        "1:10: tenant: expected a name, found nothing\n\
         3:11: server.service: expected a name, found nothing"
    );
}

#[test]
fn a_server_is_a_plain_web_address() {
    for url in [
        "",
        "https://x.example",
        "https://x.example:8443/chat/a",
        "http://[::1]:8888",
    ] {
        assert_eq!(warnings(&server(url)), "", "{url}");
    }
    for (url, expected) in [
        (
            "chat.example",
            "expected a URL that begins with https:// or http://",
        ),
        (
            "ftp://x.example",
            "expected a URL that begins with https:// or http://",
        ),
        (
            "javascript:alert(1)",
            "expected a URL that begins with https:// or http://",
        ),
        ("https://x.example/", "expected no slash at the end"),
        (
            "https://x.example?a=b",
            "expected a URL without query or fragment",
        ),
        (
            "https://x.example/#a",
            "expected a URL without query or fragment",
        ),
        (
            "https://me:secret@x.example",
            "expected a URL without credentials: every visitor could read them",
        ),
        (
            "https://x example",
            "expected a URL without blanks or backslashes",
        ),
        (
            "https://x.example/\\\\y",
            "expected a URL without blanks or backslashes",
        ),
        ("https://:80", "expected a host after https://, found \"\""),
        (
            "https://[::1",
            "expected a host after https://, found \"[:\"",
        ),
        (
            "https://x.example:0",
            "expected a port from 1 to 65535, found \"0\"",
        ),
        (
            "https://x.example:http",
            "expected a port from 1 to 65535, found \"http\"",
        ),
    ] {
        assert_eq!(
            mistakes(&server(url)),
            format!("4:7: server.url: {expected}"),
            "{url}"
        );
    }
}

#[test]
fn an_address_that_works_but_should_not_be_shipped_is_warned_of() {
    assert_eq!(
        warnings(&server("http://x.example")),
        "4:7: server.url: is not encrypted, and pages served by https cannot reach it"
    );
    assert_eq!(
        warnings(&server("https://x.example/genesys")),
        "4:7: server.url: holds /genesys, which the widget adds by itself"
    );
}

#[test]
fn a_service_is_one_segment_of_a_path() {
    for name in ["a/b", "a?b", "a#b", "..", " a", "50%"] {
        assert_eq!(
            mistakes(&format!("tenant = \"acme\"\nserver.service = \"{name}\"\n")),
            "2:18: server.service: expected a name without / \\ ? # % or blanks around it, \
             as the server's operator gave it",
            "{name}"
        );
    }
}

#[test]
fn headers_are_those_a_page_may_set_and_the_widget_does_not() {
    let file = format!(
        "{GOOD}[server.headers]\nCookie = \"a\"\nsec-x = \"a\"\n\"a b\" = \"a\"\n\
         Content-Type = \"a\"\nX-Split = \"a\\r\\nb\"\nx-split = \" a\"\n"
    );
    assert_eq!(
        mistakes(&file),
        "8:1: server.headers.Cookie: browsers do not let pages set this header\n\
         9:1: server.headers.sec-x: browsers do not let pages set this header\n\
         10:1: server.headers.\"a b\": expected a header name: letters, digits and hyphens\n\
         11:1: server.headers.Content-Type: is set by the widget\n\
         12:11: server.headers.X-Split: expected printable ASCII without line breaks or blanks \
         around it\n\
         13:1: server.headers.x-split: is the same header as X-Split\n\
         13:11: server.headers.x-split: expected printable ASCII without line breaks or blanks \
         around it"
    );
    assert_eq!(
        warnings(&format!(
            "{GOOD}[server.headers]\nauthorization = \"Basic eA==\"\n"
        )),
        "8:17: server.headers.authorization: every visitor can read this credential"
    );
}

#[test]
fn keys_of_attached_data_cannot_break_out_of_their_brackets() {
    let message = "expected a key without brackets, control characters or blanks around it";
    assert_eq!(
        mistakes(&format!(
            "{GOOD}[server.user_data]\n\"a]b\" = \"1\"\n\"\" = \"2\"\n"
        )),
        format!("8:1: server.user_data.\"a]b\": {message}\n9:1: server.user_data.\"\": {message}")
    );
    assert_eq!(
        mistakes(&field("").replace("role.user_data = \"A\"", "role.user_data = \" A\"")),
        format!("13:18: form.fields[1].role.user_data: {message}")
    );
}

#[test]
fn the_form_gives_the_server_a_name() {
    let message = "the server needs the visitor's name: make a field with the role nickname \
                   required, or those with the roles first_name and last_name, or add a hidden \
                   one with a value";
    for (form, place) in [
        ("[form]\nfields = []\n", "8:10"),
        (
            "[[form.fields]]\nname = \"n\"\nrole = \"nickname\"\n",
            "7:1",
        ),
        (
            "[[form.fields]]\nname = \"n\"\nrole = \"first_name\"\nrequired = true\n",
            "7:1",
        ),
    ] {
        assert_eq!(
            mistakes(&format!("{GOOD}{form}")),
            format!("{place}: form.fields: {message}"),
            "{form}"
        );
    }
    let hidden = "[[form.fields]]\nname = \"n\"\nkind = \"hidden\"\nrole = \"nickname\"\nvalue = \"Guest\"\n";
    assert!(read(&format!("{GOOD}{hidden}")).is_ok());
}

#[test]
fn names_and_roles_are_taken_once() {
    let file = field(
        "[[form.fields]]\nname = \"nick\"\nrole = \"nickname\"\n\
         [[form.fields]]\nname = \"2nd\"\nrole.user_data = \"A\"\n",
    );
    assert_eq!(
        mistakes(&file),
        "15:8: form.fields[2].name: is the name of form.fields[0] too\n\
         16:8: form.fields[2].role: is the role of form.fields[0] too\n\
         18:8: form.fields[3].name: expected a letter, then letters, digits, _ or -\n\
         19:1: form.fields[3].role: is the role of form.fields[1] too"
    );
}

#[test]
fn what_a_kind_cannot_use_is_told() {
    assert_eq!(
        mistakes(&field(
            "kind = \"checkbox\"\nmax_length = 5\npattern = \"x\"\noptions = [{ value = \"x\" }]\n\
             autocomplete = \"on\"\nplaceholder.en = \"x\"\n"
        )),
        [
            "15:1: form.fields[1].max_length",
            "16:1: form.fields[1].pattern"
        ]
        .into_iter()
        .chain([
            "17:1: form.fields[1].options",
            "18:1: form.fields[1].autocomplete"
        ])
        .chain(["19:1: form.fields[1].placeholder"])
        .map(|place| format!("{place}: has no meaning for the kind \"checkbox\""))
        .collect::<Vec<_>>()
        .join("\n")
    );
    assert_eq!(
        mistakes(&field(
            "kind = \"hidden\"\nlabel.en = \"x\"\nhelp.en = \"x\"\nlink.en = \"https://x.example\"\n"
        )),
        "15:1: form.fields[1].label: has no meaning for the kind \"hidden\"\n\
         16:1: form.fields[1].help: has no meaning for the kind \"hidden\"\n\
         17:1: form.fields[1].link: has no meaning for the kind \"hidden\""
    );
}

#[test]
fn a_select_offers_different_choices_and_begins_with_one_of_them() {
    assert_eq!(
        mistakes(&field("kind = \"select\"\n")),
        "11:1: form.fields[1].options: expected at least one choice for the kind \"select\""
    );
    assert_eq!(
        mistakes(&field(
            "kind = \"select\"\nvalue = \"c\"\noptions = [{ value = \"a\" }, { value = \"a\" }]\n"
        )),
        "15:9: form.fields[1].value: expected the value of one of the options\n\
         16:39: form.fields[1].options[1].value: is the value of form.fields[1].options[0] too"
    );
}

#[test]
fn a_pattern_is_one_that_browsers_take() {
    assert!(read(&field("pattern = \"[\\\\p{L}\\\\d]{3,}\"\n")).is_ok());
    let broken = mistakes(&field("pattern = \"[a-\"\n"));
    let told = "14:11: form.fields[1].pattern: browsers would ignore this pattern: ";
    assert!(broken.starts_with(told), "{broken}");
    // Unlike the `u` flag, the `v` flag wants these escaped within a class.
    let reserved = mistakes(&field("pattern = \"[(]\"\n"));
    assert!(reserved.starts_with(told), "{reserved}");
    assert_eq!(
        mistakes(&field("pattern = \"[0-9]+|x\"\nvalue = \"12x\"\n")),
        "14:11: form.fields[1].pattern: refuses the field's own value \"12x\""
    );
}

#[test]
fn a_value_fits_its_field() {
    assert_eq!(
        mistakes(&field("max_length = 2\nvalue = \"a😀\"\n")),
        "15:9: form.fields[1].value: is longer (3) than max_length (2)"
    );
    assert_eq!(
        mistakes(&field("kind = \"hidden\"\nrequired = true\n")),
        "11:1: form.fields[1].value: a hidden field that is required needs a value: visitors \
         cannot give one"
    );
    assert_eq!(
        mistakes(&field("").replace("role.user_data = \"A\"", "role = \"email\"")),
        "11:1: form.fields[1].kind: expected \"email\" or \"hidden\" for the role email"
    );
    assert_eq!(
        mistakes(&field("autocomplete = \"emial\"\n")),
        "14:16: form.fields[1].autocomplete: expected on, off or a field name of HTML's \
         autocomplete, did you mean \"email\"?"
    );
}

#[test]
fn words_of_a_field_are_words_in_some_language() {
    assert_eq!(
        mistakes(&field(
            "kind = \"consent\"\nlabel = {}\nhelp.en = \" \"\nhelp.english = \"x\"\n\
             link.en = \"/privacy\"\nlink.de = \"javascript:x\"\n"
        )),
        "15:9: form.fields[1].label: expected words for at least one locale: { en = \"…\" }\n\
         16:11: form.fields[1].help.en: expected words, found nothing\n\
         17:6: form.fields[1].help.english: expected a locale like en, pt-BR or zh-Hant, found \
         \"english\"\n\
         18:11: form.fields[1].link.en: expected a URL that begins with https:// or http://\n\
         19:11: form.fields[1].link.de: expected a URL that begins with https:// or http://"
    );
}

#[test]
fn a_field_that_nobody_could_read_aloud_is_told() {
    assert_eq!(
        mistakes_with(&field(""), &known()),
        "7:1: form.fields[0].label: missing: add label.en or the text \"form.nick.label\"\n\
         11:1: form.fields[1].label: missing: add label.en or the text \"form.a.label\""
    );
    let labelled = format!(
        "{}label.en = \"A\"\n[texts.en]\n\"form.nick.label\" = \"Your name\"\n",
        field("")
    );
    assert!(build::read(labelled, &known()).is_ok());
}

#[test]
fn locales_look_like_locales() {
    for good in ["en", "pt-BR", "zh-Hant-TW", "fil", "es-419"] {
        assert!(
            read(&format!("locale = \"{good}\"\n{GOOD}")).is_ok(),
            "{good}"
        );
    }
    for bad in ["", "e", "EN", "english", "en_GB", "en-", "de-x"] {
        assert_eq!(
            mistakes(&format!("locale = \"{bad}\"\n{GOOD}")),
            format!("1:10: locale: expected a locale like en, pt-BR or zh-Hant, found \"{bad}\"")
        );
    }
}

#[test]
fn texts_are_those_the_widget_shows() {
    let file = format!(
        "{GOOD}[texts.en_GB]\n\"launcher.label\" = \"Hi\"\n[texts.en]\n\"launcher.lable\" = \"Hi\"\n\
         \"a b\" = \"x\"\n\"banana.split\" = \"x\"\n\"files.tooLarge\" = \"{{file}} is too big\"\n\
         \"composer.placeholder\" = \"{{x}}\"\n"
    );
    assert_eq!(
        mistakes_with(&file, &known()),
        "7:8: texts.en_GB: expected a locale like en, pt-BR or zh-Hant, found \"en_GB\"\n\
         10:1: texts.en.\"launcher.lable\": unknown text key, did you mean \"launcher.label\"?\n\
         11:1: texts.en.\"a b\": expected a text key: words joined by dots\n\
         12:1: texts.en.\"banana.split\": unknown text key\n\
         13:20: texts.en.\"files.tooLarge\": nothing fills {file} in this text, expected {limit}, \
         {name}\n\
         14:26: texts.en.\"composer.placeholder\": nothing fills {x} in this text"
    );
}

#[test]
fn texts_of_other_plurals_and_of_the_tenants_own_fields_are_known() {
    let file = format!(
        "{}kind = \"select\"\noptions = [{{ value = \"New order\" }}]\n\
         [texts.pl]\n\"unread.few\" = \"{{count}} nowe\"\n[texts.en]\n\
         \"form.nick.label\" = \"Name\"\n\"form.a.label\" = \"About\"\n\
         \"form.a.options.New order\" = \"A new order\"\n",
        field("")
    );
    let read = build::read(&file, &known());
    assert!(read.is_ok(), "{read:?}");
}

#[test]
fn the_launchers_label_names_a_text() {
    assert_eq!(
        mistakes(&format!("{GOOD}[launcher]\nlabel = \"Chat with us\"\n")),
        "8:9: launcher.label: expected a text key: words joined by dots, found \"Chat with us\""
    );
    assert_eq!(
        mistakes_with(
            &format!("{GOOD}[launcher]\nlabel = \"launcher.lable\"\n"),
            &known()
        ),
        "8:9: launcher.label: unknown text key, did you mean \"launcher.label\"?"
    );
    let own = "[launcher]\nlabel = \"my.label\"\n[texts.en]\n\"my.label\" = \"Hi\"\n";
    let read = build::read(format!("{GOOD}{own}"), &known());
    assert!(read.is_ok(), "{read:?}");
}

#[test]
fn pauses_are_in_order_and_under_the_servers_patience() {
    for (pace, expected) in [
        (
            "quiet_ms = 2000",
            "8:12: pace.quiet_ms: expected at least active_ms (3000), found 2000",
        ),
        (
            "active_ms = 6000",
            "8:13: pace.active_ms: expected at most quiet_ms (5000), found 6000",
        ),
        (
            "hidden_ms = 4000",
            "8:13: pace.hidden_ms: expected at least quiet_ms (5000), found 4000",
        ),
        (
            "retry_max_ms = 900",
            "8:16: pace.retry_max_ms: expected at least retry_min_ms (1000), found 900",
        ),
        (
            "request_timeout_ms = 40000",
            "8:22: pace.request_timeout_ms: expected at most resend_window_ms (30000), found 40000",
        ),
        (
            "hidden_ms = 30001",
            "8:13: pace.hidden_ms: expected at most two thirds of drop_after_ms (30000), found \
             30001",
        ),
        (
            "drop_after_ms = 44999",
            "8:17: pace.drop_after_ms: expected at least half more than retry_max_ms (45000), \
             found 44999",
        ),
    ] {
        assert_eq!(mistakes(&format!("{GOOD}[pace]\n{pace}\n")), expected);
    }
    assert_eq!(
        warnings(&format!("{GOOD}[pace]\nactive_ms = 500\n")),
        "8:13: pace.active_ms: asks more often than servers advise (3000): make sure yours bears it"
    );
}

#[test]
fn a_typing_preview_needs_typing() {
    assert_eq!(
        mistakes(&format!(
            "{GOOD}[features]\ntyping_preview = true\ntyping = false\n"
        )),
        "8:18: features.typing_preview: needs features.typing"
    );
}

#[test]
fn every_mistake_is_told_at_once_in_the_order_of_the_file() {
    let file = "\
tenant = \"Acme\"
locale = \"xx-\"
[server]
url = \"x\"
service = 5
[form]
intro = {}
[[form.fields]]
name = \"a b\"
role = \"nickname\"
required = 1
[theme]
radius = \"huge\"
[texts.en]
\"x y\" = \"\"
[features]
file = true
[pace]
quiet_ms = 1000
[privacy]
before_chat = \"local\"
[launcher]
corner = \"middle\"
";
    let keys: Vec<String> = read(file)
        .expect_err("the file has mistakes")
        .mistakes
        .into_iter()
        .map(|m| format!("{}:{} {}", m.line, m.column, m.path))
        .collect();
    assert_eq!(
        keys,
        [
            "1:10 tenant",
            "2:10 locale",
            "4:7 server.url",
            "5:11 server.service",
            "7:9 form.intro",
            "9:8 form.fields[0].name",
            "11:12 form.fields[0].required",
            "13:10 theme.radius",
            "15:1 texts.en.\"x y\"",
            "17:1 features.file",
            "19:12 pace.quiet_ms",
            "21:15 privacy.before_chat",
            "23:10 launcher.corner",
        ]
    );
}

#[test]
fn nothing_is_told_of_what_only_follows_from_a_mistake() {
    // The second role is not a nickname for all we know, and the first not taken twice.
    let file = format!(
        "{GOOD}[[form.fields]]\nname = \"a\"\nrole = \"x\"\n\
         [[form.fields]]\nname = \"b\"\nrole = \"first_name\"\n[pace]\nactive_ms = true\n\
         quiet_ms = 100\n"
    );
    let mistakes = mistakes(&file);
    assert_eq!(mistakes.lines().count(), 2, "{mistakes}");
}
