//! Files at the desk.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use futures_util::TryStreamExt;
use serde::Deserialize;
use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio_util::io::{ReaderStream, StreamReader};
use tracing::error;

use super::act::find_named;
use super::{problem, refused};
use crate::gms_v2::file_head;
use crate::model::{ChatId, DeskError, FileId, NewFile};
use crate::server::app::App;
use crate::server::http::reply;
use crate::server::uploads::Spool;

/// Says who sends what.
#[derive(Debug, Deserialize)]
pub(super) struct Sending {
    name: String,
    r#as: Option<String>,
    description: Option<String>,
}

/// Sends the body as a file to the visitor.
pub(super) async fn send(
    State(app): State<Arc<App>>,
    Path(chat): Path<String>,
    Query(sending): Query<Sending>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let chat = ChatId::new(chat);
    let spool = app.uploads.spool();
    let size = match save(&spool, body).await {
        Ok(size) => size,
        Err(error) => return problem(400, &format!("the file was not received: {error}")),
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
            let id = world.send_file(&chat, who, file, now_ms)?;
            if let Err(error) = app.uploads.keep(spool, &id) {
                error!(%error, "cannot keep an agent's file");
            }
            Ok(id)
        })
        .await;
    match sent {
        Ok(Ok(id)) => reply::json(200, &json!({"ok": true, "file": id})),
        Ok(Err(error)) => refused(error),
        Err(error) => reply::not_durable(error),
    }
}

/// Shows what is in a file, whoever sent it. This is no download of the visitor's.
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

async fn save(spool: &Spool, body: Body) -> std::io::Result<u64> {
    let stream = body.into_data_stream().map_err(std::io::Error::other);
    let mut reader = StreamReader::new(stream);
    let mut file = tokio::fs::File::create(spool.path()).await?;
    let size = tokio::io::copy(&mut reader, &mut file).await?;
    file.flush().await?;
    file.sync_data().await?;
    Ok(size)
}
