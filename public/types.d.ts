// The types of the chat on this page, for TypeScript and for editors. `docs/api.md` says what they mean.

declare namespace __NAME__ {
  type PersonKind = "visitor" | "agent" | "supervisor" | "bot" | "system";

  interface Person {
    /** Empty where the server has not said it. */
    name: string;
    kind: PersonKind;
  }

  type Connection = "up" | "reconnecting" | "offline";

  type EndReason = "byVisitor" | "byServer" | "gone" | "dropped" | "elsewhere" | "untold";

  type ErrorCode =
    // The chat itself: it cannot be loaded, cannot run here, or has stopped.
    | "notLoaded"
    | "unsupported"
    | "crashed"
    // The server, or the way to it.
    | "unreachable"
    | "busy"
    | "badReply"
    | "firstNameMissing"
    | "lastNameMissing"
    | "nameInvalid"
    | "emailInvalid"
    | "cannotStartNow"
    | "unknownService"
    | "messageTooLong"
    | "tooManyFiles"
    | "fileTooLarge"
    | "filesTooLarge"
    | "fileTypeRefused"
    | "fileEmpty"
    | "needsAgent"
    | "fileGone"
    | "chatEnded"
    | "notOffered"
    | "refused";

  interface Failure {
    /** What was tried. */
    action: "load" | "run" | "startChat" | "sendMessage" | "sendFile" | "other";
    code: ErrorCode;
    /** The server's own number, where it gave one. */
    serverCode?: number | null;
    /** The number that goes with a limit. */
    limit?: number | null;
  }

  /** What an event tells. */
  interface Events {
    ready: {};
    opened: {};
    closed: {};
    chatStarted: {};
    agentJoined: {
      name: string;
      kind: PersonKind;
      /** Whether they had left for a while. */
      isBack: boolean;
    };
    agentLeft: {
      reason: "HOLD" | "TRANSFER" | "LEFT";
      name: string;
      kind: PersonKind;
    };
    message: {
      from: Person;
      type: "text" | "link" | "notice";
      /** The words; of a link, its address. */
      text: string;
    };
    /** Nobody is typing when the list is empty. */
    typing: { participants: Person[] };
    fileReceived: {
      from: Person;
      name: string;
      /** Bytes, where known. */
      size: number | null;
    };
    unreadChanged: { count: number };
    connectionChanged: { connection: Connection };
    chatEnded: { reason: EndReason };
    /** The tenant's site has a message from the form for that. */
    messageLeft: {};
    error: Failure;
    /** Any other event by its name, with what of it is neither text nor name. */
    analytics: {
      event: Exclude<keyof Events, "analytics">;
      from?: PersonKind;
      [member: string]: unknown;
    };
  }

  /** The state of chat and widget. */
  interface State {
    /** Whether more than the launcher is loaded. */
    isLoaded: boolean;
    isOpen: boolean;
    /** Whether `hide` has taken the widget out of sight. */
    isHidden: boolean;
    /** Whether this browser holds a chat that goes on. */
    hasChatToResume: boolean;
    phase: "idle" | "refused" | "starting" | "chatting" | "ending" | "ended";
    endReason: EndReason | null;
    connection: Connection;
    agents: "awaited" | "present" | "onHold" | "transferring" | "gone";
    /** Others who are in the chat. */
    participants: Person[];
    unread: number;
    nickname: string | null;
    /** What server and tenant allow; null before the chat is loaded. */
    can: {
      sendFile: boolean;
      setNickname: boolean;
      pushUrl: boolean;
      customNotice: boolean;
      updateUserData: boolean;
    } | null;
  }

  /** A step of the support log: an event, a request to the chat server, a call of the page. */
  interface Step {
    /** In UTC, as ISO 8601. */
    time: string;
    step: "mount" | "event" | "request" | "call";
    /** How often in a row, and when last; absent for once. */
    times?: number;
    until?: string;
    [member: string]: unknown;
  }

  /** What support needs to know. Nothing in it was said by anybody. */
  interface Diagnostics {
    /** The version that the package was made of; null before the chat is loaded. */
    version: string | null;
    time: string;
    timeZone: string;
    /** The page's address without query, hash and identifiers. */
    page: string;
    browser: string;
    languages: string[];
    isOnline: boolean;
    isVisible: boolean;
    /** Width and height in CSS pixels, and device pixels per CSS pixel. */
    window: [number, number, number];
    storage: { local: boolean; session: boolean };
    state: Pick<
      State,
      | "phase"
      | "endReason"
      | "connection"
      | "agents"
      | "unread"
      | "isLoaded"
      | "isOpen"
      | "isHidden"
      | "hasChatToResume"
    >;
    /** The last 200 steps, oldest first. */
    steps: Step[];
    /** The steps in the frame, where the chat runs in one. */
    frame?: Step[];
  }

  /** A line of the chat. `at` is its time in milliseconds since 1970. */
  type Entry = { at: number } & (
    | { type: "message"; from: Person; text: string; state: "sending" | "sent" | "failed" }
    | { type: "link"; from: Person; url: string }
    | {
        type: "file";
        from: Person;
        name: string;
        size: number | null;
        state: "sending" | "failed" | "available" | "deleted" | "expired";
      }
    | { type: "joined"; who: Person }
    | { type: "left"; who: Person; reason: "HOLD" | "TRANSFER" | "LEFT" }
    | { type: "renamed"; who: Person; before: string; name: string }
    | { type: "notice"; from: Person; text: string }
    | { type: "ended"; reason: EndReason }
  );

