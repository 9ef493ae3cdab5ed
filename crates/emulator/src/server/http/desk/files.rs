//! Files at the desk.

use std::io;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::Response;
use futures_util::TryStreamExt;
use serde::Deserialize;
use serde_json::json;
use thiserror::Error;
use tokio::io::AsyncWriteExt;
use tokio_util::io::ReaderStream;
use tracing::error;

use super::act::find_named;
use super::reply::{problem, refused};
use crate::gms_v2::file_head;
use crate::model::{ChatId, DeskError, FileId, NewFile, SendFileError};
use crate::server::app::App;
use crate::server::http::reply;
use crate::server::uploads::Spool;

/// Far above what anybody needs to see how a large file looks, and no danger to the disk.
const MAX_BYTES: u64 = 100 * 1024 * 1024;

/// The query of `POST /chats/{chat}/files`.
#[derive(Debug, Deserialize)]
pub(super) struct SendQuery {
    name: String,
    r#as: Option<String>,
    description: Option<String>,
}

/// Sends the body as a file to the visitor.
pub(super) async fn send(
    State(app): State<Arc<App>>,
    Path(chat): Path<String>,
    Query(sending): Query<SendQuery>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let chat = ChatId::new(chat);
    let spool = app.uploads.spool();
    let saved = if declared_length(&headers).is_some_and(|length| length > MAX_BYTES) {
        // Refused before it is sent.
        Err(SaveError::TooLarge)
    } else {
        save(&spool, body, MAX_BYTES).await
    };
    let size = match saved {
        Ok(size) => size,
        Err(SaveError::TooLarge) => {
            let message = "the file is larger than 100 MB, the most that an agent can send";
            return problem(413, message);
        }
        Err(SaveError::Disk(error)) => return not_kept(&error),
        Err(SaveError::Broken(error)) => {
            return problem(400, &format!("the file was not received: {error}"));
        }
    };
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    let mut file = NewFile {
        name: sending.name,
        size,
        content_type: kind.map(str::to_owned),
        ..NewFile::default()
    };
    if let Some(text) = sending.description {
        file.user_data.insert("file-description".to_owned(), text);
    }
    let sent = app
        .with_world(|world, now_ms| {
            let who = find_named(world, &chat, sending.r#as)?;
            let keep = |id: &FileId| app.uploads.keep(spool, id);
            world.send_file(&chat, who, file, keep, now_ms)
        })
        .await;
    match sent {
        Ok(Ok(id)) => reply::json(200, &json!({"ok": true, "file": id})),
        Ok(Err(SendFileError::Desk(error))) => refused(error),
        Ok(Err(SendFileError::Disk(error))) => not_kept(&error),
        Err(error) => reply::not_durable(error),
    }
}

/// Returns what is in a file, whoever sent it. This is no download of the visitor's.
pub(super) async fn read(
    State(app): State<Arc<App>>,
    Path((chat, file)): Path<(String, String)>,
) -> Response {
    let (chat, file) = (ChatId::new(chat), FileId::new(file));
    let meta = app.peek(|world| {
        let chat = world.chat(&chat).ok_or(DeskError::UnknownChat)?;
        Ok(chat.file(&file).filter(|file| !file.deleted).cloned())
    });
    let meta = match meta {
        Ok(Some(meta)) => meta,
        Ok(None) => return problem(404, "no such file"),
        Err(error) => return refused(error),
    };
    match tokio::fs::File::open(app.uploads.path(&file)).await {
        Ok(opened) => {
            let mut response = reply::from_wire(file_head(&meta));
            *response.body_mut() = Body::from_stream(ReaderStream::new(opened));
            response
        }
        Err(error) => problem(500, &format!("the file cannot be opened: {error}")),
    }
}

fn not_kept(error: &io::Error) -> Response {
    error!(%error, "cannot keep an agent's file");
    problem(500, &format!("the file cannot be kept: {error}"))
}

/// Why a file was not received.
#[derive(Debug, Error)]
enum SaveError {
    /// It is larger than allowed. Not all of it was read.
    #[error("too large")]
    TooLarge,
    /// The sender broke off.
    #[error(transparent)]
    Broken(#[from] axum::Error),
    /// The disk did not take it.
    #[error(transparent)]
    Disk(#[from] io::Error),
}

fn declared_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Writes a body to disk and tells its size.
async fn save(spool: &Spool, body: Body, limit: u64) -> Result<u64, SaveError> {
    let mut chunks = body.into_data_stream();
    let mut file = tokio::fs::File::create(spool.path()).await?;
    let mut size = 0_u64;
    while let Some(chunk) = chunks.try_next().await? {
        size = size.saturating_add(chunk.len() as u64);
        if size > limit {
            return Err(SaveError::TooLarge);
        }
        file.write_all(&chunk).await?;
    }
    file.flush().await?;
    file.sync_data().await?;
    Ok(size)
}

#[cfg(test)]
mod tests {
    use futures_util::stream;

    use super::*;
    use crate::model::{Options, World};
    use crate::server::uploads::{Uploads, temp_folder};

    #[tokio::test]
    async fn a_file_that_does_not_tell_its_size_is_broken_off_at_the_limit() {
        let folder = temp_folder("files").unwrap();
        let world = World::new(1, Options::default());
        let uploads = Uploads::open(folder.path().to_owned(), &world).unwrap();
        let body = |count| {
            let chunks = std::iter::repeat_n("1234", count).map(Ok::<_, io::Error>);
            Body::from_stream(stream::iter(chunks))
        };
        let save = async |count| save(&uploads.spool(), body(count), 8).await;
        assert_eq!(save(2).await.unwrap(), 8);
        for too_many in [3, usize::MAX] {
            assert!(matches!(save(too_many).await, Err(SaveError::TooLarge)));
        }
    }
}
