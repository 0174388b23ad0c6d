import { Input } from "antd";
import { useState } from "react";
import type { ReviewDocument } from "../../api/types";
import { units } from "../../i18n/format";
import { Confirm } from "../../ui/dialogs/Confirm";
import { usePreferences } from "../../ui/preferences";
import { useGuardWrites } from "../queries";
import type { Verdict } from "./ReviewsTab";

interface Props {
  review: ReviewDocument;
  verdict: Verdict;
  done(text: string): void;
  close(): void;
}

/** Says what a word will do to the stock, and asks for a reason. */
export function VerdictDialog({ review, verdict, done, close }: Props) {
  const { t } = usePreferences();
  const writes = useGuardWrites();
  const [reason, setReason] = useState("");
  const { hold } = review;
  const items = hold.lines.map((line) => `${line.sku} × ${units(line.quantity)}`).join(t("guards.and"));
  const what =
    verdict === "accept"
      ? "reviews.accept.what"
      : hold.status === "placed"
        ? "reviews.reject.placed"
        : "reviews.reject.stays";

  async function run() {
    await writes.decide(hold.id, verdict, reason.trim());
    done(t(`reviews.done.${verdict}`, { id: hold.id }));
  }

  return (
    <Confirm
      title={t(`reviews.${verdict}.title`, { id: hold.id })}
      act={t(`reviews.${verdict}`)}
      danger={verdict === "reject"}
      run={run}
      close={close}
    >
      <p>
        {t(what, { buyer: hold.buyer, items })} {t("reviews.final")}
      </p>
      <div className="guards-field">
        <label htmlFor="verdict-reason">{t("reviews.reason")}</label>
        <Input
          id="verdict-reason"
          maxLength={200}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </div>
    </Confirm>
  );
}
