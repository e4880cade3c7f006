import { useEffect, useRef } from 'react'

/** So long after the last step of a scroll the rows can be pointed at again. */
const afterScrollMs = 100

/**
 * Lies over the rows while they are scrolled, the first element of what scrolls. A pointer that rests over them is not pointing at
 * each row that passes below it: to be told of them all takes more of a frame than the scroll itself.
 */
export function ScrollShield() {
  const shield = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const { current } = shield
    const viewport = current?.parentElement
    if (current === null || viewport === null || viewport === undefined) return
    let timer: ReturnType<typeof setTimeout> | undefined
    let last = 0
    const look = () => {
      const left = last + afterScrollMs - performance.now()
      timer = left > 0 ? setTimeout(look, left) : undefined
      if (timer === undefined) delete current.dataset['on']
    }
    const onScroll = () => {
      last = performance.now()
      if (timer !== undefined) return
      current.dataset['on'] = ''
      timer = setTimeout(look, afterScrollMs)
    }
    viewport.addEventListener('scroll', onScroll, { passive: true })
    return () => {
      clearTimeout(timer)
      viewport.removeEventListener('scroll', onScroll)
    }
  }, [])
  return <div ref={shield} className="log-shield" />
}
