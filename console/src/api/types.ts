// Made from /openapi.json by `make types`; a test keeps it true.

/** Balance of one account in units; `location` is where it lies. */
export interface AccountView {
  account: string;
  location: string;
  posted: number;
  held: number;
}

/** One write. */
export interface AuditDocument {
  seq: number;
  recorded_at: string;
  actor: string;
  request_id: string;
  action: string;
  target: string;
  result: string;
  detail: Record<string, string | number>;
}

/** A page of the trail, the newest first. */
export interface AuditPage {
  items: AuditDocument[];
  next: string | null;
}

/** Many holds at once; each is decided on its own, in order. */
export interface BatchBody {
  holds: HoldBody[];
}

/** Results in the order of the request. */
export interface BatchDocument {
  results: BatchItem[];
}

/** What one hold of a batch came to: a status, or the code it was refused with. */
export interface BatchItem {
  id: string;
  status?: string | null;
  code?: string | null;
  expires_at?: string | null;
  replayed?: boolean;
  facts?: Record<string, string | number>;
}

/** A number that must not be passed; `outcome` is refuse or review. */
export interface BoundBody {
  limit: number;
  outcome?: Outcome;
}

/** Most units by anybody in a window 熔断. */
export interface BreakerBody {
  window_s: number;
  units: number;
}

/** Calls of one kind since the start, by what they came to. */
export interface CallsDocument {
  operation: string;
  outcome: string;
  count: number;
}

/** A channel's description; `platform` "shop" is our own storefront. */
export interface ChannelBody {
  platform: string;
  name: string;
  frozen?: boolean;
}

/** A channel as stored. */
export interface ChannelDocument {
  channel: string;
  platform: string;
  name: string;
  frozen: boolean;
  created_at: string;
  updated_at: string;
}

/** All channels; there is no second page. */
export interface ChannelPage {
  items: ChannelDocument[];
  next: string | null;
}

/** What a harmless call came to, in plain words. */
export interface CheckDocument {
  ok: boolean;
  code: string;
  message: string;
  message_zh: string;
  vendor_code: string;
  took_ms: number;
}

/** What one unit of a bundle 组合装 draws on. */
export interface ComponentBody {
  sku: string;
  quantity: number;
}

/** How to reach a shop; secrets that are left out stay as they are, all else goes to its default. */
export interface ConnectionBody {
  app_key: string;
  app_secret?: string | null;
  shop?: string;
  base_url?: string;
  access_token?: string | null;
  refresh_token?: string | null;
  access_expires_at?: string | null;
  refresh_expires_at?: string | null;
  secrets?: Record<string, string>;
  settings?: Record<string, string>;
}

/** A connection as stored, without its secrets; `manifest` with what its settings correct. */
export interface ConnectionDocument {
  channel: string;
  platform: string;
  base_url: string;
  app_key: string;
  shop: string;
  settings: Record<string, string>;
  secrets: SecretDocument[];
  access_expires_at: string | null;
  refresh_expires_at: string | null;
  updated_at: string;
  manifest: ManifestDocument | null;
  problem: string;
}

/** Units sold beyond the right, which nothing covers yet 超卖待补. */
export interface DebtDocument {
  sku: string;
  units: number;
}

/** How the delivery stands since the server began; `waiting` counts notices that are not delivered. */
export interface DeliveryDocument {
  waiting: number;
  last_success_at: string | null;
  last_error_at: string | null;
  last_error: Words | null;
  paused_until: string | null;
  given_up: number;
}

/** A destination; secrets that are left out stay as they are. No `skus` means all items. */
export interface DestinationBody {
  name: string;
  kind: "dingtalk" | "email" | "feishu" | "slack" | "webhook" | "wecom";
  address?: string | null;
  secret?: string | null;
  old_secret?: string | null;
  mail?: MailBody | null;
  language?: "en" | "zh";
  level?: "critical" | "notice" | "warning";
  skus?: string[];
  enabled?: boolean;
}

/** A destination as people may see it: of its address the host alone. */
export interface DestinationDocument {
  destination: string;
  revision: number;
  name: string;
  kind: string;
  host: string;
  secrets: string[];
  language: string;
  level: "critical" | "notice" | "warning";
  skus: string[];
  enabled: boolean;
  delivery: DeliveryDocument;
}

/** All destinations. */
export interface DestinationPage {
  items: DestinationDocument[];
  next: string | null;
}

