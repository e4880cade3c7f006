import { type RefObject, useEffect } from 'react'
import { useClient } from '../shared/hooks'

/**
 * A pointer that has rested on something for so long is about to press it in every second case, and takes 300 ms more for that
 * (measured on links: Web Performance Calendar 2019, "Instant pages with just-in-time preloading").
 */
const restMs = 65

/** The conversation whose row in this list a mouse rests on is made ready: it is probably opened next. */
export function useRestingPointer(list: RefObject<HTMLElement | null>): void {
  const client = useClient()
  useEffect(() => {
    const { current } = list
    if (current === null) return
    let timer: ReturnType<typeof setTimeout> | undefined
    const cancel = () => {
      clearTimeout(timer)
    }
    const onMove = ({ pointerType, buttons, target }: PointerEvent) => {
      cancel()
      const row = target instanceof Element ? target.closest<HTMLElement>('[data-conversation-id]') : null
      const id = row?.dataset['conversationId']
      if (pointerType !== 'mouse' || buttons !== 0 || id === undefined) return
      timer = setTimeout(() => {
        client.expectConversation(id)
      }, restMs)
    }
    current.addEventListener('pointermove', onMove, { passive: true })
    current.addEventListener('pointerleave', cancel)
    return () => {
      cancel()
      current.removeEventListener('pointermove', onMove)
      current.removeEventListener('pointerleave', cancel)
    }
  }, [client, list])
}
