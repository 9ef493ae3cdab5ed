//! *Chat API Version 2* over CometD: the operations of [`gms_v2`](super::gms_v2) as messages on
//! `/service/chatV2/{service}`, their answers and all news as pushes of the same envelope; files by posts of
//! their own.
//!
//! No page of the vendor describes it: see `docs/servers.md`.

use super::{
    Action, Encoded, Keys, ReplyKind,
    json::{self, Object, Value},
};
use crate::io::{Body, Expect};

const FILES: &str = "/genesys/2/chat-ntf";

/// Names the channel of a service.
pub(crate) fn channel(service: &str) -> String {
    ["/service/chatV2/", service].concat()
}

/// Puts an action into a message; `None` for files, which go by [`file`].
pub(crate) fn message(action: &Action, keys: &Keys) -> Option<Object> {
    let mut data = Object::new();
    let operation = match action {
        Action::RequestChat(answers) => {
            json::put_some(&mut data, "nickname", answers.nickname.as_deref());
            json::put_some(&mut data, "firstName", answers.first_name.as_deref());
            json::put_some(&mut data, "lastName", answers.last_name.as_deref());
            json::put_some(&mut data, "subject", answers.subject.as_deref());
            json::put_some(&mut data, "emailAddress", answers.email.as_deref());
            json::put(&mut data, "userData", user_data(&answers.user_data));
            json::put(&mut data, "operation", "requestChat");
            return Some(data);
        }
        Action::Send { text, .. } => {
            json::put(&mut data, "message", text.as_str());
            json::put(&mut data, "messageType", "text");
            "sendMessage"
        }
        Action::StartTyping(preview) => {
            json::put_some(&mut data, "message", preview.as_deref());
            "startTyping"
        }
        Action::StopTyping => "stopTyping",
        // On a session of its own: the news from there on come by it.
        Action::Refresh { from, .. } => {
            json::put(&mut data, "transcriptPosition", from.0);
            "requestNotifications"
        }
        Action::ReadBack(from) => {
            json::put(&mut data, "transcriptPosition", from.0);
            "refresh"
        }
        Action::Disconnect => "disconnect",
        Action::PushUrl(url) => {
            json::put(&mut data, "pushUrl", url.as_str());
            "pushUrl"
        }
        Action::UpdateNickname(name) => {
            json::put(&mut data, "nickname", name.as_str());
            "updateNickname"
        }
        Action::CustomNotice {
            message,
            attributes,
        } => {
            json::put_some(&mut data, "message", message.as_deref());
            json::put_some(
                &mut data,
                "eventAttributes",
                attributes.as_deref().and_then(json::parse_object),
            );
            "customNotice"
        }
        Action::UpdateData(pairs) => {
            json::put(&mut data, "userData", user_data(pairs));
            "updateData"
        }
        Action::ReadReceipt(index) => {
            json::put(&mut data, "transcriptPosition", index.0);
            "readReceipt"
        }
        _ => return None,
    };
    json::put(&mut data, "operation", operation);
    json::put(&mut data, "chatId", keys.chat.as_str());
    json::put(&mut data, "secureKey", keys.secure.as_str());
    json::put(&mut data, "alias", keys.alias.as_str());
    json::put(&mut data, "userId", keys.user.as_str());
    Some(data)
}

/// Puts an action on files into a request; `None` for all others.
pub(crate) fn file(action: &Action, keys: &Keys) -> Option<Encoded> {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let (operation, id, expect) = match action {
        Action::FileLimits => ("fileGetLimits", None, Expect::Text),
        Action::Upload { .. } => ("fileUpload", None, Expect::Text),
        Action::Download { id, name } => (
            "fileDownload",
            Some(id),
            Expect::File { name: name.clone() },
        ),
        // A guess that no server has confirmed.
        Action::DeleteFile(id) => ("fileDelete", Some(id), Expect::Text),
        _ => return None,
    };
    let mut fields = vec![
        pair("operation", operation),
        pair("secureKey", &keys.secure),
    ];
    fields.extend(id.map(|id| pair("fileId", &id.0)));
    let body = match action {
        Action::Upload {
            file,
            name,
            description,
        } => {
            let description = description.as_deref();
            fields.extend(description.map(|text| pair("userData[file-description]", text)));
            Body::Upload {
                fields,
                file: *file,
                name: name.clone(),
            }
        }
        _ => Body::Parts(fields),
    };
    Some(Encoded {
        reply_kind: ReplyKind::Else,
        method: "POST",
        path: FILES.into(),
        body,
        expect,
    })
}

fn user_data(pairs: &[(String, String)]) -> Object {
    let mut data = Object::new();
    for (key, value) in pairs {
        json::put(&mut data, key, Value::from(value.as_str()));
    }
    data
}
