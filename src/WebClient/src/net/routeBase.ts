/**
 * Where the gateway's routes are for a page: those of a panel lie below its own address, so that its cookie is never that of the
 * chat's own page, nor of another tenant.
 */
export function routeBaseOf(pathname: string): string {
  return /^\/embed\/[^/]+/.exec(pathname)?.[0] ?? ''
}

/** Of this page; empty for the chat's own one. */
export const routeBase = typeof window === 'undefined' ? '' : routeBaseOf(window.location.pathname)
