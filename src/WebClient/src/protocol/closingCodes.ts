/** Why the server says it closes. 3000–3499: reconnect; 3500–3999: do not. */
export const closingCode = {
  shuttingDown: 3000,
  tooSlow: 3001,
  sessionExpired: 3500,
  deactivated: 3501,
  restricted: 3502,
} as const
