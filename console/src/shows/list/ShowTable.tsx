import { Button } from "antd";
import { Link } from "wouter";
import { useChannels } from "../../api/queries";
import type { ShowDocument } from "../../api/types";
import { units } from "../../i18n/format";
import { Guarded } from "../../ui/Guarded";
import { Sheet } from "../../ui/list/Sheet";
import { usePreferences } from "../../ui/preferences";
import { dateTime } from "../../ui/when";
import { Status } from "./Status";

interface Props {
  shows: readonly ShowDocument[];
  whyNot: string | null;
  copy(show: ShowDocument): void;
  remove(show: ShowDocument): void;
}

const RANK = { live: 0, planned: 1, ended: 2 } as const;

/** Live shows first, then what comes next, then what was, the newest first. */
function inOrder(shows: readonly ShowDocument[]): ShowDocument[] {
  const time = (show: ShowDocument) => new Date(show.starts_at).getTime();
  return [...shows].sort(
    (a, b) =>
      RANK[a.status] - RANK[b.status] || (a.status === "ended" ? time(b) - time(a) : time(a) - time(b)),
  );
}

/** The shows, one a line. */
export function ShowTable({ shows, whyNot, copy, remove }: Props) {
  const { t } = usePreferences();
  const channels = useChannels().data ?? [];
  if (shows.length === 0) {
    return (
      <p className="shows-empty muted">
        <b>{t("shows.none")}</b>
        <br />
        {t("shows.none.hint")}
      </p>
    );
  }
  const nameOf = (id: string) => channels.find((each) => each.channel === id)?.name ?? id;
  const sold = (show: ShowDocument) => show.results?.reduce((sum, each) => sum + each.units, 0);
  return (
    <Sheet label={t("nav.shows")}>
      <thead>
        <tr>
          <th>{t("shows.filter")}</th>
          <th>{t("shows.name")}</th>
          <th>{t("shows.starts")}</th>
          <th>{t("shows.channels")}</th>
          <th>{t("shows.items")}</th>
          <th className="shows-number">{t("shows.planned")}</th>
          <th className="shows-number">{t("shows.sold")}</th>
          <th />
        </tr>
      </thead>
      <tbody>
        {inOrder(shows).map((show) => (
          <tr key={show.id} data-testid="show">
            <td>
              <Status status={show.status} />
            </td>
            <td>
              <Link href={`/console/shows/${show.id}`} className="shows-link">
                {show.name}
              </Link>
            </td>
            <td className="num">{dateTime(show.started_at ?? show.starts_at).slice(0, 16)}</td>
            <td>{show.channels.map(nameOf).join("、")}</td>
            <td className="num">{t("shows.items.n", { n: units(show.items.length) })}</td>
            <td className="num shows-number">
              {units(show.items.reduce((sum, item) => sum + item.planned, 0))}
            </td>
            <td className="num shows-number">{show.results ? units(sold(show) ?? 0) : "–"}</td>
            <td className="sheet-acts">
              <Button size="small" onClick={() => copy(show)}>
                {t("shows.copy")}
              </Button>
              {show.status === "planned" && (
                <Guarded size="small" danger why={whyNot} onClick={() => remove(show)}>
                  {t("shows.delete")}
                </Guarded>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </Sheet>
  );
}
