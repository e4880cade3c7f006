type Page = Pick<Window, 'matchMedia'>

const known = new WeakMap<Page, Map<string, MediaQueryList>>()

/** What a media query says, as it moves. Made once: to make one costs as much as to look at the whole style. */
export function media(query: string, page: Page = window): MediaQueryList {
  const queries = known.get(page) ?? new Map<string, MediaQueryList>()
  known.set(page, queries)
  const list = queries.get(query) ?? page.matchMedia(query)
  queries.set(query, list)
  return list
}

/** Whether there is a pointer that rests on things: else the keyboard of a field covers the page. */
export function canHover(): boolean {
  return media('(hover: hover)').matches
}
