import { Alert, Button, Input } from "antd";
import { type FormEvent, useState } from "react";
import { ApiError } from "../api/client";
import { usePreferences } from "../ui/preferences";
import { useDoor } from "./session";

/** Where a key is asked for. */
export function LoginPage({ trouble }: { trouble: Error | null }) {
  const { t, switchLanguage } = usePreferences();
  const door = useDoor();
  const [key, setKey] = useState("");
  const [error, setError] = useState<Error | null>(trouble);
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    try {
      await door.comeIn(key.trim());
    } catch (cause) {
      setError(cause as Error);
      setBusy(false);
    }
  }

  const refused = error instanceof ApiError && error.problem.status < 500;
  return (
    <main className="whole-page">
      <form className="login" onSubmit={submit}>
        <h1>
          <img src="/console/favicon.svg" alt="" width={28} height={28} /> {t("login.title")}
        </h1>
        {/* Password managers file a secret under a name. */}
        <input type="text" autoComplete="username" defaultValue="holdfast" hidden readOnly />
        <label htmlFor="key">{t("login.key")}</label>
        <Input.Password
          id="key"
          value={key}
          onChange={(event) => setKey(event.target.value)}
          autoComplete="current-password"
          autoFocus
          size="large"
          placeholder="hf_…"
        />
        <div className="login-error">
          {error && (
            <Alert
              type="error"
              showIcon
              title={refused ? t("login.refused") : t("login.failed", { detail: error.message })}
            />
          )}
        </div>
        <Button type="primary" htmlType="submit" size="large" block loading={busy} disabled={!key.trim()}>
          {t("login.enter")}
        </Button>
        <p className="muted">{t("login.hint")}</p>
        <p className="muted">{t("login.safe")}</p>
        <Button type="text" size="small" onClick={switchLanguage} title={t("app.language.label")}>
          {t("app.language")}
        </Button>
      </form>
    </main>
  );
}
