# What the three samples share: settings, one HTTP call, and the conversation itself.
set -euo pipefail

URL=${CHAT_URL:-http://127.0.0.1:8888}
URL=${URL%/}
NAME=${CHAT_NAME:-Maria}
TEXT=${1:-Where is my parcel?}
PACE=${CHAT_POLL_SECONDS:-3} # the vendor asks for 3 to 5 s
PATIENCE=${CHAT_PATIENCE_SECONDS:-60}
ENDED=

fail() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

for program in curl jq; do
    command -v "$program" >/dev/null || fail "this sample needs $program"
done
if grep -qi '^ *authorization *:' <<<"${CHAT_HEADERS:-}"; then
    fail "Authorization is not a visitor's header"
fi

# Writes the request's headers, one a line.
headers() {
    if [ -n "${CHAT_HEADERS:-}" ]; then printf '%s\n' "$CHAT_HEADERS"; fi
    if [ -n "$1" ]; then printf 'Content-Type: %s\n' "$1"; fi
}

# call WHAT METHOD PATH [TYPE]: sends what is on standard input (with a TYPE) and writes the reply's body. Fails with
# what the server said, but for the statuses in ACCEPT.
# Keys and headers go through files without a name: other users of a machine can read the arguments of its programs.
call() {
    local what=$1 method=$2 path=$3 type=${4:-} reply status
    # shellcheck disable=SC2086 # two words, or none
    reply=$(curl --silent --max-time 10 --request "$method" --write-out '\n%{http_code}' \
        --header @<(headers "$type") ${type:+--data-binary @-} "$URL$path") || fail "$what: no answer from $URL"
    status=${reply##*$'\n'}
    reply=${reply%$'\n'*}
    case " 200 ${ACCEPT:-} " in
    *" $status "*) if [ "$status" = 200 ]; then printf '%s' "$reply"; else printf '{"http": %s}' "$status"; fi ;;
    *) fail "$what: HTTP $status $(reason <<<"$reply")" ;;
    esac
    # A refusal may come as HTTP 200: 1 = try again, 2 = never.
    case $(jq -r '.statusCode? // 0' <<<"$reply" 2>/dev/null) in
    0 | '') ;;
    1) [ "${ACCEPT:-}" = later ] || fail "$what: not now" ;;
    *) fail "$what: refused: $(reason <<<"$reply")" ;;
    esac
}

# Reads a server's words out of an error, whichever server it is.
reason() {
    jq -r '[(.errors[]? | "\(.code) \(.advice // "")"), .statusMessage?, .message?]
        | map(strings) | join("; ") | gsub("\\p{C}"; " ")' 2>/dev/null || true
}

encode() {
    printf %s "$1" | jq -sRr @uri
}

# Shows what comes, says the text once an agent is there, and returns when it was answered.
# The dialect brings `receive` (sets EVENTS to lines of kind, role, name, text, and ENDED), `say` and `end`.
converse() {
    local there='' asked='' heard='' answered='' kind role name text
    local deadline=$((SECONDS + PATIENCE))
    trap 'if [ -z "$ENDED" ]; then end && echo "* the chat has ended"; fi' EXIT
    while [ "$SECONDS" -lt "$deadline" ]; do
        receive
        while IFS=$'\x1f' read -r kind role name text; do
            case $kind in
            joined | left) printf '* %s has %s\n' "$name" "$kind" ;;
            message) printf '%s: %s\n' "$name" "$text" ;;
            *) continue ;; # typing, and whatever servers invent
            esac
            case $role-$kind in
            visitor-message) heard=1 ;;
            agent-message) answered=$heard there=1 ;;
            agent-joined) there=1 ;;
            esac
        done <<<"$EVENTS"
        if [ -n "$answered" ]; then return; fi
        if [ -n "$ENDED" ]; then fail "the chat ended before anybody answered"; fi
        if [ -n "$there" ] && [ -z "$asked" ]; then
            say
            asked=1
        fi
        sleep "$PACE"
    done
    fail "nobody answered within $PATIENCE s"
}
