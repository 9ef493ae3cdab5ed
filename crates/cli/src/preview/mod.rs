//! The preview: a page with the chat of a tenant in every state, scheme and language, which follows the file as it is
//! saved.

mod chats;
mod pages;
mod posed;
mod script;
mod server;
mod shown;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::Result;
use parlour_packager::ReleaseFolder;

use crate::tenant::Source;
use shown::{Maker, Shown};

/// How often the tenant's file is looked at.
const LOOK: Duration = Duration::from_millis(300);

/// Serves the preview of a tenant's file until the program is ended.
///
/// Without a server's address the form asks the preview itself, which begins no chat for it: nobody is rung by accident.
/// The chats that are shown are played by a script, whatever the address.
pub(crate) fn run(
    file: &Path,
    folder: &ReleaseFolder,
    port: u16,
    server_url: Option<&str>,
) -> Result<()> {
    let mut source = Source::read(file)?;
    let mut maker = Maker::new(folder, server_url.unwrap_or_default())?;
    let shown = Arc::new(Mutex::new(Shown::default()));
    show(&mut maker, &source, &shown);
    let address = server::start(port, Arc::clone(&shown))?;
    println!("http://{address}/ shows {}. Ctrl-C ends it.", source.name());
    loop {
        thread::sleep(LOOK);
        // An editor may be in the middle of writing it.
        if let Ok(now) = Source::read(file)
            && now != source
        {
            source = now;
            show(&mut maker, &source, &shown);
        }
    }
}

/// Shows the file as it is now. Where it cannot be packaged, what was shown before stays, with the reason above it.
fn show(maker: &mut Maker<'_>, source: &Source, shown: &Mutex<Shown>) {
    let made = maker.make(source);
    let mut shown = shown.lock().unwrap_or_else(PoisonError::into_inner);
    match made {
        Ok(made) => shown.replace(made),
        Err(error) => shown.refuse(&error),
    }
    for line in shown.notes() {
        eprintln!("{line}");
    }
}
