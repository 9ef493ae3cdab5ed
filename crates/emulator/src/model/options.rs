//! The settings of a server.

use std::time::Duration;

/// The settings of a server. The defaults are a real one's where they are known.
#[derive(Debug, Clone)]
pub struct Options {
    /// A visitor who is silent for this long is dropped (45 s; protocol section 1, timers). Zero = never.
    pub drop_after: Duration,
    /// The names of services that exist; `None` = every name does.
    pub services: Option<Vec<String>>,
    /// What becomes of text that comes with a refresh.
    pub typing_preview: TypingPreview,
    /// One in so many replies brings a new `secureKey`; 0 = never. Older keys stay good for ever.
    pub rotate_key_one_in: u32,
    /// The tenant's name, shown in replies to refresh.
    pub tenant_name: String,
    /// What may be uploaded.
    pub files: FileLimits,
    /// A service that waits for an agent finds one within this time (5 s; protocol section 2).
    pub agent_within: Duration,
    /// How many chats may go on at once for one client address; 0 = any number.
    pub chats_per_address: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            drop_after: Duration::from_secs(45),
            services: None,
            typing_preview: TypingPreview::On,
            rotate_key_one_in: 4,
            tenant_name: "Resources".to_owned(),
            files: FileLimits::default(),
            agent_within: Duration::from_secs(5),
            chats_per_address: 0,
        }
    }
}

/// The server's `typing_preview` option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TypingPreview {
    /// Agents do not see what is being typed.
    Off,
    /// Agents see it; a blank text counts as absent, because real clients always send the field.
    On,
    /// As the vendor's text has it: a blank text counts, too.
    Strict,
}

/// The limits of uploads, for each chat.
#[derive(Debug, Clone)]
pub struct FileLimits {
    /// How often one file may be fetched.
    pub download_attempts: u32,
    /// How many files the visitor may send.
    pub max_files: u32,
    /// Bytes of one file.
    pub max_file_size: u64,
    /// Bytes of all the visitor's files together.
    pub max_total_size: u64,
    /// No upload before an agent is there.
    pub need_agent: bool,
    /// Extensions without a dot, in lower case.
    pub types: Vec<String>,
    /// Visitors may take back what they sent.
    pub delete_allowed: bool,
}

impl Default for FileLimits {
    fn default() -> Self {
        Self {
            download_attempts: 10,
            max_files: 3,
            max_file_size: 2_097_152,
            max_total_size: 5_242_880,
            need_agent: false,
            types: "bmp:csv:doc:docx:exe:gif:htm:jpg:pdf:png:ppt:pptx:tif:txt:xls:xlsx:zip"
                .split(':')
                .map(str::to_owned)
                .collect(),
            delete_allowed: true,
        }
    }
}

/// Returns whether a text fits into the server's packet: 32 768 bytes, of which about 14 700 characters of two bytes
/// each are left for text (protocol section 1, timers).
pub(crate) fn fits_packet(text: &str) -> bool {
    const PACKET_BYTES: usize = 32_768;
    const OVERHEAD_BYTES: usize = 3_368;
    let bytes = text.encode_utf16().count().saturating_mul(2);
    bytes.saturating_add(OVERHEAD_BYTES) <= PACKET_BYTES
}

/// Returns a time span in milliseconds.
pub(super) fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
