//! Keys and types: what is unknown, missing, of the wrong type or out of range is told with its
//! place and what was expected.

mod common;

use common::{GOOD, mistakes};

#[test]
fn an_empty_file_lacks_what_every_tenant_needs() {
    assert_eq!(
        mistakes(""),
        "1:1: server: missing, expected a table\n\
         1:1: tenant: missing, expected a string"
    );
}

#[test]
fn a_missing_key_is_reported_at_its_table() {
    assert_eq!(
        mistakes("tenant = \"acme\"\n\n[server]\nurl = \"https://x.example\"\n"),
        "3:1: server.service: missing, expected a string"
    );
}

#[test]
fn an_unknown_key_is_reported_with_the_one_that_was_meant() {
    assert_eq!(
        mistakes(&format!(
            "{GOOD}[features]\nfilles = true\nreadReceipts = true\n"
        )),
        "8:1: features.filles: unknown key, did you mean \"files\"?\n\
         9:1: features.readReceipts: unknown key, did you mean \"read_receipts\"?"
    );
}

#[test]
fn an_unknown_key_that_is_known_elsewhere_is_sent_there() {
    assert_eq!(
        mistakes(&format!("url = \"https://x.example\"\n{GOOD}form = 1\n")),
        "1:1: url: unknown key, it belongs in [contact] or [context] or [message] or [server] or [survey]\n\
         8:1: server.form: unknown key, it belongs at the top of the file"
    );
}

#[test]
fn an_unknown_key_like_no_other_is_reported_with_all_there_are() {
    assert_eq!(
        mistakes(&format!(
            "{GOOD}[privacy]\nbanana = 1\n[launcher.offset]\ndepth = 1\n"
        )),
        "8:1: privacy.banana: unknown key, expected one of before_chat, chat, mask\n\
         10:1: launcher.offset.depth: unknown key, expected one of x, y"
    );
}

#[test]
fn a_word_of_another_widget_is_reported_with_ours() {
    for (line, told) in [
        (
            "position = \"right\"",
            "position: unknown key, did you mean launcher.corner?",
        ),
        (
            "widget_color = \"#f00\"",
            "widget_color: unknown key, did you mean the token accent in [theme.tokens]?",
        ),
        (
            "title = \"Hi\"",
            "title: unknown key, did you mean the text \"panel.title\" in [texts.en]?",
        ),
        (
            "apiBase = \"x\"",
            "apiBase: unknown key, did you mean server.url?",
        ),
        (
            "language = \"de\"",
            "language: unknown key, did you mean \"locale\"?",
        ),
        (
            "poll-interval = 3",
            "poll-interval: unknown key, did you mean pace.active_ms or pace.quiet_ms?",
        ),
        ("i18n = {}", "i18n: unknown key, did you mean \"texts\"?"),
        (
            "server.endpoint = \"x\"",
            "server.endpoint: unknown key, did you mean \"url\"?",
        ),
        (
            "launcher.position = \"right\"",
            "launcher.position: unknown key, did you mean \"corner\"?",
        ),
        (
            "launcher.title = \"Hi\"",
            "launcher.title: unknown key, did you mean the text \"panel.title\" in [texts.en]?",
        ),
        (
            "launcher.offset.bottom = 3",
            "launcher.offset.bottom: unknown key, did you mean \"y\"?",
        ),
        (
            "theme.dark_mode = true",
            "theme.dark_mode: unknown key, did you mean \"scheme\"?",
        ),
        (
            "theme.color = \"red\"",
            "theme.color: unknown key, did you mean the token accent in [theme.tokens]?",
        ),
        (
            "theme.border_radius = 3",
            "theme.border_radius: unknown key, did you mean \"radius\"?",
        ),
        (
            "embed.iframe = true",
            "embed.iframe: unknown key, did you mean \"frame\"?",
        ),
        (
            "contact.telephone = \"1\"",
            "contact.telephone: unknown key, did you mean \"phone\"?",
        ),
    ] {
        let told_here = mistakes(&[line, "\n", GOOD].concat());
        assert!(
            told_here.ends_with(told) || told_here.contains(&[told, "\n"].concat()),
            "{line}: {told_here}"
        );
    }
    let field =
        format!("{GOOD}[[form.fields]]\nid = \"a\"\ntype = \"dropdown\"\nmandatory = true\n");
    let told = mistakes(&field);
    for (key, meant) in [("id", "name"), ("type", "kind"), ("mandatory", "required")] {
        let told_of_key = format!("form.fields[0].{key}: unknown key, did you mean \"{meant}\"?");
        assert!(told.contains(&told_of_key), "{told}");
    }
}

#[test]
fn a_choice_of_another_widget_is_reported_with_ours() {
    for (line, meant) in [
        ("launcher.corner = \"left\"", "bottom_left"),
        ("launcher.icon = \"bubble\"", "chat"),
        ("theme.scheme = \"system\"", "auto"),
        ("privacy.chat = \"localStorage\"", "site"),
        ("privacy.before_chat = \"none\"", "memory"),
        ("server.credentials = \"same-origin\"", "omit"),
        ("server.dialect = \"v1\"", "gms-v1"),
        ("embed.frame = \"iframe\"", "always"),
        (
            "form.fields = [{ name = \"a\", role = \"surname\" }]",
            "last_name",
        ),
        (
            "form.fields = [{ name = \"a\", role = \"nickname\", kind = \"dropdown\" }]",
            "select",
        ),
    ] {
        let told = mistakes(&[line, "\n", GOOD].concat());
        assert!(
            told.contains(&format!("did you mean \"{meant}\"?")),
            "{line}: {told}"
        );
    }
}

