//! Scenarios as people write them: TOML. `docs/emulator.md` describes the format.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::sync::Arc;

use super::scenario::{Action, Attachment, Person, Rule, Scenario, Step, Trigger, Who};
use crate::model::Role;
use crate::toml_file::{FileError, Placed, Problems, Table, read_toml};

/// Reads a scenario. Files that it sends are read now, from beside it.
///
/// # Errors
/// Lists every mistake with its place.
pub fn read_scenario(file: &Path, text: &str) -> Result<Scenario, FileError> {
    read_toml(file, text, |root, problems| {
        let named = root.named_tables("people");
        let people: Vec<Person> = named
            .iter()
            .map(|(key, table)| person(key, table, problems))
            .collect();
        let reader = Reader {
            folder: file.parent().unwrap_or(Path::new("")),
            people,
            problems,
        };
        let story = reader.steps(root, true);
        let rules: Vec<Rule> = root
            .tables("on")
            .iter()
            .filter_map(|table| reader.rule(table))
            .collect();
        if story.is_empty() && rules.is_empty() && !root.has("step") && !root.has("on") {
            root.missing("step", "at least one [[step]] or one [[on]]");
        }
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        Scenario {
            name: root.text("name").map(|name| name.value).unwrap_or_default(),
            fingerprint: hasher.finish(),
            people: reader.people,
            story,
            rules,
        }
    })
}

const ROLES: &[(&str, Role)] = &[
    ("agent", Role::Agent),
    ("supervisor", Role::Supervisor),
    ("bot", Role::Bot),
    ("system", Role::External),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    Says,
    Uploads,
    Types,
    PushesUrl,
    Renames,
}

const TRIGGERS: &[(&str, When)] = &[
    ("visitor says", When::Says),
    ("visitor uploads", When::Uploads),
    ("visitor types", When::Types),
    ("visitor pushes url", When::PushesUrl),
    ("visitor renames", When::Renames),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Do {
    Join,
    SupervisorJoins,
    Say,
    Type,
    Hold,
    Return,
    Transfer,
    PushUrl,
    SendFile,
    Notice,
    IdleAlert,
    Leave,
    End,
}

const ACTIONS: &[(&str, Do)] = &[
    ("join", Do::Join),
    ("supervisor_joins", Do::SupervisorJoins),
    ("say", Do::Say),
    ("type", Do::Type),
    ("hold", Do::Hold),
    ("return", Do::Return),
    ("transfer", Do::Transfer),
    ("push_url", Do::PushUrl),
    ("send_file", Do::SendFile),
    ("notice", Do::Notice),
    ("idle_alert", Do::IdleAlert),
    ("leave", Do::Leave),
    ("end", Do::End),
];

fn person(key: &Placed<String>, table: &Table<'_>, problems: &Problems<'_>) -> Person {
    if key.value == "agent" {
        problems.add(
            &key.place,
            "`agent` means whoever answers now: choose another name",
        );
    }
    let nickname = table
        .text("nickname")
        .map_or_else(|| key.value.clone(), |text| text.value);
    let role = table
        .word("role", ROLES)
        .map_or(Role::Agent, |role| role.value);
    table.refuse_unknown();
    Person {
        key: key.value.clone(),
        nickname,
        role,
    }
}

struct Reader<'a> {
    folder: &'a Path,
    people: Vec<Person>,
    problems: &'a Problems<'a>,
}

