//! What the page wants.

use js_sys::{Array, Error, Function, Object, Reflect};
use leptos::prelude::*;
use parlour_chat::{ChatCommand, Command, NewFile, Phase, Refusal, State};
use wasm_bindgen::prelude::*;
use web_sys::File;

use super::Api;
use super::detail::{self, member, object, text};
use super::waiting::{Until, Wait, settle};

/// What has come of a call.
pub(super) type Outcome = Result<JsValue, Denial>;

/// The reason why a call is rejected.
pub(super) struct Denial {
    words: String,
    /// Names and values that the error has beside its message.
    more: Vec<(&'static str, JsValue)>,
}

/// What a call comes to: it is done, it is not to be, or it will be done later.
enum Step {
    Done(JsValue),
    Later(Until),
}

impl Denial {
    pub(super) fn new(words: impl Into<String>) -> Self {
        Self {
            words: words.into(),
            more: Vec::new(),
        }
    }

    pub(super) fn refused(refusal: &Refusal) -> Self {
        let code = detail::code(refusal.reason);
        Self::new(["refused: ", code].concat())
            .with("code", code.into())
            .with("serverCode", detail::number(refusal.code))
            .with("limit", detail::number(refusal.limit))
    }

    pub(super) fn with(mut self, name: &'static str, value: JsValue) -> Self {
        self.more.push((name, value));
        self
    }

    pub(super) fn into_error(self, command: &str) -> JsValue {
        let error = Error::new(&[command, ": ", &self.words].concat());
        for (name, value) in &self.more {
            _ = Reflect::set(&error, &(*name).into(), value);
        }
        error.into()
    }
}

impl Api {
    /// Carries out a call: an object with `command`, `args`, and the functions `resolve` and `reject`.
    pub(super) fn carry_out(&self, call: &Object) {
        let command = text(call, "command").unwrap_or_default();
        let args: Vec<JsValue> = Array::from(&member(call, "args")).to_vec();
        let [resolve, reject] =
            ["resolve", "reject"].map(|name| member(call, name).unchecked_into::<Function>());
        let outcome = match self.take_step(&command, &args) {
            Ok(Step::Later(until)) => match self.outcome(&until) {
                Some(outcome) => outcome,
                None => {
                    self.waits.borrow_mut().push(Wait {
                        command,
                        until,
                        resolve,
                        reject,
                    });
                    return;
                }
            },
            Ok(Step::Done(value)) => Ok(value),
            Err(denial) => Err(denial),
        };
        settle(&command, outcome, &resolve, &reject);
    }

    fn take_step(&self, command: &str, args: &[JsValue]) -> Result<Step, Denial> {
        let first = args.first().cloned().unwrap_or_default();
        match command {
            "startChat" => self.start_chat(&first),
            "endChat" => self.end_chat(),
            "sendMessage" => self.send_message(first.as_string().unwrap_or_default()),
            "sendFile" => self.send_file(&first, args.get(1)),
            "setUserData" => Ok(self.set_user_data(&first)),
            "setNickname" => self.set_nickname(first.as_string().unwrap_or_default()),
            "pushUrl" => self.push_url(first.as_string().unwrap_or_default()),
            "customNotice" => self.custom_notice(&first),
            "prefill" => self.prefill(&first).map(|()| DONE),
            "getState" => Ok(Step::Done(self.state())),
            "getTranscript" => Ok(Step::Done(self.transcript())),
            _ => Err(Denial::new("there is no such command")),
        }
    }

    fn start_chat(&self, values: &JsValue) -> Result<Step, Denial> {
        match self
            .store
            .state()
            .with_untracked(|state| state.phase.clone())
        {
            Phase::Idle | Phase::Refused(_) | Phase::Ended(_) => {}
            _ => return Err(Denial::new("there is a chat already")),
        }
        let answers = self.answers(values)?;
        self.store.command(Command::Start(answers));
        Ok(Step::Later(Until::Started))
    }

    fn end_chat(&self) -> Result<Step, Denial> {
        match self
            .store
            .state()
            .with_untracked(|state| state.phase.clone())
        {
            Phase::Starting | Phase::Chatting => self.store.command(Command::End),
            Phase::Ending => {}
            _ => return Err(no_chat()),
        }
        Ok(Step::Later(Until::Over))
    }

