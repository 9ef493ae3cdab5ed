<?php
// A chat over GMS Chat API Version 1: php gms-v1.php "Where is my parcel?"
// A service comes first, then the one chat it has.
declare(strict_types=1);

require __DIR__ . '/common.php';

const KINDS = ['Notice.Joined' => 'joined', 'Notice.Left' => 'left', 'Message.Text' => 'message'];
const ROLES = ['CLIENT' => 'visitor', 'AGENT' => 'agent'];

run(function (): void {
    $own = headers();
    $post = fn (string $what, string $path, array $fields = [], array $accept = []): array => call($what, $path, [
        'method' => 'POST',
        'header' => [...$own, 'Content-Type: application/x-www-form-urlencoded'],
        'content' => http_build_query($fields),
    ], $accept);

    $kind = rawurlencode(getenv('CHAT_SERVICE') ?: 'request-chat');
    [, $created] = $post('create service', "/genesys/1/service/$kind");
    $service = "/genesys/1/service/{$created['_id']}"; // whoever knows the id is the visitor: do not print it
    $chat = "$service/ixn/chat";

    $wait_for_agent = function () use ($post, $service): void {
        echo "* waiting for an agent\n";
        $deadline = microtime(true) + PATIENCE;
        while (microtime(true) < $deadline) {
            if ($post('status', "$service/status")[1]['message']['_status'] === 'available') {
                return;
            }
            usleep((int) (PACE * 1e6));
        }
        throw new ChatError('nobody answered within ' . PATIENCE . ' s');
    };

    // A service that waits for an agent first (request-chat-poll) answers 503 until there is one.
    $form = ['subject' => 'A sample', 'userDisplayName' => NAME];
    while (([$status, $started] = $post('create chat', $chat, $form, [503])) && $status === 503) {
        $wait_for_agent();
    }
    $position = $started['transcriptPosition']; // numbers come as strings

    // Reads what came after a position: exclusive here, unlike in version 2. An event is a list of five strings.
    $receive = function () use ($post, $chat, &$position): array {
        [, $reply] = $post('refresh', "$chat/refresh", ['transcriptPosition' => $position]);
        $position = $reply['transcriptPosition'] ?? $position;
        $event = fn (array $one): array => [KINDS[$one[0]] ?? null, ROLES[$one[4]] ?? null, $one[1], $one[2]];
        return [array_map($event, $reply['transcriptToShow'] ?? []), $reply['chatIxnState'] === 'DISCONNECTED'];
    };

    converse(
        $receive,
        fn () => $post('send', "$chat/send", ['message' => TEXT]),
        fn () => $post('disconnect', "$chat/disconnect"),
    );
});