/** A drop to plan; `channels` are the units that each channel gets, connected or our own. */
export interface DropBody {
  sku: string;
  channels: Record<string, number>;
  opens_at: string;
  closes_at?: string | null;
  leftover?: "carry" | "return" | "stay";
  carry_to?: string | null;
  show?: string;
  limits?: ItemLimits | null;
  ticket_gate?: string | null;
  lock?: boolean;
}

/** A drop and where it stands; `server_time` is what a countdown counts from. */
export interface DropDocument {
  id: string;
  sku: string;
  quantity: number;
  channels: Record<string, number>;
  opens_at: string;
  closes_at: string | null;
  leftover: string;
  carry_to: string;
  show: string;
  limits: ItemLimits | null;
  ticket_gate: string | null;
  limits_overruled: boolean;
  status: string;
  locked_at: string | null;
  opened_at: string | null;
  closed_at: string | null;
  opened: number;
  sold: number;
  returned: number;
  kept: number;
  one_way: string[];
  platforms: ToldDocument[];
  waits: string;
  server_time: string;
}

/** Drops, the first to open first; there is no second page. */
export interface DropPage {
  items: DropDocument[];
  next: string | null;
}

/** Why, in words. */
export interface Explanation {
  zh: string;
  en: string;
}

/** The numbers behind a warning; times are None while nothing sells, the percentage without a peak. */
export interface Figures {
  available: number;
  reserve: number;
  peak: number;
  debt: number;
  line: number;
  percent: number | null;
  taken_per_minute: number;
  empty_in_s: number | null;
  reserve_lasts_s: number | null;
  channels_empty: string[];
  next_item: string | null;
}

/** One thing that was checked; `sku` and `channel` are empty where it is about none. */
export interface FindingDocument {
  code: string;
  level: "error" | "ok" | "warning";
  sku: string;
  channel: string;
  words_zh: string;
  words: string;
  advice_zh: string;
  advice: string;
  can_overrule: boolean;
}

/** How many tickets of a gate were signed (repeats included) and how many were used. */
export interface GateDocument {
  gate: string;
  issued: number;
  used: number;
}

/** All gates that tickets were ever issued of, in order of their names; there is no second page. */
export interface GatePage {
  items: GateDocument[];
  next: string | null;
}

/** Rules against scalpers and endless sale 风控规则; counters start anew when `period` changes. */
export interface GuardBody {
  period: string;
  ticket_gate?: string | null;
  per_buyer?: SpeedBody | null;
  per_device?: SpeedBody | null;
  per_address?: SpeedBody | null;
  per_payment?: SpeedBody | null;
  buyers_per_address?: BoundBody | null;
  account_age_min_s?: BoundBody | null;
  lists?: boolean;
  units_max?: number | null;
  loss_cents_max?: number | null;
  breaker?: BreakerBody | null;
}

/** The rules, the item, and the time whose tries they are tried on. */
export interface GuardPreviewBody {
  guard: GuardBody;
  sku: string;
  from: string;
  to: string;
}

/** A buyer, or the hash of a device, address or payment, of many tries; `stopped` were not let through. */
export interface GuardPreviewCluster {
  kind: ListedKind;
  value: string;
  tries: number;
  buyers: number;
  stopped: number;
}

/** How many tries a rule would have refused, queued or put up for review (`outcome`). */
export interface GuardPreviewCount {
  outcome: string;
  code: string;
  tries: number;
}

/** What the rules would have come to; `stopped_early` says that not all of the time was looked at. */
export interface GuardPreviewDocument {
  tried: number;
  placed: number;
  with_signals: number;
  outcomes: GuardPreviewCount[];
  examples: GuardPreviewExample[];
  stopped_early: boolean;
  clusters: GuardPreviewCluster[];
}

/** One of them, with a sentence. */
export interface GuardPreviewExample {
  id: string;
  buyer: string;
  at: string;
  outcome: string;
  code: string;
  words: Sentence;
}

/** The process is alive. */
export interface Health {
  status: string;
  version: string;
}

/** A hold to place; all its lines or none. */
export interface HoldBody {
  id: string;
  channel: string;
  buyer: string;
  lines: LineBody[];
  buyer_key?: string;
  ttl_s?: number;
  event_at?: string | null;
  ticket?: string;
  signals?: SignalsBody | null;
}

