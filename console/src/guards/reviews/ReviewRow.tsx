import { useEffect, useRef } from "react";
import type { ReviewDocument } from "../../api/types";
import { units } from "../../i18n/format";
import { isMessage } from "../../i18n/translate";
import { Guarded } from "../../ui/Guarded";
import { usePreferences } from "../../ui/preferences";
import { dateTime } from "../../ui/when";
import type { Verdict } from "./ReviewsTab";

interface Props {
  review: ReviewDocument;
  selected: boolean;
  whyNot: string | null;
  channelName: string | undefined;
  choose(): void;
  decide(verdict: Verdict): void;
}

/** One hold or order: who, what, why a person should look, and the two words on it. */
export function ReviewRow({ review, selected, whyNot, channelName, choose, decide }: Props) {
  const { t, language } = usePreferences();
  const { hold } = review;
  const row = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    if (selected) row.current?.scrollIntoView({ block: "nearest" });
  }, [selected]);
  const status = `hold.${hold.status}`;
  return (
    <tr
      ref={row}
      className={selected ? "is-selected" : ""}
      data-review={hold.id}
      aria-current={selected || undefined}
      onMouseDown={choose}
    >
      <td className="num">{dateTime(hold.placed_at)}</td>
      <th scope="row" className="guards-id">
        {hold.id}
      </th>
      <td className="guards-id">
        {hold.buyer} <span className="muted">{channelName ?? hold.channel}</span>
      </td>
      <td className="num">{hold.lines.map((line) => `${line.sku} × ${units(line.quantity)}`).join(" · ")}</td>
      <td className="guards-why">{review.words[language]}</td>
      <td>{isMessage(status) ? t(status) : hold.status}</td>
      <td className="sheet-acts">
        {review.review === "open" ? (
          (["accept", "reject"] as const).map((verdict) => (
            <Guarded
              key={verdict}
              size="small"
              danger={verdict === "reject"}
              why={whyNot}
              onClick={() => decide(verdict)}
            >
              {t(`reviews.${verdict}`)}
            </Guarded>
          ))
        ) : (
          <span className="muted">{t(`reviews.state.${review.review as "accepted"}`)}</span>
        )}
      </td>
    </tr>
  );
}
