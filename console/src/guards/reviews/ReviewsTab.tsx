import { Alert, Button, Select, Spin } from "antd";
import { useState } from "react";
import { useSearchParams } from "wouter";
import { useChannels } from "../../api/queries";
import type { ReviewDocument } from "../../api/types";
import { Sheet } from "../../ui/list/Sheet";
import { useWhyNot } from "../../ui/may";
import { usePreferences } from "../../ui/preferences";
import { troubleWord } from "../../ui/trouble";
import { REVIEW_STATES, type ReviewState, useReviews } from "../queries";
import { type Done, UndoBar } from "../UndoBar";
import { ReviewRow } from "./ReviewRow";
import { useReviewKeys } from "./useReviewKeys";
import { VerdictDialog } from "./VerdictDialog";

export type Verdict = "accept" | "reject";

const COLUMNS = ["at", "order", "buyer", "items", "why", "status", "acts"] as const;

/** What broke a rule but stands: the queue, and a person's word on each. */
export function ReviewsTab() {
  const { t } = usePreferences();
  const whyNot = useWhyNot("operator");
  const [params, setParams] = useSearchParams();
  const state = REVIEW_STATES.find((name) => name === params.get("state")) ?? "open";
  const found = useReviews(state);
  const { data: channels } = useChannels();
  const [chosen, setChosen] = useState<string | null>(null);
  const [deciding, setDeciding] = useState<{ review: ReviewDocument; verdict: Verdict } | null>(null);
  const [done, setDone] = useState<Done | null>(null);
  const reviews = (found.data?.pages ?? []).flatMap((page) => page.items);
  const at = Math.max(
    0,
    reviews.findIndex((each) => each.hold.id === chosen),
  );
  const selected = reviews[at];
  const decide = (review: ReviewDocument, verdict: Verdict) => setDeciding({ review, verdict });

  useReviewKeys({
    step: (by) => setChosen(reviews[Math.min(Math.max(at + by, 0), reviews.length - 1)]?.hold.id ?? null),
    decide: (verdict) => {
      if (state === "open" && selected && whyNot === null) decide(selected, verdict);
    },
  });

  return (
    <>
      {found.error && <Alert type="error" banner title={troubleWord(t, found.error)} />}
      <div className="guards-bar">
        <Select<ReviewState>
          className="guards-state"
          aria-label={t("reviews.state")}
          value={state}
          onChange={(value) => setParams({ tab: "reviews", ...(value === "open" ? {} : { state: value }) })}
          options={REVIEW_STATES.map((value) => ({ value, label: t(`reviews.state.${value}`) }))}
        />
        {state === "open" && reviews.length > 0 && (
          <>
            <b className="num" data-testid="waiting">
              {t(found.hasNextPage ? "reviews.count.more" : "reviews.count", { n: reviews.length })}
            </b>
            <span className="muted">{t("reviews.keys")}</span>
          </>
        )}
        <UndoBar key={done?.text} done={done} fail={() => undefined} />
      </div>
      {found.isPending ? (
        <p className="guards-empty">
          <Spin size="small" /> {t("guards.loading")}
        </p>
      ) : reviews.length === 0 ? (
        <p className="guards-empty">{t(`reviews.none.${state}`)}</p>
      ) : (
        <Sheet label={t("reviews.label")}>
          <thead>
            <tr>
              {COLUMNS.map((name) => (
                <th key={name} scope="col">
                  {t(`reviews.column.${name}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {reviews.map((review) => (
              <ReviewRow
                key={review.hold.id}
                review={review}
                selected={review === selected && state === "open"}
                whyNot={whyNot}
                channelName={channels?.find((each) => each.channel === review.hold.channel)?.name}
                choose={() => setChosen(review.hold.id)}
                decide={(verdict) => decide(review, verdict)}
              />
            ))}
          </tbody>
        </Sheet>
      )}
      {found.hasNextPage && (
        <Button onClick={() => void found.fetchNextPage()} loading={found.isFetchingNextPage}>
          {t("guards.more")}
        </Button>
      )}
      {deciding && (
        <VerdictDialog
          review={deciding.review}
          verdict={deciding.verdict}
          done={(text) => {
            setDone({ text, undo: null });
            setDeciding(null);
          }}
          close={() => setDeciding(null)}
        />
      )}
    </>
  );
}
