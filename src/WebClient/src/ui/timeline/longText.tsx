import { type ReactNode, useState } from 'react'
import { useWords } from '../shared/hooks'

const longChars = 2_400
const longLines = 40

/** Whether a message would fill more than a screen. Told by the text alone: no row is measured. */
export function isLong(text: string): boolean {
  if (text.length <= longLines) return false
  if (text.length > longChars) return true
  let lines = 1
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++
  return lines > longLines
}

/** A long message shows its beginning, until somebody wants all of it. */
export function LongText({ children }: { children: ReactNode }) {
  const { t } = useWords()
  const [open, setOpen] = useState(false)
  return (
    <div className="long-text">
      <div className={open ? undefined : 'long-text-cut'}>{children}</div>
      <button
        type="button"
        className="long-text-more"
        data-act="expand"
        aria-expanded={open}
        tabIndex={-1}
        onClick={() => {
          setOpen(!open)
        }}
      >
        {t(open ? 'timeline.showLess' : 'timeline.showMore')}
      </button>
    </div>
  )
}
