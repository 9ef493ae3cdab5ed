//! The reply of a server that does not have an API.

use axum::extract::Request;
use axum::response::Response;

use super::reply::from_wire;
use crate::wire;

/// The APIs are applications in a servlet container: where there is none, the container answers, and with a page.
const PAGE: &str = "<html>\n<head>\n<title>Error 404 Not Found</title>\n</head>\n\
    <body><h2>HTTP ERROR 404</h2>\n<p>Reason:\n<pre>    Not Found</pre></p>\n</body>\n</html>\n";

/// Answers that nothing is there.
pub(super) async fn handle(_: Request) -> Response {
    from_wire(wire::Response::html(404, PAGE))
}
