//! Files: on their way, on the server, on their way back.

use super::Session;
use super::flights::{Errand, ErrandKind, Job};
use super::request_error::RequestError;
use crate::dialect::{Action, FILES};
use crate::files;
use crate::io::{Output, Response};
use crate::model::{
    Author, EventIndex, FileHandle, FileId, FileLimits, NewFile, Refusal, RefusalReason,
    RefusedFile,
};
use crate::time::{Moment, WallTime};
use crate::timeline::{EntryId, FileEntry, FileState, Item};

/// A file of the visitor that the transcript has not confirmed yet.
#[derive(Clone, Debug)]
pub(super) struct Upload {
    pub(super) entry: EntryId,
    /// Its record, so that its row survives a reload.
    pub(super) record: String,
    pub(super) order: u64,
    /// Its contents, until they are let go.
    pub(super) handle: Option<FileHandle>,
    pub(super) name: String,
    pub(super) bytes: u64,
    pub(super) description: Option<String>,
    pub(super) stage: UploadState,
    /// Whether an earlier request of it may have reached the server.
    pub(super) may_be_there: bool,
    /// Since when that is so; `None` once a transcript that was asked for later has been read.
    pub(super) in_doubt_since: Option<Moment>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum UploadState {
    Waiting,
    InFlight,
    Failed,
    /// The contents went with an earlier page; the server may have got them.
    Lost,
    Done(Option<FileId>),
}

/// The visitor's files on their way.
#[derive(Clone, Debug, Default)]
pub(super) struct Uploads(pub(super) Vec<Upload>);

impl Uploads {
    pub(super) fn next_to_send(&mut self) -> Option<Upload> {
        let upload = self.0.iter_mut().find(|upload| {
            upload.stage == UploadState::Waiting && upload.in_doubt_since.is_none()
        })?;
        upload.stage = UploadState::InFlight;
        Some(upload.clone())
    }

    fn find_mut(&mut self, entry: EntryId) -> Option<&mut Upload> {
        self.0.iter_mut().find(|upload| upload.entry == entry)
    }

    fn remove(&mut self, entry: EntryId) -> Option<Upload> {
        let at = self.0.iter().position(|upload| upload.entry == entry)?;
        Some(self.0.remove(at))
    }

    /// Tells whether one of them waits for a transcript: it may be on the server already.
    pub(super) fn awaits_transcript(&self) -> bool {
        let waits = |up: &Upload| up.stage == UploadState::Waiting && up.in_doubt_since.is_some();
        self.0.iter().any(waits)
    }

    /// Takes note that a transcript asked for at `asked` has been read to its end: what it did not show may be sent
    /// again.
    pub(super) fn transcript_read(&mut self, asked: Moment) {
        for upload in &mut self.0 {
            upload.in_doubt_since = upload.in_doubt_since.filter(|since| *since > asked);
        }
    }

    /// Tells whether one of them waits to be sent.
    pub(super) fn is_waiting(&self) -> bool {
        self.0.iter().any(|up| up.stage == UploadState::Waiting)
    }

    /// Returns number and bytes of those that the server has not counted.
    fn waiting(&self) -> (u64, u64) {
        self.0
            .iter()
            .filter(|up| matches!(up.stage, UploadState::Waiting | UploadState::InFlight))
            .fold((0, 0), |(files, bytes), up| {
                (files + 1, bytes.saturating_add(up.bytes))
            })
    }

    /// Finds whose event an own file of the transcript is: by id, else by name and size.
    fn claim(&mut self, id: &FileId, name: &str, bytes: Option<u64>) -> Option<Upload> {
        let by_id = |up: &Upload| matches!(&up.stage, UploadState::Done(Some(done)) if done == id);
        let alike = |up: &Upload| {
            let left = up.may_be_there || up.stage != UploadState::Waiting;
            left && !matches!(up.stage, UploadState::Done(Some(_)))
                && up.name == name
                && bytes.is_none_or(|bytes| bytes == up.bytes)
        };
        let at = self
            .0
            .iter()
            .position(by_id)
            .or_else(|| self.0.iter().position(alike))?;
        Some(self.0.remove(at))
    }
}

impl Session {
    /// Keeps files for the next message, as far as they may be sent.
    pub(super) fn attach(&mut self, files: Vec<NewFile>) {
        for mut file in files {
            file.name = files::clean_name(&file.name);
            match self.refuse_file(&file.name, file.bytes) {
                None => self.state.attachments.push(file),
                Some(refusal) => {
                    self.outputs.push_back(Output::Release(file.handle));
                    let name = file.name;
                    self.state.refused_files.push(RefusedFile { name, refusal });
                }
            }
        }
    }

