import { type DragEvent, useState } from "react";
import { usePreferences } from "../preferences";

interface Props {
  /** Where an empty file is had. */
  template: string;
  rules: string;
  choose(file: File): void;
}

/** Takes one file, chosen or dropped; a way to an empty one. */
export function ChooseFile({ template, rules, choose }: Props) {
  const { t } = usePreferences();
  const [over, setOver] = useState(false);

  function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file) choose(file);
  }

  return (
    <>
      <label
        className={`import-drop${over ? " is-over" : ""}`}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <input
          type="file"
          className="import-file"
          accept=".csv,.tsv,.txt,.xlsx,.xlsm,.xls"
          onChange={(event) => {
            const file = event.target.files?.[0];
            if (file) choose(file);
          }}
        />
        <strong>{t("import.choose")}</strong>
        <span className="muted">{t("import.kinds")}</span>
      </label>
      <p className="import-rules">
        <span className="muted">{rules}</span>
        <a className="import-link" href={template} download>
          {t("import.template")}
        </a>
      </p>
    </>
  );
}
