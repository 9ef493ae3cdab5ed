//! Files: limits, upload, download, delete.

use serde_json::{Map, Value, json};

use super::admit::admit;
use super::error::Failure;
use super::outcome::{Contents, Outcome, Upload};
use super::reply::{self, EventRange};
use super::route::Action;
use crate::model::{Chat, ChatId, DeleteError, FileId, FileMeta, NewFile, World};
use crate::wire::{Form, Response, encode};

/// Returns the limits in both places: where the vendor's sample has them, and where live servers do (in a notice
/// without an index).
pub(super) fn limits(world: &mut World, id: &ChatId, now_ms: i64) -> Response {
    let Some(chat) = world.chat(id) else {
        return reply::failed(world, Some(id), &Failure::no_chat());
    };
    let data = limits_data(world, chat);
    let notice = json!({
        "type": "Notice",
        "text": "file-client-cfg-get",
        "from": {"nickname": chat.started().nickname, "participantId": 1, "type": "Client"},
        "utcTime": now_ms.div_euclid(1000) * 1000,
        "userData": data,
    });
    let more = Map::from_iter([
        ("messages".to_owned(), json!([notice])),
        ("userData".to_owned(), data.clone()),
    ]);
    reply::done_with(world, id, EventRange::None, more, now_ms)
}

/// Takes a file in. The caller keeps its contents under the id that comes back.
pub(super) fn upload(
    world: &mut World,
    chat: &ChatId,
    form: &Form,
    upload: Option<Upload>,
    now_ms: i64,
) -> Outcome {
    let Some(upload) = upload else {
        let failure = Failure::refused("A part called file is required.");
        return reply::failed(world, Some(chat), &failure).into();
    };
    let file = NewFile {
        name: upload.name,
        size: upload.size,
        content_type: upload.content_type,
        user_data: form.user_data(),
    };
    match world.upload(chat, file, now_ms) {
        Ok(id) => {
            let more = Map::from_iter([("userData".to_owned(), json!({"file-id": id}))]);
            let wanted = EventRange::read(form, EventRange::None);
            let response = reply::done_with(world, chat, wanted, more, now_ms);
            Outcome {
                response,
                contents: Contents::Keep(id),
            }
        }
        Err(error) => reply::failed(world, Some(chat), &error.into()).into(),
    }
}

/// Sends a file's contents, or HTTP 500 with a page that names a `referenceId`, whatever went wrong.
pub(super) fn download(
    world: &mut World,
    chat: &ChatId,
    file: &FileId,
    form: &Form,
    now_ms: i64,
) -> Outcome {
    let action = Action::Download(chat.clone(), file.clone());
    if admit(world, &action, chat, form, now_ms).is_err() {
        return download_failed(world).into();
    }
    match world.download(chat, file) {
        Ok(meta) => Outcome {
            response: file_head(&meta),
            contents: Contents::Send(file.clone()),
        },
        Err(_) => download_failed(world).into(),
    }
}

/// Takes back one of the visitor's own files.
pub(super) fn delete(
    world: &mut World,
    chat: &ChatId,
    file: &FileId,
    form: &Form,
    now_ms: i64,
) -> Outcome {
    match world.delete_file(chat, file, now_ms) {
        Ok(()) => {
            let wanted = EventRange::read(form, EventRange::None);
            let response = reply::done(world, chat, wanted, now_ms);
            Outcome {
                response,
                contents: Contents::Remove(file.clone()),
            }
        }
        Err(error) => {
            let advice = match error {
                DeleteError::NoFile => "There is no such file.",
                DeleteError::NotYours => "Only files that you sent can be deleted.",
                DeleteError::SwitchedOff => "Files cannot be deleted.",
            };
            reply::failed(world, Some(chat), &Failure::refused(advice)).into()
        }
    }
}

/// Answers that a download failed.
pub fn download_failed(world: &mut World) -> Response {
    let reference = world.reference();
    Response::html(
        500,
        format!(
            "<!DOCTYPE html>\n<html><head><title>Error 500</title></head><body>\
             <h2>HTTP ERROR: 500</h2><p>The file cannot be downloaded. referenceId[{reference}]</p>\
             </body></html>\n"
        ),
    )
}

/// Writes a download's headers. It is always saved, never shown: the name and the type are somebody else's word.
pub(crate) fn file_head(meta: &FileMeta) -> Response {
    let plain: String = meta
        .name
        .chars()
        .map(|c| {
            if c.is_ascii_graphic() && c != '"' && c != '\\' || c == ' ' {
                c
            } else {
                '_'
            }
        })
        .collect();
    let disposition = format!(
        "attachment; filename=\"{plain}\"; filename*=UTF-8''{}",
        encode(&meta.name)
    );
    let kind = meta
        .content_type
        .as_deref()
        .filter(|kind| is_media_type(kind));
    Response::with_body(200, kind.unwrap_or("application/octet-stream"), Vec::new())
        .header("Content-Disposition", disposition)
        .header("X-Content-Type-Options", "nosniff")
}

/// Refuses what could not stand in a header.
fn is_media_type(text: &str) -> bool {
    text.contains('/') && text.chars().all(|c| c.is_ascii_graphic() || c == ' ')
}

fn limits_data(world: &World, chat: &Chat) -> Value {
    let limits = &world.options().files;
    let used_files = chat.visitor_files().count();
    let used_size: u64 = chat.visitor_files().map(|f| f.size).sum();
    let used_downloads: u32 = chat.files().iter().map(|f| f.downloads).sum();
    json!({
        "download-attempts": limits.download_attempts.to_string(),
        "used-download-attempts": used_downloads.to_string(),
        "upload-max-files": limits.max_files.to_string(),
        "used-upload-max-files": used_files.to_string(),
        "upload-max-file-size": limits.max_file_size.to_string(),
        "upload-max-total-size": limits.max_total_size.to_string(),
        "used-upload-max-total-size": used_size.to_string(),
        "upload-need-agent": limits.need_agent.to_string(),
        "upload-file-types": limits.types.join(":"),
        "delete-file": "odd",
    })
}
