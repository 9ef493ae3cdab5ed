<?php
// A chat over GWS: php gws.php "Where is my parcel?"
// GWS takes JSON and identifies the caller by a constant header, `apikey` or `ContactCenterId`: never Authorization.
declare(strict_types=1);

require __DIR__ . '/common.php';

const KINDS = ['ParticipantJoined' => 'joined', 'ParticipantLeft' => 'left', 'Text' => 'message'];
const ROLES = ['Customer' => 'visitor', 'Agent' => 'agent'];

run(function (): void {
    $own = headers('apikey: the emulator does not check it');

    $post = fn (string $path, string $operation, array $fields = []): array => call($operation, $path, [
        'method' => 'POST',
        'header' => [...$own, 'Content-Type: application/json'],
        'content' => json_encode(['operationName' => $operation] + $fields, JSON_THROW_ON_ERROR),
    ])[1];
    $get = fn (string $what, string $path): array => call($what, $path, ['header' => $own])[1];

    $started = $post('/api/v2/chats', 'RequestChat', ['nickname' => NAME, 'subject' => 'A sample']);
    $chat = "/api/v2/chats/{$started['id']}"; // whoever knows the id is the visitor: do not print it
    $index = 1;

    // GetChat tells the state, GetTranscript what was said. Asked in this order, no last word is missed.
    $receive = function () use ($get, $chat, &$index): array {
        $ended = $get('GetChat', $chat)['chat']['state'] === 'Idle'; // the visitor has gone
        // Without an index the server would send what "the client" has not had, whoever that was: always send one.
        $messages = $get('GetTranscript', "$chat/messages?index=$index")['messages'] ?? [];
        $messages = array_filter($messages, fn ($message) => $message['index'] >= $index);
        if ($messages) {
            $index = last($messages)['index'] + 1; // inclusive: one after the last one seen
        }
        return [array_map('event', $messages), $ended];
    };

    converse(
        $receive,
        fn () => $post($chat, 'SendMessage', ['text' => TEXT]),
        fn () => $post($chat, 'Complete'),
    );
});

function event(array $message): array
{
    $from = $message['from'];
    $kind = KINDS[$message['type']] ?? null;
    return [$kind, ROLES[$from['type']] ?? null, $from['nickname'], $message['text'] ?? null];
}
