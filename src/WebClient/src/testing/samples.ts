import type { Change, Conversation, Message, Person, Unread } from '../protocol/wire'

export const ann: Person = { userId: 'ann', name: 'Ann', role: 'agent' }
export const bob: Person = { userId: 'bob', name: 'Bob', role: 'agent' }

export const noon = Date.UTC(2026, 0, 5, 12)

export function uuid(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
}

/** A text with `rev` = `seq`, a minute after the one before. */
export function message(seq: number, by: Person = bob, more: Partial<Message> = {}): Message {
  return {
    seq,
    rev: seq,
    kind: 'text',
    author: { userId: by.userId, name: by.name },
    clientId: uuid(seq),
    text: `Message ${seq}`,
    time: new Date(noon + seq * 60_000).toISOString(),
    version: 1,
    ...more,
  }
}

export function posted(posted: Message): Change {
  return { type: 'messagePosted', rev: posted.rev, message: posted }
}

export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}

export function unread(rev: number, more: Partial<Unread> = {}): Unread {
  return { readSeq: 0, unread: 0, mentions: 0, rev, readVersion: 1, ...more }
}

export function group(id: string, seq: number, more: Partial<Conversation> = {}): Conversation {
  return {
    id,
    kind: 'group',
    title: `Group ${id}`,
    head: { rev: seq, seq },
    lastActivity: new Date(noon + seq * 60_000).toISOString(),
    unread: unread(seq, { readSeq: seq }),
    level: 'default',
    ...more,
  }
}
