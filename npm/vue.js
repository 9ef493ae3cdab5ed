// The chat in Vue.

import { defineComponent, onBeforeUnmount, onMounted, shallowRef, toValue, watch } from "vue";
import { EVENTS } from "./chat.js";
import { controlChat } from "./control.js";

/**
 * Has the chat on the page while the component is mounted.
 * @param {import("vue").MaybeRefOrGetter<import("./index.js").LiveOptions>} options
 * @param {import("./index.js").Listeners} [listeners]
 */
export function useChat(options, listeners = {}) {
  /** @type {import("vue").ShallowRef<import("./index.js").Chat | null>} */
  const chat = shallowRef(null);
  let control;
  let isMounted = false;
  const begin = () => {
    control = controlChat(toValue(options), {
      onChat: (loaded) => (chat.value = loaded),
      onEvent(name, detail) {
        if (listeners[name]) listeners[name](detail);
      },
    });
  };
  const end = () => {
    control.release();
    chat.value = null;
  };
  // Servers mount nothing.
  onMounted(() => {
    isMounted = true;
    begin();
  });
  onBeforeUnmount(() => {
    isMounted = false;
    end();
  });
  watch(
    () => String(toValue(options).src),
    () => {
      if (!isMounted) return;
      end();
      begin();
    },
  );
  watch(() => ({ ...toValue(options) }), (now) => isMounted && control.update(now), { deep: true });
  return chat;
}

/** The chat as a component, which draws nothing itself. */
export const Chat = defineComponent({
  name: "Chat",
  props: {
    src: { type: [String, Object], required: true },
    nonce: String,
    integrity: String,
    crossOrigin: String,
    open: Boolean,
    locale: String,
    prefill: Object,
    theme: [String, Object],
    userData: Object,
  },
  emits: EVENTS,
  setup(props, { emit, expose }) {
    const listeners = {};
    for (const name of EVENTS) listeners[name] = (detail) => emit(name, detail);
    const chat = useChat(() => /** @type {any} */ (props), listeners);
    expose({ chat });
    return () => null;
  },
});
