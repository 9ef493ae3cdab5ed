//! How what the model is made of is stored.

use super::stored::Stored;
use crate::dialect::json::{self, Object, Value};
use crate::io::FormAnswers;
use crate::model::{
    EventIndex, FileLimits, LeaveReason, Participant, ParticipantId, ParticipantKind, Refusal,
    RefusalReason,
};
use crate::time::WallTime;

/// Names a value of a list of values and names.
pub(super) fn name<T: PartialEq>(names: &[(T, &'static str)], value: &T) -> &'static str {
    let found = names.iter().find(|(known, _)| known == value);
    found.map_or("", |(_, name)| *name)
}

/// Reads a value by its name.
pub(super) fn named<T: Copy>(names: &[(T, &str)], object: &Object, key: &str) -> Option<T> {
    let name = json::text(object, key)?;
    names
        .iter()
        .find(|(_, known)| *known == name)
        .map(|(value, _)| *value)
}

/// Reads a time under `at`.
pub(super) fn time(object: &Object) -> WallTime {
    let at = json::number(object, "at");
    at.and_then(WallTime::from_outside).unwrap_or_default()
}

/// Writes names and values.
pub(super) fn pairs(pairs: &[(String, String)]) -> Vec<Value> {
    let pair = |(name, value): &(String, String)| -> Value {
        vec![Value::from(name.as_str()), Value::from(value.as_str())].into()
    };
    pairs.iter().map(pair).collect()
}

/// Reads names and values.
pub(super) fn read_pairs(object: &Object, key: &str) -> Vec<(String, String)> {
    let text = |pair: &[Value], at: usize| pair.get(at)?.as_str().map(String::from);
    let pair = |pair: &Value| {
        let pair = pair.as_array()?;
        text(pair, 0).zip(text(pair, 1))
    };
    json::list(object, key).iter().filter_map(pair).collect()
}

/// Writes since which event what was first seen when.
pub(super) fn seen(seen: &[(EventIndex, WallTime)]) -> Vec<Value> {
    let one = |(from, at): &(EventIndex, WallTime)| -> Value {
        vec![Value::from(from.0), Value::from(at.0)].into()
    };
    seen.iter().map(one).collect()
}

/// Reads since which event what was first seen when.
pub(super) fn read_seen(object: &Object, key: &str) -> Vec<(EventIndex, WallTime)> {
    let one = |pair: &Value| {
        let pair = pair.as_array()?;
        let from = pair.first()?.as_u64().map(EventIndex);
        from.zip(pair.get(1)?.as_i64().and_then(WallTime::from_outside))
    };
    json::list(object, key).iter().filter_map(one).collect()
}

/// Writes why somebody left, if a reason was given.
pub(super) fn put_leaving(object: &mut Object, reason: &LeaveReason) {
    match reason {
        LeaveReason::Left => {}
        LeaveReason::Hold => json::put(object, "reason", "HOLD"),
        LeaveReason::Transfer => json::put(object, "reason", "TRANSFER"),
        LeaveReason::Other(reason) => json::put(object, "reason", reason.as_str()),
    }
}

/// Reads why somebody left.
pub(super) fn leaving(object: &Object) -> LeaveReason {
    match json::text(object, "reason") {
        None => LeaveReason::Left,
        Some(reason) if reason == "HOLD" => LeaveReason::Hold,
        Some(reason) if reason == "TRANSFER" => LeaveReason::Transfer,
        Some(reason) => LeaveReason::Other(reason),
    }
}

impl Stored for FormAnswers {
    fn write(&self) -> Value {
        let mut answers = Object::new();
        json::put_some(&mut answers, "nickname", self.nickname.as_deref());
        json::put_some(&mut answers, "firstName", self.first_name.as_deref());
        json::put_some(&mut answers, "lastName", self.last_name.as_deref());
        json::put_some(&mut answers, "email", self.email.as_deref());
        json::put_some(&mut answers, "subject", self.subject.as_deref());
        json::put(&mut answers, "userData", pairs(&self.user_data));
        answers.into()
    }

    fn read(json: &Value) -> Option<Self> {
        let answers = json.as_object()?;
        Some(Self {
            nickname: json::text(answers, "nickname"),
            first_name: json::text(answers, "firstName"),
            last_name: json::text(answers, "lastName"),
            email: json::text(answers, "email"),
            subject: json::text(answers, "subject"),
            user_data: read_pairs(answers, "userData"),
            ..Self::default()
        })
    }
}

const REASONS: [(RefusalReason, &str); 19] = [
    (RefusalReason::Unreachable, "Unreachable"),
    (RefusalReason::Busy, "Busy"),
    (RefusalReason::BadReply, "BadReply"),
    (RefusalReason::FirstNameMissing, "FirstNameMissing"),
    (RefusalReason::LastNameMissing, "LastNameMissing"),
    (RefusalReason::NameInvalid, "NameInvalid"),
    (RefusalReason::EmailInvalid, "EmailInvalid"),
    (RefusalReason::CannotStartNow, "CannotStartNow"),
    (RefusalReason::UnknownService, "UnknownService"),
    (RefusalReason::MessageTooLong, "MessageTooLong"),
    (RefusalReason::TooManyFiles, "TooManyFiles"),
    (RefusalReason::FileTooLarge, "FileTooLarge"),
    (RefusalReason::FilesTooLarge, "FilesTooLarge"),
    (RefusalReason::FileTypeRefused, "FileTypeRefused"),
    (RefusalReason::NeedsAgent, "NeedsAgent"),
    (RefusalReason::FileGone, "FileGone"),
    (RefusalReason::ChatEnded, "ChatEnded"),
    (RefusalReason::NotOffered, "NotOffered"),
    (RefusalReason::Refused, "Refused"),
];

impl Stored for Refusal {
    fn write(&self) -> Value {
        let mut refusal = Object::new();
        json::put(&mut refusal, "reason", name(&REASONS, &self.reason));
        json::put_some(&mut refusal, "code", self.code);
        json::put_some(&mut refusal, "limit", self.limit);
        refusal.into()
    }

    fn read(json: &Value) -> Option<Self> {
        let refusal = json.as_object()?;
        Some(Self {
            // What a newer version calls otherwise was refused all the same.
            reason: named(&REASONS, refusal, "reason").unwrap_or(RefusalReason::Refused),
            code: json::number(refusal, "code"),
            limit: json::count(refusal, "limit"),
        })
    }
}

const KINDS: [(ParticipantKind, &str); 5] = [
    (ParticipantKind::Visitor, "Visitor"),
    (ParticipantKind::Agent, "Agent"),
    (ParticipantKind::Supervisor, "Supervisor"),
    (ParticipantKind::Bot, "Bot"),
    (ParticipantKind::System, "System"),
];

impl Stored for Participant {
    fn write(&self) -> Value {
        let mut who = Object::new();
        json::put(&mut who, "id", self.id.0.as_str());
        json::put(&mut who, "name", self.nickname.as_str());
        json::put(&mut who, "kind", name(&KINDS, &self.kind));
        who.into()
    }

    fn read(json: &Value) -> Option<Self> {
        let who = json.as_object()?;
        Some(Self {
            id: ParticipantId(json::text(who, "id").unwrap_or_default()),
            nickname: json::text(who, "name").unwrap_or_default(),
            kind: named(&KINDS, who, "kind").unwrap_or(ParticipantKind::System),
        })
    }
}

impl Stored for FileLimits {
    fn write(&self) -> Value {
        let mut limits = Object::new();
        json::put_some(&mut limits, "files", self.max_files);
        json::put_some(&mut limits, "bytes", self.max_file_bytes);
        json::put_some(&mut limits, "total", self.max_total_bytes);
        let extensions = self.extensions.iter().map(|one| one.as_str().into());
        json::put(&mut limits, "types", extensions.collect::<Vec<Value>>());
        json::put(&mut limits, "needsAgent", self.needs_agent);
        json::put(&mut limits, "usedFiles", self.used_files);
        json::put(&mut limits, "usedBytes", self.used_bytes);
        limits.into()
    }

    fn read(json: &Value) -> Option<Self> {
        let limits = json.as_object()?;
        let extensions = json::list(limits, "types").iter();
        Some(Self {
            max_files: json::count(limits, "files"),
            max_file_bytes: json::count(limits, "bytes"),
            max_total_bytes: json::count(limits, "total"),
            extensions: extensions.filter_map(String::read).collect(),
            needs_agent: json::truth(limits, "needsAgent") == Some(true),
            used_files: json::count(limits, "usedFiles").unwrap_or_default(),
            used_bytes: json::count(limits, "usedBytes").unwrap_or_default(),
        })
    }
}
