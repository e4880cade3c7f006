const storageKey = 'chat.device'

/** A name this browser keeps for itself, so that "why was I notified" can say which machine it was: "Chromium, Linux, 3f2a". */
export function deviceName(storage: Pick<Storage, 'getItem' | 'setItem'>, userAgent: string, newId: () => string): string {
  try {
    const kept = storage.getItem(storageKey)
    if (kept !== null && kept !== '' && kept.length <= 64) return kept
    const made = describe(userAgent, newId())
    storage.setItem(storageKey, made)
    return made
  } catch {
    return describe(userAgent, newId())
  }
}

const browsers = [
  ['Firefox/', 'Firefox'],
  ['Edg/', 'Edge'],
  ['Chrome/', 'Chrome'],
  ['Safari/', 'Safari'],
] as const
const systems = ['Windows', 'Android', 'iPhone', 'iPad', 'Mac', 'Linux'] as const

function describe(userAgent: string, id: string): string {
  const browser = browsers.find(([sign]) => userAgent.includes(sign))?.[1] ?? 'Browser'
  const system = systems.find((name) => userAgent.includes(name))
  return [browser, system, id.slice(0, 4)].filter((part) => part !== undefined).join(', ')
}
