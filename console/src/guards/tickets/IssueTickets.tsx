import { Alert, Button, Form, Modal } from "antd";
import { useState } from "react";
import type { TicketsDocument } from "../../api/types";
import { readUnits } from "../../items/item";
import { csv, save } from "../../ui/file/csv";
import { usePreferences } from "../../ui/preferences";
import { troubleWord } from "../../ui/trouble";
import { below, draw, namesOf } from "../names";
import { useGuardWrites } from "../queries";
import { type Draft, TicketFields } from "./TicketFields";

interface Props {
  /** Empty for one to be named. */
  gate: string;
  close(): void;
}

/** Tickets for a list of buyers, or for some drawn from it; they are seen once and saved as a file. */
export function IssueTickets({ gate, close }: Props) {
  const { t } = usePreferences();
  const writes = useGuardWrites();
  const [form] = Form.useForm<Draft>();
  const [busy, setBusy] = useState(false);
  const [made, setMade] = useState<TicketsDocument | null>(null);
  const [error, setError] = useState<unknown>(null);

  async function issue(draft: Draft) {
    const buyers = namesOf(draft.buyers);
    const wanted = readUnits(draft.draw) ?? buyers.length;
    setBusy(true);
    setError(null);
    try {
      setMade(
        await writes.issue({
          gate: draft.gate.trim(),
          buyers: wanted < buyers.length ? draw(buyers, wanted, below) : buyers,
          expires_at: new Date(draft.until).toISOString(),
          number: readUnits(draft.number) ?? 1,
        }),
      );
    } catch (cause) {
      setError(cause);
    }
    setBusy(false);
  }

  function download(tickets: TicketsDocument) {
    const rows = tickets.tickets.map(({ buyer, ticket }) => [buyer, ticket]);
    save(csv([["buyer", "ticket"], ...rows]), `holdfast-tickets-${tickets.gate}.csv`);
  }

  const footer = made ? (
    <>
      <Button onClick={close}>{t("tickets.close")}</Button>
      <Button type="primary" onClick={() => download(made)}>
        {t("tickets.save")}
      </Button>
    </>
  ) : (
    <>
      <Button onClick={close}>{t("move.cancel")}</Button>
      <Button type="primary" loading={busy} onClick={form.submit}>
        {t("tickets.issue")}
      </Button>
    </>
  );
  return (
    <Modal
      open
      title={t("tickets.issue")}
      footer={footer}
      onCancel={close}
      mask={{ closable: !made }}
      afterOpenChange={(now) => now && form.focusField(gate ? "buyers" : "gate")}
    >
      {made ? (
        <Alert type="success" showIcon title={t("tickets.made", { n: made.tickets.length })} />
      ) : (
        <Form<Draft>
          form={form}
          layout="vertical"
          requiredMark={false}
          initialValues={{ gate, buyers: "", draw: "", until: "", number: "1" }}
          onFinish={(draft) => void issue(draft)}
        >
          <TicketFields />
        </Form>
      )}
      {error !== null && <Alert type="error" showIcon title={troubleWord(t, error)} />}
    </Modal>
  );
}
