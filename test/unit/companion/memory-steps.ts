import type {
  Fault,
  OversightTx,
  StepTx,
  StoredBreaker,
  StoredPromotion,
  StoredReview,
  StoredStep,
  UndoTrial,
} from '#companion/core/step-ports.ts'

/** What limits and oversight keep, in memory. */
export interface Kept {
  steps: StoredStep[]
  faults: Fault[]
  breakers: Map<string, StoredBreaker>
  reviews: StoredReview[]
  promotions: Map<string, StoredPromotion>
  undoTrials: UndoTrial[]
}

export function nothingKept(): Kept {
  return {
    ...{ steps: [], faults: [], breakers: new Map(), reviews: [] },
    ...{ promotions: new Map(), undoTrials: [] },
  }
}

export function keptTx(kept: Kept, rollbacks: number): StepTx & OversightTx {
  return { ...stepTx(kept, rollbacks), ...oversightTx(kept) }
}

function stepTx(kept: Kept, rollbacks: number): StepTx {
  return {
    rollbacks: () => rollbacks,
    putStep: (step) => void kept.steps.push(step),
    step: (seq) => kept.steps.find((step) => step.seq === seq) ?? null,
    steps: (since, after) => kept.steps.filter(({ at, seq }) => at >= since && seq > after),
    stepsOfRun: (run) => kept.steps.filter(({ keys }) => keys.includes(`run ${run}`)),
    lastStepAt: () => kept.steps.at(-1)?.at ?? 0,
    putFault: (fault) => void kept.faults.push(fault),
    faults: (since, after) => kept.faults.filter(({ at, seq }) => at >= since && seq > after),
    faultsOf: (step) => kept.faults.filter((fault) => fault.step === step),
    dropFaults(step, kind) {
      kept.faults = kept.faults.filter((fault) => fault.step !== step || fault.kind !== kind)
    },
  }
}

function oversightTx(kept: Kept): OversightTx {
  return {
    breakers: () => [...kept.breakers.values()],
    putBreaker: (breaker) => void kept.breakers.set(breaker.scope, breaker),
    putReview: (review) => void kept.reviews.push(review),
    settleReviews(audit, to) {
      kept.reviews = kept.reviews.map((one) => (one.audit === audit ? { ...one, ...to } : one))
    },
    reviews(rule, terms, allowed, since) {
      const all = kept.reviews.filter((one) => one.rule === rule && one.terms === terms)
      const errors = all.filter(({ result }) => result === 'error').sort((a, b) => b.seq - a.seq)
      const from = errors[allowed]?.seq ?? 0
      const of = (wanted: string, at: number) =>
        all.filter((one) => one.result === wanted && one.seq > from && one.at >= at).length
      return {
        clean: of('clean', since),
        errors: of('error', since),
        accepted: of('accepted', 0) > 0,
      }
    },
    promotion: (entry) => kept.promotions.get(entry) ?? null,
    unspent: (terms, now) =>
      [...kept.promotions.values()].find(
        (one) => one.terms === terms && !one.spent && !one.revoked && one.until > now,
      ) ?? null,
    putPromotion: (promotion) => void kept.promotions.set(promotion.entry, promotion),
    putUndoTrial: (trial) => void kept.undoTrials.push(trial),
    undoTrial: (recipe, text) =>
      kept.undoTrials.findLast((one) => one.recipe === recipe && one.text === text) ?? null,
  }
}
