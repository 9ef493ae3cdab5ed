//! What a tenant's configuration means to the core.

use core::time::Duration;

use crate::mask::Mask;
use crate::model::TabRole;

/// The longest message by default, in UTF-16 code units: a packet of the server holds about 14 700 characters.
pub(crate) const LONGEST_MESSAGE: usize = 14_000;

/// Everything the core must know about the tenant and the page. All of it has defaults but the server.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Names whose snapshots these are; snapshots of another tenant are never read.
    pub tenant: String,
    /// Base URL of the server, without a trailing slash; empty = the page's own origin.
    pub server: String,
    /// The server's routing name.
    pub service: String,
    /// Which of the servers' languages to speak.
    pub dialect: DialectKind,
    /// The paths to the chats of a `gws` server.
    #[cfg(feature = "gws")]
    pub gws: GwsPaths,
    /// The name by which the server is to know the visitor (`gms_user`). Whoever knows it reads the chat:
    /// it must be drawn so that nobody can guess it.
    pub visitor: String,
    /// Headers for every request.
    pub headers: Vec<(String, String)>,
    /// User data sent with every new chat, before the form's own.
    pub user_data: Vec<(String, String)>,
    /// The visitor's time zone in minutes east of UTC.
    pub utc_offset_minutes: i32,
    /// The features that the tenant allows.
    pub features: FeatureSet,
    /// The numbers that are masked in what the visitor writes, before anything else is done with it. Default: none.
    pub mask: Mask,
    /// All waiting times.
    pub pace: PaceSettings,
    /// The longest message, in UTF-16 code units (what `maxlength` counts). Default 14 000.
    pub max_message_units: usize,
    /// Names this tab as owner of its outbox entries. Any string that no other tab has.
    pub tab: String,
    /// The part of this tab at first. `Follows` where one of the visitor's tabs is elected to lead; where none can
    /// be, each tab leads.
    pub role: TabRole,
}

/// The dialects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum DialectKind {
    /// GMS Digital Channels, Chat API Version 2, polled.
    #[default]
    GmsV2,
    /// The same, pushed over CometD.
    GmsV2Cometd,
    /// GMS Chat API Version 1, polled.
    GmsV1,
    /// The same, its news pushed over CometD.
    GmsV1Cometd,
    /// GWS (Web Services) customer chat, polled.
    Gws,
}

/// The paths to the chats of a `gws` server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GwsPaths {
    /// What stands before `/v2/chats`. Default `/api`.
    pub base: String,
    /// Which of its two names a chat is read under.
    pub reads: GwsReads,
}

/// The name under which a `gws` server's chats are read: its two documents differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GwsReads {
    /// `{base}/v2/chats/{id}`.
    #[default]
    Chats,
    /// `{base}/v2/me/chat/{id}`.
    MeChat,
}

impl Default for GwsPaths {
    fn default() -> Self {
        Self {
            base: "/api".into(),
            reads: GwsReads::default(),
        }
    }
}

/// The features that the tenant allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeatureSet {
    /// Files may be exchanged. Default: yes.
    pub files: bool,
    /// Typing notifications are sent. Default: yes.
    pub typing: bool,
    /// The agent may see what is typed before it is sent. Default: no.
    pub typing_preview: bool,
    /// Read receipts are sent. Default: no.
    pub read_receipts: bool,
}

impl Default for FeatureSet {
    fn default() -> Self {
        Self {
            files: true,
            typing: true,
            typing_preview: false,
            read_receipts: false,
        }
    }
}

/// All waiting times, with the vendor's advice as defaults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PaceSettings {
    /// Between refreshes while something is going on. Default 3 s.
    pub active: Duration,
    /// Between refreshes when quiet. Default 5 s.
    pub quiet: Duration,
    /// Between refreshes of a hidden page. Default 15 s; held under two thirds of `drop_after`.
    pub hidden: Duration,
    /// How long it stays "active" after the last event or action. Default 30 s.
    pub active_for: Duration,
    /// The server's patience with a silent visitor. Default 45 s.
    pub drop_after: Duration,
    /// First wait after a failure, doubled at each further one. Default 1 s.
    pub retry_min: Duration,
    /// Longest wait after failures. Default 30 s.
    pub retry_max: Duration,
    /// Deadline of a request, counted anew while its answer comes in, up to two thirds of `drop_after`. Default 10 s.
    pub request_timeout: Duration,
    /// Deadline of an upload or download, counted anew at each progress. Default 180 s.
    pub transfer_timeout: Duration,
    /// How long after a send the server may still be working on it. Default 30 s.
    pub resend_window: Duration,
    /// Silence after which the visitor is said to have stopped typing. Default 5 s.
    pub typing_silence: Duration,
    /// How often a preview is made while the visitor types; after a third of it without a key, too. Default 3 s.
    pub preview_every: Duration,
    /// How long another's "is typing" is believed without news. Default 30 s.
    pub typing_believed: Duration,
    /// Share by which waits are varied either way, in percent. Default 10.
    pub jitter_percent: u32,
}

impl PaceSettings {
    /// Returns how long a visitor may be silent: well within the server's patience.
    pub(crate) fn longest_silence(&self) -> Duration {
        self.drop_after * 2 / 3
    }

    /// Returns after how much silence a preview is made: the least time between two.
    pub(crate) fn typing_pause(&self) -> Duration {
        self.preview_every / 3
    }
}

impl Default for PaceSettings {
    fn default() -> Self {
        let s = Duration::from_secs;
        Self {
            active: s(3),
            quiet: s(5),
            hidden: s(15),
            active_for: s(30),
            drop_after: s(45),
            retry_min: s(1),
            retry_max: s(30),
            request_timeout: s(10),
            transfer_timeout: s(180),
            resend_window: s(30),
            typing_silence: s(5),
            preview_every: s(3),
            typing_believed: s(30),
            jitter_percent: 10,
        }
    }
}

impl Settings {
    /// Makes settings with every default for a server and a service.
    #[must_use]
    pub fn new(tenant: &str, server: &str, service: &str) -> Self {
        Self {
            tenant: tenant.into(),
            server: server.trim_end_matches('/').into(),
            service: service.into(),
            dialect: DialectKind::default(),
            #[cfg(feature = "gws")]
            gws: GwsPaths::default(),
            visitor: String::new(),
            headers: Vec::new(),
            user_data: Vec::new(),
            utc_offset_minutes: 0,
            features: FeatureSet::default(),
            mask: Mask::default(),
            pace: PaceSettings::default(),
            max_message_units: LONGEST_MESSAGE,
            tab: "tab".into(),
            role: TabRole::Leads,
        }
    }
}

impl Settings {
    /// Holds what the tenant allows to what the servers of its dialect can do.
    pub(crate) fn within_abilities(mut self) -> Self {
        let abilities = self.dialect.abilities();
        self.features.files &= abilities.files;
        self.features.typing_preview &= abilities.typing_preview;
        self.features.read_receipts &= abilities.read_receipts;
        self
    }

    /// Names the storage of this tenant, server and service: the prefix of all record names.
    #[must_use]
    pub fn scope(&self) -> String {
        let mut scope = String::from("chat:");
        for part in [&self.tenant, &self.server, &self.service] {
            for c in part.chars() {
                match c {
                    '%' => scope.push_str("%25"),
                    ':' => scope.push_str("%3A"),
                    c => scope.push(c),
                }
            }
            scope.push(':');
        }
        scope
    }
}
