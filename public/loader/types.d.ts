// The types that the scripts share: what packaging fills in, and what the module offers.

/** Texts of one language by their short names. */
type Texts = Record<string, string>;

/** A file beside the loader: its name, and its sha384 digest where it is known. */
type FileRef = [name: string, integrity?: string];

/** The files of a package by their parts. */
type Files = Record<string, FileRef>;

/** The look of the painted launcher. */
interface LauncherValues {
  /** SVG path data, or an empty string. */
  icon: string;
  /** CSS declarations of its position and corners, and of how the icon is drawn. */
  place: string;
  /** CSS declarations of its tokens. */
  light: string;
  /** CSS declarations of the tokens that differ in the dark scheme. */
  dark: string;
}

/** What packaging puts into main.js. */
interface LoaderValues {
  /** The name of the global function. */
  name: string;
  /** The same in attributes and events. */
  attribute: string;
  /** The loader's address, for where it cannot find it out. */
  base?: string;
  frame?: "always" | "never";
  locale?: string;
  files: Files;
  launcher: LauncherValues;
  /** Whether there are words of more languages than those of `texts`. */
  hasWords?: boolean;
  /** What is painted, in the languages that need no other file. */
  texts: Record<string, Texts>;
}

/** What packaging puts into words.js. */
interface WordsValues {
  /** The language that the tenant has fixed. */
  locale?: string;
  /** The files by their languages. */
  files: Files;
}

/** The words of a language: those of the module by their keys, and those of each script by its own short names. */
type Words = Record<"module" | "loader" | "mount" | "fallback" | "message" | "hours" | "invitation", Texts>;

/** What packaging puts into element.js. */
interface ElementValues {
  /** The element's name. */
  element: string;
}

/** What the page's side of a frame needs. */
interface FrameValues {
  /** The name of the frame's page. */
  page: string;
  /** The style sheet of the frame's element. */
  style: string;
  /** The mark for all sub-domains; absent if the tenant wants none. */
  cookie?: CookieValues;
}

/** The cookie that marks that a chat goes on. */
interface CookieValues {
  name: string;
  domain: string;
}

/** What packaging puts into framed.js. */
interface FramedValues {
  /** The widget's name in events. */
  attribute: string;
  /** Origins of pages that may hold the frame, beside its own; some stand for sub-domains. */
  origins: string[];
  files: Files;
}

/** What packaging puts into mount.js. */
interface MountValues {
  /** The version that the package was made of. */
  version: string;
  /** The sha384 digests of the files that were requested ahead. */
  digests: Record<string, string>;
  /** The page's API. */
  api: FileRef;
  /** What takes the widget's place where the module cannot run. */
  fallback: FileRef;
  /** What tells of the page; absent if the tenant wants nothing told. */
  context?: FileRef;
  /** What brings the words of other languages. */
  words?: FileRef;
  /** Whether English of some region is among them. */
  hasOtherEnglish?: boolean;
  texts: Record<string, Texts>;
}

/** What packaging puts into fallback.js. */
interface FallbackValues {
  /** Absent if the tenant wants no frame. */
  frame?: FrameValues;
  /** Other ways of contact: an address, and the short name of its text. */
  contacts: [href: string, text: string][];
  texts: Record<string, Texts>;
}

/** What packaging puts into context.js. */
interface ContextValues {
  /** The names of user data by what they have: `url`, `title`, `referrer`, `locale`, `time_zone`. */
  names: Record<string, string>;
  /** The names of user data by attributes of the tag. */
  data: Record<string, string>;
  /** The parameters that addresses keep. */
  keep_query: string[];
  keep_hash: boolean;
  /** Whether a running chat is told of further pages. */
  follow: boolean;
}

/** What packaging puts into early.js. */
interface EarlyValues {
  /** The cookie that marks that a chat goes on. */
  cookie?: CookieValues;
  rules?: RulesValues;
  hours?: HoursValues;
  /** The form for messages: its script, and the words that offer it. */
  message?: { file: FileRef; texts: Record<string, Texts> };
  /** What invites to a chat; absent where nothing does. */
  invitation?: Record<string, Texts>;
}

