import { Alert, Spin } from "antd";
import { useState } from "react";
import type { DestinationDocument, TestDocument } from "../../api/types";
import { roleWord } from "../../live/words";
import { mayAs, useWho } from "../../session/session";
import { Confirm } from "../../ui/dialogs/Confirm";
import { ShownOnce } from "../../ui/dialogs/ShownOnce";
import { Guarded } from "../../ui/Guarded";
import { useWhyNot } from "../../ui/may";
import { usePreferences } from "../../ui/preferences";
import { troubleWord } from "../../ui/trouble";
import { DestinationForm } from "./DestinationForm";
import { type Act, DestinationTable } from "./DestinationTable";
import { switched } from "./destination";
import { useDestinations, useDestinationWrites } from "./queries";
import "./destinations.css";

/** Where warnings go; who only looks is told why there is nothing to see. */
export function DestinationsTab() {
  const { t } = usePreferences();
  const who = useWho();
  if (mayAs(who.role, "operator")) return <Destinations />;
  const title = t("dest.not_yours", { role: roleWord(t, who.role) });
  return <Alert type="info" showIcon title={title} description={t("dest.not_yours.hint")} />;
}

function Destinations() {
  const { t } = usePreferences();
  const whyNot = useWhyNot("administrator");
  const writes = useDestinationWrites();
  const { data, error, isPending } = useDestinations();
  const [form, setForm] = useState<{ of: DestinationDocument | null } | null>(null);
  const [removing, setRemoving] = useState<DestinationDocument | null>(null);
  const [secret, setSecret] = useState<{ name: string; secret: string } | null>(null);
  const [tests, setTests] = useState<Readonly<Record<string, TestDocument | "running">>>({});
  const [trouble, setTrouble] = useState<unknown>(null);
  const told = (id: string, test?: TestDocument | "running") =>
    setTests(({ [id]: _, ...rest }) => (test ? { ...rest, [id]: test } : rest));

  async function attempt(id: string, work: () => Promise<TestDocument | undefined>) {
    setTrouble(null);
    try {
      told(id, await work());
    } catch (cause) {
      told(id);
      setTrouble(cause);
    }
  }

  function act(kind: Act, found: DestinationDocument) {
    const id = found.destination;
    if (kind === "change") setForm({ of: found });
    else if (kind === "remove") setRemoving(found);
    else if (kind === "test") {
      told(id, "running");
      void attempt(id, () => writes.test(id));
    } else void attempt(id, async () => void (await writes.put(id, switched(found, kind === "resume"))));
  }

  const wrong = trouble ?? error;
  return (
    <>
      <div className="destinations-bar">
        <Guarded type="primary" why={whyNot} onClick={() => setForm({ of: null })}>
          {t("dest.new")}
        </Guarded>
        <span className="muted">{t("dest.hint")}</span>
      </div>
      {wrong !== null && <Alert type="error" banner title={troubleWord(t, wrong)} />}
      {isPending ? (
        <p className="warnings-empty">
          <Spin size="small" /> {t("dest.loading")}
        </p>
      ) : data?.length ? (
        <DestinationTable destinations={data} tests={tests} whyNot={whyNot} act={act} />
      ) : (
        data && <p className="warnings-empty">{t("dest.none")}</p>
      )}
      {form && (
        <DestinationForm
          found={form.of}
          taken={new Set(data?.map((each) => each.destination))}
          done={(name, made) => {
            setForm(null);
            if (form.of) told(form.of.destination);
            if (made) setSecret({ name, secret: made });
          }}
          close={() => setForm(null)}
        />
      )}
      {removing && (
        <Confirm
          title={t("dest.remove.title", { name: removing.name })}
          act={t("dest.remove")}
          danger
          run={async () => {
            await writes.remove(removing.destination);
            setRemoving(null);
          }}
          close={() => setRemoving(null)}
        >
          <p>{t("dest.remove.ask")}</p>
          {removing.delivery.waiting > 0 && (
            <p>{t("dest.remove.waiting", { n: removing.delivery.waiting })}</p>
          )}
        </Confirm>
      )}
      {secret && (
        <ShownOnce
          title={t("dest.secret.made", { name: secret.name })}
          warning={t("dest.secret.once")}
          secret={secret.secret}
          close={() => setSecret(null)}
        />
      )}
    </>
  );
}
