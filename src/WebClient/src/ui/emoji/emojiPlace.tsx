import { lazy, Suspense } from 'react'

const EmojiPicker = lazy(async () => ({ default: (await import('./emojiPicker')).EmojiPicker }))

type Props = {
  /** What was clicked: the picker opens beside it. */
  anchor: Element | null
  onPick: (emoji: string) => void
  /** `true`: the focus goes back to where it came from. */
  onClose: (giveFocusBack: boolean) => void
}

/** The emoji picker, loaded when it is first opened. */
export function EmojiPlace(props: Props) {
  return (
    <Suspense fallback={null}>
      <EmojiPicker {...props} />
    </Suspense>
  )
}