/** A hold; `status` is placed, confirmed, released or expired; `review` open, accepted or rejected. */
export interface HoldDocument {
  id: string;
  status: string;
  channel: string;
  buyer: string;
  lines: HoldLine[];
  expires_at: string;
  placed_at: string;
  settled_at?: string | null;
  review?: string | null;
}

/** One SKU of a hold. */
export interface HoldLine {
  sku: string;
  quantity: number;
}

/** A page of holds, the newest first. */
export interface HoldPage {
  items: HoldDocument[];
  next: string | null;
}

/** A field before and after; prices in cents. */
export interface ImportChange {
  field: string;
  old: string | number | null;
  new: string | number | null;
}

/** Units that move between two accounts. */
export interface ImportMove {
  from: string;
  to: string;
  quantity: number;
}

/** A step that the ledger refused when it came to it. */
export interface ImportRefusal {
  row: number;
  sku: string;
  code: string;
}

/** What one row of the file changes. */
export interface ImportRow {
  row: number;
  sku: string;
  name: string;
  new: boolean;
  changes: ImportChange[];
  moves: ImportMove[];
}

/** What a file would change, or changed; with any problem nothing is applied. `plan` names this plan. `import_id` names what was applied, to undo it. */
export interface ItemImportDocument {
  plan: string;
  applied: boolean;
  rows: ImportRow[];
  unchanged: number;
  problems: RowProblem[];
  warnings: RowProblem[];
  refused: ImportRefusal[];
  import_id?: string | null;
}

/** Purchase limits 限购 for the time of a show or a drop, in units. */
export interface ItemLimits {
  per_order?: number | null;
  per_buyer?: number | null;
  per_buyer_across_channels?: number | null;
}

export type ItemState = "done" | "on_air" | "skipped" | "waiting";

/** What undoing an import would do, or did: rows, transfers, items that stay, rows that are left alone. */
export interface ItemUndoDocument {
  applied: boolean;
  restored: number;
  moves: number;
  kept: string[];
  done_before: number;
  refused: UndoRefusal[];
}

/** A key to make. */
export interface KeyBody {
  name: string;
  role: "administrator" | "integration" | "operator" | "viewer";
  lifetime_s?: number | null;
}

/** A key as stored; the key itself is not. */
export interface KeyDocument {
  name: string;
  role: string;
  live: boolean;
  created_at: string;
  created_by: string;
  expires_at: string | null;
  revoked_at: string | null;
}

/** All keys, the ended ones too. */
export interface KeyPage {
  items: KeyDocument[];
  next: string | null;
}

/** Seconds that half, 95 % and 99 % of the last thousand were at or under; null while there is none. */
export interface LagDocument {
  count: number;
  p50: number | null;
  p95: number | null;
  p99: number | null;
}

/** Purchase limits 限购 in units; counting starts anew when `period` (a show, say) changes. */
export interface LimitsBody {
  period: string;
  per_order?: number | null;
  per_buyer?: number | null;
  per_buyer_across_channels?: number | null;
}

/** One line of an order; lines of the same SKU are summed. */
export interface LineBody {
  sku: string;
  quantity: number;
}

/** A line of an order; `booked` is false while no listing maps it. */
export interface LineDocument {
  line: string;
  listing: string;
  quantity: number;
  refunded: number;
  merchant_code: string;
  booked: boolean;
}

/** Where the lines lie: percentages of the peak, units, and seconds until empty at the present speed. */
export interface LinesBody {
  safety_percent?: number;
  percentages?: number[];
  absolute?: number | null;
  empty_soon_s?: number;
  empty_now_s?: number;
  clear_share?: number;
  clear_units?: number;
  clear_share_of_time?: number;
  quiet_s?: number;
  escalate_after_s?: number;
  escalations_max?: number;
}

/** The lines that hold for an item, or for all; `revision` is 0 where nobody set them. */
export interface LinesDocument {
  sku: string | null;
  own: boolean;
  revision: number;
  lines: LinesBody;
}

/** The lines of all items first, then of those that have their own. */
export interface LinesPage {
  items: LinesDocument[];
  next: string | null;
}

/** Lines to try on the last `hours`, for one item or for all that moved. */
export interface LinesPreviewBody {
  lines: LinesBody;
  hours?: number;
  sku?: string | null;
}

/** What would have been told; `complete` is false where a bound cut it, and `since` says from when. */
export interface LinesPreviewDocument {
  since: string;
  until: string;
  complete: boolean;
  skus: number;
  counts: Record<string, number>;
  told: PreviewedWarningDocument[];
}

