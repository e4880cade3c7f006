import { common, createLowlight } from 'lowlight'

/** Loaded when the first piece of code with a language is seen; a tree, never HTML. */
const lowlight = createLowlight(common)

export type CodeNode = string | { className: string; children: CodeNode[] }

export function highlight(code: string, language: string): CodeNode[] | undefined {
  return lowlight.registered(language) ? toNodes(lowlight.highlight(language, code).children) : undefined
}

type HighlightedNode = ReturnType<typeof lowlight.highlight>['children'][number]

function toNodes(nodes: readonly HighlightedNode[]): CodeNode[] {
  return nodes.flatMap((node): CodeNode[] => {
    if (node.type === 'text') return [node.value]
    if (node.type !== 'element') return []
    const { className } = node.properties
    const name = Array.isArray(className) ? className.join(' ') : ''
    return [{ className: name, children: toNodes(node.children.filter((child) => child.type !== 'comment')) }]
  })
}
