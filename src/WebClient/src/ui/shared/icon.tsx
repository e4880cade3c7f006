/** Line icons on a grid of 20; decoration only: whoever uses one names the control beside it. */
const paths = {
  add: 'M10 4v12M4 10h12',
  at: 'M13 10a3 3 0 1 1-6 0a3 3 0 1 1 6 0v1.2a2 2 0 0 0 4 0V10a7 7 0 1 0-2.8 5.6',
  back: 'M12 4l-6 6 6 6',
  bell: 'M5.5 13.5V9a4.5 4.5 0 0 1 9 0v4.5l1.5 1.5h-12zM8.5 17a1.6 1.6 0 0 0 3 0',
  bellOff: 'M5.5 13.5V9a4.5 4.5 0 0 1 7.5-3.3M14.5 9v4.5l1.5 1.5h-9M8.5 17a1.6 1.6 0 0 0 3 0M3 3l14 14',
  bold: 'M6 4h5a3 3 0 0 1 0 6H6zM6 10h6a3 3 0 0 1 0 6H6z',
  check: 'M4 10.5l4 4 8-9',
  close: 'M5 5l10 10M15 5L5 15',
  code: 'M7 6l-4 4 4 4M13 6l4 4-4 4',
  copy: 'M7 7h9v9H7zM4 13V4h9',
  details: 'M3.5 4.5h13v11h-13zM12 4.5v11',
  edit: 'M4 16l.8-3.2L13 4.6l2.4 2.4-8.2 8.2z',
  emoji: 'M10 3a7 7 0 1 0 .01 0M7.5 8.5v.5M12.5 8.5v.5M6.8 12a3.8 3.8 0 0 0 6.4 0',
  italic: 'M8 4h7M5 16h7M12 4L8 16',
  leave: 'M8 4H4v12h4M8 10h9M14 7l3 3-3 3',
  link: 'M8.5 11.5l3-3M9 6l1.5-1.5a3.2 3.2 0 0 1 4.5 4.5L13.5 10.5M11 14l-1.5 1.5A3.2 3.2 0 0 1 5 11l1.5-1.5',
  list: 'M8 5h9M8 10h9M8 15h9M3.5 5h.5M3.5 10h.5M3.5 15h.5',
  more: 'M5 10h.01M10 10h.01M15 10h.01',
  people: 'M7.5 9.5a2.75 2.75 0 1 0 0-5.5a2.75 2.75 0 0 0 0 5.5zM2.5 16a5 5 0 0 1 10 0M13 9a2.3 2.3 0 1 0-1-4.4M14.5 11.6A4.6 4.6 0 0 1 17.5 16',
  preview: 'M2.5 10s2.8-5 7.5-5 7.5 5 7.5 5-2.8 5-7.5 5-7.5-5-7.5-5zM10 8a2 2 0 1 0 .01 0',
  quote: 'M4 5v10M8 6h8M8 10h8M8 14h5',
  reply: 'M8 5L3.5 9.5 8 14M4 9.5h7a5 5 0 0 1 5 5v1',
  search: 'M9 3.5a5.5 5.5 0 1 0 .01 0M13.2 13.2L17 17',
  send: 'M3 10l14-7-5 14-2.5-5.5z',
  settings: 'M4 6h7M15 6h1M4 10h1M9 10h7M4 14h7M15 14h1M13 4.5v3M7 8.5v3M13 12.5v3',
  strike: 'M4 10h12M14 6.5C13.4 5 12 4.2 10 4.2 7.6 4.2 6 5.3 6 7M6 13.5c.6 1.5 2 2.3 4 2.3 2.4 0 4-1.1 4-2.8',
  trash: 'M4 6h12M8 6V4h4v2M5.5 6l.8 10h7.4l.8-10M8.5 9v4.5M11.5 9v4.5',
  unread: 'M10 6.500a3.5 3.5 0 1 0 .01 0',
} as const

export type IconName = keyof typeof paths

export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg className="icon" viewBox="0 0 20 20" width={size} height={size} aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  )
}

type ButtonProps = { icon: IconName; label: string; onClick: () => void } & Omit<
  React.ComponentPropsWithRef<'button'>,
  'onClick' | 'children'
>

/** A button that is only an icon; its name is also its tooltip. */
export function IconButton({ icon, label, className, ...rest }: ButtonProps) {
  return (
    <button type="button" className={`icon-button ${className ?? ''}`} aria-label={label} title={label} {...rest}>
      <Icon name={icon} />
    </button>
  )
}
