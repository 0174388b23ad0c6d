import { Alert, Input, Segmented, Spin } from "antd";
import { useState } from "react";
import { useSearchParams } from "wouter";
import type { ListedDocument } from "../../api/types";
import { units } from "../../i18n/format";
import { Guarded } from "../../ui/Guarded";
import { useWhyNot } from "../../ui/may";
import { usePreferences } from "../../ui/preferences";
import { troubleWord } from "../../ui/trouble";
import { type ListName, useGuardWrites, useList } from "../queries";
import { type Done, UndoBar } from "../UndoBar";
import { valueWord } from "../words";
import { AddToList } from "./AddToList";
import { ListTable } from "./ListTable";

const LISTS = ["block", "allow"] as const;

/** Who gets nothing, and who is trusted. */
export function ListsTab() {
  const { t } = usePreferences();
  const whyNot = useWhyNot("operator");
  const writes = useGuardWrites();
  const [params, setParams] = useSearchParams();
  const name: ListName = params.get("list") === "allow" ? "allow" : "block";
  const { data, error, isPending } = useList(name);
  const [find, setFind] = useState("");
  const [adding, setAdding] = useState(false);
  const [done, setDone] = useState<Done | null>(null);
  const [trouble, setTrouble] = useState<unknown>(null);
  const all = data ?? [];
  const words = find.trim().toLowerCase();
  const shown = all.filter((each) =>
    [each.buyer, each.reason, each.actor].some((text) => text.toLowerCase().includes(words)),
  );
  const wrong = trouble ?? error;

  async function remove({ kind, buyer, reason }: ListedDocument) {
    const entries = [{ kind, value: buyer, hashed: true }];
    setTrouble(null);
    try {
      await writes.list(name, entries, reason, false);
      setDone({
        text: t("lists.removed", { value: valueWord(kind, buyer) }),
        undo: () => writes.list(name, entries, reason, true),
      });
    } catch (cause) {
      setTrouble(cause);
    }
  }

  return (
    <>
      {wrong !== null && <Alert type="error" banner title={troubleWord(t, wrong)} />}
      <div className="guards-bar">
        <Segmented<ListName>
          aria-label={t("lists.which")}
          value={name}
          onChange={(value) => setParams({ tab: "lists", ...(value === "allow" ? { list: value } : {}) })}
          options={LISTS.map((value) => ({ value, label: t(`lists.${value}`) }))}
        />
        <Input
          type="search"
          className="guards-search"
          allowClear
          value={find}
          placeholder={t("lists.find")}
          aria-label={t("lists.find")}
          onChange={(event) => setFind(event.target.value)}
        />
        <Guarded type="primary" why={whyNot} onClick={() => setAdding(true)}>
          {t("lists.add")}
        </Guarded>
        <span className="muted num">{t("lists.count", { n: units(shown.length) })}</span>
        <UndoBar key={done?.text} done={done} fail={setTrouble} />
      </div>
      <p className="muted guards-hint">{t(`lists.${name}.hint`)}</p>
      {isPending ? (
        <p className="guards-empty">
          <Spin size="small" /> {t("guards.loading")}
        </p>
      ) : shown.length === 0 ? (
        <p className="guards-empty">{t(all.length === 0 ? "lists.none" : "lists.nothing")}</p>
      ) : (
        <ListTable name={name} entries={shown} whyNot={whyNot} remove={(entry) => void remove(entry)} />
      )}
      {adding && (
        <AddToList
          name={name}
          done={(next) => {
            setAdding(false);
            setTrouble(null);
            setDone(next);
          }}
          close={() => setAdding(false)}
        />
      )}
    </>
  );
}
