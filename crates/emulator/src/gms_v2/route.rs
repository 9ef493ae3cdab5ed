//! Which operation a path means. This is the table of protocol section 1.

use std::net::IpAddr;

use crate::model::{ChatId, FileId};
use crate::wire::decode;

/// What a request's method and path mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// `OPTIONS`, on any path.
    Preflight,
    /// Nothing is served there.
    Unknown,
    /// Served, but only by POST.
    WrongMethod,
    /// An operation.
    Call(Call),
}

/// An operation on a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The service's name.
    pub service: String,
    /// What to do.
    pub action: Action,
    /// The address that the request came from, if known.
    pub address: Option<IpAddr>,
}

/// An operation that a client can ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "the names are the vendor's operations, one row of the table each"
)]
pub enum Action {
    RequestChat,
    Send(ChatId),
    StartTyping(ChatId),
    StopTyping(ChatId),
    Refresh(ChatId),
    ReadBack(ChatId),
    Disconnect(ChatId),
    PushUrl(ChatId),
    UpdateNickname(ChatId),
    CustomNotice(ChatId),
    UpdateData(ChatId),
    ReadReceipt(ChatId),
    FileLimits(ChatId),
    Upload(ChatId),
    Download(ChatId, FileId),
    Delete(ChatId, FileId),
}

impl Action {
    /// Returns the operation's name for fault rules and logs.
    pub fn name(&self) -> &'static str {
        match self {
            Self::RequestChat => "requestChat",
            Self::Send(_) => "send",
            Self::StartTyping(_) => "startTyping",
            Self::StopTyping(_) => "stopTyping",
            // `ReadBack` reads an asynchronous chat's history page by page: only over CometD, on no path.
            Self::Refresh(_) | Self::ReadBack(_) => "refresh",
            Self::Disconnect(_) => "disconnect",
            Self::PushUrl(_) => "pushUrl",
            Self::UpdateNickname(_) => "updateNickname",
            Self::CustomNotice(_) => "customNotice",
            Self::UpdateData(_) => "updateData",
            Self::ReadReceipt(_) => "readReceipt",
            Self::FileLimits(_) => "limits",
            Self::Upload(_) => "upload",
            Self::Download(..) => "download",
            Self::Delete(..) => "delete",
        }
    }

    /// Returns the id of the chat that it is about; none for one that is yet to start.
    pub fn chat(&self) -> Option<&ChatId> {
        match self {
            Self::RequestChat => None,
            Self::Send(chat)
            | Self::StartTyping(chat)
            | Self::StopTyping(chat)
            | Self::Refresh(chat)
            | Self::ReadBack(chat)
            | Self::Disconnect(chat)
            | Self::PushUrl(chat)
            | Self::UpdateNickname(chat)
            | Self::CustomNotice(chat)
            | Self::UpdateData(chat)
            | Self::ReadReceipt(chat)
            | Self::FileLimits(chat)
            | Self::Upload(chat)
            | Self::Download(chat, _)
            | Self::Delete(chat, _) => Some(chat),
        }
    }
}

/// Finds the operation that a method and a percent-encoded path mean.
pub fn route(method: &str, path: &str) -> Route {
    if method == "OPTIONS" {
        return Route::Preflight;
    }
    let Some(call) = call(path) else {
        return Route::Unknown;
    };
    if method == "POST" {
        Route::Call(call)
    } else {
        Route::WrongMethod
    }
}

fn call(path: &str) -> Option<Call> {
    let rest = path.strip_prefix("/genesys/2/chat/")?;
    let parts: Vec<String> = rest.split('/').map(decode).collect();
    let mut parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    // A trailing slash is usual on request chat and harmless elsewhere.
    if parts.len() > 1 && parts.last() == Some(&"") {
        parts.pop();
    }
    if parts.contains(&"") {
        return None;
    }
    let (service, rest) = parts.split_first()?;
    let action = action(rest)?;
    Some(Call {
        service: (*service).to_owned(),
        action,
        address: None,
    })
}

fn action(parts: &[&str]) -> Option<Action> {
    let Some((chat, rest)) = parts.split_first() else {
        return Some(Action::RequestChat);
    };
    let chat = ChatId::new(*chat);
    Some(match rest {
        ["send"] => Action::Send(chat),
        ["startTyping"] => Action::StartTyping(chat),
        ["stopTyping"] => Action::StopTyping(chat),
        ["refresh"] => Action::Refresh(chat),
        ["disconnect"] => Action::Disconnect(chat),
        ["pushUrl"] => Action::PushUrl(chat),
        ["updateNickname"] => Action::UpdateNickname(chat),
        ["customNotice"] => Action::CustomNotice(chat),
        ["updateData"] => Action::UpdateData(chat),
        ["readReceipt"] => Action::ReadReceipt(chat),
        ["file"] => Action::Upload(chat),
        ["file", "limits"] => Action::FileLimits(chat),
        // One of the vendor's samples forgets the last word.
        ["file", file] | ["file", file, "download"] => Action::Download(chat, FileId::new(*file)),
        ["file", file, "delete"] => Action::Delete(chat, FileId::new(*file)),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn action_of(path: &str) -> Option<Action> {
        match route("POST", path) {
            Route::Call(call) => Some(call.action),
            _ => None,
        }
    }

    #[test]
    fn request_chat_may_have_a_trailing_slash() {
        for path in ["/genesys/2/chat/support", "/genesys/2/chat/support/"] {
            assert_eq!(action_of(path), Some(Action::RequestChat));
        }
    }

    #[test]
    fn names_are_percent_decoded() {
        let Route::Call(call) = route("POST", "/genesys/2/chat/a%20b%2Fc+/X/send") else {
            panic!()
        };
        assert_eq!(call.service, "a b/c+");
    }

    #[test]
    fn a_download_may_lack_its_last_word() {
        let (chat, file) = (ChatId::new("C"), FileId::new("F"));
        for path in [
            "/genesys/2/chat/s/C/file/F",
            "/genesys/2/chat/s/C/file/F/download",
        ] {
            assert_eq!(
                action_of(path),
                Some(Action::Download(chat.clone(), file.clone()))
            );
        }
    }

    #[test]
    fn anything_else_is_unknown() {
        for path in [
            "/",
            "/genesys/2/chat/",
            "/genesys/2/chat/s//send",
            "/genesys/2/chat/s/C",
            "/genesys/2/chat/s/C/no",
        ] {
            assert_eq!(route("POST", path), Route::Unknown, "{path}");
        }
        assert_eq!(route("GET", "/genesys/2/chat/s/C/send"), Route::WrongMethod);
        assert_eq!(route("OPTIONS", "/anything"), Route::Preflight);
    }
}
