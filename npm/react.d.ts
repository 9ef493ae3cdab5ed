import type { Chat as LoadedChat, Events, Listeners, LiveOptions } from "./index.js";

/**
 * Has the chat on the page while the component is mounted, and follows its options. Returns null until the launcher
 * is there. A component that is unmounted takes the chat off the page; at the server it goes on, and is taken up again.
 */
export declare function useChat(options: LiveOptions, listeners?: Listeners): LoadedChat | null;

/** Options, and functions for events: `onOpened`, `onMessage`, … */
export type ChatProps = LiveOptions & {
  [Name in keyof Events as `on${Capitalize<Name>}`]?: (detail: Events[Name]) => void;
};

/** The chat as a component, which draws nothing itself. */
export declare function Chat(props: ChatProps): null;
