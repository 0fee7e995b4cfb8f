import { Category } from '#shared/protocol/words.ts'

/** One rule of the bench, before any engine has seen it. All that is not null has to fit. */
export interface BenchRule {
  readonly id: string
  readonly effect: 'allow' | 'deny'
  /** `app1.team2.example.com`, or `*.team2.example.com` for every host of the domain. */
  readonly host: string | null
  /** Everything below a path (`/area3/**`), or one page of it (`/area3/` and a segment, then `/edit`). */
  readonly path: { readonly area: string; readonly edit: boolean } | null
  readonly categories: readonly string[]
  /** In whole USD: an allow rule takes at most this, a deny rule at least this. */
  readonly amount: number | null
  /** Domains to which an allow rule sends, and no others. */
  readonly domains: readonly string[] | null
  readonly role: string | null
}

export interface BenchRequest {
  readonly url: string
  readonly category: string
  readonly role: string
  /** Whole USD; null for an action that is not about money. */
  readonly amount: number | null
  /** The domain of all recipients; `mixed` for several; null where nobody is sent anything. */
  readonly domain: string | null
}

/** A request as one plain object, for engines that know no addresses; all have one shape, and what is
 * not there is -1 or empty. Part of what is measured: whoever uses one of them has to do it. */
export function step(request: BenchRequest) {
  const { hostname, pathname } = new URL(request.url)
  const { category, role, amount, domain } = request
  return {
    host: hostname,
    path: pathname,
    category,
    role,
    amount: amount ?? -1,
    domain: domain ?? '',
  }
}

/** For engines that know neither globs nor suffixes: the domain, `/area3`, and whether it is `edit`. */
export function further(request: BenchRequest) {
  const { host, path, category, role, amount, domain } = step(request)
  const parent = host.slice(host.indexOf('.') + 1)
  const area = path.slice(0, path.indexOf('/', 1))
  return { host, parent, area, edit: path.endsWith('/edit'), category, role, amount, domain }
}

export type Roll = (sides: number) => number

/** A small generator with a fixed seed: every run makes the same rules and requests. */
export function dice(seed: number): Roll {
  let state = seed
  return (sides) => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return Math.floor((state / 4_294_967_296) * sides)
  }
}

const ROLES = ['button', 'link', 'menuitem']
/** No rule may allow the other two. */
const ALLOWABLE = ['communication', 'financial', 'deletion', 'other']

function pick(roll: Roll, words: readonly string[]): string {
  return words[roll(words.length)] ?? ''
}

/** A larger policy is about more sites, teams and areas, not more about each: then most rules have
 * little to do with any one request, as in life. */
function places(size: number) {
  return {
    apps: Math.max(3, Math.ceil(size / 5)),
    teams: Math.max(3, Math.ceil(size / 100)),
    areas: Math.max(9, Math.ceil(size / 100)),
  }
}

/** Of four rules one forbids. 85 % name one host, 10 % every host of a domain, 5 % none. */
export function makeRules(size: number, roll: Roll): BenchRule[] {
  const { apps, teams, areas } = places(size)
  return Array.from({ length: size }, (_, index) => {
    const effect = index % 4 === 0 ? 'deny' : 'allow'
    const words = effect === 'deny' ? Category.options : ALLOWABLE
    const [app, team, area] = [roll(apps), roll(teams), roll(areas)]
    const reach = roll(20)
    const host = `${reach <= 2 ? '*' : `app${app}`}.team${team}.example.com`
    return {
      id: `rule-${index}`,
      effect,
      host: reach === 0 ? null : host,
      path: roll(5) === 0 && reach > 2 ? null : { area: `/area${area}`, edit: roll(4) === 0 },
      categories: [...new Set(Array.from({ length: 1 + roll(3) }, () => pick(roll, words)))],
      amount: roll(2) === 0 ? (effect === 'deny' ? 500 : 50 + roll(100)) : null,
      domains:
        effect === 'allow' && roll(3) === 0
          ? [...new Set([`partner${roll(9)}.example`, `partner${roll(9)}.example`])]
          : null,
      role: reach === 0 || roll(10) === 0 ? pick(roll, ROLES) : null,
    }
  })
}

/** Half of the requests are about a rule's own host, path and category, the others about any. */
export function makeRequests(rules: readonly BenchRule[], count: number, roll: Roll) {
  const { apps, teams, areas } = places(rules.length)
  return Array.from({ length: count }, (_, index): BenchRequest => {
    const rule = index % 2 === 0 ? rules[roll(rules.length)] : undefined
    const anyHost = `app${roll(apps)}.team${roll(teams)}.example.com`
    const host = rule?.host?.replace('*', `app${roll(apps)}`) ?? anyHost
    const category = pick(roll, rule?.categories ?? Category.options)
    const area = rule?.path?.area ?? `/area${roll(areas)}`
    const edit = rule?.path?.edit ?? roll(2) === 0
    const money = category === 'financial' || roll(2) === 0
    const sends = category === 'communication' || roll(2) === 0
    return {
      url: `https://${host}${area}/page${roll(1000)}${edit ? '/edit' : ''}`,
      category,
      role: rule?.role ?? pick(roll, ROLES),
      amount: money ? 1 + roll(roll(4) === 0 ? 900 : 100) : null,
      domain: sends ? (roll(10) === 0 ? 'mixed' : domainOf(rule, roll)) : null,
    }
  })
}

function domainOf(rule: BenchRule | undefined, roll: Roll): string {
  return rule?.domains ? pick(roll, rule.domains) : `partner${roll(9)}.example`
}
