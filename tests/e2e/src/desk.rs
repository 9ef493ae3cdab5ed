//! The agents' side: a client of the emulator's control API.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use reqwest::{Client, Method, RequestBuilder};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::wait::until;

/// The desk of the emulator, through its control API.
#[derive(Debug, Clone)]
pub struct Desk {
    client: Client,
    api: String,
}

/// A chat as the server keeps it.
#[derive(Debug, Clone, Deserialize)]
pub struct Chat {
    /// Its id.
    pub id: String,
    /// The service it was requested from.
    pub service: String,
    /// The visitor's name of now.
    pub nickname: Option<String>,
    /// What the visitor gave as subject.
    pub subject: Option<String>,
    /// The e-mail address from the form.
    pub email: Option<String>,
    /// What the form and the page attached.
    pub user_data: Value,
    /// How the chat ended, if it did.
    pub end: Option<End>,
    /// What the agent sees of the visitor's composer.
    pub visitor: Visitor,
    /// Everything that happened, in order.
    pub events: Vec<Event>,
    /// Every file that was shared.
    pub files: Vec<File>,
}

/// How a chat ended.
#[derive(Debug, Clone, Deserialize)]
pub struct End {
    /// In the server's words.
    pub reason: String,
}

/// The agent's view of the visitor's composer.
#[derive(Debug, Clone, Deserialize)]
pub struct Visitor {
    /// Whether the visitor is typing.
    pub typing: bool,
    /// What is typed so far.
    pub preview: Option<String>,
    /// The index of the last event that the visitor is known to have read.
    pub read_up_to: Option<u64>,
}

/// One thing that happened.
#[derive(Debug, Clone, Deserialize)]
pub struct Event {
    /// Its place in the transcript.
    pub index: u64,
    /// What.
    #[serde(rename = "type")]
    pub kind: String,
    /// Who.
    pub from: Sender,
    /// The words, if it is a message.
    pub text: Option<String>,
    /// The page, if one is offered.
    pub url: Option<String>,
}

/// Whoever did something.
#[derive(Debug, Clone, Deserialize)]
pub struct Sender {
    /// The name of that moment.
    pub nickname: String,
    /// The part played, such as `visitor`.
    pub role: String,
}

/// A file that was shared.
#[derive(Debug, Clone, Deserialize)]
pub struct File {
    /// Its id.
    pub id: String,
    /// Its name as the sender gave it.
    pub name: String,
    /// Bytes.
    pub size: u64,
}

impl Chat {
    /// Lists the messages that the server has, as (who, words), in its order.
    #[must_use]
    pub fn said(&self) -> Vec<(&str, &str)> {
        self.events
            .iter()
            .filter(|event| event.kind == "message")
            .filter_map(|event| Some((event.from.nickname.as_str(), event.text.as_deref()?)))
            .collect()
    }

    /// Counts how often the visitor's message of these words is in the transcript.
    #[must_use]
    pub fn times(&self, words: &str) -> usize {
        let of_visitor = |event: &&Event| event.from.role == "visitor" && event.kind == "message";
        self.events
            .iter()
            .filter(of_visitor)
            .filter(|event| event.text.as_deref() == Some(words))
            .count()
    }
}

impl Desk {
    /// Sits down at the desk of an emulator.
    ///
    /// # Errors
    ///
    /// When no HTTP client can be made.
    pub fn new(server: &str) -> Result<Self> {
        let client = Client::builder()
            .timeout(Duration::from_secs(15))
            // A server that was killed leaves connections behind that look alive.
            .pool_max_idle_per_host(0)
            .build()?;
        Ok(Self {
            client,
            api: format!("{server}/desk/api"),
        })
    }

    /// Waits until `count` chats have ever been started and returns the newest.
    ///
    /// # Errors
    ///
    /// When that does not happen.
    pub async fn chat(&self, count: usize) -> Result<String> {
        #[derive(Deserialize)]
        struct Listed {
            chats: Vec<Named>,
        }
        #[derive(Deserialize)]
        struct Named {
            id: String,
        }
        until(&format!("chat number {count} to start"), async || {
            let Listed { chats } = self.get("/chats").await?;
            if chats.len() > count {
                bail!("there are {} chats", chats.len());
            }
            Ok((chats.len() == count)
                .then(|| chats.into_iter().next().map(|chat| chat.id))
                .flatten())
        })
        .await
    }

