// What is searched for is words. Material hands them to lunr, in whose language some signs are commands, and wrong ones
// errors: it reads the field without them. This stands behind the field and before Material's script.
{
  const SETUP = 0; // what Material calls this message
  const { get, set } = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value');
  const words = (text) => text.replace(/[\\:^~*+]/g, ' ').replace(/(^|[\s"])-+/g, '$1');
  Object.defineProperty(document.querySelector('[data-md-component="search-query"]'), 'value', {
    get() {
      return words(get.call(this));
    },
    set,
  });
  // Building its index takes a worker a quarter of a second, while Python starts: it waits until the reader comes to the field.
  const post = Worker.prototype.postMessage;
  const wanted = new Promise((resolve) => {
    const search = document.querySelector('[data-md-component="search"]');
    for (const type of ['focusin', 'pointerenter']) search.addEventListener(type, resolve, { once: true });
  });
  Worker.prototype.postMessage = function postMessage(message, ...more) {
    if (message?.type !== SETUP || !message.data?.docs) return post.call(this, message, ...more);
    wanted.then(() => post.call(this, message, ...more));
  };
}
