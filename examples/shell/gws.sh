#!/usr/bin/env bash
# A chat over GWS, from a shell: ./gws.sh "Where is my parcel?"
# GWS takes JSON and identifies the caller by a constant header, `apikey` or `ContactCenterId`: never Authorization.
CHAT_HEADERS=${CHAT_HEADERS-apikey: the emulator does not check it}
. "$(dirname "$0")/common.sh"

index=1

start() {
    local reply
    reply=$(jq -n --arg name "$NAME" '{operationName: "RequestChat", nickname: $name, subject: "A sample"}' |
        call RequestChat POST /api/v2/chats application/json)
    # Whoever knows the id is the visitor: do not print it.
    chat=/api/v2/chats/$(jq -r .id <<<"$reply")
}

# GetChat tells the state, GetTranscript what was said. Asked in this order, no last word is missed.
# Without an index the server would send what "the client" has not had, whoever that was: always send one.
receive() {
    local reply
    reply=$(call GetChat GET "$chat" </dev/null)
    # Idle: the visitor has gone.
    if [ "$(jq -r .chat.state <<<"$reply")" = Idle ]; then ENDED=1; fi
    reply=$(call GetTranscript GET "$chat/messages?index=$index" </dev/null)
    EVENTS=$(jq -r --arg index "$index" '.messages[]? | select(.index >= ($index | tonumber))
        | [({ParticipantJoined: "joined", ParticipantLeft: "left", Text: "message"}[.type] // "other"),
           ({Customer: "visitor", Agent: "agent"}[.from.type] // "other"), .from.nickname, .text // ""]
        | map(gsub("\\p{C}"; " ")) | join("\u001f")' <<<"$reply")
    # Inclusive: the next one that is wanted is one after the last one seen.
    index=$(jq --arg index "$index" '[.messages[]?.index + 1, ($index | tonumber)] | max' <<<"$reply")
}

say() {
    printf %s "$TEXT" | jq -sR '{operationName: "SendMessage", text: .}' |
        call SendMessage POST "$chat" application/json >/dev/null
}

end() {
    jq -n '{operationName: "Complete"}' | call Complete POST "$chat" application/json >/dev/null
}

start
converse
