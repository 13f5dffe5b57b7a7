// Says so where the page's scripts do not run: a file of theirs is missing, or the browser is too old. A classic script in
// words that old browsers know; modules have run, or failed, when the page has loaded.
addEventListener('load', function () {
  var root = document.documentElement;
  var line = document.querySelector('[data-role="loading"]');
  if (root.getAttribute('data-scripts') || !line) return;
  root.className += ' no-js';
  line.querySelector('p').textContent = 'The charts and controls of this page could not start: a file is missing, or this browser is too old. '
    + 'Texts, sentences and tables are all here. Check the connection, then retry; a browser from 2024 or later runs everything.';
  line.querySelector('p').removeAttribute('aria-hidden'); // it is heard too
  line.hidden = false;
  var again = line.querySelector('button');
  again.hidden = false;
  // What the browser has kept may be at fault, so the scripts are fetched anew.
  again.addEventListener('click', function () {
    var scripts = document.querySelectorAll('link[rel="modulepreload"], script[src]');
    var anew = [].map.call(scripts, function (each) {
      return fetch(each.href || each.src, { cache: 'reload' }).catch(function () {});
    });
    Promise.all(anew).then(function () {
      location.reload();
    });
  });
});
