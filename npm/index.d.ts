import type { Answers, Chat, Events, Theme, Scheme, UserData } from "./types.js";

export type * from "./types.js";

/** Where the chat comes from, and how it begins. */
export interface ChatOptions {
  /** The address of the tenant's `widget.js`, also as a `URL`; where the page enforces Trusted Types, a `TrustedScriptURL`. */
  src: string | { toJSON(): string };
  /** The nonce of the page's policy. */
  nonce?: string;
  /** The digest of the script, for an address whose content never changes. */
  integrity?: string;
  /** Whether the script is asked for with CORS; `anonymous` where there is an `integrity`. */
  crossOrigin?: "anonymous" | "use-credentials";
  /** Whether the panel is open at first. The focus stays with the page. */
  open?: boolean;
  /** The language; without one, the page's. */
  locale?: string;
  /** What the form begins with. */
  prefill?: Answers;
}

/** Options that a component may change while the chat is on the page. */
export interface LiveOptions extends ChatOptions {
  /** A scheme, design tokens, or both. */
  theme?: Scheme | Theme;
  /** Names and values for the contact centre. */
  userData?: UserData;
}

/** Functions for events, by their names. */
export type Listeners = { [Name in keyof Events]?: (detail: Events[Name]) => void };

/**
 * Puts the chat on the page, if it is not there, and resolves with it. The launcher is there then; what it needs
 * to chat is loaded by itself. However often it is called, there is one chat for each script. Rejects if the script
 * cannot be loaded, and on a server; calling again tries again.
 */
export declare function loadChat(options: ChatOptions): Promise<Chat>;

/** The names of the events. */
export declare const EVENTS: readonly (keyof Events)[];
