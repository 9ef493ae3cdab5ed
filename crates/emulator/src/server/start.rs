//! Starting and stopping.

use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tracing::info;

use super::app::{App, now_ms};
use super::args::{Args, default_data_folder};
use super::http;
use super::serve::{Server, serve};
use super::store::{Store, StoreError, Writer};
use super::uploads::{TempFolder, Uploads, temp_folder};
use crate::agents::{Cast, Director, read_scenario};
use crate::cometd::Broker;
use crate::faults::{Faults, read_rules};
use crate::file::FileError;
use crate::model::World;

/// Why the emulator does not start. Each message says what to do about it.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StartError {
    /// A file that a flag names cannot be read.
    #[error("--{flag}: cannot read {path}: {cause}")]
    Unreadable {
        /// The flag.
        flag: &'static str,
        /// The file.
        path: String,
        /// What the system says.
        cause: io::Error,
    },
    /// A file that a flag names has mistakes.
    #[error("--{flag}: the file has mistakes\n{error}")]
    File {
        /// The flag.
        flag: &'static str,
        /// Every mistake, with its place.
        error: FileError,
    },
    /// The folder of the built widget is none.
    #[error("--client: {0} is not a folder; build the widget's page first, or leave the flag out")]
    Client(String),
    /// The data folder cannot be used.
    #[error("--data: cannot use the folder {path}: {cause}")]
    Data {
        /// The folder.
        path: String,
        /// What the system says.
        cause: io::Error,
    },
    /// There is no data folder to default to.
    #[error("no home directory is set: name a folder with --data, or --data :memory:")]
    NoDataFolder,
    /// The database cannot be used.
    #[error("--data: {path}: {cause}")]
    Store {
        /// The folder.
        path: String,
        /// Why.
        cause: StoreError,
    },
    /// The port cannot be listened on.
    #[error(
        "cannot listen on {address}: {cause}; choose another --port (0 = any free one) or --host"
    )]
    Listen {
        /// Where.
        address: SocketAddr,
        /// What the system says.
        cause: io::Error,
    },
}

/// An emulator that runs.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    app: Arc<App>,
    stop: CancellationToken,
    serving: JoinHandle<()>,
    acting: JoinHandle<()>,
    writer: Writer,
    // The last field: the folder is removed after everything else was dropped.
    _scratch: Option<TempFolder>,
}

/// Starts an emulator.
///
/// # Errors
/// When a flag, a file or the system stands in the way; see [`StartError`].
pub async fn start(args: &Args) -> Result<Running, StartError> {
    let seed = args
        .seed
        .unwrap_or_else(|| RandomState::new().hash_one(now_ms()));
    let cast = cast(args)?;
    let rules = match &args.faults {
        None => Vec::new(),
        Some(path) => {
            read_rules(path, &read("faults", path)?).map_err(|error| StartError::File {
                flag: "faults",
                error,
            })?
        }
    };
    if let Some(client) = args.client.as_ref().filter(|client| !client.is_dir()) {
        return Err(StartError::Client(client.display().to_string()));
    }

    let Data {
        folder,
        scratch,
        store,
        writer,
        journal,
    } = open_data(args)?;
    let restored = journal.len();
    let world = World::replay(seed, args.options(), journal);
    let unusable = |cause| StartError::Data {
        path: folder.display().to_string(),
        cause,
    };
    let mut uploads = Uploads::open(folder.join("uploads"), &world).map_err(unusable)?;
    if let Cast::Scenario(scenario) = &cast {
        uploads.prepare(scenario.attachments()).map_err(unusable)?;
    }
    info!(
        seed,
        chats = world.chats().count(),
        changes = restored,
        "chats are loaded"
    );

    let wanted = SocketAddr::new(args.host, args.port);
    let listen = |cause| StartError::Listen {
        address: wanted,
        cause,
    };
    let listener = TcpListener::bind(wanted).await.map_err(listen)?;
    let address = listener.local_addr().map_err(listen)?;

    let mut director = Director::new(seed, cast);
    director.set_pace(args.pace);
    let faults = Faults::new(seed, rules);
    // Not from the seed alone: client ids of an earlier process must not be valid again.
    let broker = Broker::new(RandomState::new().hash_one(seed), args.cometd_options());
    let client = args.client.clone();
    let app = App::new(world, store, broker, director, faults, uploads, client);
    let app = Arc::new(app);
    let stop = CancellationToken::new();
    let slow_after = Duration::from_secs(u64::from(args.slow_after));
    let server = Server {
        app: Arc::clone(&app),
        router: http::router(&app, address.ip(), slow_after, |api| args.serves(api)),
        stop: stop.clone(),
        slow_after,
    };
    let serving = tokio::spawn(serve(listener, server));
    let acting = tokio::spawn(act(Arc::clone(&app), stop.clone()));
    Ok(Running {
        address,
        app,
        stop,
        serving,
        acting,
        writer,
        _scratch: scratch,
    })
}

