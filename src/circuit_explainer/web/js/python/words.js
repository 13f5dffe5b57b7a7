// What the page says while Python is on its way.
import { totalBytes } from './life.js';

const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
const READ_ON = 'You can read on meanwhile.';

const SENTENCES = {
  downloading: ({ bytes, ran }) => `${ran ? 'Python stopped and starts again' : 'Downloading Python'}: ${megabytes(bytes)} of ${megabytes(totalBytes)} MB. ${READ_ON}`,
  starting: () => `Starting Python and loading numpy. ${READ_ON}`,
  failed: ({ why, ran }) => `Python ${ran ? 'stopped' : 'did not start'}: ${why}. The charts show their last state; check the connection, then retry.`,
};
const SPOKEN = {
  downloading: ({ ran }) => (ran ? 'Python stopped and starts again.' : `Downloading Python, ${megabytes(totalBytes)} MB. ${READ_ON}`),
  ready: () => 'Python is ready.',
};

// Return the sentence for a state of Python, to be read and to be heard, or nothing where nothing needs saying.
export const sentence = (state) => SENTENCES[state.phase]?.(state) ?? '';
export const spoken = (state) => (SPOKEN[state.phase] ?? SENTENCES[state.phase])?.(state) ?? '';

export const LOADING = 'Loading what this page needs.';
export const fileMissing = (why) => `A file is missing: ${why}. The charts show their last state; check the connection, then retry.`;
export const chartsMissing = (why) => `The charts are missing: ${why}. Sentences and tables still work; check the connection, then retry.`;
