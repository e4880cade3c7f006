import { useChat } from '../shared/hooks'
import { mentionText } from '../text/mentionText'

export function Preview({ text }: { text: string }) {
  const names = useChat((state) => state.names)
  return <p>{mentionText(text, names)}</p>
}