    /// Takes a file off the next message.
    pub(super) fn detach(&mut self, handle: FileHandle) {
        let files = &mut self.state.attachments;
        if let Some(at) = files.iter().position(|file| file.handle == handle) {
            files.remove(at);
            self.outputs.push_back(Output::Release(handle));
        }
    }

    /// Takes all files off the next message: there is none to come.
    pub(super) fn detach_all(&mut self) {
        for file in core::mem::take(&mut self.state.attachments) {
            self.outputs.push_back(Output::Release(file.handle));
        }
    }

    /// Sends a file, unless it may not be sent any more.
    pub(super) fn upload(&mut self, file: NewFile) {
        let NewFile {
            handle,
            name,
            bytes,
            description,
        } = file;
        let refusal = self.refuse_file(&name, bytes);
        let state = match &refusal {
            None => FileState::Uploading {
                done: 0,
                total: bytes,
            },
            Some(refusal) => {
                self.outputs.push_back(Output::Release(handle));
                FileState::UploadFailed {
                    refusal: refusal.clone(),
                    retry: false,
                }
            }
        };
        let row = FileEntry {
            name: name.clone(),
            bytes: Some(bytes),
            description: description.clone(),
            state,
            id: None,
        };
        let entry = self.timeline.append(
            Item::File {
                from: Author::Me,
                file: row,
            },
            self.now.wall,
        );
        if refusal.is_some() {
            self.timeline.fail(entry, self.last_event(), |_| ());
        } else {
            let (record, order) = self.next_record();
            let stage = UploadState::Waiting;
            let upload = Upload {
                entry,
                record,
                order,
                handle: Some(handle),
                name,
                bytes,
                description,
                stage,
                may_be_there: false,
                in_doubt_since: None,
            };
            self.uploads.0.push(upload);
            self.pace.active(self.now.moment);
        }
    }

    pub(super) fn refuse_file(&self, name: &str, bytes: u64) -> Option<Refusal> {
        if !FILES || !self.lifecycle.is_chatting() || !self.settings.features.files {
            return Some(Refusal::of(RefusalReason::NotOffered));
        }
        if bytes == 0 {
            return Some(Refusal::of(RefusalReason::FileEmpty));
        }
        let limits: &FileLimits = self.state.limits.as_ref()?;
        let mut waiting = self.uploads.waiting();
        for file in &self.state.attachments {
            waiting = (waiting.0 + 1, waiting.1.saturating_add(file.bytes));
        }
        files::refuse(name, bytes, waiting, &self.state.agents, limits)
    }

    pub(super) fn retry_upload(&mut self, entry: EntryId) {
        let Some(upload) = self.uploads.find_mut(entry) else {
            return;
        };
        if upload.stage != UploadState::Failed {
            return;
        }
        upload.stage = UploadState::Waiting;
        let total = upload.bytes;
        self.set_file_state(entry, FileState::Uploading { done: 0, total });
    }

    pub(super) fn cancel_upload(&mut self, entry: EntryId) {
        let Some(upload) = self.uploads.find_mut(entry) else {
            return;
        };
        match upload.stage {
            UploadState::Waiting | UploadState::InFlight => {}
            // It failed at the moment at which the visitor cancelled it.
            UploadState::Failed => {
                self.take_off(entry);
                return;
            }
            UploadState::Lost | UploadState::Done(_) => return,
        }
        self.abort_upload(entry);
        self.forget_upload(entry);
        self.timeline.remove(entry);
    }

    fn abort_upload(&mut self, entry: EntryId) {
        let is = |job: &Job| matches!(job, Job::Upload(of) if *of == entry);
        if let Some(id) = self.flights.find(is) {
            self.flights.land(id);
            self.outputs.push_back(Output::Abort(id));
        }
    }

    fn release(&mut self, handle: Option<FileHandle>) {
        self.outputs.extend(handle.map(Output::Release));
    }

