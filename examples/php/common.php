<?php
// What the three samples share: settings, one HTTP call, and the conversation itself.
declare(strict_types=1);

define('URL', rtrim(getenv('CHAT_URL') ?: 'http://127.0.0.1:8888', '/'));
define('NAME', getenv('CHAT_NAME') ?: 'Maria');
define('TEXT', $argv[1] ?? 'Where is my parcel?');
define('PACE', (float) (getenv('CHAT_POLL_SECONDS') ?: 3)); // the vendor asks for 3 to 5 s
define('PATIENCE', (float) (getenv('CHAT_PATIENCE_SECONDS') ?: 60));

/** Says what went wrong, for people. */
class ChatError extends Exception {}

/** Reads the operator's own headers, one a line. */
function headers(string $default = ''): array
{
    $set = getenv('CHAT_HEADERS');
    $lines = array_filter(array_map('trim', explode("\n", $set === false ? $default : $set)));
    if (preg_grep('/^authorization\s*:/i', $lines)) {
        throw new ChatError("Authorization is not a visitor's header");
    }
    return array_values($lines);
}

/**
 * Sends one request; the status and the JSON of the reply. Statuses but 200 and those accepted are errors.
 * Errors name the operation, never the path or the body: those hold what makes the caller the visitor.
 */
function call(string $what, string $path, array $request, array $accept = []): array
{
    $request += ['method' => 'GET', 'timeout' => 10, 'ignore_errors' => true, 'protocol_version' => 1.1];
    $request['header'][] = 'Connection: close';
    $stream = @fopen(URL . $path, 'r', false, stream_context_create(['http' => $request]));
    if (!$stream) {
        throw new ChatError("$what: no answer from " . URL);
    }
    // With redirects there are several status lines: the last one counts.
    $status = (int) substr(last(preg_grep('~^HTTP/~', stream_get_meta_data($stream)['wrapper_data'])), 9, 3);
    $text = stream_get_contents($stream);
    $answer = json_decode($text === false ? '' : $text, true);
    $answer = is_array($answer) ? $answer : [];
    if (in_array($status, $accept, true)) {
        return [$status, $answer];
    }
    if ($status !== 200) {
        throw new ChatError(rtrim("$what: HTTP $status " . reason($answer)));
    }
    // A refusal may come as HTTP 200: 1 = try again, 2 = never.
    if (($answer['statusCode'] ?? 0) > 1) {
        throw new ChatError("$what: refused: " . reason($answer));
    }
    return [$status, $answer];
}

/** Reads a server's words out of an error, whichever server it is. */
function reason(array $answer): string
{
    $words = array_map(fn ($one) => "{$one['code']} " . ($one['advice'] ?? ''), $answer['errors'] ?? []);
    $words = [...$words, $answer['statusMessage'] ?? null, $answer['message'] ?? null];
    return plain(implode('; ', array_filter($words, 'is_string')));
}

/** Takes out what would steer a terminal. */
function plain(?string $text): string
{
    return preg_replace('/\p{C}/u', ' ', $text ?? '') ?? '';
}

function last(array $list): mixed
{
    return $list ? $list[array_key_last($list)] : '';
}

/**
 * Shows what comes, says the text once an agent is there, and returns when it was answered.
 * $receive gives the new events, as [kind, role, name, text], and whether the chat is over.
 */
function converse(callable $receive, callable $say, callable $end): void
{
    $there = $asked = $heard = $answered = $ended = false;
    $deadline = microtime(true) + PATIENCE;
    try {
        while (microtime(true) < $deadline) {
            [$events, $ended] = $receive();
            foreach ($events as [$kind, $role, $name, $text]) {
                if ($kind === 'joined' || $kind === 'left') {
                    echo '* ', plain($name), " has $kind\n";
                } elseif ($kind === 'message') {
                    echo plain($name), ': ', plain($text), "\n";
                } else {
                    continue; // typing, and whatever servers invent
                }
                $there = $there || ($role === 'agent' && $kind !== 'left');
                $heard = $heard || ($role === 'visitor' && $kind === 'message');
                $answered = $answered || ($role === 'agent' && $kind === 'message' && $heard);
            }
            if ($answered) {
                return;
            }
            if ($ended) {
                throw new ChatError('the chat ended before anybody answered');
            }
            if ($there && !$asked) {
                $say();
                $asked = true;
            }
            usleep((int) (PACE * 1e6));
        }
        throw new ChatError('nobody answered within ' . PATIENCE . ' s');
    } finally {
        if (!$ended) {
            $end();
            echo "* the chat has ended\n";
        }
    }
}

/** Runs a sample; an error is one line and status 1. */
function run(callable $sample): void
{
    try {
        $sample();
    } catch (ChatError $problem) {
        fwrite(STDERR, "error: {$problem->getMessage()}\n");
        exit(1);
    }
}