/** What is put on a list, with a reason, or taken off it when `listed` is false; all of it or nothing. */
export interface ListChangeBody {
  entries: ListedSubject[];
  reason: string;
  listed?: boolean;
}

/** What the call changed, and of how many entries there was nothing to change. */
export interface ListChangeDocument {
  changed: ListedDocument[];
  unchanged: number;
}

/** All that stands on a list. */
export interface ListDocument {
  items: ListedDocument[];
}

/** Why this buyer is put on the list. */
export interface ListEntryBody {
  reason: string;
}

/** Who or what stands on a list; `buyer` is the hash if the kind is another. */
export interface ListedDocument {
  list: string;
  buyer: string;
  reason: string;
  actor: string;
  since: string;
  kind: ListedKind;
}

export type ListedKind = "address" | "buyer" | "device" | "payment";

/** A buyer, device, address or payment; `hashed` says that the value is its hash, as a list shows it. */
export interface ListedSubject {
  value: string;
  kind?: ListedKind;
  hashed?: boolean;
}

/** What a listing sells; `product`, `variant` and `warehouse` are read from the path if left out. */
export interface ListingBody {
  sku: string;
  product?: string;
  variant?: string;
  warehouse?: string;
  merchant_code?: string;
  rule?: RuleBody;
  lower_counter?: boolean;
}

/** A listing as stored; `right` in its own units, null until its counter has been taken over. */
export interface ListingDocument {
  channel: string;
  listing: string;
  product: string;
  variant: string;
  warehouse: string;
  sku: string;
  merchant_code: string;
  rule: RuleBody;
  right: number | null;
  open_writes: number;
}

/** A listing's item, seller code or part of its rule, before and after. */
export interface ListingImportChange {
  field: string;
  old: string | number | boolean | null;
  new: string | number | boolean | null;
}

/** What a file would map, or mapped; with any problem nothing is applied. `plan` names this plan. */
export interface ListingImportDocument {
  plan: string;
  applied: boolean;
  rows: ListingImportRow[];
  unchanged: number;
  problems: RowProblem[];
  warnings: RowProblem[];
}

/** What one row of the file changes. */
export interface ListingImportRow {
  row: number;
  channel: string;
  listing: string;
  sku: string;
  name: string;
  new: boolean;
  changes: ListingImportChange[];
}

/** A page of listings in order of channel and name. */
export interface ListingPage {
  items: ListingDocument[];
  next: string | null;
}

/** A mail server and who writes to whom; `plain` is for a private network alone. */
export interface MailBody {
  host: string;
  sender: string;
  to: string[];
  port?: number;
  security?: "plain" | "starttls" | "tls";
  user?: string;
  password?: string | null;
}

/** What a platform can do; a connection's `settings` may correct any of it by the field's name. */
export interface ManifestDocument {
  platform: string;
  title: string;
  title_zh: string;
  needs_connection: boolean;
  base_url: string;
  secrets: string[];
  write: string;
  under_run: string;
  idempotent: boolean;
  can_shrink: boolean;
  read_back: boolean;
  write_tells_counter: boolean;
  lines_per_write_max: number;
  rate: RateDocument;
  deducts: string;
  gives_back_on_cancel: string;
  gives_back_on_refund: string;
  push: string;
  push_carries_order: boolean;
  poll: boolean;
  timeout_s: number;
  settles_within_s: number;
  round_trip_s: number;
  read_stale_s: number;
  push_lag_s: number;
  poll_lag_s: number;
  poll_every_s: number;
  poll_window_max_s: number;
  poll_page_max: number;
  acknowledge_within_s: number;
  uncertain: string[];
}

/** A key, the only time it is shown. */
export interface NewKeyDocument {
  name: string;
  role: string;
  key: string;
}

/** An overlay's address, the only time it is shown: `path` behind the server's own. */
export interface NewOverlayDocument {
  name: string;
  token: string;
  path: string;
}

/** Units of an item's reserve to open. */
export interface OpenReserveBody {
  id: string;
  sku: string;
  units: number;
}

export type Opening = "approval" | "automatic";

/** A platform's order as we know it. */
export interface OrderDocument {
  channel: string;
  order: string;
  status: string;
  buyer: string;
  created_at: string;
  updated_at: string;
  lines: LineDocument[];
}