    /// Lets an upload's contents go.
    pub(super) fn forget_upload(&mut self, entry: EntryId) {
        if let Some(upload) = self.uploads.remove(entry) {
            self.release(upload.handle);
        }
    }

    pub(super) fn on_upload_done(&mut self, entry: EntryId, id: Option<FileId>) {
        if let Some(upload) = self.uploads.find_mut(entry) {
            upload.stage = UploadState::Done(id.clone());
            let handle = upload.handle.take();
            self.release(handle);
        }
        self.timeline.update(entry, |item| {
            if let Item::File { file, .. } = item
                && matches!(file.state, FileState::Uploading { .. })
            {
                file.state = FileState::Available {
                    deletable: id.is_some(),
                };
                file.id = id;
            }
        });
        self.pace.active(self.now.moment);
        self.run_errand(ErrandKind::Limits);
    }

    /// Handles an upload that got no usable answer. A server that says "not now" may have taken it all the same.
    pub(super) fn on_upload_error(&mut self, entry: EntryId, error: RequestError) {
        if let (Some(upload), false) = (
            self.uploads.find_mut(entry),
            matches!(error, RequestError::Status(_)),
        ) {
            upload.may_be_there = true;
            upload.in_doubt_since = Some(self.now.moment);
            // Most often it did arrive: read the transcript soon.
            self.pace.hurry(self.now.moment);
        }
        self.on_upload_failed(entry, error.refusal());
    }

    pub(super) fn on_upload_failed(&mut self, entry: EntryId, refusal: Refusal) {
        let Some(upload) = self.uploads.find_mut(entry) else {
            return;
        };
        upload.stage = UploadState::Failed;
        // For any other reason the same file would fail again.
        let retry = matches!(
            refusal.reason,
            RefusalReason::Refused
                | RefusalReason::BadReply
                | RefusalReason::Unreachable
                | RefusalReason::Busy
        );
        self.timeline.fail(entry, self.last_event(), |item| {
            if let Item::File { file, .. } = item {
                file.state = FileState::UploadFailed { refusal, retry };
            }
        });
        if !retry {
            // It cannot arrive later either: the server refused it, or it never left.
            self.forget_upload(entry);
        }
    }

    /// Ends all uploads and downloads: the chat is over.
    pub(super) fn end_uploads(&mut self) {
        self.detach_all();
        for upload in core::mem::take(&mut self.uploads.0) {
            self.release(upload.handle);
            // What failed before keeps its own reason.
            if matches!(upload.stage, UploadState::Waiting | UploadState::InFlight) {
                let refusal = Refusal::of(RefusalReason::ChatEnded);
                let retry = false;
                self.set_file_state(upload.entry, FileState::UploadFailed { refusal, retry });
            }
        }
        let entries: Vec<EntryId> = self
            .timeline
            .entries()
            .iter()
            .map(|entry| entry.id)
            .collect();
        for entry in entries {
            self.timeline.update(entry, |item| {
                let Item::File { file, .. } = item else {
                    return;
                };
                match &mut file.state {
                    FileState::UploadFailed { retry, .. } => *retry = false,
                    FileState::Deleted => {}
                    // Without the chat's keys the file cannot be fetched any more.
                    state => *state = FileState::Expired,
                }
            });
        }
    }

    pub(super) fn own_file(
        &mut self,
        index: EventIndex,
        at: WallTime,
        id: FileId,
        name: &str,
        bytes: Option<u64>,
        description: Option<String>,
    ) {
        let name = files::clean_name(name);
        let claimed = self.uploads.claim(&id, &name, bytes);
        let id = usable(id);
        let file = FileEntry {
            name,
            bytes,
            description,
            state: FileState::Available {
                deletable: id.is_some(),
            },
            id,
        };
        let item = Item::File {
            from: Author::Me,
            file,
        };
        let row = claimed.map(|upload| {
            if upload.may_be_there {
                // The first try has arrived: the second must not.
                self.abort_upload(upload.entry);
            }
            self.release(upload.handle);
            upload.entry
        });
        // It is gone where this tab had to begin anew.
        match row.filter(|row| self.timeline.find(*row).is_some()) {
            Some(row) => self.timeline.settle(row, item, at, index),
            None => drop(self.timeline.record(item, at, index)),
        }
    }

