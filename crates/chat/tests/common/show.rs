//! Timelines as short lines, for assertions that read like the screen.

use parlour_chat::{Author, Entry, FileState, Item, LeaveReason, MessageState};

/// Puts an entry into a line: `Anna: hello`, `me: hi (sending)`, `Anna left (hold)`.
pub fn line(entry: &Entry) -> String {
    line_of(&entry.item)
}

/// Puts what an entry is about into a line.
pub fn line_of(item: &Item) -> String {
    match item {
        Item::Message {
            from, text, state, ..
        } => {
            let state = match state {
                MessageState::Sent => String::new(),
                MessageState::Sending => " (sending)".into(),
                MessageState::Failed(refusal) => format!(" (failed: {:?})", refusal.reason),
            };
            format!("{}: {text}{state}", name(from))
        }
        Item::Link { from, url } => format!("{} offers {url}", name(from)),
        Item::File { from, file } => {
            format!(
                "{}: file {} {}",
                name(from),
                file.name,
                file_state(&file.state)
            )
        }
        Item::Joined(who) => format!("{} joined", who.nickname),
        Item::Returned(who) => format!("{} is back", who.nickname),
        Item::Left(who, reason) => {
            let reason = match reason {
                LeaveReason::Left => String::new(),
                LeaveReason::Hold => " (hold)".into(),
                LeaveReason::Transfer => " (transfer)".into(),
                LeaveReason::Other(other) => format!(" (other: {other})"),
            };
            format!("{} left{reason}", who.nickname)
        }
        Item::Renamed {
            who,
            before,
            name: new,
        } => format!("{} renamed ({before} to {new})", name(who)),
        Item::Notice { from, text } => format!("{} notes {text}", name(from)),
        Item::Ended(reason) => format!("ended {reason:?}"),
    }
}

pub fn file_state(state: &FileState) -> String {
    match state {
        FileState::Uploading { done, total } => format!("(uploading {done}/{total})"),
        FileState::UploadFailed { refusal, retry } => {
            let again = if *retry { ", may retry" } else { "" };
            format!("(failed: {:?}{again})", refusal.reason)
        }
        FileState::Available { deletable: true } => "(there, own)".into(),
        FileState::Available { deletable: false } => "(there)".into(),
        FileState::Downloading { done, total } => format!("(downloading {done}/{total:?})"),
        FileState::DownloadFailed(refusal) => format!("(download failed: {:?})", refusal.reason),
        FileState::Deleted => "(deleted)".into(),
        FileState::Expired => "(expired)".into(),
    }
}

fn name(author: &Author) -> &str {
    match author {
        Author::Me => "me",
        Author::Other(who) => &who.nickname,
    }
}
