import { type ReactNode, useEffect, useId, useLayoutEffect, useRef, useState } from 'react'
import { Icon, type IconName } from './icon'

export type MenuItem =
  | {
      type?: 'action'
      label: string
      icon?: IconName
      danger?: boolean
      /** Of one of several choices: whether it is the chosen one. */
      checked?: boolean
      onChoose: () => void
    }
  | { type: 'separator' }

type Props = {
  /** Names the menu, and the button unless what it shows does. */
  label: string
  /** The button shows text, which is its name. */
  named?: boolean
  /** Asked for when it is opened. */
  items: () => readonly MenuItem[]
  className?: string
  /** What the button shows. */
  children: ReactNode
}

/** A button that opens a menu: arrows move, letters jump, Esc closes and gives the focus back. */
export function MenuButton({ label, named = false, items, className = 'icon-button', children }: Props) {
  const [open, setOpen] = useState(false)
  const [button, setButton] = useState<HTMLButtonElement | null>(null)
  const id = useId()

  const close = (focus: boolean) => {
    setOpen(false)
    if (focus) button?.focus()
  }

  return (
    <>
      <button
        ref={setButton}
        type="button"
        className={className}
        aria-label={named ? undefined : label}
        title={named ? undefined : label}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => {
          setOpen(!open)
        }}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown') return
          event.preventDefault()
          setOpen(true)
        }}
      >
        {children}
      </button>
      {open && <MenuList id={id} label={label} items={items()} anchor={button} onClose={close} />}
    </>
  )
}

type ListProps = {
  id?: string
  label: string
  items: readonly MenuItem[]
  anchor: Element | null
  onClose: (giveFocusBack: boolean) => void
}

/** The open menu, in the top layer beside its anchor: nothing around it can cut it off. */
export function MenuList({ id, label, items, anchor, onClose }: ListProps) {
  const list = useRef<HTMLDivElement>(null)
  const close = useRef(onClose)
  useEffect(() => {
    close.current = onClose
  })

  useLayoutEffect(() => {
    const element = list.current
    if (element === null) return
    element.showPopover()
    placeBeside(element, anchor)
    element.querySelector<HTMLElement>('[role^=menuitem]')?.focus()
  }, [anchor])

  useEffect(() => {
    const leave = (event: Event) => {
      if (event.target instanceof Node && list.current?.contains(event.target) === true) return
      if (event.target instanceof Node && anchor?.contains(event.target) === true) return
      close.current(false)
    }
    document.addEventListener('pointerdown', leave, true)
    window.addEventListener('blur', leave)
    window.addEventListener('resize', leave)
    return () => {
      document.removeEventListener('pointerdown', leave, true)
      window.removeEventListener('blur', leave)
      window.removeEventListener('resize', leave)
    }
  }, [anchor])

  const onKeyDown = (event: React.KeyboardEvent) => {
    event.stopPropagation()
    const buttons = [...(list.current?.querySelectorAll<HTMLElement>('[role^=menuitem]') ?? [])]
    const here = buttons.findIndex((button) => button === document.activeElement)
    const focus = (index: number) => {
      event.preventDefault()
      buttons.at(index % buttons.length)?.focus()
    }
    switch (event.key) {
      case 'Escape':
        event.preventDefault()
        onClose(true)
        break
      case 'Tab':
        onClose(true)
        break
      case 'ArrowDown':
        focus(here + 1)
        break
      case 'ArrowUp':
        focus(here - 1)
        break
      case 'Home':
        focus(0)
        break
      case 'End':
        focus(-1)
        break
      default: {
        if (event.key.length !== 1) break
        const letter = event.key.toLocaleLowerCase()
        const order = [...buttons.slice(here + 1), ...buttons.slice(0, here + 1)]
        order.find((button) => button.innerText.trim().toLocaleLowerCase().startsWith(letter))?.focus()
      }
    }
  }

  return (
    <div ref={list} id={id} className="menu" popover="manual" role="menu" aria-label={label} onKeyDown={onKeyDown}>
      {items.map((item, index) =>
        item.type === 'separator' ? (
          <hr key={index} className="menu-separator" />
        ) : (
          <button
            key={index}
            type="button"
            role={item.checked === undefined ? 'menuitem' : 'menuitemradio'}
            aria-checked={item.checked}
            className={item.danger === true ? 'menu-item menu-item-danger' : 'menu-item'}
            tabIndex={-1}
            onClick={() => {
              onClose(true)
              item.onChoose()
            }}
          >
            <span className="menu-item-icon">
              {item.checked === true ? <Icon name="check" /> : item.icon !== undefined ? <Icon name={item.icon} /> : null}
            </span>
            {item.label}
          </button>
        ),
      )}
    </div>
  )
}

const gapPx = 4
const edgePx = 8

/** Below the anchor, or above it where there is more room; never beyond the window. */
export function placeBeside(element: HTMLElement, anchor: Element | null): void {
  const box = anchor?.getBoundingClientRect() ?? new DOMRect(edgePx, edgePx, 0, 0)
  const { offsetWidth: width, offsetHeight: height } = element
  const below = window.innerHeight - box.bottom - gapPx - edgePx
  const top = height <= below || below >= box.top ? box.bottom + gapPx : box.top - gapPx - height
  const rightToLeft = document.documentElement.dir === 'rtl'
  const left = rightToLeft ? box.left : box.right - width
  const fits = (value: number, size: number, room: number) => Math.max(edgePx, Math.min(value, room - size - edgePx))
  element.style.inset = 'auto'
  element.style.top = `${fits(top, height, window.innerHeight)}px`
  element.style.left = `${fits(left, width, window.innerWidth)}px`
}