/** What packaging puts into message.js. */
interface MessageValues {
  /** Where messages are posted: a URL, or a path of the page's site. */
  url: string;
  fields: { name: string; required: boolean }[];
  /** Whether what is typed outlives a reload. */
  keeps: boolean;
  /** Absent if the tenant wants nothing masked. */
  mask?: MaskValues;
  /** Other ways of contact: an address, and the short name of its text. */
  contacts: [href: string, text: string][];
  /** CSS declarations of the panel's place and size. */
  place: string;
  /** CSS declarations of its tokens. */
  light: string;
  /** CSS declarations of the tokens that differ in the dark scheme. */
  dark: string;
  scheme: "auto" | "light" | "dark";
  texts: Record<string, Texts>;
}

/** The kinds of numbers that are masked. */
interface MaskValues {
  cards: boolean;
  ibans: boolean;
}

/** What was filled in, by the names of the fields. */
type Answers = Record<string, string>;

/** Begin and end of an opening in minutes since midnight; the end may be on the next day. */
type Span = [from: number, to: number];

/** When somebody answers: `[hours]` of the tenant's file. */
interface HoursValues {
  /** The IANA name of the time zone. */
  zone: string;
  /** What a visitor finds when it is closed. */
  closed: "notice" | "message" | "hide";
  /** The openings of each weekday, Sunday first. */
  week: Span[][];
  /** Those of holidays, by `YYYY-MM-DD` or `MM-DD`. */
  holidays: Record<string, Span[]>;
  texts: Record<string, Texts>;
}

/** When and where the widget shows itself: `[rules]` of the tenant's file. */
interface RulesValues {
  /** Patterns of paths; none means all. */
  show_on: string[];
  hide_on: string[];
  /** After how many seconds the panel opens by itself. */
  open_after_s?: number;
  /** Whether it opens when the mouse leaves for the browser's own controls. */
  open_on_exit?: boolean;
  open_once?: "visitor" | "session";
  open_as?: "panel" | "invitation";
}

/** The widgets of the page by their scripts' addresses without query. The npm package and the element read it, and may
    be of another version: these members, and of the loader `build.name`, `build.attribute` and `host`, stay as they are
    within a major version. */
type Registry = Map<string, Registered> & { imports?: number };

interface Registered {
  isAlive(): boolean;
  remove(): void;
  /** Absent in what stands for a tag until the script has run. */
  loader?: Loader;
  /** What stands for the tag where the script is included without one. */
  dataset?: DOMStringMap;
  isOnPage?(): boolean;
}

/** A mounted widget. */
interface Mounted {
  open(): void;
  close(): void;
  /** Carries out a command of the page, whose arguments were checked. Arguments and result can be cloned. What stands in
      for a chat has no commands. */
  call?(command: string, args: unknown[]): Promise<unknown>;
  /** Whether the visitor would lose something if it were taken off. */
  isInUse?(): boolean;
  /** Follows what has changed beside it: why there is no chat, and the page's language and theme. Only what stands in
      for a chat can. */
  refresh?(): void;
  remove(): void;
  /** Whether it is in a frame, which has a log of its own. */
  isFramed?: boolean;
}

/** A mounted chat, and not what stands in for one. */
interface MountedChat extends Mounted {
  call(command: string, args: unknown[]): Promise<unknown>;
}

