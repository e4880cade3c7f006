/** Initials on a colour of the person's own. Decoration: the name stands beside it. */
export function Avatar({ id, name, small = false }: { id: string; name: string; small?: boolean }) {
  return (
    <span className={small ? 'avatar avatar-small' : 'avatar'} data-hue={hueOf(id)} aria-hidden="true">
      {initialsOf(name)}
    </span>
  )
}

const hues = 8

function hueOf(id: string): number {
  let hash = 7
  for (const character of id) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0
  return hash % hues
}

/** Of the first and the last word, without the signs before them; of a name of signs alone, its first one. */
function initialsOf(name: string): string {
  const words = name.split(/\s+/u).map((word) => word.replace(/^[^\p{L}\p{N}]+/u, '')).filter((word) => word !== '')
  const picked = words.length > 1 ? [words[0], words.at(-1)] : [words[0] ?? name.trim()]
  return picked.map((word) => Array.from(word ?? '')[0]?.toLocaleUpperCase() ?? '?').join('')
}
