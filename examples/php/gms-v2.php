<?php
// A chat over GMS Chat API Version 2: php gms-v2.php "Where is my parcel?"
// Every call is a form by POST; the keys of the first reply go with all later ones.
declare(strict_types=1);

require __DIR__ . '/common.php';

const KINDS = ['ParticipantJoined' => 'joined', 'ParticipantLeft' => 'left', 'Message' => 'message'];
const ROLES = ['Client' => 'visitor', 'Agent' => 'agent'];

run(function (): void {
    $own = headers();
    $keys = [];

    $post = function (string $what, string $path, array $fields = []) use ($own, &$keys): array {
        [, $reply] = call($what, $path, [
            'method' => 'POST',
            'header' => [...$own, 'Content-Type: application/x-www-form-urlencoded'],
            'content' => http_build_query($keys + $fields),
        ]);
        if (($reply['statusCode'] ?? null) === 0) {
            // The newest reply has the keys to use; they may change when a server takes over from another.
            $new = array_intersect_key($reply, array_flip(['userId', 'secureKey', 'alias']));
            $keys = array_filter($new, fn ($key) => $key !== null) + $keys;
        } elseif ($what !== 'refresh') {
            throw new ChatError("$what: not now");
        }
        return $reply;
    };

    $base = '/genesys/2/chat/' . rawurlencode(getenv('CHAT_SERVICE') ?: 'customer-support');
    $started = $post('request chat', $base, ['nickname' => NAME, 'subject' => 'A sample']);
    $chat = "$base/{$started['chatId']}";
    $position = 1;

    // Reads from a position, which is inclusive. Only a refresh moves it: the reply to a send counts everything and, not
    // asked for the transcript, shows nothing.
    $receive = function () use ($post, $chat, &$position): array {
        $reply = $post('refresh', "$chat/refresh", ['transcriptPosition' => $position]);
        if ($reply['statusCode'] === 1) {
            return [[], false]; // try again, and trust no other field
        }
        $messages = array_filter($reply['messages'] ?? [], fn ($message) => ($message['index'] ?? 0) >= $position);
        $ended = (bool) ($reply['chatEnded'] ?? false);
        if (!$ended) { // the position of a chat that is over is not to be trusted
            $position = $reply['nextPosition'];
        }
        return [array_map('event', $messages), $ended];
    };

    converse(
        $receive,
        fn () => $post('send', "$chat/send", ['message' => TEXT, 'messageType' => 'text']),
        fn () => $post('disconnect', "$chat/disconnect"),
    );
});

function event(array $message): array
{
    $from = $message['from'];
    $kind = KINDS[$message['type']] ?? null;
    return [$kind, ROLES[$from['type']] ?? null, $from['nickname'], $message['text'] ?? null];
}
