import { Button, Input } from "antd";
import { type FormEvent, useState } from "react";
import type { ConnectionDocument, ManifestDocument } from "../../api/types";
import { isMessage } from "../../i18n/translate";
import { usePreferences } from "../../ui/preferences";
import { troubleWord } from "../../ui/trouble";
import { channelPath, useWrite } from "../parts/useWrite";
import { bodyOf, type Field, fieldsOf, missing, typedFrom } from "./fields";

interface Props {
  channel: string;
  manifest: ManifestDocument;
  onFile: ConnectionDocument | null;
  done(): void;
}

/** One field for each key; secrets go in and are never shown again. */
export function CredentialsForm({ channel, manifest, onFile, done }: Props) {
  const { t } = usePreferences();
  const { write } = useWrite();
  const fields = fieldsOf(manifest, onFile);
  const [typed, setTyped] = useState(() => typedFrom(fields, onFile));
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);

  /** The most particular words there are: of this platform's field, of the field, else its name. */
  function word(kind: "field" | "hint", field: Field): string {
    const own = `channels.${kind}.${manifest.platform}.${field.name}`;
    const any = `channels.${kind}.${field.name}`;
    return isMessage(own) ? t(own) : isMessage(any) ? t(any) : kind === "field" ? field.name : "";
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    const empty = missing(fields, typed);
    if (empty.length > 0) {
      const names = empty.map((field) => word("field", field)).join("、");
      return setProblem(t("channels.connect.missing", { names }));
    }
    setBusy(true);
    write("PUT", channelPath(channel, "/connection"), bodyOf(fields, typed, onFile)).then(done, (error) => {
      setBusy(false);
      setProblem(troubleWord(t, error));
    });
  }

  const where = `channels.where.${manifest.platform}`;
  return (
    <form className="wizard-form" onSubmit={submit} autoComplete="off">
      <p>{isMessage(where) ? t(where) : t("channels.where")}</p>
      {fields.map((field) => {
        const set = onFile?.secrets.find((each) => each.name === field.name);
        const id = `field-${field.name}`;
        return (
          <div key={field.name} className="wizard-field">
            <label htmlFor={id}>
              {word("field", field)}
              {field.required && <span aria-hidden="true"> *</span>}
            </label>
            <Input
              id={id}
              type={field.secret ? "password" : "text"}
              autoComplete={field.secret ? "new-password" : "off"}
              value={typed[field.name] ?? ""}
              placeholder={
                set
                  ? t("channels.connect.kept", { end: set.ends_with })
                  : field.name === "base_url"
                    ? manifest.base_url
                    : ""
              }
              onChange={(event) => setTyped((now) => ({ ...now, [field.name]: event.target.value }))}
            />
            <small className="muted">{word("hint", field)}</small>
          </div>
        );
      })}
      <footer>
        <span className="wizard-problem" role="alert">
          {problem}
        </span>
        <Button type="primary" htmlType="submit" loading={busy}>
          {t("channels.connect.save")}
        </Button>
      </footer>
    </form>
  );
}