    /// Counts the chats that have ever been started.
    ///
    /// # Errors
    ///
    /// When the server does not answer.
    pub async fn count(&self) -> Result<usize> {
        let all: Value = self.get("/chats").await?;
        Ok(all["chats"].as_array().map_or(0, Vec::len))
    }

    /// Lets an agent join a chat.
    ///
    /// # Errors
    ///
    /// When the server refuses.
    pub async fn join(&self, chat: &str, nickname: &str) -> Result<Agent> {
        let agent = Agent {
            desk: self.clone(),
            chat: chat.to_owned(),
            nickname: nickname.to_owned(),
        };
        agent.act("join", json!({"nickname": nickname})).await?;
        Ok(agent)
    }

    /// Reads a chat whole.
    ///
    /// # Errors
    ///
    /// When the server does not answer, or not as expected.
    pub async fn read(&self, chat: &str) -> Result<Chat> {
        self.get(&format!("/chats/{chat}")).await
    }

    /// Changes settings of the server while it runs.
    ///
    /// # Errors
    ///
    /// When the server refuses.
    pub async fn set(&self, settings: Value) -> Result<()> {
        let request = self.request(Method::PUT, "/settings").json(&settings);
        answer::<Value>(request).await.map(drop)
    }

    /// Has requests fail by a rule, given with the keys of a `[[fault]]` table; returns its number.
    ///
    /// # Errors
    ///
    /// When the server refuses.
    pub async fn fault(&self, rule: Value) -> Result<u64> {
        let reply: Value = answer(self.request(Method::POST, "/faults").json(&rule)).await?;
        reply["id"].as_u64().context("the rule got no number")
    }

    /// Tells how often a rule has struck.
    ///
    /// # Errors
    ///
    /// When the server does not answer, or there is no such rule.
    pub async fn struck(&self, rule: u64) -> Result<u64> {
        let all: Value = self.get("/faults").await?;
        all["faults"]
            .as_array()
            .and_then(|all| all.iter().find(|one| one["id"] == rule))
            .and_then(|one| one["done"].as_u64())
            .with_context(|| format!("there is no rule {rule}"))
    }

    /// Removes all rules.
    ///
    /// # Errors
    ///
    /// When the server does not answer.
    pub async fn mend(&self) -> Result<()> {
        answer::<Value>(self.request(Method::DELETE, "/faults"))
            .await
            .map(drop)
    }

    async fn get<T: for<'a> Deserialize<'a>>(&self, path: &str) -> Result<T> {
        answer(self.request(Method::GET, path)).await
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.api))
    }
}

async fn answer<T: for<'a> Deserialize<'a>>(request: RequestBuilder) -> Result<T> {
    let response = request.send().await.context("the desk does not answer")?;
    let (status, address) = (response.status(), response.url().clone());
    let body = response.text().await?;
    if !status.is_success() {
        bail!("the desk refuses {}: {status}: {body}", address.path());
    }
    serde_json::from_str(&body)
        .with_context(|| format!("the desk answers {} oddly: {body}", address.path()))
}

/// An agent in a chat.
#[derive(Debug, Clone)]
pub struct Agent {
    desk: Desk,
    chat: String,
    nickname: String,
}

impl Agent {
    /// Says something.
    ///
    /// # Errors
    ///
    /// When the server refuses; so with everything an agent does.
    pub async fn says(&self, text: &str) -> Result<()> {
        self.act("say", json!({"as": self.nickname, "text": text}))
            .await
    }

    /// Says something with a rich message that holds more.
    ///
    /// # Errors
    ///
    /// As [`Agent::says`].
    pub async fn says_with(&self, text: &str, rich: &Value) -> Result<()> {
        let content = json!({"content": rich.to_string()});
        let attributes = json!({"structured-content": {"genesys-chat": content}});
        let said = json!({"as": self.nickname, "text": text, "attributes": attributes});
        self.act("say", said).await
    }

