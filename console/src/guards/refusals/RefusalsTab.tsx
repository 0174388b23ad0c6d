import { Alert, Button, Input, Select, Spin } from "antd";
import { useState } from "react";
import { useSearchParams } from "wouter";
import { useChannels } from "../../api/queries";
import { units } from "../../i18n/format";
import { Sheet } from "../../ui/list/Sheet";
import { usePreferences } from "../../ui/preferences";
import { troubleWord } from "../../ui/trouble";
import { dateTime } from "../../ui/when";
import { useRefusals } from "../queries";
import { CODES, codeWord, valueWord } from "../words";

const BY = ["id", "buyer", "sku", "device", "address", "payment"] as const;
type By = (typeof BY)[number];

/** Why somebody got nothing, for support: looked for by what the buyer can tell; the search stands in the address. */
export function RefusalsTab() {
  const { t, language } = usePreferences();
  const { data: channels } = useChannels();
  const [params, setParams] = useSearchParams();
  const by = BY.find((name) => name === params.get("by")) ?? "buyer";
  const code = params.get("code") ?? "";
  const [text, setText] = useState(params.get("q") ?? "");
  const found = useRefusals({ by, text: params.get("q") ?? "", code });
  const refusals = (found.data?.pages ?? []).flatMap((page) => page.items);

  function set(next: { by?: By; q?: string; code?: string }) {
    const wanted = { by, q: text.trim(), code, ...next };
    const given = Object.entries(wanted).filter(([, value]) => value);
    setParams({ tab: "refusals", ...Object.fromEntries(given) });
  }

  return (
    <>
      {found.error && <Alert type="error" banner title={troubleWord(t, found.error)} />}
      <div className="guards-bar">
        <Select<By>
          className="guards-state"
          aria-label={t("refusals.by")}
          value={by}
          onChange={(value) => set({ by: value })}
          options={BY.map((value) => ({ value, label: t(`refusals.by.${value}`) }))}
        />
        <Input.Search
          className="guards-search"
          allowClear
          aria-label={t("refusals.text")}
          placeholder={t("refusals.text")}
          enterButton={t("refusals.search")}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onSearch={(value) => {
            if (value.trim() === (params.get("q") ?? "")) void found.refetch();
            else set({ q: value.trim() });
          }}
        />
        <Select
          className="guards-code"
          aria-label={t("refusals.code")}
          value={code}
          onChange={(value) => set({ code: value })}
          options={[
            { value: "", label: t("refusals.code.any") },
            ...CODES.map((value) => ({ value: value as string, label: codeWord(t, value) })),
          ]}
        />
      </div>
      {found.isPending ? (
        <p className="guards-empty">
          <Spin size="small" /> {t("guards.loading")}
        </p>
      ) : refusals.length === 0 ? (
        <p className="guards-empty">{t("refusals.none")}</p>
      ) : (
        <Sheet label={t("refusals.label")}>
          <thead>
            <tr>
              <th scope="col">{t("refusals.column.at")}</th>
              <th scope="col">{t("reviews.column.order")}</th>
              <th scope="col">{t("reviews.column.buyer")}</th>
              <th scope="col">{t("reviews.column.items")}</th>
              <th scope="col">{t("refusals.column.why")}</th>
              <th scope="col">{t("refusals.column.told")}</th>
            </tr>
          </thead>
          <tbody>
            {refusals.map((each) => (
              <tr key={each.id} data-refusal={each.id}>
                <td className="num">{dateTime(each.refused_at)}</td>
                <th scope="row" className="guards-id">
                  {each.id}
                </th>
                <td className="guards-id">
                  {each.buyer}{" "}
                  <span className="muted">
                    {channels?.find((channel) => channel.channel === each.channel)?.name ?? each.channel}
                  </span>
                </td>
                <td className="num">
                  {Object.entries(each.lines)
                    .map(([sku, quantity]) => `${sku} × ${units(quantity)}`)
                    .join(" · ")}
                </td>
                <td className="guards-why">{each.words[language]}</td>
                <td className="num muted">
                  {Object.entries(each.signals)
                    .map(
                      ([kind, value]) => `${t(`guards.kind.${kind as "device"}`)} ${valueWord(kind, value)}`,
                    )
                    .join(" · ")}
                </td>
              </tr>
            ))}
          </tbody>
        </Sheet>
      )}
      {found.hasNextPage && (
        <Button onClick={() => void found.fetchNextPage()} loading={found.isFetchingNextPage}>
          {t("guards.more")}
        </Button>
      )}
    </>
  );
}