    pub(super) fn others_file(
        from: Author,
        id: FileId,
        name: &str,
        bytes: Option<u64>,
        description: Option<String>,
    ) -> Item {
        let state = FileState::Available { deletable: false };
        let file = FileEntry {
            name: files::clean_name(name),
            bytes,
            description,
            state,
            id: usable(id),
        };
        Item::File { from, file }
    }

    pub(super) fn download(&mut self, entry: EntryId) {
        let Some((file, _)) = self.file_on_server(entry) else {
            return;
        };
        let Some(id) = file.id.clone() else { return };
        let action = Action::Download {
            id,
            name: file.name.clone(),
        };
        let total = file.bytes;
        self.set_file_state(entry, FileState::Downloading { done: 0, total });
        self.launch_download(Job::Download(entry), action);
    }

    pub(super) fn on_download_reply(&mut self, entry: EntryId, response: &Response) {
        let state = if response.status == 200 {
            self.resting_state(entry)
        } else {
            // The server answers any failure with 500 and a page that is of no use to the visitor.
            let code = Some(i64::from(response.status));
            FileState::DownloadFailed(Refusal {
                code,
                ..Refusal::of(RefusalReason::Refused)
            })
        };
        self.set_file_state(entry, state);
    }

    pub(super) fn on_download_failed(&mut self, entry: EntryId) {
        let refusal = Refusal::of(RefusalReason::Unreachable);
        self.set_file_state(entry, FileState::DownloadFailed(refusal));
    }

    pub(super) fn delete_file(&mut self, entry: EntryId) {
        let Some((file, from)) = self.file_on_server(entry) else {
            return;
        };
        let (Some(id), Author::Me) = (file.id.clone(), from) else {
            return;
        };
        let same =
            |errand: &Errand| matches!(errand.kind, ErrandKind::Delete(of, _) if of == entry);
        let waits = self.errands.iter().any(same);
        let flies = |job: &Job| matches!(job, Job::Errand(errand) if same(errand));
        if !waits && !self.flights.any(flies) {
            self.run_errand(ErrandKind::Delete(entry, id));
        }
    }

    fn file_on_server(&self, entry: EntryId) -> Option<(&FileEntry, &Author)> {
        self.lifecycle.chat()?;
        match &self.timeline.find(entry)?.item {
            Item::File { file, from }
                if matches!(
                    file.state,
                    FileState::Available { .. } | FileState::DownloadFailed(_)
                ) =>
            {
                Some((file, from))
            }
            _ => None,
        }
    }

    fn resting_state(&self, entry: EntryId) -> FileState {
        let own = self.timeline.find(entry).is_some_and(|entry| {
            matches!(&entry.item, Item::File { from: Author::Me, file } if file.id.is_some())
        });
        FileState::Available { deletable: own }
    }

    pub(super) fn on_file_deleted(&mut self, entry: EntryId) {
        self.set_file_state(entry, FileState::Deleted);
        self.run_errand(ErrandKind::Limits);
    }

    /// Handles a deleted file; the server does not always say which.
    pub(super) fn on_file_gone(&mut self, id: Option<&FileId>) {
        let Some(id) = id else { return };
        let is =
            |item: &Item| matches!(item, Item::File { file, .. } if file.id.as_ref() == Some(id));
        let entry = self
            .timeline
            .entries()
            .iter()
            .find(|entry| is(&entry.item))
            .map(|entry| entry.id);
        if let Some(entry) = entry {
            self.set_file_state(entry, FileState::Deleted);
        }
    }

    pub(super) fn show_progress(&mut self, entry: EntryId, sent: u64, whole: u64) {
        self.timeline.update(entry, |item| {
            let Item::File { file, .. } = item else {
                return;
            };
            match &mut file.state {
                FileState::Uploading { done, total } => (*done, *total) = (sent, whole),
                FileState::Downloading { done, total } => {
                    *done = sent;
                    *total = (whole > 0).then_some(whole).or(*total);
                }
                _ => {}
            }
        });
    }

    fn set_file_state(&mut self, entry: EntryId, state: FileState) {
        self.timeline.update(entry, |item| {
            if let Item::File { file, .. } = item {
                file.state = state;
            }
        });
    }
}

/// Returns a usable id: a file without one can be seen, but not asked for.
fn usable(id: FileId) -> Option<FileId> {
    Some(id).filter(|id| !id.0.is_empty())
}
