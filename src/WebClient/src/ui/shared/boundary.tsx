import { Component, type ReactNode } from 'react'

/** `fallback`: what is shown when what is inside cannot be. */
type Props = { fallback: ReactNode; onFailed?: () => void; children: ReactNode }

/** Only a class can catch what its children throw. */
export class Boundary extends Component<Props, { failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true }
  }

  override componentDidCatch(): void {
    this.props.onFailed?.()
  }

  override render(): ReactNode {
    return this.state.failed ? this.props.fallback : this.props.children
  }
}
