// What is searched for is words. Material hands them to lunr, in whose language some signs are commands, and wrong ones
// errors: it reads the field without them. This stands behind the field and before Material's script.
{
  const { get, set } = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value');
  const words = (text) => text.replace(/[\\:^~*+]/g, ' ').replace(/(^|[\s"])-+/g, '$1');
  Object.defineProperty(document.querySelector('[data-md-component="search-query"]'), 'value', {
    get() {
      return words(get.call(this));
    },
    set,
  });
}
