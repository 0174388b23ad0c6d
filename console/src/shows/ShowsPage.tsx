import { Alert, Button, Segmented, Spin } from "antd";
import { useState } from "react";
import { useLocation, useParams, useSearchParams } from "wouter";
import type { ShowDocument } from "../api/types";
import { Frame } from "../frame/Frame";
import { Confirm } from "../ui/dialogs/Confirm";
import { Guarded } from "../ui/Guarded";
import { useWhyNot } from "../ui/may";
import { usePreferences } from "../ui/preferences";
import { troubleWord } from "../ui/trouble";
import { NewShow } from "./list/NewShow";
import { ShowTable } from "./list/ShowTable";
import { useShows, useShowWrites } from "./queries";
import { ShowView } from "./ShowView";
import "./shows.css";

const STATUSES = ["all", "planned", "live", "ended"] as const;
type Choice = (typeof STATUSES)[number];

/** Planning and running shows: all of them, or the one in the address. */
export default function ShowsPage() {
  const { id } = useParams<{ id?: string }>();
  const { t } = usePreferences();
  const shows = useShows();
  const writes = useShowWrites();
  const whyNot = useWhyNot("operator");
  const [params, setParams] = useSearchParams();
  const [, go] = useLocation();
  const [making, setMaking] = useState<{ from: ShowDocument | null } | null>(null);
  const [leaving, setLeaving] = useState<ShowDocument | null>(null);
  const all = shows.data ?? [];
  const choice: Choice = STATUSES.find((name) => name === params.get("status")) ?? "all";
  const open = id === undefined ? undefined : all.find((show) => show.id === id);
  const trouble = shows.error && (
    <Alert type="error" banner title={t("table.failed", { detail: troubleWord(t, shows.error) })} />
  );

  const dialogs = (
    <>
      {making && (
        <NewShow
          from={making.from}
          done={(show) => {
            setMaking(null);
            go(`/console/shows/${show.id}`);
          }}
          close={() => setMaking(null)}
        />
      )}
      {leaving && (
        <Confirm
          danger
          title={t("shows.delete.title", { name: leaving.name })}
          act={t("shows.delete")}
          run={async () => {
            await writes.remove(leaving.id);
            setLeaving(null);
          }}
          close={() => setLeaving(null)}
        >
          <p>{t("shows.delete.words")}</p>
        </Confirm>
      )}
    </>
  );

  if (open) {
    return (
      <>
        <ShowView key={open.id} show={open} trouble={trouble} copy={() => setMaking({ from: open })} />
        {dialogs}
      </>
    );
  }
  const actions = (
    <>
      {id === undefined && (
        <Segmented<Choice>
          aria-label={t("shows.filter")}
          value={choice}
          options={STATUSES.map((value) => ({
            value,
            label: t(value === "all" ? "shows.filter.all" : `shows.status.${value}`),
          }))}
          onChange={(value) => setParams(value === "all" ? {} : { status: value })}
        />
      )}
      <Guarded type="primary" why={whyNot} onClick={() => setMaking({ from: null })}>
        {t("shows.new")}
      </Guarded>
    </>
  );
  return (
    <Frame title={t("nav.shows")} actions={actions}>
      {trouble}
      {shows.isPending ? (
        <p className="shows-empty muted">
          <Spin size="small" /> {t("shows.loading")}
        </p>
      ) : id !== undefined ? (
        <p className="shows-empty muted">
          {t("shows.gone")} <Button onClick={() => go("/console/shows")}>{t("shows.back")}</Button>
        </p>
      ) : (
        <ShowTable
          shows={choice === "all" ? all : all.filter((show) => show.status === choice)}
          whyNot={whyNot}
          copy={(show) => setMaking({ from: show })}
          remove={setLeaving}
        />
      )}
      {dialogs}
    </Frame>
  );
}
