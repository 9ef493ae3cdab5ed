//! Files where chats are pushed: one path for all operations, and the key alone finds the chat (protocol section 1b).

use crate::gms_v2::{self, Action, Call};
use crate::model::{FileId, World};
use crate::wire::{Form, Request, Response};

/// Why a file operation cannot be carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileCallError {
    /// It names no operation that there is.
    Operation,
    /// It shows no key of any chat.
    Chat,
    /// The same, where a file was expected.
    Download,
}

/// Returns whether a percent-encoded path is the one for files.
pub(crate) fn serves(path: &str) -> bool {
    matches!(path, "/genesys/2/chat-ntf" | "/genesys/2/chat-ntf/")
}

/// Finds the operation that a form asks for.
///
/// # Errors
/// When there is no such operation or no such chat.
pub(crate) fn call(world: &World, form: &Form) -> Result<Call, FileCallError> {
    let operation = form.get("operation").map(str::trim).unwrap_or_default();
    let key = form.get("secureKey").map(str::trim).unwrap_or_default();
    let chat = world.chat_by_key(key).ok_or(match operation {
        "fileDownload" => FileCallError::Download,
        _ => FileCallError::Chat,
    });
    let file = FileId::new(form.get("fileId").map(str::trim).unwrap_or_default());
    let action = match operation {
        "fileGetLimits" => Action::FileLimits(chat?.id().clone()),
        "fileUpload" => Action::Upload(chat?.id().clone()),
        "fileDownload" => Action::Download(chat?.id().clone(), file),
        "fileDelete" => Action::Delete(chat?.id().clone(), file),
        _ => return Err(FileCallError::Operation),
    };
    Ok(Call {
        service: chat?.started().service.clone(),
        action,
        address: None,
    })
}

/// Answers what cannot be carried out, as the same mistake is answered over REST.
pub(crate) fn refuse(world: &mut World, reason: FileCallError) -> Response {
    match reason {
        FileCallError::Operation => gms_v2::refused(world, "There is no such operation."),
        FileCallError::Chat => gms_v2::no_chat(world),
        FileCallError::Download => gms_v2::download_failed(world),
    }
}

/// Answers one request, whole. The contents of files are kept in [`World::contents_mut`].
pub(super) fn respond(world: &mut World, request: &Request, now_ms: i64) -> Response {
    if request.method != "POST" {
        return gms_v2::wrong_method();
    }
    match Form::parse(request) {
        Err(error) => gms_v2::broken_form(world, &some_call(), &error),
        Ok(form) => match call(world, &form) {
            Ok(call) => gms_v2::answer(world, &call, form, now_ms),
            Err(reason) => refuse(world, reason),
        },
    }
}

/// Returns an operation for replies to a form that cannot be read.
pub(crate) fn some_call() -> Call {
    Call {
        service: String::new(),
        action: Action::RequestChat,
        address: None,
    }
}
