/** Marks a test with the rule of the specification that it defends, so that a search for the rule finds the test. */
export function rule(id: string, what: string): string {
  return `[${id}] ${what}`
}
