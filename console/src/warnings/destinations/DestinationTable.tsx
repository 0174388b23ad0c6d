import type { DestinationDocument, TestDocument } from "../../api/types";
import { Sheet } from "../../ui/list/Sheet";
import { usePreferences } from "../../ui/preferences";
import { DestinationRow } from "./DestinationRow";

export type Act = "test" | "pause" | "resume" | "change" | "remove";

interface Props {
  destinations: readonly DestinationDocument[];
  /** What came of the last test of each, since the page was opened. */
  tests: Readonly<Record<string, TestDocument | "running">>;
  whyNot: string | null;
  act(kind: Act, found: DestinationDocument): void;
}

const COLUMNS = ["name", "hears", "state", "waiting", "success", "error", "acts"] as const;

/** The destinations, one line each. */
export function DestinationTable({ destinations, tests, whyNot, act }: Props) {
  const { t } = usePreferences();
  return (
    <Sheet label={t("dest.label")}>
      <thead>
        <tr>
          {COLUMNS.map((column) => (
            <th key={column} scope="col">
              {t(`dest.column.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {destinations.map((each) => (
          <DestinationRow
            key={each.destination}
            found={each}
            test={tests[each.destination]}
            whyNot={whyNot}
            act={(kind) => act(kind, each)}
          />
        ))}
      </tbody>
    </Sheet>
  );
}
