/** People whom my last messages named and who do not belong there: they were not told (N4). By conversation. */
export type NotTold = ReadonlyMap<string, readonly string[]>

export type NotToldAction =
  | { type: 'namedWithoutTelling'; conversationId: string; userIds: readonly string[] }
  | { type: 'notToldSeen'; conversationId: string }

export const everybodyTold: NotTold = new Map()

export function reduceNotTold(notTold: NotTold, action: NotToldAction): NotTold {
  const { conversationId } = action
  const known = notTold.get(conversationId)
  switch (action.type) {
    case 'namedWithoutTelling': {
      if (action.userIds.length === 0) return notTold
      return new Map(notTold).set(conversationId, [...new Set([...(known ?? []), ...action.userIds])])
    }
    case 'notToldSeen': {
      if (known === undefined) return notTold
      const rest = new Map(notTold)
      rest.delete(conversationId)
      return rest
    }
  }
}