impl Reader<'_> {
    fn rule(&self, table: &Table<'_>) -> Option<Rule> {
        if !table.has("when") {
            table.missing("when", "what the visitor does, such as \"visitor says\"");
        }
        let when = self.trigger(table);
        let times = table.number("times").map(|times| times.value);
        if !table.has("step") {
            table.missing("step", "what to do, as step = [{ do = … }] or [[on.step]]");
        }
        let steps = self.steps(table, false);
        table.refuse_unknown();
        Some(Rule {
            when: when?,
            times,
            steps,
        })
    }

    fn steps(&self, table: &Table<'_>, triggers: bool) -> Vec<Step> {
        table
            .tables("step")
            .iter()
            .filter_map(|step| self.step(step, triggers))
            .collect()
    }

    fn step(&self, table: &Table<'_>, triggers: bool) -> Option<Step> {
        let when = if triggers { self.trigger(table) } else { None };
        let after_ms = table.duration("after").map_or(0, |span| span.value);
        if !table.has("do") {
            let list: Vec<&str> = ACTIONS.iter().map(|(name, _)| *name).collect();
            table.missing("do", &format!("one of {}", list.join(", ")));
        }
        // Which other keys belong here depends on the action.
        let word = table.word("do", ACTIONS)?;
        let action = self.action(table, &word);
        table.refuse_unknown();
        Some(Step {
            when,
            after_ms,
            action: action?,
        })
    }

    fn trigger(&self, table: &Table<'_>) -> Option<Trigger> {
        let when = table.word("when", TRIGGERS)?;
        Some(match when.value {
            When::Uploads => Trigger::Uploads,
            When::Types => Trigger::Types,
            When::PushesUrl => Trigger::PushesUrl,
            When::Renames => Trigger::Renames,
            When::Says => {
                let mut words = table.texts("any").map(|any| any.value).unwrap_or_default();
                words.extend(table.text("contains").map(|text| text.value));
                Trigger::Says(words)
            }
        })
    }

    fn action(&self, table: &Table<'_>, word: &Placed<Do>) -> Option<Action> {
        Some(match word.value {
            Do::End => Action::End,
            Do::IdleAlert => {
                let close_after_ms = table.duration("close_after").map_or(45_000, |s| s.value);
                Action::IdleAlert { close_after_ms }
            }
            Do::Join => Action::Join(self.person(table, "as")?),
            Do::SupervisorJoins => Action::Join(self.supervisor(table)?),
            Do::Hold => Action::Hold(self.actor(table)?),
            Do::Return => Action::Return(self.actor(table)?),
            Do::Leave => Action::Leave(self.actor(table)?),
            Do::Say => {
                let typing_ms = table.duration("typing").map_or(0, |span| span.value);
                let (who, text) = (self.actor(table), required(table, "text", "what is said"));
                Action::Say {
                    who: who?,
                    text: text?,
                    typing_ms,
                }
            }
            Do::Type => {
                let for_ms = table.duration("for").map_or(2_000, |span| span.value);
                Action::Type {
                    who: self.actor(table)?,
                    for_ms,
                }
            }
            Do::Notice => {
                let (who, text) = (self.actor(table), required(table, "text", "the notice"));
                Action::Notice {
                    who: who?,
                    text: text?,
                }
            }
            Do::PushUrl => {
                let (who, url) = (self.actor(table), required(table, "url", "an address"));
                Action::PushUrl {
                    who: who?,
                    url: url?,
                }
            }
            Do::Transfer => {
                let (who, to) = (self.actor(table), self.person(table, "to"));
                let joins_after_ms = table.duration("joins_after").map_or(0, |span| span.value);
                Action::Transfer {
                    who: who?,
                    to: to?,
                    joins_after_ms,
                }
            }
            Do::SendFile => {
                let (who, file) = (self.actor(table), self.attachment(table));
                Action::SendFile {
                    who: who?,
                    file: Arc::new(file?),
                }
            }
        })
    }

    /// Reads who acts; nobody named = whichever agent is there.
    fn actor(&self, table: &Table<'_>) -> Option<Who> {
        match table.text("as") {
            Some(name) if name.value == "agent" => Some(Who::AnyAgent),
            Some(name) => self.find(&name),
            None if table.has("as") => None,
            None => Some(Who::AnyAgent),
        }
    }

    /// Reads a person who must be named.
    fn person(&self, table: &Table<'_>, key: &'static str) -> Option<Who> {
        if !table.has(key) {
            table.missing(key, "somebody of [people]");
        }
        self.find(&table.text(key)?)
    }

    fn supervisor(&self, table: &Table<'_>) -> Option<Who> {
        let who = self.person(table, "as")?;
        if let (Who::Person(place), Some(name)) = (&who, table.text("as"))
            && self
                .people
                .get(*place)
                .is_some_and(|person| person.role != Role::Supervisor)
        {
            self.problems.add(
                &name.place,
                format!("{} is no supervisor: set its `role`", name.value),
            );
        }
        Some(who)
    }

    fn find(&self, name: &Placed<String>) -> Option<Who> {
        let place = self
            .people
            .iter()
            .position(|person| person.key == name.value);
        if place.is_none() {
            let known: Vec<&str> = self
                .people
                .iter()
                .map(|person| person.key.as_str())
                .collect();
            let message = format!(
                "nobody called \"{}\": [people] has {}",
                name.value,
                known.join(", ")
            );
            self.problems.add(&name.place, message);
        }
        place.map(Who::Person)
    }

    fn attachment(&self, table: &Table<'_>) -> Option<Attachment> {
        let (path, content) = (table.text("path"), table.text("content"));
        let name = table.text("name").map(|name| name.value);
        let description = table.text("description").map(|text| text.value);
        let (bytes, path) = match (&path, content) {
            (Some(path), None) => (self.read_file(path)?, Some(Path::new(&path.value))),
            (None, Some(content)) => (content.value.into_bytes(), None),
            _ => {
                table.missing(
                    "path",
                    "either `path`, a file beside the scenario, or `content`, a text",
                );
                return None;
            }
        };
        let name = name.or_else(|| Some(path?.file_name()?.to_string_lossy().into_owned()));
        let Some(name) = name else {
            table.missing("name", "the file's name");
            return None;
        };
        let content_type = media_type(&name).to_owned();
        Some(Attachment {
            name,
            content_type,
            description,
            bytes,
        })
    }

    fn read_file(&self, path: &Placed<String>) -> Option<Vec<u8>> {
        let full = self.folder.join(&path.value);
        std::fs::read(&full)
            .inspect_err(|error| {
                self.problems.add(
                    &path.place,
                    format!("cannot read {}: {error}", full.display()),
                );
            })
            .ok()
    }
}

fn required(table: &Table<'_>, key: &'static str, what: &str) -> Option<String> {
    if !table.has(key) {
        table.missing(key, what);
    }
    table.text(key).map(|text| text.value)
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
