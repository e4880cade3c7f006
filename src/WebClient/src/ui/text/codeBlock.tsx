import { type ReactNode, useEffect, useState } from 'react'
import { useWords } from '../shared/hooks'
import { IconButton } from '../shared/icon'
import type { CodeNode } from './highlight'

/** Longer code is shown without colours: what they cost is not linear for every language. */
const highlightedMax = 6_000
const copiedForMs = 2_000

type Props = { text: string; language: string | undefined; tabIndex?: number | undefined }

export function CodeBlock({ text, language, tabIndex }: Props) {
  const { t } = useWords()
  const nodes = useHighlighted(text, language)
  const [copied, setCopied] = useState(false)

  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => {
      setCopied(false)
    }, copiedForMs)
    return () => {
      clearTimeout(timer)
    }
  }, [copied])

  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => {
        setCopied(true)
      },
      () => {
        setCopied(false)
      },
    )
  }

  return (
    <figure className="code-block">
      <figcaption>
        <span>{language ?? t('timeline.code')}</span>
        <IconButton
          icon={copied ? 'check' : 'copy'}
          label={t(copied ? 'timeline.copied' : 'timeline.copyCode')}
          tabIndex={tabIndex}
          onClick={copy}
        />
      </figcaption>
      <pre dir="ltr">
        <code>{nodes === undefined ? text : nodes.map(renderNode)}</code>
      </pre>
    </figure>
  )
}

function renderNode(node: CodeNode, index: number): ReactNode {
  if (typeof node === 'string') return node
  return (
    <span key={index} className={node.className}>
      {node.children.map(renderNode)}
    </span>
  )
}

/** The code with its colours, once what makes them is loaded. Colours change no line's height. */
function useHighlighted(text: string, language: string | undefined): CodeNode[] | undefined {
  const [coloured, setColoured] = useState<{ text: string; nodes: CodeNode[] | undefined }>()
  useEffect(() => {
    if (language === undefined || text.length > highlightedMax) return
    let wanted = true
    import('./highlight').then(
      ({ highlight }) => {
        if (wanted) setColoured({ text, nodes: highlight(text, language) })
      },
      () => undefined, // Without a connection code stays as it is.
    )
    return () => {
      wanted = false
    }
  }, [text, language])
  return coloured?.text === text ? coloured.nodes : undefined
}