/** Orders, the oldest first. */
export interface OrderPage {
  items: OrderDocument[];
  next: string | null;
}

export type Outcome = "queue" | "refuse" | "review";

/** An overlay to make. */
export interface OverlayBody {
  skus: string[];
  theme?: "clear" | "festive" | "night" | "paper";
  layout?: "bar" | "card";
  place?: "bottom" | "bottom-left" | "bottom-right" | "top" | "top-left" | "top-right";
  language?: "en" | "zh";
  name: string;
}

/** An overlay as stored; its address is not. */
export interface OverlayDocument {
  name: string;
  live: boolean;
  skus: string[];
  theme: string;
  layout: string;
  place: string;
  language: string;
  created_at: string;
  created_by: string;
  revoked_at: string | null;
}

/** All overlays, the ended ones too. */
export interface OverlayPage {
  items: OverlayDocument[];
  next: string | null;
}

/** An error of the preflight that a person took upon themselves. */
export interface OverruledDocument {
  code: string;
  reason: string;
  actor: string;
  at: string;
}

/** All platforms; there is no second page. */
export interface PlatformPage {
  items: ManifestDocument[];
  next: string | null;
}

/** A new time for a drop that is not open yet. */
export interface PostponeBody {
  opens_at: string;
}

/** What the preflight found, errors first; `ok` when none is left. */
export interface PreflightDocument {
  ok: boolean;
  findings: FindingDocument[];
}

/** One warning that would have been told. */
export interface PreviewedWarningDocument {
  at: string;
  sku: string;
  name: string;
  kind: string;
  code: string;
  level: string;
  zh: string;
  en: string;
}

/** What went wrong; `code` is stable and meant for programs, `detail` for people. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  request_id: string;
  field?: string | null;
  facts?: Record<string, string | number>;
}

/** A step of a reserve: proposed, and what became of it; `decided_by` is the approver. */
export interface ProposalDocument {
  id: string;
  show: string;
  sku: string;
  units: number;
  status: ProposalStatus;
  explanation: Explanation;
  figures: ReserveFigures;
  made_at: string;
  expires_at: string;
  decided_by: string;
  decided_at: string | null;
}

/** All that stand and the newest that were decided, newest first; there is no second page. */
export interface ProposalPage {
  items: ProposalDocument[];
  next: string | null;
}

export type ProposalStatus = "approved" | "expired" | "open" | "overtaken" | "rejected";

/** An item to push in 临时加推: on air `now`, or after the one that is. */
export interface PushBody {
  id: string;
  item: RundownItemBody;
  now?: boolean;
}

/** Pushes since the start; a repeated or echoed one is known as such and changes nothing. */
export interface PushesDocument {
  by_kind: Record<string, number>;
  refused: Record<string, number>;
  repeated: number;
  echoes: number;
  failed: number;
}

/** Calls a second over all SKUs, and how many may come at once. */
export interface RateDocument {
  per_s: number;
  burst: number;
}

/** The process takes work; numbers say how it stands. */
export interface Readiness {
  status: string;
  version: string;
  store: string;
  queue_depth: number;
  audit_differences: number;
  clock_skew_ms: number;
}

/** A refused hold: what was asked, the rule that stood against it, and one sentence to say. `signals` are the hashes of device, address and payment, as far as the shop told them. */
export interface RefusalDocument {
  id: string;
  code: string;
  facts: Record<string, string | number>;
  words: Sentence;
  channel: string;
  buyer: string;
  lines: Record<string, number>;
  actor: string;
  refused_at: string;
  signals: Record<string, string>;
}

/** A page of refusals, the newest first. */
export interface RefusalPage {
  items: RefusalDocument[];
  next: string | null;
}

/** An order that the ledger does not book, with the result codes that say why 无法入账的订单. */
export interface RefusedOrderDocument {
  order: string;
  codes: string;
}

/** What was known when the step was proposed, in units and seconds. */
export interface ReserveFigures {
  out_for_s: number;
  sold_per_minute: number;
  unpaid: number;
  left: number;
}

/** A hold up for review: `code` and `facts` are those of the rule it broke. */
export interface ReviewDocument {
  review: string;
  code: string;
  facts: Record<string, string | number>;
  words: Sentence;
  hold: HoldDocument;
}

/** A page of reviews, the newest first. */
export interface ReviewPage {
  items: ReviewDocument[];
  next: string | null;
}

