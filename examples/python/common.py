"""What the three samples share: settings, one HTTP call, and the conversation itself."""

import http.client
import json
import os
import sys
import time
from urllib import error, request

URL = os.environ.get("CHAT_URL", "http://127.0.0.1:8888").rstrip("/")
NAME = os.environ.get("CHAT_NAME", "Maria")
TEXT = sys.argv[1] if len(sys.argv) > 1 else "Where is my parcel?"
PACE = float(os.environ.get("CHAT_POLL_SECONDS", "3"))  # the vendor asks for 3 to 5 s
PATIENCE = float(os.environ.get("CHAT_PATIENCE_SECONDS", "60"))


class ChatError(Exception):
    """Says what went wrong, for people."""


def headers(default=""):
    """Reads the operator's own headers, one a line."""
    lines = os.environ.get("CHAT_HEADERS", default).splitlines()
    found = dict([part.strip() for part in line.split(":", 1)] for line in lines if ":" in line)
    if any(name.lower() == "authorization" for name in found):
        raise ChatError("Authorization is not a visitor's header")
    return found


def call(what, method, path, kind, body, own_headers, accept=()):
    """Sends one request; the status and the JSON of the reply. Statuses but 200 and those accepted are errors.

    Errors name the operation, never the path or the body: those hold what makes the caller the visitor.
    """
    asked = request.Request(URL + path, data=body, method=method, headers=own_headers)
    if body is not None:
        asked.add_header("Content-Type", kind)
    try:
        with request.urlopen(asked, timeout=10) as reply:
            status, text = reply.status, reply.read()
    except error.HTTPError as refusal:
        status, text = refusal.code, refusal.read()
    except (OSError, http.client.HTTPException):
        raise ChatError(f"{what}: no answer from {URL}") from None
    try:
        answer = json.loads(text or b"{}")
    except ValueError:
        answer = {}
    if not isinstance(answer, dict):
        answer = {}
    if status in accept:
        return status, answer
    if status != 200:
        raise ChatError(f"{what}: HTTP {status} {reason(answer)}".rstrip())
    # A refusal may come as HTTP 200: 1 = try again, 2 = never.
    if answer.get("statusCode", 0) not in (0, 1):
        raise ChatError(f"{what}: refused: {reason(answer)}")
    return status, answer


def reason(answer):
    """Reads a server's words out of an error, whichever server it is."""
    words = [f"{one.get('code')} {one.get('advice', '')}" for one in answer.get("errors") or []]
    words += [answer[name] for name in ("statusMessage", "message") if isinstance(answer.get(name), str)]
    return plain("; ".join(words))


def plain(text):
    """Takes out what would steer a terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text or "")


def converse(receive, say, end):
    """Shows what comes, says the text once an agent is there, and returns when it was answered.

    `receive` gives the new events, as (kind, role, name, text), and whether the chat is over.
    """
    there = asked = heard = answered = ended = False
    deadline = time.monotonic() + PATIENCE
    try:
        while time.monotonic() < deadline:
            events, ended = receive()
            for kind, role, name, text in events:
                if kind in ("joined", "left"):
                    print(f"* {plain(name)} has {kind}")
                elif kind == "message":
                    print(f"{plain(name)}: {plain(text)}")
                else:
                    continue  # typing, and whatever servers invent
                there = there or (role == "agent" and kind != "left")
                heard = heard or (role == "visitor" and kind == "message")
                answered = answered or (role == "agent" and kind == "message" and heard)
            if answered:
                return
            if ended:
                raise ChatError("the chat ended before anybody answered")
            if there and not asked:
                say()
                asked = True
            time.sleep(PACE)
        raise ChatError(f"nobody answered within {PATIENCE:g} s")
    finally:
        if not ended:
            end()
            print("* the chat has ended")


def run(sample):
    """Runs a sample; an error is one line and status 1."""
    sys.stdout.reconfigure(encoding="utf-8")
    try:
        sample()
    except ChatError as problem:
        sys.exit(f"error: {problem}")
