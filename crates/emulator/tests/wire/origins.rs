//! Pages of other origins, and paths and methods that are not served.

use crate::talk::{START_MS, post};
use parlour_emulator::gms_v2::respond;
use parlour_emulator::model::{Options, World};
use parlour_emulator::wire::{Request, Response};

fn ask(method: &str, path: &str, headers: &[(&str, &str)]) -> Response {
    let mut request = post(path, &[("nickname", "Maria")]);
    request.method = method.into();
    request.headers.extend(
        headers
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned())),
    );
    respond(&mut World::new(1, Options::default()), &request, START_MS)
}

fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    response
        .headers
        .iter()
        .find(|(n, _)| n == name)
        .map(|(_, value)| value.as_str())
}

#[test]
fn the_page_that_asks_may_read_the_reply_and_send_credentials() {
    let response = ask(
        "POST",
        "/genesys/2/chat/s",
        &[("Origin", "https://shop.example")],
    );
    assert_eq!(
        header(&response, "Access-Control-Allow-Origin"),
        Some("https://shop.example")
    );
    assert_eq!(
        header(&response, "Access-Control-Allow-Credentials"),
        Some("true")
    );
    assert_eq!(
        header(&response, "Access-Control-Expose-Headers"),
        Some("Retry-After, Content-Disposition")
    );
    assert_eq!(header(&response, "Vary"), Some("Origin"));
}

#[test]
fn errors_can_be_read_too() {
    for (method, path, status) in [("GET", "/genesys/2/chat/s", 405), ("POST", "/no/such", 404)] {
        let response = ask(method, path, &[("origin", "null")]);
        assert_eq!(response.status, status);
        assert_eq!(
            header(&response, "Access-Control-Allow-Origin"),
            Some("null")
        );
    }
}

#[test]
fn a_preflight_is_granted_on_every_path() {
    for path in ["/genesys/2/chat/s/C/file", "/anything"] {
        let response = ask("OPTIONS", path, &[("Origin", "https://shop.example")]);
        assert_eq!((response.status, response.body.len()), (204, 0));
        let allowed = header(&response, "Access-Control-Allow-Headers").unwrap();
        for name in [
            "content-type",
            "apikey",
            "authorization",
            "contactcenterid",
            "gms_user",
            "x-requested-with",
        ] {
            assert!(
                allowed.split(", ").any(|h| h == name),
                "{name} in {allowed}"
            );
        }
        assert!(
            header(&response, "Access-Control-Allow-Methods")
                .unwrap()
                .contains("POST")
        );
    }
}

#[test]
fn a_preflight_may_name_any_header() {
    let named = "x-site,content-type, X-Tenant ,, no name,\"quoted\",é";
    let headers = [
        ("Origin", "https://shop.example"),
        ("Access-Control-Request-Headers", named),
    ];
    let response = ask("OPTIONS", "/genesys/2/chat/s", &headers);
    let allowed = header(&response, "Access-Control-Allow-Headers").unwrap();
    let (usual, others) = allowed.split_at(allowed.find("x-site").unwrap());
    assert_eq!(usual.matches("content-type").count(), 1);
    // What is no name of a header is not repeated.
    assert_eq!(others, "x-site, X-Tenant");
}

#[test]
fn a_program_without_an_origin_gets_no_such_headers() {
    let response = ask("POST", "/genesys/2/chat/s", &[]);
    assert_eq!(header(&response, "Access-Control-Allow-Origin"), None);
    assert_eq!(response.status, 200);
    let empty = Request {
        method: "POST".into(),
        path: "/genesys/2/chat/s".into(),
        ..Request::default()
    };
    assert_eq!(
        respond(&mut World::new(1, Options::default()), &empty, 0).status,
        400
    );
}