/** What the platform may still sell of a listing. */
export interface RightDocument {
  listing: string;
  sku: string;
  right: number | null;
  paused: boolean;
  fixed: number | null;
  stop: string;
  problem: string;
  mismatch_at: string | null;
  mismatch_units: number;
}

/** How long the old key still opens the door beside the new one. */
export interface RotateBody {
  grace_s?: number;
}

/** What is wrong at a cell; row 0 is the file itself. */
export interface RowProblem {
  row: number;
  column: string;
  value: string;
  code: string;
  message: string;
  message_zh: string;
}

/** A person's wishes; the autopilot stays within them. */
export interface RuleBody {
  weight?: number;
  minimum?: number;
  maximum?: number | null;
  paused?: boolean;
  fixed?: number | null;
}

/** What a file would make of a show's rundown; with any problem nothing is applied. */
export interface RundownDocument {
  applied: boolean;
  added: string[];
  removed: string[];
  items: RundownItemDocument[];
  problems: RowProblem[];
  show: ShowDocument | null;
}

/** An item of the rundown 排品. */
export interface RundownItemBody {
  sku: string;
  planned: number;
  strategy?: Strategy;
  reserve_percent?: number | null;
  limits?: ItemLimits | null;
  script?: string;
  minutes?: number | null;
  opening?: Opening;
}

/** An item of the rundown as it stands; `reserve_percent_proposed` is 10 to 20 % by its plan. */
export interface RundownItemDocument {
  sku: string;
  planned: number;
  strategy: Strategy;
  reserve_percent: number | null;
  reserve_percent_proposed: number;
  limits: ItemLimits | null;
  script: string;
  minutes: number | null;
  state: ItemState;
  pushed_in: boolean;
  on_air_at: string | null;
  done_at: string | null;
  reserved: number;
  opened: number;
  opening: Opening;
}

/** That a secret is set; of a long one its last characters, so that people can tell which. */
export interface SecretDocument {
  name: string;
  ends_with: string;
}

/** What support can say. */
export interface Sentence {
  zh: string;
  en: string;
}

/** What opens the door: one of the two. */
export interface SessionBody {
  key?: string | null;
  link?: string | null;
}

/** Who is in by the cookie, and until when; the role `none` when nobody is. */
export interface SessionDocument {
  actor: string;
  role: string;
  ends_at: string | null;
  version: string;
}

/** A show to plan or to change; with `revision` only if nobody changed it in the meantime. */
export interface ShowBody {
  name: string;
  channels: string[];
  starts_at: string;
  ends_at: string;
  items?: RundownItemBody[];
  revision?: number | null;
}

/** A show as it stands; `results` is null until it has ended. */
export interface ShowDocument {
  id: string;
  revision: number;
  name: string;
  channels: string[];
  starts_at: string;
  ends_at: string;
  status: Status;
  items: RundownItemDocument[];
  current: string | null;
  spotlight: string | null;
  undoable: string | null;
  started_at: string | null;
  started_by: string;
  ended_at: string | null;
  ended_by: string;
  steps: StepDocument[];
  overruled: OverruledDocument[];
  results: SoldDocument[] | null;
}

/** All shows, in order of their start; there is no second page. */
export interface ShowPage {
  items: ShowDocument[];
  next: string | null;
}

/** What an overlay shows, and how. */
export interface ShowingBody {
  skus: string[];
  theme?: "clear" | "festive" | "night" | "paper";
  layout?: "bar" | "card";
  place?: "bottom" | "bottom-left" | "bottom-right" | "top" | "top-left" | "top-right";
  language?: "en" | "zh";
}

/** What the shop's server knows of who asks 风控特征; a rule about what is left out does not apply. */
export interface SignalsBody {
  device?: string;
  address?: string;
  payment?: string;
  account_created_at?: string | null;
}

/** Which item is left out; by default the one on air. */
export interface SkipBody {
  id: string;
  sku?: string | null;
}

/** An item's description; what is left out is reset to its default. */
export interface SkuBody {
  name: string;
  variant?: string;
  price_cents?: number | null;
  cost_cents?: number | null;
  frozen?: boolean;
  sale_opens_at?: string | null;
  sale_closes_at?: string | null;
  limits?: LimitsBody | null;
  components?: ComponentBody[];
  guard?: GuardBody | null;
  image_url?: string | null;
}

