//! Which operation a path means. This is the table of protocol section 2.

use std::net::IpAddr;

use crate::model::ServiceId;
use crate::wire::decode;

/// What a request's method and path mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// `OPTIONS`, on any path.
    Preflight,
    /// Nothing is served there.
    Unknown,
    /// Served, but only by these methods.
    WrongMethod(&'static str),
    /// An operation.
    Call(Action),
}

/// An operation, and who asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// What to do.
    pub action: Action,
    /// Whose push session the caller has (`gms_user`), if given.
    pub user: Option<String>,
    /// The address that the request came from, if known.
    pub address: Option<IpAddr>,
}

/// An operation that a client can ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// To create a service of this name.
    CreateService(String),
    /// Something of a service.
    ServiceAction(ServiceId, ServiceAction),
}

/// An operation on a service that exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "the names are the vendor's operations, one row of the table each"
)]
pub enum ServiceAction {
    Status,
    CreateChat,
    Refresh,
    Send,
    StartTyping,
    StopTyping,
    CustomNotice,
    Disconnect,
}

impl Action {
    /// Returns the operation's name for fault rules and logs. The same operation has the same name in every dialect.
    pub fn name(&self) -> &'static str {
        match self {
            Self::CreateService(_) => "createService",
            Self::ServiceAction(_, what) => match what {
                ServiceAction::Status => "status",
                ServiceAction::CreateChat => "requestChat",
                ServiceAction::Refresh => "refresh",
                ServiceAction::Send => "send",
                ServiceAction::StartTyping => "startTyping",
                ServiceAction::StopTyping => "stopTyping",
                ServiceAction::CustomNotice => "customNotice",
                ServiceAction::Disconnect => "disconnect",
            },
        }
    }

    /// Returns the id of the service that it is about; none for one that is yet to be created.
    pub fn service(&self) -> Option<&ServiceId> {
        match self {
            Self::CreateService(_) => None,
            Self::ServiceAction(service, _) => Some(service),
        }
    }
}

/// Finds the operation that a method and a percent-encoded path mean.
pub fn route(method: &str, path: &str) -> Route {
    if method == "OPTIONS" {
        return Route::Preflight;
    }
    let Some(action) = action(path) else {
        return Route::Unknown;
    };
    // GET works where a service is created [live]; where it only reads it does no harm.
    let by_get = matches!(
        action,
        Action::CreateService(_) | Action::ServiceAction(_, ServiceAction::Status)
    );
    match method {
        "POST" => Route::Call(action),
        "GET" if by_get => Route::Call(action),
        _ if by_get => Route::WrongMethod("GET, POST, OPTIONS"),
        _ => Route::WrongMethod("POST, OPTIONS"),
    }
}

fn action(path: &str) -> Option<Action> {
    let path = path.strip_prefix("/genesys/1/service/")?;
    let path = path.strip_suffix('/').unwrap_or(path);
    let parts: Vec<String> = path.split('/').map(decode).collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    if parts.contains(&"") {
        return None;
    }
    let (first, rest) = parts.split_first()?;
    let what = match rest {
        [] => return Some(Action::CreateService((*first).to_owned())),
        ["status"] => ServiceAction::Status,
        ["ixn", "chat"] => ServiceAction::CreateChat,
        ["ixn", "chat", "refresh"] => ServiceAction::Refresh,
        ["ixn", "chat", "send"] => ServiceAction::Send,
        ["ixn", "chat", "startTyping"] => ServiceAction::StartTyping,
        ["ixn", "chat", "stopTyping"] => ServiceAction::StopTyping,
        ["ixn", "chat", "customNotice"] => ServiceAction::CustomNotice,
        ["ixn", "chat", "disconnect"] => ServiceAction::Disconnect,
        _ => return None,
    };
    Some(Action::ServiceAction(ServiceId::new(*first), what))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_mean_operations() {
        let service = |what| Route::Call(Action::ServiceAction(ServiceId::new("a b"), what));
        for (path, wanted) in [
            (
                "request-chat",
                Route::Call(Action::CreateService("request-chat".into())),
            ),
            (
                "request-chat/",
                Route::Call(Action::CreateService("request-chat".into())),
            ),
            ("a%20b/status", service(ServiceAction::Status)),
            ("a%20b/ixn/chat", service(ServiceAction::CreateChat)),
            ("a%20b/ixn/chat/", service(ServiceAction::CreateChat)),
            ("a%20b/ixn/chat/refresh", service(ServiceAction::Refresh)),
            ("a%20b/ixn/chat/nothing", Route::Unknown),
            ("a%20b/ixn", Route::Unknown),
            ("a//status", Route::Unknown),
            ("", Route::Unknown),
        ] {
            let path = format!("/genesys/1/service/{path}");
            assert_eq!(route("POST", &path), wanted, "{path}");
        }
        let get = |path: &str| route("GET", &format!("/genesys/1/service/{path}"));
        assert!(matches!(get("any"), Route::Call(_)));
        assert!(matches!(get("a/status"), Route::Call(_)));
        assert_eq!(get("a/ixn/chat/send"), Route::WrongMethod("POST, OPTIONS"));
    }
}
