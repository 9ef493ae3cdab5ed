//! The keys of all texts. `public/locales/en.json` has an entry for each, and a test holds both
//! together.

macro_rules! keys {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $key:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            $(#[doc = concat!("The text `", $key, "`.")] $variant,)+
        }

        impl $name {
            /// Every key.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// Returns the key as locale files and tenants write it.
            #[must_use]
            pub const fn key(self) -> &'static str {
                match self {
                    $(Self::$variant => $key,)+
                }
            }
        }
    };
}

keys! {
    /// A text's key.
    Text {
        LauncherClose = "launcher.close",
        LauncherOngoing = "launcher.ongoing",
        PanelTitle = "panel.title",
        PanelClose = "panel.close",
        PanelOptions = "panel.options",
        PanelRename = "panel.rename",
        PanelEnd = "panel.end",
        PanelSound = "panel.sound",
        PanelNotifications = "panel.notifications",
        NewsSaid = "news.said",
        NewsOpen = "news.open",
        NewsDismiss = "news.dismiss",
        NameAgent = "name.agent",
        NameYou = "name.you",
        KindBot = "kind.bot",
        KindSupervisor = "kind.supervisor",
        FormIntro = "form.intro",
        FormIntroBare = "form.introBare",
        FormSubmit = "form.submit",
        FormSending = "form.sending",
        FormOptional = "form.optional",
        FormChoose = "form.choose",
        FormConsentLink = "form.consent.link",
        FormErrorRequired = "form.error.required",
        FormErrorChoose = "form.error.choose",
        FormErrorTick = "form.error.tick",
        FormErrorEmail = "form.error.email",
        FormErrorTel = "form.error.tel",
        FormErrorPattern = "form.error.pattern",
        FormErrorLength = "form.error.length",
        TranscriptLabel = "transcript.label",
        TranscriptJump = "transcript.jump",
        TranscriptNew = "transcript.new",
        TranscriptToday = "transcript.today",
        TranscriptYesterday = "transcript.yesterday",
        MessageSending = "message.sending",
        MessageSent = "message.sent",
        MessageFailed = "message.failed",
        MessageRetry = "message.retry",
        MessageEdit = "message.edit",
        MessageDiscard = "message.discard",
        EventJoined = "event.joined",
        EventReturned = "event.returned",
        EventLeft = "event.left",
        EventHold = "event.hold",
        EventTransfer = "event.transfer",
        EventRenamed = "event.renamed",
        EventRenamedTo = "event.renamed.to",
        EventRenamedYou = "event.renamed.you",
        EventRenamedYouTo = "event.renamed.you.to",
        TypingOne = "typing.one",
        TypingTwo = "typing.two",
        TypingMany = "typing.many",
        LinkOffer = "link.offer",
        LinkYours = "link.yours",
        LinkOpen = "link.open",
        LinkNewTab = "link.newTab",
        FileAttach = "file.attach",
        FileDrop = "file.drop",
        FileTray = "file.tray",
        FileUploading = "file.uploading",
        FileDownloading = "file.downloading",
        FileCancel = "file.cancel",
        FileRetry = "file.retry",
        FileDiscard = "file.discard",
        FileDownload = "file.download",
        FileDelete = "file.delete",
        FileDeleted = "file.deleted",
        FileExpired = "file.expired",
        FileFailed = "file.failed",
        FileDownloadFailed = "file.downloadFailed",
        FileProgress = "file.progress",
        FileLimitEach = "file.limits.each",
        FileLimitTotal = "file.limits.total",
        FileLimitTypes = "file.limits.types",
        FileLimitAgent = "file.limits.agent",
        FileLimitNone = "file.limits.none",
        ComposerLabel = "composer.label",
        ComposerPlaceholder = "composer.placeholder",
        ComposerCaption = "composer.caption",
        ComposerSend = "composer.send",
        ComposerPreview = "composer.preview",
        ComposerEnding = "composer.ending",
        StatusWaiting = "status.waiting",
        StatusHold = "status.hold",
        StatusTransfer = "status.transfer",
        StatusGone = "status.gone",
        StatusReconnecting = "status.reconnecting",
        StatusOffline = "status.offline",
        StatusLastKnown = "status.lastKnown",
        StatusTryNow = "status.tryNow",
        StatusEnding = "status.ending",
        StatusWith = "status.with",
        StatusMemory = "status.memory",
        IdleTitle = "idle.title",
        IdleSoon = "idle.soon",
        IdleCountdown = "idle.countdown",
        IdleStay = "idle.stay",
        EndedVisitor = "ended.visitor",
        EndedServer = "ended.server",
        EndedGone = "ended.gone",
        EndedDropped = "ended.dropped",
        EndedElsewhere = "ended.elsewhere",
        EndedThanks = "ended.thanks",
        EndedNew = "ended.new",
        EndedGoOn = "ended.goOn",
        EndedUntold = "ended.untold",
        EndTitle = "end.title",
        EndText = "end.text",
        EndConfirm = "end.confirm",
        RenameTitle = "rename.title",
        RenameLabel = "rename.label",
        RenameConfirm = "rename.confirm",
        DialogCancel = "dialog.cancel",
        RefusalUnreachable = "refusal.unreachable",
        RefusalBusy = "refusal.busy",
        RefusalBadReply = "refusal.badReply",
        RefusalFirstName = "refusal.firstName",
        RefusalLastName = "refusal.lastName",
        RefusalName = "refusal.name",
        RefusalEmail = "refusal.email",
        RefusalLater = "refusal.later",
        RefusalService = "refusal.service",
        RefusalLong = "refusal.long",
        RefusalLongUnknown = "refusal.longUnknown",
        RefusalFilesUnknown = "refusal.filesUnknown",
        RefusalFileSize = "refusal.fileSize",
        RefusalFileSizeUnknown = "refusal.fileSizeUnknown",
        RefusalFilesSize = "refusal.filesSize",
        RefusalFilesSizeUnknown = "refusal.filesSizeUnknown",
        RefusalFileEmpty = "refusal.fileEmpty",
        RefusalNoFiles = "refusal.noFiles",
        RefusalFileType = "refusal.fileType",
        RefusalAgent = "refusal.agent",
        RefusalFileGone = "refusal.fileGone",
        RefusalEnded = "refusal.ended",
        RefusalOther = "refusal.other",
        RefusalAnswersKept = "refusal.answersKept",
    }
}

keys! {
    /// The key of a text that depends on a number. It has one entry for each plural category of the
    /// language (`….one`, `….other`; at least `other`).
    Count {
        LauncherUnread = "launcher.unread",
        FilesLeft = "file.limits.left",
        CharactersLeft = "composer.left",
        CharactersOver = "composer.over",
        RefusalFiles = "refusal.files",
    }
}