  /** Names and values for the contact centre. */
  type UserData = Record<string, string | number>;

  /** Answers by the names of the form's fields. */
  type Answers = Record<string, string | number | boolean>;

  /** Answers, and data that no field asks for. */
  interface Start {
    [field: string]: string | number | boolean | UserData | undefined;
    userData?: UserData;
  }

  type Scheme = "auto" | "light" | "dark";

  interface Theme {
    scheme?: Scheme;
    /** Design tokens without their two hyphens. */
    tokens?: Record<string, string | number>;
  }

  /** What an error of the page's calls has beside its message. */
  interface CallError extends Error {
    code?: ErrorCode | "noChat" | "missing" | "invalid";
    serverCode?: number | null;
    limit?: number | null;
    /** The names of the form's fields that it is about. */
    fields?: string[];
  }

  /** Gives headers for the requests to the chat server; `renew` says that it has refused the last ones. */
  type Authorize = (wish: {
    renew: boolean;
  }) => Record<string, string> | Promise<Record<string, string>>;

  /** Calls that were made before the script was there. */
  var q: ArrayLike<any>[] | undefined;
}

declare function __NAME__(command: "boot"): Promise<void>;
declare function __NAME__(command: "authorize", headers: __NAME__.Authorize): Promise<void>;
declare function __NAME__(command: "open"): Promise<void>;
declare function __NAME__(command: "close"): Promise<void>;
declare function __NAME__(command: "toggle"): Promise<void>;
declare function __NAME__(command: "show"): Promise<void>;
declare function __NAME__(command: "hide"): Promise<void>;
declare function __NAME__(
  command: "startChat",
  answers?: __NAME__.Start,
): Promise<void>;
declare function __NAME__(command: "endChat"): Promise<void>;
declare function __NAME__(command: "sendMessage", text: string): Promise<void>;
declare function __NAME__(
  command: "sendFile",
  file: File,
  options?: { description?: string },
): Promise<void>;
declare function __NAME__(
  command: "setUserData",
  data: __NAME__.UserData,
): Promise<{ isSent: boolean }>;
declare function __NAME__(command: "setNickname", name: string): Promise<void>;
declare function __NAME__(command: "pushUrl", url: string): Promise<void>;
declare function __NAME__(
  command: "customNotice",
  notice: { message?: string; attributes?: Record<string, unknown> },
): Promise<void>;
declare function __NAME__(command: "setLocale", locale: string): Promise<void>;
declare function __NAME__(
  command: "setTheme",
  theme: __NAME__.Scheme | __NAME__.Theme,
): Promise<void>;
declare function __NAME__(command: "prefill", values: __NAME__.Answers): Promise<void>;
declare function __NAME__(command: "getTranscript"): Promise<__NAME__.Entry[]>;
declare function __NAME__(command: "getState"): Promise<__NAME__.State>;
declare function __NAME__(command: "getDiagnostics"): Promise<__NAME__.Diagnostics>;
declare function __NAME__<Name extends keyof __NAME__.Events>(
  command: "on",
  event: Name,
  listener: (detail: __NAME__.Events[Name]) => void,
): Promise<void>;
declare function __NAME__<Name extends keyof __NAME__.Events>(
  command: "off",
  event: Name,
  listener?: (detail: __NAME__.Events[Name]) => void,
): Promise<void>;
declare function __NAME__(command: "destroy"): Promise<void>;

/** The chat as an element of the page, with `element.js`. */
interface __NAME__Element extends HTMLElement {
  /** Whether the panel is open: the attribute follows the panel, and the panel the attribute. */
  open: boolean;
  locale: string;
  theme: "" | __NAME__.Scheme;
  /** The name of another tenant's folder, beside the script's own. */
  tenant: string;
  /** Calls a command, once the chat can take it. */
  call: typeof __NAME__;
  addEventListener<Name extends keyof __NAME__.Events>(
    type: Name,
    listener: (this: __NAME__Element, event: CustomEvent<__NAME__.Events[Name]>) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}
interface HTMLElementTagNameMap {
  "__ELEMENT__": __NAME__Element;
}

/** What the element may be given in the JSX of a framework, and the events that it has. */
type __NAME__ElementAttributes = {
  open?: boolean;
  locale?: string;
  theme?: __NAME__.Scheme;
  tenant?: string;
  hidden?: boolean;
  [prefill: `prefill-${string}`]: string;
} & {
  [Name in keyof __NAME__.Events as `on${Name}`]?: (event: CustomEvent<__NAME__.Events[Name]>) => void;
};

/** The events as they bubble from the widget's element to document and window. */
type __NAME__DomEvents = {
  [Name in keyof __NAME__.Events as `__ATTRIBUTE__:${Name}`]: CustomEvent<__NAME__.Events[Name]>;
};
interface DocumentEventMap extends __NAME__DomEvents {}
interface WindowEventMap extends __NAME__DomEvents {}
