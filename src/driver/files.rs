use std::cell::{Cell, RefCell};

use parlour_chat::FileHandle;
use web_sys::File;

/// The files that a visitor chose, until the core releases them. They are few: a list will do.
#[derive(Default)]
pub(super) struct Files {
    files: RefCell<Vec<(FileHandle, File)>>,
    next: Cell<u64>,
}

impl Files {
    pub(super) fn keep(&self, file: File) -> FileHandle {
        let handle = FileHandle(self.next.get());
        self.next.set(handle.0 + 1);
        self.files.borrow_mut().push((handle, file));
        handle
    }

    pub(super) fn find(&self, handle: FileHandle) -> Option<File> {
        let files = self.files.borrow();
        files
            .iter()
            .find(|(known, _)| *known == handle)
            .map(|(_, file)| file.clone())
    }

    pub(super) fn release(&self, handle: FileHandle) {
        self.files
            .borrow_mut()
            .retain(|(known, _)| *known != handle);
    }
}
