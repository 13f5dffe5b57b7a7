// Material finds the site's own pages in sitemap.xml, where they stand under the address the site was built for.
// On any other host, port or path it would load each page anew, and Python with it: so they are given this address.
// Of the page that comes, Material takes over the head too; what an earlier page has brought is not fetched again.
{
  const { built, base } = document.currentScript.dataset;
  const here = new URL(base, location.href);
  const parse = DOMParser.prototype.parseFromString;
  DOMParser.prototype.parseFromString = function parseFromString(text, type) {
    const parsed = parse.call(this, text, type);
    for (const loc of parsed.querySelectorAll('urlset > url > loc')) {
      loc.textContent = loc.textContent.replace(built, here.href);
    }
    for (const link of parsed.querySelectorAll('link[rel="preload"][as="script"]')) link.remove();
    return parsed;
  };
}
