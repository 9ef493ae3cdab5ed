//! The memory of idle connections: the part of a chat's memory that is its connection's.

use std::time::Duration;

use anyhow::Result;
use tokio::time::sleep;

use crate::args::Args;
use crate::connection::Connection;
use crate::emulator::{Emulator, Folder};
use crate::load::each;
use crate::report::Report;
use crate::usage;

/// Long enough for a server to put away what it needs only while it answers.
const REST: Duration = Duration::from_secs(3);

/// Opens as many connections as there will be polling chats, sends one request on each, and returns the memory of one in
/// kilobytes. In a process of its own: memory that it gives back would make the chats look cheaper.
pub(crate) async fn measure(args: &Args, report: &mut Report) -> Result<Option<f64>> {
    let folder = Folder::new(&args.folder, "idle")?;
    let emulator = Emulator::start(&args.program, &folder, &["--no-agent"]).await?;
    let empty = usage::resident(emulator.process);
    let mut lines = Vec::new();
    for _ in 0..args.chats {
        let mut line = Connection::open(emulator.address).await?;
        line.get("/health").await?;
        lines.push(line);
    }
    sleep(REST).await;
    let kilobytes = each(empty, usage::resident(emulator.process), args.chats);
    report.tell("memory of an idle connection, kB", kilobytes);
    drop(lines);
    emulator.cut().await?;
    Ok(kilobytes)
}
