import { useEffect, useRef } from 'react'

/** So long after the last step of the wheel the rows can be pointed at again. */
const afterWheelMs = 100

/**
 * Lies over the rows while a wheel scrolls them, the first element of what scrolls. A pointer that rests over them is not pointing
 * at each row that passes below it: to be told of them all takes more of a frame than the scroll itself. Whoever moves the pointer
 * means a row.
 */
export function ScrollShield() {
  const shield = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const { current } = shield
    const viewport = current?.parentElement
    if (current === null || viewport === null || viewport === undefined) return
    let timer: ReturnType<typeof setTimeout> | undefined
    let last = 0
    const lower = () => {
      clearTimeout(timer)
      timer = undefined
      delete current.dataset['on']
    }
    const look = () => {
      const left = last + afterWheelMs - performance.now()
      if (left > 0) timer = setTimeout(look, left)
      else lower()
    }
    const onWheel = ({ buttons }: WheelEvent) => {
      last = performance.now()
      // With a button down somebody selects.
      if (timer !== undefined || buttons !== 0) return
      current.dataset['on'] = ''
      timer = setTimeout(look, afterWheelMs)
    }
    const onMove = ({ movementX, movementY }: PointerEvent) => {
      // Browsers also say so when only the page has moved.
      if (movementX !== 0 || movementY !== 0) lower()
    }
    const onDown = () => {
      lower()
      viewport.addEventListener('click', passOn, { capture: true, once: true })
    }
    viewport.addEventListener('wheel', onWheel, { passive: true })
    current.addEventListener('pointermove', onMove, { passive: true })
    current.addEventListener('pointerdown', onDown)
    return () => {
      lower()
      viewport.removeEventListener('wheel', onWheel)
      viewport.removeEventListener('click', passOn, true)
      current.removeEventListener('pointermove', onMove)
      current.removeEventListener('pointerdown', onDown)
    }
  }, [])
  return <div ref={shield} className="log-shield" />
}

/** Began on the shield and ended on what is below it: to the browser that is a click on what holds both. */
function passOn(this: HTMLElement, event: MouseEvent): void {
  const below = document.elementFromPoint(event.clientX, event.clientY)
  if (event.target !== this || below === null || below === this || !this.contains(below)) return
  event.stopPropagation()
  below.dispatchEvent(new MouseEvent('click', event))
}
