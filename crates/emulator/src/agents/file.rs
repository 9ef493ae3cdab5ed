//! Scenarios as people write them: TOML. `docs/emulator.md` describes the format.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::sync::Arc;

use parlour_config::build::{Notes, read_as};
use schemars::JsonSchema;
use serde::Deserialize;

use super::scenario::{Action, Attachment, Person, Rule, Scenario, Step, Trigger, Who};
use crate::file::{FileError, read_span};
use crate::model::Role;

/// A scenario's file.
#[derive(Deserialize, JsonSchema)]
struct ScenarioFile {
    name: Option<String>,
    #[serde(default)]
    people: BTreeMap<String, PersonTable>,
    step: Option<Vec<StepTable>>,
    on: Option<Vec<RuleTable>>,
}

/// A `[people.…]` table.
#[derive(Deserialize, JsonSchema)]
struct PersonTable {
    nickname: Option<String>,
    role: Option<RoleWord>,
}

#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum RoleWord {
    /// An agent.
    Agent,
    /// A supervisor.
    Supervisor,
    /// A bot.
    Bot,
    /// The server's own announcer.
    System,
}

/// An `[[on]]` table.
#[derive(Deserialize, JsonSchema)]
struct RuleTable {
    when: When,
    any: Option<Vec<String>>,
    contains: Option<String>,
    times: Option<u32>,
    step: Vec<StepTable>,
}

/// A `[[step]]` table. Only steps of the story wait for the visitor.
#[derive(Deserialize, JsonSchema)]
struct StepTable {
    when: Option<When>,
    any: Option<Vec<String>>,
    contains: Option<String>,
    after: Option<String>,
    #[serde(flatten)]
    action: ActionTable,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
enum When {
    /// The visitor writes a message.
    #[serde(rename = "visitor says")]
    Says,
    /// The visitor sends a file.
    #[serde(rename = "visitor uploads")]
    Uploads,
    /// The visitor starts typing.
    #[serde(rename = "visitor types")]
    Types,
    /// The visitor offers a page.
    #[serde(rename = "visitor pushes url")]
    PushesUrl,
    /// The visitor takes another name.
    #[serde(rename = "visitor renames")]
    Renames,
}

/// The keys that depend on `do`.
#[derive(Deserialize, JsonSchema)]
#[serde(tag = "do", rename_all = "snake_case")]
enum ActionTable {
    Join {
        r#as: String,
    },
    SupervisorJoins {
        r#as: String,
    },
    Say {
        r#as: Option<String>,
        text: String,
        typing: Option<String>,
    },
    Type {
        r#as: Option<String>,
        r#for: Option<String>,
    },
    Hold {
        r#as: Option<String>,
    },
    Return {
        r#as: Option<String>,
    },
    Transfer {
        r#as: Option<String>,
        to: String,
        joins_after: Option<String>,
    },
    PushUrl {
        r#as: Option<String>,
        url: String,
    },
    SendFile {
        r#as: Option<String>,
        #[serde(flatten)]
        file: FileKeys,
    },
    Notice {
        r#as: Option<String>,
        text: String,
    },
    IdleAlert {
        close_after: Option<String>,
    },
    Leave {
        r#as: Option<String>,
    },
    End,
}

#[derive(Deserialize, JsonSchema)]
struct FileKeys {
    path: Option<String>,
    content: Option<String>,
    name: Option<String>,
    description: Option<String>,
}

/// Reads a scenario. Files that it sends are read now, from beside it.
///
/// # Errors
/// Lists every mistake with its place.
pub fn read_scenario(file: &Path, text: &str) -> Result<Scenario, FileError> {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    let read = read_as(text, |tables: ScenarioFile, notes| {
        if tables.step.is_none() && tables.on.is_none() {
            notes.add("", "expected at least one [[step]] or one [[on]]");
        }
        let people = tables.people.into_iter();
        let mut reader = Reader {
            folder: file.parent().unwrap_or(Path::new("")),
            people: people
                .map(|(key, table)| person(key, table, notes))
                .collect(),
            notes,
        };
        let story = reader.steps("step", tables.step.unwrap_or_default(), true);
        let rules = tables.on.unwrap_or_default().into_iter().enumerate();
        let rules = rules.map(|(nth, table)| reader.rule(&format!("on[{nth}]"), table));
        Scenario {
            name: tables.name.unwrap_or_default(),
            fingerprint: hasher.finish(),
            story,
            rules: rules.collect(),
            people: reader.people,
        }
    });
    read.map_err(|mistakes| FileError::new(file, &mistakes))
}

fn person(key: String, table: PersonTable, notes: &mut Notes) -> Person {
    if key == "agent" {
        let message = "`agent` means whoever answers now: choose another name";
        notes.add("people.agent", message);
    }
    Person {
        nickname: table.nickname.unwrap_or_else(|| key.clone()),
        role: match table.role {
            None | Some(RoleWord::Agent) => Role::Agent,
            Some(RoleWord::Supervisor) => Role::Supervisor,
            Some(RoleWord::Bot) => Role::Bot,
            Some(RoleWord::System) => Role::External,
        },
        key,
    }
}

/// A reader that makes a scenario of the tables. What it returns in the place of a mistake is never used.
struct Reader<'a> {
    folder: &'a Path,
    people: Vec<Person>,
    notes: &'a mut Notes,
}

