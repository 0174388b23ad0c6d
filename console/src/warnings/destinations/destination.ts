import type { DestinationBody, DestinationDocument } from "../../api/types";

export type Kind = DestinationBody["kind"];

/** What a robot's address looks like. */
export const ADDRESSES: Readonly<Record<Exclude<Kind, "email">, string>> = {
  dingtalk: "https://oapi.dingtalk.com/robot/send?access_token=…",
  feishu: "https://open.feishu.cn/open-apis/bot/v2/hook/…",
  wecom: "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…",
  slack: "https://hooks.slack.com/services/…",
  webhook: "https://example.com/holdfast",
};
export const KINDS = [...Object.keys(ADDRESSES), "email"] as Kind[];

/** Whether a kind has a secret beside its address: one may be there, or has to be. */
export const SECRETS: Readonly<Record<Kind, "none" | "wished" | "needed">> = {
  dingtalk: "wished",
  feishu: "wished",
  wecom: "none",
  slack: "none",
  webhook: "needed",
  email: "none",
};
/** The port that goes with an encryption. */
export const PORTS = { starttls: "587", tls: "465" } as const;
export type Security = keyof typeof PORTS;

/** A destination as a form holds it; what is left empty stays as it was. */
export interface Draft {
  name: string;
  kind: Kind;
  address: string;
  secret: string;
  oldSecret: string;
  level: NonNullable<DestinationBody["level"]>;
  language: NonNullable<DestinationBody["language"]>;
  skus: string[];
  /** Whether the mail server is told, or stays as it was. */
  mail: boolean;
  host: string;
  port: string;
  security: Security;
  user: string;
  password: string;
  sender: string;
  to: string;
}

/** An empty form, or one with what may be seen of a destination. */
export function draftOf(found: DestinationDocument | null, secret: string): Draft {
  return {
    name: found?.name ?? "",
    kind: (found?.kind ?? "dingtalk") as Kind,
    address: "",
    secret,
    oldSecret: "",
    level: found?.level ?? "notice",
    language: (found?.language ?? "zh") as Draft["language"],
    skus: found?.skus ?? [],
    mail: found === null,
    host: "",
    port: PORTS.starttls,
    security: "starttls",
    user: "",
    password: "",
    sender: "",
    to: "",
  };
}

/** Mail addresses between commas of either language. */
export const addressesOf = (text: string): string[] => text.split(/[,，、;；\s]+/).filter(Boolean);

/** What the server takes, from what the form holds. */
export function bodyOf(draft: Draft, enabled: boolean): DestinationBody {
  const shared = {
    name: draft.name.trim(),
    kind: draft.kind,
    level: draft.level,
    language: draft.language,
    skus: draft.skus,
    enabled,
  };
  if (draft.kind === "email") return { ...shared, mail: draft.mail ? mailOf(draft) : null };
  const asked = SECRETS[draft.kind] !== "none";
  return {
    ...shared,
    address: draft.address.trim() || null,
    secret: (asked && draft.secret.trim()) || null,
    old_secret: (draft.kind === "webhook" && draft.oldSecret?.trim()) || null,
  };
}

function mailOf(draft: Draft): NonNullable<DestinationBody["mail"]> {
  return {
    host: draft.host.trim(),
    port: Number(draft.port),
    security: draft.security,
    user: draft.user?.trim() ?? "",
    password: draft.password || null,
    sender: draft.sender.trim(),
    to: addressesOf(draft.to),
  };
}

/** The same destination, told of warnings or not; its secrets stay. */
export function switched(found: DestinationDocument, enabled: boolean): DestinationBody {
  return bodyOf({ ...draftOf(found, ""), mail: false }, enabled);
}

export type State = "off" | "failing" | "fine" | "new";

/** How the delivery stands: the last thing that happened decides. */
export function stateOf({ enabled, delivery }: DestinationDocument): State {
  if (!enabled) return "off";
  const { last_error_at: error, last_success_at: success } = delivery;
  if (error !== null && (success === null || error > success)) return "failing";
  return success === null ? "new" : "fine";
}

const SECRET_BYTES = 32;
const WHSEC = /^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/;

/** A new signing secret after Standard Webhooks. */
export function newSecret(random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array): string {
  return `whsec_${btoa(String.fromCharCode(...random(new Uint8Array(SECRET_BYTES))))}`;
}

/** Whether a text may be a signing secret; the server looks closer. */
export const isSecret = (text: string): boolean => WHSEC.test(text.trim());

/** A code for a new destination, which nobody has to think of. */
export function codeFor(kind: Kind, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number++) {
    const code = number === 1 ? kind : `${kind}-${number}`;
    if (!taken.has(code)) return code;
  }
}
