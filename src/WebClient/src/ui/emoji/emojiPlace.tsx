import { laterDialog } from '../shared/later'

type Props = {
  /** What was clicked: the picker opens beside it. */
  anchor: Element | null
  onPick: (emoji: string) => void
  /** `true`: the focus goes back to where it came from. */
  onClose: (giveFocusBack: boolean) => void
}

/** The emoji picker with its data, loaded when it is first opened. */
export const EmojiPlace = laterDialog<Props>(async () => (await import('./emojiPicker')).EmojiPicker)
