//! Receiving forms: small ones in memory, uploads part by part onto the disk.

use std::error::Error as _;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use http_body_util::LengthLimitError;
use multer::{Field, Multipart};
use thiserror::Error;
use tokio::fs::File;
use tokio::io::AsyncWriteExt;

use crate::gms_v2::{Action, Call, Upload};
use crate::server::app::App;
use crate::server::uploads::Spool;
use crate::wire::{self, Form, FormError, boundary, content_type, file_name, is_multipart};

/// No form without a file is larger: the longest message is 204 long before.
const MAX_FORM_BYTES: usize = 4 * 1024 * 1024;
/// How much of a file that is too large is still read, so that the sender gets to hear why.
const MAX_REFUSED_BYTES: u64 = 256 * 1024 * 1024;

/// A form that was received.
#[derive(Debug, Default)]
pub(super) struct Received {
    pub(super) form: Form,
    pub(super) upload: Option<Upload>,
    pub(super) spool: Option<Spool>,
}

/// Why a form was not received.
#[derive(Debug, Error)]
pub(super) enum ReceiveError {
    #[error(transparent)]
    Form(#[from] FormError),
    #[error("larger than any form")]
    TooLarge,
    #[error(transparent)]
    Disk(#[from] std::io::Error),
}

impl From<BodyError> for ReceiveError {
    fn from(error: BodyError) -> Self {
        match error {
            BodyError::TooLarge => Self::TooLarge,
            BodyError::Broken => FormError::Broken.into(),
        }
    }
}

/// Why a body was not received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BodyError {
    /// It is larger than any that is served.
    TooLarge,
    /// Its chunks cannot be read, or it is cut off.
    Broken,
}

/// Receives a request that carries no file.
pub(super) async fn receive_whole(request: Request) -> Result<wire::Request, BodyError> {
    let (head, body) = request.into_parts();
    let body = whole(body).await?;
    // No header that is read here has bytes that are no text.
    let headers = head.headers.iter().filter_map(|(name, value)| {
        let value = value.to_str().ok()?;
        Some((name.as_str().to_owned(), value.to_owned()))
    });
    Ok(wire::Request {
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().map(str::to_owned),
        headers: headers.collect(),
        body: body.into(),
    })
}

/// Receives an operation's form. Only an upload may be large.
pub(super) async fn receive(
    app: &App,
    headers: &HeaderMap,
    call: &Call,
    body: Body,
) -> Result<Received, ReceiveError> {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    if matches!(call.action, Action::Upload(_)) && is_multipart(kind) {
        return receive_upload(app, kind, body).await;
    }
    let body = whole(body).await?;
    let request = wire::Request {
        headers: vec![("Content-Type".to_owned(), kind.to_owned())],
        body: body.into(),
        ..wire::Request::default()
    };
    Ok(Received {
        form: Form::parse(&request)?,
        ..Received::default()
    })
}

async fn whole(body: Body) -> Result<Bytes, BodyError> {
    let received = to_bytes(body, MAX_FORM_BYTES).await;
    received.map_err(|error| match error.source() {
        Some(source) if source.is::<LengthLimitError>() => BodyError::TooLarge,
        _ => BodyError::Broken,
    })
}

async fn receive_upload(app: &App, kind: &str, body: Body) -> Result<Received, ReceiveError> {
    let boundary = boundary(kind)?;
    let limit = app.peek(|world| world.options().files.max_file_size);
    let mut parts = Multipart::new(body.into_data_stream(), boundary);
    let mut received = Received::default();
    let mut room = MAX_FORM_BYTES;
    // The file may come before the keys, so it is on disk before the keys can be checked.
    while let Some(mut part) = parts.next_field().await.map_err(broken)? {
        match part.name().map(str::to_owned) {
            None => return Err(FormError::UnnamedPart.into()),
            Some(name) if name == "file" && received.upload.is_none() => {
                let spool = app.uploads.spool();
                received.upload = Some(spool_file(&mut part, &spool, limit).await?);
                received.spool = Some(spool);
            }
            Some(name) => {
                let value = part_text(&mut part, &mut room).await?;
                received.form.push(name, value);
            }
        }
    }
    Ok(received)
}

/// Writes a file's part to disk, up to the limit; more is counted but not kept.
async fn spool_file(
    part: &mut Field<'_>,
    spool: &Spool,
    limit: u64,
) -> Result<Upload, ReceiveError> {
    let name = file_name(part);
    let content_type = content_type(part);
    let mut file = File::create(spool.path()).await?;
    let mut size = 0_u64;
    while let Some(chunk) = part.chunk().await.map_err(broken)? {
        size = size.saturating_add(chunk.len() as u64);
        if size <= limit {
            file.write_all(&chunk).await?;
        } else if size > MAX_REFUSED_BYTES {
            return Err(ReceiveError::TooLarge);
        }
    }
    file.flush().await?;
    file.sync_data().await?;
    Ok(Upload {
        name: name.unwrap_or_default(),
        content_type,
        size,
    })
}

async fn part_text(part: &mut Field<'_>, room: &mut usize) -> Result<String, ReceiveError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = part.chunk().await.map_err(broken)? {
        *room = room
            .checked_sub(chunk.len())
            .ok_or(ReceiveError::TooLarge)?;
        bytes.extend_from_slice(&chunk);
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn broken(_: multer::Error) -> ReceiveError {
    FormError::Broken.into()
}
