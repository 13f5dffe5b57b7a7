// What the page says while Python is on its way.
import { totalBytes } from './python.js';

const megabytes = (bytes) => (bytes / 1e6).toFixed(1);

const SENTENCES = {
  downloading: ({ bytes }) => `Downloading Python: ${megabytes(bytes)} of ${megabytes(totalBytes)} MB. You can read on meanwhile.`,
  starting: () => 'Starting Python and loading numpy. You can read on meanwhile.',
  opening: () => 'Loading the model.',
  failed: ({ why }) => `Python did not start: ${why}. The charts show their first state; check the connection, then retry.`,
  incomplete: ({ why }) => `The model is missing: ${why}. The charts show their first state; check the connection, then retry.`,
};

// Returns the sentence for a state of Python, or nothing where nothing needs saying.
export const sentence = (state) => SENTENCES[state.phase]?.(state) ?? '';
