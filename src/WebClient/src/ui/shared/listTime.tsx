import { useSyncExternalStore } from 'react'
import { useWords } from './hooks'
import { hasFormats, listTimeWords } from './times'
import { whenIdle } from './whenIdle'

/**
 * When something was said, short. The first format of a page takes long (see `words.ts`): in one that begins, times come when the
 * rest is there.
 */
export function ListTime({ time, now }: { time: string; now: number }) {
  const words = useWords()
  const mayTake = useSyncExternalStore(subscribe, () => mayTakeLong || hasFormats())
  return (
    <time className="muted" dateTime={time}>
      {mayTake && listTimeWords(time, now, words)}
    </time>
  )
}

let mayTakeLong = false
const waiting = new Set<() => void>()

function subscribe(listener: () => void): () => void {
  if (mayTakeLong) return () => undefined
  if (waiting.size === 0) {
    whenIdle(() => {
      mayTakeLong = true
      for (const each of waiting) each()
      waiting.clear()
    })
  }
  waiting.add(listener)
  return () => {
    waiting.delete(listener)
  }
}
