import {
  applyEdit,
  type MentionRange,
  type MentionTarget,
  nothingWritten,
  sliceWritten,
  withMention,
  type Written,
  writeTokens,
} from './mentionRanges'
import type { TextEdit } from './formatting'

/** Texts so many changes back get their mentions back when they come back by undoing. */
const rememberedMax = 100

/**
 * The text field and who is meant in it. The browser holds the text: nothing is drawn for a key, input methods and
 * undoing work as they do everywhere.
 */
export class ComposerField {
  readonly element: HTMLTextAreaElement
  #written: Written = nothingWritten
  readonly #mentionsOf = new Map<string, readonly MentionRange[]>()
  readonly #growsByItself: boolean

  constructor(element: HTMLTextAreaElement) {
    this.element = element
    this.#growsByItself = CSS.supports('field-sizing', 'content')
    element.addEventListener('beforeinput', (event) => {
      // The browser undoes what was written last on the page: here, while somebody writes in another conversation.
      if (event.inputType.startsWith('history') && document.activeElement !== element) event.preventDefault()
    })
  }

  get written(): Written {
    return this.#written
  }

  /** As it is stored and sent. */
  get stored(): string {
    return writeTokens(this.#written)
  }

  get caret(): number {
    return this.element.selectionEnd
  }

  /** Shows another text; there is nothing to undo in it. */
  show(written: Written): void {
    this.#written = written
    this.#mentionsOf.clear()
    this.element.value = written.text
    this.element.setSelectionRange(written.text.length, written.text.length)
    this.#grow()
  }

  /** The browser has changed the text. */
  taken(inputType: string): void {
    const text = this.element.value
    const undone = inputType.startsWith('history') ? this.#mentionsOf.get(text) : undefined
    this.#remember(undone === undefined ? applyEdit(this.#written, text, this.caret) : { text, mentions: undone })
    this.#grow()
  }

  /** Replaces a stretch as if it had been typed: it can be undone, and whoever listens for input hears of it. */
  replace({ start, end, text, selectStart, selectEnd }: TextEdit): void {
    const { element } = this
    element.focus()
    element.setSelectionRange(start, end)
    // There is no other way for the browser's own undo to know of it; `false` where it is refused.
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- see above
    const done = text === '' ? start === end || document.execCommand('delete') : document.execCommand('insertText', false, text)
    if (!done) {
      element.setRangeText(text, start, end, 'end')
      element.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertText' }))
    }
    element.setSelectionRange(selectStart, selectEnd)
  }

  insert(text: string): void {
    const { selectionStart: start, selectionEnd: end } = this.element
    this.replace({ start, end, text, selectStart: start + text.length, selectEnd: start + text.length })
  }

  /** What is selected, if anybody is mentioned in it. */
  get selectedMentions(): Written | undefined {
    const { selectionStart, selectionEnd } = this.element
    const selected = sliceWritten(this.#written, selectionStart, selectionEnd)
    return selected.mentions.length === 0 ? undefined : selected
  }

  /** Puts a text with its mentions in the place of what is selected. */
  paste({ text, mentions }: Written): void {
    const { selectionStart: at } = this.element
    this.insert(text)
    for (const { start, end, target } of mentions) this.mean({ start: at + start, end: at + end, target })
  }

  /** Puts a name in the place of a stretch, with who is meant. */
  mention(start: number, end: number, name: string, target: MentionTarget): void {
    const spaced = this.#written.text[end] === ' ' ? name : `${name} `
    const caret = start + name.length + 1
    this.replace({ start, end, text: spaced, selectStart: caret, selectEnd: caret })
    this.mean({ start, end: start + name.length, target })
  }

  /** What stands there already means somebody. */
  mean(range: MentionRange): void {
    this.#remember(withMention(this.#written, range))
  }

  #remember(written: Written): void {
    this.#written = written
    if (written.mentions.length === 0 && this.#mentionsOf.size === 0) return
    this.#mentionsOf.delete(written.text)
    this.#mentionsOf.set(written.text, written.mentions)
    const [oldest] = this.#mentionsOf.keys()
    if (this.#mentionsOf.size > rememberedMax && oldest !== undefined) this.#mentionsOf.delete(oldest)
  }

  /** Where CSS cannot, the height follows the text here. */
  #grow(): void {
    if (this.#growsByItself) return
    this.element.style.height = 'auto'
    this.element.style.height = `${this.element.scrollHeight}px`
  }
}
