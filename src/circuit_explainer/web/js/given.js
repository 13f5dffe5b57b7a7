// What an address or a file gave.

// Returns what stands behind the "#" of an address as text; where it is no text, as it stands.
export function unescaped(hash) {
  try {
    return decodeURIComponent(hash);
  } catch {
    return hash;
  }
}

const LONGEST = 40; // characters; a name may be as long as a book
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu; // some of them turn the line

// Returns a text as a sentence may hold it: cut, and signs that nobody sees as their numbers.
export function told(text) {
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return cut.replace(UNSEEN, (sign) => `\\u{${sign.codePointAt(0).toString(16)}}`);
}
