import type { Settings } from '../settings/settings'

type Tone = { hertz: number; atMs: number; forMs: number; loudness: number }

/** Made of sine waves: nothing to load, and nothing that a policy could refuse. */
const sounds: Record<Exclude<Settings['sound'], 'none'>, readonly Tone[]> = {
  soft: [
    { hertz: 523, atMs: 0, forMs: 180, loudness: 0.08 },
    { hertz: 659, atMs: 90, forMs: 240, loudness: 0.06 },
  ],
  bell: [
    { hertz: 880, atMs: 0, forMs: 600, loudness: 0.12 },
    { hertz: 1_760, atMs: 0, forMs: 300, loudness: 0.04 },
  ],
}

/** However much arrives, it rings at most so often. */
const everyMs = 3_000
let lastAt = -Infinity
let context: AudioContext | undefined

/** Plays a sound; a page that nobody has touched yet stays silent, as the browser wants it. `now`: at once, to try it. */
export function play(sound: Settings['sound'], now = false): void {
  if (sound === 'none' || !('AudioContext' in window)) return
  if (!now) {
    if (performance.now() - lastAt < everyMs) return
    lastAt = performance.now()
  }
  context ??= new AudioContext()
  void context.resume().catch(() => undefined)
  const begin = context.currentTime
  for (const { hertz, atMs, forMs, loudness } of sounds[sound]) {
    const oscillator = context.createOscillator()
    const gain = context.createGain()
    const from = begin + atMs / 1_000
    const until = from + forMs / 1_000
    oscillator.frequency.value = hertz
    gain.gain.setValueAtTime(loudness, from)
    gain.gain.exponentialRampToValueAtTime(0.000_1, until)
    oscillator.connect(gain).connect(context.destination)
    oscillator.start(from)
    oscillator.stop(until)
  }
}
