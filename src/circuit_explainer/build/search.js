// Behind lunr in the search's worker. Lunr tells the parts of its tree of words apart by names in which a digit of a word
// and one of a number run together: where there are many numbers, a search for one would meet words that nobody wrote.
lunr.TokenSet.prototype.toString = function toString() {
  const edges = Object.keys(this.edges).sort().map((label) => `${label}${this.edges[label].id};`);
  return (this.final ? '1' : '0') + edges.join('');
};
