import { useLayoutEffect, useMemo, useState, useSyncExternalStore } from 'react'
import { type ListOrder, type ListRows, type OrderBy, orderList } from '../../model/chatList'
import type { ChatState } from '../../model/chatState'
import { dueAt, type HeldOrder, type HeldOrderAction, holdOrder, reduceHeldOrder } from '../../model/heldOrder'
import { useChat } from '../shared/hooks'

/** Remembers the order and moves it on with the state: another object only when a row has moved. */
function rowsBy(by: OrderBy): (state: ChatState) => ListRows {
  let order: ListOrder | undefined
  return (state) => {
    order = orderList(order, state, by)
    return order.rows
  }
}

/** Holds the rows still under the pointer; draws nothing for its every move. */
class HeldRows {
  #held: HeldOrder
  #timer: ReturnType<typeof setTimeout> | undefined
  readonly #listeners = new Set<() => void>()

  constructor(rows: ListRows) {
    this.#held = holdOrder(rows)
  }

  readonly shown = (): ListRows => this.#held.shown

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) clearTimeout(this.#timer)
    }
  }

  readonly apply = (action: HeldOrderAction): void => {
    const before = this.#held.shown
    this.#held = reduceHeldOrder(this.#held, action)
    clearTimeout(this.#timer)
    const due = dueAt(this.#held)
    if (due !== undefined) {
      this.#timer = setTimeout(() => {
        this.apply({ type: 'timeReached', now: Date.now() })
      }, due - Date.now())
    }
    if (this.#held.shown !== before) for (const listener of [...this.#listeners]) listener()
  }
}

/** Where the pointer is: under it no row moves (L3). */
export type PointerWatch = { onPointerMove: (event: React.PointerEvent) => void; onPointerLeave: () => void }

/** The rows to show, and what the list around them has to tell of the pointer. */
export function useListRows(by: OrderBy): [ListRows, PointerWatch] {
  const select = useMemo(() => rowsBy(by), [by])
  const rows = useChat(select)
  const [held] = useState(() => new HeldRows(rows))
  useLayoutEffect(() => {
    held.apply({ type: 'ordered', rows, now: Date.now() })
  }, [held, rows])
  const watch = useMemo<PointerWatch>(
    () => ({
      onPointerMove: ({ pointerType }) => {
        // A finger does not hover.
        if (pointerType === 'mouse') held.apply({ type: 'pointerMoved', now: Date.now() })
      },
      onPointerLeave: () => {
        held.apply({ type: 'pointerLeft' })
      },
    }),
    [held],
  )
  return [useSyncExternalStore(held.subscribe, held.shown), watch]
}