#[test]
fn a_value_of_the_wrong_type_is_reported_with_the_right_one() {
    let file = "\
tenant = 3
server = []
features = true
locale = 1.5
[form]
fields = \"none\"
[texts]
en = 1979-05-27
[pace]
quiet_ms = \"5s\"
[theme]
radius = false
";
    assert_eq!(
        mistakes(file),
        "1:10: tenant: expected a string, found an integer\n\
         2:10: server: expected a table, found a list\n\
         3:12: features: expected a table, found true\n\
         4:10: locale: expected a string, found a number with a fraction\n\
         6:10: form.fields: expected a list, found a string\n\
         8:6: texts.en: expected a table, found a date\n\
         10:12: pace.quiet_ms: expected an integer from 50 to 3600000, found a string\n\
         12:10: theme.radius: expected a string, found false"
    );
}

#[test]
fn a_value_that_lacks_brackets_or_has_quotes_too_many_is_told_as_it_should_be() {
    let file = format!(
        "{GOOD}[rules]\nhide_on = \"/pay\"\nopen_after_s = \"20\"\nopen_on_exit = \"true\"\n\
         [pace]\nquiet_ms = \"5s\"\n"
    );
    assert_eq!(
        mistakes(&file),
        "8:11: rules.hide_on: expected a list, found a string: write [\"/pay\"]\n\
         9:16: rules.open_after_s: expected an integer from 1 to 3600, found a string: write 20, without quotes\n\
         10:16: rules.open_on_exit: expected true or false, found a string: write true, without quotes\n\
         12:12: pace.quiet_ms: expected an integer from 50 to 3600000, found a string"
    );
}

#[test]
fn a_number_out_of_range_is_reported_with_the_range() {
    let file = format!(
        "{GOOD}[pace]\nactive_ms = 0\nquiet_ms = 3_600_001\nhidden_ms = 99999999999999999999\n\
         jitter_percent = 0x33\n[launcher]\noffset = {{ x = 1001, y = -1 }}\n"
    );
    assert_eq!(
        mistakes(&file),
        "8:13: pace.active_ms: expected an integer from 50 to 3600000, found 0\n\
         9:12: pace.quiet_ms: expected an integer from 50 to 3600000, found 3600001\n\
         10:13: pace.hidden_ms: expected an integer from 50 to 3600000, found 99999999999999999999\n\
         11:18: pace.jitter_percent: expected an integer from 0 to 50, found 0x33\n\
         13:16: launcher.offset.x: expected an integer from 0 to 1000, found 1001\n\
         13:26: launcher.offset.y: expected an integer from 0 to 1000, found -1"
    );
}

#[test]
fn a_choice_that_is_none_is_reported_with_those_there_are() {
    let file = format!(
        "{GOOD}dialect = \"gms\"\n[launcher]\ncorner = \"bottom-right\"\nicon = \"smile\"\n\
         [privacy]\nbefore_chat = 1\n"
    );
    assert_eq!(
        mistakes(&file),
        "7:11: server.dialect: expected one of \"gms-v2\", \"gms-v2-cometd\", \"gms-v1\", \"gms-v1-cometd\", \"gws\", found \"gms\", did you mean \"gms-v2\"?\n\
         9:10: launcher.corner: expected one of \"bottom_right\", \"bottom_left\", \"top_right\", \
         \"top_left\", found \"bottom-right\", did you mean \"bottom_right\"?\n\
         10:8: launcher.icon: expected one of \"chat\", \"question\", \"none\", found \"smile\"\n\
         12:15: privacy.before_chat: expected one of \"session\", \"memory\", found an integer"
    );
}

#[test]
fn a_role_is_a_word_or_names_the_data() {
    let file = format!(
        "{GOOD}\
[[form.fields]]
name = \"nick\"
role = \"nick_name\"
[[form.fields]]
name = \"order\"
role = {{ userdata = \"Order\" }}
[[form.fields]]
name = \"other\"
role = {{ user_data = 1 }}
[[form.fields]]
name = \"last\"
"
    );
    assert_eq!(
        mistakes(&file),
        "9:8: form.fields[0].role: expected one of \"first_name\", \"last_name\", \"nickname\", \
         \"email\", \"subject\", { user_data = … }, found \"nick_name\", did you mean \"nickname\"?\n\
         12:8: form.fields[1].role.user_data: missing, expected a string\n\
         12:10: form.fields[1].role.userdata: unknown key, did you mean \"user_data\"?\n\
         15:22: form.fields[2].role.user_data: expected a string, found an integer\n\
         16:1: form.fields[3].role: missing, expected one of \"first_name\", \"last_name\", \
         \"nickname\", \"email\", \"subject\", { user_data = … }"
    );
}

#[test]
fn a_key_with_dots_that_lacks_its_quotes_is_explained() {
    assert_eq!(
        mistakes(&format!("{GOOD}[texts.en]\nlauncher.label = \"Hi\"\n")),
        "8:1: texts.en.launcher: expected a string, found a table \
         (a key with dots needs quotes: \"launcher.label\")"
    );
}

#[test]
fn keys_that_need_quotes_have_them_in_their_path() {
    assert_eq!(
        mistakes(&format!(
            "{GOOD}[texts.en]\n\"a.b\" = 1\n\"say \\\"hi\\\"\" = 2\n"
        )),
        "8:9: texts.en.\"a.b\": expected a string, found an integer\n\
         9:16: texts.en.\"say \\\"hi\\\"\": expected a string, found an integer"
    );
}

#[test]
fn columns_count_characters_not_bytes() {
    assert_eq!(
        mistakes("tenant = \"acme\"\nserver = { user_data = { a = \"Ümläut\" }, service = 1 }\n"),
        "2:52: server.service: expected a string, found an integer"
    );
}
