//! The command line.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::NonEmptyStringValueParser;
use clap::{Parser, ValueEnum, value_parser};

use crate::agents::Pace;
use crate::cometd;
use crate::model::{Options, TypingPreview};

/// Emulates the chat servers that Parlour speaks to
#[derive(Debug, Clone, Parser)]
#[command(name = "parlour-emulator", version, about)]
pub struct Args {
    /// Port to listen on; 0 = any free one
    #[arg(long, env = "PORT", default_value_t = 8888)]
    pub port: u16,

    /// Address to listen on; 0.0.0.0 lets other machines in
    #[arg(long, default_value = "127.0.0.1")]
    pub host: IpAddr,

    /// Folder for chats and files (made if missing), or :memory: to keep nothing [default: a folder in the user's data
    /// directory]
    #[arg(long, value_name = "DIR|:memory:")]
    pub data: Option<PathBuf>,

    /// Seed of all chances, ids and keys [default: another one each time]
    #[arg(long)]
    pub seed: Option<u64>,

    /// Play this scenario instead of the automatic agent
    #[arg(long, value_name = "FILE", conflicts_with = "no_agent")]
    pub scenario: Option<PathBuf>,

    /// Let nobody answer but a person at the desk, or a test
    #[arg(long)]
    pub no_agent: bool,

    /// Make agents this many times faster
    #[arg(long, value_name = "FACTOR", default_value = "1")]
    pub pace: Pace,

    /// Break requests by the fault rules in this file
    #[arg(long, value_name = "FILE")]
    pub faults: Option<PathBuf>,

    /// Drop a visitor after this many seconds of silence; 0 = never
    #[arg(long, value_name = "SECS", default_value_t = 45)]
    pub drop_after: u32,

    /// Allow this many live chats for each client address; 0 = any number
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub chats_per_address: u32,

    /// Hold a long poll for this many seconds when there is no news
    #[arg(long, value_name = "SECS", default_value_t = 60, value_parser = value_parser!(u32).range(1..=3600))]
    pub longest_poll: u32,

    /// Forget a push session this many seconds after its last long poll
    #[arg(long, value_name = "SECS", default_value_t = 10, value_parser = value_parser!(u32).range(1..=3600))]
    pub forget_after: u32,

    /// Give up a client that is this many seconds late with a request, or takes nothing of a reply for so long
    #[arg(long, value_name = "SECS", default_value_t = 30, value_parser = value_parser!(u32).range(1..=3600))]
    pub slow_after: u32,

    /// Have only this API; may be repeated [default: all of them]
    #[arg(long = "dialect", value_name = "NAME", value_enum)]
    pub dialects: Vec<Api>,

    /// Have only these services [default: every name]
    #[arg(long, value_name = "A,B", value_delimiter = ',', value_parser = NonEmptyStringValueParser::new())]
    pub services: Option<Vec<String>>,

    /// Whether agents see what the visitor is typing; strict: a blank text counts, too
    #[arg(long, value_enum, default_value_t = Preview::On)]
    pub typing_preview: Preview,

    /// Refuse files before an agent has joined
    #[arg(long)]
    pub upload_needs_agent: bool,

    /// Folder with the built widget's page, served at /client/
    #[arg(long, value_name = "DIR")]
    pub client: Option<PathBuf>,

    /// How much to log on stderr
    #[arg(long, value_enum, default_value_t = Level::Info)]
    pub log: Level,
}

/// An API that is served, under the name that a tenant's file has for its dialect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Api {
    /// GMS Chat API Version 2: form posts and polling
    GmsV2,
    /// The same over CometD, and its files
    GmsV2Cometd,
    /// GMS Chat API Version 1: polling
    GmsV1,
    /// The same, and CometD
    GmsV1Cometd,
    /// GWS
    Gws,
}

/// The server's `typing_preview` option on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Preview {
    /// Agents do not see what is being typed.
    Off,
    /// Agents see it.
    On,
    /// As On, and a blank text counts, too.
    Strict,
}

/// How much is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Level {
    /// Only what went wrong.
    Error,
    /// And what is odd.
    Warn,
    /// And what happens to chats.
    Info,
    /// And every request.
    Debug,
}

impl Args {
    /// Returns the settings of the model.
    pub(super) fn options(&self) -> Options {
        let mut options = Options {
            drop_after: Duration::from_secs(u64::from(self.drop_after)),
            services: self.services.clone(),
            agent_within: self.pace.quicken(Options::default().agent_within),
            chats_per_address: self.chats_per_address,
            typing_preview: match self.typing_preview {
                Preview::Off => TypingPreview::Off,
                Preview::On => TypingPreview::On,
                Preview::Strict => TypingPreview::Strict,
            },
            ..Options::default()
        };
        options.files.need_agent = self.upload_needs_agent;
        options
    }

    /// Returns whether this server has an API.
    pub(super) fn serves(&self, api: Api) -> bool {
        self.dialects.is_empty() || self.dialects.contains(&api)
    }

    /// Returns the settings of the broker.
    pub(super) fn cometd_options(&self) -> cometd::Options {
        cometd::Options {
            longest_poll: Duration::from_secs(u64::from(self.longest_poll)),
            forget_after: Duration::from_secs(u64::from(self.forget_after)),
            chat_v2: self.serves(Api::GmsV2Cometd),
            ..cometd::Options::default()
        }
    }
}

/// Finds the folder where this system keeps a user's data.
pub(super) fn default_data_folder() -> Option<PathBuf> {
    let from = |name: &str| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|p| p.is_absolute())
    };
    let base = if cfg!(windows) {
        from("APPDATA")
    } else if cfg!(target_os = "macos") {
        from("HOME").map(|home| home.join("Library/Application Support"))
    } else {
        from("XDG_DATA_HOME").or_else(|| from("HOME").map(|home| home.join(".local/share")))
    };
    base.map(|base| base.join("parlour-emulator"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flags_are_consistent() {
        use clap::CommandFactory;
        Args::command().debug_assert();
    }

    #[test]
    fn the_error_of_a_wrong_value_says_what_was_expected() {
        for (flags, expected) in [
            (&["--port", "99999"][..], "--port"),
            (&["--host", "here"][..], "--host"),
            (&["--pace", "0"][..], "a number from 0.001 to 1000"),
            (&["--pace", "1e-300"][..], "a number from 0.001 to 1000"),
            (&["--pace", "fast"][..], "a number from 0.001 to 1000"),
            (&["--typing-preview", "maybe"][..], "strict"),
            (&["--dialect", "gms-v3"][..], "gms-v2-cometd"),
            (&["--scenario", "a", "--no-agent"][..], "--no-agent"),
        ] {
            let given = ["parlour-emulator"].iter().chain(flags);
            let error = Args::try_parse_from(given).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
