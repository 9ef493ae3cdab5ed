#!/usr/bin/env python3
"""A chat over GWS: python3 gws.py "Where is my parcel?"

GWS takes JSON and identifies the caller by a constant header, `apikey` or `ContactCenterId`: never Authorization.
"""

import json

from common import NAME, TEXT, call, converse, headers, run

KINDS = {"ParticipantJoined": "joined", "ParticipantLeft": "left", "Text": "message"}
ROLES = {"Customer": "visitor", "Agent": "agent"}


def sample():
    own_headers = headers("apikey: the emulator does not check it")

    def post(path, operation, **fields):
        body = json.dumps({"operationName": operation, **fields}).encode()
        return call(operation, "POST", path, "application/json", body, own_headers)[1]

    def get(operation, path):
        return call(operation, "GET", path, None, None, own_headers)[1]

    started = post("/api/v2/chats", "RequestChat", nickname=NAME, subject="A sample")
    chat = f"/api/v2/chats/{started['id']}"  # whoever knows the id is the visitor: do not print it
    index = 1

    def receive():
        # GetChat tells the state, GetTranscript what was said. Asked in this order, no last word is missed.
        nonlocal index
        ended = get("GetChat", chat)["chat"]["state"] == "Idle"  # the visitor has gone
        # Without an index the server would send what "the client" has not had, whoever that was: always send one.
        messages = get("GetTranscript", f"{chat}/messages?index={index}").get("messages") or []
        messages = [message for message in messages if message["index"] >= index]
        if messages:
            index = messages[-1]["index"] + 1  # inclusive: one after the last one seen
        return [event(message) for message in messages], ended

    converse(receive, lambda: post(chat, "SendMessage", text=TEXT), lambda: post(chat, "Complete"))


def event(message):
    sender = message["from"]
    return KINDS.get(message["type"]), ROLES.get(sender["type"]), sender["nickname"], message.get("text")


run(sample)
