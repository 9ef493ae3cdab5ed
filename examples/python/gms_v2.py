#!/usr/bin/env python3
"""A chat over GMS Chat API Version 2: python3 gms_v2.py "Where is my parcel?"

Every call is a form by POST; the keys of the first reply go with all later ones.
"""

import os
from urllib.parse import quote, urlencode

from common import NAME, TEXT, ChatError, call, converse, headers, run

KINDS = {"ParticipantJoined": "joined", "ParticipantLeft": "left", "Message": "message"}
ROLES = {"Client": "visitor", "Agent": "agent"}


def sample():
    own_headers = headers()
    service = quote(os.environ.get("CHAT_SERVICE", "customer-support"), safe="")
    keys = {}

    def post(operation, path, **fields):
        body = urlencode({**keys, **fields}).encode()
        reply = call(operation, "POST", path, "application/x-www-form-urlencoded", body, own_headers)[1]
        if reply.get("statusCode") == 0:
            # The newest reply has the keys to use; they may change when a server takes over from another.
            keys.update({name: reply[name] for name in ("userId", "secureKey", "alias") if reply.get(name)})
        elif operation != "refresh":
            raise ChatError(f"{operation}: not now")
        return reply

    base = f"/genesys/2/chat/{service}"
    chat = base + "/" + post("request chat", base, nickname=NAME, subject="A sample")["chatId"]
    position = 1

    def receive():
        # Reads from a position, which is inclusive. Only a refresh moves it: the reply to a send counts everything
        # and, not asked for the transcript, shows nothing.
        nonlocal position
        reply = post("refresh", f"{chat}/refresh", transcriptPosition=position)
        if reply["statusCode"] == 1:
            return [], False  # try again, and trust no other field
        messages = [message for message in reply.get("messages") or [] if message.get("index", 0) >= position]
        if not reply.get("chatEnded"):  # the position of a chat that is over is not to be trusted
            position = reply["nextPosition"]
        return [event(message) for message in messages], bool(reply.get("chatEnded"))

    converse(
        receive,
        lambda: post("send", f"{chat}/send", message=TEXT, messageType="text"),
        lambda: post("disconnect", f"{chat}/disconnect"),
    )


def event(message):
    sender = message["from"]
    return KINDS.get(message["type"]), ROLES.get(sender["type"]), sender["nickname"], message.get("text")


run(sample)
