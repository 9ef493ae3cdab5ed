#!/usr/bin/env bash
# A chat over GMS Chat API Version 2, from a shell: ./gms-v2.sh "Where is my parcel?"
# Every call is a form by POST; the keys of the first reply go with all later ones.
. "$(dirname "$0")/common.sh"

base=/genesys/2/chat/${CHAT_SERVICE:-customer-support}
form=application/x-www-form-urlencoded
position=1

start() {
    local reply
    reply=$(printf 'nickname=%s&subject=A+sample' "$(encode "$NAME")" | call 'request chat' POST "$base" "$form")
    chat=$base/$(jq -r .chatId <<<"$reply")
    take_keys <<<"$reply"
}

# The newest reply has the keys to use; they may change when a server takes over from another.
take_keys() {
    keys=$(jq -r '"userId=\(.userId | @uri)&secureKey=\(.secureKey | @uri)&alias=\(.alias | tostring | @uri)"')
}

# Reads from a position, which is inclusive. Only a refresh moves it: the reply to a send counts everything and, not
# asked for the transcript, shows nothing.
receive() {
    local reply
    EVENTS=
    reply=$(printf '%s&transcriptPosition=%s' "$keys" "$position" |
        ACCEPT=later call refresh POST "$chat/refresh" "$form")
    case $(jq -r '.statusCode, .chatEnded // false' <<<"$reply" | paste -sd ' ' -) in
    '1 '*) return ;; # try again, and trust no other field
    *true) ENDED=1 ;; # the position of a chat that is over is not to be trusted, either
    *)
        take_keys <<<"$reply"
        next=$(jq -r .nextPosition <<<"$reply")
        ;;
    esac
    EVENTS=$(jq -r --arg position "$position" '.messages[]? | select((.index // 0) >= ($position | tonumber))
        | [({ParticipantJoined: "joined", ParticipantLeft: "left", Message: "message"}[.type] // "other"),
           ({Client: "visitor", Agent: "agent"}[.from.type] // "other"), .from.nickname, .text // ""]
        | map(gsub("\\p{C}"; " ")) | join("\u001f")' <<<"$reply")
    position=${next:-$position}
}

say() {
    printf '%s&messageType=text&message=%s' "$keys" "$(encode "$TEXT")" |
        call send POST "$chat/send" "$form" >/dev/null
}

end() {
    printf %s "$keys" | call disconnect POST "$chat/disconnect" "$form" >/dev/null
}

start
converse
