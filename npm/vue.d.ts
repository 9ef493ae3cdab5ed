import type { DefineComponent, MaybeRefOrGetter, ShallowRef } from "vue";
import type { Chat as LoadedChat, Events, Listeners, LiveOptions } from "./index.js";

/**
 * Has the chat on the page while the component is mounted, and follows its options. The value is null until the
 * launcher is there. A component that is unmounted takes the chat off the page; at the server it goes on, and is
 * taken up again.
 */
export declare function useChat(
  options: MaybeRefOrGetter<LiveOptions>,
  listeners?: Listeners,
): Readonly<ShallowRef<LoadedChat | null>>;

/** The chat as a component, which draws nothing itself. It exposes `chat`. */
export declare const Chat: DefineComponent<
  LiveOptions,
  { chat: Readonly<ShallowRef<LoadedChat | null>> },
  {},
  {},
  {},
  {},
  {},
  { [Name in keyof Events]: (detail: Events[Name]) => void }
>;
