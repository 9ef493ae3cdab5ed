//! What goes together across a file, and that all of it is told at once.

mod common;

use common::{GOOD, mistakes, read, warnings};

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
fn a_feature_that_the_server_cannot_do_is_warned_of_where_the_file_asks_for_it() {
    let file = |dialect: &str| {
        format!(
            "{GOOD}dialect = \"{dialect}\"\n[features]\nfiles = true\ntyping = true\ntyping_preview = true\n\
             read_receipts = true\nrename = true\nupload_progress = false\n"
        )
    };
    assert_eq!(
        warnings(&file("gms-v1")),
        "9:9: features.files: has no effect: only gms-v2 servers exchange files\n\
         11:18: features.typing_preview: has no effect: only gms-v2 servers show the agent what is being \
         typed\n\
         12:17: features.read_receipts: has no effect: only gms-v2 servers take notice of what was read\n\
         13:10: features.rename: has no effect: only gms-v2 servers let visitors change their name"
    );
    assert_eq!(warnings(&file("gms-v2")), "");
    // What is on by itself was not asked for.
    assert_eq!(warnings(&format!("{GOOD}dialect = \"gms-v1\"\n")), "");
}

#[test]
fn every_mistake_is_reported_at_once_in_the_order_of_the_file() {
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
fn what_only_follows_from_a_mistake_is_not_reported() {
    // The second role is not a nickname for all we know, and the first not taken twice.
    let file = format!(
        "{GOOD}[[form.fields]]\nname = \"a\"\nrole = \"x\"\n\
         [[form.fields]]\nname = \"b\"\nrole = \"first_name\"\n[pace]\nactive_ms = true\n\
         quiet_ms = 100\n"
    );
    let mistakes = mistakes(&file);
    assert_eq!(mistakes.lines().count(), 2, "{mistakes}");
}
