import { type DragEvent, useState } from "react";
import { usePreferences } from "../../ui/preferences";

/** Takes one file, chosen or dropped; a way to an empty one. */
export function ChooseFile({ choose }: { choose(file: File): void }) {
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
        <span className="muted">{t("import.rules")}</span>
        <a className="items-link" href="/v1/items-template.csv" download>
          {t("import.template")}
        </a>
      </p>
    </>
  );
}
