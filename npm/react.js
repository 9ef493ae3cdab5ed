"use client";
// The chat in React.

import { useEffect, useRef, useState } from "react";
import { EVENTS } from "./chat.js";
import { controlChat } from "./control.js";

/** The props that hear of events: `onOpened` of "opened". */
const PROPS = EVENTS.map((name) => [name, `on${name[0].toUpperCase()}${name.slice(1)}`]);

/**
 * Has the chat on the page while the component is mounted.
 * @param {import("./index.js").LiveOptions} options
 * @param {import("./index.js").Listeners} [listeners]
 */
export function useChat(options, listeners = {}) {
  const [chat, setChat] = useState(null);
  const latest = useRef({ options, listeners });
  const control = useRef(null);
  useEffect(() => {
    latest.current = { options, listeners };
    if (control.current) control.current.update(options);
  });
  const src = options.src && String(options.src);
  useEffect(() => {
    const own = controlChat(latest.current.options, {
      onChat: setChat,
      onEvent(name, detail) {
        const hear = latest.current.listeners[name];
        if (hear) hear(detail);
      },
    });
    control.current = own;
    return () => {
      own.release();
      control.current = null;
      setChat(null);
    };
  }, [src]);
  return chat;
}

/**
 * The chat as a component, which draws nothing itself.
 * @param {import("./react.js").ChatProps} props
 */
export function Chat(props) {
  /** @type {any} */
  const options = {};
  for (const name of OPTIONS) options[name] = props[name];
  const listeners = {};
  for (const [name, prop] of PROPS) if (props[prop]) listeners[name] = props[prop];
  useChat(options, listeners);
  return null;
}

const OPTIONS = ["src", "nonce", "integrity", "crossOrigin", "open", "locale", "prefill", "theme", "userData"];
