import { Alert, Button, Modal, Spin } from "antd";
import type { ReactNode } from "react";
import { Guarded } from "../Guarded";
import { usePreferences } from "../preferences";
import { troubleWord } from "../trouble";
import { ChooseFile } from "./ChooseFile";
import "./file.css";

interface Props {
  title: string;
  /** Where an empty file is had, and what a filled one has to keep to. */
  template: string;
  rules: string;
  file: File | null;
  busy: boolean;
  trouble: unknown;
  /** Whether the file is understood; then `children` show what it says. */
  planned: boolean;
  /** Done: nothing is left but to close it. */
  done?: boolean;
  act: string;
  /** Why it cannot be done now; null when it can. */
  why: string | null;
  choose(file: File): void;
  forget(): void;
  apply(): void;
  close(): void;
  children: ReactNode;
}

/** The way of a file in: choose it, see what it says or what is wrong in it, confirm. */
export function ImportFrame(props: Props) {
  const { title, template, rules, file, busy, trouble, planned, done, act, why, close, children } = props;
  const { t } = usePreferences();
  const applying = busy && planned;
  const foot = done ? (
    <Button type="primary" onClick={close}>
      {t("import.close")}
    </Button>
  ) : (
    <>
      {applying && (
        <span className="muted" role="status">
          {t("import.applying")}
        </span>
      )}
      {file && !applying && <Button onClick={props.forget}>{t("import.other")}</Button>}
      <Guarded type="primary" why={why} loading={applying} onClick={props.apply}>
        {act}
      </Guarded>
    </>
  );
  return (
    <Modal
      open
      width={860}
      className="import"
      title={title}
      onCancel={close}
      closable={!applying}
      mask={{ closable: false }}
      footer={foot}
    >
      {trouble !== null && <Alert type="error" showIcon title={troubleWord(t, trouble)} />}
      {!file && <ChooseFile template={template} rules={rules} choose={props.choose} />}
      {file && <p className="import-name">{file.name}</p>}
      {file && busy && !planned && (
        <p className="import-empty" role="status">
          <Spin size="small" /> {t("import.reading", { file: file.name })}
        </p>
      )}
      {children}
    </Modal>
  );
}
