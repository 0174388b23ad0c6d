import type { ConnectionBody, ConnectionDocument, ManifestDocument } from "../../api/types";

export interface Field {
  name: string;
  /** Where in the connection it stands. */
  part: "body" | "secrets" | "settings";
  secret: boolean;
  required: boolean;
}

/** Settings without which a platform's connection cannot be taken up. */
const SETTINGS: Record<string, readonly string[]> = { shopify: ["location_id"] };
/** Platforms that give out their tokens for app and secret alone. */
const NO_TOKENS = new Set(["wechat"]);

/** What has to be typed in to connect a shop of this platform; a secret on file may be left out. */
export function fieldsOf(manifest: ManifestDocument, onFile: ConnectionDocument | null): Field[] {
  const body = (name: string, secret: boolean, required: boolean): Field => {
    return { name, part: "body", secret, required };
  };
  const tokens = NO_TOKENS.has(manifest.platform)
    ? []
    : [body("access_token", true, false), body("refresh_token", true, false)];
  return [
    body("app_key", false, true),
    body("app_secret", true, onFile === null),
    body("shop", false, false),
    ...tokens,
    ...manifest.secrets.map((name): Field => ({ name, part: "secrets", secret: true, required: false })),
    ...(SETTINGS[manifest.platform] ?? []).map(
      (name): Field => ({ name, part: "settings", secret: false, required: true }),
    ),
    body("base_url", false, manifest.base_url === ""),
  ];
}

export type Typed = Readonly<Record<string, string>>;

/** What is on file of the fields that are no secrets. */
export function typedFrom(fields: readonly Field[], onFile: ConnectionDocument | null): Typed {
  const found: Record<string, string> = {};
  if (!onFile) return found;
  const plain: Record<string, string> = { app_key: onFile.app_key, shop: onFile.shop };
  // The platform's own address is the default, and is not fixed by being shown.
  if (onFile.base_url !== onFile.manifest?.base_url) plain.base_url = onFile.base_url;
  for (const { name, part, secret } of fields) {
    if (secret) continue;
    found[name] = (part === "settings" ? onFile.settings[name] : plain[name]) ?? "";
  }
  return found;
}

/** Required fields that are still empty. */
export function missing(fields: readonly Field[], typed: Typed): Field[] {
  return fields.filter((field) => field.required && !typed[field.name]?.trim());
}

/** The connection to send: empty secrets are left out, so that they stay as they are. */
export function bodyOf(
  fields: readonly Field[],
  typed: Typed,
  onFile: ConnectionDocument | null,
): ConnectionBody {
  const plain: Record<string, string> = {};
  const secrets: Record<string, string> = {};
  const settings: Record<string, string> = { ...onFile?.settings };
  for (const { name, part } of fields) {
    const value = typed[name]?.trim();
    if (!value) continue;
    if (part === "secrets") secrets[name] = value;
    else if (part === "settings") settings[name] = value;
    else plain[name] = value;
  }
  return { app_key: "", ...plain, secrets, settings };
}