impl Reader<'_> {
    fn rule(&mut self, path: &str, table: RuleTable) -> Rule {
        Rule {
            when: self.trigger(path, table.when, table.any, table.contains),
            times: table.times,
            steps: self.steps(&format!("{path}.step"), table.step, false),
        }
    }

    fn steps(&mut self, path: &str, tables: Vec<StepTable>, may_wait: bool) -> Vec<Step> {
        let tables = tables.into_iter().enumerate();
        tables
            .map(|(nth, table)| self.step(&format!("{path}[{nth}]"), table, may_wait))
            .collect()
    }

    fn step(&mut self, path: &str, table: StepTable, may_wait: bool) -> Step {
        if table.when.is_some() && !may_wait {
            let message = "only steps of the story wait for the visitor";
            self.notes.add(&format!("{path}.when"), message);
        }
        if table.when.is_none() {
            self.refuse_words(path, table.any.as_ref(), table.contains.as_ref());
        }
        let when = table.when;
        Step {
            when: when.map(|when| self.trigger(path, when, table.any, table.contains)),
            after_ms: self.span(path, "after", table.after, 0),
            action: self.action(path, table.action),
        }
    }

    fn trigger(
        &mut self,
        path: &str,
        when: When,
        any: Option<Vec<String>>,
        contains: Option<String>,
    ) -> Trigger {
        if when != When::Says {
            self.refuse_words(path, any.as_ref(), contains.as_ref());
        }
        match when {
            When::Says => Trigger::Says(any.into_iter().flatten().chain(contains).collect()),
            When::Uploads => Trigger::Uploads,
            When::Types => Trigger::Types,
            When::PushesUrl => Trigger::PushesUrl,
            When::Renames => Trigger::Renames,
        }
    }

    /// Refuses words where no message is waited for.
    fn refuse_words(&mut self, path: &str, any: Option<&Vec<String>>, contains: Option<&String>) {
        let message = "goes only with when = \"visitor says\"";
        if any.is_some() {
            self.notes.add(&format!("{path}.any"), message);
        }
        if contains.is_some() {
            self.notes.add(&format!("{path}.contains"), message);
        }
    }

    fn action(&mut self, path: &str, table: ActionTable) -> Action {
        match table {
            ActionTable::End => Action::End,
            ActionTable::IdleAlert { close_after } => Action::IdleAlert {
                close_after_ms: self.span(path, "close_after", close_after, 45_000),
            },
            ActionTable::Join { r#as } => Action::Join(self.person(path, "as", &r#as)),
            ActionTable::SupervisorJoins { r#as } => Action::Join(self.supervisor(path, &r#as)),
            ActionTable::Hold { r#as } => Action::Hold(self.actor(path, r#as)),
            ActionTable::Return { r#as } => Action::Return(self.actor(path, r#as)),
            ActionTable::Leave { r#as } => Action::Leave(self.actor(path, r#as)),
            ActionTable::Say { r#as, text, typing } => Action::Say {
                who: self.actor(path, r#as),
                text,
                typing_ms: self.span(path, "typing", typing, 0),
            },
            ActionTable::Type { r#as, r#for } => Action::Type {
                who: self.actor(path, r#as),
                for_ms: self.span(path, "for", r#for, 2_000),
            },
            ActionTable::Notice { r#as, text } => Action::Notice {
                who: self.actor(path, r#as),
                text,
            },
            ActionTable::PushUrl { r#as, url } => Action::PushUrl {
                who: self.actor(path, r#as),
                url,
            },
            ActionTable::Transfer {
                r#as,
                to,
                joins_after,
            } => Action::Transfer {
                who: self.actor(path, r#as),
                to: self.person(path, "to", &to),
                joins_after_ms: self.span(path, "joins_after", joins_after, 0),
            },
            ActionTable::SendFile { r#as, file } => Action::SendFile {
                who: self.actor(path, r#as),
                file: Arc::new(self.attachment(path, file)),
            },
        }
    }

    fn span(&mut self, path: &str, key: &str, text: Option<String>, default_ms: u64) -> u64 {
        text.map_or(default_ms, |text| {
            read_span(&format!("{path}.{key}"), &text, self.notes)
        })
    }

    /// Finds who acts; nobody named = whichever agent is there.
    fn actor(&mut self, path: &str, name: Option<String>) -> Who {
        match name {
            None => Who::AnyAgent,
            Some(name) if name == "agent" => Who::AnyAgent,
            Some(name) => self.person(path, "as", &name),
        }
    }

    /// Finds a person of the scenario.
    fn person(&mut self, path: &str, key: &str, name: &str) -> Who {
        let mut keys = self.people.iter().map(|person| person.key.as_str());
        let Some(place) = keys.position(|key| key == name) else {
            let keys: Vec<&str> = self.people.iter().map(|p| p.key.as_str()).collect();
            let message = format!("nobody called \"{name}\": [people] has {}", keys.join(", "));
            self.notes.add(&format!("{path}.{key}"), message);
            return Who::AnyAgent;
        };
        Who::Person(place)
    }

    fn supervisor(&mut self, path: &str, name: &str) -> Who {
        let who = self.person(path, "as", name);
        if let Who::Person(place) = who
            && self
                .people
                .get(place)
                .is_some_and(|p| p.role != Role::Supervisor)
        {
            let message = format!("{name} is not a supervisor: set its `role`");
            self.notes.add(&format!("{path}.as"), message);
        }
        who
    }

    fn attachment(&mut self, path: &str, keys: FileKeys) -> Attachment {
        let (bytes, own_name) = match (keys.path, keys.content) {
            (Some(file), None) => {
                let name = Path::new(&file).file_name();
                let name = name.map(|name| name.to_string_lossy().into_owned());
                (self.read_file(path, &file), name)
            }
            (None, Some(content)) => (content.into_bytes(), None),
            _ => {
                let message =
                    "expected either `path`, a file beside the scenario, or `content`, a text";
                self.notes.add(path, message);
                (Vec::new(), Some(String::new()))
            }
        };
        let name = keys.name.or(own_name).unwrap_or_else(|| {
            self.notes.add(path, "expected `name`, the file's name");
            String::new()
        });
        Attachment {
            content_type: media_type(&name).to_owned(),
            name,
            description: keys.description,
            bytes,
        }
    }

    fn read_file(&mut self, path: &str, file: &str) -> Vec<u8> {
        let full = self.folder.join(file);
        std::fs::read(&full).unwrap_or_else(|error| {
            let message = format!("cannot read {}: {error}", full.display());
            self.notes.add(&format!("{path}.path"), message);
            Vec::new()
        })
    }
}

fn media_type(name: &str) -> &'static str {
    match name
        .rsplit('.')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase()
        .as_str()
    {
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "txt" => "text/plain;charset=UTF-8",
        "pdf" => "application/pdf",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_do_not_belong_together_are_refused() {
        let text = r#"
            [people.mia]
            [people.ruth]
            role = "supervisor"
            [[step]]
            when = "visitor types"
            any = ["order"]
            do = "supervisor_joins"
            as = "mia"
            [[step]]
            contains = "order"
            do = "hold"
            text = "wait"
            [[step]]
            do = "send_file"
            [[on]]
            when = "visitor says"
            step = [{ when = "visitor types", do = "leave", as = "ruth" }]
        "#;
        let error = read_scenario(Path::new("f"), text).unwrap_err().to_string();
        let ends = [
            "step[0].any: goes only with when = \"visitor says\"",
            "step[0].as: mia is not a supervisor: set its `role`",
            "step[1].contains: goes only with when = \"visitor says\"",
            "step[1].text: unknown key, expected one of after, any, contains, when, as, do",
            "step[2]: expected either `path`, a file beside the scenario, or `content`, a text",
            "on[0].step[0].when: only steps of the story wait for the visitor",
        ];
        let lines: Vec<&str> = error.lines().collect();
        assert_eq!(lines.len(), ends.len(), "{error}");
        for (line, end) in lines.iter().zip(ends) {
            assert!(line.ends_with(end), "{line}\nshould end with\n{end}");
        }
    }

    #[test]
    fn an_empty_scenario_is_refused() {
        let error = read_scenario(Path::new("f"), "name = \"x\"").unwrap_err();
        let expected = "f:1:1: expected at least one [[step]] or one [[on]]";
        assert_eq!(error.to_string(), expected);
    }
}
