//! The server: an address that works, headers and data that cannot do harm.

mod common;

use common::{GOOD, field, known, mistakes, warnings};
use parlour_config::{Dialect, build};

fn server(url: &str) -> String {
    format!("tenant = \"acme\"\n[server]\nservice = \"sales\"\nurl = \"{url}\"\n")
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

fn dialect(dialect: &str, rest: &str) -> String {
    format!(
        "tenant = \"acme\"\n[server]\nurl = \"https://x.example\"\nservice = \"sales\"\n\
         dialect = \"{dialect}\"\n{rest}"
    )
}

#[test]
fn the_base_of_a_gws_server_is_a_path() {
    let header = "headers.apikey = \"k\"\n";
    for base in ["", "/api", "/chat-key", "/a/b.c"] {
        let file = dialect("gws", &format!("{header}base = \"{base}\"\n"));
        assert_eq!(warnings(&file), "", "{base}");
    }
    for base in [
        "api",
        "/api/",
        "//x.example",
        "/a/../b",
        "/a b",
        "/api?x",
        "/api#x",
        "/",
        "/%2e",
    ] {
        let file = dialect("gws", &format!("{header}base = \"{base}\"\n"));
        assert_eq!(
            mistakes(&file),
            "7:8: server.base: expected a path such as /api, or nothing: a slash before, none after, no \
             blanks or \\ ? # %",
            "{base}"
        );
    }
}

#[test]
fn a_gws_server_without_its_contact_centres_header_gets_a_warning() {
    for name in ["apikey", "APIKEY", "ContactCenterId"] {
        let file = dialect("gws", &format!("headers.{name} = \"k\"\n"));
        assert_eq!(warnings(&file), "", "{name}");
    }
    assert_eq!(
        warnings(&dialect("gws", "")),
        "2:1: server.headers: has neither apikey nor ContactCenterId, one of which a gws server asks for"
    );
    let file = dialect(
        "gws",
        "headers.apikey = \"k\"\nheaders.Authorization = \"Basic x\"\n",
    );
    assert!(
        mistakes(&file).contains("expected no Authorization"),
        "{}",
        mistakes(&file)
    );
}

#[test]
fn a_push_session_wants_its_cookies() {
    for name in ["gms-v2-cometd", "gms-v1-cometd"] {
        assert_eq!(
            warnings(&dialect(name, "")),
            "2:1: server.credentials: expected \"include\": balancers tie a push session to its node by cookies"
        );
        let file = dialect(name, "credentials = \"include\"\n");
        assert_eq!(warnings(&file), "");
    }
}

#[test]
fn what_the_widget_says_of_each_visitor_is_no_header_of_the_tenants() {
    let headers = "headers.gms_user = \"one for all\"\n";
    assert_eq!(
        mistakes(&dialect("gms-v1-cometd", headers)),
        "6:9: server.headers.gms_user: is set by the widget, another one for each visitor"
    );
    assert_eq!(warnings(&dialect("gms-v1", headers)), "");
}

#[test]
fn of_a_gws_server_nothing_is_said_twice_or_of_others() {
    let headers = "headers.apikey = \"k\"\n";
    let file = dialect(
        "gws",
        &format!("{headers}headers.Authorization = \"Basic x\"\n"),
    );
    assert!(
        !mistakes(&file).contains("every visitor"),
        "{}",
        mistakes(&file)
    );
    let file = dialect("gws", headers).replace("https://", "https://x.example/genesys/of/");
    assert_eq!(warnings(&file), "");
}

#[test]
fn what_a_server_cannot_do_is_reported() {
    let preview = "[features]\ntyping_preview = true\n";
    for (name, expected) in [
        ("gms-v2", ""),
        (
            "gms-v1",
            "7:18: features.typing_preview: has no effect: only gms-v2 servers show the agent what is being typed",
        ),
    ] {
        assert_eq!(warnings(&dialect(name, preview)), expected, "{name}");
    }
}

#[test]
fn a_file_is_read_for_another_dialect_wherever_its_own_stands() {
    for server in [
        "server = { service = \"s\", dialect = \"gms-v1\" }",
        "server.service = \"s\"",
        "[server]\nservice = \"s\"",
    ] {
        let file = format!("tenant = \"acme\"\n{server}\n");
        let tenant = build::read_for(file, &known(), Some(Dialect::Gws)).unwrap();
        assert_eq!(tenant.config.server.dialect, Dialect::Gws);
    }
    let wrong = "tenant = \"acme\"\nserver.service = \"\"\n";
    let mistakes = build::read_for(wrong, &known(), Some(Dialect::Gws)).unwrap_err();
    assert_eq!(mistakes.mistakes[0].line, 2, "places are those of the file");
}
