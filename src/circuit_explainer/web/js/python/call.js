// Calls of the functions of worker.py; an answer is JSON. A worker that stays silent is dead.
import { failed, onMessage, running } from './life.js';

const ANSWER_WITHIN = 20_000; // ms: an exhibit takes well under a second, or says how far it is

let heardAt = 0; // when Python last said anything
let patient = 0; // how many calls may take as long as they like
onMessage(() => {
  heardAt = performance.now();
});

// Returns the answer; rejects when Python is gone, is silent or answers no JSON.
export function call(name, ...args) {
  return answer(name, args, JSON.parse, ANSWER_WITHIN);
}

// The same for what may take as long as it likes, since the reader can stop it; the answer is whatever comes.
export async function callPatiently(name, ...args) {
  patient += 1;
  try {
    return await answer(name, args, (given) => given);
  } finally {
    patient -= 1;
  }
}

async function answer(name, args, read, limit) {
  const mine = running();
  const xworker = await mine.promise;
  const silence = limit ? silent(limit) : { promise: mine.gone, end: () => {} };
  try {
    return read(await Promise.race([xworker.sync[name](...args), silence.promise, mine.gone]));
  } catch (error) {
    failed(mine, error);
    throw error;
  } finally {
    silence.end();
  }
}

// Rejects once the worker has said nothing for so long; while the reader can stop it, it may be silent.
function silent(limit) {
  const { promise, reject } = Promise.withResolvers();
  let timer = 0;
  heardAt = performance.now();
  const look = () => {
    const left = patient ? limit : heardAt + limit - performance.now();
    if (left > 0) timer = setTimeout(look, left);
    else reject(new Error(`Python did not answer for ${limit / 1000} s`));
  };
  look();
  return { promise, end: () => clearTimeout(timer) };
}
