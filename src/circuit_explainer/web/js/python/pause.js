// Lets the page do what waits for it, such as answering a key: resolves in another task, and as soon as that.
export function pause() {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel(); // a timer would take 4 ms, or a second where the page is not seen
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
