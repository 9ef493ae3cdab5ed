#!/usr/bin/env bash
# A chat over GMS Chat API Version 1, from a shell: ./gms-v1.sh "Where is my parcel?"
# A service comes first, then the one chat it has.
. "$(dirname "$0")/common.sh"

form=application/x-www-form-urlencoded

start() {
    local reply
    reply=$(call 'create service' POST "/genesys/1/service/${CHAT_SERVICE:-request-chat}" "$form" </dev/null)
    # Whoever knows the id is the visitor: do not print it.
    service=/genesys/1/service/$(jq -r ._id <<<"$reply")
    # A service that waits for an agent first (request-chat-poll) answers 503 until there is one.
    while :; do
        reply=$(printf 'subject=A+sample&userDisplayName=%s' "$(encode "$NAME")" |
            ACCEPT=503 call 'create chat' POST "$service/ixn/chat" "$form")
        if [ "$(jq -r .http <<<"$reply")" != 503 ]; then break; fi
        wait_for_agent
    done
    # Numbers come as strings.
    position=$(jq -r .transcriptPosition <<<"$reply")
}

wait_for_agent() {
    local status=''
    echo '* waiting for an agent'
    until [ "$status" = available ]; do
        if [ "$SECONDS" -ge "$PATIENCE" ]; then fail "nobody answered within $PATIENCE s"; fi
        sleep "$PACE"
        status=$(call status POST "$service/status" "$form" </dev/null | jq -r .message._status)
    done
}

# Reads what came after a position: exclusive here, unlike in version 2. An event is a list of five strings.
receive() {
    local reply
    reply=$(printf 'transcriptPosition=%s' "$position" | call refresh POST "$service/ixn/chat/refresh" "$form")
    if [ "$(jq -r .chatIxnState <<<"$reply")" = DISCONNECTED ]; then ENDED=1; fi
    EVENTS=$(jq -r '.transcriptToShow[]?
        | [({"Notice.Joined": "joined", "Notice.Left": "left", "Message.Text": "message"}[.[0]] // "other"),
           ({CLIENT: "visitor", AGENT: "agent"}[.[4]] // "other"), .[1], .[2]]
        | map(gsub("\\p{C}"; " ")) | join("\u001f")' <<<"$reply")
    position=$(jq -r --arg position "$position" '.transcriptPosition // $position' <<<"$reply")
}

say() {
    printf 'message=%s' "$(encode "$TEXT")" | call send POST "$service/ixn/chat/send" "$form" >/dev/null
}

end() {
    call disconnect POST "$service/ixn/chat/disconnect" "$form" </dev/null >/dev/null
}

start
converse
