import { Alert } from "antd";
import type { RowProblem } from "../../api/types";
import { Sheet } from "../list/Sheet";
import { usePreferences } from "../preferences";

const SHOWN = 100;

interface Props {
  problems: readonly RowProblem[];
  serious: boolean;
}

/** What is wrong in the file, at its row and column, with what to do. */
export function Problems({ problems, serious }: Props) {
  const { t, language } = usePreferences();
  if (problems.length === 0) return null;
  const title = t(serious ? "import.problems" : "import.warnings", { n: problems.length });
  return (
    <>
      <Alert type={serious ? "error" : "warning"} showIcon title={title} />
      <Sheet label={title}>
        <thead>
          <tr>
            <th scope="col">{t("import.row")}</th>
            <th scope="col">{t("import.column")}</th>
            <th scope="col">{t("import.value")}</th>
            <th scope="col">{t("import.what")}</th>
          </tr>
        </thead>
        <tbody>
          {problems.slice(0, SHOWN).map((each) => (
            <tr key={`${each.row} ${each.column} ${each.code} ${each.value}`}>
              <td className="num">{each.row || ""}</td>
              <td>{each.column}</td>
              <td className="import-text">{each.value}</td>
              <td className="import-text">{language === "zh" ? each.message_zh : each.message}</td>
            </tr>
          ))}
        </tbody>
      </Sheet>
      {problems.length > SHOWN && <p className="muted">{t("import.more", { n: problems.length - SHOWN })}</p>}
    </>
  );
}
