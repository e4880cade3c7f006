import type { ManualStatus, Me } from '../../protocol/wire'

/** What somebody can choose to show: as it is, or something else, for a while. */
export const statusChoices = ['auto', 'away', 'dndHalfHour', 'dndHour', 'dndTomorrow', 'dnd', 'offline'] as const

export type StatusChoice = (typeof statusChoices)[number]

const minuteMs = 60_000
const morningHour = 8

/** What to ask the server for; ends are by the clock on the wall of who chooses. */
export function chosenStatus(choice: StatusChoice, now: number): { status: ManualStatus; until?: string } {
  switch (choice) {
    case 'auto':
    case 'away':
    case 'dnd':
    case 'offline':
      return { status: choice }
    case 'dndHalfHour':
      return { status: 'dnd', until: new Date(now + 30 * minuteMs).toISOString() }
    case 'dndHour':
      return { status: 'dnd', until: new Date(now + 60 * minuteMs).toISOString() }
    case 'dndTomorrow':
      return { status: 'dnd', until: tomorrowMorning(now).toISOString() }
  }
}

/** The choice that is in force; undefined for a time of rest, which is a point in time by now. */
export function standingChoice(me: Me | undefined): StatusChoice | undefined {
  if (me === undefined) return undefined
  return me.status === 'dnd' && me.until !== undefined ? undefined : me.status
}

function tomorrowMorning(now: number): Date {
  const morning = new Date(now)
  morning.setDate(morning.getDate() + 1)
  morning.setHours(morningHour, 0, 0, 0)
  return morning
}
