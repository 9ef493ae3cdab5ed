//! A visitor without the widget: speaks Chat API Version 2 by hand, as other people's programs do.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use reqwest::Client;
use serde::Deserialize;
use serde_json::Value;

use crate::wait::until;

/// A chat, seen from the visitor's end of the line.
#[derive(Debug)]
pub struct Caller {
    client: Client,
    address: String,
    keys: Keys,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Keys {
    chat_id: String,
    user_id: String,
    secure_key: String,
    alias: String,
}

/// The server's view of a chat, as a visitor gets it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Told {
    /// Whether the chat is over.
    pub chat_ended: bool,
    /// Everything that happened, in order, as it is on the wire.
    pub messages: Vec<Value>,
}

impl Told {
    /// Finds the last event of a type that somebody caused.
    #[must_use]
    pub fn last(&self, kind: &str, from: &str) -> Option<&Value> {
        self.messages
            .iter()
            .rfind(|event| event["type"] == kind && event["from"]["nickname"] == from)
    }

    /// Tells whether somebody said exactly this, once.
    #[must_use]
    pub fn says(&self, from: &str, text: &str) -> bool {
        let said = |event: &&Value| {
            event["type"] == "Message" && event["from"]["nickname"] == from && event["text"] == text
        };
        self.messages.iter().filter(said).count() == 1
    }
}

impl Caller {
    /// Begins a chat with a server.
    ///
    /// # Errors
    ///
    /// When the server refuses; so with everything that follows.
    pub async fn begin(server: &str, nickname: &str, subject: &str) -> Result<Self> {
        let client = Client::builder()
            .timeout(Duration::from_secs(15))
            .pool_max_idle_per_host(0)
            .build()?;
        let service = format!("{server}/genesys/2/chat/tents");
        let fields = [("nickname", nickname), ("subject", subject)];
        let reply = post(&client, &service, &form(&fields, None)).await?;
        let keys: Keys = serde_json::from_slice(&reply).context("no chat was begun")?;
        Ok(Self {
            client,
            address: format!("{service}/{}", keys.chat_id),
            keys,
        })
    }

    /// Names the chat.
    #[must_use]
    pub fn chat(&self) -> &str {
        &self.keys.chat_id
    }

    /// Says something.
    ///
    /// # Errors
    ///
    /// As [`Caller::begin`].
    pub async fn says(&self, text: &str) -> Result<()> {
        self.asks("send", &[("message", text)]).await.map(drop)
    }

    /// Shows the visitor as typing, with what is typed so far.
    ///
    /// # Errors
    ///
    /// As [`Caller::begin`].
    pub async fn types(&self, so_far: &str) -> Result<()> {
        let fields = [("message", so_far)];
        self.asks("startTyping", &fields).await.map(drop)
    }

    /// Shows the visitor as no longer typing.
    ///
    /// # Errors
    ///
    /// As [`Caller::begin`].
    pub async fn stops_typing(&self) -> Result<()> {
        self.asks("stopTyping", &[]).await.map(drop)
    }

    /// Sends a file.
    ///
    /// # Errors
    ///
    /// As [`Caller::begin`].
    pub async fn sends_file(&self, name: &str, content: &[u8]) -> Result<()> {
        let form = form(&self.own(&[]), Some((name, content)));
        let reply = post(&self.client, &format!("{}/file", self.address), &form).await?;
        let reply: Value = serde_json::from_slice(&reply)?;
        if reply["statusCode"] != 0 {
            bail!("the file is refused: {reply}");
        }
        Ok(())
    }

    /// Gets what is in a file.
    ///
    /// # Errors
    ///
    /// As [`Caller::begin`].
    pub async fn gets_file(&self, id: &str) -> Result<Vec<u8>> {
        let address = format!("{}/file/{id}/download", self.address);
        post(&self.client, &address, &form(&self.own(&[]), None)).await
    }

    /// Waits until what the server tells is as `test` wants it, and returns it.
    ///
    /// # Errors
    ///
    /// When that does not happen; tells what the server told last.
    pub async fn until(&self, what: &str, test: impl Fn(&Told) -> bool) -> Result<Told> {
        let mut last = None;
        let found = until(what, async || {
            let told = self.asks("refresh", &[("transcriptPosition", "1")]).await?;
            let fits = test(&told);
            last = Some(told.clone());
            Ok(fits.then_some(told))
        })
        .await;
        found.with_context(|| format!("the visitor is told {last:#?}"))
    }

    async fn asks(&self, operation: &str, fields: &[(&str, &str)]) -> Result<Told> {
        let address = format!("{}/{operation}", self.address);
        let reply = post(&self.client, &address, &form(&self.own(fields), None)).await?;
        let told: Value = serde_json::from_slice(&reply)?;
        if told["statusCode"] != 0 {
            bail!("{operation} is refused: {told}");
        }
        Ok(serde_json::from_value(told)?)
    }

    /// Puts the chat's keys before other fields. Every key of a chat stays good, so that those of its
    /// beginning will do.
    fn own<'a>(&'a self, fields: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        let keys = [
            ("userId", self.keys.user_id.as_str()),
            ("secureKey", &self.keys.secure_key),
            ("alias", &self.keys.alias),
        ];
        [&keys, fields].concat()
    }
}

const BOUNDARY: &str = "a-boundary-that-is-in-no-text";

/// Writes a multipart form.
fn form(fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Vec<u8> {
    let mut form = Vec::new();
    let mut part = |head: &str, content: &[u8]| {
        let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n");
        form.extend([head.as_bytes(), content, b"\r\n"].concat());
    };
    for (name, value) in fields {
        part(&format!("name=\"{name}\""), value.as_bytes());
    }
    if let Some((name, content)) = file {
        part(&format!("name=\"file\"; filename=\"{name}\""), content);
    }
    form.extend(format!("--{BOUNDARY}--\r\n").as_bytes());
    form
}

async fn post(client: &Client, address: &str, form: &[u8]) -> Result<Vec<u8>> {
    let response = client
        .post(address)
        .header(
            "content-type",
            format!("multipart/form-data; boundary={BOUNDARY}"),
        )
        .body(form.to_vec())
        .send()
        .await
        .context("the server does not answer")?;
    let status = response.status();
    let body = response.bytes().await?;
    if !status.is_success() {
        bail!(
            "the server refuses: {status}: {}",
            String::from_utf8_lossy(&body)
        );
    }
    Ok(body.to_vec())
}
