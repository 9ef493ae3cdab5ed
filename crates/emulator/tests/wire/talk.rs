//! A visitor's program over the pure wire: no sockets, virtual time.
use parlour_emulator::gms_v2::respond;
use parlour_emulator::model::{Chat, ChatId, Options, World};
use parlour_emulator::wire::{Request, Response, encode};
use serde_json::Value;

pub(crate) const START_MS: i64 = 1_432_845_088_000;

#[derive(Debug)]
pub(crate) struct Talk {
    pub(crate) world: World,
    pub(crate) chat: ChatId,
    pub(crate) key: String,
    pub(crate) user_id: String,
    pub(crate) now_ms: i64,
}

impl Talk {
    pub(crate) fn start() -> Self {
        Self::start_with(Options::default())
    }

    pub(crate) fn start_with(options: Options) -> Self {
        let mut world = World::new(7, options);
        let request = post("/genesys/2/chat/support", &[("nickname", "Maria")]);
        let reply = body(&respond(&mut world, &request, START_MS));
        Self {
            world,
            chat: ChatId::new(text(&reply, "chatId")),
            key: text(&reply, "secureKey"),
            user_id: text(&reply, "userId"),
            now_ms: START_MS,
        }
    }

    /// Calls an operation with the first keys and more fields; the reply as it is.
    pub(crate) fn raw(&mut self, operation: &str, fields: &[(&str, &str)]) -> Response {
        let (key, user) = (self.key.clone(), self.user_id.clone());
        let mut all = vec![
            ("userId", user.as_str()),
            ("secureKey", key.as_str()),
            ("alias", "1"),
        ];
        all.extend(fields);
        let path = format!("/genesys/2/chat/support/{}/{operation}", self.chat);
        respond(&mut self.world, &post(&path, &all), self.now_ms)
    }

    /// Calls an operation that must go well; the reply's JSON.
    pub(crate) fn call(&mut self, operation: &str, fields: &[(&str, &str)]) -> Value {
        let response = self.raw(operation, fields);
        assert_eq!(
            response.status,
            200,
            "{operation}: {}",
            String::from_utf8_lossy(&response.body)
        );
        body(&response)
    }

    /// Uploads a file whole.
    pub(crate) fn upload(&mut self, name: &str, bytes: &[u8]) -> Response {
        let path = format!("/genesys/2/chat/support/{}/file", self.chat);
        // As browsers write it.
        let name = name.replace('"', "%22");
        let mut body = format!(
            "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: text/plain\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(bytes);
        body.extend_from_slice(
            format!(
                "\r\n--b\r\nContent-Disposition: form-data; name=\"secureKey\"\r\n\r\n{}\r\n--b--\r\n",
                self.key
            )
            .as_bytes(),
        );
        let request = Request {
            method: "POST".into(),
            path,
            headers: vec![(
                "Content-Type".into(),
                "multipart/form-data; boundary=b".into(),
            )],
            body,
            ..Request::default()
        };
        respond(&mut self.world, &request, self.now_ms)
    }

    pub(crate) fn record(&self) -> &Chat {
        self.world.chat(&self.chat).expect("the chat was started")
    }
}

/// Makes a urlencoded POST.
pub(crate) fn post(path: &str, fields: &[(&str, &str)]) -> Request {
    let pairs: Vec<String> = fields
        .iter()
        .map(|(k, v)| format!("{}={}", encode(k), encode(v)))
        .collect();
    Request {
        method: "POST".into(),
        path: path.into(),
        headers: vec![(
            "Content-Type".into(),
            "application/x-www-form-urlencoded; charset=UTF-8".into(),
        )],
        body: pairs.join("&").into_bytes(),
        ..Request::default()
    }
}

pub(crate) fn body(response: &Response) -> Value {
    serde_json::from_slice(&response.body).expect("a JSON body")
}

pub(crate) fn text(reply: &Value, field: &str) -> String {
    reply[field]
        .as_str()
        .unwrap_or_else(|| panic!("no text {field} in {reply}"))
        .to_owned()
}

/// Lists the types of a reply's events.
pub(crate) fn types(reply: &Value) -> Vec<&str> {
    reply["messages"]
        .as_array()
        .expect("messages")
        .iter()
        .filter_map(|m| m["type"].as_str())
        .collect()
}

/// Lists the indexes of a reply's events.
pub(crate) fn indexes(reply: &Value) -> Vec<u64> {
    reply["messages"]
        .as_array()
        .expect("messages")
        .iter()
        .filter_map(|m| m["index"].as_u64())
        .collect()
}
