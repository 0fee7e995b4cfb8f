import { numberOf, type Params, paramsOf, type Session, textOf } from '#companion/gateway/cdp.ts'

/** A place of our own in the page's document, with built-ins that no page can change. */
export class PageWorld {
  readonly #session: Session
  readonly #frame: string

  constructor(session: Session, frame: string) {
    this.#session = session
    this.#frame = frame
  }

  /** Calls a function with the node as `this`; gives what it returns. Rejects where the node has gone or
   * the function throws. */
  async call(
    node: number,
    source: string,
    ...values: readonly (string | number)[]
  ): Promise<unknown> {
    const context = await this.#context()
    const objectId = await this.#resolve(node, context)
    const { result, exceptionDetails } = await this.#session.call('Runtime.callFunctionOn', {
      functionDeclaration: source,
      objectId,
      arguments: values.map((value) => ({ value })),
      returnByValue: true,
    })
    if (exceptionDetails !== undefined) throw new Error(describe(paramsOf(exceptionDetails)))
    return paramsOf(result).value
  }

  async #resolve(backendNodeId: number, executionContextId: number): Promise<string> {
    const { object } = await this.#session.call('DOM.resolveNode', {
      backendNodeId,
      executionContextId,
    })
    const objectId = textOf(paramsOf(object).objectId)
    if (objectId === undefined) throw new Error('the control has gone')
    return objectId
  }

  async #context(): Promise<number> {
    const { executionContextId } = await this.#session.call('Page.createIsolatedWorld', {
      frameId: this.#frame,
      worldName: 'holdpoint-undo',
    })
    const context = numberOf(executionContextId)
    if (context === undefined) throw new Error('the page has no document yet')
    return context
  }
}

function describe({ exception, text }: Params): string {
  return textOf(paramsOf(exception).description)?.split('\n')[0] ?? textOf(text) ?? 'it failed'
}