/** An item as stored. */
export interface SkuDocument {
  sku: string;
  name: string;
  variant: string;
  price_cents: number | null;
  cost_cents: number | null;
  frozen: boolean;
  sale_opens_at: string | null;
  sale_closes_at: string | null;
  limits: LimitsBody | null;
  components: ComponentBody[];
  created_at: string;
  updated_at: string;
  guard?: GuardBody | null;
  image_url?: string | null;
}

/** A page of items in order of their code. */
export interface SkuPage {
  items: SkuDocument[];
  next: string | null;
}

/** Net units of an item that a channel sold in the show. */
export interface SoldDocument {
  sku: string;
  channel: string;
  units: number;
}

/** Most orders or units in a window aligned to the server's time; `orders` or `units` must be there. */
export interface SpeedBody {
  window_s: number;
  orders?: number | null;
  units?: number | null;
  outcome?: Outcome;
}

/** Which item is shown large. */
export interface SpotlightBody {
  id: string;
  sku: string;
}

/** A start; each error of the preflight that is taken upon oneself has its code and a reason. */
export interface StartBody {
  id: string;
  overrule?: Record<string, string>;
}

export type Status = "ended" | "live" | "planned";

/** A step; the same id again changes nothing. */
export interface StepBody {
  id: string;
}

/** Something that happened in the show. */
export interface StepDocument {
  at: string;
  actor: string;
  action: string;
  sku: string;
  detail: string;
}

/** A page of stock in order of SKU. */
export interface StockPage {
  items: StockView[];
  next: string | null;
}

/** Stock of one SKU in units as of commit `version`; a SKU that never moved has version 0. */
export interface StockView {
  sku: string;
  on_hand: number;
  available: number;
  held: number;
  committed: number;
  accounts: AccountView[];
  version: number;
}

export type Strategy = "drops" | "flash" | "reserve" | "shared";

/** How one channel stands; `orders` are tellings, `orders_by_…` are orders by who told of them first. */
export interface SyncDocument {
  channel: string;
  platform: string;
  up: boolean;
  problem: string;
  last_error: string;
  last_error_at: string | null;
  last_push_at: string | null;
  last_poll_at: string | null;
  orders_known_to: string | null;
  access_expires_at: string | null;
  refresh_expires_at: string | null;
  message_lag: LagDocument;
  send_lag: LagDocument;
  round_trip: LagDocument;
  calls: CallsDocument[];
  pushes: PushesDocument;
  orders: number;
  orders_by_push: number;
  orders_by_poll: number;
  oversold_units: number;
  debts: DebtDocument[];
  unmapped_orders: number;
  refused_orders: RefusedOrderDocument[];
  open_writes: WriteDocument[];
  listings: RightDocument[];
}

/** All connected channels; there is no second page. */
export interface SyncPage {
  items: SyncDocument[];
  next: string | null;
}

/** What a robot said to a test message, in plain words; `code` and `said` are its own. */
export interface TestDocument {
  ok: boolean;
  verdict: string;
  code: string;
  said: string;
  zh: string;
  en: string;
}

/** A warning in words: a title, the lines below it, and what could be done, one sentence each. */
export interface TextDocument {
  title: string;
  lines: string[];
}

/** A ticket: to be handed to this buyer alone. */
export interface TicketDocument {
  buyer: string;
  ticket: string;
}

/** Tickets of a gate for up to 1,000 buyers; the same buyer and `number` get the same ticket again. */
export interface TicketsBody {
  gate: string;
  buyers: string[];
  expires_at: string;
  number?: number;
}

/** Tickets in the order of the request. */
export interface TicketsDocument {
  gate: string;
  expires_at: string;
  tickets: TicketDocument[];
}

/** How far a platform has been told of an open drop, in units; the same holds for what is called back. `waiting` are not granted, `under_way` are granted and the platform has not answered yet, `told` is the rest. Of `recalling` an answer is awaited. `left` is what buyers have not taken. */
export interface ToldDocument {
  channel: string;
  listing: string;
  told: number;
  waiting: number;
  under_way: number;
  recalling: number;
  left: number;
  up: boolean;
}

/** A move of a whole quantity. */
export interface TransferBody {
  id: string;
  sku: string;
  from: string;
  to: string;
  quantity: number;
  reason: string;
  location?: string;
  reference?: string;
  event_at?: string | null;
}