impl Running {
    /// Returns where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Lets running requests finish, writes what is left, and ends.
    pub async fn stop(self) {
        self.stop.cancel();
        self.app.feed.close();
        self.app.end_polls();
        // A task that panicked has nothing left to finish.
        let _ = self.serving.await;
        let _ = self.acting.await;
        self.app.close();
        self.writer.finish();
    }
}

/// Lets agents act and time pass.
async fn act(app: Arc<App>, stop: CancellationToken) {
    // However far the next deadline is: the system's clock may jump.
    const LONGEST_MS: u64 = 1_000;
    while !stop.is_cancelled() {
        // The director catches the panics of scripts; any other must not stop this loop.
        let next = std::panic::catch_unwind(AssertUnwindSafe(|| app.tick())).unwrap_or_default();
        let wait = next.map_or(LONGEST_MS, |at| {
            u64::try_from(at.saturating_sub(now_ms()))
                .unwrap_or(0)
                .min(LONGEST_MS)
        });
        tokio::select! {
            () = app.changed.notified() => {}
            () = tokio::time::sleep(Duration::from_millis(wait)) => {}
            () = stop.cancelled() => {}
        }
    }
}

struct Data {
    folder: PathBuf,
    scratch: Option<TempFolder>,
    store: Store,
    writer: Writer,
    journal: Vec<crate::model::Change>,
}

fn open_data(args: &Args) -> Result<Data, StartError> {
    if args.data.as_deref() == Some(Path::new(":memory:")) {
        let scratch = temp_folder("uploads").map_err(|cause| StartError::Data {
            path: std::env::temp_dir().display().to_string(),
            cause,
        })?;
        let (store, writer) = Store::in_memory();
        let folder = scratch.path().to_owned();
        return Ok(Data {
            folder,
            scratch: Some(scratch),
            store,
            writer,
            journal: Vec::new(),
        });
    }
    let folder = args
        .data
        .clone()
        .or_else(default_data_folder)
        .ok_or(StartError::NoDataFolder)?;
    let path = folder.display().to_string();
    fs::create_dir_all(&folder).map_err(|cause| StartError::Data {
        path: path.clone(),
        cause,
    })?;
    let (store, writer, journal) =
        Store::open(&folder).map_err(|cause| StartError::Store { path, cause })?;
    Ok(Data {
        folder,
        scratch: None,
        store,
        writer,
        journal,
    })
}

fn cast(args: &Args) -> Result<Cast, StartError> {
    if args.no_agent {
        return Ok(Cast::Nobody);
    }
    let Some(path) = &args.scenario else {
        return Ok(Cast::Automatic);
    };
    let text = read("scenario", path)?;
    let scenario = read_scenario(path, &text).map_err(|error| StartError::File {
        flag: "scenario",
        error,
    })?;
    Ok(Cast::Scenario(Arc::new(scenario)))
}

fn read(flag: &'static str, path: &Path) -> Result<String, StartError> {
    fs::read_to_string(path).map_err(|cause| StartError::Unreadable {
        flag,
        path: path.display().to_string(),
        cause,
    })
}
