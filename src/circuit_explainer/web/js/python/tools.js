// Tools of the workbench: what Python does that is no function of controls. workbench/tools.py has their other side.
import { provide } from './brought.js';
import { callPatiently } from './call.js';
import { onMessage } from './life.js';

export { restart } from './life.js';

// Resolves to what the tool answers, with a file's bytes as `file`. Rejects with a sentence when the tool says that
// something is wrong, and when Python is gone. A file that the tool lacks is brought, and the tool asked again.
export async function ask(tool, command, request = {}, { data } = {}) {
  const [text, file] = await callPatiently('tool', JSON.stringify({ tool, command, request }), ...(data ? [data] : []));
  const answer = JSON.parse(text);
  if (answer.needs) {
    await provide(answer.needs);
    return ask(tool, command, request, { data });
  }
  if (answer.error) throw Object.assign(new Error(answer.error), { told: true });
  return file ? { ...answer, file } : answer;
}

// Calls `listener(message)` for all that the tool says in mid-work; returns the function that ends it.
export function hear(tool, listener) {
  return onMessage((message) => message.tool === tool && listener(JSON.parse(message.said)));
}