/** A transfer as recorded; `id` is null for the legs of a confirmed hold, which `reference` names. */
export interface TransferDocument {
  id: string | null;
  sku: string;
  from: string;
  to: string;
  quantity: number;
  reason: string;
  location: string;
  reference: string;
  actor: string;
  event_at: string;
  recorded_at: string;
  pace: Record<string, number> | null;
}

/** A page of transfers, the newest first. */
export interface TransferPage {
  items: TransferDocument[];
  next: string | null;
}

/** A row that stays as it is, and why; `field` is what was changed since, if that is it. */
export interface UndoRefusal {
  row: number;
  sku: string;
  code: string;
  field?: string | null;
}

/** A listing that orders wait for; `sku` is the item whose code is its seller code, if there is one. */
export interface UnmappedListing {
  listing: string;
  product: string;
  variant: string;
  warehouse: string;
  merchant_code: string;
  orders: number;
  units: number;
  sku: string | null;
  name: string | null;
}

/** All of a channel, those with the most units first; there is no second page. */
export interface UnmappedPage {
  items: UnmappedListing[];
  next: string | null;
}

/** Why. */
export interface VerdictBody {
  reason?: string;
}

/** A warning that stands for an item; its figures are those of now, its code is stable. */
export interface WarningDocument {
  sku: string;
  name: string;
  code: string;
  level: string;
  since: string;
  told_at: string | null;
  escalations: number;
  acknowledged_by: string | null;
  advice: string[];
  figures: Figures;
  zh: TextDocument;
  en: TextDocument;
}

/** All warnings that stand, those that nobody acknowledged first, then the worst first. */
export interface WarningPage {
  items: WarningDocument[];
  next: string | null;
}

/** The same in both languages. */
export interface Words {
  zh: string;
  en: string;
}

/** A write whose end is not known yet; while it is so, its units are safe with the channel. */
export interface WriteDocument {
  id: string;
  listing: string;
  operation: string;
  quantity: number;
  change: number;
  status: string;
  created_at: string;
}

export type ProblemCode =
  | "account_too_new"
  | "accounts_must_differ"
  | "address_shared"
  | "balance_limit_exceeded"
  | "body_too_large"
  | "buyer_blocked"
  | "changed_meanwhile"
  | "channel_frozen"
  | "channel_has_rights"
  | "channel_holds_units"
  | "channel_is_synced"
  | "component_is_bundle"
  | "counter_beyond_pool"
  | "drop_has_units"
  | "drop_status"
  | "exists_with_different_buyer"
  | "exists_with_different_channel"
  | "exists_with_different_from"
  | "exists_with_different_lines"
  | "exists_with_different_location"
  | "exists_with_different_quantity"
  | "exists_with_different_reason"
  | "exists_with_different_sku"
  | "exists_with_different_to"
  | "exists_with_different_ttl"
  | "exposure_limit_reached"
  | "forbidden"
  | "gate_overlaps"
  | "gone"
  | "hold_already_confirmed"
  | "hold_already_released"
  | "hold_expired"
  | "id_used_before"
  | "insufficient_available"
  | "internal_error"
  | "invalid_request"
  | "item_in_rundown"
  | "item_not_waiting"
  | "listing_has_right"
  | "name_taken"
  | "no_next_item"
  | "no_single_listing"
  | "not_connectable"
  | "not_connected"
  | "not_found"
  | "not_in_review"
  | "not_in_rundown"
  | "not_ready"
  | "nothing_to_undo"
  | "platform_failed"
  | "preflight_failed"
  | "proposal_settled"
  | "purchase_limit_exceeded"
  | "push_malformed"
  | "push_refused"
  | "queue_full"
  | "queued"
  | "reserve_empty"
  | "reserve_short"
  | "review_already_decided"
  | "sale_closed"
  | "sale_not_open"
  | "secret_key_unusable"
  | "show_is_ended"
  | "show_is_live"
  | "show_is_planned"
  | "sku_frozen"
  | "sku_has_stock"
  | "sku_is_bundle"
  | "sku_is_component"
  | "sold_in_another_show"
  | "speed_breaker_tripped"
  | "stock_moved_meanwhile"
  | "stopping"
  | "store_failed"
  | "ticket_expired"
  | "ticket_invalid"
  | "ticket_required"
  | "ticket_used"
  | "too_fast"
  | "too_many_viewers"
  | "too_slow"
  | "transfer_not_allowed"
  | "unauthorized"
  | "unknown_channel"
  | "unknown_component"
  | "unknown_hold"
  | "unknown_sku";
