//! Settings that can change while the emulator runs.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};

use super::reply::{body, problem};
use crate::agents::Pace;
use crate::model::{Options, TypingPreview};
use crate::server::app::App;
use crate::server::http::reply;

/// The settings to change; what is left out stays.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SettingsPatch {
    pace: Option<f64>,
    drop_after_secs: Option<u32>,
    typing_preview: Option<Preview>,
    rotate_key_one_in: Option<u32>,
    upload_needs_agent: Option<bool>,
    upload_max_files: Option<u32>,
    upload_max_file_size: Option<u64>,
    upload_max_total_size: Option<u64>,
    upload_file_types: Option<Vec<String>>,
    download_attempts: Option<u32>,
    delete_allowed: Option<bool>,
    chats_per_address: Option<u32>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Preview {
    Off,
    On,
    Strict,
}

/// Shows all settings.
pub(super) async fn read(State(app): State<Arc<App>>) -> Response {
    reply::json(200, &settings(&app))
}

/// Changes some settings and shows them all.
pub(super) async fn change(State(app): State<Arc<App>>, bytes: Bytes) -> Response {
    let changes: SettingsPatch = match body(&bytes) {
        Ok(changes) => changes,
        Err(message) => return problem(400, &message),
    };
    let mut within = None;
    if let Some(pace) = changes.pace {
        match Pace::new(pace) {
            Ok(pace) => {
                app.director().set_pace(pace);
                within = Some(pace.quicken(Options::default().agent_within));
            }
            Err(error) => return problem(400, &format!("`pace`: {error}")),
        }
    }
    match app
        .with_world(|world, _| {
            let options = world.options_mut();
            options.agent_within = within.unwrap_or(options.agent_within);
            apply(options, changes);
        })
        .await
    {
        Ok(()) => reply::json(200, &settings(&app)),
        Err(error) => reply::not_durable(error),
    }
}

fn apply(options: &mut Options, changes: SettingsPatch) {
    fn set<T>(place: &mut T, value: Option<T>) {
        if let Some(value) = value {
            *place = value;
        }
    }
    let drop_after = changes
        .drop_after_secs
        .map(|secs| Duration::from_secs(u64::from(secs)));
    set(&mut options.drop_after, drop_after);
    let preview = changes.typing_preview.map(|preview| match preview {
        Preview::Off => TypingPreview::Off,
        Preview::On => TypingPreview::On,
        Preview::Strict => TypingPreview::Strict,
    });
    set(&mut options.typing_preview, preview);
    set(&mut options.rotate_key_one_in, changes.rotate_key_one_in);
    set(&mut options.chats_per_address, changes.chats_per_address);
    let files = &mut options.files;
    set(&mut files.need_agent, changes.upload_needs_agent);
    set(&mut files.max_files, changes.upload_max_files);
    set(&mut files.max_file_size, changes.upload_max_file_size);
    set(&mut files.max_total_size, changes.upload_max_total_size);
    set(&mut files.types, changes.upload_file_types);
    set(&mut files.download_attempts, changes.download_attempts);
    set(&mut files.delete_allowed, changes.delete_allowed);
}

fn settings(app: &App) -> Value {
    let pace = app.director().pace().factor();
    app.peek(|world| {
        let options = world.options();
        let preview = match options.typing_preview {
            TypingPreview::Off => "off",
            TypingPreview::On => "on",
            TypingPreview::Strict => "strict",
        };
        json!({
            "pace": pace,
            "drop_after_secs": options.drop_after.as_secs(),
            "typing_preview": preview,
            "rotate_key_one_in": options.rotate_key_one_in,
            "upload_needs_agent": options.files.need_agent,
            "upload_max_files": options.files.max_files,
            "upload_max_file_size": options.files.max_file_size,
            "upload_max_total_size": options.files.max_total_size,
            "upload_file_types": options.files.types,
            "download_attempts": options.files.download_attempts,
            "delete_allowed": options.files.delete_allowed,
            "chats_per_address": options.chats_per_address,
        })
    })
}
