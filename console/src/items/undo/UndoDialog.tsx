import { Alert, Button, Modal, Spin } from "antd";
import type { ItemUndoDocument } from "../../api/types";
import { units } from "../../i18n/format";
import { Guarded } from "../../ui/Guarded";
import { usePreferences } from "../../ui/preferences";
import { troubleWord } from "../../ui/trouble";
import { Refused } from "./Refused";
import { useUndo } from "./useUndo";

interface Props {
  id: string;
  done(found: ItemUndoDocument): void;
  close(): void;
}

/** What undoing an import puts back, what stays and why; then the undoing. */
export function UndoDialog({ id, done, close }: Props) {
  const { t } = usePreferences();
  const { look, undo } = useUndo(id);
  const found = undo.data ?? look.data;
  const trouble = undo.error ?? look.error;
  const nothing = found && found.restored + found.moves === 0;
  let why: string | null = null;
  if (!found) why = t("undo.looking");
  else if (nothing) why = t("undo.nothing");

  const facts = found && [
    t("undo.restored", { n: units(found.restored) }),
    t("undo.moves", { n: units(found.moves) }),
    ...(found.done_before ? [t("undo.before", { n: units(found.done_before) })] : []),
  ];
  return (
    <Modal
      open
      width={720}
      className="import"
      title={t("undo.title")}
      onCancel={close}
      closable={!undo.isPending}
      mask={{ closable: false }}
      footer={
        undo.data ? (
          <Button type="primary" onClick={close}>
            {t("import.close")}
          </Button>
        ) : (
          <>
            <Button onClick={close} disabled={undo.isPending}>
              {t("move.cancel")}
            </Button>
            <Guarded
              type="primary"
              why={why}
              loading={undo.isPending}
              onClick={() => undo.mutate(undefined, { onSuccess: done })}
            >
              {t("undo.go")}
            </Guarded>
          </>
        )
      }
    >
      {trouble && <Alert type="error" showIcon title={troubleWord(t, trouble)} />}
      {look.isPending && (
        <p role="status">
          <Spin size="small" /> {t("undo.looking")}
        </p>
      )}
      {undo.data && (
        <Alert
          type={undo.data.refused.length ? "warning" : "success"}
          showIcon
          role="status"
          title={
            undo.data.refused.length ? t("undo.done.partly", { n: undo.data.refused.length }) : t("undo.done")
          }
        />
      )}
      {facts && (
        <p className="import-sum num" data-testid="undo-facts">
          {facts.map((fact) => (
            <strong key={fact}>{fact}</strong>
          ))}
        </p>
      )}
      {found && found.kept.length > 0 && (
        <p>
          {t("undo.kept", { n: units(found.kept.length) })}
          <span className="muted num"> {found.kept.slice(0, 20).join("，")}</span>
        </p>
      )}
      {found && <Refused refused={found.refused} />}
      {!undo.data && <p className="muted">{t("undo.preflight")}</p>}
    </Modal>
  );
}
