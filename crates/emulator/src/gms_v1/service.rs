//! Services: creating one, waiting for its agent.

use serde_json::{Map, Value, json};

use super::error::Refusal;
use super::fields::Fields;
use super::reply::path;
use crate::model::{NewService, Service, World};
use crate::wire::Response;

/// The service that waits for an agent before a chat can be started.
const WAITS: &str = "request-chat-poll";

/// Creates a service. Whatever comes with the request, but how to answer it, is business data.
pub(super) fn create(
    world: &mut World,
    name: &str,
    user: Option<&str>,
    fields: &Fields,
    now_ms: i64,
) -> Result<Response, Refusal> {
    let known = world.options().services.as_ref();
    if known.is_some_and(|list| !list.iter().any(|known| known == name)) {
        return Err(Refusal::NoService);
    }
    let by = NewService {
        name: name.to_owned(),
        data: fields.others(&["_verbose"]),
        waits: name == WAITS,
        user: user.map(str::to_owned),
    };
    let id = world.create_service(by, now_ms);
    let mut body = Map::new();
    body.insert("_id".into(), json!(id));
    if fields.verbose() {
        body.insert("_chatIxnAPI-CREATE-URL".into(), json!(path(&id, "")));
        let data_id = world.service(&id).map(Service::data_id);
        body.insert("_data_id".into(), json!(data_id));
    }
    Ok(Response::json(200, &Value::Object(body)))
}

/// Returns whether an agent is available.
pub(super) fn status(service: &Service, now_ms: i64) -> Response {
    let (status, page, tag) = if service.is_available(now_ms) {
        ("available", "agent_available.html", "agentavailable")
    } else {
        ("waiting", "waiting_for_agent.html", "statuschanged")
    };
    let id = service.id();
    let body = json!({
        "message": {"_id": id, "_status": status, "_dialog": page},
        "tag": format!("a2c.advanced.service.{tag}.{id}"),
    });
    Response::json(200, &body)
}
