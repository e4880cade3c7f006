import { PresenceDot } from '../presence/presenceDot'
import { usePresence } from '../presence/usePresence'

/** How somebody in the list is seen now; watched for as long as the row is there. */
export function PersonPresenceDot({ userId }: { userId: string }) {
  const { state } = usePresence(userId)
  return <PresenceDot state={state} />
}
