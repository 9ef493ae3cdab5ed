// Card and account numbers in what the visitor writes, and how they are masked: as `crates/chat/src/mask.rs` does. Both
// are held to one table of cases, `crates/chat/tests/masking.json`.

/** How many characters at a number's end stay. */
const SHOWN = 4;

/** How many characters may stand between two digits of one number. */
const WIDEST_GAP = 3;

/** How many characters a number has. */
const CARD = { least: 13, most: 19 };
const IBAN = { least: 15, most: 34 };

/** The value of what is neither a digit nor a letter. */
const NONE = 36;

/** The zeros of the scripts that visitors type numbers in: Arabic, Persian, Devanagari, full-width. */
const ZEROS = [0x660, 0x6f0, 0x966, 0xff10];

/** What may stand between the digits of a number: blanks but no line breaks, what is typed or pasted as a hyphen (in
    Japanese that may be a long vowel's mark), and marks that are not seen. */
const SEPARATOR = /[\t \-\u00a0\u00ad\u2000-\u202f\u2060\u2212\u3000\u30fc\ufeff\uff0d]/;

/**
 * Masks the numbers of a text but for their last four characters. Each masked character becomes an asterisk.
 * @param {string} text
 * @param {MaskValues} kinds The kinds of numbers that are masked.
 */
export function maskNumbers(text, kinds) {
  let masked = "";
  for (let at = 0; at < text.length; ) {
    const { end, hidden } = findNumber(text, at, kinds);
    let seen = 0;
    for (; at < end; at += 1) {
      const isCounted = valueOf(text[at]) < NONE;
      if (isCounted) seen += 1;
      masked += isCounted && seen <= hidden ? "*" : text[at];
    }
  }
  return masked;
}

/**
 * Finds the number that begins at a place: the longest one, if there are several. Returns its end, and how many of its
 * digits and letters are to be masked. Where there is no number, that is the first character, and none.
 * @param {string} text
 * @param {number} begin
 * @param {MaskValues} kinds
 */
function findNumber(text, begin, { cards, ibans }) {
  const before = text[begin - 1] || " ";
  const first = valueOf(text[begin]);
  const isIban = first > 9;
  // Digits alone, or letters, too.
  const base = isIban ? NONE : 10;
  const { least, most } = isIban ? IBAN : CARD;
  const found = { end: begin + 1, hidden: 0 };
  // A number that begins with 0 or after a plus sign is a telephone number.
  const isWanted = isIban ? ibans && first < NONE : cards && first > 0 && before !== "+";
  if (!isWanted || valueOf(before) < base) return found;
  const checks = isIban ? checkIban() : checkCard();
  let count = 0;
  let gap = 0;
  for (let at = begin; at < text.length && count < most; at += 1) {
    const value = valueOf(text[at]);
    if (value >= base) {
      gap += 1;
      if (gap > WIDEST_GAP || !SEPARATOR.test(text[at])) break;
      continue;
    }
    gap = 0;
    // It begins with a country's two letters and two check digits.
    if (isIban && count < 4 && count < 2 !== value > 9) break;
    count += 1;
    const isRight = checks(value) && count >= least;
    const isWhole = at + 1 === text.length || valueOf(text[at + 1]) >= base;
    if (isRight && isWhole) Object.assign(found, { end: at + 1, hidden: count - SHOWN });
  }
  return found;
}

/** Creates what takes a card number digit by digit, and tells whether its check digit is right (ISO/IEC 7812). */
function checkCard() {
  let sum = 0;
  /** The same with the other digits doubled: with each digit the two change places. */
  let other = 0;
  /** @param {number} digit */
  return (digit) => {
    const doubled = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
    [sum, other] = [other + digit, sum + doubled];
    return sum % 10 === 0;
  };
}

/** Creates what takes an account number character by character, and tells whether its checksum is right (ISO 13616). */
function checkIban() {
  let count = 0;
  /** The remainders of the first four characters, which count as if they were the last, and of what follows. */
  let head = 0;
  let tail = 0;
  /** @param {number} value */
  return (value) => {
    const add = (rest) => (rest * (value > 9 ? 100 : 10) + value) % 97;
    if (count < 4) head = add(head);
    else tail = add(tail);
    count += 1;
    // The first four are six digits, as letters have two.
    return (tail * 1_000_000 + head) % 97 === 1;
  };
}

/** Returns the value of a digit, or of a letter in an account number.
    @param {string} character */
function valueOf(character) {
  const code = character.charCodeAt(0);
  for (const zero of ZEROS) if (code >= zero && code < zero + 10) return code - zero;
  return /[0-9a-z]/i.test(character) ? parseInt(character, NONE) : NONE;
}
