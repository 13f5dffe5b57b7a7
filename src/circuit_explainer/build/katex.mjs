// node katex.mjs KATEX < jobs: sets each { tex, display } of a JSON list by the module KATEX; a list of HTML on stdout.
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";

try {
  const { default: katex } = await import(pathToFileURL(process.argv[2]));
  const jobs = JSON.parse(await text(process.stdin));
  const set = ({ tex, display }) => katex.renderToString(tex, { displayMode: display, strict: "error", output: "htmlAndMathml" });
  console.log(JSON.stringify(jobs.map(set)));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
