//! What the page wants by itself. Nothing here is reached but by a [`PageCommand`].

use super::Session;
use super::flights::ErrandKind;
use crate::blank::is_blank;
use crate::files;
use crate::io::{Output, PageCommand, PageWish};
use crate::model::{NewFile, RefusedFile};

impl PageCommand {
    /// Makes a command of what the page wants.
    #[must_use]
    pub fn new(wish: PageWish) -> Self {
        Self {
            wish,
            carry_out: |session, wish| match wish {
                PageWish::Send(text) => session.send(text),
                PageWish::SendFile(file) => session.send_file(file),
                PageWish::UpdateData(data) => session.update_data(data),
            },
        }
    }
}

impl Session {
    /// Sends a message; whoever asks has made sure that it can be sent.
    fn send(&mut self, mut text: String) {
        self.settings.mask.apply(&mut text);
        if self.lifecycle.is_chatting() && !is_blank(&text) && self.offers().room_for(&text) >= 0 {
            self.state.idle = None;
            self.pace.active(self.now.moment);
            self.send_text(text);
        }
    }

    /// Sends a file at once, if it may be sent.
    fn send_file(&mut self, mut file: NewFile) {
        file.name = files::clean_name(&file.name);
        if let Some(description) = &mut file.description {
            self.settings.mask.apply(description);
        }
        match self.refuse_file(&file.name, file.bytes) {
            None => self.upload(file),
            Some(refusal) => {
                self.outputs.push_back(Output::Release(file.handle));
                let name = file.name;
                self.state.refused_files.push(RefusedFile { name, refusal });
            }
        }
    }

    fn update_data(&mut self, data: Vec<(String, String)>) {
        let known = &mut self.settings.user_data;
        known.retain(|(key, _)| data.iter().all(|(new, _)| new != key));
        known.extend_from_slice(&data);
        let errand = ErrandKind::UpdateData(data);
        if errand.within(self.settings.dialect.abilities()) {
            self.errand_of_chat(errand);
        }
    }
}