    /// Starts or stops typing.
    ///
    /// # Errors
    ///
    /// As [`Agent::says`].
    pub async fn types(&self, on: bool) -> Result<()> {
        self.act("typing", json!({"as": self.nickname, "on": on}))
            .await
    }

    /// Puts the chat on hold.
    ///
    /// # Errors
    ///
    /// As [`Agent::says`].
    pub async fn holds(&self) -> Result<()> {
        self.act("hold", json!({"as": self.nickname})).await
    }

    /// Comes back from a hold.
    ///
    /// # Errors
    ///
    /// As [`Agent::says`].
    pub async fn returns(&self) -> Result<()> {
        self.act("return", json!({"as": self.nickname})).await
    }

    /// Leaves, saying that the visitor is being transferred: nobody has taken over yet.
    ///
    /// # Errors
    ///
    /// As [`Agent::says`].
    pub async fn begins_transfer(&self) -> Result<()> {
        self.act("leave", json!({"as": self.nickname, "reason": "TRANSFER"}))
            .await
    }

    /// Offers a page.
    ///
    /// # Errors
    ///
    /// As [`Agent::says`].
    pub async fn offers(&self, url: &str) -> Result<()> {
        self.act("push-url", json!({"as": self.nickname, "url": url}))
            .await
    }

    /// Sends a file.
    ///
    /// # Errors
    ///
    /// As [`Agent::says`].
    pub async fn sends_file(&self, name: &str, content: &[u8], description: &str) -> Result<()> {
        let path = format!("/chats/{}/files", self.chat);
        let request = self
            .desk
            .request(Method::POST, &path)
            .query(&[
                ("name", name),
                ("as", &self.nickname),
                ("description", description),
            ])
            .body(content.to_vec());
        answer::<Value>(request).await.map(drop)
    }

    /// Reads a file that somebody sent.
    ///
    /// # Errors
    ///
    /// When there is none of that id.
    pub async fn reads_file(&self, id: &str) -> Result<Vec<u8>> {
        let path = format!("/chats/{}/files/{id}", self.chat);
        let response = self.desk.request(Method::GET, &path).send().await?;
        let response = response.error_for_status()?;
        Ok(response.bytes().await?.to_vec())
    }

    /// Warns that the chat closes for lack of words.
    ///
    /// # Errors
    ///
    /// As [`Agent::says`].
    pub async fn warns_of_idleness(&self, close_in_secs: u32) -> Result<()> {
        self.act("idle-alert", json!({"close_in_secs": close_in_secs}))
            .await
    }

    /// Leaves for good; the chat goes on.
    ///
    /// # Errors
    ///
    /// As [`Agent::says`].
    pub async fn leaves(&self) -> Result<()> {
        self.act("leave", json!({"as": self.nickname})).await
    }

    /// Ends the chat.
    ///
    /// # Errors
    ///
    /// As [`Agent::says`].
    pub async fn ends(&self) -> Result<()> {
        self.act("end", json!({})).await
    }

    /// Reads the chat whole.
    ///
    /// # Errors
    ///
    /// As [`Desk::read`].
    pub async fn chat(&self) -> Result<Chat> {
        self.desk.read(&self.chat).await
    }

    /// Waits until the server's chat is as `test` wants it, and returns it.
    ///
    /// # Errors
    ///
    /// When that does not happen.
    pub async fn until(&self, what: &str, test: impl Fn(&Chat) -> bool) -> Result<Chat> {
        let mut last = None;
        let found = until(what, async || {
            let chat = self.chat().await?;
            let fits = test(&chat);
            last = Some(chat.clone());
            Ok(fits.then_some(chat))
        })
        .await;
        found.with_context(|| format!("the server has {last:#?}"))
    }

    async fn act(&self, operation: &str, body: Value) -> Result<()> {
        let path = format!("/chats/{}/{operation}", self.chat);
        let request = self.desk.request(Method::POST, &path).json(&body);
        answer::<Value>(request).await.map(drop)
    }
}
