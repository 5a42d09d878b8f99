// The path of the page that describes the site.

/** Live reload knows it too: the page is made of all pages. */
export const SITE_PAGE = '/.karrigell/site';
