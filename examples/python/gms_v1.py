#!/usr/bin/env python3
"""A chat over GMS Chat API Version 1: python3 gms_v1.py "Where is my parcel?"

A service comes first, then the one chat it has.
"""

import os
import time
from urllib.parse import quote, urlencode

from common import NAME, PACE, PATIENCE, TEXT, ChatError, call, converse, headers, run

KINDS = {"Notice.Joined": "joined", "Notice.Left": "left", "Message.Text": "message"}
ROLES = {"CLIENT": "visitor", "AGENT": "agent"}


def sample():
    own_headers = headers()

    def post(operation, path, accept=(), **fields):
        body = urlencode(fields).encode()
        return call(operation, "POST", path, "application/x-www-form-urlencoded", body, own_headers, accept)

    name = quote(os.environ.get("CHAT_SERVICE", "request-chat"), safe="")
    created = post("create service", f"/genesys/1/service/{name}")[1]
    service = f"/genesys/1/service/{created['_id']}"  # whoever knows the id is the visitor: do not print it
    chat = f"{service}/ixn/chat"

    def wait_for_agent():
        print("* waiting for an agent")
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if post("status", f"{service}/status")[1]["message"]["_status"] == "available":
                return
            time.sleep(PACE)
        raise ChatError(f"nobody answered within {PATIENCE:g} s")

    # A service that waits for an agent first (request-chat-poll) answers 503 until there is one.
    form = {"subject": "A sample", "userDisplayName": NAME}
    while (answer := post("create chat", chat, accept=(503,), **form))[0] == 503:
        wait_for_agent()
    position = answer[1]["transcriptPosition"]  # numbers come as strings

    def receive():
        # Reads what came after a position: exclusive here, unlike in version 2. An event is a list of five strings.
        nonlocal position
        reply = post("refresh", f"{chat}/refresh", transcriptPosition=position)[1]
        position = reply.get("transcriptPosition", position)
        events = [
            (KINDS.get(kind), ROLES.get(role), name, text)
            for kind, name, text, _seconds, role, *_ in reply.get("transcriptToShow") or []
        ]
        return events, reply["chatIxnState"] == "DISCONNECTED"

    converse(
        receive,
        lambda: post("send", f"{chat}/send", message=TEXT),
        lambda: post("disconnect", f"{chat}/disconnect"),
    )


run(sample)
