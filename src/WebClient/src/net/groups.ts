import type { Answer, ChangeAnswer, Head } from '../protocol/wire'
import type { Calls } from './calls'

/** What somebody does with groups. The facts that come of it arrive as events, for me as for everybody. */
export class Groups {
  readonly #calls: Calls

  constructor(calls: Calls) {
    this.#calls = calls
  }

  create(title: string, members: readonly string[]): Promise<Answer<{ conversationId: string; head: Head }>> {
    return this.#calls.change('CreateGroup', { title: title.trim(), members: [...members] })
  }

  addMembers(conversationId: string, members: readonly string[]): Promise<Answer<ChangeAnswer>> {
    return this.#calls.change('AddMembers', { conversationId, members: [...members] })
  }

  removeMember(conversationId: string, member: string): Promise<Answer<ChangeAnswer>> {
    return this.#calls.change('RemoveMember', { conversationId, member })
  }

  async leave(conversationId: string): Promise<Answer<object>> {
    const answer = await this.#calls.change('Leave', { conversationId })
    // Whoever has left is told `notFound` when the call is repeated.
    return answer.ok || answer.error.code !== 'notFound' ? answer : { ok: true }
  }

  rename(conversationId: string, title: string): Promise<Answer<ChangeAnswer>> {
    return this.#calls.change('Rename', { conversationId, title: title.trim() })
  }
}
