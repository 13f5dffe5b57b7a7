// Files that Python lacks and says so, which the page brings: models, and the part of our package for the workbench.
import { checked } from '../checked.js';
import files from '../files.js';
import { ask } from '../where.js';
import { call } from './call.js';
import { notice } from './status.js';
import { LOADING, fileMissing } from './words.js';

const fetched = new Map(); // name -> promise of its bytes, for the whole visit
const failed = new Set(); // names of files that could not be had at first

// Calls a function of worker.py, bringing what it lacks. `again` is what Retry does when a file cannot be had.
export async function callBringing(name, request, again) {
  for (;;) {
    const answer = await call(name, JSON.stringify(request));
    if (!answer.needs) return answer;
    try {
      await provide(answer.needs);
      notice('files');
    } catch (error) {
      notice('files', error.file && fileMissing(error.message), { retry: again });
      throw error;
    }
  }
}

// Brings Python a file that it lacks.
export async function provide(name) {
  notice('loading', LOADING, { aloud: '' });
  try {
    await call('add_file', name, await bring(name));
  } finally {
    notice('loading');
  }
}

// Starts to fetch what a page will need; a failure is told when it is needed.
export function fetchEarly(names) {
  for (const name of names) bring(name).catch(() => {});
}

function bring(name) {
  if (!fetched.has(name)) {
    const path = files.parts[name] ?? files.models + name;
    const bytes = ask(path, failed.has(name)).then(async (response) => {
      if (!response.ok) throw new Error(response.status);
      return new Uint8Array(await checked(path, await response.arrayBuffer().catch(() => {
        throw new Error('it broke off');
      })));
    }).catch((error) => {
      fetched.delete(name);
      failed.add(name);
      throw Object.assign(new Error(`${name} could not be downloaded (${error.message})`), { file: name });
    });
    fetched.set(name, bytes);
  }
  return fetched.get(name);
}