    fn send_message(&self, text: String) -> Result<Step, Denial> {
        let (is_taken, offers) = self.in_chat(|state| (state.messages_taken, state.offers))?;
        if !is_taken {
            return Err(Denial::new("the server takes no messages now"));
        }
        if offers.room_for(&text) < 0 {
            let most = offers.message_units.to_string();
            return Err(
                Denial::new(["the text is longer than ", &most, " characters"].concat())
                    .with("code", "messageTooLong".into()),
            );
        }
        self.newest.set(None);
        self.command(ChatCommand::Send(text));
        self.later_when_arrived()
    }

    fn send_file(&self, file: &JsValue, options: Option<&JsValue>) -> Result<Step, Denial> {
        if !self.in_chat(|state| state.offers.files)? {
            return Err(not_offered("files"));
        }
        let file = file.dyn_ref::<File>().cloned();
        let file = file.ok_or_else(|| Denial::new("the first argument must be a File"))?;
        let description = options.and_then(|options| text(options, "description"));
        self.newest.set(None);
        if let Some(actor) = self.store.actor() {
            let file = NewFile {
                description,
                ..actor.keep(file)
            };
            self.command(ChatCommand::SendFile(file));
        }
        self.store
            .state()
            .with_untracked(|state| match state.refused_files.first() {
                Some(file) => Err(Denial::refused(&file.refusal)),
                None => self.later_when_arrived(),
            })
    }

    fn later_when_arrived(&self) -> Result<Step, Denial> {
        match self.newest.get() {
            Some(entry) => Ok(Step::Later(Until::Arrived(entry))),
            None => Err(Denial::new("it could not be sent")),
        }
    }

    fn set_user_data(&self, data: &JsValue) -> Step {
        let is_sent = self
            .store
            .state()
            .with_untracked(|state| state.phase == Phase::Chatting && state.offers.user_data);
        self.command(ChatCommand::UpdateData(pairs(data)));
        Step::Done(object(&[("isSent", is_sent.into())]))
    }

    fn set_nickname(&self, name: String) -> Result<Step, Denial> {
        let (can, before) = self.in_chat(|state| (state.offers.rename, state.nickname.clone()))?;
        if !can {
            return Err(not_offered("changed names"));
        }
        let name = name.trim().to_owned();
        self.store.command(ChatCommand::Rename(name.clone()));
        Ok(Step::Later(Until::Named(name, before)))
    }

    fn push_url(&self, url: String) -> Result<Step, Denial> {
        if !self.in_chat(|state| state.offers.push_url)? {
            return Err(not_offered("pages of the visitor's"));
        }
        let before = self.own_links.get();
        self.store.command(ChatCommand::PushUrl(url));
        Ok(Step::Later(Until::Offered(before)))
    }

    fn custom_notice(&self, notice: &JsValue) -> Result<Step, Denial> {
        if !self.in_chat(|state| state.offers.notices)? {
            return Err(not_offered("notices"));
        }
        self.store.command(ChatCommand::CustomNotice {
            message: text(notice, "message"),
            // The loader has made it JSON text.
            attributes: text(notice, "attributes"),
        });
        Ok(DONE)
    }

    fn command(&self, command: ChatCommand) {
        self.store.command(command);
    }

    fn state(&self) -> JsValue {
        let is_open = self.store.open().get_untracked();
        let state = self.store.state();
        state.with_untracked(|state| detail::state(state, is_open))
    }

    fn transcript(&self) -> JsValue {
        let name = self
            .store
            .state()
            .with_untracked(|state| state.nickname.clone());
        let entries = Array::new();
        self.store.each_entry(|entry| {
            entries.push(&detail::entry(entry, name.as_deref()));
        });
        entries.into()
    }

    /// Reads the state of the chat that is going on.
    fn in_chat<T>(&self, read: impl FnOnce(&State) -> T) -> Result<T, Denial> {
        self.store
            .state()
            .with_untracked(|state| match state.phase {
                Phase::Chatting => Ok(read(state)),
                _ => Err(no_chat()),
            })
    }
}

const DONE: Step = Step::Done(JsValue::UNDEFINED);

fn no_chat() -> Denial {
    Denial::new("there is no chat").with("code", "noChat".into())
}

fn not_offered(what: &str) -> Denial {
    Denial::new(["this chat's server or tenant takes no ", what].concat())
        .with("code", "notOffered".into())
}

/// Reads names and texts; what is no text is left out.
pub(super) fn pairs(data: &JsValue) -> Vec<(String, String)> {
    let Some(data) = data.dyn_ref::<Object>() else {
        return Vec::new();
    };
    let entries = Object::entries(data).to_vec();
    let pair = |entry: JsValue| {
        let entry: Array = entry.unchecked_into();
        Some((entry.get(0).as_string()?, entry.get(1).as_string()?))
    };
    entries.into_iter().filter_map(pair).collect()
}
