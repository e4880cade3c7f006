import type { ListRows } from './chatList'

/** So long the pointer has to rest before rows may move under it. */
export const restsForMs = 1_000

/**
 * The rows that are shown: they follow the list, except under a pointer that is about to choose one of them (L3).
 */
export type HeldOrder = {
  shown: ListRows
  latest: ListRows
  /** When the pointer last moved over the list; undefined while it is elsewhere. */
  pointerAt: number | undefined
}

export type HeldOrderAction =
  | { type: 'ordered'; rows: ListRows; now: number }
  | { type: 'pointerMoved'; now: number }
  | { type: 'pointerLeft' }
  | { type: 'timeReached'; now: number }

export function holdOrder(rows: ListRows): HeldOrder {
  return { shown: rows, latest: rows, pointerAt: undefined }
}

export function reduceHeldOrder(held: HeldOrder, action: HeldOrderAction): HeldOrder {
  switch (action.type) {
    case 'ordered':
      return held.latest === action.rows ? held : followed({ ...held, latest: action.rows }, action.now)
    case 'pointerMoved':
      return { ...held, pointerAt: action.now }
    case 'pointerLeft':
      return { shown: held.latest, latest: held.latest, pointerAt: undefined }
    case 'timeReached':
      return followed(held, action.now)
  }
}

/** When rows that wait may move; undefined when none waits. */
export function dueAt({ shown, latest, pointerAt }: HeldOrder): number | undefined {
  return shown === latest || pointerAt === undefined ? undefined : pointerAt + restsForMs
}

function followed(held: HeldOrder, now: number): HeldOrder {
  const due = dueAt(held)
  return due !== undefined && now < due ? held : { ...held, shown: held.latest }
}