/** What the loader shows to the files that it fetches. */
interface Loader {
  build: LoaderValues;
  /** The tag's `data-` attributes. */
  dataset: DOMStringMap;
  files: Files;
  parts: import("./main/parts.js").Parts;
  urlOf(name: string): string;
  /** Returns the language that is wished for most: a BCP 47 tag, or nothing. */
  wish(): string;
  /** Returns the texts in the widget's language. The section is what those that come in a file of their own are under. */
  textsOf(all: Record<string, Texts>, section?: keyof Words): Texts;
  /** What is painted. */
  texts: Texts;
  /** The language that was chosen, once there are words in others than English. */
  locale?: string;
  /** The module's words in it; none where it is English. */
  words?: Texts;
  host: HTMLElement;
  root: ShadowRoot;
  hooks: { onAttach?: () => void };
  /** Aborted when the widget is taken off the page. */
  signal: AbortSignal;
  launcher: import("./main/launcher.js").PaintedLauncher;
  /** The storage key of the mark that there is a chat to resume. */
  liveKey: string;
  /** Returns whether there is a chat to resume. */
  hasChat(): boolean;
  /** Tells the page of an event, where this is not a page of its own. */
  emit?(name: string, detail: unknown): void;
  /** The page's API, once it has been used. */
  api?: typeof import("./api.js");
  /** Whether the panel is open. */
  isOpen?: boolean;
  /** The support log, oldest first: what happened, as JSON, from when to when, and how often in a row. */
  steps?: { what: string; time: number; until: number; times: number }[];
  /** The version that the package was made of. */
  version?: string;
  /** Whether the page gives headers for the chat's requests. */
  isAuthorized?: boolean;
  /** Asks the page for them; `renew` says that the last ones were refused. */
  ask?(renew: boolean): Promise<Record<string, string>>;
  /** In a frame: has the page that holds it give them. */
  askPage?: import("./api/authorize.js").Ask;
  /** Makes a request to the chat server with them. */
  send?(request: Request): Promise<Response>;
  /** Resolves when no press of the painted launcher is under way. */
  released(): Promise<void>;
  start(): Promise<void>;
  /** Mounts the widget, or says why there is none; a script may put something else in its place. */
  load(): Promise<void>;
  open(): void;
  remove(): void;
  /** Completes the tenant's configuration before the module gets it. */
  configure?(text: string): string;
  /** Returns what the form is introduced by instead, in the widget's language. */
  notice?(): string;
  mounted?: Mounted;
  /** Who wants the panel open as soon as the widget is mounted. */
  opener?: "visitor" | "page";
}

/** The glue of the widget's module. */
interface WidgetModule {
  default(options: { module_or_path: WebAssembly.Module }): Promise<unknown>;
  mount(options: MountOptions): Handle;
  /** Stops every callback; only the glue of packages has it. */
  sever?(): void;
  halt?(): void;
}

/** Where and how the module mounts the widget; its `MountOptions`. */
interface MountOptions {
  root: ShadowRoot;
  /** The tenant's configuration as JSON. */
  config: string;
  open: boolean;
  focus: boolean;
  locale: string;
  /** The words of the language by their keys; none for those that the module and the configuration have. */
  words?: Texts;
  base: string;
  live_key: string;
  /** Whether the widget fills a frame of its own. */
  framed: boolean;
  launcher: HTMLButtonElement | null;
  /** The way of all requests to the chat server. */
  network: {
    send(request: Request): Promise<Response>;
    /** Tells whether the page adds headers: then a request must go by `send`. */
    adds_headers(): boolean;
  };
  /** Tells the page of an event. Two are for the scripts. `serve`: its detail carries out the page's calls, or is nothing
      where what does that could not be loaded. `copyDiagnostics`: the visitor wants them on the clipboard; the detail is
      called with whether they are. */
  emit(name: string, detail?: any): void;
  fatal(message: string): void;
}

/** What the page's calls need of a mounted module. */
interface ModuleSide {
  handle(): Handle;
  /** Whether the module runs, and is mounted. */
  isRunning(): boolean;
  /** Ends with the mounted widget. */
  signal: AbortSignal;
  /** Carries out the page's calls, once it is loaded. */
  carryOut?(call: import("./api/door.js").Call): void;
  /** Called when it is loaded, or could not be. */
  onServe?(): void;
  /** Called when the widget goes. */
  onEnd?(): void;
  /** Whether the scheme of the page's choice is kept. */
  keepsScheme?: boolean;
}

/** The module's handle on a mounted widget. */
interface Handle {
  open(): void;
  close(): void;
  /** Loads what carries out the page's calls. */
  load(): void;
  setLocale(locale: string, words?: Texts): void;
  unmount(): void;
}

/** Stands for the values of a package until packaging puts them there. */
declare const __BUILD__: any;
